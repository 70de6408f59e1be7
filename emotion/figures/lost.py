"""What goes when a part is taken away, beside the attention which that part received."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from emotion.analysis import Analysis
from emotion.explain import Occlusion, received_by_spans, received_by_words
from emotion.figures.canvas import (
    ACCENT,
    INK,
    SAY,
    WARM,
    Span,
    as_rows,
    axis,
    blank,
    seconds_axis,
    sentence,
    stack,
    title,
    words_axis,
    words_height,
)

GAP = 0.06  # between the two columns, as a share of the figure
Column = tuple[str, np.ndarray, str]  # what it shows, its values, its colour


def occlusion(analysis: Analysis, found: Occlusion, language: str = "en") -> go.Figure:
    """The probability lost without each word and each quarter second, and their attention.

    Args:
        analysis: What was found.
        found: What occlusion found.
        language: "ko" or "en".
    """
    n_rows = 2 if analysis.attention else 1
    heights = [words_height(len(found.words))] if found.words else []
    heights += [80] * n_rows if found.moments else []
    if not heights:
        return sentence("")
    total, spans = stack(heights, gap=56)
    figure = blank(40 + total + 34, l=4, r=12, t=40, b=34)
    figure.update_layout(showlegend=False, bargap=0.25)
    if found.words:
        _draw_words(figure, analysis, found, spans[0], language)
    if found.moments:
        _draw_moments(figure, analysis, found, spans[-n_rows:], language)
    return figure


def _draw_words(
    figure: go.Figure, analysis: Analysis, found: Occlusion, span: Span, language: str
) -> None:
    """Words down, one column of bars for what is lost and one for the attention received."""
    say, words = SAY[language], analysis.transcript.words if analysis.transcript else ()
    rows, names = as_rows([word.text for word in words[: len(found.words)]])
    columns: list[Column] = [(say["lost"], np.asarray(found.words), ACCENT)]
    if analysis.attention:
        columns.append((say["received"], received_by_words(analysis.attention), INK))
    width = (1 - GAP * (len(columns) - 1)) / len(columns)
    for at, (text, values, color) in enumerate(columns):
        left = at * (width + GAP)
        title(figure, text, span[1], x=left)
        figure.add_bar(
            x=values, y=rows, xaxis=f"x{at + 1}", orientation="h",
            marker={"color": _colors(values, color), "cornerradius": 3},
            hovertemplate="%{y} · %{x:.1%}<extra></extra>",
        )  # fmt: skip
        domain = [left, min(left + width, 1)]
        figure.update_layout({f"xaxis{at + 1}": _share_axis(values, domain=domain)})
    figure.update_layout(yaxis=words_axis(rows, names, span))


def _draw_moments(
    figure: go.Figure, analysis: Analysis, found: Occlusion, spans: Sequence[Span], language: str
) -> None:
    """Seconds across, one row of bars for what is lost and one for the attention received."""
    say, pieces = SAY[language], np.asarray(found.moments)
    rows: list[Column] = [(say["moments"], pieces[:, 2], ACCENT)]
    if analysis.attention:
        times = [(start, end) for start, end, _ in found.moments]
        received = received_by_spans(analysis.attention, times)
        rows.append((say["moments_received"], received, INK))
    for at, (text, values, color) in enumerate(rows):
        title(figure, text, spans[at][1])
        figure.add_bar(
            x=pieces[:, :2].mean(1), y=values, width=(pieces[:, 1] - pieces[:, 0]) * 0.86,
            xaxis="x3", yaxis=f"y{at + 3}", marker={"color": _colors(values, color)},
            hovertemplate=f"%{{x:.2f}}{say['second']} · %{{y:.1%}}<extra></extra>",
        )  # fmt: skip
        settings = {"domain": spans[at], "anchor": "x3", "automargin": True}
        figure.update_layout({f"yaxis{at + 3}": _share_axis(values, **settings)})
    anchor, between = f"y{len(rows) + 2}", [0, float(pieces[-1, 1])]
    figure.update_layout(
        xaxis3=seconds_axis(language, range=between, anchor=anchor, ticklabelstandoff=4)
    )


def _share_axis(values: np.ndarray, **settings: object) -> dict[str, object]:
    low, high = float(values.min(initial=0)), float(values.max(initial=0))
    room = max(high - low, 0.02) * 0.08
    return axis(
        range=[low - room if low < 0 else 0, high + room], tickformat=".0%", nticks=4,
        zeroline=True, zerolinecolor=INK, **{"tickfont": {"size": 10}, **settings},
    )  # fmt: skip


def _colors(values: np.ndarray, color: str) -> list[str]:
    return [color if value >= 0 else WARM for value in values]
