"""The components of the Body tab, where they lie, and how what was measured is shown on them."""

from html import escape
from typing import Any

import gradio as gr

from emotion import figures
from emotion.body import Examined, Files, takes_body, words
from emotion.body.names import TIME
from emotion.body.told import UNITS
from emotion.model import ModelConfig
from emotion.transcript import MOST_LETTERS
from emotion.ui import parts
from emotion.ui.board import Board, Updates
from emotion.ui.body_text import BODY
from emotion.ui.desk import drawn, seen
from emotion.ui.strings import TEXT, notice

TOLD = ("ecg", "eda", "temperature", TIME)  # whose columns may be chosen
NONE = "–"


def texts(language: str, config: ModelConfig) -> dict[str, dict[str, Any]]:
    """What each component says, by its name, around a model."""
    text = BODY[language]
    plain = ("files", "voice", "offset", *TOLD, "segment")
    reads = text["takes" if takes_body(config) else "takes_not"]
    return {
        **{name: {"label": text[name]} for name in plain},
        "words": {"label": text["words"], "placeholder": TEXT[language]["placeholder"]},
        "rates": {"label": text["rates"], "placeholder": text["rates_placeholder"]},
        "unit": {"label": text["unit"], "choices": [(text[unit], unit) for unit in UNITS]},
        "told": {"label": text["told"]},
        "told_hint": {"value": _hint(text["told_hint"])},
        "go": {"value": text["go"]},
        "signals_step": {"value": _heading("signals_step", language, "signals_hint")},
        "voice_step": {"value": _heading("voice_step", language, "voice_hint")},
        "welcome": {"value": _heading("welcome", language, "welcome_hint") + _hint(reads)},
        "features_title": {"value": _heading("features", language)},
        "figure": {"label": text["figure"]},
        "bars_title": {"value": parts.heading("bars", language, "bars_hint")},
    }


