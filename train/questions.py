"""What a model is tested on: which samples, which of their sides, and what is asked."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from emotion.labels import LABELS
from emotion.model.config import COMBINATIONS, SIDES
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


def of_known(asked: Iterable[tuple[Question, list[Row]]]) -> list[tuple[Question, list[Row]]]:
    """The questions about labels of a voice alone, asked of somebody who was heard before."""
    return [
        (
            replace(question, name=f"{question.name}, speaker known"),
            [replace(row, known=True) for row in rows],
        )
        for question, rows in asked
        if (question.side, question.asks) == ("voice", "label")
    ]


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


def as_spoken(samples: Sequence[Sample], shown: Sequence[str]) -> list[Question]:
    """What is asked where corpora are trained on as they are: each by itself, and all together.

    Args:
        samples: One side of a split.
        shown: The combinations of sides that are shown, each in turn.
    """
    sources = sorted({each.source for each in samples if each.label})
    names = [*sources, *[EVERY] * (len(sources) > 1)]
    return _of_sources(names, samples, shown)


def of_others(samples: Sequence[Sample], shown: Sequence[str]) -> list[Question]:
    """What is asked of sources that none of QUESTIONS is about.

    Args:
        samples: One side of a split.
        shown: The combinations of sides that are shown, each in turn.
    """
    named = {each.source for each in QUESTIONS}
    others = [each for each in samples if each.source not in named]
    sources = sorted({each.source for each in others if each.label})
    return _of_sources(sources, others, shown)


def shown(able: Sequence[str], sides: Collection[str]) -> list[str]:
    """Which combinations of a model can be shown with some sides, the widest last."""
    fitting = [name for name in able if {*sides_of(name)} <= {*sides}]
    return sorted(fitting, key=lambda name: len(sides_of(name)))


def _of_sources(
    names: Sequence[str], samples: Sequence[Sample], shown: Sequence[str]
) -> list[Question]:
    rated = sorted({each.source for each in samples if None not in (each.valence, each.arousal)})
    measured = [name for name in rated if name not in ACTED]
    labels = [Question(f"{name}, {there}", name, there) for there in shown for name in names]
    return labels + [
        Question(f"{name}, {there}, valence and arousal", name, there, "affect")
        for there in shown
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
        most: At most so many, from all over the corpus: its speakers stand one after another.
    """
    if question.way:
        return _spread(_joined(question.way, samples, sounds), most)
    found = (_row_of(each, question, sounds, labels) for each in _own(question, samples))
    return _spread([row for row in found if isinstance(row, Row)], most)


def left_out(
    question: Question,
    samples: Sequence[Sample],
    sounds: Sounds,
    labels: Sequence[str] = LABELS,
) -> dict[str, int]:
    """How many utterances a question cannot be asked of, by what stands in the way."""
    found = (_row_of(each, question, sounds, labels) for each in _own(question, samples))
    return dict(Counter(why for why in found if isinstance(why, str)))


def sides_of(name: str) -> tuple[str, ...]:
    """The sides of one of config.COMBINATIONS."""
    place = COMBINATIONS.index(name) + 1
    return tuple(side for bit, side in enumerate(SIDES) if place >> bit & 1)


def has(sample: Sample, side: str, sounds: Sounds) -> bool:
    """Whether an utterance has a side that a model could be shown."""
    if side == "words":
        return bool(sample.text)
    return sample in sounds if side == "voice" else sounds.body(sample) is not None


def _spread(rows: list[Row], most: int | None) -> list[Row]:
    if most is None or len(rows) <= most:
        return rows
    return [rows[place * len(rows) // most] for place in range(most)]


def _own(question: Question, samples: Sequence[Sample]) -> list[Sample]:
    return [each for each in samples if question.source in (each.source, EVERY)]


def _row_of(sample: Sample, question: Question, sounds: Sounds, labels: Sequence[str]) -> Row | str:
    """What is shown of an utterance, or why it is not."""
    sides = sides_of(question.side)
    lacking = [side for side in sides if not has(sample, side, sounds)]
    if lacking:
        return f"without {' and '.join(lacking)}"
    row = rows.of_sides(sample, sides, labels)
    return _why_not(row, sample, question.asks) or row


def _why_not(row: Row, sample: Sample, asks: str) -> str:
    if asks == "affect":
        return "without valence and arousal" if np.isnan(row.affect).any() else ""
    if asks == "polarity":
        # Ratings of 4 and less against 9 and more.
        return "neither glad nor not" if -1 / 3 + 1e-9 < row.affect[0] < 7 / 9 - 1e-9 else ""
    if row.label is not None:
        return ""
    if row.shares is not None:
        return "with several labels"
    named = sample.fine or sample.label or sample.votes
    return "with a label that the model does not know" if named else "without a label"


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
