"""The last half minute of somebody who is still speaking."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from emotion.acoustics import outline
from emotion.audio import Clip
from emotion.figures.canvas import (
    ACCENT,
    AFFECT_COLORS,
    INK,
    SAY,
    Span,
    axis,
    blank,
    name,
    percent,
    seconds_axis,
    signed,
    stack,
    title,
)
from emotion.labels import BY_NAME, LABELS
from emotion.live import KEPT, STEP, Reading
from emotion.speech import Region

OUTLINE = 300  # points of the waveform in the whole width: it is drawn again twice a second
QUIET = 0.05  # of full scale; what is softer is not enlarged to look like a voice


def rolling(
    readings: Sequence[Reading],
    window: tuple[float, Clip, tuple[Region, ...]] | None,
    language: str = "en",
    labels: Sequence[str] = LABELS,
) -> go.Figure:
    """Waveform, probabilities, valence and arousal over the last half minute.

    Args:
        readings: Those of the last half minute, in order.
        window: When what was heard begins, how it sounds, and where somebody speaks in it.
        language: "ko" or "en".
        labels: The emotions in the order in which they are stacked.
    """
    total, spans = stack([44, 170, 80], gap=30)
    figure = blank(24 + total + 62, l=4, r=10, t=24, b=62)
    end = readings[-1].second if readings else 0.0
    if window:
        _draw_wave(figure, *window, spans[0])
        end = max(end, window[0] + window[1].seconds)
    figure.update_layout(barmode="stack", bargap=0, yaxis=_wave_axis(spans[0]))
    _draw_shares(figure, readings, spans[1], language, labels)
    _draw_curves(figure, readings, spans[2], language)
    title(figure, SAY[language]["wave"], spans[0][1])
    title(figure, SAY[language]["shares"], spans[1][1])
    title(figure, SAY[language]["curves"], spans[2][1])
    range_ = [max(0.0, end - KEPT), max(KEPT, end)]
    figure.update_layout(
        xaxis=seconds_axis(language, range=range_, anchor="y3"),
        legend={"yref": "container", "y": 0, "yanchor": "bottom", "traceorder": "normal"},
    )
    return figure


def _wave_axis(span: Span) -> dict[str, object]:
    return axis(domain=span, range=[-1.05, 1.05], showgrid=False, tickvals=[])


def _draw_wave(
    figure: go.Figure, start: float, clip: Clip, regions: Sequence[Region], span: Span
) -> None:
    n = max(1, round(OUTLINE * clip.seconds / KEPT))
    edges = outline(clip, n)
    at = start + (np.arange(n) + 0.5) * clip.seconds / n
    loudest = max(float(np.abs(edges).max(initial=0)), QUIET)
    figure.add_scatter(
        x=np.concatenate([at, at[::-1]]).astype(np.float32),
        y=np.concatenate([edges[:, 1], edges[::-1, 0]]) / loudest,
        mode="lines",
        line={"width": 0.8, "color": INK},
        fill="toself",
        fillcolor="rgba(116,122,133,0.55)",
        showlegend=False,
        hoverinfo="skip",
    )
    for region in regions:
        figure.add_shape(
            type="rect", x0=start + region.start, x1=start + region.end, y0=-1.05, y1=1.05,
            layer="below", fillcolor=ACCENT, opacity=0.13, line_width=0,
        )  # fmt: skip


def _draw_shares(
    figure: go.Figure,
    readings: Sequence[Reading],
    span: Span,
    language: str,
    labels: Sequence[str],
) -> None:
    """A column a reading, each as wide as the time to the next; none where nobody speaks."""
    spoken = [reading for reading in readings if reading.prediction]
    at = [reading.second - STEP / 2 for reading in spoken]
    for label in labels:
        shares = [r.prediction.probabilities.get(label, 0.0) for r in spoken if r.prediction]
        figure.add_bar(
            x=at, y=shares, width=STEP, yaxis="y2", name=name(label, language),
            marker={"color": BY_NAME[label].color, "line": {"width": 0}},
            hovertext=[f"{name(label, language)} {percent(share)}" for share in shares],
            hoverinfo="text",
        )  # fmt: skip
    shown = {"tickformat": ".0%", "tickvals": [0, 0.5, 1], "automargin": True}
    figure.update_layout(yaxis2=axis(domain=span, range=[0, 1], tickfont={"size": 10}, **shown))


def _draw_curves(figure: go.Figure, readings: Sequence[Reading], span: Span, language: str) -> None:
    """Valence and arousal, broken where nobody speaks."""
    say = SAY[language]
    at = [reading.second for reading in readings]
    for (key, color), dash in zip(AFFECT_COLORS.items(), ("solid", "dot"), strict=True):
        values = [getattr(r.prediction, key) if r.prediction else None for r in readings]
        figure.add_scatter(
            x=at, y=values, yaxis="y3", name=say[key], mode="lines+markers", connectgaps=False,
            line={"color": color, "width": 1.8, "dash": dash}, marker={"size": 3},
            hovertext=[f"{say[key]} {signed(v)}" if v is not None else "" for v in values],
            hoverinfo="text",
        )  # fmt: skip
    figure.update_layout(
        yaxis3=axis(
            domain=span, range=[-1.08, 1.08], tickvals=[-1, 0, 1], zeroline=True,
            automargin=True, tickfont={"size": 10},
        )
    )  # fmt: skip
