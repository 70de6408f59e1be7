"""What somebody says of their files of body signals; whatever they do not say is found out."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from emotion.biosignals import SIGNALS
from emotion.body.clock import SCALE
from emotion.body.names import TIME
from emotion.errors import BadInput

EVERY = ""  # whose rate is that of the rows
UNITS = ("auto", *SCALE)


@dataclass(frozen=True)
class Told:
    """What is said of files.

    Attributes:
        columns: Which column is which: its name, by "ecg", "eda", "temperature", "ibi" or "time";
            an empty name where there is none.
        rates: Values a second, by the signal; under EVERY the rows a second of all.
        unit: Of times that are numbers, one of clock.SCALE.
        segment: Which stretch of a session's files.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    rates: Mapping[str, float] = field(default_factory=dict)
    unit: str | None = None
    segment: str = ""


def told(columns: str = "", rates: str = "", unit: str = "auto", segment: str = "") -> Told:
    """What is said in one line each.

    Args:
        columns: As "ecg=HEART, time=t".
        rates: Rows a second, as "250", or values a second, as "ecg=250, eda=4".
        unit: Of times that are numbers, one of UNITS.
        segment: Which stretch of a session's files.

    Raises:
        BadInput: It is not said in that way.
    """
    if unit not in UNITS:
        raise BadInput("unknown_unit", said=unit, units=", ".join(SCALE))
    names = _pairs(columns, (*SIGNALS, TIME))
    numbers = {}
    for key, value in _pairs(rates, (*SIGNALS, EVERY)).items():
        try:
            numbers[key] = float(value)
        except ValueError as error:
            raise BadInput("bad_telling", said=rates) from error
        if not 0 < numbers[key] < 1e6:
            raise BadInput("bad_telling", said=rates)
    return Told(names, numbers, None if unit == "auto" else unit, segment.strip())


def _pairs(said: str, keys: tuple[str, ...]) -> dict[str, str]:
    """What is said of each key; what is said of none is of EVERY, where that is one of them."""
    pairs: dict[str, str] = {}
    for each in filter(str.strip, said.split(",")):
        key, equals, value = each.partition("=")
        key, value = (key.strip(), value.strip()) if equals else (EVERY, each.strip())
        if key not in keys or key in pairs:
            raise BadInput("bad_telling", said=said)
        pairs[key] = value
    return pairs
