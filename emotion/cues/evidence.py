"""Which emotions a voice's pattern is said to fit, cue by cue: evidence to argue with.

The table is the one that talks on emotional speech show; it goes back to Murray and Arnott, "Toward
the simulation of emotion in synthetic speech" (1993). It says what was found of acted voices on
the average. How its words are read as measures is ours, and stands below in full.
"""

from bisect import bisect
from dataclasses import dataclass

from emotion.cues.measures import NAMES, Measures
from emotion.cues.reference import Reference

# Deviations from which something is slightly, much, very much other than usual: the middle half of
# the reference is usual, and a tenth lies beyond "slightly" on each side.
STEPS = (0.674, 1.282, 2.0)
EITHER = 9  # faster or slower

# For each emotion and row of the table, what its words ask of the measures: -3 very much less than
# usual, -2 much, -1 slightly, 0 as usual, and so on. Where it says "higher" alone, much is meant.
# Irregular and grumbled voices have uneven cycles; breathy ones are noisy; resonant ones are clear.
# What it says of articulation is not measured.
TABLE: dict[str, dict[str, dict[str, int]]] = {
    "fear": {
        "rate": {"rate": 2},
        "pitch": {"pitch": 3},
        "range": {"pitch_range": 2},
        "intensity": {"intensity": 0},
        "quality": {"jitter": 2, "shimmer": 2},
        "changes": {"abruptness": 0, "direction": 0},
    },
    "angry": {
        "rate": {"rate": 1},
        "pitch": {"pitch": 3},
        "range": {"pitch_range": 2},
        "intensity": {"intensity": 2},
        "quality": {"harmonicity": -2},
        "changes": {"abruptness": 2},
    },
    "sad": {
        "rate": {"rate": -1},
        "pitch": {"pitch": -1},
        "range": {"pitch_range": -1},
        "intensity": {"intensity": -2},
        "quality": {"harmonicity": 2},
        "changes": {"direction": -2},
    },
    "happy": {
        "rate": {"rate": EITHER},
        "pitch": {"pitch": 2},
        "range": {"pitch_range": 2},
        "intensity": {"intensity": 2},
        "quality": {"harmonicity": -2},
        "changes": {"abruptness": 0, "direction": 2},
    },
    "disgust": {
        "rate": {"rate": -3},
        "pitch": {"pitch": -3},
        "range": {"pitch_range": 1},
        "intensity": {"intensity": -2},
        "quality": {"jitter": 2, "harmonicity": -2},
        "changes": {"ending": -2},
    },
}


@dataclass(frozen=True)
class Fit:
    """What speaks for and against an emotion, as rows of the table.

    A row of which nothing could be compared, or which fits by half, speaks neither way.

    Attributes:
        label: The emotion.
        speaking_for: Rows that fit.
        against: Rows that do not.
    """

    label: str
    speaking_for: tuple[str, ...]
    against: tuple[str, ...]

    @property
    def balance(self) -> int:
        """How many more rows speak for it than against it."""
        return len(self.speaking_for) - len(self.against)


@dataclass(frozen=True)
class Cues:
    """What a voice does beside what is usual, and what that is said to fit.

    Attributes:
        measures: What was measured.
        reference: What is usual.
        levels: From -3, very much less than usual, to 3, of each measure that can be compared.
        fits: The emotions of the table, the one that fits best first.
    """

    measures: Measures
    reference: Reference
    levels: dict[str, int]
    fits: tuple[Fit, ...]


def compare(measures: Measures, reference: Reference) -> Cues:
    """Sets what was measured against what is usual."""
    levels = {}
    for name in NAMES:
        value, spread = getattr(measures, name), reference.spreads.get(name)
        if value is not None and spread is not None:
            aside = spread.deviations(name, value)
            levels[name] = bisect(STEPS, abs(aside)) * (1 if aside > 0 else -1)
    fits = [_fit(label, rows, levels) for label, rows in TABLE.items()]
    fits.sort(key=lambda fit: -fit.balance)
    return Cues(measures, reference, levels, tuple(fits))


def _fit(label: str, rows: dict[str, dict[str, int]], levels: dict[str, int]) -> Fit:
    says = {
        row: {_speaks(wanted, levels[name]) for name, wanted in asked.items() if name in levels}
        for row, asked in rows.items()
    }
    return Fit(
        label,
        tuple(row for row, heard in says.items() if 1 in heard and -1 not in heard),
        tuple(row for row, heard in says.items() if -1 in heard and 1 not in heard),
    )


def _speaks(wanted: int, level: int) -> int:
    """1 where a level is what the table asks or one step from it, -1 where it is another thing."""
    if wanted == EITHER:
        return 1 if level else 0
    same_way = wanted * level > 0 or wanted == level == 0
    if abs(wanted - level) <= 1:
        return 1 if same_way else 0
    return 0 if same_way else -1
