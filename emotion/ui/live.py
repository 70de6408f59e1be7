"""The Live tab: what a voice feels while it is still speaking."""

import functools
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from emotion import audio, figures
from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.live import Live
from emotion.ui import parts, scripts
from emotion.ui.desk import Updates, drawn
from emotion.ui.strings import LANGUAGES, TEXT, fault
from emotion.ui.visit import hold, release, sweep

EVERY = 0.25  # seconds of sound that the browser sends at a time
LISTENERS = 8  # visitors who are heard at once; the next ones wait
# What is recorded is taken at once, and judged apart from that: while one is under way, only the
# last of those that wait is kept.
HEAR: dict[str, Any] = {
    "stream_every": EVERY,
    "concurrency_limit": LISTENERS,
    "concurrency_id": "hear",
    "show_progress": "hidden",
    "api_visibility": "private",
}
JUDGE: dict[str, Any] = {
    "concurrency_limit": 2,
    "concurrency_id": "judge",
    "trigger_mode": "always_last",
    "show_progress": "hidden",
    "api_visibility": "private",
}
PROBLEMS = ("live_refused", "live_no_device", "live_insecure")

Noted = dict[str, Any]  # which recording it is, and its last chunks: [number, path]

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Ear:
    """What one visitor is heard with, from a press of the button on.

    Attributes:
        take: Which press it was.
        live: What listens; None where the model cannot.
        held: The chunks on the disk.
        number: That of the last chunk which was heard.
        problem: What is wrong with what came, if anything is.
    """

    take: int
    live: Live | None = None
    held: tuple[str, ...] = ()
    number: int = 0
    problem: BadInput | None = None

    def hear(self, chunks: Sequence[tuple[int, str]]) -> None:
        """Takes those of the chunks that the browser has recorded since it was last asked."""
        for number, path in chunks:
            if number > self.number:
                self.number = number
                self.held = hold(self.held, path)
                self._hear(Path(path))

    def _hear(self, chunk: Path) -> None:
        try:
            for rate, samples in audio.pieces(chunk.read_bytes()):
                if self.live:
                    self.live.hear(rate, samples)
            self.problem = None if self.live else self.problem
        except BadInput as wrong:
            self.problem = wrong
        except OSError:  # the very same silence was heard before, and deleted
            log.warning("A chunk of sound was no longer there.")


def forget(ear: Ear | None) -> None:
    """Ends what listens to somebody who has left, and deletes what they said."""
    if ear:
        if ear.live:
            ear.live.close()
        release(ear.held)
        sweep()


def _uploaded(noted: Noted | None) -> list[tuple[int, str]]:
    """The chunks, less what is none: the list comes from the browser, and could name any file."""
    uploads = Path(get_upload_folder()).resolve()
    return [
        (number, path)
        for number, path in (noted or {}).get("chunks", ())
        if uploads in Path(path).resolve().parents and Path(path).suffix == ".wav"
    ]


