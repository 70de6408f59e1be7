"""Sounds for the tests of the page."""

import wave
from pathlib import Path

import numpy as np

from emotion.audio import RATE, Clip

MICROPHONE_RATE = 48_000  # what Chromium's fake microphone plays at its right speed


def as_microphone(clip: Clip, path: Path) -> None:
    """Writes a clip as a 48 kHz WAV: heard once, then after a silence four times, and a silence."""
    at = np.arange(int(clip.seconds * MICROPHONE_RATE)) / MICROPHONE_RATE
    once = np.interp(at, np.arange(len(clip.samples)) / RATE, clip.samples)
    silence = np.zeros(5 * MICROPHONE_RATE)
    write(path, np.concatenate([once, silence, *[once] * 4, silence]), MICROPHONE_RATE)


def write(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    """Writes samples in -1..1 as a 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path
