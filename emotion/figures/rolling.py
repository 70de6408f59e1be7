"""The last half minute of somebody who is still speaking, as SVG.

It is drawn anew with each reading, and Plotly would take longer for that than the model does.
"""

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil

import numpy as np

from emotion.acoustics import outline
from emotion.audio import RATE, Clip
from emotion.figures.canvas import ACCENT, AFFECT_COLORS, SAY, name, percent, signed, stack
from emotion.labels import BY_NAME, LABELS
from emotion.live import KEPT, STEP, Reading
from emotion.speech import Region

OUTLINE = 0.2  # seconds that one point of the waveform stands for
QUIET = 0.05  # of full scale; what is softer is not enlarged to look like a voice
BETWEEN = 5  # seconds from one tick to the next
TOP, BELOW = 24, 26  # pixels for the first row's title, and for the seconds
ROWS = (44, 170, 80)  # pixels of waveform, probabilities, valence and arousal
TOTAL, SPANS = stack(ROWS, gap=30)
HEIGHT = TOP + TOTAL + BELOW
WAVE, SHARES, CURVES = (round((1 - high) * TOTAL) for _, high in SPANS)  # where each row begins

Window = tuple[float, Clip, tuple[Region, ...]]


def rolling(
    readings: Sequence[Reading],
    window: Window | None,
    language: str = "en",
    labels: Sequence[str] = LABELS,
) -> str:
    """Waveform, probabilities, valence and arousal over the last half minute.

    Args:
        readings: Those of the last half minute, in order.
        window: When what was heard begins, how it sounds, and where somebody speaks in it.
        language: "ko" or "en".
        labels: The emotions in the order in which they are stacked.
    """
    last = readings[-1].second if readings else 0.0
    end = max(last, window[0] + window[1].seconds) if window else last
    start = max(0.0, end - KEPT)
    drawn = "".join(
        [
            *_ground(),
            *(_wave(start, *window) if window else ()),
            *_shares(start, readings, labels),
            *_curves(start, readings),
            *_hints(start, readings, language),
        ]
    )
    return (
        f"<div class='rolling' data-second='{last:.1f}'>"
        f"<svg role='img' aria-label='{_said(language)}' width='100%' height='{HEIGHT}'>"
        f"<svg y='{TOP}' width='100%' height='{TOTAL}' viewBox='0 0 {KEPT:g} {TOTAL}' "
        f"preserveAspectRatio='none'>{drawn}</svg>{''.join(_words(start, language))}</svg>"
        f"{legend(labels, language)}</div>"
    )


def legend(labels: Sequence[str], language: str) -> str:
    """The colours of the emotions and of the two curves."""
    say = SAY[language]
    emotions = [(name(label, language), BY_NAME[label].color, "") for label in labels]
    curves = [(say[key], color, f"line {key}") for key, color in AFFECT_COLORS.items()]
    keys = "".join(
        f"<li class='{kind}' style='--emotion: {color}'>{called}</li>"
        for called, color, kind in (*emotions, *curves)
    )
    return f"<ul class='legend'>{keys}</ul>"


def _said(language: str) -> str:
    say = SAY[language]
    return escape(" · ".join(say[key] for key in ("wave", "shares", "curves")), quote=True)


def _ground() -> Iterator[str]:
    for top, height in zip((WAVE, SHARES, CURVES), ROWS, strict=True):
        yield f"<rect class='ground' y='{top}' width='{KEPT:g}' height='{height}'/>"
    levels = [SHARES + share * ROWS[1] for share in (0, 0.5, 1)]
    levels += [_height(value) for value in (-1, 0, 1)]
    lines = "".join(f"M0 {level:.1f}h{KEPT:g}" for level in levels)
    yield f"<path class='line' d='{lines}'/>"


