"""How something is said over a whole clip, in numbers: pitch, strength, colour, movement, pace.

A spectrogram hardly tells a pitch, and a few thousand clips do not teach to find one. What
phoneticians measure, a linear model reads at once (see train/results/default.md).
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion.model import prosody
from emotion.model.mel import HOP, PACE, RATE, LogMel

MELS = 80
CEPSTRA = 13  # how the spectrum is shaped on the whole, coarsest first
DECIBEL = 10 / math.log(10)  # of a natural logarithm of power
LOUDNESS = 0.33  # the power of a band's power as which it is heard
FAINTEST = 1e-4  # of the loudest frame's power, below which no pitch is worth knowing
CLEAREST = 1e-3  # share of its power by which a frame differs from its echo, that can be told
OCTAVE = 12.0  # semitones
N_FFT = 1024  # samples of the Fourier transform in which harmonics are looked for
WINDOW = RATE // 25  # samples of it that are real: 40 ms
NEAR = 2  # bins to each side, of which the strongest is the harmonic
FAINT = 1e-9  # of a bin's power
BLOCK = 256  # frames whose pitch is looked for at once
HARMONICS = (1, 2, 3)
BANDS = ((200, 1000), (1000, 2000), (2000, 3000), (3000, 5000))  # Hz, strongest bin of each

SPOKEN = 1 + len(HARMONICS) - 1 + len(BANDS) + len(BANDS) - 1  # curves that need a pitch
HEARD = 3 + CEPSTRA + 1  # curves that do not
N_MEASURES = 3 * SPOKEN + 6 * HEARD + 4
SHORTEST = 10 * HOP  # samples; in fewer nothing moves
LEAST = 4  # frames with a pitch, or without, or whatever is asked of, below which they tell nothing


class Manner(nn.Module):
    """Samples in, N_MEASURES of each clip out; nothing in it learns.

    Of curves over the clip, ten milliseconds a step, mean, deviation and how fast they move: the
    pitch and how strong its harmonics are, where there is one; how noisy the voice is, its level,
    loudness, cepstra and how fast the spectrum changes, over all that is heard, with a pitch and
    without. And how much of the clip has a pitch, in how many stretches, how many peaks its level
    has, and how long it is.
    """

    cosines: Tensor
    window: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.mel = LogMel(MELS)
        place = (torch.arange(MELS)[:, None] + 0.5) * torch.arange(1, CEPSTRA + 1)
        cosines = (math.pi / MELS * place).cos() * math.sqrt(2 / MELS)
        self.register_buffer("cosines", cosines, persistent=False)
        self.register_buffer("window", torch.hann_window(WINDOW), persistent=False)

    @torch.no_grad()
    def forward(self, samples: Tensor, n_samples: Tensor) -> Tensor:
        """Measures `[batch, n]` samples, of which `n_samples` are real, `[batch, N_MEASURES]`.

        NaN is what cannot be measured: all of silence and of what is shorter than SHORTEST.
        """
        samples = samples.float()
        loudest = samples.abs().amax(1, keepdim=True)
        samples = samples / loudest.clamp(min=1e-9)
        frames, heard = self.mel.frames(samples, n_samples)
        pitch, noise = _pitch(samples, n_samples, heard)
        level = frames.exp().sum(2).log() * DECIBEL
        level = level - level.amax(1, keepdim=True)
        voiced = heard & (noise < prosody.PERIODIC)
        spoken = torch.stack([OCTAVE * pitch.log2(), *self._harmonics(samples, pitch)], 2)
        loud = (frames * LOUDNESS).exp().sum(2)
        curves = [noise.clamp(min=CLEAREST).log10(), level, loud / loud.amax(1, keepdim=True)]
        change = F.pad((frames[:, 1:] - frames[:, :-1]).square().mean(2).sqrt(), (1, 0))
        other = torch.cat([torch.stack([*curves, change], 2), frames @ self.cosines], 2)
        found = [
            *(*_moments(spoken, voiced), _movement(spoken, voiced)),
            *(*_moments(other, heard), _movement(other, heard)),
            *(*_moments(other, voiced), _moments(other, heard & ~voiced)[0]),
            _pace(level, heard, voiced),
        ]
        there = (loudest > 0) & (n_samples[:, None] >= SHORTEST)
        return torch.where(there, torch.cat(found, 1), torch.nan)

    def _harmonics(self, samples: Tensor, pitch: Tensor) -> list[Tensor]:
        """How much stronger the first harmonic is than others and bands, and the lowest band."""
        # A frame's middle is half a hop behind its beginning, and the transform is centred.
        padded = F.pad(samples, (N_FFT // 2 - HOP // 2, N_FFT))
        spectrum = torch.stft(
            padded, N_FFT, HOP, WINDOW, self.window, center=False, return_complex=True
        )
        power = spectrum.real.square() + spectrum.imag.square()
        highest = BANDS[-1][1] * N_FFT // RATE
        bins = (power[:, :highest, : pitch.shape[1]].transpose(1, 2) + FAINT).log() * DECIBEL
        strongest = F.max_pool1d(bins, 2 * NEAR + 1, 1, NEAR)
        at = [(pitch * each * N_FFT / RATE).round().long() for each in HARMONICS]
        first, *later = (strongest.gather(2, each[..., None])[..., 0] for each in at)
        lowest, *higher = (
            bins[:, :, low * N_FFT // RATE : high * N_FFT // RATE].amax(2) for low, high in BANDS
        )
        return [
            *(first - each for each in (*later, lowest, *higher)),
            *(lowest - h for h in higher),
        ]


def _pitch(samples: Tensor, n_samples: Tensor, heard: Tensor) -> tuple[Tensor, Tensor]:
    """The pitch in Hz, any where there is none, and how little there is one, `[batch, frames]`."""
    frames = prosody.around(samples, n_samples, HOP)[:, : heard.shape[1]]
    # Between words nothing but rounding may be left, which repeats or does not by chance.
    compared = frames[:, :, : prosody.WINDOW]  # with its echo
    power = compared.square().mean(2) - compared.mean(2).square()  # ten times as fast as var
    loud = heard & (power > FAINTEST * power.amax(1, keepdim=True))
    if torch.compiler.is_exporting():  # a graph cannot be drawn of what hangs on values
        found = prosody.fundamental(frames.flatten(0, 1))
        pitch, noise = (each.view(loud.shape) for each in found)
        noise = torch.where(loud, noise, 1.0)
    else:
        pitch, noise = power.new_full(loud.shape, torch.nan), torch.ones_like(power)
        if loud.any():
            blocks = [prosody.fundamental(each) for each in frames[loud].split(BLOCK)]
            pitch[loud], noise[loud] = (torch.cat(each) for each in zip(*blocks, strict=True))
    return pitch.nan_to_num(prosody.LOWEST).clamp(prosody.LOWEST, prosody.HIGHEST), noise


def _moments(curves: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and deviation of each curve, `[batch, curves]`; NaN where there is too little."""
    share = mask[..., None].to(curves.dtype)
    count = share.sum(1)
    count = torch.where(count < LEAST, torch.nan, count)
    mean = (curves * share).sum(1) / count
    apart = (curves - mean[:, None]) * share
    return mean, (apart.square().sum(1) / count).sqrt()


def _movement(curves: Tensor, mask: Tensor) -> Tensor:
    change = (curves[:, PACE:] - curves[:, :-PACE]).abs()
    return _moments(change, mask[:, PACE:] & mask[:, :-PACE])[0]


def _pace(level: Tensor, heard: Tensor, voiced: Tensor) -> Tensor:
    """Share with a pitch, stretches with one and peaks of the level a second, and the length."""
    count = heard.sum(1).clamp(min=1)
    second = count * HOP / RATE
    begun = (voiced[:, 1:] & ~voiced[:, :-1]).sum(1)
    mean = _moments(level[..., None], heard)[0]
    inner = level[:, 1:-1]
    peak = (inner > level[:, :-2]) & (inner >= level[:, 2:]) & (inner > mean) & heard[:, 1:-1]
    return torch.stack(
        [voiced.sum(1) / count, begun / second, peak.sum(1) / second, second.log()], 1
    )
