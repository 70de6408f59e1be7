"""Measures how far the Live tab is behind: from a recorded sample to its reading in the page.

    .venv/bin/python -m tests.lag [SECONDS]

Runs the real app and a real browser, whose microphone hears an example clip, and prints a Markdown
table. A sample counts as recorded where the browser hands over the chunk it is in, less what
follows it in the chunk; its reading stands in the page once the document has changed.
"""

import itertools
import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from emotion import audio
from tests import browser
from tests.ui import driving
from tests.ui.sounds import as_microphone

CLIP = driving.ROOT / "assets" / "examples" / "ko-cross.ogg"
HEADER = 44  # bytes before the samples of each chunk
# Notes in the page when each chunk is handed over and when each reading is there.
WATCH = f"""
(() => {{
  window.chunks = [];
  window.shown = [];
  const send = window.fetch;
  window.fetch = (address, options) => {{
    const sound = options?.body instanceof FormData && options.body.get("files");
    if (sound) window.chunks.push([performance.now(), (sound.size - {HEADER}) / 2]);
    return send(address, options);
  }};
  const look = () => {{
    const second = document.querySelector("#live_now .headline")?.dataset.second;
    if (second && second !== window.shown.at(-1)?.[1]) {{
      window.shown.push([performance.now(), second]);
    }}
  }};
  new MutationObserver(look).observe(document, {{
    subtree: true, childList: true, attributes: true,
  }});
}})()
"""


def main() -> None:
    """Prints the lags of one run."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 30.0
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        as_microphone(audio.load(CLIP), folder / "microphone.wav")
        path = browser.find()
        assert path, "There is no Chromium or Chrome on this machine."
        chromium = driving.open_browser(playwright, path, folder / "microphone.wav")
        with driving.served(folder, **driving.no_whisper(folder)) as address:
            window = driving.open_window(chromium, "en-US", 1280, "light")
            window.add_init_script(WATCH)
            chunks, shown = watch(driving.Visitor(window, address), seconds)
        chromium.close()
    report(chunks, [(at, float(second)) for at, second in shown])


def watch(someone: driving.Visitor, seconds: float) -> tuple[list, list]:
    """What the page noted while it listened for so long."""
    someone.page.click(driving.tab("live"))
    someone.page.click("#live_audio .record-button", timeout=driving.ANSWER)
    someone.page.wait_for_function("window.shown.length > 0", timeout=10 * driving.ANSWER)
    someone.page.wait_for_timeout(seconds * 1000)
    return someone.page.evaluate("[window.chunks, window.shown]")


def report(chunks: list, shown: list[tuple[float, float]], rate: int = 48_000) -> None:
    """Prints how late the readings were, in ms, and how far apart."""
    late = [at - recorded(chunks, second, rate) for at, second in shown]
    apart = [after[0] - before[0] for before, after in itertools.pairwise(shown)]
    left_out = 2 * (shown[-1][1] - shown[0][1]) + 1 - len(shown)
    print("| what | figure |\n|---|---|")
    print(f"| readings shown | {len(shown)} ({left_out:.0f} left out) |")
    for name, values in (("behind the microphone", late), ("from one to the next", apart)):
        ranked = sorted(values)
        high = ranked[int(0.95 * (len(ranked) - 1))]
        middle = statistics.median(ranked)
        print(f"| {name}, median, 95 %, most | {middle:.0f}, {high:.0f}, {ranked[-1]:.0f} ms |")


def recorded(chunks: list, second: float, rate: int) -> float:
    """When the sample at a second of the sound was recorded, in ms on the page's clock."""
    end = 0.0
    for at, samples in chunks:
        end += samples / rate
        if end >= second:
            return at - 1000 * (end - second)
    return float("nan")


if __name__ == "__main__":
    main()
