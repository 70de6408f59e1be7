"""The Live tab in a real browser, with its real microphone."""

import time

import pytest

from emotion.labels import LABELS
from emotion.ui.visit import FORGOTTEN
from tests import browser as finding
from tests.ui import driving
from tests.ui.driving import ANSWER

pytestmark = pytest.mark.browser

NOW = "document.querySelector('#live_now .headline')?.dataset"

# Stops and starts at once, while what encodes the sound is slow to end the first recording.
AGAIN = """
async () => {
  const button = (name) => document.querySelector(`#live_audio .${name}-button`);
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (...sent) {
    setTimeout(() => post.apply(this, sent), 300);
  };
  button("stop").click();
  while (!button("record")) await new Promise((done) => setTimeout(done));
  await new Promise((done) => setTimeout(done, 100));
  Worker.prototype.postMessage = post;
  button("record").click();
}
"""


def open_tab(someone):
    someone.page.click(driving.tab("live"))
    someone.page.wait_for_selector("#live_audio .record-button", timeout=ANSWER)
    return someone


def start(someone):
    someone.page.click("#live_audio .record-button")


def stop(someone):
    someone.page.click("#live_audio .stop-button")
    someone.page.wait_for_selector("#live_audio .record-button", timeout=ANSWER)


def second(someone):
    return float(someone.page.evaluate(f"{NOW}.second") or 0)


def until(someone, seconds):
    """Waits for a reading at or after so many seconds."""
    someone.wait(f"Number({NOW}?.second) >= {seconds}")


def spoken(someone):
    """Waits for a reading of somebody who speaks, and says which emotion."""
    someone.wait(f"{NOW}?.label")
    return someone.page.evaluate(f"{NOW}.label")


def begin(someone):
    open_tab(someone)
    assert "Not listening yet" in someone.text("#live_now")
    start(someone)
    return someone


@pytest.fixture
def live(visitor):
    """Somebody before the tab, who has started."""
    return begin(visitor())


def test_a_voice_is_read_while_it_speaks_and_silence_as_nobody(live):
    assert spoken(live) in LABELS
    live.wait(f"{NOW}?.label === '' && Number({NOW}.second) > 0")
    assert "Nobody speaks" in live.text("#live_now")
    reached = second(live)
    until(live, reached + 1)
    columns = live.page.evaluate(
        """Object.fromEntries([...document.querySelectorAll('#live_rolling .share')]
            .map(path => [path.dataset.label, path.getAttribute('d').split('M').length - 1]))"""
    )
    assert set(columns) == set(LABELS)
    assert len(set(columns.values())) == 1
    assert columns["neutral"] > 0
    assert live.page.is_visible("#live_plane .now")
    # Either there are words, or it says that they did not keep up on this machine.
    live.wait(
        "document.querySelector('#live_words').innerText.match(/[가-힣]/) || "
        "document.querySelector('#live_message').innerText.includes('as fast as they are spoken')"
    )
    stop(live)
    live.page.wait_for_timeout(1500)
    reached = second(live)
    live.page.wait_for_timeout(1500)
    assert second(live) == reached
    assert live.page.query_selector("#live_message .fault") is None


def test_a_second_start_begins_anew_though_the_first_has_not_ended(live):
    until(live, 2)
    live.page.evaluate(AGAIN)
    live.wait(f"Number({NOW}?.second) < 2")
    spoken(live)


def test_a_press_before_the_encoder_is_there_waits_for_it(visitor):
    someone, held = visitor(), []

    def hold_the_first(module):
        module.continue_() if held else held.append(module)

    someone.page.route("**/assets/module-*.js", hold_the_first)
    start(open_tab(someone))
    while not held:
        someone.page.wait_for_timeout(100)
    someone.page.wait_for_timeout(1000)
    held[0].continue_()
    spoken(someone)


def test_each_visitor_sees_only_their_own(live, visitor):
    spoken(live)
    other = open_tab(visitor())
    other.page.wait_for_timeout(1500)
    assert "Not listening yet" in other.text("#live_now")
    until(live, 4)
    start(other)
    until(other, 0.5)
    assert second(other) < second(live)
    stop(live)
    until(other, second(other) + 1)


def test_a_tab_closed_in_the_middle_leaves_nothing_and_stops_nobody(visitor, served):
    def files():
        return {path for path in (served[1] / "visitors").rglob("*.wav") if path.is_file()}

    earlier = files()
    live = begin(visitor())
    until(live, 4)
    live.leave()
    end = time.monotonic() + FORGOTTEN + 60
    # What was on its way as the tab closed, which is more on a busy machine, is deleted later.
    while len(files() - earlier) > 2 and time.monotonic() < end:
        time.sleep(0.2)
    assert len(files() - earlier) <= 2
    other = open_tab(visitor())
    start(other)
    spoken(other)


def test_the_language_changes_while_it_listens(live):
    spoken(live)
    live.press("#language label:has-text('한국어')")
    live.wait("document.querySelector('#live_rolling .legend li')?.textContent === '중립'")
    live.wait("document.querySelector('#live_now').innerText.match(/[가-힣]/)")
    button = "getComputedStyle(document.querySelector('#live_audio .stop-button'), '::after')"
    live.wait(f"{button}.content.includes('멈춤')")
    reached = second(live)
    until(live, reached + 1)


@pytest.mark.parametrize(
    ("device", "said"),
    [(True, "was not allowed to use the microphone"), (False, "The microphone cannot be opened")],
)
def test_without_a_microphone_it_says_what_to_do(served, playwright, device, said):
    chromium = driving.open_browser_without_microphone(playwright, finding.find(), device)
    window = chromium.new_context(locale="en-US", permissions=[] if device else ["microphone"])
    someone = open_tab(driving.Visitor(window, served[0]))
    start(someone)
    someone.wait(f"document.querySelector('#live_message').innerText.includes('{said}')")
    someone.page.wait_for_selector("#live_audio .record-button", timeout=ANSWER)
    assert "Not listening yet" in someone.text("#live_now")
    chromium.close()


def test_nothing_is_wider_than_a_phone(visitor):
    someone = open_tab(visitor(width=390, theme="dark", language="ko-KR"))
    start(someone)
    spoken(someone)
    assert someone.page.evaluate("document.documentElement.scrollWidth") == 390
