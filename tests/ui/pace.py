"""How soon the next clip is on the screen: python -m tests.ui.pace [CLIPS] [TIMES].

The real app with a project of ten thousand clips, and a real browser. From the key that settles a
clip to the words, the labels and the sound's address of the next one, beside what an event of
Gradio that does nothing takes on the same page in the same run, for nothing can be quicker.
"""

import itertools
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from emotion.analyze import Analyzer
from emotion.manifest import Reach
from emotion.review import Project
from emotion.review.bring import bring
from emotion.review.clips import Entry
from emotion.review.desk import suspect
from tests import browser
from tests.ui import driving

N, TIMES = 10_000, 30
CLIPS = driving.ROOT / "tests" / "clips"
# Notes in the page when something was pressed, and when what was waited for stood there.
WATCH = """
(() => {
  const watch = window.watch = { at: {} };
  const find = (selector) => document.querySelector(selector);
  const facts = {
    words: () => find("#review_clip")?.dataset.clip,
    sound: () => find("#review_player audio")?.src,
    idle: () => find("#idle_said")?.textContent,
  };
  let last = {};
  const look = () => {
    for (const [name, fact] of Object.entries(facts)) {
      const value = fact();
      if (value !== last[name]) watch.at[name] = performance.now();
      last[name] = value;
    }
  };
  new MutationObserver(look).observe(document, {
    subtree: true, childList: true, attributes: true, characterData: true,
  });
  watch.begin = () => { look(); watch.at = {}; watch.pressed = performance.now(); };
  document.addEventListener("keydown", watch.begin, true);
  watch.took = (name) => watch.at[name] === undefined ? null : watch.at[name] - watch.pressed;
})()
"""


def prepared(folder: Path, n: int) -> dict[str, str]:
    """A desk with n clips that the model has heard, of the voices that the tests have."""
    voices = sorted(CLIPS.glob("*.wav"))
    with Project(folder / "few.review") as few:
        list(bring(few, CLIPS))
        list(suspect(few, Analyzer.load("default")))
        heard = [few.heard[each.id] for each in few.clips]
        judged = [few.judged[each.id] for each in few.clips]
    (folder / "desk").mkdir()
    with Project(folder / "desk" / "work.review") as project:
        source = project.clips.begin("made.csv", "made", ("id",), n, Reach(CLIPS))
        entries = [
            Entry(
                f"c{i}", voices[i % len(voices)].name, f"clip {i}", "happy", cells={"id": f"c{i}"}
            )
            for i in range(n)
        ]
        project.clips.add(source, list(enumerate(entries, 1)), [], n)
        project.heard.add({f"c{i}": heard[i % len(heard)] for i in range(n)})
        project.judged.replace(
            {f"c{i}": replace(judged[i % len(judged)], doubt=i / n) for i in range(n)}
        )
    return {"EMOTION_DESK": str(folder / "desk"), **driving.no_whisper(folder / "cache")}


def serve() -> None:
    """The app, with a button that does nothing beside."""
    import gradio as gr

    import app
    from emotion.ui.page import launch

    count = itertools.count()
    with app.demo:
        button, said = gr.Button("idle", elem_id="idle"), gr.HTML("", elem_id="idle_said")
        button.click(lambda: f"<p>{next(count)}</p>", None, said, show_progress="hidden")
    launch(app.page)


def took(page: Page, what: str, press: str) -> float:
    """Milliseconds from a press to what was waited for."""
    page.evaluate(press) if press.startswith("watch") else page.keyboard.press(press)
    page.wait_for_function(f"watch.took('{what}') !== null")
    return page.evaluate(f"watch.took('{what}')")


def told(what: str, times: list[float], floor: float) -> None:
    """Prints a line."""
    middle, worst = statistics.median(times), sorted(times)[int(0.9 * len(times))]
    print(f"| {what} | {middle:.0f} ms | {worst:.0f} ms | {middle / floor:.1f} |", flush=True)


def main(n: int, times: int) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        settings = prepared(folder, n)
        path = browser.find()
        assert path, "There is no Chromium or Chrome on this machine."
        program = ["-m", "tests.ui.pace", "--serve"]
        with driving.served(folder, program=program, **settings) as address:
            window = driving.open_window(
                driving.open_browser(playwright, path), "en-US", 1280, "light"
            )
            window.add_init_script(WATCH)
            page = driving.Visitor(window, f"{address}?tab=review").page
            measured(page, times)


def measured(page: Page, times: int) -> None:
    """Presses, and tells what was seen."""
    page.wait_for_selector("#review_project input")
    start = time.perf_counter()
    choose_first(page)
    opened = 1000 * (time.perf_counter() - start)
    found: dict[str, list[float]] = {"idle": [], "words": [], "sound": []}
    for _ in range(times):
        page.wait_for_function("window.review.busy === 0")
        page.wait_for_timeout(1500)
        found["idle"].append(
            took(page, "idle", "watch.begin(), document.querySelector('#idle').click()")
        )
        page.wait_for_timeout(300)
        found["words"].append(took(page, "words", "u"))
        page.wait_for_function("watch.took('sound') !== null")
        found["sound"].append(page.evaluate("watch.took('sound')"))
    floor = statistics.median(found["idle"])
    print("| from the press to | half | nine in ten | of an event that does nothing |")
    print("|---|---|---|---|")
    told("an event that does nothing", found["idle"], floor)
    told("the next clip's words and labels", found["words"], floor)
    told("the address of its sound", found["sound"], floor)
    told("a project that was chosen", [opened], floor)


def choose_first(page: Page) -> None:
    page.click("#review_project input")
    page.click("#review_project [role=option]:has-text('work')")
    page.wait_for_selector("#review_clip")


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve()
    else:
        given = [int(each) for each in sys.argv[1:]]
        main(*(given + [N, TIMES][len(given) :]))
