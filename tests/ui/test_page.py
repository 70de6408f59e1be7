"""The page in a real browser: real recordings, the real model, a tiny real Whisper."""

import csv
import io
import json
import os
import time
from pathlib import Path

import numpy as np
import pytest

from emotion.audio import LONGEST
from emotion.labels import EMOTIONS, LABELS
from tests.ui.driving import CLEAR
from tests.ui.sounds import write

pytestmark = pytest.mark.browser

KOREAN = {emotion.korean for emotion in EMOTIONS}
ENGLISH = {emotion.english for emotion in EMOTIONS}


def files_of(served):
    """What visitors have left on the disk; a folder may go while it is looked through."""
    every = os.walk(served[1] / "visitors")
    return [Path(folder, name) for folder, _, names in every for name in names]


def stages(someone):
    return someone.page.eval_on_selector_all("#times li", "all => all.map(li => li.dataset.stage)")


@pytest.fixture(scope="module")
def happy(open_page, clips):
    """Somebody who uploaded a voice and let the page do the rest; for tests that only look."""
    someone = open_page()
    someone.upload(clips["en_happy"])
    someone.press()
    someone.result()
    yield someone
    someone.leave()


def test_a_voice_from_the_microphone_is_written_down_and_analyzed(visitor):
    someone = visitor()
    someone.record(4)
    someone.press()
    assert someone.result() in LABELS
    assert someone.words == "나 지금 너무 행복해"
    assert stages(someone) == ["decode", "speech", "transcribe", "model"]
    assert sum(someone.bars().values()) == pytest.approx(1, abs=1e-3)


def test_an_upload_shows_words_voice_and_both_together(happy):
    assert happy.words == "I am so happy to see you"
    sides = happy.page.eval_on_selector_all(".tile", "all => all.map(t => t.dataset.side)")
    assert sides == ["together", "voice", "words"]
    for figure in ("bars", "plane", "moments"):
        assert happy.page.is_visible(f"#{figure} .js-plotly-plot .main-svg")
    rows = happy.page.evaluate(
        "document.querySelector('#moments .js-plotly-plot').layout.yaxis5.ticktext"
    )
    assert [row.strip() for row in rows] == ["I", "am", "so", "happy", "to", "see", "you"]


def test_changed_words_are_read_again_and_nothing_is_decoded_or_heard_again(visitor, served, clips):
    before, someone = set(files_of(served)), visitor()
    someone.upload(clips["en_happy"])
    someone.press()
    someone.result()
    shown = someone.bars()
    for path in set(files_of(served)) - before:  # so that decoding again could only fail
        path.unlink()
    someone.write("leave me alone I hate you")
    someone.press()
    someone.wait("!document.querySelector('#times').innerText.includes('Write down')")
    assert someone.bars() != shown
    assert "transcribe" not in stages(someone)
    assert someone.page.query_selector("#message .fault") is None


def test_words_alone_need_no_voice(visitor):
    someone = visitor()
    someone.write("I am so happy to see you")
    someone.press()
    someone.result()
    assert "Only the words were read." in someone.text("#headline")
    assert not someone.page.is_visible("#moments")


def test_a_voice_alone_needs_no_words(visitor, clips):
    someone = visitor()
    someone.upload(clips["en_angry"])
    someone.page.check("#voice_alone input")
    someone.press()
    someone.result()
    assert "Only the voice was heard." in someone.text("#headline")
    assert someone.words == ""
    assert someone.page.is_visible("#moments .js-plotly-plot")


def test_a_file_that_is_no_sound_gives_a_sentence_and_leaves_the_result(visitor, clips, tmp_path):
    someone = visitor(language="ko-KR")
    someone.write("나 지금 너무 행복해")
    someone.press()
    label, before = someone.result(), someone.bars()
    fake = tmp_path / "letter.wav"
    fake.write_text("Dear reader, this is not a sound.")
    someone.upload_unplayable(fake)
    someone.press()
    assert "letter.wav" in someone.message("fault")
    assert "소리나 영상 파일이 아닙니다" in someone.message("fault")
    assert (someone.result(), someone.bars()) == (label, before)
    assert "Traceback" not in someone.page.content()


