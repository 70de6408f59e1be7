"""Pitch and loudness of voices, for the page's curves and for a model that is given both."""

import torch
from torch import Tensor
from torch.nn import functional as F

from emotion.model.states import lengths_to_mask

RATE = 16_000  # samples a second
LOWEST, HIGHEST = 50, 550  # Hz; from a creaking bass to a scream
LONGEST_PERIOD = RATE // LOWEST  # samples
SHORTEST_PERIOD = RATE // HIGHEST  # samples
WINDOW = 2 * LONGEST_PERIOD  # samples compared with their echo: two periods of the lowest voice
REACH = WINDOW + LONGEST_PERIOD  # samples that a frame sees
N_FFT = 1024  # samples of the Fourier transform: the next power of two
PERIODIC = 0.35  # share of its power by which a frame with a pitch may differ from its echo
NEARLY = 0.05  # a shorter period that fits almost as well is the true one: every multiple fits too
FAINTEST = -60.0  # dB; what is quieter has no pitch worth knowing
QUIETEST = -100.0  # dB; silence, where the logarithm has no value
RANGE = 60.0  # dB below a clip's loudest frame; what is fainter differs by its room alone
EVEN = 1.0  # dB; a deviation below this is no change that anybody hears
BLOCK = 256  # frames compared at once: about as many as the processor's cache holds

NAMES = ("pitch", "voiced", "loudness")


