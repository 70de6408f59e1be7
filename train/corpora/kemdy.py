"""What KEMDy19 and KEMDy20 have in common: how they are rated and written down."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emotion.labels import ALIASES
from train.corpora.sample import Notes, Rating
from train.corpora.tables import cells, decoded, five, share

HEADERS = 2  # rows before the first that is rated
# What is heard but not spoken: breath, noise, laughter and the like, a stutter, a pause.
MARKS = re.compile(r"(?<![A-Za-z0-9])[bonluNcs]/|[*+]")


@dataclass(frozen=True)
class Rated:
    """One row of an annotation file.

    Attributes:
        file: The annotation file.
        segment: Which utterance.
        labels: The majority's; several where the raters tie.
        valence: Between -1 and 1; None where unknown.
        arousal: Between -1 and 1; None where unknown.
        raters: What each rater said.
        cells: The whole row.
    """

    file: Path
    segment: str
    labels: tuple[str, ...]
    valence: float | None
    arousal: float | None
    raters: tuple[Rating, ...]
    cells: tuple[str, ...]

    @property
    def votes(self) -> dict[str, float] | None:
        """How much each label was chosen."""
        return share(Counter(label for each in self.raters for label in each.labels))


def rated(path: Path, at: int, notes: Notes) -> list[Rated]:
    """Reads an annotation file: two header rows, then a row an utterance.

    Args:
        path: The file.
        at: The column of the segment's id; after it come the majority's emotion, valence and
            arousal, and then each rater's.
        notes: Where rows that cannot be read are noted.
    """
    found = []
    for line, row in enumerate(cells(path)[HEADERS:], HEADERS + 1):
        if not any(row):
            continue
        labels = _labels(row[at + 1]) if len(row) > at + 3 else None
        if labels is None or not row[at]:
            notes.leave(f"{path.name}:{line}", "no segment with an emotion of the seven")
            continue
        where = f"{path.name} {row[at]}"
        found.append(
            Rated(
                path,
                row[at],
                labels,
                five(row[at + 2], where, notes),
                five(row[at + 3], where, notes),
                _raters(row[at + 4 :], where, notes),
                tuple(row),
            )
        )
    return found


def spoken(path: Path) -> str:
    """The words of a transcript, without the marks of what is not speech."""
    return " ".join(MARKS.sub(" ", decoded(path)).split())


def transcripts(folder: Path) -> Mapping[str, Path]:
    """The transcripts below a folder, by their name without its ending."""
    return {path.stem: path for path in sorted(folder.rglob("*.txt"))}


def _labels(text: str) -> tuple[str, ...] | None:
    """The labels of `neutral;happy`; None where one is not of the seven."""
    named = [ALIASES["kemdy19"].get(each.strip().lower()) for each in text.split(";")]
    return tuple(name for name in named if name) if all(named) else None


def _raters(row: list[str], where: str, notes: Notes) -> tuple[Rating, ...]:
    threes = [row[start : start + 3] for start in range(0, len(row) - 2, 3)]
    return tuple(
        Rating(
            _labels(emotion) or (),
            five(valence, where, notes),
            five(arousal, where, notes),
            rater=str(number),
        )
        for number, (emotion, valence, arousal) in enumerate(threes, 1)
        if emotion or valence or arousal
    )
