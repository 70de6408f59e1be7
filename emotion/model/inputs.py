"""What a model reads: clips and words of several utterances, padded into one batch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from emotion.model.tokens import Encoded

LEAST_SAMPLES = 1280  # one state of the voice; a batch without any voice is padded to this


@dataclass(frozen=True)
class Inputs:
    """A padded batch; a side that is absent has no real samples or tokens.

    Attributes:
        samples: `[batch, n]`, mono float32 at 16 kHz.
        n_samples: How many of them are real, `[batch]`.
        tokens: `[batch, n_tokens]`.
        words: The word index of each token, -1 for padding, `[batch, n_tokens]`.
    """

    samples: Tensor
    n_samples: Tensor
    tokens: Tensor
    words: Tensor

    def to(self, device: torch.device | str) -> "Inputs":
        """The same on another device."""
        return Inputs(*(getattr(self, name).to(device) for name in self.__dataclass_fields__))


def collate(rows: Sequence[tuple[np.ndarray | None, Encoded | None]]) -> Inputs:
    """Pads utterances, each a (samples or None, words or None), into one batch."""
    voices = [np.zeros(0, np.float32) if voice is None else voice for voice, _ in rows]
    texts = [Encoded((), ()) if words is None else words for _, words in rows]
    n_samples = max(LEAST_SAMPLES, *(len(voice) for voice in voices))
    n_tokens = max(1, *(len(text.tokens) for text in texts))
    samples = np.zeros((len(rows), n_samples), np.float32)
    tokens = np.zeros((len(rows), n_tokens), np.int64)
    words = np.full((len(rows), n_tokens), -1, np.int64)
    for row, (voice, text) in enumerate(zip(voices, texts, strict=True)):
        samples[row, : len(voice)] = voice
        tokens[row, : len(text.tokens)] = text.tokens
        words[row, : len(text.words)] = text.words
    lengths = torch.tensor([len(voice) for voice in voices])
    return Inputs(
        torch.from_numpy(samples), lengths, torch.from_numpy(tokens), torch.from_numpy(words)
    )
