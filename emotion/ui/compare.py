"""The Compare tab: one clip goes in, what several models say of it comes out side by side."""

import logging
from typing import Any

import gradio as gr

from emotion import figures
from emotion.compare import Comparison
from emotion.errors import BadInput
from emotion.transcript import MOST_LETTERS
from emotion.ui import parts, verdicts
from emotion.ui.board import Board, Updates
from emotion.ui.compare_text import COMPARE
from emotion.ui.desk import drawn, seen
from emotion.ui.events import PAGE
from emotion.ui.offer import Offer
from emotion.ui.strings import TEXT, fault
from emotion.ui.theme import WAVE
from emotion.ui.visit import hold, release

# Apart from the page's own model, whose visitors must not wait until another is fetched.
COMPARING: dict[str, Any] = {
    "concurrency_limit": 1,
    "concurrency_id": "compare",
    "api_visibility": "private",
}

log = logging.getLogger(__name__)


def texts(language: str, single: bool) -> dict[str, dict[str, Any]]:
    """What each component says, by its name."""
    text = COMPARE[language]
    said: dict[str, dict[str, Any]] = {
        name: {"label": text[name]} for name in ("audio", "words", "voice_alone", "models", "hub")
    }
    said["words"]["placeholder"] = text["placeholder"]
    said["hub"]["placeholder"] = text["hub_hint"]
    said["go"] = {"value": text["go"]}
    said["only"] = {"value": parts.message(text["only"], "calm") if single else ""}
    said["step"] = {"value": _heading(text["step"], text["hint"])}
    said["welcome"] = {"value": _heading(text["welcome"], text["welcome_hint"])}
    said["figure_title"] = {"value": _heading(text["figure"], text["figure_hint"])}
    said["figure"] = {"label": text["figure"]}
    said["table_fold"] = {"label": text["table"]}
    return said


def _heading(title: str, hint: str) -> str:
    return f"<h2>{title}</h2><p class='hint'>{hint}</p>"


class CompareTab(Board):
    """What lies on the tab, and what happens when it is used.

    Attributes:
        offer: The models.
        parts: The components by their names.
        found: What was found last; written by what runs the models.
        held: The voices on the disk; written when one is given.
    """

    def __init__(self, offer: Offer, language: gr.Radio, first: str) -> None:
        self.offer = offer
        self.language = language
        self.single = len(offer.names) == 1 and not offer.any_of_the_hub
        super().__init__(lambda language: texts(language, self.single), first, "compare_")
        with gr.Row(elem_classes="desk", equal_height=False):
            with gr.Column(scale=5, min_width=300, elem_classes="given"):
                self._lay_out_given()
            with gr.Column(scale=9, min_width=320, elem_classes="found"):
                self._lay_out_found()
        self.found = gr.State(None)
        self.held = gr.State((), delete_callback=release)
        self._connect()

    def compare(
        self,
        audio: str | None,
        words: str | None,
        voice_alone: bool,
        chosen: list[str],
        hub: str | None,
        language: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds it here
    ) -> Updates:
        """Asks the chosen models; drawing what they say is the next event's."""
        asked: list[str] = []

        def tell(name: str) -> None:
            asked.append(name)
            share = (len(asked) - 0.5) / max(len(chosen), len(asked))
            doing = "asking" if self.offer.ready(name) else "loading"
            progress(share, desc=COMPARE[language][doing].format(name=name))

        try:
            found = self.offer.compare(chosen, hub or "", audio, words, tell, words=not voice_alone)
        except BadInput as wrong:
            return self._say(fault(wrong.code, wrong.facts, language))
        except Exception:
            log.exception("The models could not be compared.")
            return self._say(TEXT[language]["broken"])
        return {self.found: found, **self._say("")}

    def show(self, found: Comparison | None, language: str) -> Updates:
        """What was found, in the page's language; nothing where there is nothing yet."""
        p = self.parts
        if found is None:
            return {p["results"]: seen(False), p["welcome_card"]: seen(True)}
        some = bool(found.said)
        return {
            p["welcome_card"]: seen(False),
            p["results"]: seen(True),
            p["headline"]: verdicts.headline(found, language),
            p["models_said"]: verdicts.models(found, language),
            p["figure_card"]: seen(some),
            p["figure"]: drawn(figures.compared(found, language)) if some else None,
            p["apart_card"]: seen(len(found.said) > 1),
            p["apart"]: verdicts.apart(found, language),
            p["table"]: verdicts.table(found, language),
        }

    def _say(self, sentence: str) -> Updates:
        return {self.parts["message"]: parts.message(sentence, "fault")}

    def _lay_out_given(self) -> None:
        make, names = self._make, list(self.offer.names)
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "step")
            given = {"sources": ["microphone", "upload"], "type": "filepath", "buttons": []}
            make(gr.Audio, "audio", **given, waveform_options=WAVE)
            make(gr.Textbox, "words", lines=2, max_lines=6, max_length=MOST_LETTERS)
            make(gr.Checkbox, "voice_alone", container=False)
            make(gr.CheckboxGroup, "models", choices=names, value=names)
            make(gr.Textbox, "hub", max_length=400, visible=self.offer.any_of_the_hub)
            make(gr.HTML, "only", visible=self.single)
            make(gr.Button, "go", variant="primary", size="lg")
            make(gr.HTML, "message")

    def _lay_out_found(self) -> None:
        make = self._make
        with make(gr.Column, "welcome_card", elem_classes="card"):
            make(gr.HTML, "welcome")
        with make(gr.Column, "results", visible=False):
            with gr.Column(elem_classes="card"):
                make(gr.HTML, "headline")
                make(gr.HTML, "models_said")
            with make(gr.Column, "figure_card", elem_classes="card"):
                make(gr.HTML, "figure_title")
                make(gr.Plot, "figure", show_label=False, container=False)
                with make(gr.Accordion, "table_fold", open=False):
                    make(gr.HTML, "table")
            with make(gr.Column, "apart_card", elem_classes="card"):
                make(gr.HTML, "apart")

    def _connect(self) -> None:
        p = self.parts
        held = PAGE | {"concurrency_id": "held", "trigger_mode": "multiple"}
        p["audio"].change(hold, [self.held, p["audio"]], self.held, **held)
        given = ("audio", "words", "voice_alone", "models", "hub")
        gr.on(
            [p["go"].click, p["words"].submit, p["hub"].submit],
            self.compare,
            [*(p[name] for name in given), self.language],
            [self.found, p["message"]],
            show_progress_on=p["message"],
            **COMPARING,
        )
        self.found.change(self.show, [self.found, self.language], self.shown, **PAGE)
