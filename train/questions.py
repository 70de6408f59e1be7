"""What a model is tested on: which samples, which of their sides, and what is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from train import rows
from train.corpora.sample import Sample
from train.pairs import Pairs
from train.rows import Row
from train.sounds import Sounds

JOINED = 120  # pairs of each way that are joined for a question
MAKERS: dict[str, Callable[[Sample], Row]] = {
    "voice": rows.of_voice,
    "words": rows.of_words,
    "both": rows.of_both,
}


@dataclass(frozen=True)
class Question:
    """One row of the table of figures.

    Attributes:
        name: What it is called there.
        source: Whose samples.
        side: "voice", "words" or "both".
        asks: "label", "affect" (valence and arousal), or "polarity" (glad or not, by valence).
        way: For joined pairs, how they are joined.
    """

    name: str
    source: str
    side: str
    asks: str = "label"
    way: str = ""


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


def rows_of(
    question: Question, samples: Sequence[Sample], sounds: Sounds, most: int | None = None
) -> list[Row]:
    """The rows that a question can be asked of.

    Args:
        question: The question.
        samples: One side of a split.
        sounds: The voices.
        most: At most so many.
    """
    if question.way:
        found = _joined(question.way, samples, sounds)
    else:
        mine = [each for each in samples if each.source == question.source]
        heard = [each for each in mine if question.side == "words" or each in sounds]
        found = [
            MAKERS[question.side](each) for each in heard if question.side == "voice" or each.text
        ]
    return [row for row in found if _answerable(row, question.asks)][:most]


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
