"""A voice and, under it on the same clock, what was measured of the body."""

from collections.abc import Sequence
from itertools import count

import numpy as np
import plotly.graph_objects as go

from emotion.audio import Clip
from emotion.biosignals import Biosignals, Signal
from emotion.figures.canvas import (
    ACCENT,
    INK,
    SAY,
    WARM,
    Span,
    axis,
    blank,
    seconds_axis,
    stack,
    title,
)
from emotion.figures.timeline import draw_wave
from emotion.speech import Region

PIXELS = 900  # columns of a figure; of what is denser, each column's lowest and highest value
MOST_BEATS = 600  # beyond these the marks of beats would lie on each other
HEIGHTS = {"wave": 64, "ecg": 110, "ibi": 70, "eda": 70, "temperature": 70}
COLORS = {"ecg": INK, "ibi": INK, "eda": ACCENT, "temperature": WARM}
UNITS = {"ecg": "", "ibi": " s", "eda": " µS", "temperature": " °C"}


def body(
    found: Biosignals,
    clip: Clip | None = None,
    regions: Sequence[Region] = (),
    language: str = "en",
) -> go.Figure:
    """The voice's waveform, the ECG with its R peaks, the conductance and the temperature.

    Args:
        found: What was measured, on the voice's clock where there is a voice.
        clip: The voice.
        regions: Where there is speech in it.
        language: "ko" or "en".
    """
    names = (["wave"] if clip else []) + list(found.there)
    total, spans = stack([HEIGHTS[name] for name in names], gap=34)
    figure = blank(24 + total + 34, l=4, r=10, t=24, b=34)
    figure.update_layout(showlegend=False)
    if clip:
        draw_wave(figure, clip, regions, spans[0], language)
    places = count(2 if clip else 1)
    for (name, signal), span, place in zip(
        found.there.items(), spans[bool(clip) :], places, strict=False
    ):
        yaxis = "y" if place == 1 else f"y{place}"
        _draw(figure, name, signal, yaxis, span, language)
        beats = found.beats if name == "ecg" else np.zeros(0)
        title(figure, _title(name, beats, language), span[1])
        if 0 < len(beats) <= MOST_BEATS:
            _mark(figure, signal, beats, yaxis, language)
    last = "" if len(spans) == 1 else str(len(spans))
    range_ = _range(found, clip)
    figure.update_layout(xaxis=seconds_axis(language, range=range_, anchor=f"y{last}"))
    return figure


def thinned(seconds: np.ndarray, values: np.ndarray, n: int = PIXELS) -> tuple[np.ndarray, ...]:
    """The lowest and the highest value of each of n stretches, so that no peak is lost.

    Of a signal that has few values, every one; a stretch in which nothing was measured is a gap.
    """
    if len(values) <= 4 * n:
        return seconds, values
    starts = np.arange(n) * len(values) // n
    stretches = np.split(values, starts[1:])
    found = []
    for begin, stretch in zip(starts, stretches, strict=True):
        there = np.isfinite(stretch)
        if not there.any():
            found.append(begin)
            continue
        low, high = np.nanargmin(stretch), np.nanargmax(stretch)
        found += [begin + min(low, high), begin + max(low, high)]
    places = np.array(found)
    return seconds[places], values[places]


def _draw(
    figure: go.Figure, name: str, signal: Signal, yaxis: str, span: Span, language: str
) -> None:
    seconds, values = thinned(signal.seconds, np.asarray(signal.values, float))
    figure.add_scatter(
        x=seconds.astype(np.float32),
        y=values.astype(np.float32),
        yaxis=yaxis,
        name=name,
        mode="lines+markers" if signal.at is not None else "lines",
        marker={"size": 4},
        line={"color": COLORS[name], "width": 1.1 if name == "ecg" else 1.8},
        hovertemplate=f"%{{x:.2f}}{SAY[language]['second']} · %{{y:.3~f}}{UNITS[name]}"
        "<extra></extra>",
    )
    settings = {"domain": span, "nticks": 4, "automargin": True, "tickfont": {"size": 10}}
    figure.update_layout({f"yaxis{yaxis[1:]}": axis(**settings, showticklabels=name != "ecg")})


def _mark(figure: go.Figure, signal: Signal, beats: np.ndarray, yaxis: str, language: str) -> None:
    """A dot on each R peak, with the seconds since the one before."""
    places = np.clip(np.round((beats - signal.start) * signal.rate), 0, len(signal.values) - 1)
    since = ["", *(f" · +{step * 1000:.0f} ms" for step in np.diff(beats))]
    second = SAY[language]["second"]
    figure.add_scatter(
        x=beats.astype(np.float32),
        y=np.asarray(signal.values, float)[places.astype(int)].astype(np.float32),
        yaxis=yaxis,
        name="beats",
        mode="markers",
        marker={"size": 8, "color": WARM, "symbol": "circle-open", "line": {"width": 2}},
        hovertext=[
            f"R · {beat:.2f}{second}{more}" for beat, more in zip(beats, since, strict=True)
        ],
        hoverinfo="text",
    )


def _title(name: str, beats: np.ndarray, language: str) -> str:
    say = SAY[language]
    if name != "ecg":
        return say[name]
    kind = "ecg" if not len(beats) else "ecg_marked" if len(beats) <= MOST_BEATS else "ecg_dense"
    return say[kind].format(n=len(beats))


def _range(found: Biosignals, clip: Clip | None) -> list[float]:
    """From the first to the last second of anything."""
    ends = [signal.seconds[[0, -1]] for signal in found.there.values() if len(signal.values)]
    begins = [float(first) for first, _ in ends] + ([0.0] if clip else [])
    stops = [float(last) for _, last in ends] + ([clip.seconds] if clip else [])
    return [min(begins, default=0.0), max(stops, default=1.0)]
