"""The components of the Review tab, where they lie, and what they say in each language."""

from typing import Any

import gradio as gr
from gradio.blocks import Block

from emotion import figures
from emotion.labels import LABELS
from emotion.review.opinion import LONGEST_NOTE
from emotion.review.seat import ORDERS
from emotion.ui.board import Board
from emotion.ui.review import instruments
from emotion.ui.review.text import REVIEW

# What decides, with the key that does the same; and what is told of every other key.
BUTTONS = {"keep": "K", "relabel": "Enter", "unclear": "U", "skip": "S", "undo": "Z"}
KEYS = (
    ("Space", "key_play"), ("[ ]", "key_loop"), ("L", "key_whole"), (", .", "key_seek"),
    ("1 – 7", "key_labels"), ("← ↑ → ↓", "key_place"), ("X", "key_clear"), ("N", "key_note"),
)  # fmt: skip
EXPORTS = ("csv", "json", "events", "report", "studio")
# What the page itself puts in its place, see review.scripts; it comes with the part named "turn":
# another clip is to come at once, and each part that an event names takes Gradio a while.
PIECES = ("message", "progress", "sight", "player", "opinions", "conflict_list")
FILES = [".csv", ".json", ".zip"]


def texts(language: str) -> dict[str, dict[str, Any]]:
    """What each component says, by its name."""
    text = REVIEW[language]
    plain = "project name file server transcribe order label rater blind autoplay copies labels"
    names = [(f"{n}  {figures.name(label, language)}", label) for n, label in enumerate(LABELS, 1)]
    return {
        **{name: {"label": text[name]} for name in (*plain.split(), "note", "figure")},
        **{name: {"value": text[name]} for name in ("begin", "go", "stop", *EXPORTS)},
        **{name: {"value": f"{text[name]} · {key}"} for name, key in BUTTONS.items()},
        "next": {"value": f"{text['next']} · Enter"},
        "intake": {"label": text["intake"]},
        "intake_hint": {"value": _hint(text["intake_hint"])},
        "conflict_fold": {"label": text["conflict_list"]},
        "agreement_fold": {"label": text["agreement_fold"]},
        "labels": {"label": text["labels"], "choices": names},
        "queue_title": {"value": f"<h2>{text['queue']}</h2>"},
        "export_title": {"value": f"<h2>{text['export']}</h2>{_hint(text['export_hint'])}"},
        "plane_title": {"value": f"<h3>{text['plane']}</h3>"},
        "figure_title": {"value": f"<h2>{text['figure_title']}</h2>{_hint(text['figure_hint'])}"},
        "keys": {"value": _keys(language)},
    }


def orders(language: str, leads: bool) -> list[tuple[str, str]]:
    """The orders that somebody may choose from."""
    return [(REVIEW[language][each], each) for each in ORDERS if leads or each != "conflicts"]


def _hint(sentence: str) -> str:
    return f"<p class='hint'>{sentence}</p>"


def _keys(language: str) -> str:
    text = REVIEW[language]
    rows = [*((key, text[name]) for name, key in BUTTONS.items())]
    rows += [(key, text[name]) for key, name in KEYS]
    listed = "".join(f"<li><kbd>{key}</kbd> {said}</li>" for key, said in rows)
    return f"<h3>{text['keys']}</h3><ul class='keys'>{listed}</ul>{_hint(text['keys_off'])}"


