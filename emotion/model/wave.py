"""The voice as published with late fusion: one-dimensional convolutions on the waveform."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion.model.config import WaveVoice
from emotion.model.states import States, lengths_to_mask

RATE = 16_000  # samples a second
KERNELS = (20, 8, 8, 8)
STRIDES = (10, 4, 4, 4)
SAMPLES_A_STATE = 640  # the strides, multiplied: 40 ms
LEAST_SPREAD = 1e-5  # deviation of a waveform below which it is silence


class WaveEncoder(nn.Module):
    """Convolutions on the waveform, each followed by a norm over its channels, and a dense layer.

    The paper flattens all of a clip of fixed length into its dense layer; here the same layer
    reads each moment and the fusion pools, so that a clip may have any length.
    """

    def __init__(self, settings: WaveVoice, dropout: float) -> None:
        super().__init__()
        self.width = settings.width
        sizes = [settings.channels * 2**index for index in range(len(STRIDES))]
        self.convolutions = nn.ModuleList(
            # Padded so that a clip of n samples has ceil(n / stride) places.
            nn.Conv1d(n_in, n_out, kernel, stride, padding=(kernel - stride + 1) // 2)
            for n_in, n_out, kernel, stride in zip(
                [1, *sizes], sizes, KERNELS, STRIDES, strict=False
            )
        )
        # Over channels alone: statistics over time would see the padding.
        self.norms = nn.ModuleList(nn.LayerNorm(size) for size in sizes)
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(sizes[-1], settings.width)

    def forward(self, samples: Tensor, n_samples: Tensor) -> States:
        """Encodes `[batch, n]` samples, of which `n_samples` `[batch]` are real."""
        short = -samples.shape[1] % SAMPLES_A_STATE
        samples = F.pad(samples, (0, short))
        left = n_samples
        x = standardized(samples, n_samples)[:, None]
        for convolution, norm, stride in zip(self.convolutions, self.norms, STRIDES, strict=True):
            left = (left + stride - 1) // stride
            x = convolution(x)
            x = F.gelu(norm(x.transpose(1, 2))).transpose(1, 2)
            # A bias makes padding non-zero, and the next convolution would see it.
            x = x * lengths_to_mask(left, x.shape[2])[:, None]
        mask = lengths_to_mask(left, x.shape[2])
        values = self.dropout(F.gelu(self.dense(x.transpose(1, 2))))
        return States(values, mask, _clock(mask))


def standardized(samples: Tensor, n_samples: Tensor) -> Tensor:
    """Samples of zero mean and unit deviation over what is real, zero elsewhere."""
    mask = lengths_to_mask(n_samples, samples.shape[1])
    count = n_samples.clamp(min=1)[:, None]
    samples = torch.where(mask, samples.float(), 0.0)
    centred = torch.where(mask, samples - samples.sum(1, keepdim=True) / count, 0.0)
    spread = (centred.square().sum(1, keepdim=True) / count).sqrt()
    return centred / spread.clamp(min=LEAST_SPREAD)


def _clock(mask: Tensor) -> Tensor:
    start = torch.arange(mask.shape[1], device=mask.device) * (SAMPLES_A_STATE / RATE)
    ends = torch.stack([start, start + SAMPLES_A_STATE / RATE], -1)
    return ends.expand(len(mask), -1, 2)
