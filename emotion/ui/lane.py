"""The components of the Timeline tab, where they lie, and how what was heard is shown on them."""

from collections.abc import Sequence
from html import escape
from typing import Any

import gradio as gr

from emotion import figures
from emotion.export import FORMATS
from emotion.model import ModelConfig
from emotion.timeline import Spoken, clock
from emotion.ui import evidence, parts
from emotion.ui.board import Board, Updates
from emotion.ui.desk import drawn, seen
from emotion.ui.reel import News
from emotion.ui.strings import TEXT
from emotion.ui.theme import WAVE
from emotion.ui.timeline_text import TIMELINE, notice

COLUMNS = ("start", "end", "words", "label", "share", "valence", "arousal")
WIDTHS = ["44px", "72px", "72px", "262px", "92px", "104px", "82px", "82px"]
HEIGHT = 460  # pixels of the table; below that it scrolls


def texts(language: str, config: ModelConfig) -> dict[str, dict[str, Any]]:
    """What each component says, by its name."""
    text = TIMELINE[language]
    plain = ("file", "voice_alone", "player")
    heading = {"course": "course_hint", "table": "table_hint", "downloads": "downloads_hint"}
    return {
        **{name: {"label": text[name]} for name in plain},
        "spoken": {
            "label": TEXT[language]["spoken"],
            "choices": [(TEXT[language][f"spoken_{code}"], code) for code in ("auto", "ko", "en")],
        },
        **{name: {"value": text[name]} for name in ("go", "stop", "open")},
        "step": {"value": _heading(text["step"], text["hint"])},
        "welcome": {"value": _heading(text["welcome"], text["welcome_hint"])},
        **{
            f"{name}_title": {"value": _heading(text[name], text[hint])}
            for name, hint in heading.items()
        },
        "legend": {"value": figures.legend(config.labels, language)},
        "course": {"label": text["course"]},
    }


class Lane(Board):
    """Everything that lies on the tab.

    Attributes:
        parts: The components by their names.
        config: What the model is.
    """

    def __init__(self, config: ModelConfig, first: str) -> None:
        self.config = config
        super().__init__(lambda language: texts(language, self.config), first, "timeline_")
        with gr.Row(elem_classes="desk", equal_height=False):
            with gr.Column(scale=4, min_width=300, elem_classes="given"):
                self._lay_out_given()
            with gr.Column(scale=10, min_width=320, elem_classes="found"):
                with self._make(gr.Column, "welcome_card", elem_classes="card"):
                    self._make(gr.HTML, "welcome")
                with self._make(gr.Column, "results", visible=False):
                    self._lay_out_found()

    def results(self, news: News | None, language: str) -> Updates:
        """What has been heard so far, in the page's language."""
        p = self.parts
        if news is None:
            return {p["results"]: seen(False), p["welcome_card"]: seen(True)}
        timeline, spoken = news.reel.timeline, news.spoken
        files = news.reel.files() if news.over else {}
        figure = figures.course(spoken, timeline.labels, timeline.seconds, language)
        return {
            p["welcome_card"]: seen(False),
            p["results"]: seen(True),
            p["progress"]: progress(news, language),
            p["course"]: drawn(figure),
            p["table"]: rows(spoken, language),
            p["files"]: seen(news.over and bool(files)),
            p["later"]: "" if news.over else _hint(TIMELINE[language]["downloads_later"]),
            **{p[_button(name)]: file for name, file in files.items()},
        }

    def choice(self, news: News | None, chosen: int | None, language: str) -> Updates:
        """What was said and felt in the chosen utterance."""
        if news is None or chosen is None or chosen >= len(news.reel.timeline.spoken):
            return {}
        timeline = news.reel.timeline
        return {
            self.parts["chosen"]: utterance(timeline.spoken[chosen], language),
            self.parts["cues"]: evidence.cues(timeline.cues(chosen), language),
        }

    def _lay_out_given(self) -> None:
        make, reads = self._make, "words" in self.config.sides
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "step")
            make(gr.File, "file", height=150)
            choice = reads and "voice" in self.config.able
            make(gr.Checkbox, "voice_alone", container=False, visible=choice)
            make(gr.Radio, "spoken", value="auto", elem_classes="segments", visible=reads)
            make(gr.Button, "go", variant="primary", size="lg")
            make(gr.Button, "stop", variant="secondary", size="lg", visible=False)
            make(gr.HTML, "message")

    def _lay_out_found(self) -> None:
        make = self._make
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "progress")
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "course_title")
            make(gr.HTML, "legend")
            make(gr.Plot, "course", show_label=False, container=False)
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "table_title")
            make(
                gr.Dataframe,
                "table",
                value=rows((), "en"),
                datatype=["number", *["str"] * 4, *["number"] * 3],
                interactive=False,
                show_label=False,
                wrap=True,
                max_height=HEIGHT,
                column_widths=WIDTHS,
                buttons=[],
            )
        with make(gr.Column, "chosen_card", elem_classes="card", visible=False):
            make(gr.HTML, "chosen")
            plays: dict[str, Any] = {"interactive": False, "autoplay": True, "buttons": []}
            make(gr.Audio, "player", **plays, waveform_options=WAVE)
            make(gr.Button, "open", size="md")
            make(gr.HTML, "cues")
        with gr.Column(elem_classes="card"):
            make(gr.HTML, "downloads_title")
            make(gr.HTML, "later")
            with make(gr.Row, "files", elem_classes="downloads", visible=False):
                for name in FORMATS:
                    make(gr.DownloadButton, _button(name), label=name, size="md", min_width=90)


