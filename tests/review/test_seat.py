"""One annotator in one project: what lies before them, and what becomes of what they decide."""

import time

import pytest

from emotion.errors import BadInput
from emotion.review import Decision, Project
from emotion.review.heard import Heard
from emotion.review.seat import Seat, Way
from tests.review.made import filled

SAD, FEAR = Decision("relabel", ("sad",), -0.5, -0.2, "a sigh"), Decision("relabel", ("fear",))
KEEP, SKIP = Decision("keep"), Decision("skip")


@pytest.fixture
def project(tmp_path):
    with Project(tmp_path / "work.review") as project:
        filled(project)
        yield project


def test_what_is_decided_brings_the_next_and_can_be_taken_back(project):
    kim = Seat(project, "kim")
    first = kim.next(Way())
    second = kim.decide(first, SAD)
    assert (first.clip, second.clip) == ("c5", "c4")
    back = kim.undo(second)
    assert back.clip == "c5"
    assert (back.former.labels, back.former.valence, back.former.note) == (("sad",), -0.5, "a sigh")
    assert kim.decide(back, KEEP).clip == "c4"
    assert [event.kind for event in project.log] == ["relabel", "undo", "keep"]


def test_what_comes_next_is_known_before_it_is_in_anybodys_hands(project):
    kim, lee = Seat(project, "kim"), Seat(project, "lee")
    first = kim.next(Way())
    assert kim.after(first) == "c4"
    assert lee.next(Way()).clip == "c4"  # who takes it meanwhile has it
    assert kim.after(first) == "c3" == kim.decide(first, SKIP).clip
    kim.decide(kim.next(Way()), SKIP)
    walked = kim.next(Way("skipped"))
    assert kim.after(walked) == kim.next(walked.way, walked.clip).clip == "c3"


def test_two_windows_of_one_annotator_decide_nothing_twice(project):
    kim = Seat(project, "kim")
    one, other = kim.next(Way()), kim.next(Way())
    assert one.clip == other.clip
    kim.decide(one, SAD)
    with pytest.raises(BadInput, match="decided already"):
        kim.decide(other, FEAR)
    assert project.log.outcome("c5").labels == ("sad",)
    # A clip that was only passed over may be decided from either.
    one = kim.next(Way())
    kim.decide(one, SKIP)
    kim.decide(one, FEAR)
    assert project.log.outcome(one.clip).labels == ("fear",)


def test_blind_the_model_shows_once_somebody_has_spoken(project):
    heard = Heard("small", "abc", probabilities={"happy": 0.9, "sad": 0.1})
    project.heard.add(dict.fromkeys([f"c{n}" for n in range(6)], heard))
    kim = Seat(project, "kim")
    turn = kim.next(Way(blind=True))
    assert turn.hidden
    shown = kim.decide(turn, SAD)
    assert (shown.clip, shown.hidden, shown.said.labels) == ("c5", False, ("sad",))
    assert kim.decide(shown, FEAR) == shown  # nothing is decided twice
    again = kim.undo(shown)
    assert (again.clip, again.hidden) == ("c5", False)  # what was seen cannot be unseen
    following = kim.decide(again, FEAR)
    assert (following.clip, following.hidden) == ("c4", True)
    assert [event.seen.blind for event in project.log if event.undoes is None] == [True, False]
    assert kim.decide(following, SKIP).clip == "c3"  # to skip is not to speak


def test_what_is_listened_to_for_long_stays_in_the_same_hands(project):
    project.set(lease=1)
    kim, lee = Seat(project, "kim"), Seat(project, "lee")
    turn = kim.next(Way())
    assert lee.next(Way()).clip == "c4"
    project.set(lease=600)
    kim.hold(turn)
    time.sleep(1.1)
    assert lee.next(Way()).clip == "c4"


def test_those_passed_over_come_again(project):
    kim = Seat(project, "kim")
    turn = kim.next(Way())
    for _ in range(2):
        turn = kim.decide(turn, SKIP)
    turn = kim.next(Way("skipped"))
    assert turn.clip == "c5"
    turn = kim.decide(turn, SKIP)
    assert turn.clip == "c4"
    turn = kim.decide(turn, SKIP)
    assert turn.clip == "c5"
    assert kim.decide(kim.decide(turn, KEEP), KEEP).clip is None


def test_an_adjudicator_settles_what_is_in_dispute_once(project):
    project.set(copies=2)
    kim, lee, boss = (Seat(project, who) for who in ("kim", "lee", "boss"))
    kim.decide(kim.next(Way()), SAD)
    lee.decide(lee.next(Way()), FEAR)
    turn = boss.next(Way("conflicts"))
    assert turn.clip == "c5"
    assert boss.decide(turn, SKIP).clip == "c5"  # settles nothing, and is no event
    assert boss.decide(turn, SAD).clip is None
    with pytest.raises(BadInput, match="decided already"):
        Seat(project, "chief").decide(turn, FEAR)
    outcome = project.log.outcome("c5")
    assert (outcome.labels, outcome.by) == (("sad",), ("boss",))
    back = boss.undo(boss.next(Way()))
    assert (back.clip, back.settling) == ("c5", True)


def test_who_settles_no_more_takes_no_settling_back(project):
    project.set(copies=2)
    kim, lee, boss = (Seat(project, who) for who in ("kim", "lee", "boss"))
    kim.decide(kim.next(Way()), SAD)
    lee.decide(lee.next(Way()), FEAR)
    boss.decide(boss.next(Way("conflicts")), SAD)
    project.set(adjudicators=["chief"])
    with pytest.raises(BadInput, match="boss is none of those"):
        boss.undo(boss.next(Way()))
    assert project.log.outcome("c5").state == "settled"
    turn = boss.decide(boss.next(Way()), SAD)
    assert boss.undo(turn).former.labels == ("sad",)  # what they decided since, they still may


def test_there_must_be_a_label_to_keep(tmp_path):
    with Project(tmp_path / "other.review") as project:
        filled(project, 2, label=None)
        turn = Seat(project, "kim").next(Way())
        with pytest.raises(BadInput, match="no label that could be kept"):
            Seat(project, "kim").decide(turn, KEEP)


def test_what_one_has_skipped_and_another_has_is_not_handed_out_again(project):
    kim, lee = Seat(project, "kim"), Seat(project, "lee")
    kim.decide(kim.next(Way()), SKIP)
    theirs = lee.next(Way())
    assert theirs.clip == "c5"
    assert kim.next(Way("skipped")).clip is None
    lee.decide(theirs, SAD)
    assert kim.next(Way("skipped")).clip is None
    assert project.log.outcome("c5").state == "settled"


def test_what_was_seen_is_what_was_there_as_the_clip_came(project):
    kim = Seat(project, "kim")
    turn = kim.next(Way())
    project.heard.add({"c5": Heard("model", "hash", probabilities={"happy": 1.0})})
    kim.decide(turn, SAD)
    assert next(iter(project.log)).seen.hash == ""
    again = kim.undo(kim.next(Way()))
    kim.decide(again, SAD)
    assert list(project.log)[-1].seen.hash == "hash"
