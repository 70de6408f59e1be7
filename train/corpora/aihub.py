"""AI Hub's set 263: Korean sentences spoken for a situation, judged by five people."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from emotion.labels import ALIASES
from train.corpora.sample import Notes, Rating, Sample
from train.corpora.tables import clips, share, table
from train.errors import CannotTrain

TABLES = ("4차년도.csv", "5차년도.csv", "5차년도_2차.csv")
COLUMNS = ("wav_id", "발화문", "상황", "성별")
RATERS = (1, 2, 3, 4, 5)
STRONGEST = 2  # an intensity is 0, 1 or 2
AGREEING = 3  # of the five
SEXES = {"f": "female", "m": "male", "여": "female", "남": "male"}  # by the first letter

Row = dict[str, str]
Rule = Callable[[Row, tuple[Rating, ...]], str | None]


def aihub(folder: Path, notes: Notes) -> list[Sample]:
    """Reads AI Hub's set; a label is what at least three of the five heard."""
    return _read(folder, notes, "at least 3 of 5 votes", _majority)


def aihub_weighted(folder: Path, notes: Notes) -> list[Sample]:
    """Reads AI Hub's set; a label is what the five heard most, weighted by intensity.

    Neutral's intensity is always 0, so it wins only where nobody heard anything else.
    """
    return _read(folder, notes, "one winner by intensity", _weighted)


def aihub_intended(folder: Path, notes: Notes) -> list[Sample]:
    """Reads AI Hub's set; a label is the situation that the speaker was given."""
    return _read(folder, notes, "the intended situation is of the seven", _intended)


def _read(folder: Path, notes: Notes, step: str, rule: Rule) -> list[Sample]:
    # The tables may come composed differently (NFC, NFD) from a Mac; so any will do by its columns.
    tables = sorted(path for path in folder.rglob("*.csv") if not path.name.startswith("."))
    rows = [row for path in tables for row in _rows(path, notes)]
    if not rows:
        raise CannotTrain(
            f"{folder} holds none of {', '.join(TABLES)} with {', '.join(COLUMNS)}: "
            "is this the folder of AI Hub's set 263?"
        )
    notes.count("rows in the tables", len(rows))
    voices = {path.stem: path for path in clips(folder)}
    unique: dict[str, Row] = {}
    for row in rows:
        if row["wav_id"] in unique:
            notes.leave(row["wav_id"], "stands in the tables a second time")
        elif row["wav_id"] not in voices:
            notes.leave(row["wav_id"], "its voice is missing")
        unique.setdefault(row["wav_id"], row)
    notes.count("without repeats", len(unique))
    heard = [row for name, row in unique.items() if name in voices]
    notes.count("with a voice", len(heard))
    samples = [_sample(row, voices[row["wav_id"]], rule, notes) for row in heard]
    kept = [sample for sample in samples if sample.label]
    notes.count(step, len(kept))
    notes.find("The corpus names no speakers, so no split can keep them apart.")
    return kept


def _rows(path: Path, notes: Notes) -> list[Row]:
    """The rows of one of the set's tables; none of any other CSV that lies there."""
    try:
        _, found = table(path, COLUMNS, notes, spelled=lambda name: "".join(name.split()))
    except CannotTrain as error:
        notes.leave(path.name, str(error))
        return []
    return [row for _, row in found]


def _sample(row: Row, voice: Path, rule: Rule, notes: Notes) -> Sample:
    raters = _raters(row, notes)
    strengths = [each.strength for each in raters if each.strength is not None]
    weighted = rule is _weighted and _weights(raters)
    return Sample(
        id=row["wav_id"],
        corpus="aihub",
        audio=voice,
        text=re.sub(r"\s+", " ", row["발화문"]),
        label=rule(row, raters),
        votes=share(weighted or _votes(raters)),
        raters=raters,
        strength=sum(strengths) / len(strengths) if strengths else None,
        sex=SEXES.get(row["성별"].lower()[:1], ""),
        language="ko",
    )


def _raters(row: Row, notes: Notes) -> tuple[Rating, ...]:
    found = []
    for number in RATERS:
        emotion = row.get(f"{number}번감정", "").lower()
        label = ALIASES["aihub"].get(emotion)
        if emotion and label is None:
            notes.miss_label(row["wav_id"], emotion)
        if label:
            strength = _strength(row.get(f"{number}번감정세기", ""), row["wav_id"], notes)
            found.append(Rating((label,), strength=strength, rater=str(number)))
    return tuple(found)


def _strength(text: str, where: str, notes: Notes) -> float | None:
    try:
        strength = float(text) / STRONGEST
    except ValueError:
        strength = -1.0
    if 0 <= strength <= 1:
        return strength
    notes.lack(where, f"an intensity of 0 to 2: {text!r}")
    return None


def _votes(raters: tuple[Rating, ...]) -> Counter[str]:
    return Counter(label for each in raters for label in each.labels)


def _weights(raters: tuple[Rating, ...]) -> dict[str, float]:
    """How strongly each label was heard by all together; empty where nothing was."""
    weights: dict[str, float] = {}
    for each in raters:
        for label in each.labels if each.strength else ():
            weights[label] = weights.get(label, 0.0) + (each.strength or 0.0)
    return weights


def _majority(row: Row, raters: tuple[Rating, ...]) -> str | None:
    (label, votes), *_ = _votes(raters).most_common(1) or [("", 0)]
    return label if votes >= AGREEING else None


def _weighted(row: Row, raters: tuple[Rating, ...]) -> str | None:
    votes, weights = _votes(raters), _weights(raters)
    ranked = sorted(votes, key=lambda label: (weights.get(label, 0.0), votes[label]), reverse=True)
    places = [(weights.get(label, 0.0), votes[label]) for label in ranked[:2]]
    return ranked[0] if ranked and places[0] not in places[1:] else None


def _intended(row: Row, raters: tuple[Rating, ...]) -> str | None:
    return ALIASES["aihub"].get(row["상황"].lower())