def _wave(start: float, begins: float, clip: Clip, regions: Sequence[Region]) -> Iterator[str]:
    for region in regions:
        yield (
            f"<rect x='{begins + region.start - start:.2f}' y='{WAVE}' height='{ROWS[0]}' "
            f"width='{region.end - region.start:.2f}' fill='{ACCENT}' opacity='.13'/>"
        )
    # Each point always stands for the same stretch, or the wave would flicker as it moves.
    first = ceil(begins / OUTLINE) * OUTLINE
    rest = clip.samples[round((first - begins) * RATE) :]
    n = int(len(rest) / RATE / OUTLINE)
    if not n:
        return
    edges = outline(Clip(rest[: round(n * OUTLINE * RATE)], clip.source), n)
    loudest = max(float(np.abs(edges).max()), QUIET)
    across = first - start + (np.arange(n) + 0.5) * OUTLINE
    down = WAVE + ROWS[0] / 2 * (1 - edges / loudest)
    points = [
        *zip(across, down[:, 1], strict=True),
        *zip(across[::-1], down[::-1, 0], strict=True),
    ]
    yield f"<path class='wave' d='M{' '.join(f'{x:.2f} {y:.1f}' for x, y in points)}z'/>"


def _shares(start: float, readings: Sequence[Reading], labels: Sequence[str]) -> Iterator[str]:
    """A column a reading, each as wide as the time to the next; none where nobody speaks."""
    columns: dict[str, list[str]] = {label: [] for label in labels}
    for reading in readings:
        shares = reading.prediction.probabilities if reading.prediction else {}
        share, low = 0.0, float(SHARES + ROWS[1])
        for label in labels if shares else ():
            share += shares.get(label, 0.0)
            high = round(SHARES + (1 - share) * ROWS[1], 1)
            at = f"M{reading.second - STEP - start:.2f} {high:g}"
            columns[label].append(f"{at}h{STEP}v{low - high:.1f}h-{STEP}z")
            low = high
    for label, drawn in columns.items():
        path, color = "".join(drawn), BY_NAME[label].color
        yield f"<path class='share' data-label='{label}' style='--emotion: {color}' d='{path}'/>"


def _curves(start: float, readings: Sequence[Reading]) -> Iterator[str]:
    """Valence and arousal, broken where nobody speaks."""
    for key, color in AFFECT_COLORS.items():
        drawn, joins = "", False
        for reading in readings:
            if reading.prediction:
                level = _height(getattr(reading.prediction, key))
                at = f"{reading.second - start:.2f} {level:.1f}"
                drawn += f"L{at}" if joins else f"M{at}h0"  # a dot, where it stands alone
            joins = reading.prediction is not None
        yield f"<path class='curve {key}' style='--emotion: {color}' d='{drawn}'/>"


def _height(value: float) -> float:
    """Where a valence or an arousal stands."""
    return CURVES + ROWS[2] / 2 * (1 - value / 1.08)


def _hints(start: float, readings: Sequence[Reading], language: str) -> Iterator[str]:
    """What a pointer over a reading's column is told."""
    say = SAY[language]
    for reading in readings:
        if found := reading.prediction:
            order = sorted(found.probabilities, key=lambda label: -found.probabilities[label])[:3]
            said = [f"{name(key, language)} {percent(found.probabilities[key])}" for key in order]
            said += [f"{say[key]} {signed(getattr(found, key))}" for key in AFFECT_COLORS]
            yield (
                f"<rect class='hint' x='{reading.second - STEP - start:.2f}' y='{SHARES}' "
                f"width='{STEP}' height='{TOTAL - SHARES}'>"
                f"<title>{escape(' · '.join(said), quote=False)}</title></rect>"
            )


def _words(start: float, language: str) -> Iterator[str]:
    """Titles above the rows, levels beside them, and seconds below."""
    say = SAY[language]
    for key, top in (("wave", WAVE), ("shares", SHARES), ("curves", CURVES)):
        yield f"<text y='{TOP + top - 8}'>{escape(say[key], quote=False)}</text>"
    levels = [(SHARES + (1 - share) * ROWS[1], percent(share)) for share in (0, 0.5, 1)]
    levels += [(_height(value), f"{value:g}".replace("-", "−")) for value in (-1, 0, 1)]
    for level, said in levels:
        yield f"<text class='level' x='-7' y='{TOP + level + 4:.0f}'>{said}</text>"
    first = ceil(start / BETWEEN) * BETWEEN
    for second in range(first, int(start + KEPT) + 1, BETWEEN):
        yield (
            f"<text class='second' x='{(second - start) / KEPT:.2%}' "
            f"y='{TOP + TOTAL + 18}'>{second}{say['second']}</text>"
        )
