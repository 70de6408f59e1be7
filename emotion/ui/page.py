"""The page: its head, its tabs, its two languages, and how it is served."""

import json
from typing import Any

import gradio as gr
from gradio.blocks import Block
from starlette.middleware import Middleware

from emotion.analyze import Analyzer
from emotion.ui import parts
from emotion.ui.about import AboutTab
from emotion.ui.analyze import EXAMPLES, QUIET, AnalyzeTab
from emotion.ui.door import Door, take_uploads_only
from emotion.ui.strings import LANGUAGES, TEXT, preferred
from emotion.ui.theme import STYLES, theme
from emotion.ui.visit import Visit, prepare

FIRST = "ko"  # what the page says until the browser has told its language
LARGEST = "50mb"  # of an upload; half a minute of any common format is far below it
SWEEP, KEEP = 600, 3600  # seconds: how often files are looked at, and how old they may become
WAITING = 30  # visitors in the queue; more are asked to come back
VISITORS = 200  # whose clip and results are in memory; the one longest away is forgotten first

# What Python cannot reach: the document's language and title, the names of the two buttons below
# the recorder, and Gradio's own words, by the switch that Gradio's settings page uses. What is
# already there keeps its old words until it is made anew, hence the two clicks.
SPEAK = r"""
async (language) => {
  const said = SAID[language];
  const before = document.documentElement.dataset.spoken ?? navigator.language.slice(0, 2);
  document.documentElement.dataset.spoken = document.documentElement.lang = language;
  document.title = said.title;
  const buttons = [...document.querySelectorAll("#audio .source-selection button")];
  [said.upload, said.record].forEach((name, index) => {
    document.documentElement.style.setProperty(`--source-${index}`, JSON.stringify(name));
    buttons[index]?.setAttribute("aria-label", name);
  });
  const core = performance.getEntriesByType("resource").find((entry) =>
    /\/assets\/core-[^/]*\.js$/.test(entry.name));
  if (!core || before === language) return;
  (await import(core.name)).changeLocale?.(language);
  const idle = document.querySelector("#audio .record-button")?.offsetParent
    || document.querySelector("#audio input[type=file]");
  const other = buttons.find((button) => !button.classList.contains("selected"));
  const chosen = buttons.find((button) => button !== other);
  if (!idle || !other || !chosen) return;
  other.click();
  setTimeout(() => chosen.click(), 50);
}
"""
SAID = ("title", "upload", "record")


class Page:
    """The whole page around one model, which all visitors share."""

    def __init__(self, analyzer: Analyzer) -> None:
        self.checkpoint = analyzer.name
        title = TEXT[FIRST]["title"]
        self.blocks = gr.Blocks(title=title, analytics_enabled=False, delete_cache=(SWEEP, KEEP))
        with self.blocks:
            self._lay_out(analyzer)
            self._connect()

    def _lay_out(self, analyzer: Analyzer) -> None:
        with gr.Row(elem_classes="top"):
            self.head = gr.HTML(parts.header(FIRST), elem_id="header")
            self.language = gr.Radio(
                [(name, code) for code, name in LANGUAGES.items()],
                value=FIRST,
                label=TEXT[FIRST]["language"],
                elem_id="language",
                elem_classes="segments",
                container=False,
                scale=0,
                min_width=160,
            )
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(TEXT[FIRST]["analyze_tab"], id="analyze") as self.analyze_tab:
                self.analyze = AnalyzeTab(analyzer, self.language, FIRST)
            with gr.Tab(TEXT[FIRST]["about_tab"], id="about") as self.about_tab:
                self.about = AboutTab(FIRST)
        self.foot = gr.HTML(parts.footer(FIRST, self.checkpoint), elem_id="footer")

    def speak(self, language: str) -> dict[Block, Any]:
        """Every label of the page in a language."""
        text = TEXT[language]
        return {
            self.head: parts.header(language),
            self.language: gr.update(label=text["language"], value=language),
            self.analyze_tab: gr.update(label=text["analyze_tab"]),
            self.about_tab: gr.update(label=text["about_tab"]),
            self.foot: parts.footer(language, self.checkpoint),
            **self.about.speak(language),
            **self.analyze.speak(language),
        }

    def greet(self, request: gr.Request) -> dict[Block, Any]:
        """Speaks the language that the browser prefers."""
        return self.speak(preferred(request.headers.get("accept-language", "")))

    def switch(
        self, visit: Visit | None, language: str, direction: str, layer: int | str, head: int | str
    ) -> dict[Block, Any]:
        """Speaks another language, and draws the results in it."""
        shown = self.analyze.show(visit, language, direction, layer, head)
        return {**self.speak(language), **shown}

    def leave(self, request: gr.Request) -> None:
        """Forgets a visitor at once; Gradio alone would keep what they gave for an hour."""
        self.blocks.state_holder.delete_state(request.session_hash or "")

    def _connect(self) -> None:
        tabs = [self.analyze_tab, self.about_tab]
        said = [self.head, self.language, *tabs, self.foot, self.about.body, *self.analyze.shown]
        given = [self.analyze.visit, self.language, *self.analyze.choosers]
        words = {code: {key: TEXT[code][key] for key in SAID} for code in LANGUAGES}
        tell: dict[str, Any] = {"fn": None, "inputs": self.language}
        tell["js"] = SPEAK.replace("SAID", json.dumps(words))
        self.blocks.load(self.greet, None, said, **QUIET).then(**tell)
        self.language.input(self.switch, given, said, **QUIET).then(**tell)
        self.blocks.unload(self.leave)


def build(analyzer: Analyzer) -> gr.Blocks:
    """The page around one model."""
    prepare()
    # Played where they lie, instead of as a copy for each visitor.
    gr.set_static_paths([EXAMPLES])
    take_uploads_only()
    return Page(analyzer).blocks


def launch(page: gr.Blocks) -> None:
    """Serves the page to this machine, or to where GRADIO_SERVER_NAME and _PORT say."""
    page.queue(api_open=False, max_size=WAITING, default_concurrency_limit=4)
    page.launch(
        app_kwargs={"middleware": [Middleware(Door)]},
        theme=theme(),
        css_paths=STYLES,
        share=False,
        show_error=False,
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        footer_links=[],
        max_file_size=LARGEST,
        state_session_capacity=VISITORS,
    )
