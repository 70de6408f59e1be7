"""The page: its head, its tabs, its two languages."""

import json
import logging
import threading
from typing import Any

import gradio as gr
from gradio.blocks import Block

from emotion.analyze import Analyzer
from emotion.body import Examined
from emotion.compare import Comparison
from emotion.explain import Occlusion
from emotion.review.office import Office
from emotion.ui import parts
from emotion.ui.about import AboutTab
from emotion.ui.analyze import AnalyzeTab
from emotion.ui.api import Api
from emotion.ui.body import BodyTab
from emotion.ui.body_text import BODY
from emotion.ui.compare import CompareTab
from emotion.ui.compare_text import COMPARE
from emotion.ui.events import MODEL, PAGE
from emotion.ui.live import Ear, LiveTab
from emotion.ui.offer import Offer, offer
from emotion.ui.reel import News, transcript
from emotion.ui.review.tab import ReviewTab
from emotion.ui.review.text import REVIEW
from emotion.ui.scripts import ASKED, LINKED, SPEAK
from emotion.ui.strings import LANGUAGES, TEXT, preferred
from emotion.ui.timeline import TimelineTab
from emotion.ui.timeline_text import TIMELINE
from emotion.ui.visit import Visit
from emotion.ui.whatif import Trial

FIRST = "ko"  # what the page says until the browser has told its language
SWEEP, KEEP = 600, 3600  # seconds: how often files are looked at, and how old they may become

log = logging.getLogger(__name__)
SAID = ("title", "upload", "record", "live_start", "live_stop", "live_wait")


