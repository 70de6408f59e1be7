"""The annotator's desk in real browsers: work comes in, is settled by keyboard, and goes out."""

import csv
import io
import json
import time
import zipfile
from pathlib import Path

import httpx
import pytest

from emotion.review import Project
from emotion.review.queue import GRACE
from emotion.review.users import Users
from emotion.ui.review.scripts import PRESS
from tests.ui import driving
from tests.ui.annotators import Annotator
from tests.ui.desks import PASSWORD, N, begin, choose, clip, counted, lay_out, log_in
from tests.ui.driving import ANSWER

pytestmark = pytest.mark.browser

NOTE = "k, u, z"  # which are letters here, and no decisions


@pytest.fixture(scope="module")
def desk(tmp_path_factory, analyzer):
    """The app with a desk, in which one project waits: its address and its folder."""
    folder = tmp_path_factory.mktemp("desk")
    settings = lay_out(folder) | {"EMOTION_WHISPER": driving.whisper()}
    begin(folder, "together", analyzer)
    with driving.served(folder, **settings) as address:
        yield address, folder


@pytest.fixture(scope="module")
def person(browser, desk):
    """The page of somebody who has logged in, in a browser of their own, for all tests here."""
    opened = {}

    def person(who, **window):
        if who not in opened:
            opened[who] = log_in(browser, desk[0], who, **window)
        return opened[who]

    yield person
    for one in opened.values():
        assert one.strange_requests == []
        one.page.context.close()


def bring(visitor, name, folder):
    """Begins a project, and brings the twelve clips in after something else was refused."""
    page = visitor.page
    if not page.is_visible("#review_begin"):
        page.click("#review_intake button >> nth=0")
    page.fill("#review_name input, #review_name textarea", name)
    page.click("#review_begin")
    page.wait_for_selector("#review_sight [data-state=empty]")
    with zipfile.ZipFile(folder / "climbs.zip", "w") as bundle:
        bundle.writestr("../../out.wav", b"RIFF")
    page.set_input_files("#review_file input[type=file]", folder / "climbs.zip")
    page.wait_for_selector("#review_file .file-preview")
    page.click("#review_go")
    page.wait_for_selector("#review_brought .fault")
    page.wait_for_selector("#review_file .file-preview", state="detached")
    assert list((folder / "desk" / ".brought").iterdir()) == []
    choose(visitor, "server", "twelve")
    page.click("#review_go")
    page.wait_for_selector("#review_brought [data-stage=judge]")
    counted(visitor, "left", N)


def taken_out(visitor, kind):
    with visitor.page.expect_download(timeout=ANSWER) as download:
        visitor.page.click(f"#review_{kind}")
    return Path(download.value.path()).read_text("utf-8-sig")


def events(desk, name):
    with Project(desk[1] / "desk" / f"{name}.review", make=False) as project:
        return list(project.log)


def reaches(visitor, whether):
    """Waits until the browser lets the page reach the desk, or does not.

    Chromium says that it cuts a line off before the page's own thread has heard of it.
    """
    visitor.wait(f"fetch('gradio_api/run/{PRESS}').then(() => {whether:d}, () => {not whether:d})")


def refuse_unsaved(visitor):
    """What was not acknowledged does not show as kept, and stays before who decided it."""
    page, name = visitor.page, clip(visitor)
    page.route(f"**/{PRESS}", lambda route: route.abort())
    reaches(visitor, False)
    page.keyboard.press("6")
    for _ in range(2):  # of which the second makes the page no deafer for what comes then
        page.keyboard.press("Enter")
        page.wait_for_selector("#review_message .fault")
        visitor.wait("!window.review.busy")
    assert clip(visitor) == name
    assert page.is_checked("#review_labels input >> nth=5")
    counted(visitor, "mine", 0)
    page.unroute(f"**/{PRESS}")
    reaches(visitor, True)
    page.keyboard.press("6")


