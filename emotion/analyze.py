"""The whole way: a voice, words, body signals go in; an Analysis comes out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
import torch

from emotion import audio as hearing
from emotion import checkpoint as checkpoints
from emotion.analysis import Analysis, Prediction, Utterance
from emotion.attention import attention
from emotion.audio import Clip
from emotion.batches import batches
from emotion.careful import careful
from emotion.containers import last_part
from emotion.errors import BadInput
from emotion.model import Output, Row, collate
from emotion.model.config import SIDES
from emotion.speech import Region, speech_regions
from emotion.timeline import Timeline, follow
from emotion.transcribe import Transcriber
from emotion.transcript import Transcript, typed, uttered

Audio = str | Path | bytes | tuple[int, np.ndarray] | Clip


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
        self.split = checkpoint.split
        self.folder = checkpoint.folder
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

    @cached_property
    def digest(self) -> str:
        """What tells its weights from all others."""
        return checkpoints.digest(self.model)

    def analyze(
        self,
        audio: Audio | None = None,
        text: str | Transcript | None = None,
        *,
        body: np.ndarray | None = None,
        words: bool = True,
        language: str | None = None,
        progress: Callable[[str], None] | None = None,
    ) -> Analysis:
        """Analyzes one utterance.

        Args:
            audio: A path, the bytes of a file, samples as (rate, array), or a Clip. Files are WAV,
                AIFF, FLAC, MP3, AAC, M4A, OGG, MP4, MOV, MKV or WebM.
            text: What was said; None asks Whisper, for a model that reads words.
            body: What was measured of the body; see Utterance.
            words: False leaves the words out.
            language: "ko", "en", or None to find out.
            progress: Called with each stage's name as it begins.

        Raises:
            BadInput: The sound or the words cannot be used; its text says what to do.
        """
        clock = _Clock(progress)
        clip, regions = self._listen(audio, clock)
        notice = BadInput("no_speech") if clip and not regions else None
        transcript = None
        if words:
            transcript, failure = self._words(clip, regions, text, language, clock)
            notice = failure or notice
        try:
            with clock.stage("model"):
                analysis = self._judge(Utterance(clip, transcript, body))
        except BadInput as untrained:
            raise notice or untrained from None  # what kept the words out says more
        return replace(
            analysis, regions=regions, notice=notice or analysis.notice, seconds=clock.seconds
        )

    def timeline(
        self,
        path: str | Path,
        *,
        words: bool = True,
        language: str | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> Timeline:
        """Hears a recording of any length, utterance by utterance.

        emotion.timeline.follow does the same a stretch at a time.

        Args:
            path: The recording: WAV, AIFF, FLAC, MP3, AAC, M4A, OGG, MP4, MOV, MKV or WebM.
            words: False leaves the words out.
            language: "ko", "en", or None to find out.
            progress: Called with the share that is done, 0 to 1.

        Raises:
            BadInput: The recording cannot be heard, or the model can judge nothing of it.
        """
        found = Timeline.empty(self, last_part(str(path)))
        for stretch in follow(self, path, words=words, language=language):
            found.add(stretch)
            if progress:
                progress(stretch.share)
        return found

    def _listen(self, audio: Audio | None, clock: _Clock) -> tuple[Clip | None, tuple[Region, ...]]:
        if audio is None:
            return None, ()
        with clock.stage("decode"):
            clip = hearing.load(audio)
        with clock.stage("speech"):
            return clip, speech_regions(clip)

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
            if not isinstance(text, Transcript):
                text = typed(uttered(text or ""), language or "")
            return (text if text.words else None), None
        if "words" not in self.model.config.sides:
            return None, None
        with clock.stage("transcribe"):
            try:
                transcript = self.transcriber.transcribe(clip, regions, language)
            except BadInput as problem:
                return None, problem
        return (transcript if transcript.words else None), None

    @torch.inference_mode()
    def _judge(self, utterance: Utterance) -> Analysis:
        clip, row = utterance.clip, self.row(utterance)
        inputs = collate([row]).to(self.device)
        given = tuple(side for side in SIDES if getattr(row, side) is not None)
        meet = row.voice is not None and row.words is not None
        with self._precision():
            sides = self.model.encode(inputs)
            output = self.model.fuse(sides, attention=meet)
            alone = {
                side: self._predictions(self.model.fuse(sides.only(side)))[0]
                for side in given
                if side in self.model.config.able
            }
        transcript = utterance.transcript if row.words else None
        words = [word.text for word in transcript.words] if transcript else []
        prediction = self._predictions(output)[0]
        return Analysis(
            source=clip.source if clip else "typed words" if transcript else "body signals",
            prediction=prediction,
            alone=alone,
            sides=given,
            attention=attention(output, clip, words) if clip and meet else None,
            clip=clip,
            transcript=transcript,
            body=utterance.body,
            notice=careful(self, utterance, row, prediction),
            checkpoint=self.name,
        )

    def predict(self, utterances: Sequence[Utterance]) -> list[Prediction]:
        """Judges many utterances; the results are in the order given."""
        return self.predict_rows([self.row(utterance) for utterance in utterances])

    def notice(self, utterance: Utterance, prediction: Prediction, spoken: bool) -> BadInput | None:
        """What to be careful about in what predict says of an utterance.

        `spoken` is whether somebody speaks in its clip.
        """
        if utterance.clip and not spoken:
            return BadInput("no_speech")
        return careful(self, utterance, self.row(utterance), prediction)

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
        for batch in batches(rows):
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
        """What collate takes: what is given, less the sides that the model has not.

        Raises:
            BadInput: There is nothing, or a combination of sides the model was not made for.
        """
        clip, transcript, body = utterance.clip, utterance.transcript, utterance.body
        given = {
            "voice": clip is not None,
            "words": transcript is not None and bool(transcript.words),
            "body": body is not None and not np.isnan(body).all(),
        }
        if not any(given.values()):
            raise BadInput("no_input")
        read = {side: given[side] and side in self.model.config.sides for side in SIDES}
        self.model.refuse_untrained(self.name, **(read if any(read.values()) else given))
        encoded = None
        if read["words"] and transcript and self.tokenizer:
            encoded = self.tokenizer.encode([word.text for word in transcript.words])
        return Row(
            clip.samples if read["voice"] and clip else None,
            encoded,
            self._measured(body) if read["body"] and body is not None else None,
            utterance.unusual if read["voice"] else None,
        )

    def _measured(self, body: np.ndarray) -> np.ndarray:
        wanted = self.model.config.body
        if wanted and body.shape != (wanted.features,):
            reason = f"it holds {body.size} features and the model needs {wanted.features}"
            raise BadInput("bad_signals", name="body", reason=reason)
        return body.astype(np.float32)

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
