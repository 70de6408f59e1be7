"""The single cycles of a voice: how evenly they follow each other, in time and in strength.

Jitter and shimmer are the usual local ones, harmonicity the usual ratio of what repeats to what
does not. They are found as phoneticians find them, each cycle by its likeness to the one before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.signal import resample_poly

from emotion.audio import RATE

SHORTER, LONGER = 0.8, 1.25  # times the period told, between which the next cycle is looked for
SAME = 1.3  # times the one before, from which a period is no longer a neighbour but a slip
ALIKE = 1.6  # the same of strengths
FINER = 4  # times the sampling rate, at which peaks are read
FEWEST = 30  # cycles, below which nobody could say how even they are
CLEAREST = 0.9999  # likeness, 40 dB: more than 16-bit recordings can tell

Stretch = tuple[int, int]  # frames from, to


@dataclass(frozen=True)
class Quality:
    """How even the cycles of a voice are.

    Attributes:
        jitter: Mean difference of neighbouring periods, in percent of the mean period.
        shimmer: Mean difference of neighbouring peaks, in percent of the mean peak.
        harmonicity: Harmonics to noise, in dB.
    """

    jitter: float
    shimmer: float
    harmonicity: float


def quality(
    samples: np.ndarray, pitch: np.ndarray, stretches: Sequence[Stretch], hop: int
) -> Quality | None:
    """Measures a voice; None where it has too few cycles.

    Args:
        samples: At RATE, `[n]`.
        pitch: Hz at each frame, `[frames]`.
        stretches: From which frame to which it has a pitch without a break.
        hop: Samples from one frame to the next.
    """
    periods, peaks, jumps, steps, likeness = [], [], [], [], []
    for first, last in stretches:
        part = samples[first * hop : last * hop].astype(float)
        found = np.array(list(_cycles(part - part.mean(), RATE / pitch[first:last], hop)))
        if len(found) < 2:
            continue
        at, period, alike = found.T
        peak = _peaks(part, at, period)
        periods.append(period)
        peaks.append(peak)
        likeness.append(alike)
        jumps.append(_differences(period, SAME))
        steps.append(_differences(peak, ALIKE))
    if sum(map(len, periods)) < FEWEST:
        return None
    clear = np.clip(np.concatenate(likeness), 1 - CLEAREST, CLEAREST)
    jump, step = np.concatenate(jumps), np.concatenate(steps)
    if not len(jump) or not len(step):
        return None
    return Quality(
        jitter=float(100 * jump.mean() / np.concatenate(periods).mean()),
        shimmer=float(100 * step.mean() / np.concatenate(peaks).mean()),
        harmonicity=float((10 * np.log10(clear / (1 - clear))).mean()),
    )


def _cycles(
    part: np.ndarray, periods: np.ndarray, hop: int
) -> Iterator[tuple[float, float, float]]:
    """Each cycle's middle and length in samples, and how alike the next one is, -1 to 1."""
    power = np.concatenate([[0.0], np.square(part).cumsum()])
    width = int(periods[0])
    at = float(np.abs(part[width : 2 * width]).argmax() + width) if len(part) > 2 * width else 0.0
    while True:
        told = periods[min(int(at) // hop, len(periods) - 1)]
        width, least, most = round(told), int(SHORTER * told), int(np.ceil(LONGER * told))
        start = round(at - told / 2)
        if start < 0 or start + most + width > len(part):
            return
        cycle, ahead = part[start : start + width], part[start + least : start + most + width]
        lags = np.arange(least, most + 1)
        others = power[start + lags + width] - power[start + lags]
        own = power[start + width] - power[start]
        alike = np.correlate(ahead, cycle, "valid") / np.sqrt(np.maximum(own * others, 1e-20))
        best = int(alike.argmax())
        step, height = _summit(alike, best)
        yield at, least + step, height
        at += least + step


def _summit(values: np.ndarray, at: int) -> tuple[float, float]:
    """Where the parabola through a highest value and its neighbours is highest, and how high."""
    if not 0 < at < len(values) - 1:
        return float(at), float(values[at])
    before, here, after = values[at - 1 : at + 2]
    bend = before + after - 2 * here
    if bend >= 0:
        return float(at), float(here)
    aside = (before - after) / (2 * bend)
    return at + aside, here - (before - after) * aside / 4


def _peaks(part: np.ndarray, at: np.ndarray, periods: np.ndarray) -> np.ndarray:
    """How far each cycle swings from its lowest to its highest."""
    fine = resample_poly(part, FINER, 1)
    first = (FINER * (at - periods / 2)).astype(int).clip(0)
    last = (FINER * (at + periods / 2)).astype(int)
    return np.array([np.ptp(fine[a:b]) for a, b in zip(first, last, strict=True)])


def _differences(values: np.ndarray, most: float) -> np.ndarray:
    """How much neighbours differ, less those that are no neighbours."""
    before, after = values[:-1], values[1:]
    near = np.maximum(before, after) <= most * np.minimum(before, after)
    return np.abs(after - before)[near]
