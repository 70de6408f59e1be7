"""What was found, drawn: pure functions from what was found to a Plotly figure or a sentence.

What is drawn anew while somebody speaks is SVG, which a browser shows as fast as it comes.

Paper is transparent and every colour is of middle lightness, so that one figure can be read on a
light page and on a dark one. Words stand in the order in which they were said.
"""

from emotion.figures.body import body
from emotion.figures.canvas import AFFECT_COLORS, SAY, name, percent, signed
from emotion.figures.changed import changed
from emotion.figures.compared import called, color, compared
from emotion.figures.course import course
from emotion.figures.lost import occlusion
from emotion.figures.prediction import bars, plane
from emotion.figures.rolling import legend, rolling
from emotion.figures.timeline import DIRECTIONS, View, attention_map, focus_curves, moments
from emotion.figures.verdict import agreement, confidence, occlusion_agreement, verdict
from emotion.figures.wandering import wandering

__all__ = [
    "AFFECT_COLORS",
    "DIRECTIONS",
    "SAY",
    "View",
    "agreement",
    "attention_map",
    "bars",
    "body",
    "called",
    "changed",
    "color",
    "compared",
    "confidence",
    "course",
    "focus_curves",
    "legend",
    "moments",
    "name",
    "occlusion",
    "occlusion_agreement",
    "percent",
    "plane",
    "rolling",
    "signed",
    "verdict",
    "wandering",
]
