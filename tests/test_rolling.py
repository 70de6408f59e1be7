"""The figures of somebody who is still speaking: what a reader would see wrong."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from emotion import figures
from emotion.analysis import Prediction
from emotion.audio import RATE, Clip
from emotion.figures.rolling import CURVES, ROWS, SHARES, WAVE
from emotion.labels import BY_NAME, LABELS
from emotion.live import KEPT, STEP, Reading
from emotion.speech import Region
from tests.conftest import voice


def reading(second, label="happy", share=0.7, valence=0.3, arousal=-0.2):
    if label is None:
        return Reading(second, None, -80)
    rest = (1 - share) / (len(LABELS) - 1)
    shares = dict.fromkeys(LABELS, rest) | {label: share}
    return Reading(second, Prediction(shares, valence, arousal), -20)


def drawn(*given, language="en"):
    return ElementTree.fromstring(figures.rolling(*given, language=language))


def columns(root):
    """Each column by its label and where it begins: its top and its bottom, as shares."""
    found = {}
    for path in root.iterfind(".//path[@class='share']"):
        for x, y, width, height in re.findall(r"M(\S+) (\S+?)h(\S+?)v(\S+?)h", path.get("d")):
            assert float(width) == STEP
            top = 1 - (float(y) - SHARES) / ROWS[1]
            found[path.get("data-label"), float(x)] = (top, top - float(height) / ROWS[1])
    return found


def wave(root):
    """The waveform's points."""
    path = root.find(".//path[@class='wave']").get("d")
    return np.array(re.findall(r"-?[\d.]+", path), float).reshape(-1, 2)


def test_columns_stand_on_each_other_fill_the_whole_and_are_missing_where_nobody_speaks():
    root = drawn([reading(0.5), reading(1, None), reading(1.5, "sad", 0.4)], None)
    found = columns(root)
    assert {at for _, at in found} == {0.0, 1.0}
    for at in (0.0, 1.0):
        below = 0.0
        for label in LABELS:
            top, bottom = found[label, at]
            assert bottom == pytest.approx(below, abs=1e-9)  # no gap is seen between two
            below = top
        assert below == pytest.approx(1, abs=0.001)
    assert np.subtract(*found["sad", 1.0]) == pytest.approx(0.4, abs=0.002)
    for path in root.iterfind(".//path[@class='share']"):
        assert BY_NAME[path.get("data-label")].color in path.get("style")


def test_only_the_last_half_minute_is_drawn_and_the_seconds_move_with_it():
    readings = [reading(second) for second in np.arange(12.5, 42.5, STEP)]
    root = drawn(readings, None)
    begins = [at for _, at in columns(root)]
    assert (min(begins), max(begins)) == (0.0, KEPT - STEP)
    seconds = [text.text for text in root.iterfind(".//text[@class='second']")]
    assert seconds == ["15 s", "20 s", "25 s", "30 s", "35 s", "40 s"]
    assert root.get("data-second") == "42.0"


def test_curves_are_broken_where_nobody_speaks_and_one_reading_alone_is_a_dot():
    readings = [reading(0.5, valence=1.0), reading(1, None), reading(1.5), reading(2, valence=-1)]
    path = drawn(readings, None).find(".//path[@class='curve valence']").get("d")
    assert [part.count("L") for part in path.split("M")[1:]] == [0, 1]
    assert path.startswith("M0.50 ")
    assert path.split("M")[1].endswith("h0")
    heights = [float(y) for y in re.findall(r"[ML]\S+ ([\d.]+)", path)]
    assert heights[0] < heights[1] < CURVES + ROWS[2] / 2 < heights[2]  # upwards is pleasant


def test_the_waveform_keeps_its_shape_as_it_moves():
    sound = voice(34.0)

    def window(start, end):
        return start, Clip(sound[round(start * RATE) : round(end * RATE)], "made"), ()

    before = wave(drawn([reading(31)], window(1.0, 31.0)))
    after = wave(drawn([reading(31.5)], window(1.37, 31.37)))
    where = {round(x + 1.0, 2): y for x, y in before[: len(before) // 2]}
    same = [(where.get(round(x + 1.5, 2)), y) for x, y in after[: len(after) // 2]]
    same = [(one, other) for one, other in same if one is not None]
    assert len(same) > 140
    assert all(one == pytest.approx(other, abs=0.2) for one, other in same)
    assert after[:, 1].min() == pytest.approx(WAVE, abs=1)
    assert after[:, 0].max() <= KEPT


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.3, 2.0])
def test_what_was_hardly_heard_yet_is_drawn(seconds):
    clip = Clip(voice(seconds), "made")
    root = drawn([], (0.0, clip, (Region(0.0, seconds),)))
    assert (root.find(".//path[@class='wave']") is not None) == (seconds >= 0.2)


@pytest.mark.parametrize(("language", "said"), [("ko", "기쁨 70%"), ("en", "happy 70%")])
def test_a_pointer_is_told_what_a_column_stands_for(language, said):
    root = drawn([reading(0.5)], None, language=language)
    assert root.find(".//rect[@class='hint']/title").text.startswith(said)
    assert len(root.findall(".//ul/li")) == len(LABELS) + 2


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_point_wanders_to_the_last_reading(language):
    trail = [reading(0, "sad", valence=-1, arousal=-1), reading(1, valence=1.0, arousal=0.5)]
    root = ElementTree.fromstring(figures.wandering([r.prediction for r in trail], language))
    now = root.find("circle[@class='now']")
    assert now.get("fill") == BY_NAME["happy"].color
    assert (now.get("cx"), now.get("cy")) == ("94.6%", "27.7%")
    assert root.find("svg/path").get("d") == "M5.4 94.6L94.6 27.7"
    nothing = ElementTree.fromstring(figures.wandering([], language))
    assert nothing.find("circle[@class='now']") is None
    words = {text.text for text in nothing.iterfind("text")}
    assert {figures.name(label, language) for label in LABELS} < words
