"""The Timeline tab in a real browser, and what its events do when they overlap."""

import csv
import io
import json
import os
import threading
import time
from pathlib import Path

import gradio as gr
import numpy as np
import pytest
from gradio_client import Client, handle_file
from gradio_client.utils import Status

from emotion.analyze import Analyzer
from emotion.audio import RATE, load
from emotion.transcribe import Transcriber
from emotion.ui.lane import progress, rows
from emotion.ui.page import Page
from emotion.ui.reel import News, forget
from tests.conftest import write_wav
from tests.test_timeline import spoken
from tests.ui import driving
from tests.ui.driving import ANSWER, whisper

ROW = "#timeline_table [data-testid=cell-{}-1]"
DONE = "#timeline_progress [data-state=done]"


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    """Some forty seconds with three utterances."""
    samples, _ = spoken(1.0, "en_happy", 16.0, "ko_angry", 17.0, "en_angry", 1.0)
    return write_wav(tmp_path_factory.mktemp("talk") / "a talk.wav", samples)


# Without a browser


@pytest.fixture
def tab(small_checkpoint, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "visitors"))
    monkeypatch.setattr("emotion.ui.timeline.EVERY", 0.0)
    monkeypatch.setattr("emotion.timeline.STRETCH", 10.0)
    analyzer = Analyzer.load(small_checkpoint, "cpu", Transcriber(whisper()))
    return Page(analyzer).timeline


@pytest.fixture
def files(tmp_path):
    def files():
        return {path.name for path in (tmp_path / "visitors").rglob("*") if path.is_file()}

    return files


class Someone:
    """A visitor who presses the buttons of the tab."""

    def __init__(self, tab, name):
        self.tab, self.request = tab, gr.Request(session_hash=name)
        self.news = None

    def begin(self, path):
        return self.tab.begin(path and str(path), True, "auto", "en", self.request)

    def stop(self):
        return self.tab.stop(0, "en", self.request)

    def listen(self):
        for found in self.tab.listen(self.news, self.request):
            self.news = found.get(self.tab.news, self.news)
            yield self.news, found

    def hear(self, path):
        self.begin(path)
        return list(self.listen())


def test_it_tells_as_it_goes_and_ends_with_every_file(tab, talk, files):
    someone = Someone(tab, "one")
    begun = someone.begin(talk)
    assert begun[tab.lane.parts["stop"]]["visible"]
    told = [news for news, _ in someone.listen()]
    assert len(told) >= 2
    assert [news.over for news in told[-2:]] == [False, True]
    assert 0 < told[0].n < told[-1].n == 3
    endings = {"csv", "json", "srt", "vtt", "TextGrid", "eaf"}
    assert files() == {"tape", *(f"a talk.{ending}" for ending in endings)}
    forget(someone.news)
    assert files() == set()


def test_an_utterance_can_be_heard_as_it_was_said(tab, talk):
    someone = Someone(tab, "one")
    someone.hear(talk)
    one = someone.news.spoken[1]
    event = gr.SelectData(None, {"index": (0, 0), "value": "", "row_value": [2, "", ""]})
    chosen = tab.choose(someone.news, "en", event)
    voice = load(chosen[tab.lane.parts["player"]]["value"]).samples
    whole = load(talk, longest=99).samples[round(one.start * RATE) : round(one.end * RATE)]
    assert len(voice) == pytest.approx(len(whole), abs=16)
    n = min(len(voice), len(whole))
    np.testing.assert_allclose(voice[:n], whole[:n], atol=1e-3)
    assert one.prediction.label in chosen[tab.lane.parts["chosen"]]


def test_a_stop_keeps_what_was_heard(tab, talk, files):
    someone = Someone(tab, "one")
    someone.begin(talk)
    told = []
    for news, _ in someone.listen():
        told.append(news)
        someone.stop()
    assert told[-1].over
    assert not told[-1].reel.timeline.whole
    assert "Stopped at" in progress(told[-1], "en")
    assert "멈췄습니다" in progress(told[-1], "ko")
    assert "a talk.eaf" in files()
    # And the recording can be heard again, to its end.
    someone.hear(talk)
    assert someone.news.reel.timeline.whole
    assert len(list(someone.news.reel.folder.parent.iterdir())) == 1