class LiveTab:
    """The components of the tab, and what happens with them.

    Attributes:
        parts: The components by their names.
    """

    def __init__(
        self, analyzer: Analyzer, language: gr.Radio, first: str, left: Callable[[str], bool]
    ) -> None:
        """Lays the tab out.

        Args:
            analyzer: The model.
            language: The page's language.
            first: What it is at first.
            left: Whether the visitor of a session has gone.
        """
        self.analyzer = analyzer
        self.language = language
        self.left = left
        self.parts: dict[str, Any] = {}
        self.ear = gr.State(None, delete_callback=forget)  # written by what hears
        self.due = gr.State("")  # changes when there is something to judge
        self._lay_out(first)
        self._connect()

    @property
    def shown(self) -> list[Any]:
        """Everything that a reading or a language changes."""
        return [part for name, part in self.parts.items() if name != "live_noted"]

    def speak(self, language: str) -> Updates:
        """Every label in the page's language; what was found is drawn by show()."""
        said = _texts(language).items()
        return {self.parts[name]: gr.update(**new) for name, new in said}

    # ------------------------------------------------------------------------- what happens

    def hear(
        self, ear: Ear | None, noted: Noted | None, request: gr.Request
    ) -> tuple[Ear | None, str]:
        """Takes what was recorded, and says which moment it reaches.

        Args:
            ear: What listens to this visitor.
            noted: Which recording it is, and its last chunks, by number and path.
            request: Whose they are.
        """
        session = request.session_hash or ""
        chunks = _uploaded(noted)
        if noted is None or self.left(session):
            release(functools.reduce(hold, (path for _, path in chunks), ()))
            return ear, ""
        if ear is None or ear.take != noted.get("take"):
            forget(ear)
            ear = self._begin(noted.get("take", 0))
        ear.hear(chunks)
        if self.left(session):
            forget(ear)
        moment = ear.live.due if ear.live else 0
        return ear, f"{ear.take} {moment} {ear.problem.code if ear.problem else ''}"

    def _begin(self, take: int) -> Ear:
        try:
            return Ear(take, Live(self.analyzer))
        except BadInput as unable:
            return Ear(take, problem=unable)

    def judge(self, ear: Ear | None, language: str) -> Updates:
        """Reads the moments that have passed, and draws them."""
        if ear is None or ear.live is None:
            return self.show(ear, language)
        try:
            ear.live.read()
            return self.show(ear, language)
        except Exception:
            log.exception("A moment could not be read.")
            return {self.parts["live_message"]: parts.message(TEXT[language]["broken"], "fault")}

    def show(self, ear: Ear | None, language: str) -> Updates:
        """What was found in the last half minute; nothing where nobody has spoken yet."""
        p, live = self.parts, ear.live if ear else None
        readings = live.readings if live else ()
        config = self.analyzer.model.config
        labels, able = config.labels, "voice" in config.able
        trail = [reading.prediction for reading in readings if reading.prediction]
        window = live.window() if live else None
        return {
            p["live_message"]: _messages(ear, language) if able or ear else self._unable(language),
            p["live_now"]: parts.now(readings[-1] if readings else None, language),
            p["live_words"]: parts.heard(live.words if live else (), language),
            p["live_rolling"]: drawn(figures.rolling(readings, window, language, labels)),
            p["live_plane"]: drawn(figures.wandering(trail, language, labels)),
        }

    # ------------------------------------------------------------------------- the components

    def _make(self, kind: Callable[..., Any], name: str, first: str, **settings: object) -> None:
        said = _texts(first).get(name, {})
        self.parts[name] = kind(**{**said, **settings}, elem_id=name)

    def _lay_out(self, first: str) -> None:
        make, labels = self._make, self.analyzer.model.config.labels
        able = "voice" in self.analyzer.model.config.able
        plot: dict[str, Any] = {"show_label": False, "container": False}
        empty = drawn(figures.wandering((), first, labels))
        with gr.Row(elem_classes="desk", equal_height=False):
            with gr.Column(scale=5, min_width=320, elem_classes="given"):
                with gr.Column(elem_classes="card"):
                    make(gr.HTML, "live_title", first)
                    make(gr.Audio, "live_audio", first, sources=["microphone"], streaming=True,
                         type="filepath", buttons=[], visible=able)  # fmt: skip
                    make(gr.HTML, "live_message", first, value="" if able else self._unable(first))
                    make(gr.JSON, "live_noted", first, visible=False)
                with gr.Column(elem_classes="card"):
                    make(gr.HTML, "live_now", first, value=parts.now(None, first))
                    make(gr.Plot, "live_plane", first, value=empty, **plot)
            with gr.Column(scale=9, min_width=320, elem_classes="card"):
                make(gr.HTML, "live_rolling_title", first)
                blank = drawn(figures.rolling((), None, first, labels))
                make(gr.Plot, "live_rolling", first, value=blank, **plot)
                make(gr.HTML, "live_words", first)

    def _unable(self, language: str) -> str:
        text = TEXT[language][parts.able(self.analyzer.model.config)]
        return parts.message(text, "note")

    def _connect(self) -> None:
        p = self.parts
        said = {
            code: {key: parts.message(TEXT[code][key], "fault") for key in PROBLEMS}
            for code in LANGUAGES
        }
        # First, because the next one waits for the microphone, and so would this one behind it.
        longer = scripts.LONGER.replace("EVERY", str(EVERY))
        p["live_audio"].start_recording(None, None, p["live_audio"], js=longer)
        p["live_audio"].start_recording(
            None, self.language, [p["live_noted"], p["live_message"]],
            js=scripts.BEGIN.replace("SAID", json.dumps(said)),
        )  # fmt: skip
        noted = p["live_noted"]
        p["live_audio"].stream(None, [p["live_audio"], noted], noted, js=scripts.NOTE)
        p["live_audio"].stream(
            self.hear,
            [self.ear, noted],
            [self.ear, self.due],
            **HEAR,
        )
        self.due.change(self.judge, [self.ear, self.language], self.shown, **JUDGE)


def _texts(language: str) -> dict[str, dict[str, Any]]:
    """What each component says, by its name."""
    text = TEXT[language]
    return {
        "live_title": {"value": parts.heading("live", language, "live_hint")},
        "live_audio": {"label": text["live"]},
        "live_rolling_title": {"value": parts.heading("live_rolling", language)},
        "live_rolling": {"label": text["live_rolling"]},
        "live_plane": {"label": text["plane"]},
    }


def _messages(ear: Ear | None, language: str) -> str:
    """What is wrong, or could be better."""
    if ear is None:
        return ""
    if ear.problem:
        return parts.message(fault(ear.problem.code, ear.problem.facts, language), "fault")
    found = ear.live.readings[-1:] if ear.live else ()
    loud = TEXT[language]["live_clipped"] if found and found[0].clipped else ""
    problem = ear.live.scribe.problem if ear.live and ear.live.scribe else None
    kept_out = fault(problem.code, problem.facts, language) if problem else ""
    return parts.message(loud, "fault") + parts.message(kept_out, "note")
