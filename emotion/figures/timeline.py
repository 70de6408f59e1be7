"""The voice and the words on one time axis, and below them which looked at which."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
import plotly.graph_objects as go

from emotion.acoustics import Curves, outline
from emotion.analysis import Analysis
from emotion.attention import Attention
from emotion.audio import Clip
from emotion.figures.canvas import (
    ACCENT,
    INK,
    SAY,
    TINT,
    WARM,
    WARM_TINT,
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
from emotion.speech import Region
from emotion.transcript import Word

DIRECTIONS = ("words_to_voice", "voice_to_words")
OUTLINE = 600  # points of the waveform: about as many as there are pixels to show them
BAND = {"mode": "none", "fill": "toself", "fillcolor": WARM_TINT.format(0.16)}
LINE = {"mode": "lines", "line": {"color": WARM, "width": 2}}
SOFTEST = -80.0  # dB; below this nothing is drawn


@dataclass(frozen=True)
class View:
    """Which of the attention is shown.

    Attributes:
        direction: "words_to_voice" or "voice_to_words".
        layer: One layer, or None for the mean of all.
        head: One head, or None for the mean of all.
    """

    direction: str = DIRECTIONS[0]
    layer: int | None = None
    head: int | None = None


def moments(
    analysis: Analysis,
    curves: Curves | None,
    language: str = "en",
    view: View | None = None,
) -> go.Figure:
    """Waveform, pitch, loudness and words over time, and the heatmap of words and seconds.

    Args:
        analysis: What was found.
        curves: Pitch and loudness of its clip; None where there is no clip.
        language: "ko" or "en".
        view: Which of the attention to show; the mean of the words' looks at the voice if left out.
    """
    clip, attention = analysis.clip, analysis.attention
    if clip is None or curves is None:
        return sentence(SAY[language]["no_clip"])
    words = analysis.transcript.words if analysis.transcript else ()
    timed = [word for word in words if word.start is not None and word.end is not None]
    heights = [64, 58, 58] + ([26 if timed else 1] if words else [])
    heights += [words_height(len(attention.words))] if attention else []
    total, spans = stack(heights, gap=34)
    below = 62 if attention else 34
    figure = blank(24 + total + below, l=4, r=10, t=24, b=below)
    figure.update_layout(showlegend=False, bargap=0, uniformtext={"minsize": 9, "mode": "hide"})
    draw_wave(figure, clip, analysis.regions, spans[0], language)
    _draw_curves(figure, curves, spans[1:3], language)
    if words:
        _draw_words(figure, timed, spans[3], language)
    if attention:
        _draw_heat(figure, attention, view or View(), spans[-1], language)
        _draw_focus(figure, attention, view or View(), language)
        _frame(figure, words[: len(attention.words)])
    side = "top" if attention else "bottom"
    range_ = [0, clip.seconds]
    figure.update_layout(
        xaxis=seconds_axis(language, range=range_, side=side, anchor=f"y{len(spans)}")
    )
    return figure


def attention_map(attention: Attention, view: View | None = None) -> np.ndarray:
    """One map of words and moments, `[words, frames]`."""
    view = view or View()
    weights = np.asarray(getattr(attention, view.direction), dtype=np.float32)
    weights = weights.mean(0) if view.layer is None else weights[view.layer]
    chosen = weights.mean(0) if view.head is None else weights[view.head]
    return chosen if view.direction == DIRECTIONS[0] else chosen.T


def focus_curves(attention: Attention, view: View | None = None) -> np.ndarray | None:
    """Centre and width of each word's focus in seconds, or of each moment's in words.

    `[layers, n, 2]`, of all layers or of the one that is shown; all heads of a layer share it. None
    for a model without a focus.
    """
    view = view or View()
    words = view.direction == DIRECTIONS[0]
    found = attention.words_focus if words else attention.voice_focus
    return found if found is None or view.layer is None else found[view.layer : view.layer + 1]


def draw_wave(
    figure: go.Figure, clip: Clip, regions: Sequence[Region], span: Span, language: str
) -> None:
    """The waveform of a clip as the figure's first row, shaded where there is speech."""
    edges = np.asarray(outline(clip, OUTLINE), dtype=np.float32)
    at = (np.arange(len(edges)) + 0.5) * clip.seconds / max(len(edges), 1)
    # A quiet voice is enlarged to fill the row, but silence is not made to look like a voice.
    loudest = max(float(np.abs(edges).max(initial=0)), 0.05)
    figure.add_scatter(
        x=np.concatenate([at, at[::-1]]).astype(np.float32),
        y=np.concatenate([edges[:, 1], edges[::-1, 0]]) / loudest,
        mode="lines",
        line={"width": 0.8, "color": INK},
        fill="toself",
        fillcolor="rgba(116,122,133,0.55)",
        hoverinfo="skip",
    )
    for region in regions:
        figure.add_shape(
            type="rect", x0=region.start, x1=region.end, y0=-1.05, y1=1.05, layer="below",
            fillcolor=ACCENT, opacity=0.13, line_width=0,
        )  # fmt: skip
    figure.update_layout(yaxis=axis(domain=span, range=[-1.05, 1.05], showgrid=False, tickvals=[]))
    title(figure, SAY[language]["wave"], span[1])


