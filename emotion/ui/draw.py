"""What a visitor has, as changes of the page's components."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from emotion import acoustics, figures
from emotion.explain import Occlusion
from emotion.ui import evidence, parts
from emotion.ui.board import Updates
from emotion.ui.desk import Desk, drawn, seen
from emotion.ui.strings import TEXT, notice
from emotion.ui.visit import Visit

MOMENTS = ("layer", "head", "moments_summary", "moments")  # with another direction, layer or head


def results(
    desk: Desk,
    visit: Visit | None,
    language: str,
    direction: str,
    layer: int | str,
    head: int | str,
    against: str,
) -> Updates:
    """All that was found, in the page's language; nothing where there is nothing yet."""
    p = desk.parts
    if visit is None:
        return {p["results"]: seen(False), p["welcome_card"]: seen(True)}
    found = visit.analysis
    both = len(found.alone) > 1
    unheard = notice(visit.unheard, language) if visit.unheard else ""
    return {
        p["welcome_card"]: seen(False),
        p["results"]: seen(True),
        p["headline"]: parts.headline(found, language),
        p["sides_card"]: seen(both),
        p["sides"]: parts.sides(found, language),
        p["bars_title"]: parts.heading("bars", language, "bars_hint" if both else ""),
        p["bars"]: drawn(figures.bars(found, language)),
        p["plane"]: drawn(figures.plane(found, language)),
        p["plane_summary"]: parts.plane_summary(found, language),
        p["times"]: parts.times(found, language),
        p["table"]: parts.table(found, language),
        p["json"]: gr.update(value=visit.file("json"), label=TEXT[language]["json"]),
        p["csv"]: gr.update(value=visit.file("csv"), label=TEXT[language]["csv"]),
        p["message"]: parts.message(unheard, "note"),
        **moments(desk, visit, language, direction, layer, head),
        **cues(desk, visit, language, against),
    }


def moments(
    desk: Desk, visit: Visit, language: str, direction: str, layer: int | str, head: int | str
) -> Updates:
    """The voice over time and the heatmap below it, in one direction, layer and head."""
    p, found = desk.parts, visit.analysis
    if found.clip is None:
        return {p["moments_card"]: seen(False)}
    attention = found.attention
    # The two directions may have different numbers of layers.
    layers, heads = getattr(attention, direction).shape[:2] if attention else (0, 0)
    view = figures.View(direction, _one_of(layer, layers), _one_of(head, heads))
    figure = figures.moments(found, acoustics.curves(found.clip), language, view)
    title = "moments" if attention else "moments_voice"
    return {
        p["moments_card"]: seen(True),
        p["moments_title"]: parts.heading(title, language),
        p["moments_summary"]: parts.moments_summary(found, language, view, desk.meeting),
        p["choosers"]: seen(attention is not None),
        p["layer"]: _numbered("layer", layers, view.layer, language),
        p["head"]: _numbered("head", heads, view.head, language),
        p["moments"]: drawn(figure),
    }


def cues(desk: Desk, visit: Visit, language: str, against: str) -> Updates:
    """What the voice does, beside those that were chosen."""
    p, measures = desk.parts, visit.analysis.measures
    if measures is None:
        return {p["cues_card"]: seen(False)}
    return {
        p["cues_card"]: seen(True),
        p["against"]: gr.update(visible=measures.some),
        p["cues"]: evidence.cues(evidence.chosen(measures, against), language),
    }


def occlusion(desk: Desk, visit: Visit | None, lost: Occlusion | None, language: str) -> Updates:
    """What taking parts away found; nothing where that was not asked for yet."""
    p = desk.parts
    if visit is None or lost is None:
        return {p["occlusion_summary"]: "", p["occlusion"]: seen(False)}
    figure = drawn(figures.occlusion(visit.analysis, lost, language))
    return {
        p["occlusion_summary"]: parts.occlusion_summary(visit.analysis, lost, language),
        p["occlusion"]: gr.update(visible=True, value=figure),
    }


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
