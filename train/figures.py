"""Figures of how a model judged, in one page that needs nothing else."""

import html
from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from emotion.labels import BY_NAME
from train.evaluate import Result

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; margin: 1.5rem; }}
section {{ display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); }}
@media (max-width: 70rem) {{ section {{ grid-template-columns: minmax(0, 1fr); }} }}
</style>
</head>
<body>
<h1>{title}</h1>
{body}
</body>
</html>
"""
OURS = "#2f6fb7"


def page(title: str, results: Sequence[Result], labels: Sequence[str]) -> str:
    """Confusion, recalls and reliability of each question about labels.

    Args:
        title: What was judged.
        results: What was found out.
        labels: The model's.
    """
    parts: list[str] = []
    for result in (each for each in results if each.question.asks == "label"):
        drawn = (confusion(result, labels), recalls(result), reliability(result))
        # Plotly's own script once, out of its package: the page needs no network.
        found = [
            figure.to_html(
                {"responsive": True}, full_html=False, include_plotlyjs=not parts and not place
            )
            for place, figure in enumerate(drawn)
        ]
        texts = f" of {result.n_texts} texts" if 0 < result.n_texts < result.n else ""
        head = f"<h2>{html.escape(result.question.name)} ({result.n} rows{texts})</h2>"
        parts.append("\n".join([head, "<section>", *found, "</section>"]))
    body = "\n".join(parts) or "<p>Nothing was asked about labels.</p>"
    return PAGE.format(title=html.escape(title), body=body)


def confusion(result: Result, labels: Sequence[str]) -> go.Figure:
    """What was said of each label: the colour is the share of its rows, the number how many."""
    shares = [[n / max(1, sum(row)) for n in row] for row in result.confusion]
    heat = go.Heatmap(
        x=list(labels),
        y=list(labels),
        z=shares,
        text=result.confusion,
        texttemplate="%{text}",
        hovertemplate="%{y}, said %{x}: %{text} (%{z:.0%})<extra></extra>",
        zmin=0,
        zmax=1,
        colorscale="Blues",
        showscale=False,
    )
    figure = _figure_of("Confusion", [heat])
    figure.update_xaxes(title="said")
    figure.update_yaxes(title="true", autorange="reversed")
    return figure


def recalls(result: Result) -> go.Figure:
    """The recall of each label."""
    names = list(result.recalls)
    bars = go.Bar(
        x=names,
        y=list(result.recalls.values()),
        text=[f"of {n}" for n in result.counts.values()],
        marker_color=[BY_NAME[name].color for name in names],
    )
    figure = _figure_of("Recall of each label", [bars])
    figure.update_yaxes(range=[0, 1])
    return figure


def reliability(result: Result) -> go.Figure:
    """How often it was right, where it was how sure."""
    sure, right, n = zip(*result.reliability, strict=True)
    line = go.Scatter(x=[0, 1], y=[0, 1], mode="lines", line={"color": "#8a8f98", "dash": "dash"})
    found = go.Scatter(
        x=sure,
        y=right,
        mode="lines+markers",
        marker={"size": [6 + 24 * (each / max(n)) ** 0.5 for each in n], "color": OURS},
        text=n,
        hovertemplate="sure %{x:.2f}, right %{y:.2f}, %{text} rows<extra></extra>",
    )
    error = result.figures["ece"]
    figure = _figure_of(f"How sure, and how often right (ECE {error:.3f})", [line, found])
    figure.update_xaxes(title="probability of what was said", range=[0, 1.05])
    figure.update_yaxes(title="share that was right", range=[-0.05, 1.05])
    return figure


def _figure_of(title: str, drawn: list[Any]) -> go.Figure:
    figure = go.Figure(drawn)
    figure.update_layout(title=title, template="plotly_white", height=440, showlegend=False)
    return figure
