import os
import sqlite3
import threading
import time

import pytest

from emotion.errors import BadInput
from emotion.manifest import Reach
from emotion.review import Decision, Project, Seen, schema
from tests.review.made import filled

SAD = Decision("relabel", ("sad",))
KEEP = Decision("keep")


@pytest.fixture
def project(tmp_path):
    with Project(tmp_path / "work.review") as project:
        yield filled(project)


def test_the_most_doubtful_comes_first_and_each_to_one_annotator(project):
    assert project.queue.next("kim") == "c5"
    assert project.queue.next("lee") == "c4"
    assert project.queue.next("kim") == "c5"  # as after a page was loaded again
    project.log.decide("kim", "c5", KEEP)
    assert project.queue.next("kim") == "c3"
    with pytest.raises(BadInput, match="c4"):
        project.log.decide("kim", "c4", KEEP)
    project.queue.release("lee")
    project.log.decide("kim", "c4", KEEP)


def test_a_clip_that_is_not_decided_in_time_goes_to_the_next(project, monkeypatch):
    project.set(lease=100)
    assert project.queue.next("kim") == "c5"
    now = time.time() + 50
    monkeypatch.setattr("emotion.review.queue.time.time", lambda: now)
    assert project.queue.next("lee") == "c4"
    assert project.queue.hold("kim", "c5")
    monkeypatch.setattr("emotion.review.queue.time.time", lambda: now + 90)
    assert project.queue.next("park") == "c3"  # kim's was held for longer
    monkeypatch.setattr("emotion.review.queue.time.time", lambda: now + 200)
    assert not project.queue.hold("kim", "c5")
    assert project.queue.next("choi") == "c5"
    with pytest.raises(BadInput, match="c5"):
        project.log.decide("kim", "c5", KEEP)


def test_what_is_seen_and_said_is_in_the_log(project):
    seen = Seen("default", "a1b2", blind=True)
    said = Decision("relabel", ("sad", "fear"), -0.5, 0.25, "목소리가 떨린다")
    event = project.log.decide("kim", "c5", said, seen)
    assert [event] == list(project.log)
    assert (event.who, event.clip, event.labels, event.note) == (
        "kim",
        "c5",
        said.labels,
        said.note,
    )
    assert (event.valence, event.arousal, event.seen) == (-0.5, 0.25, seen)
    found = project.log.outcome("c5")
    assert (found.state, found.kind, found.labels) == ("settled", "relabel", ("sad", "fear"))


def test_undo_brings_back_what_stood_before_and_forgets_nothing(project):
    project.log.decide("kim", "c5", KEEP)
    project.log.decide("kim", "c5", SAD)
    project.log.decide("kim", "c4", SAD)
    assert project.log.undo("kim").clip == "c4"
    assert project.clips["c4"].state == "open"
    assert project.log.undo("kim").labels == ("sad",)
    assert project.log.outcome("c5").kind == "keep"
    project.log.undo("kim")
    with pytest.raises(BadInput):
        project.log.undo("kim")
    assert [each.kind for each in project.log].count("undo") == 3
    assert len(list(project.log)) == 6
    assert project.queue.next("kim") == "c5"


def test_copies_disagree_and_an_adjudicator_settles(project):
    project.set(copies=2, adjudicators=["judge"])
    project.log.decide("kim", "c5", KEEP)
    assert project.queue.next("kim") == "c4"
    assert project.queue.next("lee") == "c5"
    project.log.decide("lee", "c5", SAD)
    assert project.queue.conflicts() == ["c5"]
    assert project.queue.next("park") == "c4"  # a third is not asked
    with pytest.raises(BadInput, match="park"):
        project.log.settle("park", "c5", SAD)
    project.log.settle("judge", "c5", Decision("relabel", ("fear",), note="trembles"))
    found = project.log.outcome("c5")
    assert (found.state, found.labels, found.by) == ("settled", ("fear",), ("judge",))
    assert project.queue.conflicts() == []
    project.log.undo("judge")
    assert project.queue.conflicts() == ["c5"]


def test_to_skip_is_no_opinion_and_comes_back_only_when_asked(project):
    project.log.decide("kim", "c5", Decision("skip"))
    assert project.queue.next("kim") == "c4"
    assert project.queue.next("lee") == "c5"
    assert project.queue.skipped("kim") == ["c5"]
    assert project.queue.progress("kim").mine == 0
    assert project.clips["c5"].state == "open"