class Booth(Board):
    """Everything that lies on the tab.

    Attributes:
        parts: The components by their names.
    """

    @property
    def shown(self) -> list[Block]:
        """Everything that Gradio changes."""
        return [part for name, part in self.parts.items() if name not in PIECES]

    def __init__(self, first: str) -> None:
        super().__init__(texts, first, "review_")
        with gr.Row(elem_classes="desk", equal_height=False):
            with gr.Column(scale=4, min_width=300, elem_classes="given"):
                self._lay_out_project(first)
                self._lay_out_queue(first)
                self._lay_out_exports()
            with gr.Column(scale=10, min_width=320, elem_classes="found"):
                self._lay("message")
                with self._make(gr.Column, "work"):
                    with gr.Column(elem_classes="card"):
                        self._lay("sight")
                        with self._make(gr.Column, "tools"):
                            self._lay_out_tools()
                    with self._make(gr.Column, "figure_card", elem_classes="card"):
                        self._make(gr.HTML, "figure_title")
                        self._make(gr.Plot, "figure", show_label=False, container=False)

    def _lay_out_project(self, first: str) -> None:
        make = self._make
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "project_title", value=f"<h2>{REVIEW[first]['project_step']}</h2>")
            project: dict[str, Any] = {
                "filterable": False,
                "show_label": False,
            }  # the heading is it
            make(gr.Dropdown, "project", choices=[], value=None, **project)
            with make(gr.Accordion, "intake", open=False, visible=False):
                with gr.Row(elem_classes="sliders"):
                    make(gr.Textbox, "name", max_lines=1, max_length=60)
                    make(gr.Button, "begin", size="md", scale=0)
                make(gr.HTML, "intake_hint")
                make(gr.File, "file", file_types=FILES, height=120)
                make(gr.Dropdown, "server", choices=[], value=None, allow_custom_value=True)
                make(gr.Checkbox, "transcribe", container=False)
                with gr.Row(elem_classes="downloads"):
                    make(gr.Button, "go", variant="primary", size="md")
                    make(gr.Button, "stop", size="md", visible=False)
                make(gr.HTML, "brought")
                make(gr.HTML, "faults")

    def _lay_out_queue(self, first: str) -> None:
        make = self._make
        with make(gr.Column, "queue_card", elem_classes="card", visible=False):
            make(gr.HTML, "queue_title")
            make(gr.HTML, "taught")
            self._lay("progress")
            make(gr.Dropdown, "order", choices=orders(first, False), value=ORDERS[0],
                 filterable=False)  # fmt: skip
            with gr.Row():
                for name in ("label", "rater"):
                    make(gr.Dropdown, name, choices=[("", "")], value="", min_width=120)
            make(gr.Checkbox, "blind", container=False)
            make(gr.Checkbox, "autoplay", container=False, interactive=True)
            make(gr.Number, "copies", precision=0, minimum=1, value=1, visible=False)
            with make(gr.Accordion, "conflict_fold", open=False, visible=False):
                self._lay("conflict_list")
            with make(gr.Accordion, "agreement_fold", open=False, visible=False):
                make(gr.HTML, "agreement")

    def _lay_out_exports(self) -> None:
        with self._make(gr.Column, "export_card", elem_classes="card", visible=False):
            self._make(gr.HTML, "export_title")
            with gr.Row(elem_classes="downloads"):
                for name in EXPORTS:
                    self._make(gr.Button, name, size="md", min_width=80)
            self._make(gr.File, "out", visible=False)

    def _lay_out_tools(self) -> None:
        make, read = self._make, {"interactive": True}  # by the page itself
        self._lay("player")
        with gr.Row(equal_height=False):
            with gr.Column(min_width=280):
                make(gr.CheckboxGroup, "labels", value=[], **read)
                with gr.Row(elem_classes="downloads decisions"):
                    for name in BUTTONS:
                        kind = "primary" if name in ("keep", "relabel") else "secondary"
                        make(gr.Button, name, size="md", variant=kind, min_width=60)
                    make(gr.Button, "next", size="md", variant="primary")
                long: dict[str, Any] = {"max_lines": 4, "max_length": LONGEST_NOTE}
                make(gr.Textbox, "note", lines=1, **long, **read)
            with gr.Column(min_width=280):
                self._lay("opinions")
        with gr.Row(equal_height=False):
            with gr.Column(min_width=240):
                make(gr.HTML, "plane_title")
                make(gr.HTML, "plane", value=instruments.plane())
            with gr.Column(min_width=240):
                make(gr.HTML, "keys")
        for name in ("turn", "pressed", "drawn"):
            make(gr.JSON, name, visible=False)
        # Pressed by the page itself, see review.scripts.
        for name in ("press", "draw", "hold", "reorder"):
            make(gr.Button, name, elem_classes="unseen")

    def _lay(self, name: str) -> None:
        """A place for a piece, which waits for it until the tab is first looked at."""
        place = f"<div data-piece='{name}'></div>"
        self._make(gr.HTML, name, value=place, js_on_load="window.review?.lay()")
