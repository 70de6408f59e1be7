"""From any rate to the house's rate, chunk after chunk without a seam."""

from collections.abc import Iterable

import av
import numpy as np

RATE = 16_000  # samples a second, everywhere after decoding


class Resampler:
    """Brings chunks of samples to RATE, and gives the same samples however they are cut."""

    def __init__(self) -> None:
        self._rate = 0
        self._inside = av.AudioResampler("fltp", "mono", RATE)

    def feed(self, rate: int, mono: np.ndarray) -> np.ndarray:
        """What a chunk adds, about a millisecond late; its rate may differ from the last one's.

        Args:
            rate: Samples a second of this chunk.
            mono: Its samples, float32, `[n]`.
        """
        before = np.zeros(0, np.float32)
        if rate != self._rate:
            before, self._rate = self.end(), rate
        if not mono.size:
            return before
        frame = av.AudioFrame.from_ndarray(mono[None].astype(np.float32), "fltp", "mono")
        frame.sample_rate = rate
        return np.concatenate([before, _samples(self._inside.resample(frame))])

    def end(self) -> np.ndarray:
        """What is still inside; another sound may be fed afterwards."""
        rest = _samples(self._inside.resample(None)) if self._rate else np.zeros(0, np.float32)
        self._rate, self._inside = 0, av.AudioResampler("fltp", "mono", RATE)
        return rest


def _samples(frames: Iterable[av.AudioFrame | None]) -> np.ndarray:
    pieces = [frame.to_ndarray()[0] for frame in frames if frame is not None]
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)
