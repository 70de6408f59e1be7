"""A voice: any container, any rate, any channels, to one mono float32 Clip at 16 kHz."""

from dataclasses import dataclass

import numpy as np

RATE = 16_000  # samples a second, everywhere after decoding
LONGEST = 30.0  # seconds of one utterance; what comes after is not decoded
SHORTEST = 0.1  # seconds; below this there is nothing to hear


@dataclass(frozen=True)
class Clip:
    """A decoded voice.

    Attributes:
        samples: Mono float32 at RATE, in -1..1, `[n_samples]`.
        source: What it was called: a file name, or "recording".
        truncated: Whether the source went on after the longest duration.
    """

    samples: np.ndarray
    source: str
    truncated: bool = False

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.samples) / RATE


@dataclass(frozen=True)
class Region:
    """A stretch of speech, in seconds from the clip's start."""

    start: float
    end: float
