"""What the Live tab does with what a browser sends, without a browser."""

import gradio as gr
import numpy as np
import pytest

from emotion import audio
from emotion.analyze import Analyzer
from emotion.checkpoint import Checkpoint
from emotion.transcribe import Transcriber
from emotion.ui.page import Page
from emotion.ui.strings import TEXT, fault
from tests.model import made
from tests.ui.driving import ROOT
from tests.ui.sounds import write

CHUNK = 4000  # samples: a quarter of a second
VISITOR = gr.Request(session_hash="visitor")


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """Where visitors' files lie, on a machine without Whisper."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "visitors"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "nothing"))
    return tmp_path / "visitors"


@pytest.fixture
def tab(small_checkpoint):
    return Page(Analyzer.load(small_checkpoint, "cpu", Transcriber("base", "cpu"))).live


@pytest.fixture
def chunks(folder):
    """A clip as the browser uploads it: numbered files of a quarter second each."""
    samples = audio.load(ROOT / "tests" / "clips" / "ko_happy.wav").samples
    noted = []
    for number, start in enumerate(range(0, len(samples) - CHUNK, CHUNK), 1):
        (folder / str(number)).mkdir(parents=True)
        path = write(folder / str(number) / "audio.wav", samples[start : start + CHUNK])
        noted.append([number, str(path)])
    return noted


def files(folder):
    return sorted(int(path.parent.name) for path in folder.rglob("*.wav"))


def heard(ear):
    return ear.live.window()[1].samples


def test_a_chunk_that_was_overtaken_by_the_next_one_is_not_lost(tab, chunks, folder):
    ear = None
    for last in (1, 2, 4, 7, 8, len(chunks)):  # the others were overtaken by the next one
        ear, _ = tab.hear(ear, {"take": 1, "chunks": chunks[:last]}, VISITOR)
        ear.live.read()
    assert ear.live.seconds == len(chunks) * CHUNK / audio.RATE
    whole = audio.load(ROOT / "tests" / "clips" / "ko_happy.wav").samples
    same = heard(ear)
    assert np.abs(same - whole[: len(same)]).max() < 1e-3
    assert files(folder) == [len(chunks) - 1, len(chunks)]  # those before are deleted


def test_that_chunks_never_came_is_said(tab, chunks):
    ear, _ = tab.hear(None, {"take": 1, "chunks": chunks[:4]}, VISITOR)
    assert TEXT["en"]["live_lost"] not in tab.judge(ear, "en")[tab.parts["live_message"]]
    ear, _ = tab.hear(ear, {"take": 1, "chunks": chunks[6:8]}, VISITOR)
    assert TEXT["en"]["live_lost"] in tab.judge(ear, "en")[tab.parts["live_message"]]


def test_a_second_start_begins_anew(tab, chunks):
    ear, moment = tab.hear(None, {"take": 1, "chunks": chunks[:8]}, VISITOR)
    assert moment == "1 4 "
    again, moment = tab.hear(ear, {"take": 2, "chunks": [[1, chunks[8][1]]]}, VISITOR)
    assert again is not ear
    assert moment == "2 0 "
    assert again.live.seconds == CHUNK / audio.RATE
    late, _ = tab.hear(again, {"take": 1, "chunks": chunks[:9]}, VISITOR)
    assert late is again
    assert again.live.seconds == CHUNK / audio.RATE


def test_of_somebody_who_has_left_nothing_stays(tab, chunks, folder, monkeypatch):
    ear, _ = tab.hear(None, {"take": 1, "chunks": chunks[:4]}, VISITOR)
    monkeypatch.setattr(tab, "left", lambda session: True)
    after, _ = tab.hear(None, {"take": 1, "chunks": chunks[4:]}, VISITOR)
    assert after is None
    tab.ear.delete_callback(ear)
    assert files(folder) == []


def test_a_file_that_was_not_uploaded_is_not_heard(tab, folder):
    folder.mkdir()
    outside = str(ROOT / "tests" / "clips" / "ko_happy.wav")
    around = str(folder / ".." / ".." / outside.lstrip("/"))
    ear, _ = tab.hear(None, {"take": 1, "chunks": [[1, outside], [2, around]]}, VISITOR)
    assert ear.live.seconds == 0


def test_chunks_that_are_no_sound_give_a_sentence_and_the_next_ones_are_heard(tab, chunks, folder):
    (folder / "3" / "audio.wav").write_bytes(b"RIFF and then nothing")
    ear, _ = tab.hear(None, {"take": 1, "chunks": chunks[:3]}, VISITOR)
    said = tab.judge(ear, "ko")[tab.parts["live_message"]]
    assert fault("no_samples", {"name": "recording"}, "ko") in said
    ear, _ = tab.hear(ear, {"take": 1, "chunks": chunks[:6]}, VISITOR)
    assert ear.problem is None
    assert ear.live.seconds == 5 * CHUNK / audio.RATE


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_reading_shows_what_is_felt_and_silence_that_nobody_speaks(tab, chunks, language):
    ear, _ = tab.hear(None, {"take": 1, "chunks": chunks[:2]}, VISITOR)
    shown = tab.judge(ear, language)
    assert TEXT[language]["live_silent"] in shown[tab.parts["live_now"]]
    assert fault("words_absent", {}, language) in shown[tab.parts["live_message"]]
    ear, _ = tab.hear(ear, {"take": 1, "chunks": chunks[:9]}, VISITOR)
    shown = tab.judge(ear, language)
    found = ear.live.readings[-1]
    assert f"data-label='{found.prediction.label}'" in shown[tab.parts["live_now"]]
    assert TEXT[language]["live_voice"] in shown[tab.parts["live_now"]]


def test_a_model_that_needs_words_says_so_and_offers_no_microphone(tokenizer, chunks):
    model = made.model(tokenizer, ("voice", "words"), "mmi", combinations=("both",))
    page = Page(Analyzer(Checkpoint(model, tokenizer, "/srv/mine"), "cpu"))
    assert not page.live.parts["live_audio"].visible
    for language in ("ko", "en"):
        sentence = TEXT[language]["able_both"]
        assert sentence in page.live.show(None, language)[page.live.parts["live_message"]]
    ear, _ = page.live.hear(None, {"take": 1, "chunks": chunks[:2]}, VISITOR)
    said = page.live.judge(ear, "en")[page.live.parts["live_message"]]
    assert "needs a voice and its words" in said


def test_the_browser_need_not_tell_the_whole_page_of_each_chunk(small_checkpoint):
    page = Page(Analyzer.load(small_checkpoint, "cpu"))
    events = page.blocks.get_config_file()["dependencies"]
    told = [
        event["show_progress_on"] or event["outputs"] for event in events if event["backend_fn"]
    ]
    assert len({part for parts in told for part in parts}) < 20
