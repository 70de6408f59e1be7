"""What can be measured of a voice without a model: waveform outline, pitch and loudness curves."""

from dataclasses import dataclass

import numpy as np

from emotion.audio import RATE, Clip

HOP = RATE // 100  # samples from one frame to the next


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
    """Measures pitch and loudness every 10 ms, as `emotion.model.prosody.measure` says."""
    # Imported here because drawing an outline needs no torch.
    import torch

    from emotion.model.prosody import measure

    samples = torch.tensor(clip.samples)[None]
    pitch, loudness = measure(samples, torch.tensor([len(clip.samples)]), HOP)
    seconds = (np.arange(pitch.shape[1]) * HOP + HOP // 2) / RATE
    return Curves(seconds, pitch[0].double().numpy(), loudness[0].numpy())


def outline(clip: Clip, n: int) -> np.ndarray:
    """The lowest and highest sample in each of n equal stretches of the clip, `[n, 2]`."""
    if not len(clip.samples):
        return np.zeros((n, 2), np.float32)
    starts = np.arange(n) * len(clip.samples) // n
    lowest = np.minimum.reduceat(clip.samples, starts)
    highest = np.maximum.reduceat(clip.samples, starts)
    return np.stack([lowest, highest], axis=1)