def test_nothing_at_all_gives_a_sentence(visitor):
    someone = visitor()
    someone.press()
    assert "There is nothing to read" in someone.message("fault")


def test_a_long_recording_says_what_was_cut(visitor, tmp_path):
    rng = np.random.default_rng(0)
    path = write(tmp_path / "long.wav", rng.normal(0, 0.1, int((LONGEST + 2) * 16_000)))
    someone = visitor()
    someone.upload(path)
    someone.page.check("#voice_alone input")
    someone.press()
    someone.result()
    assert "Only the first 30 seconds were heard" in someone.text("#headline")


@pytest.mark.parametrize(
    ("language", "title", "names"),
    [
        ("ko-KR", "말과 목소리의 감정", KOREAN),
        ("en-GB", "What the voice and the words feel", ENGLISH),
    ],
)
def test_the_page_speaks_the_language_of_the_browser(visitor, language, title, names):
    someone = visitor(language=language)
    assert someone.text("h1") == title
    assert someone.page.title() == title
    assert someone.page.get_attribute("html", "lang") == language[:2]
    someone.write("good morning")
    someone.press()
    someone.result()
    assert set(someone.bars()) == names


def test_the_switch_changes_every_label_and_redraws_the_results(visitor):
    someone = visitor(language="ko-KR")
    someone.write("오늘 정말 슬퍼")
    someone.press()
    label = someone.result()
    someone.press("#language label:has-text('English')")
    someone.wait("document.querySelector('#headline').innerText.includes('Only the words')")
    assert someone.result() == label
    someone.wait("document.querySelector('#bars .ytick').textContent.match(/[a-z]/)")
    assert set(someone.bars()) == ENGLISH
    someone.wait("document.documentElement.lang == 'en'")
    own = someone.page.evaluate("document.body.innerText").replace("한국어", "")
    assert not any("가" <= letter <= "힣" for letter in own)
    assert someone.words == "오늘 정말 슬퍼"


def test_occlusion_is_one_press_away(happy):
    happy.press("#check")
    happy.page.wait_for_selector("#occlusion .js-plotly-plot .main-svg", timeout=60_000)
    assert "What cost most" in happy.text("#occlusion_summary")
    assert "correlation" in happy.text("#occlusion_summary")
    traces = happy.page.evaluate("document.querySelector('#occlusion .js-plotly-plot').data.length")
    assert traces == 4


def test_direction_layer_and_head_change_the_heatmap(happy):
    cells = """JSON.stringify(Array.from(document.querySelector('#moments .js-plotly-plot')
        .calcdata.find(trace => trace[0].z)[0].z, row => Array.from(row)))"""
    seen = [happy.page.evaluate(cells)]
    # The last layer of one direction, which the other direction need not have.
    for chooser, option in (("head", 1), ("layer", -1), ("direction", 1)):
        if chooser == "direction":
            happy.press("#direction label >> nth=1")
        else:
            happy.press(f"#{chooser} input")
            happy.press(f"#{chooser} [role=option] >> nth={option}")
        happy.wait(f"{cells} !== {json.dumps(seen[-1])}")
        seen.append(happy.page.evaluate(cells))
    assert len(set(seen)) == 4
    assert "each moment looked at each word" in happy.text("#moments_summary")


def test_json_and_csv_hold_what_was_found(happy):
    label = happy.result()
    found = json.loads(download(happy, "#json"))
    assert {"source", "label", "probabilities", "valence", "arousal", "alone", "transcript"} <= (
        set(found)
    )
    assert {"attention", "seconds"} <= set(found)
    assert (found["label"], found["source"]) == (label, "en_happy.wav")
    assert set(found["attention"]) == {"words", "frame_seconds", "words_to_voice", "voice_to_words"}
    rows = list(csv.DictReader(io.StringIO(download(happy, "#csv"))))
    assert [row["heard"] for row in rows] == ["together", "voice", "words"]
    assert rows[0]["predicted"] == label


