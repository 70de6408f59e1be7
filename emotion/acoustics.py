"""What can be measured of a voice without a model: waveform outline, pitch and loudness curves."""

from dataclasses import dataclass

import numpy as np


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
