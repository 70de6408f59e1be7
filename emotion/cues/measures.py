"""What a voice does, in numbers: how fast, how high, how loud, how even, which way it moves."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from emotion.acoustics import HOP, Curves, curves
from emotion.audio import RATE, Clip
from emotion.cues.cycles import Quality, Stretch, quality
from emotion.cues.syllables import in_words, nuclei
from emotion.speech import Region
from emotion.transcript import Transcript

FRAMES = RATE // HOP  # a second
LEAST = 0.8  # seconds of speech, below which there is too little to measure
LEAST_VOICED = 0.4  # seconds with a pitch, below which it says little of the voice
SHORTEST = 0.05  # seconds; a pitch that comes and goes faster is none
BREAK = 3.0  # semitones from one frame to the next that no voice can jump
SLOPE = 5  # frames over which a change of pitch is read
ENDING = 0.4  # seconds with a pitch, the last ones of what is said
MOST, MEDIAN, LITTLE = 0.9, 0.5, 0.1  # of the values: between the outer ones lies the range
SYLLABLES = (1.0, 12.0)  # a second; words beyond that are not those of this voice


@dataclass(frozen=True)
class Measures:
    """What was measured of a voice while it speaks; None where that could not be.

    Attributes:
        rate: Syllables a second.
        pitch: Median, in Hz.
        pitch_range: From the lowest to the highest tenth, in semitones.
        intensity: Mean, in dB relative to full scale: of this microphone at this distance alone.
        intensity_range: From the lowest to the highest tenth of what has a pitch, in dB.
        jitter: See Quality; in percent.
        shimmer: See Quality; in percent.
        harmonicity: See Quality; harmonics to noise in dB.
        abruptness: The quadratic mean of how fast the pitch moves, in semitones a second: a few
            sudden moves count more than many slow ones.
        direction: Where the pitch moves on the whole, in semitones a second; below 0 downwards.
        ending: How far it moves in the last half second with a pitch, in semitones.
        rate_by: What was counted: syllables of "ko" or "en" words, or of the "sound".
        low: The pitch below which the lowest tenth lies, in Hz.
        high: The pitch above which the highest tenth lies, in Hz.
        seconds: How long the speech is.
    """

    rate: float | None = None
    pitch: float | None = None
    pitch_range: float | None = None
    intensity: float | None = None
    intensity_range: float | None = None
    jitter: float | None = None
    shimmer: float | None = None
    harmonicity: float | None = None
    abruptness: float | None = None
    direction: float | None = None
    ending: float | None = None
    rate_by: str = "sound"
    low: float | None = None
    high: float | None = None
    seconds: float = 0.0

    @property
    def some(self) -> bool:
        """Whether anything could be measured."""
        return any(getattr(self, name) is not None for name in NAMES)


NAMES = tuple(each.name for each in fields(Measures))[:11]  # what is set against a reference


def measure(
    clip: Clip, regions: Sequence[Region], transcript: Transcript | None = None
) -> Measures:
    """Measures what a voice does while it speaks.

    Args:
        clip: The voice.
        regions: Where it speaks.
        transcript: What it says, if that is known: its syllables then tell the rate.
    """
    found = curves(clip)
    speaks = np.zeros(len(found.seconds), bool)
    for region in regions:
        speaks |= (found.seconds >= region.start) & (found.seconds < region.end)
    seconds = float(speaks.sum() / FRAMES)
    if seconds < LEAST:
        return Measures(seconds=seconds)
    stretches = _stretches(np.where(speaks, found.pitch, np.nan))
    voiced = np.zeros(len(speaks), bool)
    for first, last in stretches:
        voiced[first:last] = True
    rate, by = _rate(clip, transcript, voiced, seconds)
    power = 10 ** (found.loudness[speaks] / 10)
    loud = {"intensity": float(10 * np.log10(power.mean()))}
    if voiced.sum() < LEAST_VOICED * FRAMES:
        return Measures(rate=rate, rate_by=by, seconds=seconds, **loud)
    low, high = np.quantile(found.loudness[voiced], (LITTLE, MOST))
    loud["intensity_range"] = float(high - low)
    even = quality(clip.samples, found.pitch, stretches, HOP)
    return Measures(
        rate=rate, rate_by=by, seconds=seconds, **loud, **_pitch(found, stretches), **_even(even)
    )


def _even(found: Quality | None) -> dict[str, float]:
    return vars(found) if found else {}


def _stretches(pitch: np.ndarray) -> list[Stretch]:
    """From which frame to which there is a pitch without a break, where that lasts."""
    with np.errstate(invalid="ignore"):
        jumps = np.abs(np.diff(12 * np.log2(pitch))) > BREAK
    there = ~np.isnan(pitch)
    begins = there & np.concatenate([[True], ~there[:-1] | jumps])
    found = []
    for first in np.flatnonzero(begins):
        last = first + 1
        while last < len(pitch) and there[last] and not begins[last]:
            last += 1
        if last - first >= SHORTEST * FRAMES:
            found.append((int(first), int(last)))
    return found


def _rate(
    clip: Clip, transcript: Transcript | None, voiced: np.ndarray, seconds: float
) -> tuple[float | None, str]:
    """Syllables a second, and what was counted."""
    least, most = SYLLABLES
    counted = in_words(transcript) if transcript else None
    language = transcript.language if transcript else ""
    if counted and language in ("ko", "en") and least <= counted / seconds <= most:
        return counted / seconds, language
    heard = len(nuclei(clip.samples, voiced, HOP))
    # Of a whisper, say, no syllable has a pitch.
    return (heard / seconds if heard / seconds >= least else None), "sound"


def _pitch(found: Curves, stretches: Sequence[Stretch]) -> dict[str, float]:
    """How high it is, how wide, and how it moves."""
    tones = [12 * np.log2(found.pitch[first:last]) for first, last in stretches]
    low, middle, high = np.quantile(np.concatenate(tones), (LITTLE, MEDIAN, MOST))
    kernel = _line(SLOPE)
    slopes = np.concatenate([np.correlate(tone, kernel, "valid") for tone in tones]) * FRAMES
    seconds = np.concatenate([found.seconds[first:last] for first, last in stretches])
    moves = {
        "abruptness": float(np.sqrt(np.square(slopes).mean())),
        "direction": float(slopes.mean()),
    }
    late = seconds > seconds[-1] - ENDING
    if late.sum() >= ENDING * FRAMES / 2:
        slope = np.polyfit(seconds[late], np.concatenate(tones)[late], 1)[0]
        moves["ending"] = float(slope * (seconds[-1] - seconds[late][0]))
    hertz = {"low": float(2 ** (low / 12)), "high": float(2 ** (high / 12))}
    return {"pitch": float(2 ** (middle / 12)), "pitch_range": float(high - low), **hertz, **moves}


def _line(n: int) -> np.ndarray:
    """What a curve is weighed with to give its slope at the middle of n frames."""
    steps = np.arange(n) - (n - 1) / 2
    return steps / np.square(steps).sum()
