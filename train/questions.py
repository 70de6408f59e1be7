"""What a model is tested on: which samples, which of their sides, and what is asked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from emotion.labels import LABELS
from emotion.model.config import COMBINATIONS, SIDES, combination
from train import rows
from train.corpora.sample import Sample
from train.pairs import Pairs
from train.rows import Row
from train.sounds import Sounds

JOINED = 120  # pairs of each way that are joined for a question
EVERY = "every corpus"  # as a source: all that have labels, together


@dataclass(frozen=True)
class Question:
    """One row of the table of figures.

    Attributes:
        name: What it is called there.
        source: Whose samples.
        side: Which sides they show: one of config.COMBINATIONS.
        asks: "label", "affect" (valence and arousal), or "polarity" (glad or not, by valence).
        way: For joined pairs, how they are joined.
    """

    name: str
    source: str
    side: str
    asks: str = "label"
    way: str = ""


# Whose valence and arousal are where the acted emotion lies, and no measure of anything.
ACTED = ("ravdess", "nemo", "emotiontts/plain-to-emotional", "emotiontts/emotional-to-emotional")

QUESTIONS = (
    Question("RAVDESS, voice", "ravdess", "voice"),
    Question("nEMO, voice", "nemo", "voice"),
    Question("plain-to-emotional, voice", "emotiontts/plain-to-emotional", "voice"),
    Question("emotional-to-emotional, voice", "emotiontts/emotional-to-emotional", "voice"),
    Question("emotional-to-emotional, words", "emotiontts/emotional-to-emotional", "words"),
    Question("emotional-to-emotional, both", "emotiontts/emotional-to-emotional", "both"),
    Question("GoEmotions, words", "goemotions", "words"),
    Question("KOTE, words", "kote", "words"),
    Question("EmoBank, words", "emobank", "words", "affect"),
    Question("VA-KOR, words", "va_kor", "words", "affect"),
    Question("NSMC, words", "nsmc", "words", "polarity"),
    Question("joined, same feeling", "pairs", "both", way="agreeing"),
    Question("joined, voice decides", "pairs", "both", way="voice_decides"),
    Question("joined, words decide", "pairs", "both", way="words_decide"),
)


def as_spoken(samples: Sequence[Sample], sides: Collection[str]) -> list[Question]:
    """What is asked where corpora are trained on as they are: each by itself, and all together.

    Args:
        samples: One side of a split.
        sides: The sides that are shown.
    """
    there = combination(**dict.fromkeys(sides, True))
    sources = sorted({each.source for each in samples if each.label})
    names = [*sources, *[EVERY] * (len(sources) > 1)]
    found = [Question(f"{name}, {there}", name, there) for name in names]
    rated = sorted({each.source for each in samples if None not in (each.valence, each.arousal)})
    measured = [name for name in rated if name not in ACTED]
    return found + [
        Question(f"{name}, {there}, valence and arousal", name, there, "affect")
        for name in measured
    ]


def rows_of(
    question: Question,
    samples: Sequence[Sample],
    sounds: Sounds,
    labels: Sequence[str] = LABELS,
    most: int | None = None,
) -> list[Row]:
    """The rows that a question can be asked of.

    Args:
        question: The question.
        samples: One side of a split.
        sounds: The voices and bodies.
        labels: The model's; a row with another is not asked.
        most: At most so many.
    """
    if question.way:
        found = _joined(question.way, samples, sounds)
    else:
        sides = sides_of(question.side)
        mine = [each for each in samples if question.source in (each.source, EVERY)]
        found = [
            rows.of_sides(each, sides, labels)
            for each in mine
            if all(has(each, side, sounds) for side in sides)
        ]
    return [row for row in found if _answerable(row, question.asks)][:most]


def sides_of(name: str) -> tuple[str, ...]:
    """The sides of one of config.COMBINATIONS."""
    place = COMBINATIONS.index(name) + 1
    return tuple(side for bit, side in enumerate(SIDES) if place >> bit & 1)


def has(sample: Sample, side: str, sounds: Sounds) -> bool:
    """Whether an utterance has a side that a model could be shown."""
    if side == "words":
        return bool(sample.text)
    return sample in sounds if side == "voice" else sounds.body(sample) is not None


def _answerable(row: Row, asks: str) -> bool:
    if asks == "label":
        return row.label is not None
    if asks == "affect":
        return not np.isnan(row.affect).any()
    # Ratings of 4 and less against 9 and more; those between are neither.
    return not -1 / 3 + 1e-9 < row.affect[0] < 7 / 9 - 1e-9


def _joined(way: str, samples: Sequence[Sample], sounds: Sounds) -> list[Row]:
    heard = [each for each in samples if each.label and each in sounds]
    pairs = Pairs(
        voices=heard,
        texts=[each for each in samples if not each.audio],
        plain=[each for each in heard if each.corpus == "ravdess"],
        real=(),
    )
    rng = np.random.default_rng(0)
    return [row for _ in range(JOINED) if (row := pairs.draw(way, rng))]