def test_a_stop_while_it_waits_for_its_turn_is_heeded(tab, talk):
    someone = Someone(tab, "one")
    someone.begin(talk)
    stopped = someone.stop()
    p = tab.lane.parts
    assert (stopped[p["go"]]["visible"], stopped[p["stop"]]["visible"]) == (True, False)
    assert "nothing of it was heard" in stopped[p["message"]]
    assert list(someone.listen()) == []
    assert someone.stop() == {}  # nor does another press find anything


def test_a_turn_that_comes_late_is_that_of_what_was_asked_for_last(tab, talk, tmp_path):
    samples, _ = spoken(1.0, "ko_happy", 1.0)
    other, someone = write_wav(tmp_path / "other.wav", samples), Someone(tab, "one")
    someone.begin(talk)
    someone.stop()
    someone.begin(other)
    told = [news for news, _ in someone.listen()]
    assert told[-1].reel.timeline.source == "other.wav"
    assert told[-1].reel.timeline.whole
    assert list(someone.listen()) == []


def test_a_second_start_ends_the_first_which_says_nothing_more(tab, talk, files):
    someone = Someone(tab, "one")
    someone.begin(talk)
    first = someone.listen()
    next(first)
    someone.stop()
    someone.begin(talk)
    second = someone.listen()
    news, found = next(second)
    assert list(first) == []  # neither results nor buttons
    assert news is someone.news
    assert found[tab.chosen] is None
    told = [news for news, _ in second]
    assert told[-1].reel is news.reel
    assert told[-1].reel.timeline.whole
    assert len(list(news.reel.folder.parent.iterdir())) == 1
    forget(told[-1])
    assert files() == set()


def test_two_quick_starts_are_one(tab, talk):
    someone = Someone(tab, "one")
    someone.begin(talk)
    someone.begin(talk)
    first, second = someone.listen(), someone.listen()
    assert next(first)[0].n
    assert list(second) == []


