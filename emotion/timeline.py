"""A long recording as a stream: regions of speech, utterances, their words, what each feels."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotion.analysis import Prediction, Utterance
from emotion.audio import RATE, Clip
from emotion.cues import Cues, Measures, compare, measure, nearest, of_others
from emotion.errors import BadInput
from emotion.recording import Recording
from emotion.speech import Region, speech_regions
from emotion.transcript import Transcript, Word
from emotion.utterances import LONGEST, finished, utterances_of

if TYPE_CHECKING:
    from emotion.analyze import Analyzer

STRETCH = 30.0  # seconds heard at once: what Whisper hears in one go
NOTHING = Measures()


@dataclass(frozen=True)
class Spoken:
    """One utterance of a recording.

    Attributes:
        start: Its first second in the recording.
        end: Its last second in the recording.
        words: What was said, with times on the recording's clock; empty where nobody knows.
        language: Of the words; "" where nobody knows.
        prediction: What it feels.
        measures: What the voice does; see emotion.cues.
    """

    start: float
    end: float
    words: tuple[Word, ...]
    language: str
    prediction: Prediction
    measures: Measures = NOTHING

    @property
    def text(self) -> str:
        """The words with spaces between them."""
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """The probability of the most probable emotion."""
        return self.prediction.confidence


@dataclass(frozen=True)
class Stretch:
    """What was found in the next stretch of a recording.

    Attributes:
        seconds: How much of the recording has been heard up to here.
        share: The same as a share of the file, 0 to 1.
        spoken: The utterances that ended in this stretch.
        clips: The voice of each of them.
        notices: What is new to be said of the whole recording.
    """

    seconds: float
    share: float
    spoken: tuple[Spoken, ...] = ()
    clips: tuple[Clip, ...] = ()
    notices: tuple[BadInput, ...] = ()


@dataclass
class Timeline:
    """What has been found of a recording so far; grows by stretches.

    Attributes:
        source: What the recording is called.
        checkpoint: The name of the model that judged.
        labels: The emotions that the model knows.
        seconds: How much of the recording has been heard.
        share: The same as a share of the file.
        spoken: The utterances in order; they never overlap.
        notices: What is missing, and why.
        whole: Whether the recording was heard to its end.
    """

    source: str
    checkpoint: str
    labels: tuple[str, ...]
    seconds: float = 0.0
    share: float = 0.0
    spoken: list[Spoken] = field(default_factory=list)
    notices: list[BadInput] = field(default_factory=list)
    whole: bool = False

    @classmethod
    def empty(cls, analyzer: Analyzer, source: str) -> Timeline:
        """Nothing heard yet of a recording of this name."""
        return cls(source, analyzer.name, tuple(analyzer.model.config.labels))

    def add(self, stretch: Stretch) -> None:
        """Takes in the next stretch, less the voices."""
        self.seconds, self.share = stretch.seconds, stretch.share
        self.spoken += stretch.spoken
        self.notices += stretch.notices
        self.whole = stretch.share == 1.0

    def cues(self, place: int) -> Cues:
        """What a voice does beside the other utterances, whoever speaks them.

        Where those are too few, it is beside typical voices of the sex whose pitch is nearer.
        """
        here = self.spoken[place].measures
        others = [each.measures for at, each in enumerate(self.spoken) if at != place]
        return compare(here, of_others(others, here.rate_by) or nearest(here))


def clock(seconds: float, digits: int = 0) -> str:
    """A time as people read it: 1:02:03, or 2:03.4 with a digit after the point.

    Example:
        >>> clock(3723), clock(59.96, 1)
        ('1:02:03', '1:00.0')
    """
    whole, rest = divmod(round(seconds * 10**digits), 10**digits)
    minutes, whole = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    front = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{front}:{whole:02}" + (f".{rest:0{digits}}" if digits else "")


def follow(
    analyzer: Analyzer, path: str | Path, *, words: bool = True, language: str | None = None
) -> Iterator[Stretch]:
    """Listens to a recording and tells of each stretch as soon as it is known.

    However long the recording is, at most STRETCH and the last decoded piece are held, 47 seconds
    or 3 MB of samples, with three copies of them while they are joined, searched for speech and
    written down. Each second is decoded once and judged once. To stop, ask for no further stretch.

    Args:
        analyzer: The model.
        path: The recording: WAV, AIFF, FLAC, MP3, AAC, M4A, OGG, MP4, MOV, MKV or WebM.
        words: False leaves the words out.
        language: "ko", "en", or None to find out stretch by stretch.

    Raises:
        BadInput: The file cannot be heard, or the model can judge nothing of it.
    """
    recording = Recording(path)
    listener = _Listener(analyzer, words, language)
    told, n_spoken = set[str](), 0
    for first, clip, utterances, final in _stretches(recording):
        spoken, clips = listener.hear(first, clip, utterances)
        n_spoken += len(spoken)
        notices = list(listener.notices)
        if recording.damaged:
            notices.append(BadInput("damaged_recording", name=recording.source))
        if final and not n_spoken and not notices:
            notices.append(BadInput("silent_recording", name=recording.source))
        new = tuple(notice for notice in notices if notice.code not in told)
        told |= {notice.code for notice in new}
        share = 1.0 if final else min(recording.share, 0.999)
        yield Stretch(first + clip.seconds, share, spoken, clips, new)


def _stretches(
    recording: Recording,
) -> Iterator[tuple[float, Clip, list[list[Region]], bool]]:
    """Stretches with their first second, the utterances that end in them, and which is the last.

    What may still go on is held back, and begins the next stretch.
    """
    held: list[np.ndarray] = []
    first = size = 0
    for block in recording.blocks():
        held.append(block)
        size += len(block)
        if size < STRETCH * RATE:
            continue
        clip = Clip(np.concatenate(held), recording.source)
        utterances, rest = finished(utterances_of(speech_regions(clip, LONGEST)), clip.seconds)
        yield first / RATE, clip, utterances, False
        kept = round(rest * 1000) * RATE // 1000  # whole milliseconds, as times are told
        held = [clip.samples[kept:].copy()]
        first, size = first + kept, size - kept
    clip = Clip(np.concatenate(held), recording.source)
    yield first / RATE, clip, utterances_of(speech_regions(clip, LONGEST)), True


class _Listener:
    """Words and feelings of the utterances of one recording.

    Attributes:
        notices: What could not be done, once each.
    """

    def __init__(self, analyzer: Analyzer, words: bool, language: str | None) -> None:
        self.analyzer = analyzer
        self.language = language
        self.notices: list[BadInput] = []
        config = analyzer.model.config
        self.reads = words and "words" in config.sides
        if not {"voice", *(("words", "both") if self.reads else ())} & set(config.able):
            analyzer.model.refuse_untrained(analyzer.name, voice=True)

    def hear(
        self, first: float, clip: Clip, utterances: list[list[Region]]
    ) -> tuple[tuple[Spoken, ...], tuple[Clip, ...]]:
        """What is said in a stretch that begins at `first`, and the voice of each utterance."""
        if not utterances:
            return (), ()
        transcripts = self._words(clip, utterances)
        heard = []
        for regions, transcript in zip(utterances, transcripts, strict=True):
            start, end = regions[0].start, min(regions[-1].end, clip.seconds)
            voice = Clip(clip.samples[round(start * RATE) : round(end * RATE)].copy(), clip.source)
            given = Utterance(voice, transcript if transcript.words else None)
            if self._can_judge(given):
                own = [Region(each.start - start, each.end - start) for each in regions]
                heard.append((start, end, given, measure(voice, own, given.transcript)))
        predictions = self.analyzer.predict([given for _, _, given, _ in heard])
        spoken = tuple(
            _spoken(first, *each, prediction)
            for each, prediction in zip(heard, predictions, strict=True)
        )
        return spoken, tuple(given.clip for _, _, given, _ in heard if given.clip)

    def _words(self, clip: Clip, utterances: list[list[Region]]) -> list[Transcript]:
        """The words of each utterance; without Whisper there are none, and it is asked no more."""
        nothing = Transcript((), self.language or "", "whisper")
        if not self.reads:
            return [nothing] * len(utterances)
        regions = tuple(region for utterance in utterances for region in utterance)
        try:
            heard = self.analyzer.transcriber.transcribe(clip, regions, self.language)
        except BadInput as problem:
            if "voice" not in self.analyzer.model.config.able:
                raise  # nothing can be judged without them
            self.reads = False
            self.notices.append(problem)
            return [nothing] * len(utterances)
        starts = [utterance[0].start for utterance in utterances]
        of: list[list[Word]] = [[] for _ in utterances]
        for word in heard.words:
            of[max(bisect.bisect_right(starts, word.start or 0.0) - 1, 0)].append(word)
        return [Transcript(tuple(words), heard.language, "whisper") for words in of]

    def _can_judge(self, given: Utterance) -> bool:
        try:
            self.analyzer.row(given)
        except BadInput as problem:
            if all(problem.code != known.code for known in self.notices):
                self.notices.append(problem)
            return False
        return True


def _spoken(
    first: float, start: float, end: float, given: Utterance, does: Measures, feels: Prediction
) -> Spoken:
    words = given.transcript.words if given.transcript else ()
    on_the_clock = tuple(
        Word(word.text, _later(word.start, first), _later(word.end, first)) for word in words
    )
    language = given.transcript.language if given.transcript else ""
    start, end = round(first + start, 3), round(first + end, 3)
    return Spoken(start, end, on_the_clock, language, feels, does)


def _later(second: float | None, first: float) -> float | None:
    return None if second is None else round(first + second, 3)
