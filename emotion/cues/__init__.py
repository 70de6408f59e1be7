"""What a voice does, measured and set against a reference, and what that is said to fit.

Example:
    >>> from emotion import Analyzer
    >>> analysis = Analyzer.load().analyze("clip.wav")
    >>> analysis.measures.pitch  # Hz; None where it cannot be measured
    >>> analysis.cues.levels["pitch"]  # -3 very much lower … 0 usual … 3 very much higher
    >>> [(fit.label, fit.speaking_for, fit.against) for fit in analysis.cues.fits]
"""

from emotion.cues.evidence import Cues, Fit, compare
from emotion.cues.measures import NAMES, Measures, measure
from emotion.cues.reference import Reference, Spread, nearest, of_others, typical

__all__ = [
    "NAMES",
    "Cues",
    "Fit",
    "Measures",
    "Reference",
    "Spread",
    "compare",
    "measure",
    "nearest",
    "of_others",
    "typical",
]
