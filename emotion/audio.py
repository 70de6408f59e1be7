"""A voice: any container, any rate, any channels, to one mono float32 Clip at 16 kHz."""

import copy
import ctypes
import functools
import io
import itertools
import math
import os
import re
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer

from emotion.errors import BadInput
from emotion.resample import RATE, Resampler

LONGEST = 30.0  # seconds of one utterance; what comes after is not decoded
SHORTEST = 0.1  # seconds; below this there is nothing to hear

LEAST_RATE = 4_000  # Hz; a lower rate leaves no speech below its half
MOST_RATE = 384_000  # Hz; the fastest sound cards
MOST_CHANNELS = 64
LARGEST_FRAME = 1 << 20  # samples; a lossless frame may claim sixteen times as many
LARGEST_PIECE = 1 << 16  # samples that are mixed to mono together
LARGEST_BLOCK = 64 << 20  # bytes that FFmpeg may ask for at once
MOST_WORK = 100_000_000  # bytes read without hearing anything, say, of a picture
SEEK_WORK = 1_000  # bytes that take as long to read as a seek
LOUDEST = 2.0**31  # times full scale; 32-bit numbers handed over as they are

SPEECH_PAUSE = 300  # ms; a shorter pause does not end a region
SPEECH_LEAST = 100  # ms; a shorter burst is no word
SPEECH_MARGIN = 60  # ms kept before and after a region

# Only containers that hold their own sound: a playlist (HLS, DASH, ffconcat, SDP) would have
# FFmpeg open other files and addresses in the name of whoever sent it.
CONTAINERS = ("wav", "flac", "mp3", "ogg", "mov", "matroska", "aac", "aiff")
# Only decoders of sound, so that no picture in an upload reaches a decoder.
DECODERS = (
    *("pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le"),
    *("pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be", "pcm_alaw", "pcm_mulaw"),
    *("adpcm_ms", "adpcm_ima_wav", "flac", "alac", "mp3", "mp3float", "opus", "vorbis", "aac"),
)
# How those containers begin (MP4 four bytes later): tells a damaged recording from a text.
BEGINNINGS = (b"RIFF", b"fLaC", b"ID3", b"OggS", b"\x1aE\xdf\xa3", b"ftyp", b"FORM")


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


Source = Clip | str | os.PathLike[str] | bytes | bytearray | memoryview | tuple[int, np.ndarray]
Piece = tuple[int, np.ndarray]  # rate, samples of any type [channels, n]
Pieces = Generator[Piece, None, None]


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
            return _clip(_decode(file, called), called, longest)
    called = last_part(name or "recording")
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _clip(_decode(io.BytesIO(source), called), called, longest)
    return _clip(_blocks(*_rate_and_samples(source)), called, longest)


def pieces(source: bytes | tuple[int, np.ndarray], name: str = "recording") -> Pieces:
    """What a file or samples hold, piece by piece: each its rate and its mono samples.

    Nothing is resampled or made softer, so that the pieces of a stream fit together.

    Raises:
        BadInput: Whatever is wrong with the source.
    """
    found = _decode(io.BytesIO(source), name) if isinstance(source, bytes) else None
    for rate, samples in found or [_rate_and_samples(source)]:
        if not LEAST_RATE <= rate <= MOST_RATE:
            raise BadInput("bad_rate", rate=rate, least=LEAST_RATE, most=MOST_RATE)
        yield rate, np.nan_to_num(mixed(samples)).clip(-1, 1)


def detector() -> Any:  # noqa: ANN401  # the package has no types
    """Silero's detector of speech, which asks for 32 ms at a time and remembers those before."""
    # A shallow copy shares the weights and keeps its own state: visitors may call at once.
    own = copy.copy(_detector())
    own.reset_states()
    return own


def speech_regions(clip: Clip, longest: float = math.inf) -> tuple[Region, ...]:
    """Finds where somebody speaks, in order and apart; nothing in silence or noise.

    Args:
        clip: The voice.
        longest: Seconds after which a region is cut, at a short pause where there is one.
    """
    own = detector()

    import torch
    from silero_vad import get_speech_timestamps

    found = get_speech_timestamps(
        torch.tensor(clip.samples),
        own,
        sampling_rate=RATE,
        min_silence_duration_ms=SPEECH_PAUSE,
        min_speech_duration_ms=SPEECH_LEAST,
        speech_pad_ms=SPEECH_MARGIN,
        max_speech_duration_s=longest,
    )
    return tuple(Region(region["start"] / RATE, region["end"] / RATE) for region in found)


def last_part(name: str) -> str:
    """The last part of a path of any system, printable on one line."""
    last = re.split(r"[\\/]", name.rstrip("\\/"))[-1]
    return "".join(c if c.isprintable() else "\ufffd" for c in last) or "recording"


