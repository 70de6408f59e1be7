"""Hears the words of a voice, and when they are said, by Whisper."""

import math
import os
import socket
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from emotion.audio import RATE, Clip
from emotion.errors import BadInput
from emotion.speech import Region
from emotion.transcript import Transcript, Word

if TYPE_CHECKING:
    from whisper import Whisper

SETTING = "EMOTION_WHISPER"  # the environment variable that names the recognizer
PAUSE = 0.5  # seconds; the longest silence that is left between two stretches of speech
RESPITE = 300.0  # seconds in which one that could not be fetched is not asked for again
PATIENCE = 20.0  # seconds without an answer after which a download is given up
TOKENS_PER_SECOND = 20  # fast Korean needs about fifteen; more than this is a repetition loop
TOKENS_AT_LEAST = 32
TOKENS_AT_MOST = 224  # what Whisper's context has room for

# Whisper tries again, a little more freely, where its words repeat themselves or it is unsure.
TEMPERATURES = (0.0, 0.2, 0.4)

_MODELS: dict[tuple[str, str], "Whisper"] = {}
_MISSED: dict[str, float] = {}  # when each size could not be fetched, on the monotonic clock
# One voice at a time: Whisper hangs its cache on the shared model and switches its kind of
# attention for the whole process, so two voices at once would mix.
_TURN = threading.Lock()


class Transcriber:
    """Hears words by Whisper, which is loaded at first use and shared by all of one size."""

    def __init__(self, size: str | None = None, device: str | None = None) -> None:
        """Remembers what to load; loads nothing.

        Args:
            size: A size of Whisper's, or the path of a checkpoint in its format. Left out: the
                environment variable EMOTION_WHISPER, else "base" on a CPU and "turbo" on a GPU.
            device: "cpu" or "cuda"; the GPU where there is one if left out.
        """
        self.size = size or os.environ.get(SETTING) or None
        self.device = device

    @property
    def here(self) -> bool:
        """Whether nothing has to be fetched before the first words are heard."""
        import whisper

        size, _ = self._chosen()
        address = whisper._MODELS.get(size)
        # Where Whisper itself keeps what it has fetched.
        cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "whisper"
        return address is None or (cache / Path(address).name).is_file()

    def transcribe(
        self, clip: Clip, regions: tuple[Region, ...], language: str | None = None
    ) -> Transcript:
        """Hears the words of a clip.

        Only the regions are heard: Whisper invents words in silence.

        Args:
            clip: The voice.
            regions: Where there is speech in it.
            language: "ko" or "en"; Whisper decides if left out.

        Returns:
            The words with their times on the clip's clock; none where there are no regions.

        Raises:
            BadInput: Whisper cannot be fetched, is not known or cannot be loaded.
        """
        pieces = _pieces(clip, regions)
        if not pieces:
            return Transcript((), language or "", "whisper")
        heard = self._hear(_joined(clip, pieces), language)
        words = [word for segment in heard["segments"] for word in segment["words"]]
        return Transcript(_on_the_clip(words, pieces), heard["language"], "whisper")

    def _chosen(self) -> tuple[str, str]:
        """The size and the device."""
        import torch

        device = self.device or ("cuda" if torch.cuda.is_available() else "cpu")
        return self.size or ("turbo" if device.startswith("cuda") else "base"), device

    def _hear(self, samples: np.ndarray, language: str | None) -> dict[str, Any]:
        size, device = self._chosen()
        seconds = len(samples) / RATE
        with _TURN, _same_dice(device):
            return _model(size, device).transcribe(
                samples,
                language=language,
                word_timestamps=True,
                condition_on_previous_text=False,
                temperature=TEMPERATURES,
                sample_len=min(TOKENS_AT_LEAST + int(TOKENS_PER_SECOND * seconds), TOKENS_AT_MOST),
                fp16=device.startswith("cuda"),
            )


@dataclass(frozen=True)
class _Piece:
    """A stretch of speech on two clocks.

    Attributes:
        start: Its first second in the clip.
        end: Its last second in the clip.
        heard: Its first second in what Whisper hears.
    """

    start: float
    end: float
    heard: float

    def overlap(self, start: float, end: float) -> float:
        """Seconds shared with a stretch on Whisper's clock; below zero is the distance."""
        return min(end, self.heard + self.end - self.start) - max(start, self.heard)

    def on_the_clip(self, second: float) -> float:
        """A second of Whisper's clock on the clip's, within the piece."""
        return min(max(round(self.start + second - self.heard, 3), self.start), self.end)


