"""What the desk found, drawn: agreement, confusion, raters beside the consensus, doubts."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from emotion.figures.canvas import ACCENT, INK, TINT, axis, blank, name
from emotion.labels import BY_NAME, LABELS

BINS = 20  # of the histogram of doubts
DEEP = 0.45  # share from which a cell is so deep that white is read on it
PAPER = "#ffffff"
SCALE = [[0, TINT.format(0)], [1, TINT.format(1)]]


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
    shares = [[n / max(1, sum(row)) for n in row] for row in rows]
    figure = blank(120 + 36 * len(used), l=80, r=10, t=10, b=60)
    _cells(figure, names, shares, rows)
    figure.update_layout(xaxis_title=across, yaxis_title=down)
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
    texts = [["" if value is None else f"{value:.2f}" for value in row] for row in rows]
    _cells(figure, names, rows, texts)
    return figure


def _cells(
    figure: go.Figure,
    names: Sequence[str],
    shares: Sequence[Sequence[float | None]],
    texts: Sequence[Sequence[object]],
) -> None:
    """A square of cells, the first at the top left, each with its text."""
    figure.add_trace(
        go.Heatmap(
            x=names, y=names, z=shares, zmin=0, zmax=1, colorscale=SCALE, showscale=False,
            hoverinfo="skip", xgap=1, ygap=1,
        )
    )  # fmt: skip
    places = [(x, y) for y in range(len(names)) for x in range(len(names))]
    # Written apart, because a heatmap writes pale cells in black, also where the page is dark.
    figure.add_trace(
        go.Scatter(
            x=[names[x] for x, _ in places],
            y=[names[y] for _, y in places],
            text=[str(texts[y][x]) for x, y in places],
            textfont={"color": [PAPER if (shares[y][x] or 0) > DEEP else INK for x, y in places]},
            mode="text",
            hoverinfo="skip",
            showlegend=False,
        )
    )
    figure.update_layout(
        xaxis=axis(type="category", showgrid=False, automargin=True),
        yaxis=axis(type="category", showgrid=False, automargin=True, autorange="reversed"),
    )


def doubts(values: Sequence[float], title: str) -> go.Figure:
    """How many clips are how doubtful."""
    figure = blank(240, l=50, r=10, t=10, b=50)
    bins = {"start": 0, "end": 1.0001, "size": 1 / BINS}
    figure.add_trace(go.Histogram(x=list(values), xbins=bins, marker_color=ACCENT))
    figure.update_layout(xaxis=axis(range=[0, 1], title=title), yaxis=axis(), bargap=0.05)
    return figure
