"""The sound in a file, of whichever container, decoded piece by piece and never believed."""

import ctypes
import functools
import os
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import av
import numpy as np
from av.audio.stream import AudioStream
from av.container import InputContainer

from emotion.errors import BadInput

LARGEST_FRAME = 1 << 20  # samples; a lossless frame may claim sixteen times as many
LARGEST_PIECE = 1 << 16  # samples that are mixed to mono together
LARGEST_BLOCK = 64 << 20  # bytes that FFmpeg may ask for at once
MOST_WORK = 100_000_000  # bytes read without hearing anything, say, of a picture
SEEK_WORK = 1_000  # bytes that take as long to read as a seek

# Only containers that hold their own sound: a playlist (HLS, DASH, ffconcat, SDP) would have
# FFmpeg open other files and addresses in the name of whoever sent it. People are told of them by
# emotion.errors.FORMATS.
CONTAINERS = ("wav", "flac", "mp3", "ogg", "mov", "matroska", "aac", "aiff")
# Only decoders of sound, so that no picture in an upload reaches a decoder.
DECODERS = (
    *("pcm_u8", "pcm_s8", "pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_s32le"),
    *("pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be", "pcm_alaw", "pcm_mulaw"),
    *("adpcm_ms", "adpcm_ima_wav", "flac", "alac", "mp3", "mp3float", "opus", "vorbis", "aac"),
)
# How those containers begin (MP4 four bytes later): tells a damaged recording from a text.
BEGINNINGS = (b"RIFF", b"fLaC", b"ID3", b"OggS", b"\x1aE\xdf\xa3", b"ftyp", b"FORM")

Piece = tuple[int, np.ndarray]  # rate, samples of any type [channels, n]
Pieces = Generator[Piece, None, None]


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


def decode(file: BinaryIO, called: str) -> Pieces:
    """The pieces of the first track of sound in a file, each its rate and one row a channel."""
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
        code = "no_samples" if _is_one_of_ours(beginning) else "not_media"
        raise BadInput(code, name=called) from fault
    with container:
        stream = _stream(container, called)
        patient.left = MOST_WORK
        yield container, stream, patient


def _is_one_of_ours(beginning: bytes) -> bool:
    if beginning[8:] in (b"AVI ", b"WEBP"):  # which begin as a WAV does
        return False
    return any(beginning.startswith(b) or beginning[4:].startswith(b) for b in BEGINNINGS)


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
