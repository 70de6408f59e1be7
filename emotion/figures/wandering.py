"""The way of somebody who is still speaking over the plane of valence and arousal, as SVG."""

from collections.abc import Iterator, Sequence

import numpy as np

from emotion.analysis import Prediction
from emotion.figures.canvas import PAPER, SAY, name
from emotion.labels import BY_NAME, LABELS

HEIGHT = 300  # pixels
REACH = 1.12  # of valence and arousal, from the middle to each edge
BELOW = (0, 18, "middle")  # where an emotion's name stands: right, down, and how it is anchored
# Anger and fear lie almost on each other, so their names go to opposite sides.
BESIDE = {
    "angry": (8, 4, "start"),
    "fear": (-6, -6, "end"),
    "surprise": (0, -9, "middle"),
    "neutral": (7, 15, "start"),
}
ENDS = {
    "unpleasant": ("0%", "50%", 4, 14, "start"),
    "pleasant": ("100%", "50%", -4, 14, "end"),
    "excited": ("50%", "0%", 5, 14, "start"),
    "calm": ("50%", "100%", 5, -6, "start"),
}


def wandering(
    trail: Sequence[Prediction], language: str = "en", labels: Sequence[str] = LABELS
) -> str:
    """The plane, and the way over it: the last point is where it is now.

    Args:
        trail: What was felt, in order; nothing shows the places alone.
        language: "ko" or "en".
        labels: The emotions whose places are shown.
    """
    drawn = "".join(
        [*_axes(language), *_trail(trail), *_places(labels, language), *_now(trail[-1:])]
    )
    said = f"{SAY[language]['valence']} · {SAY[language]['arousal']}"
    return (
        f"<svg class='wandering' role='img' aria-label='{said}' width='100%' "
        f"height='{HEIGHT}'>{drawn}</svg>"
    )


def _at(valence: float, arousal: float) -> tuple[float, float]:
    """How far from the left and from the top, in percent."""
    return 50 * (1 + valence / REACH), 50 * (1 - arousal / REACH)


def _axes(language: str) -> Iterator[str]:
    yield "<rect class='ground' width='100%' height='100%'/>"
    yield "<line class='line' x1='0' x2='100%' y1='50%' y2='50%'/>"
    yield "<line class='line' x1='50%' x2='50%' y1='0' y2='100%'/>"
    for key, (x, y, dx, dy, anchor) in ENDS.items():
        yield (
            f"<text class='end' x='{x}' y='{y}' dx='{dx}' dy='{dy}' text-anchor='{anchor}'>"
            f"{SAY[language][key]}</text>"
        )


def _trail(trail: Sequence[Prediction]) -> Iterator[str]:
    places = [_at(found.valence, found.arousal) for found in trail]
    if len(places) > 1:
        way = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        yield (
            "<svg width='100%' height='100%' viewBox='0 0 100 100' preserveAspectRatio='none'>"
            f"<path class='line' d='M{way}'/></svg>"
        )
    faded = np.linspace(0.08, 0.6, len(trail))
    for found, (x, y), opacity in zip(trail[:-1], places, faded[:-1], strict=False):
        yield (
            f"<circle cx='{x:.1f}%' cy='{y:.1f}%' r='4' fill='{BY_NAME[found.label].color}' "
            f"opacity='{opacity:.2f}'/>"
        )


def _now(last: Sequence[Prediction]) -> Iterator[str]:
    for found in last:
        x, y = _at(found.valence, found.arousal)
        yield (
            f"<circle class='now' cx='{x:.1f}%' cy='{y:.1f}%' r='9.5' "
            f"fill='{BY_NAME[found.label].color}' stroke='{PAPER}' stroke-width='2.5'/>"
        )


def _places(labels: Sequence[str], language: str) -> Iterator[str]:
    for label in labels:
        emotion = BY_NAME[label]
        x, y = _at(emotion.valence, emotion.arousal)
        dx, dy, anchor = BESIDE.get(label, BELOW)
        yield f"<circle cx='{x:.1f}%' cy='{y:.1f}%' r='4.5' fill='{emotion.color}' opacity='.75'/>"
        yield (
            f"<text x='{x:.1f}%' y='{y:.1f}%' dx='{dx}' dy='{dy}' text-anchor='{anchor}'>"
            f"{name(label, language)}</text>"
        )
