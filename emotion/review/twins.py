"""Clips that are the same recording: sample for sample, or nearly, as after another codec."""

import hashlib
from collections.abc import Iterator, Sequence

import numpy as np

from emotion.audio import RATE, Clip

FRAME, HOP = 1024, 256  # samples
BANDS, MOMENTS = 17, 33  # of which each difference with its neighbours is a bit: 16 × 32
LOWEST, HIGHEST = 150.0, 3_800.0  # Hz; what telephones and codecs leave alone
SMOOTH = 5  # frames over which loudness is averaged before that
QUIET = 22.0  # dB below the loudest frame, from which a clip's ends are left away
SHORT = 0.2  # seconds, below which a clip is too short to be told by its course
LIKE = 0.76  # share of bits that two prints of one recording have in common
LENGTHS = 0.1  # by which share lengths may differ
BLOCK = 256  # prints compared with all others at a time


def exact(clip: Clip) -> str:
    """The same for the same samples, at 16 bits."""
    return hashlib.sha256((clip.samples * 32767).round().astype(np.int16).tobytes()).hexdigest()


def fingerprint(clip: Clip) -> bytes | None:
    """Half a thousand bits of how bands of the spectrum rise and fall against each other.

    Loudness, noise, another codec and a longer silence at the ends change few of them. Behind them
    stands how long it is between those ends. None where there is too little to tell by.
    """
    found = power(clip.samples)
    smooth = np.convolve(found.sum(1), np.ones(SMOOTH) / SMOOTH, "same")
    loud = np.flatnonzero(smooth > smooth.max() * 10 ** (-QUIET / 10))
    if not found.any() or (loud[-1] - loud[0]) * HOP < SHORT * RATE:
        return None
    bands = found[loud[0] : loud[-1] + 1] @ _bank().T
    edges = np.linspace(0, len(bands), MOMENTS + 1)
    sums = np.vstack([np.zeros(BANDS), np.cumsum(bands, 0)])
    at = np.stack([np.interp(edges, np.arange(len(sums)), band) for band in sums.T])
    course = np.log(np.diff(at) + 1e-9 * found.mean())
    rises = np.diff(np.diff(course, axis=0), axis=1) > 0
    seconds = np.float64(len(bands) * HOP / RATE)
    return np.packbits(rises).tobytes() + seconds.tobytes()


def near(prints: Sequence[bytes | None]) -> Iterator[tuple[int, int, float]]:
    """Each two clips that are nearly the same, the earlier first, and the share of like bits."""
    known = np.array([index for index, each in enumerate(prints) if each], int)
    if len(known) < 2:
        return
    words = np.array([np.frombuffer(prints[index] or b"", np.uint64) for index in known])
    rows, lengths = words[:, :-1], np.log(words[:, -1].view(np.float64))
    order = np.argsort(lengths, kind="stable")  # so that each meets only those as long
    known, rows, lengths = known[order], rows[order], lengths[order]
    ends = np.searchsorted(lengths, lengths + LENGTHS, "right")
    n_bits = 8 * rows.itemsize * rows.shape[1]
    for start in range(0, len(rows), BLOCK):
        some = slice(start, start + BLOCK)
        others = slice(start, int(ends[some][-1]))
        apart = np.bitwise_count(rows[some, None] ^ rows[None, others]).sum(2, dtype=np.int64)
        alike = 1 - apart / n_bits
        alike[lengths[None, others] - lengths[some, None] > LENGTHS] = 0
        for row, column in zip(*np.nonzero(np.triu(alike, 1) > LIKE), strict=True):
            one, other = sorted((int(known[start + row]), int(known[start + column])))
            yield one, other, float(alike[row, column])


def power(samples: np.ndarray) -> np.ndarray:
    """How strong each frequency is in each frame, `[frames, frequencies]`."""
    padded = np.pad(samples, (0, max(0, FRAME - len(samples))))
    frames = np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::HOP]
    return np.abs(np.fft.rfft(frames * np.hanning(FRAME), axis=1)) ** 2


def _bank() -> np.ndarray:
    """Which frequencies are in which band, evenly apart in pitch, `[bands, frequencies]`."""
    edges = np.geomspace(LOWEST, HIGHEST, BANDS + 1)
    hertz = np.fft.rfftfreq(FRAME, 1 / RATE)
    return ((hertz >= edges[:-1, None]) & (hertz < edges[1:, None])).astype(float)