def _pieces(clip: Clip, regions: tuple[Region, ...]) -> list[_Piece]:
    """The regions in order, within the clip and apart, with a short pause between them."""
    pieces: list[_Piece] = []
    last, heard = 0.0, 0.0
    for region in sorted(regions, key=lambda region: region.start):
        start, end = max(region.start, last), min(region.end, clip.seconds)
        if round(start * RATE) >= round(end * RATE):
            continue
        if pieces:
            heard += min(start - last, PAUSE)
        pieces.append(_Piece(start, end, heard))
        last, heard = end, heard + end - start
    return pieces


def _joined(clip: Clip, pieces: list[_Piece]) -> np.ndarray:
    """What Whisper hears: the pieces, with true silence between them, `[n_samples]`."""
    final = pieces[-1]
    samples = np.zeros(round((final.heard + final.end - final.start) * RATE), dtype=np.float32)
    for piece in pieces:
        spoken = clip.samples[round(piece.start * RATE) : round(piece.end * RATE)]
        first = round(piece.heard * RATE)
        room = samples[first : first + len(spoken)]
        room[:] = spoken[: len(room)]
    return samples


def _on_the_clip(heard: list[dict[str, Any]], pieces: list[_Piece]) -> tuple[Word, ...]:
    """Whisper's words with their times mapped back; a word stays within one piece."""
    words: list[Word] = []
    last = pieces[0].start
    for word in heard:
        # Half a letter, where Whisper stopped inside one.
        text = unicodedata.normalize("NFC", word["word"].replace("\ufffd", "")).strip()
        if not text:
            continue
        first, final = float(word["start"]), float(word["end"])
        piece = max(pieces, key=lambda piece: piece.overlap(first, final))
        start = max(piece.on_the_clip(first), last)
        last = max(piece.on_the_clip(final), start)
        words.append(Word(text, start, last))
    return tuple(words)


def _model(size: str, device: str) -> "Whisper":
    """The one model of this size and device in the process.

    That it could not be fetched is remembered for a while, or each visitor in the line would wait
    for it as long as the first.
    """
    if (size, device) in _MODELS:
        return _MODELS[size, device]
    if time.monotonic() - _MISSED.get(size, -math.inf) < RESPITE:
        raise BadInput("whisper_unreachable", size=size)
    _MODELS[size, device] = _load(size, device)
    return _MODELS[size, device]


def _load(size: str, device: str) -> "Whisper":
    import whisper

    sizes = whisper.available_models()
    if size not in sizes and not Path(size).is_file():
        raise BadInput("whisper_unknown", size=size, choices=", ".join(sizes))
    try:
        # Whisper compares a cached file with its published hash at every start, so that one
        # which was cut off is fetched again and never loaded.
        with _impatience():
            return whisper.load_model(size, device)
    except (OSError, HTTPException) as error:
        if size in sizes:
            _MISSED[size] = time.monotonic()
            raise BadInput("whisper_unreachable", size=size) from error
        raise BadInput("whisper_broken", size=size, reason=_reason(error)) from error
    except Exception as error:  # a broken file makes torch raise a dozen kinds
        raise BadInput("whisper_broken", size=size, reason=_reason(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or "it cannot be read"
    text = str(error)
    if "out of memory" in text:
        return "there is not enough memory for it"
    if "SHA256" in text:
        return "what was fetched was not what was published; try again"
    return "it is not a Whisper checkpoint, or was cut off"


@contextmanager
def _impatience() -> Iterator[None]:
    """Whisper asks its server with no time limit; this one holds for every socket meanwhile."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(PATIENCE)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


@contextmanager
def _same_dice(device: str) -> Iterator[None]:
    """Whisper rolls dice when it tries again; the same voice shall give the same words."""
    import torch

    with torch.random.fork_rng([device] if device.startswith("cuda") else []):
        torch.manual_seed(0)
        yield