class Page:
    """The whole page around one model, which all visitors share, and those beside it."""

    def __init__(
        self,
        analyzer: Analyzer,
        beside: Offer | None = None,
        office: Office | None = None,
        quick: Analyzer | None = None,
    ) -> None:
        self.analyzer = analyzer
        self.quick = quick or analyzer
        self.office = office
        self.offer = beside or offer(analyzer)
        self.checkpoint = analyzer.name
        self.opened = threading.Event()  # by the first visitor
        settings: dict[str, Any] = {"analytics_enabled": False, "delete_cache": (SWEEP, KEEP)}
        self.blocks = gr.Blocks(title=TEXT[FIRST]["title"], **settings)
        with self.blocks:
            self._lay_out(analyzer)
            self._connect()
            self._hide_progress()

    def _lay_out(self, analyzer: Analyzer) -> None:
        self.api = Api(analyzer, self.offer)  # first, or the page's own events would take its names
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
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap") as self.tabs:
            with gr.Tab(TEXT[FIRST]["analyze_tab"], id="analyze") as self.analyze_tab:
                self.analyze = AnalyzeTab(analyzer, self.language, FIRST, self.left)
            with gr.Tab(TIMELINE[FIRST]["tab"], id="timeline") as self.timeline_tab:
                self.timeline = TimelineTab(analyzer, self.language, FIRST)
            with gr.Tab(TEXT[FIRST]["live_tab"], id="live") as self.live_tab:
                self.live = LiveTab(self.quick, self.language, FIRST, self.left)
            with gr.Tab(BODY[FIRST]["tab"], id="body") as self.body_tab:
                self.body = BodyTab(analyzer, self.language, FIRST)
            with gr.Tab(COMPARE[FIRST]["tab"], id="compare") as self.compare_tab:
                self.compare = CompareTab(self.offer, self.language, FIRST)
            self._lay_out_desk(analyzer)
            with gr.Tab(TEXT[FIRST]["about_tab"], id="about") as self.about_tab:
                self.about = AboutTab(FIRST)
        self.foot = gr.HTML(self._footer(FIRST), elem_id="footer")

    def _lay_out_desk(self, analyzer: Analyzer) -> None:
        """The tab of an operator who has a desk; visitors of any other page cannot reach one."""
        self.review: ReviewTab | None = None
        if self.office:
            with gr.Tab(REVIEW[FIRST]["tab"], id="review") as self.review_tab:
                self.review = ReviewTab(analyzer, self.office, self.language, FIRST)

    def _footer(self, language: str) -> str:
        return parts.footer(language, self.checkpoint, self.office is not None)

    def speak(self, language: str) -> dict[Block, Any]:
        """Every label of the page in a language."""
        text = TEXT[language]
        return {
            self.head: parts.header(language),
            self.language: gr.update(label=text["language"]),
            self.analyze_tab: gr.update(label=text["analyze_tab"]),
            self.timeline_tab: gr.update(label=TIMELINE[language]["tab"]),
            self.live_tab: gr.update(label=text["live_tab"]),
            self.body_tab: gr.update(label=BODY[language]["tab"]),
            self.compare_tab: gr.update(label=COMPARE[language]["tab"]),
            self.about_tab: gr.update(label=text["about_tab"]),
            self.foot: self._footer(language),
            **self.about.speak(language),
            **self.analyze.desk.speak(language),
            **self.timeline.lane.speak(language),
            **self.live.speak(language),
            **self.body.bench.speak(language),
            **self.compare.speak(language),
        }

    def greet(self, request: gr.Request) -> dict[Block, Any]:
        """Speaks the language that the address names or the browser prefers, on the tab named."""
        language, tab = (request.query_params.get(name, "") for name in ("language", "tab"))
        if language not in LANGUAGES:
            language = preferred(request.headers.get("accept-language", ""))
        self.opened.set()
        radio = gr.update(label=TEXT[language]["language"], value=language)
        shown = {self.tabs: gr.Tabs(selected=tab)} if tab in self.tab_names else {}
        said = self.speak(language) | self.live.show(None, language)
        return said | {self.language: radio} | shown

    def switch(
        self,
        compared: Comparison | None,
        tried: Trial | None,
        ear: Ear | None,
        lost: Occlusion | None,
        news: News | None,
        chosen: int | None,
        examined: Examined | None,
        visit: Visit | None,
        language: str,
        direction: str,
        layer: int | str,
        head: int | str,
        against: str,
    ) -> dict[Block, Any]:
        """Speaks another language, and draws the results in it."""
        return {
            **self.speak(language),
            **self.analyze.show(visit, language, direction, layer, head, against),
            **self.analyze.show_lost(visit, lost, language),
            **self.analyze.whatif.show(tried, language),
            **self.timeline.show(news, chosen, language),
            **self.live.show(ear, language),
            **self.body.show(examined, language),
            **self.compare.show(compared, language),
        }

    def open(
        self,
        news: News | None,
        chosen: int | None,
        visit: Visit | None,
        language: str,
        request: gr.Request,
    ) -> dict[Block, Any]:
        """Takes the chosen utterance of the timeline to the Analyze tab."""
        if news is None or chosen is None:
            return {}
        try:
            voice = str(news.reel.voice(chosen))
        except OSError:
            return self.timeline.gone(language)
        heard = transcript(news.reel.timeline.spoken[chosen])
        taken = self.analyze.take(visit, voice, heard, language, request)
        return {self.tabs: gr.Tabs(selected="analyze"), **taken}

    def _hide_progress(self) -> None:
        """Keeps the browser free while events follow each other quickly.

        Once an event has run, Gradio tells whatever could show its progress of each step of all
        later events. After greet() that was the whole page, many times a second while Live runs.
        """
        for event in self.blocks.fns.values():
            if event.show_progress == "hidden":
                event.show_progress_on = [self.foot]

    def leave(self, request: gr.Request) -> None:
        """Forgets a visitor at once; Gradio alone would keep what they gave for an hour."""
        if self.review:
            self.review.screen.leave(request.session_hash or "")
        self.timeline.leave(request.session_hash or "")
        self.blocks.state_holder.delete_state(request.session_hash or "")

    def left(self, session: str) -> bool:
        """Whether the visitor of a session has gone, as while something was read for them."""
        state = self.blocks.state_holder.session_data.get(session)
        return state is not None and state.is_closed

    @property
    def tab_names(self) -> list[str]:
        """What an address may call the tabs."""
        return [str(tab.id) for tab in self.tabs.children if isinstance(tab, gr.Tab)]

    def _connect(self) -> None:
        said = [
            self.head,
            self.language,
            *(tab for tab in self.tabs.children if isinstance(tab, gr.Tab)),
            self.foot,
            self.about.body,
            *self.analyze.desk.shown,
            *self.timeline.lane.shown,
            *self.live.shown,
            *self.body.bench.shown,
            *self.compare.shown,
        ]
        found = [self.timeline.news, self.timeline.chosen]
        states = [self.compare.found, self.analyze.whatif.tried, self.live.ear, self.analyze.lost]
        drawn = [*states, *found, self.body.examined, *self.analyze.drawn]
        words = {code: {key: TEXT[code][key] for key in SAID} for code in LANGUAGES}
        tell: dict[str, Any] = {"fn": None, "inputs": self.language}
        tell["js"] = SPEAK.replace("SAID", json.dumps(words))
        # Gradio tells each component on which progress shows of each event from then on.
        whole = PAGE | {"show_progress_on": self.head}
        self.blocks.load(self.greet, None, [*said, self.tabs], **whole).then(**tell)
        self.language.input(self.switch, drawn, said, **whole).then(**tell)
        message = self.timeline.lane.parts["message"]
        self.timeline.lane.parts["open"].click(
            self.open,
            [*found, self.analyze.visit, self.language],
            [self.tabs, message, *self.analyze.taken],
            show_progress_on=message,
            **MODEL,
        )
        if self.review:
            self.review.open_with(self.blocks, self.review_tab)
        self.blocks.load(None, js=ASKED)
        self.blocks.load(None, None, self.analyze.desk.parts["words"], js=LINKED)
        self.blocks.unload(self.leave)
