"""The Analyze tab: a voice and its words go in, what they feel and why comes out."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import gradio as gr
import plotly.graph_objects as go
from gradio.blocks import Block
from gradio.components.plot import PlotData
from plotly.io.json import to_json_plotly

from emotion import acoustics, figures
from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.explain import occlude
from emotion.model import ModelConfig
from emotion.model.fusion import MEETING
from emotion.ui import parts
from emotion.ui.strings import EXAMPLE_NAMES, TEXT, fault, notice
from emotion.ui.visit import Visit, forget, read

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
EVERY = "able_voice_words_both"  # the name in TEXT of what most models can be asked
MOST_LETTERS = 2000  # of typed words; half a minute of speech has a fifth of that
STAGES = {"decode": 0.05, "speech": 0.1, "transcribe": 0.25, "model": 0.9}  # share of the way
# One voice at a time, so that two cores answer each visitor soon instead of all late.
MODEL: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "model"}
REDRAWN = ("layer", "head", "moments_summary", "moments")  # with another direction, layer or head
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

# On a phone the results lie below the button; show them, unless there is a sentence beside it.
TO_RESULTS = """
() => {
  const said = document.querySelector("#message .message");
  const results = document.querySelector("#results");
  if (innerWidth < 900 && results && !said) results.scrollIntoView();
}
"""

log = logging.getLogger(__name__)
Made = TypeVar("Made", bound=Block)
Updates = dict[Block, Any]


def drawn(figure: go.Figure) -> PlotData:
    """A figure for the page, without the tool bar that would cover it."""
    content = figure.to_plotly_json() | {"config": {"displayModeBar": False}}
    return PlotData(type="plotly", plot=to_json_plotly(content))


def examples() -> list[dict[str, str]]:
    """The clips that come with the program: file, text, language, note."""
    listing = EXAMPLES / "examples.json"
    return json.loads(listing.read_text(encoding="utf-8")) if listing.exists() else []


def texts(language: str, config: ModelConfig) -> dict[str, dict[str, Any]]:
    """What each component says, by its name, around a model."""
    text = TEXT[language]
    asks = parts.able(config)
    said: dict[str, dict[str, Any]] = {
        "audio": {"label": text["audio"]},
        "words": {"label": text["words"], "placeholder": text["placeholder"]},
        "spoken": {
            "label": text["spoken"],
            "choices": [(text[f"spoken_{code}"], code) for code in ("auto", "ko", "en")],
        },
        "direction": {
            "label": text["direction"],
            "choices": [(text[way], way) for way in figures.DIRECTIONS],
        },
        "go": {"value": text["go"]},
        "check": {"value": text["occlusion_go"]},
        "table_fold": {"label": text["table"]},
        "places": {
            "value": drawn(figures.plane(None, language, config.labels)),
            "label": text["plane"],
        },
    }
    plain = "voice_alone layer head json csv bars plane moments occlusion"
    html = {
        "welcome": parts.welcome(language, config),
        "voice_step": parts.step("1", "voice_step", language, "voice_hint"),
        "words_step": parts.step("2", "words_step", language, "" if asks == EVERY else asks),
        "examples_title": parts.heading("examples", language, "examples_hint"),
        "bars_title": parts.heading("bars", language),
        "plane_title": parts.heading("plane", language),
        "moments_title": parts.heading("moments", language),
        "occlusion_title": parts.heading("occlusion", language, "occlusion_hint"),
        "details_title": parts.heading("details", language),
    }
    return {
        **said,
        **{name: {"label": text[name]} for name in plain.split()},
        **{name: {"value": content} for name, content in html.items()},
    }


class AnalyzeTab:
    """The components of the tab, what they say, and what happens when they are used."""

    def __init__(self, analyzer: Analyzer, language: gr.Radio, first: str) -> None:
        self.analyzer = analyzer
        self.config = analyzer.model.config
        self.meeting = self.config.fusion.kind in MEETING
        self.language = language
        self.parts: dict[str, Any] = {}  # Gradio gives components their events as it runs
        self.examples = examples()
        self.chips: list[gr.Button] = []
        self._said = texts(first, self.config)
        self.visit = gr.State(None, delete_callback=forget)
        with gr.Row(elem_classes="desk", equal_height=False):
            with gr.Column(scale=5, min_width=320, elem_classes="given"):
                self._lay_out_voice(first)
                self._lay_out_words()
            with gr.Column(scale=9, min_width=320, elem_classes="found"):
                with self._make(gr.Column, "welcome_card", elem_classes="card"):
                    self._make(gr.HTML, "welcome")
                    # Also fetches Plotly while the visitor speaks: results then show at once.
                    self._make(gr.Plot, "places", show_label=False, container=False)
                with self._make(gr.Column, "results", visible=False):
                    self._lay_out_what()
                    self._lay_out_why()
                    self._lay_out_details()
        self._connect()

    # ------------------------------------------------------------------------- layout

    def _make(self, kind: Callable[..., Made], name: str, **settings: object) -> Made:
        self.parts[name] = made = kind(**settings, **self._said.get(name, {}), elem_id=name)
        return made

    def _lay_out_voice(self, first: str) -> None:
        make = self._make
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "voice_step")
            make(gr.Audio, "audio", sources=["microphone", "upload"], type="filepath", buttons=[])
            if self.examples:
                make(gr.HTML, "examples_title", elem_classes="small-title")
                with gr.Row(elem_classes="chips"):
                    self.chips = [
                        gr.Button(_called(example, first), size="sm", min_width=60)
                        for example in self.examples
                    ]

    def _lay_out_words(self) -> None:
        make, reads = self._make, "words" in self.config.sides
        choice = reads and "voice" in self.config.able
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "words_step")
            make(gr.Textbox, "words", lines=3, max_lines=8, max_length=MOST_LETTERS, visible=reads)
            make(gr.Checkbox, "voice_alone", container=False, visible=choice)
            make(gr.Radio, "spoken", value="auto", elem_classes="segments", visible=reads)
            make(gr.Button, "go", variant="primary", size="lg")
            make(gr.HTML, "message")

    def _lay_out_what(self) -> None:
        make = self._make
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "headline")
        with make(gr.Column, "sides_card", elem_classes="card"):
            make(gr.HTML, "sides")
        with gr.Row(equal_height=True):
            with gr.Column(elem_classes="card", min_width=300):
                make(gr.HTML, "bars_title")
                make(gr.Plot, "bars", show_label=False, container=False)
            with gr.Column(elem_classes="card", min_width=300):
                make(gr.HTML, "plane_title")
                make(gr.Plot, "plane", show_label=False, container=False)
                make(gr.HTML, "plane_summary")

    def _lay_out_why(self) -> None:
        make, mean = self._make, {"value": "mean", "choices": ["mean"]}
        with make(gr.Column, "moments_card", elem_classes="card"):
            make(gr.HTML, "moments_title")
            make(gr.HTML, "moments_summary")
            with make(gr.Row, "choosers", elem_classes="choosers"):
                way = figures.DIRECTIONS[0]
                make(gr.Radio, "direction", value=way, elem_classes="segments", min_width=220)
                make(gr.Dropdown, "layer", **mean, filterable=False, min_width=90)
                make(gr.Dropdown, "head", **mean, filterable=False, min_width=90)
            make(gr.Plot, "moments", show_label=False, container=False)
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "occlusion_title")
            make(gr.Button, "check", size="md")
            make(gr.HTML, "occlusion_summary")
            make(gr.Plot, "occlusion", show_label=False, container=False, visible=False)

    def _lay_out_details(self) -> None:
        make = self._make
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "details_title")
            with gr.Row(elem_classes="downloads"):
                make(gr.DownloadButton, "json", size="md", min_width=120)
                make(gr.DownloadButton, "csv", size="md", min_width=120)
            with make(gr.Accordion, "table_fold", open=False):
                make(gr.HTML, "table")
            make(gr.HTML, "times")

    # ------------------------------------------------------------------------- what is shown

    @property
    def shown(self) -> list[Block]:
        """Everything that a result or a language changes."""
        return [*self.parts.values(), *self.chips]

    @property
    def choosers(self) -> list[Any]:
        """What decides how the moments are drawn."""
        return [self.parts[name] for name in ("direction", "layer", "head")]

    def speak(self, language: str) -> Updates:
        """Every label in the page's language."""
        said = texts(language, self.config).items()
        chips = zip(self.chips, self.examples, strict=False)  # no chips in a page without examples
        return {
            **{self.parts[name]: gr.update(**new) for name, new in said if name in self.parts},
            **{chip: gr.update(value=_called(example, language)) for chip, example in chips},
        }

    def show(
        self, visit: Visit | None, language: str, direction: str, layer: int | str, head: int | str
    ) -> Updates:
        """All results in the page's language; nothing where there are none yet."""
        p = self.parts
        if visit is None or visit.analysis is None:
            return {p["results"]: _seen(False), p["welcome_card"]: _seen(True)}
        found = visit.analysis
        both = len(found.alone) > 1
        return {
            p["welcome_card"]: _seen(False),
            p["results"]: _seen(True),
            p["headline"]: parts.headline(found, language),
            p["sides_card"]: _seen(both),
            p["sides"]: parts.sides(found, language),
            p["bars_title"]: parts.heading("bars", language, "bars_hint" if both else ""),
            p["bars"]: drawn(figures.bars(found, language)),
            p["plane"]: drawn(figures.plane(found, language)),
            p["plane_summary"]: parts.plane_summary(found, language),
            p["times"]: parts.times(found, language),
            p["table"]: parts.table(found, language),
            p["json"]: gr.update(value=visit.file("json"), label=TEXT[language]["json"]),
            p["csv"]: gr.update(value=visit.file("csv"), label=TEXT[language]["csv"]),
            **self._show_moments(visit, language, direction, layer, head),
            **self._show_occlusion(visit, language),
        }

    def _show_moments(
        self, visit: Visit, language: str, direction: str, layer: int | str, head: int | str
    ) -> Updates:
        p, found = self.parts, visit.analysis
        if found is None or found.clip is None:
            return {p["moments_card"]: _seen(False)}
        attention = found.attention
        # The two directions may have different numbers of layers.
        layers, heads = getattr(attention, direction).shape[:2] if attention else (0, 0)
        view = figures.View(direction, _one_of(layer, layers), _one_of(head, heads))
        figure = figures.moments(found, acoustics.curves(found.clip), language, view)
        title = "moments" if attention else "moments_voice"
        return {
            p["moments_card"]: _seen(True),
            p["moments_title"]: parts.heading(title, language),
            p["moments_summary"]: parts.moments_summary(found, language, view, self.meeting),
            p["choosers"]: _seen(attention is not None),
            p["layer"]: _numbered("layer", layers, view.layer, language),
            p["head"]: _numbered("head", heads, view.head, language),
            p["moments"]: drawn(figure),
        }

    def _show_occlusion(self, visit: Visit, language: str) -> Updates:
        p, found, lost = self.parts, visit.analysis, visit.occlusion
        if found is None or lost is None:
            return {p["occlusion_summary"]: "", p["occlusion"]: _seen(False)}
        figure = drawn(figures.occlusion(found, lost, language))
        return {
            p["occlusion_summary"]: parts.occlusion_summary(found, lost, language),
            p["occlusion"]: gr.update(visible=True, value=figure),
        }

    def _say(self, sentence: str, kind: str) -> Updates:
        return {self.parts["message"]: parts.message(sentence, kind)}

    # ------------------------------------------------------------------------- what happens

    def analyze(
        self,
        visit: Visit | None,
        audio: str | None,
        text: str | None,
        voice_alone: bool,
        spoken: str,
        language: str,
        direction: str,
        layer: int | str,
        head: int | str,
        progress: gr.Progress = gr.Progress(track_tqdm=True),  # noqa: B008 - Gradio finds it here
    ) -> Updates:
        """Analyzes, and shows what was found or what was wrong."""
        before, said = visit or Visit(), TEXT[language]
        after = Visit()
        try:
            after = read(
                self.analyzer,
                before,
                audio,
                (text or "") if "words" in self.config.sides else "",
                voice_alone=voice_alone,
                spoken=None if spoken == "auto" else spoken,
                progress=lambda stage: progress(STAGES[stage], desc=said[stage]),
            )
            shown = self.show(after, language, direction, layer, head)
        except BadInput as problem:
            return self._say(fault(problem.code, problem.facts, language), "fault")
        except Exception:
            log.exception("The analysis failed.")
            forget(Visit(folder=after.folder))
            return self._say(said["broken"], "fault")
        forget(replace(before, audio=None if before.audio == audio else before.audio))
        return {**shown, **self._say_words(after, language), self.visit: after}

    def check(
        self,
        visit: Visit | None,
        language: str,
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds it here
    ) -> Updates:
        """Takes parts away one at a time, and shows what that costs."""
        said = TEXT[language]
        if visit is None or visit.analysis is None:
            return self._say(said["gone"], "fault")
        try:
            lost = occlude(
                self.analyzer,
                visit.analysis,
                lambda share: progress(share, desc=said["occluding"]),
            )
            after = replace(visit, occlusion=lost)
            return {**self._show_occlusion(after, language), self.visit: after}
        except Exception:
            log.exception("The occlusion failed.")
            return self._say(said["broken"], "fault")

    def listen(self, visit: Visit | None, audio: str | None) -> Updates:
        """Makes room for a new voice: the words of the old one no longer belong."""
        before = visit or Visit()
        if audio == before.audio:  # as when the visitor only looks at the other way to give one
            return {self.visit: before}
        forget(Visit(audio=before.audio))
        after = replace(before, audio=audio, heard=None, stale=True)
        return {self.parts["words"]: "", self.visit: after}

    def redraw(
        self, visit: Visit | None, language: str, direction: str, layer: int | str, head: int | str
    ) -> Updates:
        """The moments figure in another direction, layer or head."""
        if visit is None or visit.analysis is None:
            return self._say(TEXT[language]["gone"], "fault")
        shown = self._show_moments(visit, language, direction, layer, head)
        changed = [self.parts[name] for name in REDRAWN]
        return {part: shown[part] for part in changed if part in shown}

    def _say_words(self, visit: Visit, language: str) -> Updates:
        """The words that were heard, or beside their box why there are none."""
        found = visit.analysis
        problem = found.notice if found else None
        whisper = problem is not None and problem.code.startswith("whisper")
        said = self._say(notice(problem, language) if problem and whisper else "", "note")
        if found and found.transcript:
            said[self.parts["words"]] = found.transcript.text
        return said

    # ------------------------------------------------------------------------- events

    def _connect(self) -> None:
        p, private = self.parts, {"api_visibility": "private"}
        given = [self.visit, p["audio"], p["words"], p["voice_alone"], p["spoken"]]
        run: dict[str, Any] = {
            "fn": self.analyze,
            "inputs": [*given, self.language, *self.choosers],
            "outputs": [*p.values(), self.visit],
            "show_progress_on": p["message"],
            **MODEL,
            **private,
        }
        show: dict[str, Any] = {"fn": None, "js": TO_RESULTS}
        p["go"].click(**run).then(**show)
        p["words"].submit(**run).then(**show)
        p["audio"].input(self.listen, given[:2], [p["words"], self.visit], **QUIET)
        p["voice_alone"].input(
            lambda alone: gr.update(interactive=not alone), p["voice_alone"], p["words"], **QUIET
        )
        for chooser in self.choosers:
            chooser.input(
                self.redraw,
                [self.visit, self.language, *self.choosers],
                [*(p[name] for name in REDRAWN), p["message"]],
                **QUIET,
            )
        p["check"].click(
            self.check,
            [self.visit, self.language],
            [p["occlusion"], p["occlusion_summary"], p["message"], self.visit],
            show_progress_on=p["occlusion_summary"],
            **MODEL,
            **private,
        )
        for chip, example in zip(self.chips, self.examples, strict=False):
            chip.click(_taker(example), None, given[1:4], **QUIET).then(**run).then(**show)


def _taker(example: dict[str, str]) -> Callable[[], tuple[str, dict[str, Any], bool]]:
    def take() -> tuple[str, dict[str, Any], bool]:
        words = gr.update(value=example["text"], interactive=True)
        return str(EXAMPLES / example["file"]), words, False

    return take


def _called(example: dict[str, str], language: str) -> str:
    return EXAMPLE_NAMES[language].get(example["file"], example["text"])


def _numbered(name: str, n: int, chosen: int | None, language: str) -> dict[str, Any]:
    """A list of layers or heads, with their mean before them."""
    numbers: Sequence[tuple[str, int | str]] = [(str(index + 1), index) for index in range(n)]
    return gr.update(
        label=TEXT[language][name],
        choices=[(TEXT[language]["mean"], "mean"), *numbers],
        value="mean" if chosen is None else chosen,
    )


def _one_of(chosen: int | str, n: int) -> int | None:
    """The layer or head that was chosen; None for their mean, and where there is no such one."""
    return chosen if isinstance(chosen, int) and chosen < n else None


def _seen(visible: bool) -> dict[str, Any]:
    return gr.update(visible=visible)
