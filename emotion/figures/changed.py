"""What was found before and after a change: a pair of bars each, and two pairs of points."""

from collections.abc import Sequence

import plotly.graph_objects as go

from emotion.analysis import Prediction
from emotion.figures.canvas import AFFECT_COLORS, INK, SAY, axis, blank, name, signed, stack, title
from emotion.labels import BY_NAME

ROW, POINTS = 36, 68  # pixels of a label's pair of bars, and of both pairs of points
THICK, APART = 0.3, 0.17  # of a bar, and of its middle from the row's, as shares of the row


def changed(before: Prediction, after: Prediction, language: str = "en") -> go.Figure:
    """The probabilities before and after, in the order of before, and valence and arousal.

    Args:
        before: What was found.
        after: What would be found.
        language: "ko" or "en".
    """
    order = sorted(before.probabilities, key=lambda label: -before.probabilities[label])
    total, (upper, lower) = stack([ROW * len(order), POINTS], gap=58)
    figure = blank(34 + total + 26, l=0, r=108, t=34, b=26)
    figure.update_layout(barmode="overlay")
    for found, when in ((before, "before"), (after, "after")):
        figure.add_trace(_bars(found, when, order, language))
    for row, label in enumerate(order):
        _beside(figure, points(before.probabilities[label], after.probabilities[label]), row, "y")
    _name_rows(figure, order, upper, language)
    _draw_affect(figure, before, after, lower, language)
    return figure


def points(before: float, after: float) -> str:
    """A probability before and after, in percent."""
    return f"{100 * before:.0f} → {100 * after:.0f}%"


def _bars(found: Prediction, when: str, order: Sequence[str], language: str) -> go.Bar:
    former = when == "before"
    colors = [BY_NAME[label].color for label in order]
    marker = {"color": colors, "cornerradius": 3, "opacity": 0.35 if former else 1.0}
    side = -APART if former else APART
    return go.Bar(
        x=[found.probabilities[label] for label in order],
        y=[row + side for row in range(len(order))],
        orientation="h",
        width=THICK,
        name=SAY[language][when],
        showlegend=False,
        marker=marker,
        hovertext=[
            f"{name(label, language)} · {SAY[language][when]} {found.probabilities[label]:.1%}"
            for label in order
        ],
        hoverinfo="text",
    )


def _name_rows(
    figure: go.Figure, order: Sequence[str], span: tuple[float, float], language: str
) -> None:
    for when, opacity in (("before", 0.35), ("after", 1.0)):
        mark = {"color": INK, "opacity": opacity, "symbol": "square", "size": 11}
        figure.add_scatter(
            x=[None], y=[None], mode="markers", marker=mark, name=SAY[language][when]
        )
    figure.update_layout(
        xaxis=axis(range=[0, 1.02], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1], anchor="y"),
        yaxis=axis(
            domain=span,
            range=[len(order) - 0.5, -0.5],
            tickvals=list(range(len(order))),
            ticktext=[name(label, language) + "  " for label in order],
            tickfont={"size": 14},
            showgrid=False,
            automargin=True,
        ),
    )


def _draw_affect(
    figure: go.Figure,
    before: Prediction,
    after: Prediction,
    span: tuple[float, float],
    language: str,
) -> None:
    """From where to where valence and arousal go."""
    title(figure, SAY[language]["curves"], span[1])
    for row, (key, color) in enumerate(AFFECT_COLORS.items()):
        since, to = getattr(before, key), getattr(after, key)
        figure.add_scatter(
            x=[since, to], y=[row, row], xaxis="x2", yaxis="y2", mode="lines+markers",
            line={"color": color, "width": 2},
            marker={"color": color, "size": [10, 13], "opacity": [0.45, 1.0]},
            hovertext=[f"{SAY[language][when]} {signed(v)}" for when, v in
                       (("before", since), ("after", to))],
            hoverinfo="text", showlegend=False,
        )  # fmt: skip
        _beside(figure, f"{signed(since)} → {signed(to)}", row, "y2")
    figure.update_layout(
        xaxis2=axis(
            range=[-1.05, 1.05], tickvals=[-1, -0.5, 0, 0.5, 1], zeroline=True, anchor="y2"
        ),
        yaxis2=axis(
            domain=span,
            range=[1.6, -0.6],
            tickvals=[0, 1],
            ticktext=[SAY[language][key] + "  " for key in AFFECT_COLORS],
            tickfont={"size": 14},
            showgrid=False,
            automargin=True,
        ),
    )


def _beside(figure: go.Figure, text: str, row: int, axis_name: str) -> None:
    figure.add_annotation(
        text=text, x=1, y=row, xref="paper", yref=axis_name, xanchor="left", xshift=6,
        showarrow=False, font={"size": 13},
    )  # fmt: skip
