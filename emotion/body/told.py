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
    names = {key: value for key, value in _pairs(columns) if _known(key, (*SIGNALS, TIME), columns)}
    numbers = {}
    for key, value in _pairs(rates):
        key, value = (key, value) if value else (EVERY, key)
        try:
            numbers[key] = float(value)
        except ValueError as error:
            raise BadInput("bad_telling", said=rates) from error
        if not 0 < numbers[key] < 1e6 or not _known(key, (*SIGNALS, EVERY), rates):
            raise BadInput("bad_telling", said=rates)
    return Told(names, numbers, unit if unit in SCALE else None, segment.strip())


def _pairs(said: str) -> list[tuple[str, str]]:
    pairs = (each.partition("=") for each in said.split(",") if each.strip())
    return [(key.strip(), value.strip()) for key, _, value in pairs]


def _known(key: str, keys: tuple[str, ...], said: str) -> bool:
    if key not in keys:
        raise BadInput("bad_telling", said=said)
    return True