def _draw_curves(figure: go.Figure, curves: Curves, spans: Sequence[Span], language: str) -> None:
    say = SAY[language]
    pitched = bool(np.isfinite(curves.pitch).any())
    loudness = np.nan_to_num(curves.loudness, nan=SOFTEST, neginf=SOFTEST).clip(SOFTEST, 0)
    _draw_curve(figure, curves.seconds, curves.pitch, "y2", "Hz", language)
    _draw_curve(figure, curves.seconds, loudness, "y3", "dB", language)
    quietest = min(-60.0, float(loudness.min(initial=0)))
    settings = {"nticks": 4, "automargin": True, "tickfont": {"size": 10}}
    figure.update_layout(
        yaxis2=axis(
            domain=spans[0], range=_pitch_range(curves.pitch), showticklabels=pitched, **settings
        ),
        yaxis3=axis(domain=spans[1], range=[quietest, 0], **settings),
    )
    title(figure, say["pitch" if pitched else "no_pitch"], spans[0][1])
    title(figure, say["loudness"], spans[1][1])


def _draw_curve(
    figure: go.Figure, at: np.ndarray, values: np.ndarray, yaxis: str, unit: str, language: str
) -> None:
    figure.add_scatter(
        x=at,
        y=values,
        yaxis=yaxis,
        # A voiced stretch of a single frame has no line, only a point.
        mode="lines+markers" if unit == "Hz" else "lines",
        marker={"size": 3},
        line={"color": ACCENT, "width": 1.8},
        hovertemplate=f"%{{x:.2f}}{SAY[language]['second']} · %{{y:.0f}} {unit}<extra></extra>",
    )


def _pitch_range(pitch: np.ndarray) -> list[float]:
    voiced = pitch[np.isfinite(pitch)]
    if not len(voiced):
        return [50.0, 400.0]
    low, high = np.percentile(voiced, [3, 97])  # single frames may be an octave off
    return [max(0.0, float(low) - 40), float(high) + 40]


def _draw_words(figure: go.Figure, timed: Sequence[Word], span: Span, language: str) -> None:
    """Each word in a box as wide as it took to say; Plotly leaves out what does not fit."""
    say = SAY[language]
    starts = [word.start or 0.0 for word in timed]
    ends = [word.end or 0.0 for word in timed]
    texts = [escape(word.text, quote=False) for word in timed]
    figure.add_bar(
        base=starts,
        x=[end - start for start, end in zip(starts, ends, strict=True)],
        y=[0] * len(timed),
        yaxis="y4",
        orientation="h",
        width=1,
        text=texts,
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": INK},
        marker={"color": TINT.format(0.16), "line": {"color": ACCENT, "width": 1}},
        hovertext=[
            f"{text} · {start:.2f}–{end:.2f}{say['second']}"
            for text, start, end in zip(texts, starts, ends, strict=True)
        ],
        hoverinfo="text",
    )
    figure.update_layout(yaxis4=axis(domain=span, range=[-0.5, 0.5], visible=False))
    title(figure, say["said" if timed else "no_times"], span[1])


