"""What programs may ask for: what the page does, each under a name, with JSON in return.

The same are tools for whoever speaks MCP. All else that the page sends is its own.
"""

import asyncio
import csv
from collections.abc import AsyncIterator
from pathlib import Path

import gradio as gr

from emotion import tables
from emotion.analysis import Analysis
from emotion.analyze import Analyzer
from emotion.body import examine, told
from emotion.body.told import UNITS
from emotion.bundle import unpacked
from emotion.errors import BadInput, of_many
from emotion.explain import occlude
from emotion.export import FORMATS
from emotion.export.rows import as_dict
from emotion.score import MEETING, score
from emotion.timeline import Timeline, follow
from emotion.ui.alternatives import Alternatives
from emotion.ui.asked import LANGUAGES, PUBLIC, Found, answered, several, spoken
from emotion.ui.events import MODEL
from emotion.ui.evidence import AGAINST, chosen
from emotion.ui.offer import Offer
from emotion.ui.timeline import HEARING

HUNDRED = 100  # parts of the way that are told of
# Half an hour of clips keeps the page's own visitors waiting no longer than its next 64 rows.
BATCH = {"concurrency_limit": 1, "concurrency_id": "batch"}


class Api:
    """The named endpoints around a model; nothing of them is to be seen on the page."""

    def __init__(self, analyzer: Analyzer, offer: Offer) -> None:
        self.analyzer = analyzer
        self.alternatives = Alternatives(analyzer, offer)
        with gr.Column(visible=False):
            press, found = gr.Button(), gr.JSON(label="What was found")
            audio = gr.Audio(label="A clip of sound or video", type="filepath")
            recording = gr.File(label="A sound or video file of any length")
            manifest = gr.File(label="A CSV, or a zip of clips with or without one")
            text = gr.Textbox("", label="What was said")
            words = gr.Checkbox(True, label="Whether words are read")
            language = gr.Radio(LANGUAGES, value="auto", label="Of the speech")
            against = gr.Radio(AGAINST, value="auto", label="What cues are set against")
            formats = several(list(FORMATS), [], "Files of other programs")
            transcribe = gr.Checkbox(False, label="Whether missing words are heard")
            signals = gr.File(label="A CSV of ECG, EDA and temperature, or a zip of several")
            columns = gr.Textbox("", label="Which column is which")
            rates = gr.Textbox("", label="Values a second")
            unit = gr.Radio(UNITS, value="auto", label="Of times that are numbers")
            segment = gr.Textbox("", label="Of a session's files")
            offset = gr.Number(0, label="Second of the signals at which the voice begins")
        given = [audio, text, words, language]
        for name, inputs, where in (
            ("analyze", [*given, against], MODEL),
            ("occlude", given, MODEL),
            ("timeline", [recording, words, language, formats], HEARING),
            ("score", [manifest, transcribe], BATCH),
            ("body", [signals, *given, columns, rates, unit, segment, offset], MODEL),
        ):
            press.click(getattr(self, name), inputs, found, api_name=name, **(where | PUBLIC))

    def analyze(
        self,
        audio: str | None = None,
        text: str = "",
        words: bool = True,
        language: str = "auto",
        against: str = "auto",
    ) -> Found:
        """Finds what a voice and its words feel, together and apart.

        Give a clip of speech, a text, or both. Of a clip, the first half minute is heard.

        Args:
            audio: A clip of speech: WAV, AIFF, FLAC, MP3, AAC, M4A, OGG, MP4, MOV, MKV or WebM.
            text: What was said; empty to have it written down from the clip.
            words: False judges the voice alone.
            language: "ko", "en", or "auto" to find out; of the speech.
            against: What the voice's cues are set against: typical clips of women ("female"), of \
men ("male"), or "auto" for those whose pitch is nearer.

        Returns:
            label, probabilities (summing to 1), valence and arousal (-1 to 1), alone (the same of \
each side), transcript, attention of words and moments, cues of the voice, and notice (what to be \
careful about).
        """
        with answered():
            found = self._analysis(audio, text, words, language)
            does = found.measures
            return tables.as_dict(found, chosen(does, against) if does else None)

    def occlude(
        self,
        audio: str | None = None,
        text: str = "",
        words: bool = True,
        language: str = "auto",
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds it here
    ) -> Found:
        """Finds which words and moments the feeling hangs on, by taking each away in turn.

        Takes as long as analyzing it some dozens of times.

        Args:
            audio: A clip of speech: WAV, AIFF, FLAC, MP3, AAC, M4A, OGG, MP4, MOV, MKV or WebM.
            text: What was said; empty to have it written down from the clip.
            words: False judges the voice alone.
            language: "ko", "en", or "auto" to find out; of the speech.
            progress: Hears how far it is.

        Returns:
            what analyze returns, and occlusion: label, and the probability of that label lost \
without each of the words and without each quarter second of the moments.
        """
        with answered():
            analysis = self._analysis(audio, text, words, language)
            found = occlude(self.analyzer, analysis, lambda share: _tell(progress, share))
            lost = tables.occlusion_as_dict(analysis, found)
            return tables.as_dict(analysis) | {"occlusion": lost}

    async def timeline(
        self,
        recording: str,
        words: bool = True,
        language: str = "auto",
        formats: list[str] | None = None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds it here
    ) -> AsyncIterator[Found]:
        """Finds what is felt in each utterance of a long recording.

        Tells all that is known so far after each half minute, so that whoever stops keeps that.

        Args:
            recording: A sound or video file of any length, up to 200 MB.
            words: False judges the voice alone, which is much faster.
            language: "ko", "en", or "auto" to find out; of the speech.
            formats: Which files of other programs are made of it: "csv", "srt", "vtt", \
"TextGrid" (Praat), "eaf" (ELAN).
            progress: Hears how far it is.

        Returns:
            seconds heard, whole (whether to the end), notices, and utterances: start, end, text, \
words with times, predicted, p_ and each label, valence, arousal, confidence; and files: the \
content of each format that was asked for.
        """
        with answered():
            if not recording:
                raise BadInput("no_input")
            found = Timeline.empty(self.analyzer, Path(recording).name)
            stretches = follow(self.analyzer, recording, words=words, language=spoken(language))
            # In a thread of its own, so that whoever cancels need not wait for a stretch to end.
            while stretch := await asyncio.to_thread(next, stretches, None):
                found.add(stretch)
                _tell(progress, stretch.share)
                files = {name: FORMATS[name](found) for name in formats or ()}
                yield as_dict(found) | {"files": files}

    def score(
        self,
        manifest: str,
        transcribe: bool = False,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds it here
    ) -> Found:
        """Finds what each of many clips and texts feels.

        A row that cannot be read gets its error, and the others go on.

        Args:
            manifest: A CSV with the columns audio and text, and speaker where each voice is to be \
heard against its speaker's others, or a zip of clips with or without one.
            transcribe: True has the words of rows without any written down, which takes long.
            progress: Hears how far it is.

        Returns:
            rows, failed (how many have an error), notices (what holds for all of them, as that no \
words could be heard), and results: each row's own columns, then predicted, p_ and each label, \
valence, arousal, notice (what to be careful about), error.
        """
        with answered():
            if not manifest:
                raise BadInput("no_input")
            return self._scored(manifest, transcribe, progress)

    def body(
        self,
        signals: str,
        audio: str | None = None,
        text: str = "",
        words: bool = True,
        language: str = "auto",
        columns: str = "",
        rates: str = "",
        unit: str = "auto",
        segment: str = "",
        offset: float = 0.0,
    ) -> Found:
        """Measures an ECG, the skin's conductance and its temperature, beside a voice or alone.

        Where the model takes signals of a body, it is also found what is felt.

        Args:
            signals: A CSV with columns such as time, ecg, eda, temperature, or a zip of several, \
as of a session of KEMDy or of an Empatica E4.
            audio: The voice that was heard meanwhile: only then is measured.
            text: What was said; empty to have it written down from the clip.
            words: False leaves the words out.
            language: "ko", "en", or "auto" to find out; of the speech.
            columns: Which column is which, as "ecg=HEART, time=t"; empty to find out.
            rates: Values a second, as "250" or "ecg=250, eda=4"; empty to find out.
            unit: "s", "ms", "us", "ns", "min", "h", or "auto" to find out; of times that are
                numbers.
            segment: Which stretch of a session's files; empty for the one called as the clip.
            offset: The second of the signals at which the voice begins.

        Returns:
            signals (column, rate, start, seconds of each), beats (seconds), features (None where \
not measurable), notices, and analysis: what analyze returns, or None with the reason in notices.
        """
        with answered():
            found = examine(
                self.analyzer,
                [signals] if signals else [],
                audio,
                (text or "").strip() or None,
                told=told(columns or "", rates or "", unit or "auto", segment or ""),
                offset=offset or 0.0,
                words=words,
                language=spoken(language),
            )
            return tables.examined_as_dict(found)

    def _analysis(self, audio: str | None, text: str, words: bool, language: str) -> Analysis:
        said = (text or "").strip() or None
        return self.analyzer.analyze(
            audio, said if words else None, words=words, language=spoken(language)
        )

    def _scored(self, manifest: str, transcribe: bool, progress: gr.Progress) -> Found:
        notices: list[str] = []
        with unpacked(manifest) as path:
            output = path.with_name(f".{path.name}.scored")
            rows, failed = score(
                self.analyzer,
                path,
                output,
                transcribe,
                lambda done, rows: progress((done, rows), unit="rows"),
                within=path.parent,
                say=lambda problem: notices.append(of_many(problem)),
                met=lambda done, clips: progress((done, clips), desc=MEETING, unit="clips"),
            )
            with output.open(encoding="utf-8-sig", newline="") as file:
                results = [self._numbered(row) for row in csv.DictReader(file)]
        return {"rows": rows, "failed": failed, "notices": notices, "results": results}

    def _numbered(self, row: dict[str, str]) -> Found:
        """A row of what was written, with numbers where there are numbers, None where nothing."""
        names = tables.columns(self.analyzer.model.config.labels)
        numbers = {name: float(row[name]) if row[name] else None for name in names[1:]}
        empty = {name: row[name] or None for name in (names[0], "notice", "error")}
        return row | numbers | empty


def _tell(progress: gr.Progress, share: float) -> None:
    progress((round(share * HUNDRED), HUNDRED), unit="%")
