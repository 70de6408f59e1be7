"""What a model reads: clips, words and body signals of several utterances, in one padded batch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from emotion.model.tokens import Encoded

LEAST_SAMPLES = 1280  # one state of the voice; a batch without any voice is padded to this
PADDING = -1  # the word index of a token that is not there


class Row(NamedTuple):
    """One utterance; what is None is absent.

    Attributes:
        voice: Samples, mono float32 at 16 kHz.
        words: Its tokens.
        body: What was measured of the body, NaN where it was not, `[n_features]`.
        unusual: How far the voice is from how its speaker usually sounds, of each of
            usual.measures; None where that is not known.
    """

    voice: np.ndarray | None = None
    words: Encoded | None = None
    body: np.ndarray | None = None
    unusual: np.ndarray | None = None


@dataclass(frozen=True)
class Inputs:
    """A padded batch; a side that is absent has no real samples, tokens or measurements.

    Attributes:
        samples: `[batch, n]`, mono float32 at 16 kHz.
        n_samples: How many of them are real, `[batch]`.
        tokens: `[batch, n_tokens]`.
        words: The word index of each token, PADDING or tokens.NO_WORD, `[batch, n_tokens]`.
        body: NaN where nothing was measured, `[batch, n_features]`.
        unusual: NaN where the speaker is not known, `[batch, n_measures]`.
    """

    samples: Tensor
    n_samples: Tensor
    tokens: Tensor
    words: Tensor
    body: Tensor
    unusual: Tensor

    def to(self, device: torch.device | str) -> "Inputs":
        """The same on another device."""
        return Inputs(*(getattr(self, name).to(device) for name in self.__dataclass_fields__))


def collate(rows: Sequence[Row | tuple[np.ndarray | None, Encoded | None]]) -> Inputs:
    """Pads utterances into one batch."""
    whole = [Row(*row) for row in rows]
    voices = [np.zeros(0, np.float32) if row.voice is None else row.voice for row in whole]
    texts = [Encoded((), ()) if row.words is None else row.words for row in whole]
    n_samples = max(LEAST_SAMPLES, *(len(voice) for voice in voices))
    n_tokens = max(1, *(len(text.tokens) for text in texts))
    samples = np.zeros((len(rows), n_samples), np.float32)
    tokens = np.zeros((len(rows), n_tokens), np.int64)
    words = np.full((len(rows), n_tokens), PADDING, np.int64)
    for index, (voice, text) in enumerate(zip(voices, texts, strict=True)):
        samples[index, : len(voice)] = voice
        tokens[index, : len(text.tokens)] = text.tokens
        words[index, : len(text.words)] = text.words
    return Inputs(
        torch.from_numpy(samples),
        torch.tensor([len(voice) for voice in voices]),
        torch.from_numpy(tokens),
        torch.from_numpy(words),
        _stacked([row.body for row in whole]),
        _stacked([row.unusual for row in whole]),
    )


def _stacked(measured: Sequence[np.ndarray | None]) -> Tensor:
    """What was measured of each row, NaN where nothing was; one column where of none it was."""
    size = max(1, *(0 if each is None else len(each) for each in measured))
    table = np.full((len(measured), size), np.nan, np.float32)
    for index, each in enumerate(measured):
        if each is not None:
            table[index] = each
    return torch.from_numpy(table)
