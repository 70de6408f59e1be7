"""A recording of any length, decoded a few seconds at a time and never held whole."""

import os
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer

from emotion.audio import LEAST_RATE, MOST_RATE, mixed
from emotion.containers import (
    MOST_WORK,
    Piece,
    Pieces,
    joined,
    last_part,
    on_disk,
    opened,
    piece_of,
)
from emotion.errors import BadInput
from emotion.resample import Resampler

GAP = 0.1  # seconds; a smaller jump of the file's clock is the jitter of its packets
LONGEST_GAP = 600.0  # seconds; a longer jump is a clock gone wrong, not a hole in the sound
# All holes together may be no longer than this and what was heard: a few kilobytes could otherwise
# claim months of silence.


class Recording:
    """A sound or video file that is heard once, from its beginning.

    Attributes:
        source: What it is called: the last part of its path.
        share: How much of the file has been read, 0 to 1.
        damaged: Whether something of it could not be decoded; that is silence, as far as the
            file's own clock says how long it was.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.source = last_part(os.fspath(path))
        self.share = 0.0
        self.damaged = False
        self._loudest = 1.0

    def blocks(self) -> Iterator[np.ndarray]:
        """The whole recording as mono float32 at RATE, in pieces of at most some seconds.

        A recording louder than full scale is scaled down by its loudest sample so far.

        Raises:
            BadInput: It cannot be opened, has no track of sound, or nothing of it can be decoded.
        """
        some = False
        for block in self._resampled():
            some = some or bool(len(block))
            yield block.clip(-1, 1)  # resampling overshoots full scale at a steep edge
        if not some:
            raise BadInput("no_samples", name=self.source)
        self.share = 1.0

    def _resampled(self) -> Iterator[np.ndarray]:
        resampler = Resampler()
        with (
            on_disk(self.path, self.source) as file,
            opened(file, self.source) as (container, stream, patient),
        ):
            size = os.fstat(file.fileno()).st_size
            for rate, piece in joined(self._on_the_clock(container, stream)):
                if not LEAST_RATE <= rate <= MOST_RATE:
                    raise BadInput("bad_rate", rate=rate, least=LEAST_RATE, most=MOST_RATE)
                patient.left = MOST_WORK
                self.share = min(file.tell() / size, 1.0)
                yield resampler.feed(rate, self._level(mixed(piece)))
        yield resampler.end()

    def _on_the_clock(self, container: InputContainer, stream: AudioStream) -> Pieces:
        """What is decoded, with silence where the file's own clock jumps ahead."""
        at, ahead, filled = 0.0, None, 0.0
        for frame in self._frames(container, stream):
            rate = frame.sample_rate
            if frame.time is not None:
                ahead = frame.time if ahead is None else ahead
                gap = frame.time - ahead - at
                if GAP < gap <= min(LONGEST_GAP, LONGEST_GAP + at - 2 * filled):
                    self.damaged = True
                    yield from _silence(rate, gap)
                    at += gap
                    filled += gap
                elif abs(gap) > GAP:
                    ahead += gap
            at += frame.samples / rate
            yield piece_of(frame)

    def _frames(self, container: InputContainer, stream: AudioStream) -> Iterator[av.AudioFrame]:
        # A damaged packet costs only itself; where the container cannot be read on, it ends.
        try:
            for packet in container.demux(stream):
                try:
                    yield from packet.decode()
                except av.FFmpegError as fault:
                    self.damaged |= not isinstance(fault, av.EOFError)
        except av.FFmpegError as fault:
            self.damaged |= not isinstance(fault, av.EOFError)

    def _level(self, mono: np.ndarray) -> np.ndarray:
        finite = np.where(np.isfinite(mono), mono, np.float32(0))
        self._loudest = max(self._loudest, float(np.abs(finite).max(initial=0)))
        return finite / self._loudest


def _silence(rate: int, seconds: float) -> Iterator[Piece]:
    left = round(seconds * rate)
    while left > 0:
        n = min(left, rate)
        yield rate, np.zeros((1, n), np.float32)
        left -= n
