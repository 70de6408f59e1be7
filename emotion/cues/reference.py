"""What a voice is set against: typical voices, or the other utterances of a recording."""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotion.cues.measures import LITTLE, MEDIAN, MOST, NAMES, Measures

TYPICAL = Path(__file__).with_name("typical.json")  # as `python -m train.typical` prints it
SEXES = ("female", "male")
FEWEST = 5  # utterances, below which they are no reference
TENTH = 1.2816  # deviations of a bell curve beyond which a tenth lies
# What is least worth naming, for references that hardly vary: of the deviation, in its unit.
LEAST = {
    "rate": 0.4,
    "pitch": 1.0,  # semitones
    "pitch_range": 1.0,
    "intensity": 1.5,
    "intensity_range": 1.5,
    "jitter": 0.2,
    "shimmer": 1.0,
    "harmonicity": 1.0,
    "abruptness": 5.0,
    "direction": 2.0,
    "ending": 1.0,
}


@dataclass(frozen=True)
class Spread:
    """What is usual: a tenth of the values lies below low, a half below middle, a tenth above high.

    Of the pitch they are in Hz.
    """

    low: float
    middle: float
    high: float

    def deviations(self, name: str, value: float) -> float:
        """How far a value of this name lies from the middle, as if a bell curve had that spread."""
        low, middle, high, here = (
            12 * np.log2(each) if name == "pitch" else each
            for each in (self.low, self.middle, self.high, value)
        )
        aside = here - middle
        width = (high - middle if aside > 0 else middle - low) / TENTH
        return float(aside / max(width, LEAST[name]))


@dataclass(frozen=True)
class Reference:
    """What is usual of each measure.

    Attributes:
        kind: "female", "male", or "recording": its other utterances, whoever speaks them.
        spreads: By the name of the measure; what is not there cannot be compared.
        n: How many utterances that is.
        guessed: Whether the pitch alone has chosen it.
    """

    kind: str
    spreads: dict[str, Spread]
    n: int
    guessed: bool = False


def typical(sex: str, rate_by: str = "sound", guessed: bool = False) -> Reference:
    """Typical voices of a sex, "female" or "male"; the card of the table says whose.

    Args:
        sex: Whose.
        rate_by: What was counted for the rate that is to be compared; see Measures.
        guessed: Whether the pitch alone has chosen the sex.
    """
    group, rates = _table()["voices"][sex], _table()["rates"]
    spreads = {name: Spread(*values) for name, values in group["measures"].items()}
    spreads.pop("rate", None)
    counted = group["measures"].get("rate") if rate_by == "sound" else rates.get(rate_by)
    if counted:
        spreads["rate"] = Spread(*counted)
    return Reference(sex, spreads, group["clips"], guessed)


def nearest(measures: Measures) -> Reference:
    """Typical voices of that sex to whose pitch a voice is nearer; women's where it has none."""
    middles = {sex: _table()["voices"][sex]["measures"]["pitch"][1] for sex in SEXES}
    here = measures.pitch or middles["female"]
    sex = min(SEXES, key=lambda sex: abs(np.log2(here / middles[sex])))
    return typical(sex, measures.rate_by, guessed=True)


def of_others(others: Sequence[Measures], rate_by: str = "sound") -> Reference | None:
    """What is usual in the other utterances of a recording; None where there are too few.

    Args:
        others: What was measured of them.
        rate_by: What was counted for the rate that is to be compared; see Measures.
    """
    spreads = {}
    for name in NAMES:
        known = [
            value
            for each in others
            if (value := getattr(each, name)) is not None
            and (name != "rate" or each.rate_by == rate_by)
        ]
        if len(known) >= FEWEST:
            spreads[name] = Spread(*np.quantile(known, (LITTLE, MEDIAN, MOST)).tolist())
    n = sum(each.some for each in others)
    return Reference("recording", spreads, n) if "pitch" in spreads else None


@functools.cache
def _table() -> dict[str, dict]:
    return json.loads(TYPICAL.read_text(encoding="utf-8"))
