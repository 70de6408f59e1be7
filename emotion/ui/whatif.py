"""The card below a result in which words and voice can be changed, and what that changes."""

import logging
import math
import secrets
import wave
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from emotion import figures
from emotion.analysis import Analysis, Prediction
from emotion.analyze import Analyzer
from emotion.audio import RATE, Clip
from emotion.errors import BadInput
from emotion.tables import differences
from emotion.ui import parts
from emotion.ui.board import Updates
from emotion.ui.desk import Desk, drawn, seen
from emotion.ui.strings import TEXT, fault, notice
from emotion.ui.visit import Visit
from emotion.ui.whatif_text import WHATIF
from emotion.whatif import Changes, change

LEAST = 0.0005  # of a probability; less is not seen when printed
SLIDERS = ("if_start", "if_end", "if_pitch", "if_loudness")
SIDES = {"voice": "only_voice", "words": "only_words", "body": "only_body"}

log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)  # each is a trial of its own
class Trial:
    """What a visitor has changed, and what would be found.

    Attributes:
        visit: What was changed.
        after: What would be found; None where there is no change, or none that can be judged.
        problem: Why not; None where it can.
        unchanged: The name in WHATIF of why there is no change; "" where there is one.
    """

    visit: Visit
    after: Analysis | None
    problem: BadInput | None = None
    unchanged: str = ""


class WhatIf:
    """What happens when the components of the card are used.

    Attributes:
        tried: What was changed last; written by what runs the model.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        desk: Desk,
        visit: gr.State,
        language: gr.Radio,
        model: dict[str, Any],
        page: dict[str, Any],
    ) -> None:
        """Connects the card.

        Args:
            analyzer: The model.
            desk: Where the card lies.
            visit: What was found last.
            language: The page's language.
            model: Settings of events that run the model.
            page: Settings of events that change the page.
        """
        self.analyzer, self.desk = analyzer, desk
        self.tried = gr.State(None)
        self._connect(visit, language, model, page)

    @property
    def shown(self) -> list[Any]:
        """What a trial changes."""
        names = ("if_found", "if_figure", "if_hear", "if_voice")
        return [self.desk.parts[name] for name in names]

    @property
    def controls(self) -> list[Any]:
        """What a visitor changes."""
        return [self.desk.parts[name] for name in ("if_words", *SLIDERS)]

    def begin(self, visit: Visit | None) -> Updates:
        """Puts everything back to how it is in the result."""
        p = self.desk.parts
        if visit is None:
            return {p["if_words"]: ""}
        found = visit.analysis
        # Up, so that the last sample can be reached as well.
        seconds = math.ceil(100 * found.clip.seconds) / 100 if found.clip else 0.0
        words = found.transcript.text if found.transcript else ""
        hears = bool(seconds) and "voice" in self.desk.config.sides
        voice: dict[str, Any] = {"value": 0.0, "visible": hears}
        stretch = voice | {"maximum": max(seconds, 0.05)}
        return {
            p["if_words"]: gr.update(value=words),
            **{p[name]: gr.update(**stretch) for name in SLIDERS[:2]},
            **{p[name]: gr.update(**voice) for name in SLIDERS[2:]},
        }

    def attempt(
        self,
        visit: Visit | None,
        words: str | None,
        start: float,
        end: float,
        pitch: float,
        loudness: float,
    ) -> Updates:
        """Judges once more, where something is changed."""
        if visit is None:
            return {self.tried: None}
        transcript = visit.analysis.transcript
        there = transcript.text.split() if transcript else []
        text = None if (words or "").split() == there else words or ""
        changes = Changes(text, (start, max(start, end)), pitch, loudness)
        if changes.text is None and not changes.of_the_voice:
            return {self.tried: Trial(visit, None, unchanged="no_end" if start else "nothing")}
        try:
            return {self.tried: Trial(visit, change(self.analyzer, visit.analysis, changes))}
        except BadInput as problem:
            return {self.tried: Trial(visit, None, problem)}
        except Exception:
            log.exception("The change could not be judged.")
            return {self.tried: Trial(visit, None)}

    def show(self, tried: Trial | None, language: str) -> Updates:
        """What the change does, or why it does nothing."""
        p = self.desk.parts
        after = tried.after if tried else None
        if tried is None or after is None:
            said = _why_not(tried, language) if tried else ""
            found = gr.update(value=said, visible=bool(said))
            return {**{part: seen(False) for part in self.shown}, p["if_found"]: found}
        before = tried.visit.analysis
        figure = figures.changed(before.prediction, after.prediction, language)
        return {
            p["if_found"]: gr.update(value=sentences(before, after, language), visible=True),
            p["if_figure"]: gr.update(value=drawn(figure), visible=True),
            p["if_hear"]: seen(after.clip is not None and after.clip is not before.clip),
            p["if_voice"]: gr.update(value=None, visible=False),
        }

    def hear(self, tried: Trial | None) -> Updates:
        """Plays the changed voice, which lies among the visitor's own files."""
        clip = tried.after.clip if tried and tried.after else None
        if tried is None or clip is None or not tried.visit.folder.is_dir():
            return {self.desk.parts["if_voice"]: seen(False)}
        path = write(clip, tried.visit.folder)
        return {self.desk.parts["if_voice"]: gr.update(value=str(path), visible=True)}

    def _connect(
        self, visit: gr.State, language: gr.Radio, model: dict[str, Any], page: dict[str, Any]
    ) -> None:
        p = self.desk.parts
        quiet = model | {"show_progress": "hidden", "trigger_mode": "always_last"}
        judged: dict[str, Any] = {"fn": self.attempt, "inputs": [visit, *self.controls]}
        judged |= {"outputs": self.tried, **quiet}
        # What is pasted or dictated is no input to Gradio, but a change; a press that puts one
        # slider back is its release alone.
        touched = [p["if_words"].change]
        touched += [way for name in SLIDERS for way in (p[name].input, p[name].release)]
        gr.on(touched, **judged)
        for afresh in (visit.change, p["if_reset"].click):
            # Judged as well, so that what is still under way is not what stays.
            afresh(self.begin, visit, self.controls, **page).then(**judged)
        self.tried.change(self.show, [self.tried, language], self.shown, **page)
        p["if_hear"].click(self.hear, self.tried, p["if_voice"], **page)


