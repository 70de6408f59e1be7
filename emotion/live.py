"""A voice as it is spoken: chunks of samples in, a Reading every half second out."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotion import audio
from emotion.analysis import Prediction, Utterance
from emotion.analyze import Analyzer
from emotion.audio import RATE, Clip
from emotion.resample import Resampler
from emotion.scribe import Scribe
from emotion.speech import Region, detector
from emotion.transcript import Transcript, Word

STEP = 0.5  # seconds from one reading to the next
HEARD = 4.0  # seconds that one reading hears: about as long as what models learn from
KEPT = 30.0  # seconds that are remembered
RECENT = 1.0  # seconds; who has not spoken for as long speaks no more
SPOKEN = 0.2  # seconds of speech within RECENT that are somebody speaking
MARGIN = 0.1  # seconds kept before the first speech
PAUSE = 0.3  # seconds; a shorter pause does not end a stretch of speech

FRAME = 512  # samples that the detector of speech asks for
SPEECH = 0.5  # its answer from which a frame is speech
FULL = 0.985  # of full scale; what was cut off there is a little less after resampling
CLIPPED = 0.005  # share of the samples of a step at full scale that is heard as a crackle
FLOOR = 1e-4  # amplitude; -80 dB stands for anything below


@dataclass(frozen=True)
class Reading:
    """What is felt at one moment.

    Attributes:
        second: When, from the first sample on.
        prediction: What the voice, with the words that are known, feels; None where nobody speaks.
        loudness: Of the last half second, in dB relative to full scale.
        clipped: Whether the microphone was too loud in it, so that the voice was cut off.
        words: How many words were read with the voice.
    """

    second: float
    prediction: Prediction | None
    loudness: float
    clipped: bool = False
    words: int = 0

    @property
    def speaks(self) -> bool:
        """Whether anybody speaks."""
        return self.prediction is not None

    @property
    def sure(self) -> float:
        """How sure it is: the probability of the likeliest emotion, 0 where nobody speaks."""
        return self.prediction.confidence if self.prediction else 0.0


class Live:
    """Listens to one voice as it comes, and remembers the last half minute of it.

    One thread may hand over what is recorded while another reads: hear() never waits for the model.

    Attributes:
        readings: Those of the last KEPT seconds.
        scribe: What writes the words down, where the model and Whisper can; else None.
    """

    def __init__(self, analyzer: Analyzer, words: bool = True) -> None:
        """Begins with nothing heard.

        Args:
            analyzer: The model.
            words: False leaves the words out.

        Raises:
            BadInput: The model cannot judge a voice without words.
        """
        analyzer.model.refuse_untrained(analyzer.name, voice=True)
        reads = words and "both" in analyzer.model.config.able
        self.analyzer = analyzer
        self.scribe = Scribe(analyzer.transcriber) if reads else None
        self.readings: tuple[Reading, ...] = ()
        self._heard = _Memory(KEPT)
        self._resampler = Resampler()
        self._speech = _Speech()
        self._next = 1  # the number of the next moment
        self._cost = 0.0  # seconds that judging a moment took last time
        self._turn = threading.Lock()  # for whoever reads
        self._door = threading.Lock()  # for whoever touches what was heard

    @property
    def seconds(self) -> float:
        """How much was heard so far."""
        return self._heard.end / RATE

    @property
    def due(self) -> int:
        """How many moments have passed, judged or not."""
        return int(self._heard.end / RATE / STEP)

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of the last KEPT seconds, as far as they are known."""
        since = self.seconds - KEPT
        return tuple(w for w in self.scribe.words if (w.end or 0) > since) if self.scribe else ()

    def hear(self, rate: int, samples: np.ndarray) -> np.ndarray:
        """Takes what was recorded next, at any rate, and says what it is at RATE.

        Raises:
            BadInput: The rate or the samples cannot be used.
        """
        with self._door:
            chunks = [
                self._resampler.feed(*piece).clip(-1, 1) for piece in audio.pieces((rate, samples))
            ]
            heard = np.concatenate(chunks)
            self._heard.append(heard)
        return heard

    def read(self) -> tuple[Reading, ...]:
        """Judges the moments that have passed since it was last asked.

        Only the last of them, where all would take longer than until the next one: whoever
        listens gets fewer readings then, and none late.
        """
        with self._turn:
            moments = self._due()
            start = time.perf_counter()
            found = self._judge(moments)
            if moments:
                self._cost = (time.perf_counter() - start) / len(moments)
                self._next = moments[-1] + 1
            end = self.seconds
            kept = (old for old in self.readings if old.second > end - KEPT)
            self.readings = (*kept, *found)
            if self.scribe and found and found[-1].speaks:
                self._write_down()
            return found

    def window(self, seconds: float = KEPT) -> tuple[float, Clip, tuple[Region, ...]]:
        """The last seconds: when they begin, how they sound, and where somebody speaks in them."""
        with self._door:
            end = self._speech.end
            start = max(end - round(seconds * RATE), self._heard.start)
            samples = self._heard.between(start, end)
        return start / RATE, Clip(samples, "microphone"), self._speech.regions(start, end)

    def close(self) -> None:
        """Ends what goes on in the background."""
        if self.scribe:
            self.scribe.close()

    # ------------------------------------------------------------------------- one moment

    def _due(self) -> list[int]:
        step, window = round(STEP * RATE), round(HEARD * RATE)
        with self._door:
            first, last = self._heard.start, self._heard.end // step
            begins, new = self._speech.news(self._heard)
        self._speech.follow(begins, new)
        whole = first and -(-(first + window) // step)  # the first whose window is still there
        due = list(range(max(self._next, whole), last + 1))
        return due if len(due) * self._cost <= STEP else due[-1:]

    def _judge(self, moments: Sequence[int]) -> tuple[Reading, ...]:
        ends = [round(moment * STEP * RATE) for moment in moments]
        spoken = [self._speech.first(end) for end in ends]
        words = [self._words(end) for end in ends]
        with self._door:
            voices = [
                self._heard.between(
                    max(end - round(HEARD * RATE), first - round(MARGIN * RATE)), end
                )
                for end, first in zip(ends, spoken, strict=True)
                if first is not None
            ]
            steps = [self._heard.between(end - round(STEP * RATE), end) for end in ends]
        said = [found for found, first in zip(words, spoken, strict=True) if first is not None]
        rows = [
            self.analyzer.row(Utterance(Clip(voice, "microphone"), transcript))
            for voice, transcript in zip(voices, said, strict=True)
        ]
        judged = iter(self.analyzer.predict_rows(rows))
        return tuple(
            Reading(
                end / RATE,
                next(judged) if first is not None else None,
                _loudness(step),
                bool((np.abs(step) >= FULL).mean() > CLIPPED),
                len(transcript.words) if transcript and first is not None else 0,
            )
            for end, first, step, transcript in zip(ends, spoken, steps, words, strict=True)
        )

    def _words(self, end: int) -> Transcript | None:
        """The words that a reading hears, as far as they are known."""
        start, last = end / RATE - HEARD, end / RATE
        words = tuple(w for w in self.words if (w.end or 0) > start and (w.start or 0) < last)
        return Transcript(words, source="whisper") if words else None

    def _write_down(self) -> None:
        assert self.scribe
        if self.scribe.ready:
            self.scribe.begin(*self.window(self.scribe.longest))


def _loudness(samples: np.ndarray) -> float:
    return float(20 * np.log10(max(np.sqrt(np.square(samples).mean()), FLOOR)))


class _Memory:
    """The last seconds of a sound, by the number of each sample from the first one on."""

    def __init__(self, seconds: float) -> None:
        self.end = 0
        self._ring = np.zeros(round(seconds * RATE), np.float32)

    @property
    def start(self) -> int:
        return max(0, self.end - len(self._ring))

    def append(self, samples: np.ndarray) -> None:
        self.end += len(samples)
        last = samples[-len(self._ring) :]
        self._ring[np.arange(self.end - len(last), self.end) % len(self._ring)] = last

    def between(self, first: int, end: int) -> np.ndarray:
        """A copy of what is left of a stretch."""
        return self._ring[np.arange(max(first, self.start), end) % len(self._ring)]


class _Speech:
    """Where somebody speaks, found frame after frame, so that it is the same however it comes."""

    def __init__(self) -> None:
        self._detector = detector()
        self._frames = 0
        self._found: tuple[bool, ...] = ()

    @property
    def end(self) -> int:
        """Up to which sample it is known."""
        return self._frames * FRAME

    def news(self, heard: _Memory) -> tuple[int, np.ndarray]:
        """The first frame that was not looked at yet, and it and those after it, `[n, FRAME]`."""
        begins = max(self._frames, -(-heard.start // FRAME))
        ends = max(heard.end // FRAME, begins)
        return begins, heard.between(begins * FRAME, ends * FRAME).reshape(-1, FRAME)

    def follow(self, begins: int, frames: np.ndarray) -> None:
        """Looks at frames; where some are missing before them, more came at once than is kept."""
        import torch

        if begins > self._frames:
            self._detector.reset_states()
        before = self._found if begins == self._frames else ()
        new = (float(self._detector(torch.from_numpy(frame), RATE)) for frame in frames)
        found = (*before, *(share >= SPEECH for share in new))
        self._found = found[-(int(KEPT * RATE) // FRAME) :]
        self._frames = begins + len(frames)

    def first(self, end: int) -> int | None:
        """The first sample of speech within HEARD before an end; None where nobody speaks now."""
        last = end // FRAME
        recent = [frame for frame in self._spoken(last) if frame * FRAME >= end - RECENT * RATE]
        if len(recent) * FRAME < SPOKEN * RATE:
            return None
        return min(f * FRAME for f in self._spoken(last) if f * FRAME >= end - HEARD * RATE)

    def regions(self, start: int, end: int) -> tuple[Region, ...]:
        """Stretches of speech, in seconds from the start."""
        spans: list[list[float]] = []
        for frame in self._spoken(end // FRAME):
            first, last = ((frame + at) * FRAME / RATE - start / RATE for at in (0, 1))
            if first < 0:
                continue
            if spans and first - spans[-1][1] < PAUSE:
                spans[-1][1] = last
            else:
                spans.append([first, last])
        return tuple(Region(first, last) for first, last in spans)

    def _spoken(self, end: int) -> list[int]:
        """The numbers of the frames of speech before an end."""
        first = self._frames - len(self._found)
        return [first + at for at, speech in enumerate(self._found) if speech and first + at < end]
