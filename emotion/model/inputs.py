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
    """

    voice: np.ndarray | None = None
    words: Encoded | None = None
    body: np.ndarray | None = None


@dataclass(frozen=True)
class Inputs:
    """A padded batch; a side that is absent has no real samples, tokens or measurements.

    Attributes:
        samples: `[batch, n]`, mono float32 at 16 kHz.
        n_samples: How many of them are real, `[batch]`.
        tokens: `[batch, n_tokens]`.
        words: The word index of each token, PADDING or tokens.NO_WORD, `[batch, n_tokens]`.
        body: NaN where nothing was measured, `[batch, n_features]`.
    """

    samples: Tensor
    n_samples: Tensor
    tokens: Tensor
    words: Tensor
    body: Tensor

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
    n_features = max(1, *(0 if row.body is None else len(row.body) for row in whole))
    samples = np.zeros((len(rows), n_samples), np.float32)
    tokens = np.zeros((len(rows), n_tokens), np.int64)
    words = np.full((len(rows), n_tokens), PADDING, np.int64)
    body = np.full((len(rows), n_features), np.nan, np.float32)
    for index, (voice, text, row) in enumerate(zip(voices, texts, whole, strict=True)):
        samples[index, : len(voice)] = voice
        tokens[index, : len(text.tokens)] = text.tokens
        words[index, : len(text.words)] = text.words
        if row.body is not None:
            body[index] = row.body
    return Inputs(
        torch.from_numpy(samples),
        torch.tensor([len(voice) for voice in voices]),
        torch.from_numpy(tokens),
        torch.from_numpy(words),
        torch.from_numpy(body),
    )
