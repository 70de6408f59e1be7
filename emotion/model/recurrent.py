"""The LSTM system's encoders: short-term features of a voice, and a vector for each word."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from emotion.model.config import ShortTermVoice, WordVectors
from emotion.model.short_term import NAMES, RATE, USUAL, WINDOW, ShortTerm
from emotion.model.states import States, nothing

STEP = WINDOW / RATE  # seconds of a window


class BiLSTM(nn.Module):
    """An LSTM in both directions: half of each state from each."""

    def __init__(self, n_in: int, width: int, layers: int, dropout: float) -> None:
        super().__init__()
        if width % 2:
            raise ValueError(f"a width of {width} cannot be shared by two directions")
        between = dropout if layers > 1 else 0.0
        self.lstm = nn.LSTM(
            n_in, width // 2, layers, batch_first=True, bidirectional=True, dropout=between
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        """Encodes `[batch, time, n_in]`, whose real places stand at the beginning."""
        # A row without any place is read as one of zeros, and masked by whoever asks.
        lengths = mask.sum(1).clamp(min=1).cpu()
        packed = pack_padded_sequence(
            self.dropout(values), lengths, batch_first=True, enforce_sorted=False
        )
        read, _ = pad_packed_sequence(
            self.lstm(packed)[0], batch_first=True, total_length=values.shape[1]
        )
        return self.dropout(read)


class ShortTermEncoder(nn.Module):
    """A BiLSTM over the 34 short-term features of every tenth of a second."""

    usual: Tensor

    def __init__(self, settings: ShortTermVoice, dropout: float) -> None:
        super().__init__()
        self.width = settings.width
        self.features = ShortTerm()
        self.register_buffer("usual", torch.tensor(USUAL), persistent=False)
        self.lstm = BiLSTM(len(NAMES), settings.width, settings.layers, dropout)

    def forward(self, samples: Tensor, n_samples: Tensor) -> States:
        """Encodes `[batch, n]` samples, of which `n_samples` `[batch]` are real."""
        with torch.no_grad(), torch.autocast(samples.device.type, enabled=False):
            features, mask = self.features(samples, n_samples)
        if not mask.shape[1]:
            return nothing(samples, self.width)
        # Each feature has its own size, and an LSTM would hear none but the loudest.
        features = (features - self.usual[:, 0]) / self.usual[:, 1] * mask[..., None]
        start = torch.arange(mask.shape[1], device=mask.device) * STEP
        span = torch.stack([start, start + STEP], -1).expand(len(mask), -1, 2)
        return States(self.lstm(features, mask), mask, span)


class VectorsEncoder(nn.Module):
    """A BiLSTM over a vector for each word; the vectors learn with the rest."""

    def __init__(self, settings: WordVectors, dropout: float) -> None:
        super().__init__()
        self.width = settings.width
        self.vocabulary = settings.vocabulary
        self.embedding = nn.Embedding(settings.vocabulary, settings.dimensions)
        self.lstm = BiLSTM(settings.dimensions, settings.width, settings.layers, dropout)

    @torch.no_grad()
    def take(self, vectors: np.ndarray) -> None:
        """Begins with given vectors, whose words have the tokens from 1 on."""
        self.embedding.weight[1 : len(vectors) + 1] = torch.from_numpy(vectors)

    def forward(self, tokens: Tensor, words: Tensor) -> States:
        """Encodes `[batch, n_tokens]`, of which those with a word in `words` are real."""
        mask = words >= 0
        span = words[..., None].expand(*words.shape, 2).float()
        return States(self.lstm(self.embedding(tokens), mask), mask, span)
