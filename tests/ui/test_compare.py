"""Several models on the same clip, in a real browser."""

import pytest

from tests.ui import driving
from tests.ui.driving import ANSWER

pytestmark = pytest.mark.browser

# Notes what the page says is under way, and how high the place is in which it says so.
WATCH = """
const place = document.querySelector("#compare_message")
window.told = []
new MutationObserver(() => {
  const bar = place.querySelector(".progress-level-inner")
  if (bar) told.push([bar.innerText.trim(), place.clientHeight])
}).observe(place, {childList: true, subtree: true, characterData: true})
"""


@pytest.fixture(scope="module")
def beside(tmp_path_factory, classifier):
    """The app with another model beside its own, and with one that is not there."""
    folder = tmp_path_factory.mktemp("beside")
    settings = {
        "EMOTION_COMPARE": f"{classifier} no-such-model",
        "EMOTION_WHISPER": driving.whisper(),
    }
    with driving.served(folder, **settings) as address:
        yield address


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_models_are_set_side_by_side_and_one_that_fails_is_told_of(
    visitor, beside, clips, width, theme
):
    # By its address: on a phone not all tabs have room beside each other.
    someone = visitor(address=f"{beside}?tab=compare", width=width, theme=theme)
    page = someone.page
    page.click("#compare_go")
    said = page.wait_for_selector("#compare_message .fault", timeout=ANSWER).inner_text()
    assert "There is nothing to read" in said
    page.click("#compare_audio .source-selection button >> nth=0")
    page.set_input_files("#compare_audio input[type=file]", clips["en_happy"])
    page.wait_for_selector("#compare_audio .waveform-container", timeout=ANSWER)
    page.fill("#compare_words textarea", "I am so happy to see you")
    page.evaluate(WATCH)
    page.click("#compare_go")
    page.wait_for_selector("#compare_figure .js-plotly-plot .main-svg", timeout=ANSWER)
    # Meanwhile it was said what was under way, where there was room for it.
    assert page.evaluate("told.length") > 0
    assert all(said and high > 40 for said, high in page.evaluate("told"))
    models = page.eval_on_selector_all(
        "#compare_models_said li", "all => all.map(one => one.dataset.model)"
    )
    assert models == ["default", "four-emotions", "no-such-model"]
    assert "No model is called no-such-model" in someone.text("#compare_models_said .failed")
    assert "MB" in someone.text("#compare_models_said li >> nth=1")
    names = page.evaluate(
        "document.querySelector('#compare_figure .js-plotly-plot').layout.yaxis.ticktext"
    )
    assert [name.strip() for name in names][-1] == "other"
    assert page.evaluate("document.documentElement.scrollWidth") == width
    # What visitors may choose is what was offered, under names that tell no place.
    assert "/tmp" not in someone.text("body")
    page.click("#language label >> nth=0")
    someone.wait("document.querySelector('#compare_apart').innerText.includes('서로 얼마나')")
    assert page.input_value("#compare_words textarea") == "I am so happy to see you"


def test_with_one_model_the_page_says_how_to_set_others_beside_it(visitor):
    someone = visitor()
    someone.page.click(driving.tab("compare"))
    someone.page.wait_for_selector("#compare_only .message", timeout=ANSWER)
    assert "app.py --compare" in someone.text("#compare_only")
    assert not someone.page.is_visible("#compare_hub")