def write(clip: Clip, folder: Path) -> Path:
    """Writes a changed voice as WAV, in place of the one before."""
    for former in folder.glob("changed-*.wav"):
        former.unlink(missing_ok=True)
    path = folder / f"changed-{secrets.token_hex(4)}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes((clip.samples * 32767).astype("<i2").tobytes())
    return path


def sentences(before: Analysis, after: Analysis, language: str) -> str:
    """What the change does to the emotion, together and to each side alone."""
    text = WHATIF[language]
    steps = differences(before.prediction, after.prediction)
    if all(abs(to - since) < LEAST for _, since, to in steps):
        return f"<p class='found' role='status' data-state='same'>{text['same']}</p>"
    label, since, to = max(steps[:-2], key=lambda step: abs(step[2] - step[1]))
    most = text["most"].format(label=figures.name(label, language), points=100 * (to - since))
    rows = [("together", before.prediction, after.prediction)]
    rows += [
        (SIDES[side], said, after.alone[side])
        for side, said in before.alone.items()
        if side in after.alone and len(before.alone) > 1
    ]
    lines = "".join(
        f"<p class='found' data-side='{key}'><b>{text[key]}</b> {_went(one, other, language)}</p>"
        for key, one, other in rows
    )
    kept = escape(notice(after.notice, language)) if after.notice else ""
    return f"<div role='status'>{lines}<p class='hint'>{most} {kept}</p></div>"


def _went(before: Prediction, after: Prediction, language: str) -> str:
    text = WHATIF[language]
    if all(abs(to - since) < LEAST for _, since, to in differences(before, after)):
        return f"<span data-state='unmoved'>{text['unmoved']}</span>"
    said = [
        f"{figures.name(each.label, language)} {figures.percent(each.confidence)}"
        for each in (before, after)
    ]
    return text["went"].format(before=said[0], after=said[1])


def _why_not(tried: Trial, language: str) -> str:
    if tried.unchanged:
        return parts.message(WHATIF[language][tried.unchanged], "calm")
    problem = tried.problem
    said = fault(problem.code, problem.facts, language) if problem else TEXT[language]["broken"]
    return parts.message(said, "fault")