def download(someone, button):
    with someone.page.expect_download() as waiting:
        someone.page.click(button)
    return waiting.value.path().read_text(encoding="utf-8-sig")


def test_an_example_is_one_press_away(visitor):
    someone = visitor()
    assert "synthetic" in someone.text("#examples_title")
    someone.press(".chips button >> nth=0")
    assert someone.result() in LABELS
    assert len(someone.words) > 10
    assert someone.page.is_visible("#moments .js-plotly-plot")


def test_a_new_voice_makes_room_for_its_own_words(visitor, clips):
    someone = visitor()
    someone.upload(clips["en_happy"])
    someone.write("I am so happy to see you")
    someone.press()
    someone.result()
    someone.page.click(CLEAR)
    someone.wait("document.querySelector('#words textarea').value === ''")
    someone.upload(clips["en_angry"])
    someone.press()
    someone.wait("document.querySelector('#words textarea').value === 'leave me alone right now'")


def test_without_whisper_the_page_says_so_and_shows_the_voice_alone(visitor, offline, clips):
    someone = visitor(address=offline[0])
    someone.upload(clips["en_happy"])
    someone.press()
    someone.result()
    assert "Type what was said, or go on with the voice alone" in someone.message("note")
    assert "Only the voice was heard." in someone.text("#headline")


def test_the_unexpected_gives_one_sentence_and_a_full_log(visitor, offline):
    someone = visitor(address=offline[0])
    someone.write("good morning")
    someone.press()
    label = someone.result()
    files = offline[1] / "visitors"
    aside = files.rename(files.with_name("aside"))
    files.write_text("a file where the folder was")
    try:
        someone.write("good evening")
        someone.press()
        assert someone.message("fault").startswith("Something unexpected went wrong")
    finally:
        files.unlink()
        aside.rename(files)
    assert someone.result() == label
    assert "Traceback" not in someone.page.content()
    assert "Traceback" in (offline[1] / "app.log").read_text()


def test_what_is_typed_is_shown_as_it_is(visitor, clips):
    someone = visitor()
    text = "<b>bold</b> ${1+1} {{2+2}} &lt;"
    someone.upload(clips["en_happy"])
    someone.write(text)
    someone.press()
    someone.result()
    someone.press("#check")
    someone.page.wait_for_selector("#occlusion .js-plotly-plot .main-svg", timeout=60_000)
    assert someone.words == text
    shown = someone.page.eval_on_selector_all(
        "#moments .y5tick text", "all => all.map(t => t.textContent.trim())"
    )
    assert shown == ["<b>bold<…", "${1+1}", "{{2+2}}", "&lt;"]
    assert someone.page.query_selector("#results b:has-text('bold')") is None


def test_nothing_of_a_visitor_is_left_when_they_have_gone(visitor, served, clips):
    before, someone = set(files_of(served)), visitor()
    someone.upload(clips["en_angry"])
    someone.write("leave me alone right now")
    someone.press()
    someone.result()
    assert len(set(files_of(served)) - before) == 3  # the voice, the JSON and the CSV
    someone.leave()
    end = time.monotonic() + 30
    while set(files_of(served)) - before and time.monotonic() < end:
        time.sleep(0.2)
    assert set(files_of(served)) - before == set()


def test_nothing_is_wider_than_a_phone(visitor, clips):
    someone = visitor(width=390, theme="dark", language="ko-KR")
    someone.upload(clips["ko_happy"])
    someone.write("나 지금 너무 행복해")
    someone.press()
    someone.result()
    someone.press("#check")
    someone.page.wait_for_selector("#occlusion .js-plotly-plot .main-svg", timeout=60_000)
    assert someone.page.evaluate("document.documentElement.scrollWidth") == 390