@torch.no_grad()
def prosody(samples: Tensor, n_samples: Tensor, hop: int) -> Tensor:
    """Pitch and loudness as a model reads them, each on a scale that all voices share.

    Args:
        samples: `[batch, n]`.
        n_samples: How many of them are real, `[batch]`.
        hop: Samples from one frame to the next.

    Returns:
        `[batch, frames, 3]`: octaves above the clip's own median pitch (0 where it has none), 1
        where it has one, and the loudness in deviations from the clip's mean. 0 behind a clip's
        end. There is a frame for each hop that has begun; its middle lies half a hop later.
    """
    pitch, loudness = measure(samples, n_samples, hop)
    octaves = pitch.log2()
    octaves = octaves - octaves.nanmedian(1, keepdim=True).values
    voiced = ~pitch.isnan()
    real = lengths_to_mask(-(-n_samples // hop), pitch.shape[1])
    level = loudness.maximum(loudness.amax(1, keepdim=True) - RANGE)
    features = [octaves.nan_to_num(0.0), voiced, _standardized(level, real)]
    return torch.stack([each.to(samples.dtype) for each in features], -1)


@torch.no_grad()
def measure(samples: Tensor, n_samples: Tensor, hop: int) -> tuple[Tensor, Tensor]:
    """Pitch and loudness in their own units.

    The pitch is YIN's (de Cheveigné and Kawahara, 2002). The loudness is the root mean square: 0 dB
    for a square wave at full scale, -3 dB for a sine, never below QUIETEST.

    Args:
        samples: `[batch, n]`.
        n_samples: How many of them are real, `[batch]`.
        hop: Samples from one frame to the next.

    Returns:
        The fundamental frequency in Hz, NaN where the voice has none, and the level in dB relative
        to full scale, each `[batch, frames]`.
    """
    samples = samples.float() * lengths_to_mask(n_samples, samples.shape[1])
    loudness = _loudness(samples, n_samples, hop)
    pitch = _pitch(samples, n_samples, hop)
    return pitch.masked_fill(loudness < FAINTEST, torch.nan), loudness


def _loudness(samples: Tensor, n_samples: Tensor, hop: int) -> Tensor:
    """The level from hop to hop around each middle, over those samples that the clip has."""
    n_frames = -(-samples.shape[1] // hop)
    middles = torch.arange(n_frames, device=samples.device) * hop + hop // 2
    first = (middles - hop).clamp(min=0).expand(len(samples), -1)
    last = torch.minimum(middles + hop, n_samples[:, None])
    power = F.pad(samples.double().square().cumsum(1), (1, 0))
    sums = power.gather(1, last) - power.gather(1, first)
    mean = sums / (last - first).clamp(min=1)
    level = 10 * mean.clamp(min=10 ** (QUIETEST / 10)).log10()
    return level.masked_fill(last <= first, QUIETEST)


def _pitch(samples: Tensor, n_samples: Tensor, hop: int) -> Tensor:
    """The fundamental frequency around each frame's middle in Hz, NaN where there is none."""
    n_frames = -(-samples.shape[1] // hop)
    if not n_frames:
        return samples.new_zeros(len(samples), 0)
    frames = around(samples, n_samples, hop)[:, :n_frames]
    # A frame that begins behind the clip's end holds nothing and need not be compared.
    wanted = lengths_to_mask(-(-n_samples // hop), n_frames)
    pitch = samples.new_full(wanted.shape, torch.nan)
    blocks = [fundamental(block) for block in frames[wanted].split(BLOCK) if len(block)]
    if blocks:
        found, noise = (torch.cat(each) for each in zip(*blocks, strict=True))
        pitch[wanted] = found.masked_fill(noise >= PERIODIC, torch.nan)
    return pitch


def around(samples: Tensor, n_samples: Tensor, hop: int) -> Tensor:
    """What lies around each frame's middle, `[batch, frames, REACH]`; some behind the end too."""
    mean = samples.double().sum(1) / n_samples.clamp(min=1)
    # Around the clip's own mean, or the zeros behind it would make a step.
    real = lengths_to_mask(n_samples, samples.shape[1])
    centred = (samples - mean[:, None].float()) * real
    padded = F.pad(centred, (REACH, REACH + hop))
    first = REACH + (hop - REACH) // 2
    return padded[:, first:].unfold(1, REACH, hop)


def fundamental(frames: Tensor) -> tuple[Tensor, Tensor]:
    """The fundamental frequency of frames `[frames, REACH]` in Hz, and how little each has one.

    NaN, and 1, where nothing repeats; what differs from its echo by PERIODIC or more is no pitch.
    """
    difference = _difference(frames)
    inner = difference[:, SHORTEST_PERIOD:-1]
    deepest = inner.amin(1)
    dips = inner <= deepest[:, None] + NEARLY
    dips &= inner <= difference[:, SHORTEST_PERIOD - 1 : -2]
    dips &= inner < difference[:, SHORTEST_PERIOD + 1 :]
    there, place = dips.any(1), dips.int().argmax(1)  # of the first, the shortest
    hertz = RATE / _summit(difference, place + SHORTEST_PERIOD)
    return torch.where(there, hertz, torch.nan), torch.where(there, deepest, 1.0)


def _difference(frames: Tensor) -> Tensor:
    """YIN's normalized difference of each frame and its echo, `[frames, LONGEST_PERIOD + 1]`.

    0 where the echo is the same, 1 where it is no more alike than those of shorter periods.
    """
    ahead = torch.fft.rfft(frames[:, :WINDOW], N_FFT).conj() * torch.fft.rfft(frames, N_FFT)
    alike = torch.fft.irfft(ahead, N_FFT)[:, : LONGEST_PERIOD + 1]
    power = F.pad(frames.square().cumsum(1), (1, 0))
    echoes = power[:, WINDOW:] - power[:, : LONGEST_PERIOD + 1]
    difference = (echoes[:, :1] + echoes - 2 * alike).clamp(min=0)
    difference[:, 0] = 0
    periods = torch.arange(LONGEST_PERIOD + 1, device=frames.device)
    so_far = difference.cumsum(1).clamp(min=torch.finfo(frames.dtype).tiny)
    return torch.where(periods > 0, difference * periods / so_far, 1.0)


def _summit(difference: Tensor, periods: Tensor) -> Tensor:
    """The lowest point of the parabola through each dip and its neighbours, in samples."""
    before, at, after = (
        difference.gather(1, (periods + step)[:, None])[:, 0] for step in (-1, 0, 1)
    )
    bend = (before + after - 2 * at).clamp(min=torch.finfo(difference.dtype).tiny)
    return periods + ((before - after) / (2 * bend)).clamp(-1, 1)


def _standardized(values: Tensor, real: Tensor) -> Tensor:
    """Each row around the mean of what is real, in its deviations; 0 where nothing is."""
    count = real.sum(1, keepdim=True).clamp(min=1)
    apart = (values - (values * real).sum(1, keepdim=True) / count) * real
    deviation = (apart.square().sum(1, keepdim=True) / count).sqrt()
    return apart / deviation.clamp(min=EVEN)
