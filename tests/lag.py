"""Measures how far the Live tab is behind: from a recorded sample to its reading in the page.

    .venv/bin/python -m tests.lag [SECONDS]

Runs the real app and a real browser, whose microphone hears an example clip, and prints a Markdown
table. A sample was recorded before the browser hands over the chunk it is in, or a later one, less
what follows it until there: the earliest of these counts. Its reading stands in the page, in words
and in the figure, once the frame after the document has changed is drawn.
"""

import itertools
import json
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
# What of a reading is shown, and where it says which second it is of.
PARTS = {"words": "#live_now .headline", "figure": "#live_rolling .rolling"}
# Notes in the page when each chunk is handed over and when each reading is there.
WATCH = """
(() => {
  window.chunks = [];
  window.shown = {words: [], figure: []};
  window.seen = {};
  const send = window.fetch;
  window.fetch = (address, options) => {
    const sound = options?.body instanceof FormData && options.body.get("files");
    if (sound) window.chunks.push([performance.now(), (sound.size - HEADER) / 2]);
    return send(address, options);
  };
  const look = () => {
    for (const [part, selector] of Object.entries(PARTS)) {
      const second = document.querySelector(selector)?.dataset.second;
      if (!Number(second) || second === window.seen[part]) continue;
      window.seen[part] = second;
      const drawn = () => window.shown[part].push([performance.now(), Number(second)]);
      requestAnimationFrame(() => setTimeout(drawn));
    }
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, attributes: true,
  });
})()
""".replace("PARTS", json.dumps(PARTS)).replace("HEADER", str(HEADER))


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
    report(chunks, shown)


def watch(someone: driving.Visitor, seconds: float) -> tuple[list, dict]:
    """What the page noted while it listened for so long."""
    someone.page.click(driving.tab("live"))
    someone.page.click("#live_audio .record-button", timeout=driving.ANSWER)
    someone.page.wait_for_function("window.shown.words.length > 0", timeout=10 * driving.ANSWER)
    someone.page.wait_for_timeout(seconds * 1000)
    return someone.page.evaluate("[window.chunks, window.shown]")


def report(chunks: list, shown: dict[str, list], rate: int = 48_000) -> None:
    """Prints how late the readings were, in ms, and how far apart."""
    words = shown["words"]
    apart = [after[0] - before[0] for before, after in itertools.pairwise(words)]
    left_out = 2 * (words[-1][1] - words[0][1]) + 1 - len(words)
    print("| what | figure |\n|---|---|")
    print(f"| readings shown | {len(words)} ({left_out:.0f} left out) |")
    for part, readings in shown.items():
        late = [at - recorded(chunks, second, rate) for at, second in readings]
        tell(f"behind the microphone, {part}", late)
    tell("from one to the next", apart)


def tell(name: str, values: list[float]) -> None:
    """Prints the middle, the 95th of a hundred and the most of some."""
    ranked = sorted(values)
    if ranked:
        high = ranked[int(0.95 * (len(ranked) - 1))]
        middle = statistics.median(ranked)
        print(f"| {name}, median, 95 %, most | {middle:.0f}, {high:.0f}, {ranked[-1]:.0f} ms |")


def recorded(chunks: list, second: float, rate: int) -> float:
    """When the sample at a second of the sound was recorded at the latest, in the page's ms."""
    ends = itertools.accumulate(samples / rate for _, samples in chunks)
    return min(
        at - 1000 * (end - second)
        for end, (at, _) in zip(ends, chunks, strict=True)
        if end >= second
    )


if __name__ == "__main__":
    main()