def test_one_clip_is_taken_again_unless_others_are_at_it(project):
    project.log.decide("kim", "c5", KEEP)
    project.log.undo("kim")
    assert project.queue.next("kim", order="random") != "c5"
    project.queue.take("kim", "c5")
    assert project.queue.next("lee") == "c4"
    with pytest.raises(BadInput, match="c4"):
        project.queue.take("kim", "c4")
    assert project.queue.next("kim") == "c5"  # as nothing has changed hands
    project.log.decide("lee", "c4", KEEP)
    project.queue.take("lee", "c4")  # to decide anew
    with pytest.raises(BadInput, match="nowhere"):
        project.queue.take("kim", "nowhere")


def test_progress_counts_what_is_left_for_each(project):
    project.log.decide("kim", "c5", KEEP)
    project.queue.next("lee")
    found = project.queue.progress("kim")
    assert (found.clips, found.settled, found.mine, found.left) == (6, 1, 1, 4)
    assert project.queue.progress("lee").left == 5
    assert project.queue.progress("kim", label="sad").left == 0
    assert project.queue.next("kim", rater="nobody") is None
    # Each is for two now: what one other has in hand is still to be had, what two have is not.
    project.set(copies=2)
    project.queue.take("choi", "c3")
    assert project.queue.progress("kim").left == 5
    project.log.decide("lee", "c3", KEEP)
    assert [project.queue.progress(who).left for who in ("kim", "lee", "choi")] == [4, 5, 6]


def test_random_is_another_order_and_always_the_same(project):
    found = []
    for _ in range(6):
        found.append(project.queue.next("kim", order="random"))
        project.log.decide("kim", found[-1], KEEP)
    assert sorted(found) == [f"c{i}" for i in range(6)]
    assert found not in (sorted(found), sorted(found, reverse=True))


@pytest.mark.parametrize(
    "given",
    [("relabel",), ("keep", ("sad",)), ("relabel", ("joyful",)), ("keep", (), 0.5),
     ("keep", (), 2.0, 0.0), ("keep", (), float("nan"), 0.0), ("shrug",)],
)  # fmt: skip
def test_a_decision_that_cannot_be_is_refused(given):
    with pytest.raises(BadInput, match="cannot be decided"):
        Decision(*given)


def test_several_writers_at_once_decide_each_clip_once(tmp_path):
    path, found = tmp_path / "work.review", []
    with Project(path) as project:
        filled(project, 60)

    def work(who):
        with Project(path) as mine:
            while clip := mine.queue.next(who):
                mine.log.decide(who, clip, SAD)
                found.append(clip)

    threads = [threading.Thread(target=work, args=(f"w{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == sorted(f"c{i}" for i in range(60))


def test_a_project_of_a_newer_version_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "work.review"
    with Project(path) as project:
        filled(project)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(BadInput, match="newer version"):
        Project(path)
    assert path.read_bytes() == before


def test_what_is_no_project_is_refused_and_left_alone(tmp_path):
    text, other = tmp_path / "a.txt", tmp_path / "other.db"
    text.write_text("not a database at all, " * 100)
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE mine (a)")
    connection.close()
    for path in (text, other):
        before = path.read_bytes()
        with pytest.raises(BadInput, match=path.name):
            Project(path)
        assert path.read_bytes() == before
    with pytest.raises(BadInput, match="does not exist"):
        Project(tmp_path / "nowhere.review", make=False)


@pytest.mark.parametrize("n", [0, 1e30])
def test_no_number_of_copies_makes_a_project_useless(project, n):
    with pytest.raises(BadInput, match="copies"):
        project.set(copies=n)
    assert project.queue.next("kim")


def test_what_hangs_on_a_setting_changes_with_it_or_not_at_all(project, monkeypatch):
    project.log.decide("kim", project.queue.next("kim"), Decision("keep"))

    def end_suddenly():
        raise KeyboardInterrupt

    monkeypatch.setattr(project.log, "derive", end_suddenly)
    with pytest.raises(KeyboardInterrupt):
        project.set(copies=2)
    assert project.settings.copies == 1


def test_a_folder_whose_name_is_in_another_encoding_is_one_sentence(tmp_path):
    with Project(tmp_path / "work.review") as project:
        place = Reach(tmp_path / os.fsdecode("가".encode("cp949")))
        with pytest.raises(BadInput, match="in an unknown encoding"):
            project.clips.begin("m.csv", "digest", ("text",), 1, place)
        assert project.clips.sources() == []
