"""What to be careful about in what a model says of an utterance."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from emotion.analysis import Prediction, Utterance
from emotion.errors import BadInput
from emotion.model.grams import Grams, pieces
from emotion.model.words import Signs

if TYPE_CHECKING:
    from emotion.analyze import Analyzer
    from emotion.model import Row

# Of a text's words. Fewer are met in four of five Polish sentences, in 2 of 1000 English texts that
# taught nothing, and in 1 of 1000 Korean ones, which are in no language.
LEAST_MET = 0.5


def careful(
    analyzer: Analyzer, utterance: Utterance, row: Row, prediction: Prediction
) -> BadInput | None:
    """What was strange to the model, what of an utterance it did not take, or that it is unsure.

    Args:
        analyzer: The model and what it reads by.
        utterance: What was given.
        row: What Analyzer.row made of it.
        prediction: What the model says.
    """
    words = [word.text for word in utterance.transcript.words] if utterance.transcript else []
    strange = _strange(analyzer, words) if row.words else None
    unsure = None if prediction.stands_out else BadInput("unsure")
    return strange or _unread(utterance, row) or unsure


def _strange(analyzer: Analyzer, words: Sequence[str]) -> BadInput | None:
    """That there is no word among what is to be read, or that hardly any was ever met."""
    written = [piece for word in words for piece in pieces(word) if any(map(str.isalpha, piece))]
    if not written:
        return BadInput("no_words")
    reader, signs = analyzer.tokenizer, getattr(analyzer.model.words, "signs", None)
    if not isinstance(reader, Grams) or signs is None:
        return None
    n_met = sum(_met(piece, reader, signs) for piece in written)
    return BadInput("words_unknown") if n_met < LEAST_MET * len(written) else None


def _met(piece: str, reader: Grams, signs: Signs) -> bool:
    """Whether a word is one of those that a model is taught.

    By their letters alone Korean words are in a language that it knows. Of them there are more than
    numbers, so that each has one that was met, while many of them never were: their endings differ.
    Chance would as well have it that words in letters of a third kind were met.
    """
    names = [unicodedata.name(letter, "") for letter in piece]
    if any("HANGUL" in name for name in names):
        return True
    return any("LATIN" in name for name in names) and signs.met(reader.whole(piece))


def _unread(utterance: Utterance, row: Row) -> BadInput | None:
    """What of an utterance its model did not take."""
    words = utterance.transcript.words if utterance.transcript else ()
    if words and not row.words:
        return BadInput("words_unread")
    if utterance.clip and row.voice is None:
        return BadInput("voice_unheard")
    if utterance.body is not None and row.body is None:
        return BadInput("body_unread" if np.isfinite(utterance.body).any() else "no_measures")
    n_read = max(row.words.words) + 1 if row.words else 0
    return BadInput("words_cut") if n_read < len(words) else None
