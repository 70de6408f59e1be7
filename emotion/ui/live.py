"""The Live tab: what a voice feels while it is still speaking."""

import functools
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from emotion import figures
from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.live import Live, Reading
from emotion.ui import parts, scripts
from emotion.ui.board import Board, Updates
from emotion.ui.ear import Ear, Noted, forget, uploaded
from emotion.ui.strings import LANGUAGES, TEXT, fault
from emotion.ui.visit import hold, release

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
FOUND = ("live_message", "live_now", "live_words", "live_rolling", "live_plane")
PROBLEMS = ("live_refused", "live_no_device", "live_insecure")

log = logging.getLogger(__name__)


class LiveTab(Board):
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
        super().__init__(_texts, first)
        self.ear = gr.State(None, delete_callback=forget)  # written by what hears
        self.due = gr.State("")  # changes when there is something to judge
        self._lay_out(first)
        self._connect()

    @property
    def shown(self) -> list[Any]:
        """Everything that a language changes."""
        return [part for name, part in self.parts.items() if name != "live_noted"]

    @property
    def found(self) -> list[Any]:
        """What a reading changes; the microphone would hold its chunks back meanwhile."""
        return [self.parts[name] for name in FOUND]

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
        chunks = uploaded(noted)
        if noted is None or self.left(session):
            release(functools.reduce(hold, (path for _, path in chunks), ()))
            return ear, ""
        take = noted.get("take", 0)
        if ear is None or ear.take < take:
            forget(ear)
            ear = self._begin(take)
        if ear.take == take:  # and not the last of a recording before
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
        return {
            p["live_message"]: self._message(ear, language),
            p["live_now"]: parts.now(readings[-1] if readings else None, language),
            p["live_words"]: parts.heard(live.words if live else (), language),
            p["live_rolling"]: self._rolling(live, language),
            p["live_plane"]: self._plane(readings, language),
        }

    def _rolling(self, live: Live | None, language: str) -> str:
        labels = self.analyzer.model.config.labels
        readings, window = (live.readings, live.window()) if live else ((), None)
        return figures.rolling(readings, window, language, labels)

    def _plane(self, readings: Sequence[Reading], language: str) -> str:
        trail = [reading.prediction for reading in readings if reading.prediction]
        return figures.wandering(trail, language, self.analyzer.model.config.labels)

    def _message(self, ear: Ear | None, language: str) -> str:
        config = self.analyzer.model.config
        if ear is None and "voice" not in config.able:
            return parts.message(TEXT[language][parts.able(config)], "note")
        return _messages(ear, language)

    # ------------------------------------------------------------------------- the components

    def _lay_out(self, first: str) -> None:
        make = self._make
        able = "voice" in self.analyzer.model.config.able
        with gr.Row(elem_classes="desk", equal_height=False):
            with gr.Column(scale=5, min_width=320, elem_classes="given"):
                with gr.Column(elem_classes="card"):
                    make(gr.HTML, "live_title")
                    make(gr.Audio, "live_audio", sources=["microphone"], streaming=True,
                         type="filepath", buttons=[], visible=able)  # fmt: skip
                    make(gr.HTML, "live_message", value=self._message(None, first))
                    make(gr.JSON, "live_noted", visible=False)
                with gr.Column(elem_classes="card"):
                    make(gr.HTML, "live_now", value=parts.now(None, first))
                    make(gr.HTML, "live_plane", value=self._plane((), first))
            with gr.Column(scale=9, min_width=320, elem_classes="card"):
                make(gr.HTML, "live_rolling_title")
                make(gr.HTML, "live_rolling", value=self._rolling(None, first))
                make(gr.HTML, "live_words")

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
        self.due.change(self.judge, [self.ear, self.language], self.found, **JUDGE)


def _texts(language: str) -> dict[str, dict[str, Any]]:
    """What each component says, by its name."""
    text = TEXT[language]
    return {
        "live_title": {"value": parts.heading("live", language, "live_hint")},
        "live_audio": {"label": text["live"]},
        "live_rolling_title": {"value": parts.heading("live_rolling", language)},
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
    notes = [fault(problem.code, problem.facts, language)] if problem else []
    notes += [TEXT[language]["live_lost"]] if ear.lost else []
    return parts.message(loud, "fault") + "".join(parts.message(note, "note") for note in notes)