def _button(ending: str) -> str:
    return f"save_{ending}"


def _heading(title: str, hint: str) -> str:
    return f"<h2>{title}</h2>{_hint(hint)}"


def _hint(sentence: str) -> str:
    return f"<p class='hint'>{sentence}</p>"


def progress(news: News, language: str) -> str:
    """How far it is, as a bar while it goes on and as a sentence, and what is missing."""
    timeline, text = news.reel.timeline, TIMELINE[language]
    facts = {"clock": clock(timeline.seconds), "n": news.n}
    share = f"{timeline.share:.0%}"
    bar, key = "", "done" if timeline.whole else "broke_off" if news.problem else "stopped"
    if not news.over:
        key = "reading"
        bar = (
            f"<div class='course-bar' role='progressbar' aria-valuemin='0' aria-valuemax='100' "
            f"aria-valuenow='{timeline.share * 100:.0f}' aria-label='{text['step']}'>"
            f"<i style='width: {share}'></i></div>"
        )
    said = "".join(parts.message(notice(problem, language), "note") for problem in timeline.notices)
    line = text[key].format(**facts) + ("" if news.over else f" · {share}")
    return (
        f"<h2 class='source'>{escape(timeline.source)}</h2>{bar}"
        f"<p class='hint' role='status' data-state='{key}'>{line}</p>{said}"
    )


def rows(spoken: Sequence[Spoken], language: str) -> dict[str, Any]:
    """The table of utterances: numbers to sort by, and how they are written."""
    text = TEXT[language] | TIMELINE[language]
    data: list[list[Any]] = []
    written: list[list[str]] = []
    for number, one in enumerate(spoken, 1):
        found = one.prediction
        said = [number, clock(one.start, 1), clock(one.end, 1), one.text]
        said.append(figures.name(found.label, language))
        data.append([*said, *(round(v, 2) for v in (one.confidence, *_affect(one)))])
        signed = (figures.signed(value) for value in _affect(one))
        written.append([*map(str, said), figures.percent(one.confidence), *signed])
    headers = ["#", *(text[column] for column in COLUMNS)]
    return {"headers": headers, "data": data, "metadata": {"display_value": written}}


def _affect(spoken: Spoken) -> tuple[float, float]:
    return spoken.prediction.valence, spoken.prediction.arousal


def utterance(spoken: Spoken, language: str) -> str:
    """One utterance: what it feels, how surely, where it lies, when and what was said."""
    found, said = spoken.prediction, escape(spoken.text) or TIMELINE[language]["unlabeled"]
    when = f"{clock(spoken.start, 1)}–{clock(spoken.end, 1)}"
    below = f"<p class='hint'>{when} · {parts.affect(found, language)}</p>"
    return parts.felt(found, said, language, below)
