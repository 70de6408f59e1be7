"""Who goes away from a clip leaves it to others, and finds it again who comes back to it."""

import time
from types import SimpleNamespace

import gradio as gr
import pytest

from emotion.review import Decision
from emotion.review.office import Office
from emotion.review.queue import GRACE
from emotion.review.seat import Seat, Way
from emotion.ui.review.screen import Screen
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
