"""Launches the real app, and a real browser that uses it as a visitor would."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request

ROOT = Path(__file__).parents[2]
TINY_WHISPER = ROOT / "tests" / "tiny_whisper" / "tiny.pt"
START = 600  # seconds that a busy machine may need to start the app
ANSWER = 60_000  # milliseconds that it may need to answer
QUIET = 500  # milliseconds without an open question, after which none is expected
TABS = ("analyze", "timeline", "live", "body", "compare")  # and about, last of all
CLEAR = "#audio .top-panel button >> nth=-1"
# A visitor's page may ask only the app itself.
OWN = re.compile(r"^(http://127\.0\.0\.1:\d+/|data:|blob:|about:)")


def tab(name: str) -> str:
    """Where a tab is opened."""
    return f"#tabs [role=tab] >> nth={-1 if name == 'about' else TABS.index(name)}"


def whisper() -> str:
    """The path of the tiny Whisper."""
    return str(TINY_WHISPER)


def no_whisper(cache: Path) -> dict[str, str]:
    """Settings of a machine that has no Whisper of its own and cannot fetch one."""
    nowhere = "http://127.0.0.1:9"
    return {
        "EMOTION_WHISPER": "base",
        "XDG_CACHE_HOME": str(cache),
        "HTTPS_PROXY": nowhere,
        "https_proxy": nowhere,
    }


@contextmanager
def served(
    folder: Path,
    program: Sequence[str] = ("app.py",),
    **settings: str,
) -> Iterator[str]:
    """Runs app.py in a process of its own on a free port, and gives its address.

    Args:
        folder: Where its log and its visitors' files go.
        program: What Python runs instead.
        settings: Environment variables.
    """
    files = folder / "visitors"
    environment = {**os.environ, "GRADIO_TEMP_DIR": str(files), "PYTHONUNBUFFERED": "1"}
    environment |= {"GRADIO_SERVER_PORT": str(free_port()), **settings}
    log = folder / "app.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *program], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            yield _address(process, log, environment["GRADIO_SERVER_PORT"])
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
OPTIONS += ["--disable-background-networking"]


def open_browser(playwright: Playwright, path: str, microphone: Path | None = None) -> Browser:
    """Starts Chromium, with a file as its microphone."""
    options = [*OPTIONS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    if microphone:
        options.append(f"--use-file-for-fake-audio-capture={microphone.resolve()}")
    return playwright.chromium.launch(executable_path=path, args=options)


def open_browser_without_microphone(
    playwright: Playwright, path: str, device: bool = False
) -> Browser:
    """Starts Chromium, which has no microphone, or one that nobody lets it use."""
    options = [*OPTIONS, "--use-fake-device-for-media-stream"] if device else OPTIONS
    return playwright.chromium.launch(executable_path=path, args=options)


def open_window(browser: Browser, language: str, width: int, theme: str) -> BrowserContext:
    """A browser of its own settings and cache; each page in it is one visitor."""
    return browser.new_context(
        locale=language,
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        permissions=["microphone"],
    )


class Visitor:
    """Somebody in front of the page."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(ANSWER)
        self.strange_requests: list[str] = []
        self.open_questions: set[Request] = set()
        self.page.on("request", self._note)
        for end in ("requestfinished", "requestfailed"):
            self.page.on(end, lambda request: self.open_questions.discard(request))
        self.page.goto(address)
        # Set once the page has been told its language, which is the last thing that loading does.
        self.page.wait_for_function(
            "['ko', 'en'].includes(document.documentElement.lang) && "
            "getComputedStyle(document.documentElement).getPropertyValue('--source-0')",
            timeout=ANSWER,
        )

    def _note(self, request: Request) -> None:
        if not OWN.match(request.url):
            self.strange_requests.append(request.url)
        if "/queue/" in request.url:
            self.open_questions.add(request)

    def rest(self) -> None:
        """Waits until the app has answered all that the page asked, also what followed from it.

        Not for where several questions are asked at once on a busy machine: where one is answered
        before the page has heard that it was taken, Gradio's script opens a line for it on which
        nothing is left to come, and which stays open until the next question.
        """
        waited = quiet = 0
        while quiet < QUIET:
            self.page.wait_for_timeout(100)
            waited, quiet = waited + 100, 0 if self.open_questions else quiet + 100
            assert waited < ANSWER, [request.url for request in self.open_questions]

    def slow(self, milliseconds: int) -> None:
        """Makes every request of the page wait, as on a slow line or for a busy machine."""
        line = self.page.context.new_cdp_session(self.page)
        settings = {"offline": False, "downloadThroughput": -1, "uploadThroughput": -1}
        line.send("Network.emulateNetworkConditions", {**settings, "latency": milliseconds})

    def leave(self) -> None:
        self.page.close()

    def upload(self, path: Path) -> None:
        self.page.click("#audio .source-selection button >> nth=0")
        self.page.set_input_files("#audio input[type=file]", path)
        self.page.wait_for_selector("#audio #waveform, #audio .waveform-container", timeout=ANSWER)

    def upload_unplayable(self, path: Path) -> None:
        """Uploads what the browser cannot draw, and waits until the app has it."""
        self.page.click("#audio .source-selection button >> nth=0")
        with self.page.expect_response(lambda reply: "/upload" in reply.url and reply.ok):
            self.page.set_input_files("#audio input[type=file]", path)
        self.page.wait_for_selector(CLEAR, timeout=ANSWER)

    def begin_recording(self, seconds: float) -> None:
        self.page.click("#audio .source-selection button >> nth=1")
        self.page.click("#audio .record-button")
        self.page.wait_for_timeout(int(seconds * 1000))

    def record(self, seconds: float) -> None:
        self.begin_recording(seconds)
        self.page.click("#audio .stop-button")
        self.page.wait_for_selector("#audio #waveform, #audio .waveform-container", timeout=ANSWER)

    def write(self, words: str) -> None:
        self.page.fill("#words textarea", words)

    @property
    def words(self) -> str:
        return self.page.input_value("#words textarea")

    def press(self, button: str = "#go") -> None:
        self.page.click(button)

    def set_off(self) -> None:
        """Presses the button, and waits no longer than until that has been sent."""
        # Of all that is sent, only what is to be analyzed names the language spoken.
        with self.page.expect_request(lambda sent: '"auto"' in (sent.post_data or "")):
            self.press()

    def result(self) -> str:
        """The label of the emotion, once there is one."""
        self.page.wait_for_selector("#headline .emotion", timeout=ANSWER)
        self.page.wait_for_selector("#bars .js-plotly-plot .ytick", timeout=ANSWER)
        return self.page.get_attribute("#headline .emotion", "data-label") or ""

    def message(self, kind: str) -> str:
        """The sentence beside the button, once there is one."""
        return self.page.wait_for_selector(f"#message .{kind}", timeout=ANSWER).inner_text()

    def wait(self, condition: str) -> None:
        """Waits until a condition in the page's own language holds."""
        self.page.wait_for_function(condition, timeout=ANSWER)

    def text(self, selector: str) -> str:
        return self.page.inner_text(selector)

    def bars(self) -> dict[str, float]:
        """The seven bars: the printed name of each emotion and its length."""
        return self.page.evaluate(
            """(() => {
              const plot = document.querySelector('#bars .js-plotly-plot');
              const names = plot.layout.yaxis.ticktext.map((name) => name.trim());
              const lengths = Array.from(plot.data[0].x);
              return Object.fromEntries(names.map((name, row) => [name, lengths[row]]));
            })()"""
        )


def free_port() -> int:
    """A port that nobody uses now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _address(process: subprocess.Popen[bytes], log: Path, port: str) -> str:
    address = f"http://127.0.0.1:{port}/"
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return address
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The app did not start:\n{log.read_text(errors='replace')}")
