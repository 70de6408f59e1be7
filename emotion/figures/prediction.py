"""What is felt: a probability of each label, and a place on the plane of valence and arousal."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from emotion.analysis import Analysis, Prediction
from emotion.figures.canvas import INK, PAPER, SAY, axis, blank, name, percent, signed
from emotion.labels import BY_NAME, LABELS, Emotion

# How far the mark of a side stands from the middle of a bar, so that none hides another.
ASIDE = {"voice": -0.16, "words": 0.16, "body": 0.0}
SYMBOLS = {"voice": "circle", "words": "diamond", "body": "square"}
NIGHT = "#20242b"  # with PAPER, for the marks of both sides, which must show on any bar and page
HEIGHT = 268  # pixels of the bars of seven labels, and of the plane
NEAR = 0.25  # on the plane; within this the utterance's point may cover an emotion's name
# Anger and fear lie almost on each other, so their names go to opposite sides.
BESIDE = {
    "angry": "middle right",
    "fear": "top left",
    "surprise": "top center",
    "neutral": "bottom right",
}


def bars(analysis: Analysis, language: str = "en") -> go.Figure:
    """The probabilities: together as bars, each side alone as a mark on them.

    Args:
        analysis: What was found.
        language: "ko" or "en".
    """
    found, both = analysis.prediction, len(analysis.alone) > 1
    order = sorted(found.probabilities, key=lambda label: -found.probabilities[label])
    rows, above = list(range(len(order))), 34 if both else 8
    height = above + HEIGHT * len(order) // len(LABELS) + 24
    figure = blank(height, l=0, r=38, t=above, b=24)
    figure.add_trace(_bars(found, order, language))
    for side, said in analysis.alone.items() if both else ():
        figure.add_trace(_marks(said, side, order, language))
    for row, label in enumerate(order):
        figure.add_annotation(
            text=percent(found.probabilities[label]), x=1, y=row, xref="paper", xanchor="left",
            xshift=6, showarrow=False, font={"size": 13},
        )  # fmt: skip
    figure.update_xaxes(range=[0, 1.02], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1])
    figure.update_yaxes(
        range=[len(order) - 0.5, -0.5],
        tickvals=rows,
        ticktext=[name(label, language) + "  " for label in order],
        tickfont={"size": 14},
        showgrid=False,
        automargin=True,
    )
    return figure


def plane(
    analysis: Analysis | None, language: str = "en", labels: Sequence[str] = LABELS
) -> go.Figure:
    """Valence across, arousal up: the emotions' places, and where this utterance lies.

    Args:
        analysis: What was found; None for the places alone.
        language: "ko" or "en".
        labels: The emotions whose places are shown where nothing was found yet.
    """
    shown = analysis.prediction.probabilities if analysis else labels
    emotions = [BY_NAME[label] for label in shown]
    both = analysis is not None and len(analysis.alone) > 1
    figure = blank(326 if both else 300, l=0, r=0, t=34 if both else 8, b=8)
    _name_the_places(figure, emotions, [_beside(e, analysis) for e in emotions], language)
    for trace in _points(analysis, language) if analysis else ():
        figure.add_trace(trace)
    return figure


def _name_the_places(
    figure: go.Figure, emotions: Sequence[Emotion], beside: Sequence[str], language: str
) -> None:
    """Each emotion where it lies, and what the ends of the axes mean."""
    figure.add_scatter(
        x=[emotion.valence for emotion in emotions],
        y=[emotion.arousal for emotion in emotions],
        mode="markers+text",
        text=[name(emotion.name, language) for emotion in emotions],
        textposition=list(beside),
        marker={"size": 9, "opacity": 0.75, "color": [emotion.color for emotion in emotions]},
        showlegend=False,
        hoverinfo="skip",
    )
    _name_the_ends(figure, language)
    settings = {"range": [-1.12, 1.12], "showticklabels": False, "tickvals": [-1, -0.5, 0.5, 1]}
    figure.update_layout(
        xaxis=axis(**settings, zeroline=True), yaxis=axis(**settings, zeroline=True)
    )


def _beside(emotion: Emotion, analysis: Analysis | None) -> str:
    """Where an emotion's name stands: where it always does, or away from a point that covers it."""
    if analysis is not None and emotion.name not in ("angry", "fear"):
        point = analysis.prediction
        across, up = point.valence - emotion.valence, point.arousal - emotion.arousal
        if abs(across) < NEAR and abs(up) < NEAR:
            return "top center" if up < 0 else "bottom center"
    return BESIDE.get(emotion.name, "bottom center")


