"""Visitors who are quicker than the answers: nothing they did is lost, mixed up or left behind."""

import pytest

from tests.ui.driving import CLEAR

pytestmark = pytest.mark.browser

LATE = 500  # milliseconds that each request waits, so that what is done meanwhile comes first


@pytest.fixture
def hasty(visitor):
    """Somebody on a slow line."""
    someone = visitor()
    someone.slow(LATE)
    return someone


def words_become(someone, words):
    someone.wait(f"document.querySelector('#words textarea').value === '{words}'")


def test_words_typed_right_after_a_voice_stay(hasty, clips):
    hasty.upload(clips["en_happy"])
    hasty.write("leave me alone")
    hasty.page.wait_for_timeout(4 * LATE)
    assert hasty.words == "leave me alone"


def test_words_typed_before_the_voice_stay(hasty, clips):
    hasty.write("leave me alone")
    hasty.upload(clips["en_happy"])
    hasty.page.wait_for_timeout(4 * LATE)
    assert hasty.words == "leave me alone"


def test_words_typed_while_it_listens_stay(hasty, clips):
    hasty.upload(clips["en_happy"])
    hasty.set_off()
    hasty.write("leave me alone")
    hasty.result()
    hasty.page.wait_for_timeout(LATE)
    assert hasty.words == "leave me alone"


def test_a_new_voice_is_never_read_with_the_words_of_the_one_before(hasty, clips):
    hasty.upload(clips["en_happy"])
    hasty.set_off()
    hasty.page.click(CLEAR)
    hasty.upload(clips["en_angry"])
    hasty.press()
    words_become(hasty, "leave me alone right now")


def test_a_language_chosen_while_it_listens_is_that_of_the_result(hasty, clips):
    hasty.upload(clips["en_happy"])
    hasty.set_off()
    hasty.press("#language label:has-text('한국어')")
    hasty.result()
    hasty.wait("document.querySelector('#headline').innerText.includes('말은')")
    assert {"기쁨", "슬픔"} < set(hasty.bars())
    assert hasty.text("h1") == "말과 목소리의 감정"


def test_the_last_of_two_quick_choices_holds(hasty):
    hasty.press("#language label:has-text('한국어')")
    hasty.press("#language label:has-text('English')")
    hasty.page.check("#voice_alone input")
    hasty.page.uncheck("#voice_alone input")
    hasty.wait("document.querySelector('h1').innerText.startsWith('말과')")
    hasty.wait("document.querySelector('h1').innerText.startsWith('What')")
    hasty.wait("document.documentElement.lang === 'en'")
    assert hasty.page.is_enabled("#words textarea")


def test_a_press_ends_the_recording(hasty):
    hasty.begin_recording(4)
    hasty.press()
    hasty.result()
    assert hasty.page.is_visible("#moments .js-plotly-plot")
    assert hasty.words == "나 지금 너무 행복해"


def test_nothing_is_left_of_somebody_who_left_while_it_listened(visitor, served, clips):
    def files():
        return {path for path in (served[1] / "visitors").rglob("*") if path.is_file()}

    before, someone = files(), visitor()
    someone.upload(clips["en_happy"])
    # What says so on the page may be gone before it is seen: the answer is quick.
    with someone.page.expect_response(lambda got: '"auto"' in (got.request.post_data or "")):
        someone.press()
    someone.leave()
    patient = visitor()  # whose turn comes when that of the other is over
    patient.write("good morning")
    patient.press()
    patient.result()
    assert len(files() - before) == 2  # the JSON and the CSV of the patient one
