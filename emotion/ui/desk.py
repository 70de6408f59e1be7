"""The components of the Analyze tab, where they lie, and what they say in each language."""

import json
from pathlib import Path
from typing import Any

import gradio as gr
import plotly.graph_objects as go
from gradio.blocks import Block
from gradio.components.plot import PlotData
from plotly.io.json import to_json_plotly

from emotion import figures
from emotion.model import ModelConfig
from emotion.model.fusion import MEETING
from emotion.transcript import MOST_LETTERS
from emotion.ui import evidence, parts
from emotion.ui.about_text import EXAMPLE_NAMES
from emotion.ui.board import Board, Updates
from emotion.ui.cues_text import CUES
from emotion.ui.strings import TEXT
from emotion.ui.theme import WAVE
from emotion.ui.whatif_text import WHATIF
from emotion.whatif import LOUDNESS, PITCH

EXAMPLES = Path(__file__).parents[2] / "assets" / "examples"
EVERY = "able_voice_words_both"  # the name in TEXT of what most models can be asked
# What of a result can be changed, and how that shows.
CHANGED = ("words", "start", "end", "pitch", "loudness", "voice", "figure")


def drawn(figure: go.Figure) -> PlotData:
    """A figure for the page, without the tool bar that would cover it."""
    content = figure.to_plotly_json() | {"config": {"displayModeBar": False}}
    return PlotData(type="plotly", plot=to_json_plotly(content))


def seen(visible: bool) -> dict[str, Any]:
    """Shows or hides a part."""
    return gr.update(visible=visible)


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
        "against": {
            "label": CUES[language]["against"],
            "choices": [(CUES[language][whose], whose) for whose in evidence.AGAINST],
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
        "cues_title": evidence.heading(language),
        "occlusion_title": parts.heading("occlusion", language, "occlusion_hint"),
        "details_title": parts.heading("details", language),
        "if_title": _whatif_heading(language, config),
    }
    changed = {f"if_{name}": {"label": WHATIF[language][name]} for name in CHANGED}
    for name in ("reset", "hear"):
        changed[f"if_{name}"] = {"value": WHATIF[language][name]}
    return {
        **changed,
        **said,
        **{name: {"label": text[name]} for name in plain.split()},
        **{name: {"value": content} for name, content in html.items()},
    }


class Desk(Board):
    """Everything that lies on the tab around a model.

    Attributes:
        parts: The components by their names.
        chips: The examples.
        config: What the model is.
        meeting: Whether it lets words and moments look at each other.
    """

    def __init__(self, config: ModelConfig, first: str) -> None:
        self.config = config
        self.meeting = config.fusion.kind in MEETING
        self.examples = examples()
        self.chips: list[gr.Button] = []
        super().__init__(lambda language: texts(language, self.config), first)
        with gr.Row(elem_classes="desk", equal_height=False):
            with gr.Column(scale=5, min_width=320, elem_classes="given"):
                self._lay_out_voice()
                self._lay_out_words()
                if self.examples:
                    self._lay_out_examples(first)
            with gr.Column(scale=9, min_width=320, elem_classes="found"):
                with self._make(gr.Column, "welcome_card", elem_classes="card"):
                    self._make(gr.HTML, "welcome")
                    # Also fetches Plotly while the visitor speaks: results then show at once.
                    self._make(gr.Plot, "places", show_label=False, container=False)
                with self._make(gr.Column, "results", visible=False):
                    self._lay_out_what()
                    self._lay_out_why()
                    self._lay_out_whatif()
                    self._lay_out_details()

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
        chips = zip(self.chips, self.examples, strict=False)  # no chips in a page without examples
        called = {chip: gr.update(value=_called(example, language)) for chip, example in chips}
        return super().speak(language) | called

    def _lay_out_voice(self) -> None:
        make = self._make
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "voice_step")
            given = {"sources": ["microphone", "upload"], "type": "filepath", "buttons": []}
            make(gr.Audio, "audio", **given, waveform_options=WAVE)

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
            # What was read last, for the scripts: its voice, the words sent, the words found.
            make(gr.JSON, "read", visible=False)

    def _lay_out_examples(self, first: str) -> None:
        with gr.Column(elem_classes="card"):
            self._make(gr.HTML, "examples_title")
            with gr.Row(elem_classes="chips"):
                self.chips = [
                    gr.Button(_called(example, first), size="sm", min_width=60)
                    for example in self.examples
                ]

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
        with make(gr.Column, "cues_card", elem_classes="card"):
            make(gr.HTML, "cues_title")
            make(gr.Radio, "against", value=evidence.AGAINST[0], elem_classes="segments")
            make(gr.HTML, "cues")
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "occlusion_title")
            make(gr.Button, "check", size="md")
            make(gr.HTML, "occlusion_summary")
            make(gr.Plot, "occlusion", show_label=False, container=False, visible=False)

    def _lay_out_whatif(self) -> None:
        make, config = self._make, self.config
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "if_title")
            reads = "words" in config.sides
            make(gr.Textbox, "if_words", lines=2, max_length=MOST_LETTERS, visible=reads)
            hears = {"visible": "voice" in config.sides}
            stretch = {"minimum": 0, "maximum": 30, "step": 0.01, "min_width": 200, **hears}
            with gr.Row(elem_classes="sliders"):
                make(gr.Slider, "if_start", value=0, **stretch)
                make(gr.Slider, "if_end", value=0, **stretch)
            with gr.Row(elem_classes="sliders"):
                for name, most in (("if_pitch", PITCH), ("if_loudness", LOUDNESS)):
                    limits = {"minimum": -most, "maximum": most, "step": 0.5, "value": 0}
                    make(gr.Slider, name, **limits, min_width=200, **hears)
            with gr.Row(elem_classes="downloads"):
                make(gr.Button, "if_reset", size="md")
                make(gr.Button, "if_hear", size="md", visible=False)
            plays = {"interactive": False, "autoplay": True, "buttons": [], "visible": False}
            make(gr.Audio, "if_voice", **plays, waveform_options=WAVE)
            make(gr.HTML, "if_found", visible=False)
            make(gr.Plot, "if_figure", show_label=False, container=False, visible=False)

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


def _whatif_heading(language: str, config: ModelConfig) -> str:
    text = WHATIF[language]
    hint = text["hint" if "voice" in config.sides else "hint_words"]
    return f"<h2>{text['title']}</h2><p class='hint'>{hint}</p>"


def _called(example: dict[str, str], language: str) -> str:
    return EXAMPLE_NAMES[language].get(example["file"], example["text"])
