"""A result that a visitor changes, in a real browser."""

import pytest

from emotion.labels import LABELS
from tests.ui.driving import ANSWER

pytestmark = pytest.mark.browser


def slide(someone, name, presses, key="ArrowRight"):
    someone.page.focus(f"#if_{name} input[type=range]")
    for _ in range(presses):
        someone.page.keyboard.press(key)


def after(someone):
    """The probabilities before and after, once both are drawn."""
    someone.page.wait_for_selector("#if_figure .js-plotly-plot .main-svg", timeout=ANSWER)
    return someone.page.evaluate(
        "document.querySelector('#if_figure .js-plotly-plot').data.slice(0, 2)"
        ".map(trace => Array.from(trace.x))"
    )


def test_words_and_voice_are_changed_and_put_back(visitor, clips):
    someone = visitor()
    someone.upload(clips["en_happy"])
    someone.write("I am so happy to see you")
    someone.press()
    someone.result()
    assert someone.page.input_value("#if_words textarea") == "I am so happy to see you"
    assert not someone.page.is_visible("#if_figure")
    said = "document.querySelector('#if_found')?.innerText.includes('%s')"
    someone.wait(said % "Nothing is changed yet, so the result is as it was.")
    slide(someone, "start", 10)
    someone.wait(said % "let the silence end after it begins")
    someone.press("#if_reset")
    someone.wait(said % "so the result is as it was")
    someone.page.fill("#if_words textarea", "leave me alone I hate you")
    before, now = after(someone)
    assert len(before) == len(LABELS)
    assert sum(now) == pytest.approx(1, abs=1e-3)
    assert before != now
    # The words alone were changed: the voice alone says what it said.
    someone.page.wait_for_selector("#if_found [data-side=only_voice] [data-state=unmoved]")
    assert not someone.page.query_selector("#if_found [data-side=only_words] [data-state=unmoved]")
    assert not someone.page.is_visible("#if_hear")
    # At one go: what is tried after a press of "hear" would take the voice away again.
    slide(someone, "pitch", 1, key="End")
    someone.page.wait_for_selector("#if_hear:visible", timeout=ANSWER)
    someone.wait("!document.querySelector('#if_found [data-side=only_voice] [data-state=unmoved]')")
    someone.press("#if_hear")
    someone.page.wait_for_selector("#if_voice .waveform-container, #if_voice #waveform")
    # In the other language it is the same change.
    shown = after(someone)
    someone.press("#language label >> nth=0")
    someone.wait("document.querySelector('#if_found').innerText.includes('목소리만')")
    assert after(someone) == shown
    assert someone.page.input_value("#if_words textarea") == "leave me alone I hate you"
    someone.press("#if_reset")
    someone.page.wait_for_selector("#if_figure", state="hidden", timeout=ANSWER)
    assert someone.page.input_value("#if_words textarea") == "I am so happy to see you"
    assert someone.page.input_value("#if_pitch input[type=range]") == "0"
    someone.wait(said % "아직 바꾼 것이 없어 결과도 그대로입니다.")


def test_words_alone_have_no_voice_to_change_and_fit_a_phone(visitor):
    someone = visitor(width=390, theme="dark")
    someone.write("I am so happy to see you")
    someone.press()
    someone.result()
    someone.page.wait_for_selector("#if_pitch", state="hidden")
    rows = "Array.from(document.querySelectorAll('.sliders'), row => getComputedStyle(row).display)"
    assert someone.page.evaluate(rows) == ["none", "none"]  # and no gap where they would stand
    someone.page.fill("#if_words textarea", "")
    # Nothing is left to judge, which is said; what was found stays.
    said = someone.page.wait_for_selector("#if_found .fault", timeout=ANSWER).inner_text()
    assert "There is nothing to read" in said
    someone.page.fill("#if_words textarea", "leave me alone")
    after(someone)
    assert someone.page.evaluate("document.documentElement.scrollWidth") == 390
