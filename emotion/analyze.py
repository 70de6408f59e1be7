"""The whole way: a voice, words, or both go in; an Analysis comes out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import torch

from emotion import audio as hearing
from emotion import checkpoint as checkpoints
from emotion.audio import Clip, Region
from emotion.errors import BadInput
from emotion.model import Inputs, Output, Row, collate
from emotion.model.config import SIDES
from emotion.transcribe import Transcriber, Transcript, typed

BATCH_SECONDS = 120.0  # of padded voice in one batch: bounds memory whatever the number of clips
WITHOUT_VOICE = 3.0  # seconds that a row of words alone counts for in that bound

Audio = str | Path | bytes | tuple[int, np.ndarray] | Clip


@dataclass(frozen=True)
class Utterance:
    """What the model is given: a voice, words, or both."""

    clip: Clip | None = None
    transcript: Transcript | None = None


@dataclass(frozen=True)
class Prediction:
    """What a voice, words, or both feel.

    Attributes:
        probabilities: One for each label, summing to 1.
        valence: Between unpleasant (-1) and pleasant (1).
        arousal: Between calm (-1) and excited (1).
    """

    probabilities: dict[str, float]
    valence: float
    arousal: float

    @property
    def label(self) -> str:
        """The most probable emotion."""
        return max(self.probabilities, key=lambda name: self.probabilities[name])


@dataclass(frozen=True)
class Attention:
    """Which words met which moments of the voice.

    Attributes:
        words: The words that the model read.
        frames: Start and end second of each state of the voice, `[frames, 2]`.
        words_to_voice: How much each word looked at each moment, `[layers, heads, words, frames]`;
            each row over the moments sums to 1.
        voice_to_words: How much each moment looked at each word, `[layers, heads, frames, words]`;
            each row over the words sums to 1.
    """

    words: tuple[str, ...]
    frames: np.ndarray
    words_to_voice: np.ndarray
    voice_to_words: np.ndarray


@dataclass(frozen=True)
class Analysis:
    """Everything that was found out about one utterance.

    Attributes:
        source: What the utterance was called.
        prediction: What voice and words say together, or the one that is there.
        alone: What "voice" and "words" each say alone; only the sides that are there and that the
            model can judge alone.
        attention: Words against moments; None unless both sides are there.
        clip: The voice, if there is one.
        regions: Where speech was found in it.
        transcript: The words, if there are any.
        notice: What kept words out though they were wanted, if anything did.
        seconds: How long each stage took.
        checkpoint: The name of the model that spoke.
    """

    source: str
    prediction: Prediction
    alone: dict[str, Prediction]
    attention: Attention | None = None
    clip: Clip | None = None
    regions: tuple[Region, ...] = ()
    transcript: Transcript | None = None
    notice: BadInput | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    checkpoint: str = ""


class Analyzer:
    """A model, its tokenizer and a transcriber, ready to listen.

    Example:
        >>> from emotion import Analyzer
        >>> Analyzer.load().analyze(text="I am so happy to see you").prediction.label
        'happy'
    """

    def __init__(
        self,
        checkpoint: checkpoints.Checkpoint,
        device: str | None = None,
        transcriber: Transcriber | None = None,
    ) -> None:
        self.name = checkpoint.name
        self.tokenizer = checkpoint.tokenizer
        self.device = torch.device(device) if device else checkpoints.best_device()
        self.model = checkpoint.model.to(self.device).eval()
        self.transcriber = transcriber or Transcriber()

    @classmethod
    def load(
        cls,
        checkpoint: str | Path = "default",
        device: str | None = None,
        transcriber: Transcriber | None = None,
    ) -> Analyzer:
        """Loads a model by the name of a shipped one, a folder, or a hub's id."""
        return cls(checkpoints.load(checkpoint), device, transcriber)

    def analyze(
        self,
        audio: Audio | None = None,
        text: str | Transcript | None = None,
        *,
        words: bool = True,
        language: str | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> Analysis:
        """Analyzes one utterance.

        Args:
            audio: A path, the bytes of a file, samples as (rate, array), or a Clip.
            text: What was said; None asks Whisper.
            words: False leaves the words out: the voice alone is judged.
            language: "ko", "en", or None to find out.
            progress: Called with each stage's name as it begins.

        Raises:
            BadInput: The sound or the words cannot be used; its text says what to do.
        """
        clock = _Clock(progress)
        clip, regions = self._listen(audio, clock)
        notice = BadInput("no_speech") if clip and not regions else None
        transcript = None
        if words and "words" in self.model.config.sides:
            transcript, failure = self._words(clip, regions, text, language, clock)
            notice = failure or notice
        with clock.stage("model"):
            analysis = self._judge(Utterance(clip, transcript))
        return replace(
            analysis, regions=regions, notice=notice or analysis.notice, seconds=clock.seconds
        )

    def _listen(self, audio: Audio | None, clock: _Clock) -> tuple[Clip | None, tuple[Region, ...]]:
        if audio is None:
            return None, ()
        with clock.stage("decode"):
            clip = hearing.load(audio)
        with clock.stage("speech"):
            return clip, hearing.speech_regions(clip)

    def _words(
        self,
        clip: Clip | None,
        regions: tuple[Region, ...],
        text: str | Transcript | None,
        language: str | None,
        clock: _Clock,
    ) -> tuple[Transcript | None, BadInput | None]:
        """The words, or None and what kept them out."""
        if text is not None or clip is None:
            transcript = text if isinstance(text, Transcript) else typed(text or "", language or "")
            return (transcript if transcript.words else None), None
        with clock.stage("transcribe"):
            try:
                transcript = self.transcriber.transcribe(clip, regions, language)
            except BadInput as problem:
                return None, problem
        return (transcript if transcript.words else None), None

    @torch.inference_mode()
    def _judge(self, utterance: Utterance) -> Analysis:
        clip, transcript = utterance.clip, utterance.transcript
        row = self.row(utterance)
        inputs = collate([row]).to(self.device)
        with self._precision():
            sides = self.model.encode(inputs)
            output = self.model.fuse(sides, attention=clip is not None and bool(transcript))
            alone = {
                side: self._predictions(self.model.fuse(sides.only(side)))[0]
                for side in SIDES
                if getattr(row, side) is not None and side in self.model.config.combinations
            }
        n_read = max(row.words.words) + 1 if row.words else 0
        return Analysis(
            source=clip.source if clip else "typed words",
            prediction=self._predictions(output)[0],
            alone=alone,
            attention=_attention(output, inputs, clip, transcript),
            clip=clip,
            transcript=transcript,
            notice=BadInput("words_cut") if transcript and n_read < len(transcript.words) else None,
            checkpoint=self.name,
        )

    def predict(self, utterances: Sequence[Utterance]) -> list[Prediction]:
        """Judges many utterances; the results are in the order given."""
        return self.predict_rows([self.row(utterance) for utterance in utterances])

    @torch.inference_mode()
    def predict_rows(
        self, rows: Sequence[Row], progress: Callable[[float], None] | None = None
    ) -> list[Prediction]:
        """Judges what row() made, batched by length; `progress` hears the share that is done.

        A row of nothing at all (the last word taken away) is judged as likely one as another.
        """
        labels = self.model.config.labels
        nothing = Prediction(dict.fromkeys(labels, 1 / len(labels)), 0.0, 0.0)
        found = [nothing] * len(rows)
        done = 0
        for batch in _batches(rows):
            inputs = collate([rows[index] for index in batch]).to(self.device)
            with self._precision():
                predictions = self._predictions(self.model(inputs))
            for index, prediction in zip(batch, predictions, strict=True):
                found[index] = prediction
            done += len(batch)
            if progress:
                progress(done / len(rows))
        return found

    def row(self, utterance: Utterance) -> Row:
        """What collate takes; BadInput for a combination of sides the model was not made for."""
        clip, transcript = utterance.clip, utterance.transcript
        if clip is None and not (transcript and transcript.words):
            raise BadInput("no_input")
        self.model.refuse_untrained(self.name, clip is not None, transcript is not None)
        encoded = None
        if transcript and self.tokenizer:
            encoded = self.tokenizer.encode([word.text for word in transcript.words])
        return Row(clip.samples if clip else None, encoded)

    def _precision(self) -> torch.autocast:
        """Half-size floats on a GPU, whole ones on a CPU."""
        gpu = self.device.type == "cuda"
        return torch.autocast(self.device.type, torch.bfloat16, enabled=gpu)

    def _predictions(self, output: Output) -> list[Prediction]:
        shares = self.model.probabilities(output).tolist()
        labels = self.model.config.labels
        return [
            Prediction(dict(zip(labels, share, strict=True)), valence, arousal)
            for share, (valence, arousal) in zip(shares, output.affect.tolist(), strict=True)
        ]


class _Clock:
    """Times each stage, and tells the listener when it begins."""

    def __init__(self, progress: Callable[[str], None] | None) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        if self.progress:
            self.progress(name)
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start


def _batches(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Groups rows of like length, each group within BATCH_SECONDS of padded voice."""
    lengths = [
        len(row.voice) / hearing.RATE if row.voice is not None else WITHOUT_VOICE for row in rows
    ]
    batch: list[int] = []
    something = [index for index, row in enumerate(rows) if row.voice is not None or row.words]
    for index in sorted(something, key=lambda index: lengths[index]):
        if batch and (len(batch) + 1) * lengths[index] > BATCH_SECONDS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _attention(
    output: Output, inputs: Inputs, clip: Clip | None, transcript: Transcript | None
) -> Attention | None:
    if output.weights is None or clip is None or transcript is None:
        return None
    word_of = inputs.words[0].cpu()
    n_words = int(word_of.max()) + 1
    member = (word_of[:, None] == torch.arange(n_words)).float()  # [tokens, words]
    to_voice = output.weights.words_to_voice[0].float().cpu()
    to_words = output.weights.voice_to_words[0].float().cpu()
    # A word looks as its tokens do on average; what its tokens receive is the word's together.
    mean = (member / member.sum(0)).T
    return Attention(
        words=tuple(word.text for word in transcript.words[:n_words]),
        frames=output.sides.voice.span[0].cpu().numpy().clip(max=clip.seconds),
        words_to_voice=(mean @ to_voice).numpy(),
        voice_to_words=(to_words @ member).numpy(),
    )
