"""Voices as the page plays and draws them, some made ready before they are asked for."""

import io
import wave
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from emotion import audio
from emotion.acoustics import outline
from emotion.audio import RATE

POINTS = 400  # of the waveform
QUIET = 0.05  # the loudest sample of a voice that is drawn as quiet as it is
KEPT = 16  # voices


@dataclass(frozen=True)
class Voice:
    """A voice to be played.

    Attributes:
        seconds: How long it is.
        wave: The outline of its waveform, as the points of a polygon of POINTS by 2.
        wav: As a file, which every browser plays.
    """

    seconds: float
    wave: str
    wav: bytes


def voice(path: Path) -> Voice:
    """The voice in a file; at once where it was asked for not long ago.

    Raises:
        BadInput: It cannot be heard.
    """
    changed = 0
    with suppress(OSError):  # what the disk says against it is said as it is read
        changed = path.stat().st_mtime_ns
    return _read(path, changed)


@lru_cache(KEPT)
def _read(path: Path, changed: int) -> Voice:
    clip = audio.load(path)
    edges = np.asarray(outline(clip, POINTS), dtype=np.float32)
    edges = edges / max(float(np.abs(edges).max(initial=0)), QUIET)
    top = " ".join(f"{at},{1 - high:.2f}" for at, (_, high) in enumerate(edges))
    low = " ".join(f"{POINTS - 1 - at},{1 - low:.2f}" for at, (low, _) in enumerate(edges[::-1]))
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((clip.samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
    return Voice(clip.seconds, f"{top} {low}", written.getvalue())