def _draw_heat(
    figure: go.Figure, attention: Attention, view: View, span: Span, language: str
) -> None:
    weights = attention_map(attention, view)
    rows, names = as_rows(attention.words)
    most = float(weights.max(initial=1e-6))
    figure.add_heatmap(
        x=np.append(attention.frames[:, 0], attention.frames[-1:, 1]).astype(np.float32),
        y=rows,
        z=weights,
        yaxis="y5",
        zmin=0,
        zmax=most,
        ygap=2,
        colorscale=[[0, TINT.format(0)], [0.5, TINT.format(0.6)], [1, ACCENT]],
        colorbar={
            "orientation": "h",
            "title": {"text": SAY[language][view.direction], "side": "top", "font": {"size": 12}},
            "x": 0, "xanchor": "left", "xpad": 0, "y": 0, "yanchor": "top", "ypad": 10,
            "thickness": 9, "len": 1, "outlinewidth": 0, "nticks": 5,
            "tickformat": ".0%" if most > 0.08 else ".1%", "tickfont": {"size": 11},
        },
        hovertemplate=f"%{{y}} · %{{x:.2f}}{SAY[language]['second']} · %{{z:.1%}}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(yaxis5=words_axis(rows, names, span))


def _draw_focus(figure: go.Figure, attention: Attention, view: View, language: str) -> None:
    """For each layer a line through the places leant to, in a band as wide as the stretches."""
    curves = focus_curves(attention, view)
    if curves is None:
        return
    n_words, to_voice = len(attention.words), view.direction == DIRECTIONS[0]
    # Words are categories, which have no places between them: a second axis lies over theirs.
    over = {"overlaying": "y5", "range": [n_words - 0.5, -0.5], "visible": False}
    figure.update_layout(yaxis6=axis(**over))
    for curve in curves:
        along = np.arange(n_words) if to_voice else attention.frames.mean(1)
        there = np.isfinite(curve[:, 0])
        along, (centre, width) = along[there], curve[there].T
        if to_voice:  # to the rows' edges, so that a single word has a band as well
            along = np.concatenate([[-0.5], along, [n_words - 0.5]])
            centre, width = np.pad(centre, 1, "edge"), np.pad(width, 1, "edge")
        around = np.concatenate([centre - width, (centre + width)[::-1]])
        back = np.append(along, along[::-1])
        hints = _hints(curve, language) if to_voice else None
        band, line = (around, back), (centre, along)
        for points, look in ((band, BAND), (line, LINE | {"text": hints})):
            x, y = points if to_voice else points[::-1]
            kept = {"x": x.astype(np.float32), "y": y.astype(np.float32), "yaxis": "y6"}
            figure.add_scatter(**kept, hoverinfo="text" if look.get("text") else "skip", **look)


def _hints(curve: np.ndarray, language: str) -> list[str]:
    """What is said of each word's place, and nothing of the curve's two ends."""
    say = SAY[language]
    said = [f"{say['leans']} {to:.2f} ± {wide:.2f}{say['second']}" for to, wide in curve]
    return ["", *said, ""]


def _frame(figure: go.Figure, words: Sequence[Word]) -> None:
    """Frames, in each word's row, the time at which it was said."""
    for row, word in enumerate(words):
        if word.start is not None and word.end is not None:
            figure.add_shape(
                type="rect", x0=word.start, x1=word.end, y0=row - 0.5, y1=row + 0.5, yref="y5",
                line={"color": INK, "width": 1.2},
            )  # fmt: skip