def _bars(found: Prediction, order: Sequence[str], language: str) -> go.Bar:
    return go.Bar(
        x=[found.probabilities[label] for label in order],
        y=list(range(len(order))),
        orientation="h",
        width=0.62,
        showlegend=False,
        marker={
            "color": [BY_NAME[label].color for label in order],
            "opacity": [1.0 if label == found.label else 0.7 for label in order],
            "cornerradius": 4,
        },
        hovertext=[f"{name(o, language)} {percent(found.probabilities[o])}" for o in order],
        hoverinfo="text",
    )


def _marks(alone: Prediction, side: str, order: Sequence[str], language: str) -> go.Scatter:
    said = SAY[language][side]
    return go.Scatter(
        x=[alone.probabilities[label] for label in order],
        y=[row + ASIDE[side] for row in range(len(order))],
        mode="markers",
        name=said,
        marker=_mark(side, 9),
        cliponaxis=False,
        hovertext=[
            f"{name(label, language)} · {said} {percent(alone.probabilities[label])}"
            for label in order
        ],
        hoverinfo="text",
    )


def _mark(side: str, size: int) -> dict[str, Any]:
    inside, edge = (NIGHT, PAPER) if side == "words" else (PAPER, NIGHT)
    return {
        "symbol": SYMBOLS[side],
        "size": size,
        "color": inside,
        "line": {"color": edge, "width": 1.5},
    }


def _points(analysis: Analysis, language: str) -> list[go.Scatter]:
    """Where each side lies alone, tied to where both lie together."""
    both = analysis.prediction
    disc = {"size": 19, "color": BY_NAME[both.label].color, "line": {"color": PAPER, "width": 2.5}}
    alone = analysis.alone if len(analysis.alone) > 1 else {}
    whole = analysis.sides[0] if len(analysis.sides) == 1 else "together"
    return [
        *(_tie(found, both) for found in alone.values()),
        _point(both, whole, disc, language, legend=bool(alone)),
        *(
            _point(said, side, _mark(side, 10), language, legend=True)
            for side, said in alone.items()
        ),
    ]


def _tie(one: Prediction, other: Prediction) -> go.Scatter:
    return go.Scatter(
        x=[one.valence, other.valence],
        y=[one.arousal, other.arousal],
        mode="lines",
        line={"color": INK, "width": 1, "dash": "dot"},
        showlegend=False,
        hoverinfo="skip",
    )


def _point(
    found: Prediction, side: str, mark: dict[str, Any], language: str, *, legend: bool
) -> go.Scatter:
    say = SAY[language]
    text = (
        f"{say[side]}<br>{say['valence']} {signed(found.valence)} · "
        f"{say['arousal']} {signed(found.arousal)}"
    )
    return go.Scatter(
        x=[found.valence], y=[found.arousal], mode="markers", name=say[side], marker=mark,
        hovertext=[text], hoverinfo="text", showlegend=legend,
    )  # fmt: skip


def _name_the_ends(figure: go.Figure, language: str) -> None:
    ends = {
        "unpleasant": (0, 0.5, "left", "top"),
        "pleasant": (1, 0.5, "right", "top"),
        "excited": (0.5, 1, "left", "top"),
        "calm": (0.5, 0, "left", "bottom"),
    }
    for key, (x, y, xanchor, yanchor) in ends.items():
        figure.add_annotation(
            text=SAY[language][key], x=x, y=y, xref="paper", yref="paper", xanchor=xanchor,
            yanchor=yanchor, showarrow=False, font={"size": 11}, borderpad=3,
        )  # fmt: skip
