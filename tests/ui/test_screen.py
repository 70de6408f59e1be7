"""What one visitor's screen shows, and what becomes of its clip when they go away from it."""

import time
from types import SimpleNamespace

import gradio as gr
import pytest

from emotion.errors import BadInput
from emotion.manifest import Reach
from emotion.review import Decision
from emotion.review.clips import Entry
from emotion.review.office import Office
from emotion.review.queue import GRACE
from emotion.review.reasons import Reason
from emotion.review.seat import Seat, Turn, Way
from emotion.review.suspicion import Judged
from emotion.ui.review import sight
from emotion.ui.review.nook import Nook
from emotion.ui.review.screen import Screen
from emotion.ui.review.tab import _decision
from emotion.ui.review.text import REVIEW
from tests.conftest import voice as sound
from tests.conftest import write_wav
from tests.review.made import filled


@pytest.fixture
def screen(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "visitors"))
    office = Office(tmp_path / "desk")
    for name in ("first", "second"):
        filled(office.project(office.begin(name)))
    with gr.Blocks():
        yield Screen(office, "en")
    office.close()


@pytest.fixture
def clock(monkeypatch):
    """A clock that can be put forward."""
    now = SimpleNamespace(ahead=0.0)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + now.ahead)
    return now


def open_with(screen, session, who="kim", project="first", way=Way()):  # noqa: B008
    """Opens a project in a window; the clip that comes."""
    screen.open(project, way, who, "en", gr.Request(session_hash=session))
    return screen._before[session].clip


def for_another(screen, project="first"):
    """What somebody else would get now, who gives it back at once."""
    queue = screen.office.project(project).queue
    clip = queue.next("lee")
    queue.release("lee")
    return clip


def test_a_page_that_is_closed_gives_its_clip_back(screen, clock):
    assert open_with(screen, "one") == "c5"
    screen.leave("one")
    assert for_another(screen) == "c4"  # it may be that the page is only loaded anew
    assert open_with(screen, "two") == "c5"
    clock.ahead += 2 * GRACE
    assert for_another(screen) == "c4"  # who came back has it for as long as ever
    screen.leave("two")
    clock.ahead += 2 * GRACE
    assert for_another(screen) == "c5"


def test_what_another_window_of_the_same_person_shows_is_kept(screen, clock):
    assert open_with(screen, "one") == open_with(screen, "two") == "c5"
    screen.leave("one")
    clock.ahead += 2 * GRACE
    assert for_another(screen) == "c4"


def test_who_goes_elsewhere_gives_the_clip_back(screen, clock):
    open_with(screen, "one")
    open_with(screen, "one", project="second")
    open_with(screen, "two", who="park")
    open_with(screen, "two", who="park", way=Way("conflicts"))
    clock.ahead += 2 * GRACE
    assert (for_another(screen), for_another(screen, "second")) == ("c5", "c4")


def test_what_was_decided_stays_decided_as_its_page_is_closed(screen):
    open_with(screen, "one")
    project = screen.office.project("first")
    Seat(project, "kim").project.log.decide("kim", "c5", Decision("keep"))
    screen.leave("one")
    assert project.log.outcome("c5").state == "settled"
    assert screen._before == {}


def test_what_the_disk_says_against_a_voice_is_one_sentence_and_the_clip_comes(
    screen, tmp_path, monkeypatch
):
    write_wav(tmp_path / "a.wav", sound(0.3))
    long = "x" * 300 + ".wav"  # which no disk knows
    entries = [Entry("long", audio=long), Entry("here", audio="a.wav")]
    project = screen.office.project(screen.office.begin("third"))
    source = project.clips.begin("m.csv", "d", ("audio",), 2, Reach(tmp_path))
    project.clips.add(source, list(enumerate(entries, 1)), [], 2)
    (tmp_path / "file").touch()
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "file"))  # in which nothing can be written
    for clip, name, said in (
        ("long", long, "cannot be opened"),
        ("here", "a.wav", "cannot be written"),
    ):
        player = player_of(screen, "third", clip)
        assert f"{name} {said}" in player
        Seat(project, "kim").project.log.decide("kim", clip, Decision("unclear"))
    with pytest.raises(BadInput, match=r"third\.csv cannot be written: not a directory"):
        Nook("one").written("third.csv", "id\n")


def player_of(screen, project, clip):
    """What stands where the sound of a clip would be played, as that clip comes."""
    request = gr.Request(session_hash="one")
    shown = screen.open(project, Way(), "kim", "en", request)
    assert screen._before["one"].clip == clip
    return shown[screen.booth.parts["player"]]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_label_that_is_likely_wrong_is_said_to_be_once_the_model_may_be_seen(screen, language):
    project = screen.office.project("first")
    why = (Reason("clipped", 0.1, facts={"share": 0.1}),)
    project.judged.replace(
        {
            "c5": Judged(0.9, 0.1, True, None, why),
            "c4": Judged(0.8, 0.2, False, None, why),
            "c3": Judged(0.7, 0.3, True, None, ()),
        }
    )
    said = REVIEW[language]["likely"]

    def shown(clip, hidden=False):
        return sight.opinions(
            project, project.clips[clip], Turn(clip=clip, hidden=hidden), language
        )

    assert [said in shown(clip) for clip in ("c5", "c4", "c3")] == [True, False, True]
    assert said not in shown("c5", hidden=True)


def test_a_note_that_was_cut_off_within_a_sign_is_kept(screen):
    decision = _decision({"what": "unclear", "note": "a sigh \ud83d"})
    project = screen.office.project("first")
    assert project.log.decide("kim", "c5", decision).note == "a sigh ?"
