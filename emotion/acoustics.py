"""What can be measured of a voice without a model: waveform outline, pitch and loudness curves."""

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from emotion.audio import RATE, Clip

HOP = RATE // 100  # samples from one frame to the next
LOWEST, HIGHEST = 50, 550  # Hz; from a creaking bass to a scream
LONGEST_PERIOD = RATE // LOWEST  # samples
SHORTEST_PERIOD = RATE // HIGHEST  # samples
WINDOW = 2 * LONGEST_PERIOD  # samples compared with their echo: two periods of the lowest voice
PERIODIC = 0.35  # share of its power by which a frame with a pitch may differ from its echo
NEARLY = 0.05  # a shorter period that fits almost as well is the true one: every multiple fits too
FAINTEST = -60.0  # dB; what is quieter has no pitch worth drawing
QUIETEST = -100.0  # dB; silence, where the logarithm has no value


@dataclass(frozen=True)
class Curves:
    """Pitch and loudness over a clip.

    Attributes:
        seconds: The middle of each frame, `[frames]`.
        pitch: Fundamental frequency in Hz, NaN where the voice has none, `[frames]`.
        loudness: Level in dB relative to full scale, `[frames]`.
    """

    seconds: np.ndarray
    pitch: np.ndarray
    loudness: np.ndarray


def curves(clip: Clip) -> Curves:
    """Measures pitch and loudness every 10 ms.

    The pitch is YIN's (de Cheveigné and Kawahara, 2002). The loudness is the root mean square: 0 dB
    for a square wave at full scale, -3 dB for a sine, never below QUIETEST.
    """
    n_frames = -(-len(clip.samples) // HOP)
    middles = np.arange(n_frames) * HOP + HOP // 2
    loudness = _loudness(clip.samples, middles)
    pitch = _pitch(clip.samples, n_frames)
    pitch[loudness < FAINTEST] = np.nan
    return Curves(middles / RATE, pitch, loudness)


def outline(clip: Clip, n: int) -> np.ndarray:
    """The lowest and highest sample in each of n equal stretches of the clip, `[n, 2]`."""
    if not len(clip.samples):
        return np.zeros((n, 2), np.float32)
    starts = np.arange(n) * len(clip.samples) // n
    lowest = np.minimum.reduceat(clip.samples, starts)
    highest = np.maximum.reduceat(clip.samples, starts)
    return np.stack([lowest, highest], axis=1)


def _loudness(samples: np.ndarray, middles: np.ndarray) -> np.ndarray:
    """The level around each middle, over those samples of the window that the clip has."""
    power = np.concatenate([[0.0], np.cumsum(np.square(samples, dtype=np.float64))])
    first = np.maximum(middles - HOP, 0)
    last = np.minimum(middles + HOP, len(samples))
    mean = (power[last] - power[first]) / (last - first)
    return 10 * np.log10(np.maximum(mean, 10 ** (QUIETEST / 10)))


def _pitch(samples: np.ndarray, n_frames: int) -> np.ndarray:
    """The fundamental frequency around each frame's middle in Hz, NaN where there is none."""
    if not n_frames:
        return np.zeros(0)
    reach = WINDOW + LONGEST_PERIOD
    centred = samples - samples.mean(dtype=np.float64)  # or the padding would make a step
    padded = np.pad(centred, ((reach - HOP) // 2, reach))
    frames = sliding_window_view(padded, reach)[::HOP][:n_frames]
    difference = _difference(frames)
    inner = difference[:, SHORTEST_PERIOD:-1]
    deepest = inner.min(axis=1)
    dips = inner <= deepest[:, None] + NEARLY
    dips &= inner <= difference[:, SHORTEST_PERIOD - 1 : -2]
    dips &= inner < difference[:, SHORTEST_PERIOD + 1 :]
    periods = _summit(difference, dips.argmax(axis=1) + SHORTEST_PERIOD)
    return np.where(dips.any(axis=1) & (deepest < PERIODIC), RATE / periods, np.nan)


def _difference(frames: np.ndarray) -> np.ndarray:
    """YIN's normalized difference of each frame and its echo, `[frames, LONGEST_PERIOD + 1]`.

    0 where the echo is the same, 1 where it is no more alike than those of shorter periods.
    """
    n_fft = 1 << (frames.shape[1] - 1).bit_length()
    ahead = np.fft.rfft(frames[:, :WINDOW], n_fft).conj() * np.fft.rfft(frames, n_fft)
    alike = np.fft.irfft(ahead, n_fft)[:, : LONGEST_PERIOD + 1]
    power = np.cumsum(np.pad(np.square(frames), ((0, 0), (1, 0))), axis=1)
    echoes = power[:, WINDOW:] - power[:, : LONGEST_PERIOD + 1]
    difference = np.maximum(echoes[:, :1] + echoes - 2 * alike, 0)
    difference[:, 0] = 0
    periods = np.arange(LONGEST_PERIOD + 1)
    so_far = np.maximum(np.cumsum(difference, axis=1), np.finfo(np.float64).tiny)
    return np.where(periods > 0, difference * periods / so_far, 1.0)


def _summit(difference: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """The lowest point of the parabola through each dip and its neighbours, in samples."""
    row = np.arange(len(periods))
    before, at, after = (difference[row, periods + step] for step in (-1, 0, 1))
    bend = np.maximum(before + after - 2 * at, np.finfo(np.float64).tiny)
    return periods + np.clip((before - after) / (2 * bend), -1, 1)
