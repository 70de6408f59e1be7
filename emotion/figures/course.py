"""A whole recording: probabilities stacked, valence and arousal, and how sure the model is."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby, pairwise

import numpy as np
import plotly.graph_objects as go

from emotion.figures.canvas import (
    AFFECT_COLORS,
    INK,
    LINE,
    SAY,
    Span,
    axis,
    blank,
    name,
    percent,
    sentence,
    signed,
    stack,
    title,
)
from emotion.labels import BY_NAME
from emotion.timeline import Spoken, clock

MOST_STEPS = 400  # utterances drawn one by one; more are gathered into as many stretches of time
NEAR = 1.0  # seconds of silence over which areas and curves are drawn through
NEAR_SHARE = 0.005  # the same as a share of the recording, so that an hour is not all gaps
LONGEST_TEXT = 60  # letters of an utterance on hover
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)  # seconds between ticks
MOST_TICKS = 7


@dataclass(frozen=True)
class Step:
    """What is drawn as one: an utterance, or the mean of those in a stretch of time.

    Attributes:
        start: Its first second.
        end: Its last.
        shares: The probability of each label, `[labels]`.
        affect: Valence and arousal, `[2]`.
        confidence: The probability of the most probable label of an utterance.
        text: What is said of it on hover.
    """

    start: float
    end: float
    shares: np.ndarray
    affect: np.ndarray
    confidence: float
    text: str


def course(
    spoken: Sequence[Spoken], labels: Sequence[str], seconds: float, language: str = "en"
) -> go.Figure:
    """Emotions as a stacked area, valence and arousal as curves, confidence as bars, in one time.

    Args:
        spoken: The utterances; many are drawn as the means of stretches of time, weighted by how
            long each is, so that the figure stays as small for hours as for minutes.
        labels: The emotions, from the bottom of the area up.
        seconds: How long the recording is, as far as it was heard.
        language: "ko" or "en".
    """
    if not spoken:
        return sentence(SAY[language]["nobody"])
    say, steps = SAY[language], _steps(spoken, labels, seconds, language)
    total, spans = stack([170, 120, 56], gap=34)
    figure = blank(24 + total + 30, l=4, r=10, t=24, b=30)
    figure.update_layout(showlegend=False, bargap=0, hovermode="closest")
    runs = _runs(steps, max(NEAR, NEAR_SHARE * seconds))
    _draw_area(figure, runs, labels, spans[0])
    _draw_affect(figure, runs, spans[1])
    _draw_confidence(figure, steps, labels, spans[2])
    _draw_hints(figure, steps)
    for key, span in zip(("course", "curves", "confidence"), spans, strict=True):
        title(figure, say[key], span[1])
    figure.update_layout(xaxis=_clock_axis(max(seconds, 1.0)))
    return figure


def _steps(
    spoken: Sequence[Spoken], labels: Sequence[str], seconds: float, language: str
) -> list[Step]:
    if len(spoken) <= MOST_STEPS:
        return [_step([one], labels, language) for one in spoken]
    width = max(seconds, spoken[-1].end) / MOST_STEPS
    stretches = groupby(spoken, key=lambda one: int((one.start + one.end) / 2 / width))
    return [_step(list(group), labels, language) for _, group in stretches]


def _step(group: Sequence[Spoken], labels: Sequence[str], language: str) -> Step:
    """The mean of a group, each by its length."""
    weights = np.array([max(one.end - one.start, 1e-3) for one in group])
    shares = np.array([[one.prediction.probabilities[label] for label in labels] for one in group])
    affect = np.array([[one.prediction.valence, one.prediction.arousal] for one in group])
    mean = weights @ shares / weights.sum()
    where = weights @ affect / weights.sum()
    confidence = float(weights @ [one.confidence for one in group] / weights.sum())
    text = _hint(group, labels[int(mean.argmax())], float(mean.max()), where, language)
    return Step(group[0].start, group[-1].end, mean, where, confidence, text)


def _hint(
    group: Sequence[Spoken], label: str, share: float, affect: np.ndarray, language: str
) -> str:
    say = SAY[language]
    said = " / ".join(one.text for one in group if one.text)
    short = said if len(said) <= LONGEST_TEXT else said[: LONGEST_TEXT - 1] + "…"
    lines = [
        f"{clock(group[0].start)}–{clock(group[-1].end)} · {name(label, language)} "
        + percent(share),
        f"{say['valence']} {signed(affect[0])} · {say['arousal']} {signed(affect[1])}",
        escape(short, quote=False),
    ]
    return "<br>".join(line for line in lines if line)


def _runs(steps: Sequence[Step], near: float) -> list[list[Step]]:
    """Steps with little silence between them, which are drawn through."""
    runs = [[steps[0]]]
    for before, after in pairwise(steps):
        if after.start - before.end > near:
            runs.append([])
        runs[-1].append(after)
    return runs


def _edges(run: Sequence[Step]) -> np.ndarray:
    return np.array([second for step in run for second in (step.start, step.end)])


def _draw_area(
    figure: go.Figure, runs: Sequence[Sequence[Step]], labels: Sequence[str], span: Span
) -> None:
    """One shape a label and run, between what is below it and that with its own share."""
    for index, label in enumerate(labels):
        x: list[float | None] = []
        y: list[float | None] = []
        for run in runs:
            tops = np.array([step.shares[: index + 1].sum() for step in run]).repeat(2)
            floor = np.array([step.shares[:index].sum() for step in run]).repeat(2)
            at = _edges(run)
            x += [*np.concatenate([at, at[::-1]]).tolist(), None]
            y += [*np.concatenate([tops, floor[::-1]]).tolist(), None]
        figure.add_scatter(
            x=x, y=y, mode="lines", line={"width": 0}, fill="toself", hoverinfo="skip",
            fillcolor=BY_NAME[label].color, name=label,
        )  # fmt: skip
    figure.update_layout(
        yaxis=axis(
            domain=span, range=[0, 1], tickformat=".0%", tickvals=[0, 0.5, 1], automargin=True
        )
    )


def _draw_affect(figure: go.Figure, runs: Sequence[Sequence[Step]], span: Span) -> None:
    for index, (key, color) in enumerate(AFFECT_COLORS.items()):
        x: list[float | None] = []
        y: list[float | None] = []
        for run in runs:
            x += [*_edges(run).tolist(), None]
            y += [*np.repeat([step.affect[index] for step in run], 2).tolist(), None]
        figure.add_scatter(
            x=x, y=y, mode="lines", line={"color": color, "width": 2}, yaxis="y2",
            hoverinfo="skip", name=key,
        )  # fmt: skip
    figure.update_layout(
        yaxis2=axis(
            domain=span,
            range=[-1.05, 1.05],
            tickvals=[-1, 0, 1],
            zeroline=True,
            zerolinecolor=INK,
            automargin=True,
        )
    )


def _draw_confidence(
    figure: go.Figure, steps: Sequence[Step], labels: Sequence[str], span: Span
) -> None:
    figure.add_bar(
        x=[(step.start + step.end) / 2 for step in steps],
        width=[max(step.end - step.start, 0.05) for step in steps],
        y=[step.confidence for step in steps],
        yaxis="y3",
        marker={
            "color": [BY_NAME[labels[int(step.shares.argmax())]].color for step in steps],
            "line": {"width": 0},
        },
        hoverinfo="skip",
        name="confidence",
    )
    figure.update_layout(
        yaxis3=axis(
            domain=span, range=[0, 1], tickformat=".0%", tickvals=[0, 0.5, 1], automargin=True
        )
    )


def _draw_hints(figure: go.Figure, steps: Sequence[Step]) -> None:
    """What is said of each step when a pointer comes near it, in each of the rows."""
    for yaxis, height in (("y", 0.5), ("y2", 0.0), ("y3", 0.5)):
        figure.add_scatter(
            x=[(step.start + step.end) / 2 for step in steps],
            y=[height] * len(steps),
            yaxis=yaxis,
            mode="markers",
            marker={"size": 14, "opacity": 0},
            hovertext=[step.text for step in steps],
            hoverinfo="text",
        )


def _clock_axis(seconds: float) -> dict[str, object]:
    """An axis of times as people read them."""
    between = next((step for step in STEPS if seconds / step <= MOST_TICKS), None)
    between = between or 3600 * int(np.ceil(seconds / 3600 / MOST_TICKS))
    ticks = list(range(0, int(seconds) + 1, between))
    return axis(
        range=[0, seconds],
        tickvals=ticks,
        ticktext=[clock(tick) for tick in ticks],
        anchor="y3",
        gridcolor=LINE,
        ticklabelstandoff=4,
    )
