"""What several models say of the same clip: a bar each for every emotion."""

import plotly.graph_objects as go

from emotion.compare import Comparison
from emotion.figures.canvas import SAY, axis, blank, name, percent
from emotion.labels import BY_NAME

# Apart in lightness as well as hue; a ninth begins again, and its number tells it apart.
COLORS = ("#139486", "#c4703d", "#6f62c4", "#b8942a", "#3d83c4", "#c0568b", "#6b8f3a", "#8a8f98")
BAR, GAP = 15, 12  # pixels of a bar, and between two emotions


def color(place: int) -> str:
    """The colour of the model at a place."""
    return COLORS[place % len(COLORS)]


def called(label: str, language: str) -> str:
    """What one of the seven, or "other", is called."""
    return name(label, language) if label in BY_NAME else SAY[language]["other"]


def compared(found: Comparison, language: str = "en") -> go.Figure:
    """The probabilities side by side; an emotion that a model does not know has no bar.

    Args:
        found: What was found.
        language: "ko" or "en".
    """
    n = len(found.said)
    height = len(found.labels) * (n * BAR + GAP)
    figure = blank(8 + height + 26, l=0, r=44, t=8, b=26)
    figure.update_layout(barmode="overlay", showlegend=False)
    step = BAR / (n * BAR + GAP)  # of one bar, as a share of an emotion's row
    for place, said in enumerate(found.said):
        rows = [
            row + (place - (n - 1) / 2) * step
            for row, label in enumerate(found.labels)
            if label in said.probabilities
        ]
        known = [label for label in found.labels if label in said.probabilities]
        shares = [said.probabilities[label] for label in known]
        figure.add_bar(
            x=shares, y=rows, orientation="h", width=step * 0.86, name=f"{place + 1}",
            marker={"color": color(place), "cornerradius": 3},
            text=[percent(share) for share in shares], textposition="outside",
            textfont={"size": 11}, cliponaxis=False,
            hovertext=[f"{place + 1} · {called(label, language)} {share:.1%}"
                       for label, share in zip(known, shares, strict=True)],
            hoverinfo="text",
        )  # fmt: skip
    figure.update_layout(
        xaxis=axis(range=[0, 1.02], tickformat=".0%", tickvals=[0, 0.25, 0.5, 0.75, 1]),
        yaxis=axis(
            range=[len(found.labels) - 0.5, -0.5],
            tickvals=list(range(len(found.labels))),
            ticktext=[called(label, language) + "  " for label in found.labels],
            tickfont={"size": 14},
            showgrid=False,
            automargin=True,
        ),
    )
    return figure
