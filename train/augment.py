"""Cheap changes to a voice that leave its feeling as it is."""

import numpy as np
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

RATE = 16_000
QUIET = 0.03  # of the peak: what is below at the ends counts as silence
FRAME = RATE // 100  # samples over which the level is taken


def change(voice: np.ndarray, longest: float, rng: np.random.Generator) -> np.ndarray:
    """Changes a voice at random: its ends, speed, colour, noise, and a moment left out.

    Args:
        voice: Samples in -1..1.
        longest: Seconds of the result at most.
        rng: Where chance comes from.
    """
    voice = crop(trim(voice, rng), longest, rng)
    if rng.random() < 0.7:
        voice = speed(voice, rng.uniform(0.88, 1.14))
    if rng.random() < 0.5:
        voice = tilt(voice, rng.uniform(-0.5, 0.5))
    if rng.random() < 0.5:
        voice = noise(voice, rng.uniform(8, 40), rng)
    return voice[: int(longest * RATE)].astype(np.float32)


def elsewhere(voice: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A voice as if it had been recorded in another place by another device, at random.

    The noise is that of the device itself, and so is not held back by its band.
    """
    if rng.random() < 0.5:
        voice = room(voice, rng.uniform(0.15, 0.8), rng)
    if rng.random() < 0.5:
        voice = band(voice, rng.uniform(50, 400), rng.uniform(2800, 7500))
    if rng.random() < 0.5:
        voice = noise(voice, rng.uniform(8, 40), rng)
    return voice.astype(np.float32)


def trim(voice: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Takes most of the silence at both ends away, so that its length tells nothing."""
    if len(voice) < 2 * FRAME or rng.random() < 0.1:
        return voice
    level = np.abs(voice[: len(voice) // FRAME * FRAME]).reshape(-1, FRAME).max(1)
    loud = np.flatnonzero(level > QUIET * level.max())
    if not len(loud):
        return voice
    before, after = rng.integers(0, RATE // 3, 2)
    return voice[max(0, loud[0] * FRAME - before) : (loud[-1] + 1) * FRAME + after]


def crop(voice: np.ndarray, longest: float, rng: np.random.Generator) -> np.ndarray:
    """Cuts a voice that is too long at a random place."""
    size = int(longest * RATE)
    if len(voice) <= size:
        return voice
    start = rng.integers(0, len(voice) - size + 1)
    return voice[start : start + size]


def speed(voice: np.ndarray, factor: float) -> np.ndarray:
    """Plays a voice faster or slower, which moves its pitch as well."""
    places = np.arange(0, len(voice) - 1, factor)
    return np.interp(places, np.arange(len(voice)), voice) if len(places) else voice


def tilt(voice: np.ndarray, slope: float) -> np.ndarray:
    """Makes a voice darker (below 0) or brighter, as another microphone would."""
    return lfilter([1.0, -slope], [1.0], voice)


def noise(voice: np.ndarray, decibels: float, rng: np.random.Generator) -> np.ndarray:
    """Adds noise that many decibels below the voice, white or dull."""
    sound = rng.standard_normal(len(voice))
    if rng.random() < 0.5:
        sound = lfilter([0.1], [1.0, -0.9], sound)
    power = np.mean(np.square(sound)) or 1.0
    gain = np.sqrt(np.mean(np.square(voice)) / power / 10 ** (decibels / 10))
    return voice + gain * sound


def room(voice: np.ndarray, seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Lets a voice echo: noise that fades by 60 dB in so long, as loud as the voice, behind it.

    What is heard after the voice has ended makes it longer by half of that.
    """
    times = np.arange(int(seconds * RATE)) / RATE
    echo = rng.standard_normal(len(times)) * 10 ** (-3 * times / seconds)
    echo /= np.sqrt(np.square(echo).sum())
    echo[0] = 1.0
    heard = fftconvolve(voice, echo)[: len(voice) + len(echo) // 2]
    return heard * (np.abs(voice).max(initial=0) / (np.abs(heard).max(initial=0) or 1.0))


def band(voice: np.ndarray, low: float, high: float) -> np.ndarray:
    """Leaves of a voice what is between two frequencies, as a telephone does."""
    return sosfilt(butter(4, [low, high], "bandpass", fs=RATE, output="sos"), voice)


def mix(voice: np.ndarray, other: np.ndarray, share: float) -> np.ndarray:
    """Two voices at once, `share` of the first, both brought to the same level first."""
    size = max(len(voice), len(other))
    both = [np.pad(each, (0, size - len(each))) for each in (voice, other)]
    levels = [np.sqrt(np.mean(np.square(each))) + 1e-6 for each in (voice, other)]
    mixed = share * both[0] / levels[0] + (1 - share) * both[1] / levels[1]
    return (mixed * levels[0]).astype(np.float32)