def test_work_comes_in_is_settled_by_keyboard_undone_and_taken_out(desk, person):
    kim = person("kim")
    page, press = kim.page, kim.page.keyboard.press
    bring(kim, "whole way", desk[1])
    assert "gone.wav is not where its row says" in kim.text("#review_faults")
    page.wait_for_selector("#review_figure .js-plotly-plot .main-svg")
    assert "The model" in kim.text("#review_opinions")
    refuse_unsaved(kim)
    page.check("#review_autoplay input")
    decided = {}
    for number in range(10):
        name = clip(kim)
        kim.wait(f"window.review.shown.startsWith({json.dumps(name)})")
        decided[name] = ("k", "relabel", "u")[number % 3]
        if decided[name] == "relabel":
            for key in ("5", "7", "ArrowLeft", "ArrowDown", "n"):
                press(key)
            page.keyboard.type(NOTE)
            for key in ("Escape", "Enter"):
                press(key)
        else:
            press(decided[name])
        counted(kim, "mine", number + 1)
    assert len(decided) == 10
    kim.wait("!document.querySelector('#review_player audio').paused")
    # The last one again, with what was chosen gone back to what it was.
    press("z")
    counted(kim, "mine", 9)
    assert clip(kim) == name
    kim.wait(f"window.review.shown.startsWith({json.dumps(name)})")
    press("4")
    page.click("#review_plane", position={"x": 2, "y": 2})  # beside it
    page.click("#review_plane svg", position={"x": 40, "y": 40})
    press("Enter")
    counted(kim, "mine", 10)
    rows = list(csv.DictReader(io.StringIO(taken_out(kim, "csv"))))
    assert [row["audio"] for row in rows] == [f"c{n}.wav" for n in range(N)]
    assert rows[0]["speaker"] == "'=1"
    found = {row["audio"]: row for row in rows if row["reviewed"]}
    assert set(found) == set(decided)
    last = found.pop(name)
    assert last["reviewed_label"] == "angry"
    assert float(last["reviewed_valence"]) < -0.5 < 0.5 < float(last["reviewed_arousal"])
    for each, row in found.items():
        if decided[each] == "relabel":
            place = row["reviewed_label"], row["reviewed_valence"], row["reviewed_arousal"]
            assert place == ("sad;fear", "-0.1", "-0.1")
            assert row["reviewed_note"] == NOTE
        else:
            assert row["reviewed"] == {"k": "keep", "u": "unclear"}[decided[each]]
    assert [each.kind for each in events(desk, "whole way")].count("undo") == 1
    log = list(csv.DictReader(io.StringIO(taken_out(kim, "events"))))
    assert len(log) == 12
    assert {row["who"] for row in log} == {"kim"}
    assert all(row["hash"] for row in log if row["kind"] != "undo")
    assert len(json.loads(taken_out(kim, "studio"))) == N
    assert "plotly" in taken_out(kim, "report")


def test_two_browsers_at_once_decide_no_clip_twice_and_conflicts_are_settled(desk, person):
    kim, lee = person("kim"), person("lee", width=390, theme="dark")
    assert kim.page.is_visible("#review_intake")
    assert not lee.page.is_visible("#review_intake")
    assert lee.page.evaluate("document.documentElement.scrollWidth") == 390
    for one in (kim, lee):
        choose(one, "project", "together")
        counted(one, "settled", 0)
    assert clip(lee) != clip(kim)
    for number in range(1, 4):
        for one in (kim, lee):
            one.wait(f"window.review.shown.startsWith({json.dumps(clip(one))})")
        for one in (kim, lee):  # neither waits for the other
            one.page.keyboard.press("u")
        for one in (kim, lee):
            counted(one, "mine", number)
    clips = [each.clip for each in events(desk, "together")]
    assert len(set(clips)) == len(clips) == 6
    # From now on each clip is for two, and they disagree.
    kim.page.fill("#review_copies input", "2")
    kim.page.press("#review_copies input", "Enter")
    counted(kim, "settled", 0)
    kim.page.check("#review_blind input")
    kim.page.wait_for_selector("#review_opinions .message")
    assert "The model" not in kim.text("#review_opinions")
    # What it heard may have been asked for just before, and come now.
    kim.page.evaluate("clip => window.review.drawn({clip})", clip(kim))
    assert not kim.page.is_visible("#review_figure_card")
    kim.page.keyboard.press("Escape")
    name = clip(kim)
    kim.page.click("#review_relabel")
    kim.page.wait_for_selector("#review_message .fault")
    kim.page.check("#review_labels input >> nth=6")
    kim.page.click("#review_relabel")
    kim.page.wait_for_selector('#review_clip[data-said="1"]')
    assert "The model" in kim.text("#review_opinions")
    assert events(desk, "together")[-1].seen.blind
    other = Annotator(desk[0], "lee", PASSWORD)
    other.open("together")
    while other.clip and other.clip != name:  # unless she has said before that she cannot tell
        other.decide("skip")
    if other.clip:
        other.decide("unclear")
    kim.page.click("#review_next")
    kim.page.wait_for_selector('#review_clip[data-said="0"]')
    counted(kim, "conflicts", 1)
    choose(kim, "order", "Settle conflicts")
    kim.page.wait_for_selector(f"#review_clip[data-clip='{name}']")
    assert "lee" in kim.text("#review_opinions")
    kim.page.click("#review_unclear")
    kim.page.wait_for_selector('#review_clip[data-said="1"], #review_sight [data-state=done]')
    assert events(desk, "together")[-1].kind == "settle"


