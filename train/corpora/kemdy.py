"""What KEMDy19 and KEMDy20 have in common: how they are rated and written down."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emotion.labels import ALIASES
from train.corpora.sample import Notes, Rating, Sample
from train.corpora.tables import decoded, five, rows, share
from train.errors import CannotTrain

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

    def sample(
        self,
        corpus: str,
        audio: Path,
        text: str,
        body: Mapping[str, Path],
        speaker: str,
        session: str,
    ) -> Sample:
        """The utterance that was rated.

        Args:
            corpus: Which of the two.
            audio: Its voice.
            text: Its words.
            body: The files of its speaker's body signals.
            speaker: Who speaks; the last letter is F or M.
            session: When.
        """
        return Sample(
            id=self.segment,
            corpus=corpus,
            audio=audio,
            text=text,
            label=self.labels[0],
            votes=self.votes,
            valence=self.valence,
            arousal=self.arousal,
            raters=self.raters,
            body=body,
            segment=self.segment,
            speaker=speaker,
            sex="female" if speaker.endswith("F") else "male",
            session=session,
            language="ko",
        )


def rated(path: Path, at: int, notes: Notes) -> list[Rated]:
    """Reads an annotation file: two header rows, then a row an utterance.

    Args:
        path: The file.
        at: The column of the segment's id; after it come the majority's emotion, valence and
            arousal, and then each rater's.
        notes: Where rows that cannot be read are noted.
    """
    found, odd = [], 0
    for line, row in rows(path, notes, width=None):
        if line <= HEADERS:
            continue
        labels = _labels(row[at + 1]) if len(row) > at + 3 else None
        if labels is None or not row[at]:
            notes.leave(f"{path.name}:{line}", "no segment with an emotion of the seven")
            odd += 1
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
    if odd and not found:
        raise CannotTrain(
            f"{path}: none of its rows has a segment in column {at + 1} and an emotion of the "
            "seven in the next, as this corpus's annotation has."
        )
    return found


def transcripts(folder: Path, notes: Notes) -> Mapping[str, str]:
    """The words below a folder without the marks of what is not speech, by their file's stem."""
    found = {}
    for path in sorted(folder.rglob("*.txt")):
        if path.name.startswith("."):
            continue
        try:
            found[path.stem] = " ".join(MARKS.sub(" ", decoded(path)).split())
        except CannotTrain as error:
            notes.leave(path.stem, str(error))
    return found


def _labels(text: str) -> tuple[str, ...] | None:
    """The labels of `neutral;happy`; None where one is not of the seven."""
    named = [ALIASES["kemdy19"].get(each.strip().lower()) for each in text.split(";")]
    return tuple(name for name in named if name) if all(named) else None


def _raters(row: list[str], where: str, notes: Notes) -> tuple[Rating, ...]:
    found = []
    for number, start in enumerate(range(0, len(row), 3), 1):
        emotion, valence, arousal = [*row[start : start + 3], "", ""][:3]
        labels = _labels(emotion)
        if emotion and labels is None:
            notes.miss_label(where, emotion)
        if emotion or valence or arousal:
            place = five(valence, where, notes), five(arousal, where, notes)
            found.append(Rating(labels or (), *place, rater=str(number)))
    return tuple(found)