@contextmanager
def on_disk(path: Path, called: str) -> Iterator[BinaryIO]:
    """Opens a file to be read; whatever the disk says is wrong with it is a BadInput."""
    try:
        if not path.exists():
            raise BadInput("missing_file", name=called)
        if not path.is_file():
            raise BadInput("unreadable_file", name=called, reason="it is a folder or a device")
        with path.open("rb") as file:
            yield file
    except OSError as fault:
        reason = (fault.strerror or "it cannot be read").lower()
        raise BadInput("unreadable_file", name=called, reason=reason) from fault


@functools.cache
def _modest() -> None:
    """Keeps FFmpeg from believing a container's own sizes: a tag of 20 bytes may claim 2 GB."""
    with suppress(OSError, AttributeError):  # where the wheel hides FFmpeg's symbols
        ctypes.CDLL(av.logging.__file__).av_max_alloc(ctypes.c_size_t(LARGEST_BLOCK))


class Patience:
    """A file that ends where nothing is heard for long: empty chunks are skipped one by one."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.left = MOST_WORK
        self.tell = file.tell

    def read(self, n: int) -> bytes:
        """The next bytes, or none where patience has run out."""
        self.left -= n
        return self.file.read(n) if self.left > 0 else b""

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Goes to another place."""
        self.left -= SEEK_WORK
        return self.file.seek(offset, whence)


def _decode(file: BinaryIO, called: str) -> Pieces:
    with opened(file, called) as (container, stream, patient):
        for piece in joined(_frames(container, stream)):
            patient.left = MOST_WORK
            yield piece


@contextmanager
def opened(file: BinaryIO, called: str) -> Iterator[tuple[InputContainer, AudioStream, "Patience"]]:
    """The container in a file, its first track of sound, and what ends a fruitless search."""
    beginning = file.read(12)
    file.seek(0)
    if not beginning:
        raise BadInput("empty_file", name=called)
    _modest()
    options = {
        "format_whitelist": ",".join(CONTAINERS),
        "codec_whitelist": ",".join(DECODERS),
        "protocol_whitelist": "none",
    }
    patient = Patience(file)
    try:
        container = av.open(patient, "r", container_options=options, metadata_errors="replace")
    except av.FFmpegError as fault:
        cut_off = any(beginning.startswith(b) or beginning[4:].startswith(b) for b in BEGINNINGS)
        raise BadInput("no_samples" if cut_off else "not_media", name=called) from fault
    with container:
        stream = _stream(container, called)
        patient.left = MOST_WORK
        yield container, stream, patient


def _stream(container: InputContainer, called: str) -> AudioStream:
    streams = container.streams.audio
    if not streams:
        raise BadInput("no_audio_stream", name=called)
    for stream in streams:
        if stream.codec_context is not None and stream.codec_context.name in DECODERS:
            stream.codec_context.options = {"max_samples": str(LARGEST_FRAME)}
            return stream
    raise BadInput("not_media", name=called)


def _frames(container: InputContainer, stream: AudioStream) -> Pieces:
    # What was decoded before the damage stands, and a damaged packet costs only itself.
    with suppress(av.FFmpegError):
        for packet in container.demux(stream):
            with suppress(av.FFmpegError):
                for frame in packet.decode():
                    yield piece_of(frame)


def piece_of(frame: av.AudioFrame) -> Piece:
    """A decoded frame as its rate and its samples, one row a channel."""
    samples = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, frame.layout.nb_channels).T
    return frame.sample_rate, samples


def joined(pieces: Pieces) -> Pieces:
    """The same samples in fewer pieces: an Opus packet of 20 ms costs as much to mix as a second.

    A piece of LARGEST_PIECE samples or more stays as it is, so that little is held at a time.
    """
    waiting: list[Piece] = []

    def join() -> Piece:
        joined = waiting[0][0], np.concatenate([samples for _, samples in waiting], axis=1)
        waiting.clear()
        return joined

    size = 0
    for rate, samples in pieces:
        like = (rate, len(samples), samples.dtype)
        if waiting and like != (waiting[0][0], len(waiting[0][1]), waiting[0][1].dtype):
            yield join()
            size = 0
        waiting.append((rate, samples))
        size += samples.size
        if size >= LARGEST_PIECE:
            yield join()
            size = 0
    if waiting:
        yield join()


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


def _detector() -> Any:  # noqa: ANN401  # the package has no types
    with _LOADING:
        return _loaded_detector()


_LOADING = threading.Lock()


@functools.cache
def _loaded_detector() -> Any:  # noqa: ANN401
    import torch

    threads = torch.get_num_threads()
    from silero_vad import load_silero_vad

    torch.set_num_threads(threads)  # importing it has set 1 for the whole program
    return load_silero_vad(onnx=True)
