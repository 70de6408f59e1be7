"""The figure of a whole recording: what a reader would see wrong."""

import numpy as np
import pytest

from emotion import figures
from emotion.analysis import Prediction
from emotion.figures.course import MOST_STEPS, MOST_TICKS
from emotion.labels import BY_NAME, LABELS
from emotion.timeline import Spoken
from emotion.transcript import Word


def spoken(start, end, label="happy", share=0.7, valence=0.3, arousal=-0.2, text=""):
    rest = (1 - share) / (len(LABELS) - 1)
    shares = dict.fromkeys(LABELS, rest) | {label: share}
    words = tuple(Word(word) for word in text.split())
    return Spoken(start, end, words, "en", Prediction(shares, valence, arousal))


def traces(figure):
    return {trace.name: trace for trace in figure.data if trace.name}


def shapes(trace):
    """The shapes of a trace, each as its points."""
    points = np.array([trace.x, trace.y], float).T
    holes = np.flatnonzero(np.isnan(points[:, 0]))
    return [shape for shape in np.split(points, holes) if np.isfinite(shape).any()]


def height(trace, at):
    """How thick an area is at a second, and where it begins."""
    found = [y for x, y in zip(trace.x, trace.y, strict=True) if x is not None and x == at]
    return max(found) - min(found), min(found)


def test_areas_are_the_probabilities_on_each_other_and_fill_the_whole():
    one, two = spoken(1, 3, "happy", 0.7), spoken(3.5, 5, "sad", 0.4)
    drawn = traces(figures.course([one, two], LABELS, 10))
    for said in (one, two):
        below = 0.0
        for label in LABELS:
            thick, bottom = height(drawn[label], said.start)
            assert thick == pytest.approx(said.prediction.probabilities[label])
            assert bottom == pytest.approx(below)
            below += thick
        assert below == pytest.approx(1)
    assert drawn["sad"].fillcolor == BY_NAME["sad"].color


def test_nothing_is_drawn_where_nobody_speaks():
    said = [spoken(1, 2), spoken(2.5, 3), spoken(20, 21)]
    drawn = traces(figures.course(said, LABELS, 30))
    for name in ("happy", "valence", "arousal"):
        first, second = shapes(drawn[name])
        assert (np.nanmin(first[:, 0]), np.nanmax(first[:, 0])) == (1, 3)
        assert (np.nanmin(second[:, 0]), np.nanmax(second[:, 0])) == (20, 21)


def test_curves_and_confidence_are_those_of_each_utterance():
    said = [spoken(1, 2, "happy", 0.7, 0.3, -0.2), spoken(9, 11, "sad", 0.4, -0.5, 0.1)]
    drawn = traces(figures.course(said, LABELS, 30))
    assert [y for y in drawn["valence"].y if y is not None] == [0.3, 0.3, -0.5, -0.5]
    assert [y for y in drawn["arousal"].y if y is not None] == [-0.2, -0.2, 0.1, 0.1]
    bars = drawn["confidence"]
    assert list(bars.y) == pytest.approx([0.7, 0.4])
    assert (list(bars.x), list(bars.width)) == ([1.5, 10.0], [1, 2])
    assert list(bars.marker.color) == [BY_NAME["happy"].color, BY_NAME["sad"].color]


def test_a_day_is_drawn_as_small_as_an_hour_and_means_are_weighted_by_time():
    said = [spoken(t, t + 3, "happy", 0.9, 0.6) for t in range(0, 86_400, 8)]
    said += [spoken(t + 4, t + 5, "sad", 0.9, -0.6) for t in range(0, 86_400, 8)]
    said.sort(key=lambda one: one.start)
    figure = figures.course(said, LABELS, 86_400)
    assert len(figure.to_json()) < 600_000
    drawn = traces(figure)
    assert len(drawn["confidence"].x) <= MOST_STEPS + 1
    assert drawn["confidence"].y[5] == pytest.approx(0.9)
    valence = [y for y in drawn["valence"].y if y is not None]
    assert np.median(valence) == pytest.approx(0.6 * (3 - 1) / 4, abs=0.02)


@pytest.mark.parametrize("seconds", [0.5, 3, 59, 61, 600, 3600, 7300, 90_000])
def test_the_clock_has_few_ticks_that_are_read_at_once(seconds):
    figure = figures.course([spoken(0, 0.5)], LABELS, seconds)
    assert 1 <= len(figure.layout.xaxis.tickvals) <= MOST_TICKS + 1
    assert figure.layout.xaxis.ticktext[0] == "0:00"
    assert figure.layout.xaxis.range[1] >= seconds


def test_a_pointer_finds_the_words_as_they_were_said():
    said = [spoken(61, 62, text="<b>bold</b> &amp;")]
    hints = [trace for trace in figures.course(said, LABELS, 70, "ko").data if trace.hovertext]
    assert len(hints) == 3
    text = hints[0].hovertext[0]
    assert "1:01" in text
    assert "기쁨 70%" in text
    assert "&lt;b&gt;bold&lt;/b&gt; &amp;amp;" in text


def test_nobody_is_said_in_both_languages():
    assert "Nobody" in figures.course([], LABELS, 3.0, "en").layout.annotations[0].text
    assert "없습니다" in figures.course([], LABELS, 3.0, "ko").layout.annotations[0].text
