"""How soon the next clip is on the screen: python -m tests.ui.pace [CLIPS] [TIMES].

The real app with a project of ten thousand clips, and a real browser. From the key that settles a
clip to the words, the labels and the sound's address of the next one, beside what an event of
Gradio that does nothing takes on the same page in the same run, for nothing can be quicker.
"""

import itertools
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil
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
REST = 2000  # milliseconds
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
    from emotion.ui.serving import launch

    count = itertools.count()
    with app.demo:
        button, said = gr.Button("idle", elem_id="idle"), gr.HTML("", elem_id="idle_said")
        button.click(lambda: f"<p>{next(count)}</p>", None, said, show_progress="hidden")
    launch(app.page)


@dataclass
class Times:
    """What one kind of press took, each time: milliseconds until it stood there, and of work."""

    waits: list[float] = field(default_factory=list)
    server: list[float] = field(default_factory=list)
    browser: list[float] = field(default_factory=list)


class Watch:
    """Presses, and notes how long it takes and how much of that is work.

    The machine may be busy with other things; work is only this app's, and this page's.
    """

    def __init__(self, page: Page, app: psutil.Process) -> None:
        self.page, self.app = page, app
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def press(self, times: Times, press: Callable[[], object], *awaited: str) -> None:
        """Presses something, and waits until all that is new is there."""
        before = self._work()
        self.page.evaluate("watch.begin()")
        press()
        for name in awaited:
            self.page.wait_for_function(f"watch.at.{name} !== undefined")
        server, page = (now - then for now, then in zip(self._work(), before, strict=True))
        took = f"Math.max(...{list(awaited)}.map((name) => watch.at[name])) - watch.pressed"
        times.waits.append(self.page.evaluate(took))
        times.server.append(server)
        times.browser.append(page)

    def _work(self) -> tuple[float, float]:
        spent = self.app.cpu_times()
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        [busy] = [each["value"] for each in metrics if each["name"] == "TaskDuration"]
        return 1000 * (spent.user + spent.system), 1000 * busy


def measured(page: Page, app: psutil.Process, times: int) -> None:
    """Presses, and prints what was seen."""
    opened, idle, clip = Times(), Times(), Times()
    watch, keyboard = Watch(page, app), page.keyboard
    page.click("#review_project input")
    watch.press(opened, lambda: page.click("#review_project [role=option]"), "words", "sound")
    for _ in range(times):
        page.wait_for_function("window.review.busy === 0")
        page.wait_for_timeout(REST)
        watch.press(idle, lambda: page.evaluate("document.querySelector('#idle').click()"), "idle")
        watch.press(clip, lambda: keyboard.press("u"), "words", "sound")
    floor = statistics.median(idle.waits)
    print("| from the press to | half | nine in ten | of nothing | server's work | page's work |")
    print("|---|---|---|---|---|---|")
    told("an event that does nothing", idle, floor)
    told("the next clip: words, labels, sound", clip, floor)
    told("the first clip of a project", opened, floor)


def told(what: str, times: Times, floor: float) -> None:
    """Prints a line."""
    middle, worst = statistics.median(times.waits), sorted(times.waits)[int(0.9 * len(times.waits))]
    work = (f"{statistics.median(each):.0f} ms" for each in (times.server, times.browser))
    print(
        f"| {what} | {middle:.0f} ms | {worst:.0f} ms | {middle / floor:.1f} | {' | '.join(work)} |"
    )


def main(n: int, times: int) -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        settings = prepared(folder, n)
        path = browser.find()
        assert path, "There is no Chromium or Chrome on this machine."
        program = ["-m", "tests.ui.pace", "--serve"]
        with driving.served(folder, program=program, **settings) as address:
            children = psutil.Process().children()
            [app] = [each for each in children if "--serve" in each.cmdline()]
            chromium = driving.open_browser(playwright, path)
            window = driving.open_window(chromium, "en-US", 1280, "light")
            window.add_init_script(WATCH)
            visitor = driving.Visitor(window, f"{address}?tab=review")
            visitor.rest()
            measured(visitor.page, app, times)


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve()
    else:
        given = [int(each) for each in sys.argv[1:]]
        main(*(given + [N, TIMES][len(given) :]))