class Bench(Board):
    """Everything that lies on the tab.

    Attributes:
        parts: The components by their names.
        config: What the model is.
    """

    def __init__(self, config: ModelConfig, first: str) -> None:
        self.config = config
        super().__init__(lambda language: texts(language, self.config), first, "body_")
        with gr.Row(elem_classes="desk", equal_height=False):
            with gr.Column(scale=5, min_width=320, elem_classes="given"):
                self._lay_out_given()
            with gr.Column(scale=9, min_width=320, elem_classes="found"):
                with self._make(gr.Column, "welcome_card", elem_classes="card"):
                    self._make(gr.HTML, "welcome")
                with self._make(gr.Column, "results", visible=False):
                    self._lay_out_found()

    def found(self, files: Files | None) -> Updates:
        """Which columns there are to choose from, and which were found to be what."""
        p = self.parts
        if files is None:
            none: Updates = {p[name]: gr.update(choices=[], value=None) for name in TOLD}
            return {**none, p["segment"]: gr.update(choices=[], value=None, visible=False)}
        chosen = {name: each.label for name, each in files.chosen().items()}
        chosen |= {TIME: files.time or ""}
        nothing = [(NONE, "")]
        labels = [(label, label) for label in files.labels]
        times = [(files.time, files.time)] if files.time else []
        choices = {name: [*nothing, *labels, *(times if name == TIME else [])] for name in TOLD}
        segments = files.segments
        return {
            **{
                p[name]: gr.update(choices=choices[name], value=chosen.get(name, ""))
                for name in TOLD
            },
            p["segment"]: gr.update(
                choices=[(NONE, ""), *segments], value="", visible=bool(segments)
            ),
            # Where nothing was found, somebody has to choose.
            p["told"]: gr.update() if files.chosen() else gr.update(open=True),
        }

    def results(self, examined: Examined | None, language: str) -> Updates:
        """What was measured, in the page's language; nothing where there is nothing yet."""
        p, text = self.parts, BODY[language]
        if examined is None:
            return {p["results"]: seen(False), p["welcome_card"]: seen(True)}
        figure = figures.body(examined.recorded.body, examined.clip, examined.regions, language)
        title = "figure" if examined.clip else "figure_alone"
        return {
            p["welcome_card"]: seen(False),
            p["results"]: seen(True),
            p["figure_title"]: f"<h2>{text[title]}</h2>{_hint(text['figure_hint'])}",
            p["figure"]: drawn(figure),
            p["sources"]: sources(examined, language),
            p["features"]: features(examined, language),
            **self._judged(examined, language),
        }

    def _judged(self, examined: Examined, language: str) -> Updates:
        p, analysis = self.parts, examined.analysis
        if analysis is None:
            said = notice(examined.notice, language) if examined.notice else ""
            return {
                p["judged"]: seen(False),
                p["notice"]: parts.message(said, "note"),
            }
        several = len(analysis.alone) > 1
        problem = analysis.notice  # of others than the recognizer's the headline speaks
        unheard = problem if problem and problem.code.startswith("whisper") else None
        return {
            p["judged"]: seen(True),
            p["notice"]: parts.message(notice(unheard, language), "note") if unheard else "",
            p["headline"]: parts.headline(analysis, language),
            p["sides"]: parts.sides(analysis, language) if several else "",
            p["bars_title"]: parts.heading("bars", language, "bars_hint" if several else ""),
            p["bars"]: drawn(figures.bars(analysis, language)),
        }

    def _lay_out_given(self) -> None:
        make = self._make
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "signals_step")
            make(gr.File, "files", file_count="multiple", height=140)
            make(gr.Dropdown, "segment", visible=False, value=None, choices=[])
            with make(gr.Accordion, "told", open=False):
                make(gr.HTML, "told_hint")
                with gr.Row():
                    for name in TOLD:
                        make(gr.Dropdown, name, choices=[], value=None, min_width=130)
                make(gr.Dropdown, "unit", value="auto")
                make(gr.Textbox, "rates", max_lines=1, max_length=100)
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "voice_step")
            make(gr.File, "voice", height=140)
            make(gr.Number, "offset", value=0, step=0.1)
            reads = takes_body(self.config) and "words" in self.config.sides
            make(gr.Textbox, "words", lines=2, max_length=MOST_LETTERS, visible=reads)
            make(gr.Button, "go", variant="primary", size="lg")
            make(gr.HTML, "message")

    def _lay_out_found(self) -> None:
        make = self._make
        make(gr.HTML, "notice")
        with make(gr.Column, "judged", visible=False):
            with gr.Column(elem_classes="card"):
                make(gr.HTML, "headline")
                make(gr.HTML, "sides")
            with gr.Column(elem_classes="card"):
                make(gr.HTML, "bars_title")
                make(gr.Plot, "bars", show_label=False, container=False)
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "figure_title")
            make(gr.Plot, "figure", show_label=False, container=False)
            make(gr.HTML, "sources")
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "features_title")
            make(gr.HTML, "features")


def _heading(title: str, language: str, hint: str = "") -> str:
    text = BODY[language]
    return f"<h2>{text[title]}</h2>{_hint(text[hint]) if hint else ''}"


def _hint(sentence: str) -> str:
    return f"<p class='hint'>{sentence}</p>"


def sources(examined: Examined, language: str) -> str:
    """From which column each signal was taken, how fast it is, and what was odd in it."""
    text, found = BODY[language], examined.recorded
    lines = []
    for name, signal in found.body.there.items():
        facts: dict[str, object] = {
            "name": words.NAMES[language][name],
            "column": escape(found.columns[name]),
            "rate": f"{signal.rate:.4g}",
            "seconds": f"{len(signal.values) / signal.rate:.1f}",
            "n": len(signal.values),
        }
        said = text["source" if signal.at is None else "source_beats"].format(**facts)
        lines.append(f"<li data-signal='{name}'>{said}</li>")
    notes = "".join(parts.message(notice(each, language), "note") for each in found.notices)
    return f"<ul class='times'>{''.join(lines)}</ul>{notes}"


def features(examined: Examined, language: str) -> str:
    """Every feature with its unit, as a table."""
    text, found = BODY[language], examined.recorded
    key = "segment" if found.segment else "hint" if examined.clip else "whole"
    said = text[f"features_{key}"].format(segment=escape(found.segment))
    rows = "".join(
        f"<tr data-feature='{each.key}'><th scope='row'>{each.name}</th><td>{each.number}</td></tr>"
        for each in words.told(examined.features, language)
    )
    return (
        f"{_hint(said + ' ' + text['medical'])}<table class='numbers'><thead><tr>"
        f"<th scope='col'>{text['feature']}</th><th scope='col'>{text['value']}</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )
