"""What the desk found, drawn: agreement, confusion, raters beside the consensus, doubts."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from emotion.figures.canvas import ACCENT, WARM, axis, blank, name
from emotion.labels import BY_NAME, LABELS

BINS = 20  # of the histogram of doubts


def confusion(
    counts: Mapping[tuple[str, str], int], language: str, down: str, across: str
) -> go.Figure:
    """How often what is named on the left met what is named below; colour is the row's share.

    Args:
        counts: How often each two labels met: left, below.
        language: "ko" or "en".
        down: What is named on the left.
        across: What is named below.
    """
    used = [label for label in LABELS if any(label in pair for pair in counts)]
    rows = [[counts.get((one, other), 0) for other in used] for one in used]
    names = [name(label, language) for label in used]
    heat = go.Heatmap(
        x=names,
        y=names,
        z=[[n / max(1, sum(row)) for n in row] for row in rows],
        text=rows,
        texttemplate="%{text}",
        hovertemplate="%{y} → %{x}: %{text} (%{z:.0%})<extra></extra>",
        zmin=0,
        zmax=1,
        colorscale=[[0, "rgba(19,148,134,0)"], [1, ACCENT]],
        showscale=False,
    )
    figure = blank(120 + 36 * len(used), l=80, r=10, t=10, b=60)
    figure.add_trace(heat)
    figure.update_layout(
        xaxis=axis(title=across, type="category"),
        yaxis=axis(title=down, type="category", autorange="reversed"),
    )
    return figure


def bars(values: Mapping[str, float | None], colors: Sequence[str] | None = None) -> go.Figure:
    """A figure between -1 and 1 for each name; what has none is left out."""
    known = {key: value for key, value in values.items() if value is not None}
    figure = blank(80 + 28 * max(1, len(known)), l=10, r=30, t=10, b=30)
    figure.add_trace(
        go.Bar(
            x=list(known.values()),
            y=list(known),
            orientation="h",
            marker_color=list(colors) if colors else ACCENT,
            text=[f"{value:.2f}" for value in known.values()],
            textposition="auto",
            hoverinfo="skip",
        )
    )
    least = min([0.0, *known.values()])
    figure.update_layout(
        xaxis=axis(range=[least, 1]),
        yaxis=axis(type="category", autorange="reversed", automargin=True),
    )
    return figure


def classes(values: Mapping[str, float | None], language: str) -> go.Figure:
    """A figure for each label, in its colour."""
    known = {label: value for label, value in values.items() if value is not None}
    named = {name(label, language): value for label, value in known.items()}
    return bars(named, [BY_NAME[label].color for label in known])


def pairs(kappas: Mapping[tuple[str, str], float | None]) -> go.Figure:
    """How far each two raters agree."""
    names = sorted({who for pair in kappas for who in pair})
    both = {**kappas, **{(b, a): value for (a, b), value in kappas.items()}}
    rows = [[both.get((one, other)) for other in names] for one in names]
    figure = blank(120 + 32 * len(names), l=10, r=10, t=10, b=40)
    figure.add_trace(
        go.Heatmap(
            x=names,
            y=names,
            z=rows,
            texttemplate="%{z:.2f}",
            hovertemplate="%{y}, %{x}: %{z:.2f}<extra></extra>",
            hoverongaps=False,
            zmin=-1,
            zmax=1,
            colorscale=[[0, WARM], [0.5, "rgba(128,135,147,0.1)"], [1, ACCENT]],
            showscale=False,
        )
    )
    figure.update_layout(
        xaxis=axis(type="category", automargin=True),
        yaxis=axis(type="category", autorange="reversed", automargin=True),
    )
    return figure


def doubts(values: Sequence[float], title: str) -> go.Figure:
    """How many clips are how doubtful."""
    figure = blank(240, l=50, r=10, t=10, b=50)
    bins = {"start": 0, "end": 1.0001, "size": 1 / BINS}
    figure.add_trace(go.Histogram(x=list(values), xbins=bins, marker_color=ACCENT))
    figure.update_layout(xaxis=axis(range=[0, 1], title=title), yaxis=axis(), bargap=0.05)
    return figure