def test_a_page_that_is_closed_gives_its_clip_back_and_one_loaded_anew_finds_it(
    desk, browser, analyzer
):
    begin(desk[1], "left", analyzer)
    lee = log_in(browser, desk[0], "lee")
    choose(lee, "project", "left")
    counted(lee, "settled", 0)
    name = clip(lee)
    lee.page.reload()
    lee.page.wait_for_selector("#review_sight [data-state=welcome]")
    choose(lee, "project", "left")
    counted(lee, "settled", 0)
    assert clip(lee) == name
    lee.page.context.close()
    with Project(desk[1] / "desk" / "left.review", make=False) as project:
        end = time.monotonic() + 60
        while time.monotonic() < end and in_hand(project, "lee") > time.time() + GRACE:
            time.sleep(0.2)
        assert in_hand(project, "lee") <= time.time() + GRACE


def in_hand(project, who):
    """Until when somebody has a clip in hand."""
    [row] = project._database.rows("SELECT until FROM leases WHERE who = ?", (who,))
    return row["until"]


def test_who_has_not_logged_in_reaches_nothing_and_annotators_no_more_than_clips(desk):
    address, _ = desk
    stranger = httpx.Client(base_url=address, timeout=60)
    assert stranger.get("config").status_code == 401
    asked = {"data": [], "fn_index": 0, "session_hash": "x"}
    for way in ("queue/join", f"run/{PRESS}"):
        assert stranger.post(f"gradio_api/{way}", json=asked).status_code == 401
    assert stranger.post("gradio_api/mcp/", json={}).status_code in (401, 404, 405)
    wrong = {"username": "kim", "password": "wrong horse"}
    assert stranger.post("login", data=wrong).status_code == 400
    lee = Annotator(address, "lee", PASSWORD)
    for what in ("begin", "csv", "stop"):
        lee.do(what)
        assert "Only adjudicators may do this" in lee.message
        assert lee.past_the_queue(what) == 404
    assert "Only adjudicators may do this" in str(lee.do("go"))
    for what in ("agreement_fold", "conflict_fold"):
        told = lee.do(what, "expand")
        assert not isinstance(told.get("review_agreement"), str)
        assert "Only adjudicators may do this" in lee.message
    kim = Annotator(address, "kim", PASSWORD)
    kim.open("together")
    assert "not two raters" in kim.do("agreement_fold", "expand")["review_agreement"]
    kim.open("together", order="conflicts")
    users = Users(desk[1] / "users.json")
    users.put("kim", PASSWORD)  # while she is at it
    for what in ("undo", "next", "skip"):
        kim.decide(what)
        assert "Only adjudicators may do this" in kim.message
    users.put("kim", PASSWORD, "adjudicator")
    lee.do("hold")
    lee.decide("keep")  # as from a page that was open before the program was started anew
    assert "choose the project again" in lee.message


def test_without_a_desk_there_is_no_tab_and_nothing_to_be_asked(app, visitor):
    config = httpx.get(f"{app}config").json()
    named = {part["props"].get("elem_id") or "" for part in config["components"]}
    assert not [name for name in named if name.startswith("review_")]
    assert httpx.post(f"{app}login", data={"username": "a", "password": "b"}).status_code == 404
    page = visitor(address=f"{app}?tab=review").page
    assert "Review" not in page.inner_text("#tabs [role=tablist]")
