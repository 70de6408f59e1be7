"""Sounds that nobody spoke and letters that nobody wrote: what a model should say nothing of.

Shown with every label as likely, they keep probabilities flat where there is nothing to hear.
"""

import string
from collections.abc import Callable

import numpy as np
from scipy.signal import butter as butterworth
from scipy.signal import lfilter, sosfilt

RATE = 16_000
# Letters of scripts that corpora here teach, and of some that they do not.
SCRIPTS = (
    string.ascii_lowercase,
    string.digits + ".,-:/()",
    *(
        "".join(map(chr, codes))
        for codes in (
            range(0xAC00, 0xD7A4, 7),  # Korean syllables
            range(0x0430, 0x0450),  # Cyrillic
            range(0x3042, 0x3094),  # Hiragana
            range(0x0627, 0x064B),  # Arabic
            range(0x4E00, 0x9000, 13),  # Chinese characters
        )
    ),
)


def sound(seconds: float, rng: np.random.Generator) -> np.ndarray:
    """Noise, hum, music or next to silence, of any loudness."""
    size = int(seconds * RATE)
    kind: Callable[[int, np.random.Generator], np.ndarray] = KINDS[rng.integers(len(KINDS))]
    made = kind(size, rng) * _swell(size, rng)
    loud = 10 ** rng.uniform(-4, -0.3)
    return (made / (np.abs(made).max() + 1e-9) * loud).astype(np.float32)


def text(rng: np.random.Generator) -> str:
    """A few words of random letters, all of one script."""
    letters = SCRIPTS[rng.integers(len(SCRIPTS))]
    return " ".join(
        "".join(letters[each] for each in rng.integers(len(letters), size=rng.integers(1, 9)))
        for _ in range(rng.integers(1, 12))
    )


def _noise(size: int, rng: np.random.Generator) -> np.ndarray:
    """White, dull, or of one band."""
    white = rng.standard_normal(size)
    kind = rng.integers(3)
    if kind == 0:
        return white
    if kind == 1:
        return lfilter([1.0], [1.0, -rng.uniform(0.8, 0.995)], white)
    low = rng.uniform(80, 3000)
    band = butterworth(
        2, (low, min(7500, low * rng.uniform(1.2, 4))), "band", fs=RATE, output="sos"
    )
    return sosfilt(band, white)


def _hum(size: int, rng: np.random.Generator) -> np.ndarray:
    """A machine: a steady tone with overtones, and some noise."""
    tone = _tone(size, rng.uniform(40, 1500), rng)
    return tone + rng.uniform(0, 0.3) * rng.standard_normal(size)


def _music(size: int, rng: np.random.Generator) -> np.ndarray:
    """Chords of a scale, one after another, at times with a beat."""
    made = np.zeros(size)
    step = int(RATE * rng.uniform(0.12, 0.8))
    root = rng.uniform(60, 400)
    for start in range(0, size, step):
        length = min(step, size - start)
        fading = np.exp(-np.arange(length) / RATE * rng.uniform(0.5, 8))
        for note in rng.choice([0, 2, 4, 5, 7, 9, 11, 12], rng.integers(1, 4), replace=False):
            made[start : start + length] += fading * _tone(length, root * 2 ** (note / 12), rng)
        if rng.random() < 0.3:
            hit = rng.standard_normal(length) * np.exp(-np.arange(length) / RATE * 40)
            made[start : start + length] += hit
    return made


def _clicks(size: int, rng: np.random.Generator) -> np.ndarray:
    """Knocks, steps or keys, with a quiet room behind."""
    made = 0.01 * rng.standard_normal(size)
    for start in rng.integers(0, size, rng.integers(1, 12)):
        length = min(int(RATE * rng.uniform(0.01, 0.2)), size - start)
        hit = rng.standard_normal(length) * np.exp(-np.arange(length) / RATE * rng.uniform(20, 200))
        made[start : start + length] += hit
    return made


def _silence(size: int, rng: np.random.Generator) -> np.ndarray:
    """A room in which nobody is, or no signal at all."""
    return rng.integers(2) * 1e-4 * rng.standard_normal(size)


KINDS = (_noise, _hum, _music, _clicks, _silence)


def _tone(size: int, pitch: float, rng: np.random.Generator) -> np.ndarray:
    time = np.arange(size) / RATE
    made = np.zeros(size)
    for part in range(1, max(2, min(12, int(RATE / 2 / pitch)))):
        wave = np.sin(2 * np.pi * (part * pitch * time + rng.uniform()))
        made += rng.uniform() / part * wave
    return made


def _swell(size: int, rng: np.random.Generator) -> np.ndarray:
    """Steady, or louder and softer as speech is."""
    if rng.random() < 0.5:
        return np.ones(size)
    points = rng.uniform(0.05, 1, max(2, int(size / RATE * rng.uniform(1, 6))))
    return np.interp(np.linspace(0, 1, size), np.linspace(0, 1, len(points)), points)
