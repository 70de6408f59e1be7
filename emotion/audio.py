"""A voice: any container, any rate, any channels, to one mono float32 Clip at 16 kHz."""

import io
import itertools
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from emotion.containers import Piece, Pieces, decode, last_part, on_disk
from emotion.errors import BadInput
from emotion.resample import RATE, Resampler

LONGEST = 30.0  # seconds of one utterance; what comes after is not decoded
SHORTEST = 0.1  # seconds; below this there is nothing to hear

LEAST_RATE = 4_000  # Hz; a lower rate leaves no speech below its half
MOST_RATE = 384_000  # Hz; the fastest sound cards
MOST_CHANNELS = 64
LOUDEST = 2.0**31  # times full scale; 32-bit numbers handed over as they are


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


Source = Clip | str | os.PathLike[str] | bytes | bytearray | memoryview | tuple[int, np.ndarray]


def load(source: Source | None, name: str | None = None, longest: float = LONGEST) -> Clip:
    """Decodes a voice.

    Channels are averaged. A source louder than full scale is scaled down to it. A sample that is
    not a finite number becomes 0. A file damaged on the way gives what could be decoded of it, and
    silence is a Clip like any other.

    Args:
        source: A path, the bytes of a file, Gradio's (rate, samples) with one column or one row a
            channel, or a Clip, which comes back as it is.
        name: What to call it; only its last part is kept, so that no folder is shown to visitors.
        longest: Seconds after which decoding stops.

    Raises:
        BadInput: Whatever is wrong with the source.
    """
    if isinstance(source, Clip):
        return source
    if source is None or (isinstance(source, str) and not source):
        raise BadInput("no_input")
    if isinstance(source, (str, os.PathLike)):
        path, called = Path(source), last_part(name or os.fspath(source))
        with on_disk(path, called) as file:
            return _clip(decode(file, called), called, longest)
    called = last_part(name or "recording")
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _clip(decode(io.BytesIO(source), called), called, longest)
    return _clip(_blocks(*_rate_and_samples(source)), called, longest)


def pieces(source: bytes | tuple[int, np.ndarray], name: str = "recording") -> Pieces:
    """What a file or samples hold, piece by piece: each its rate and its mono samples.

    Nothing is resampled or made softer, so that the pieces of a stream fit together.

    Raises:
        BadInput: Whatever is wrong with the source.
    """
    found = decode(io.BytesIO(source), name) if isinstance(source, bytes) else None
    for rate, samples in found or [_rate_and_samples(source)]:
        if not LEAST_RATE <= rate <= MOST_RATE:
            raise BadInput("bad_rate", rate=rate, least=LEAST_RATE, most=MOST_RATE)
        yield rate, np.nan_to_num(mixed(samples)).clip(-1, 1)


def _rate_and_samples(source: object) -> Piece:
    if not isinstance(source, (tuple, list)) or len(source) != 2:
        raise BadInput("bad_samples", reason="they are not a pair of a rate and samples")
    try:
        samples = np.asarray(source[1])
    except (TypeError, ValueError) as fault:
        raise BadInput("bad_samples", reason="their rows differ in length") from fault
    if samples.dtype.kind not in "iuf" or (samples.dtype.kind != "f" and samples.itemsize > 4):
        raise BadInput("bad_samples", reason=f"their type is {samples.dtype}")
    if samples.ndim not in (1, 2):
        raise BadInput("bad_samples", reason=f"they have {samples.ndim} dimensions")
    if samples.ndim == 1 or not samples.size:
        samples = samples.reshape(1, -1)
    elif samples.shape[0] > samples.shape[1]:
        samples = samples.T
    if len(samples) > MOST_CHANNELS:
        raise BadInput("bad_samples", reason=f"they have {len(samples)} channels")
    return _whole(source[0]), samples


def _whole(rate: object) -> int:
    if isinstance(rate, (int, float, np.integer, np.floating)) and rate == rate // 1:
        return int(rate)
    raise BadInput("bad_rate", rate=rate, least=LEAST_RATE, most=MOST_RATE)


def _blocks(rate: int, samples: np.ndarray) -> Pieces:
    """A second at a time, so that hours of samples cost no more than the longest clip."""
    step = max(rate, 1)
    for start in range(0, samples.shape[1], step):
        yield rate, samples[:, start : start + step]


def _clip(pieces: Pieces, called: str, longest: float) -> Clip:
    with closing(pieces):
        kept, truncated = _within(pieces, longest)
    runs = [
        (rate, np.concatenate([mono for _, mono in run]))
        for rate, run in itertools.groupby(kept, key=lambda piece: piece[0])
    ]
    seconds = round(sum(len(mono) / rate for rate, mono in runs), 6)
    if not any(np.isfinite(mono).any() for _, mono in runs):
        raise BadInput("no_samples", name=called)
    if seconds < SHORTEST:
        least = round(SHORTEST * 1000)
        raise BadInput("too_short", name=called, milliseconds=int(seconds * 1000), least=least)
    samples = np.concatenate([_resample(rate, _level(mono)) for rate, mono in runs])
    return Clip(samples[: round(longest * RATE)].clip(-1, 1), called, truncated)


def _within(pieces: Pieces, longest: float) -> tuple[list[Piece], bool]:
    """Takes pieces, mixed to mono, until the longest duration is full; whether there was more."""
    kept: list[Piece] = []
    left = longest
    for rate, samples in pieces:
        if not LEAST_RATE <= rate <= MOST_RATE:
            raise BadInput("bad_rate", rate=rate, least=LEAST_RATE, most=MOST_RATE)
        room = max(0, round(left * rate))
        mono = mixed(samples[:, :room])
        if mono.size:
            kept.append((rate, mono))
        if samples.shape[1] > room:
            return kept, True
        left -= samples.shape[1] / rate
    return kept, False


def mixed(samples: np.ndarray) -> np.ndarray:
    """The mean of the channels as float32 of full scale 1; NaN where one of them is no number."""
    with np.errstate(invalid="ignore", over="ignore"):
        wide = samples.astype(np.float64)
    if samples.dtype.kind != "f":
        half = 2.0 ** (8 * samples.itemsize - 1)
        wide = wide / half - (samples.dtype.kind == "u")
    wide[~(np.abs(wide) <= LOUDEST)] = np.nan
    return wide.mean(axis=0).astype(np.float32)


def _level(mono: np.ndarray) -> np.ndarray:
    """Silence for what is no number, and nothing beyond full scale."""
    finite = np.where(np.isfinite(mono), mono, np.float32(0))
    return finite / max(1.0, float(np.abs(finite).max()))


def _resample(rate: int, mono: np.ndarray) -> np.ndarray:
    resampler = Resampler()
    pieces = [resampler.feed(rate, block[0]) for _, block in _blocks(rate, mono[None])]
    return np.concatenate([*pieces, resampler.end()])
