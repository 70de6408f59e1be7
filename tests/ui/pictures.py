"""Takes the pictures of the README, from the real app and a real browser.

    python -m tests.ui.pictures [FOLDER]

All but Live stand still; Live moves: its microphone hears a clip of the tests. Body's signals are
made, and Compare sets what ships beside what it is judged by.
"""

import argparse
import io
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from emotion import audio
from tests import browser
from tests.ui import driving, shots
from tests.ui.driving import Visitor
from tests.ui.sounds import as_microphone

PICTURES = driving.ROOT / "assets" / "pictures"
HEARD = "en_happy.wav"  # which the tests' small Whisper knows, so that there are words
BESIDE = "default/held-out"
WIDTH, MARGIN = 1280, 12  # pixels
BEGIN, SECONDS = 8, 10  # of listening: from a silence into an utterance
APART = 0.25  # seconds from a frame to the next, where the machine keeps up
SMALL = (800, 563)  # pixels of a frame
QUALITY = 60


def main() -> None:
    """Takes them all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=PICTURES)
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        scratch = Path(name)
        as_microphone(audio.load(shots.CLIPS / HEARD), scratch / "microphone.wav")
        path = browser.find()
        assert path, "There is no Chromium or Chrome on this machine."
        chromium = driving.open_browser(playwright, path, scratch / "microphone.wav")
        settings = {"EMOTION_WHISPER": driving.whisper(), "EMOTION_COMPARE": BESIDE}
        with driving.served(scratch, **settings, **shots.desk(scratch, None)) as address:
            window = driving.open_window(chromium, "en-US", WIDTH, "light")
            for name in (*STATES, "live"):
                visitor = Visitor(window, address)
                if name == "live":
                    live(visitor, folder, scratch)
                else:
                    still(visitor, folder, scratch, name)
                visitor.leave()
        chromium.close()


def analyzed(visitor: Visitor, language: str, scratch: Path) -> None:
    """A clip, and which of its words met which moments."""
    visitor.upload(shots.CLIPS / HEARD)
    visitor.press()
    visitor.result()


# A state of each tab that stands still, and the last part of it that is to be seen.
STATES = {
    "analyze": (analyzed, "#moments_card"),
    "timeline": (shots.timeline, "#timeline_open"),
    "body": (shots.body, "#body_figure"),
    "compare": (shots.compared, "#compare_figure"),
    "review": (shots.review, "#review_figure"),
}


def still(visitor: Visitor, folder: Path, scratch: Path, name: str) -> None:
    """A state of the page, from its top to the end of a part."""
    state, last = STATES[name]
    state(visitor, "en", scratch)
    visitor.rest()
    visitor.page.mouse.move(0, 0)
    visitor.page.evaluate("scrollTo(0, 0)")
    end = visitor.page.locator(last).bounding_box()
    assert end
    top = {"x": 0, "y": 0, "width": WIDTH, "height": end["y"] + end["height"] + MARGIN}
    visitor.page.screenshot(path=folder / f"{name}.png", full_page=True, clip=top)


def live(visitor: Visitor, folder: Path, scratch: Path) -> None:
    """Some seconds of listening, as they went by."""
    shots.listen(visitor, "en", scratch, until=BEGIN)
    frames, times = [], [time.monotonic()]
    while times[-1] - times[0] < SECONDS:
        frames.append(Image.open(io.BytesIO(visitor.page.screenshot())).resize(SMALL))
        visitor.page.wait_for_timeout(max(0, 1000 * (times[-1] + APART - time.monotonic())))
        times.append(time.monotonic())
    frames[0].save(
        folder / "live.webp",
        save_all=True,
        append_images=frames[1:],
        duration=[round(1000 * (after - before)) for before, after in pairwise(times)],
        loop=0,
        quality=QUALITY,
    )


if __name__ == "__main__":
    main()
