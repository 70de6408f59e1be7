"""What the Review tab says of agreement among raters, and of speakers who taught the model."""

import re
from dataclasses import replace

import gradio as gr
import pytest

from emotion.manifest import Reach
from emotion.review import Project, Rating
from emotion.review.agreement import agreement
from emotion.review.clips import Entry
from emotion.review.found import Found, keep
from emotion.review.heard import Heard
from emotion.review.quality import RaterQuality
from emotion.review.seat import Turn
from emotion.review.suspicion import Judged
from emotion.ui.review import lookout, sight
from emotion.ui.review.accord import accord
from emotion.ui.review.booth import Booth
from emotion.ui.review.text import REVIEW

SAID = {"kim": "hhsasa", "lee": "hhsahs", "<b>": "hssasa"}
LABELS = {"h": "happy", "s": "sad", "a": "angry"}


@pytest.fixture
def project(tmp_path):
    """Six clips in two sessions, which three have rated."""
    entries = [
        Entry(
            f"c{i}", text="yes", label=LABELS[SAID["kim"][i]], session=f"s{i % 2}",
            raters={who: Rating((LABELS[said[i]],)) for who, said in SAID.items()},
        )
        for i in range(6)
    ]  # fmt: skip
    with Project(tmp_path / "work.review") as project:
        source = project.clips.begin("made.csv", "digest", ("id",), 6, Reach(tmp_path))
        project.clips.add(source, list(enumerate(entries, 1)), [], 6)
        yield project


@pytest.mark.parametrize("language", ["ko", "en"])
def test_agreement_is_told_by_emotion_rater_pair_and_session(project, language):
    quality = {"kim": RaterQuality(0.875, None, "sad", 6)}
    keep(project, Found("model", "hash", raters=quality))
    found, page = agreement(project.clips), accord(project, language)
    rows = re.findall(r"<tr><th scope='row'>([^<]*)</th>(.*?)</tr>", page)
    told: dict[str, list[str]] = {}
    for name, cells in rows:
        told.setdefault(name, []).extend(re.findall("<td>([^<]*)</td>", cells))
    happy = {"ko": "기쁨", "en": "happy"}[language]
    assert told[happy] == [f"{found.classes['happy']:.3f}"]
    beside = [f"{found.raters['kim']:.3f}", f"{found.without['kim']:.3f}", "0.875"]
    assert told["kim"] == beside
    assert told["kim – lee"] == [f"{found.pairs['kim', 'lee'].kappa:.3f}"]
    assert told["s0"] == [f"{found.sessions['s0']:.3f}"]
    assert f"{found.labels:.3f}" in page
    assert f"{found.fleiss:.3f}" in page
    assert "<b>" not in page
    assert "&lt;b&gt;" in told


def test_who_is_to_decide_blind_is_told_of_no_agreement_before(project):
    with gr.Blocks():
        booth = Booth("en")
    hidden = lookout.agreement(booth, project, Turn(clip="c0", hidden=True), "en")
    shown = lookout.agreement(booth, project, Turn(clip="c0"), "en")
    assert REVIEW["en"]["agreement_hidden"] in hidden[booth.parts["agreement"]]
    assert "kim" not in hidden[booth.parts["agreement"]]
    assert "kim" in shown[booth.parts["agreement"]]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("by", ["others", "given", "taught"])
def test_where_a_speaker_taught_the_model_it_is_said_beside_what_it_says(project, by, language):
    project.heard.add({"c0": Heard("model", "hash", probabilities={"happy": 0.9, "sad": 0.1})})
    judged = Judged(0.1, 0.9, False, None, (), by=by, known=True)
    project.judged.replace({"c0": judged})
    said = REVIEW[language][f"known_{by}"]
    turn, clip = Turn(clip="c0"), project.clips["c0"]
    assert said in sight.opinions(project, clip, turn, language)
    assert said not in sight.opinions(project, clip, Turn(clip="c0", hidden=True), language)
    project.judged.replace({"c0": replace(judged, known=False)})
    assert said not in sight.opinions(project, clip, turn, language)