def test_two_visitors_at_once_have_their_own(tab, talk, tmp_path):
    samples, _ = spoken(1.0, "ko_happy", 1.0)
    other = write_wav(tmp_path / "other.wav", samples)
    one, two = Someone(tab, "one"), Someone(tab, "two")
    threads = [
        threading.Thread(target=one.hear, args=[talk]),
        threading.Thread(target=two.hear, args=[other]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (one.news.n, two.news.n) == (3, 1)
    assert one.news.reel.folder != two.news.reel.folder
    two.stop()
    assert one.news.reel.timeline.whole
    forget(two.news)
    assert one.news.reel.voice(0).exists()


def test_somebody_who_leaves_leaves_nothing(tab, talk, files):
    someone = Someone(tab, "one")
    someone.begin(talk)
    listening = someone.listen()
    next(listening)
    tab.leave("one")
    forget(someone.news)
    assert list(listening) == []
    assert files() == set()
    assert tab._under_way == tab._asked == {}


def test_what_cannot_be_heard_is_a_sentence_and_leaves_the_result(tab, talk, files, tmp_path):
    someone = Someone(tab, "one")
    someone.hear(talk)
    before, there = someone.news, files()
    (tmp_path / "letter.wav").write_text("Dear reader, this is not a sound.")
    ((_, found),) = someone.hear(tmp_path / "letter.wav")
    assert "letter.wav is not an audio or video file" in found[tab.lane.parts["message"]]
    assert found[tab.lane.parts["go"]]["visible"]
    assert someone.news is before
    assert files() == there
    nothing = someone.begin(None)
    assert "nothing to hear" in nothing[tab.lane.parts["message"]]


def test_a_result_that_is_gone_is_a_sentence(tab, talk):
    someone = Someone(tab, "one")
    someone.hear(talk)
    forget(someone.news)
    event = gr.SelectData(None, {"index": (0, 0), "value": "", "row_value": [1, "", ""]})
    assert "expired" in tab.choose(someone.news, "en", event)[tab.lane.parts["message"]]


def test_silence_and_a_missing_recognizer_are_said_in_both_languages(
    tab, talk, tmp_path, monkeypatch
):
    silent, someone = write_wav(tmp_path / "still.wav", np.zeros(RATE * 3)), Someone(tab, "one")
    someone.hear(silent)
    assert "Nobody speaks in still.wav" in progress(someone.news, "en")
    assert "말하는 사람이 없습니다" in progress(someone.news, "ko")
    shown = tab.show(someone.news, None, "ko")
    assert (
        "아직 말소리가 없습니다"
        in json.loads(shown[tab.lane.parts["course"]].plot)["layout"]["annotations"][0]["text"]
    )
    monkeypatch.setattr(tab.analyzer, "transcriber", Transcriber("/nowhere/whisper.pt"))
    tab.begin(str(talk), False, "auto", "en", someone.request)
    for found in tab.listen(someone.news, someone.request):
        news = found[tab.news]
    assert news.n == 3
    assert "the voice alone was judged" in progress(news, "en")
    assert "/nowhere" not in progress(news, "en")
    assert "목소리만 들었습니다" in progress(news, "ko")


def test_the_table_speaks_both_languages_and_counts_from_one(tab, talk):
    someone = Someone(tab, "one")
    someone.hear(talk)
    korean, english = rows(someone.news.spoken, "ko"), rows(someone.news.spoken, "en")
    assert korean["headers"][1:4] == ["처음", "끝", "말"]
    assert [row[0] for row in english["data"]] == [1, 2, 3]
    assert all(a[4] != b[4] for a, b in zip(korean["data"], english["data"], strict=True))


def test_news_are_never_the_same_to_gradio(tab, talk):
    someone = Someone(tab, "one")
    told = [news for news, _ in someone.hear(talk)]
    assert len(set(told)) == len(told)
    assert isinstance(told[0], News)


# In the browser


class Listener:
    """Somebody in front of the tab."""

    def __init__(self, someone):
        self.someone, self.page = someone, someone.page
        self.page.click(driving.tab("timeline"))
        self.page.wait_for_selector("#timeline_file input[type=file]", state="attached")

    def give(self, path):
        self.page.set_input_files("#timeline_file input[type=file]", path)
        self.page.wait_for_selector("#timeline_file .file-preview", timeout=ANSWER)

    def hear(self, path, voice_alone=True):
        self.give(path)
        if voice_alone:
            self.page.check("#timeline_voice_alone input")
        self.page.click("#timeline_go")

    def wait(self, selector):
        return self.page.wait_for_selector(selector, timeout=2 * ANSWER)

    def n_rows(self):
        return len(self.page.query_selector_all("#timeline_table .virtual-row"))

    def save(self, ending):
        with self.page.expect_download() as waiting:
            self.page.click(f"#timeline_save_{ending}")
        return waiting.value


@pytest.fixture
def listener(visitor):
    def listener(**settings):
        return Listener(visitor(**settings))

    return listener


@pytest.mark.browser
def test_a_recording_is_drawn_listed_played_saved_and_opened_in_analyze(listener, talk):
    someone = listener()
    someone.hear(talk)
    someone.wait(DONE)
    someone.wait(ROW.format(2))
    assert someone.n_rows() == 3
    someone.wait("#timeline_course .js-plotly-plot .main-svg")
    names = someone.page.evaluate(
        "document.querySelector('#timeline_course .js-plotly-plot').data.map(one => one.name)"
    )
    assert {"happy", "valence", "arousal", "confidence"} < set(names)
    someone.page.click(ROW.format(1))
    label = someone.wait("#timeline_chosen .emotion").get_attribute("data-label")
    someone.wait("#timeline_player :is(audio, .waveform-container):visible")
    someone.wait("#timeline_cues tr[data-cue=pitch]")
    saved = someone.save("csv")
    assert saved.suggested_filename == "a talk.csv"
    table = list(csv.DictReader(io.StringIO(saved.path().read_text("utf-8-sig"))))
    assert table[1]["predicted"] == label
    assert someone.save("TextGrid").suggested_filename == "a talk.TextGrid"
    someone.page.click("#timeline_open")
    assert someone.someone.result()
    assert someone.page.is_visible("#moments")


@pytest.mark.browser
def test_a_stop_in_the_browser_keeps_what_was_heard(listener, talk, tmp_path):
    samples = load(talk, longest=99).samples
    someone = listener(language="ko-KR")
    someone.hear(write_wav(tmp_path / "긴 회의.wav", np.tile(samples, 60)))
    someone.wait("#timeline_progress [data-state=reading]")
    someone.page.click("#timeline_stop")
    assert "멈췄습니다" in someone.wait("#timeline_progress [data-state=stopped]").inner_text()
    someone.wait(ROW.format(0))
    assert json.loads(someone.save("json").path().read_text("utf-8"))["whole"] is False
    # Where a file lies there is no place for another until it is taken away.
    someone.page.click("#timeline_file .top-panel button")
    someone.give(talk)
    someone.page.click("#timeline_go")
    someone.wait(DONE)
    assert "a talk.wav" in someone.page.inner_text("#timeline_progress")


@pytest.fixture
def programs(app, talk, tmp_path):
    """Makes programs ask for recordings that take long, and has them give up in the end."""
    client = Client(app, verbose=False, analytics_enabled=False, httpx_kwargs={"timeout": 600})
    long = write_wav(tmp_path / "long.wav", np.tile(load(talk, longest=99).samples, 60))
    asked = []

    def ask():
        asked.append(client.submit(handle_file(long), api_name="/timeline"))
        return asked[-1]

    yield ask
    for job in asked:
        job.cancel()


def is_told(job, *wanted):
    end = time.monotonic() + ANSWER / 1000
    while job.status().code not in wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert job.status().code in wanted
    return job.status()


@pytest.mark.browser
def test_a_stop_in_the_browser_gives_up_a_turn_that_has_not_come(listener, programs, talk):
    someone = listener()
    someone.give(talk)
    hearing = [programs(), programs()]
    for job in hearing:
        is_told(job, Status.PROCESSING, Status.ITERATING, Status.PROGRESS)
    someone.page.click("#timeline_go")
    someone.wait("#timeline_message :text('Waiting for its turn')")
    someone.page.click("#timeline_stop")
    someone.wait("#timeline_message :text('nothing of it was heard')")
    assert someone.page.is_visible("#timeline_go")
    assert not someone.page.is_visible("#timeline_stop")
    # Nothing of theirs stands in the way of whoever comes next, and they may come again.
    assert is_told(programs(), Status.IN_QUEUE).rank == 0
    someone.page.click("#timeline_go")
    someone.wait("#timeline_message :text('Waiting for its turn')")
    assert not any(job.done() for job in hearing)
    for job in hearing:
        job.cancel()
    someone.wait(DONE)
    assert someone.page.is_visible("#timeline_go")
    assert someone.n_rows() == 3


@pytest.mark.browser
def test_nothing_of_a_recording_is_left_when_its_visitor_has_gone(listener, served, talk, tmp_path):
    def files():
        # By walking, for another visitor's folder may go meanwhile.
        walked = os.walk(served[1] / "visitors")
        return {Path(folder) / name for folder, _, names in walked for name in names}

    # Long enough to be left in the middle.
    samples = np.tile(load(talk, longest=99).samples, 60)
    before, someone = files(), listener()
    someone.hear(write_wav(tmp_path / "meeting.wav", samples))
    someone.wait("#timeline_progress [data-state=reading]")
    assert files() - before
    someone.someone.leave()
    end = time.monotonic() + 60
    while files() - before and time.monotonic() < end:
        time.sleep(0.2)
    assert files() - before == set()


@pytest.mark.browser
def test_the_timeline_is_no_wider_than_a_phone(listener, talk):
    someone = listener(width=390, theme="dark", language="ko-KR")
    someone.hear(talk)
    someone.wait(DONE)
    someone.page.click(ROW.format(0))
    someone.wait("#timeline_chosen .emotion")
    assert someone.page.evaluate("document.documentElement.scrollWidth") == 390
    said = someone.page.inner_text("#timeline_results")
    assert "valence" not in said
