"""The Timeline tab: a long recording goes in, the course of its emotions comes out meanwhile."""

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.timeline import Stretch, follow
from emotion.ui import parts
from emotion.ui.board import Updates
from emotion.ui.desk import seen
from emotion.ui.events import PAGE
from emotion.ui.lane import Lane
from emotion.ui.reel import News, Reel, forget
from emotion.ui.strings import TEXT, fault
from emotion.ui.timeline_text import TIMELINE
from emotion.ui.visit import hold, release

EVERY = 2.0  # seconds between two drawings of what is known so far
# Utterances from which on it is drawn less often, the more there are: all drawings together then
# cost time by the length of the recording, and not by its square.
MANY = 500
# Two recordings are heard at once; they take turns with each other and with short clips stretch by
# stretch, so that an hour keeps nobody waiting for an hour.
HEARING: dict[str, Any] = {
    "concurrency_limit": 2,
    "concurrency_id": "timeline",
    "trigger_mode": "multiple",
    "api_visibility": "private",
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """What somebody wants to be heard, as it was when they pressed the button.

    Attributes:
        path: Where the recording lies.
        voice_alone: Whether its words are left out.
        spoken: Its language, or "auto".
        language: The page's.
        halted: What ends the listening.
    """

    path: str
    voice_alone: bool
    spoken: str
    language: str
    halted: threading.Event


class TimelineTab:
    """What happens when the components of the tab are used.

    Attributes:
        lane: The components.
        news: How far the recording has been heard; written by what listens.
        chosen: The place of the chosen utterance; None where none was.
        held: The recordings on the disk; written when one is given.
        withdrawn: Changes when one is not to be heard after all, and gives up its turn.
    """

    def __init__(self, analyzer: Analyzer, language: gr.Radio, first: str) -> None:
        """Lays the tab out.

        Args:
            analyzer: The model.
            language: The page's language.
            first: What it is at first.
        """
        self.analyzer = analyzer
        self.language = language
        self.lane = Lane(analyzer.model.config, first)
        self.news = gr.State(None, delete_callback=forget)
        self.chosen = gr.State(None)
        self.held = gr.State((), delete_callback=release)
        self.withdrawn = gr.State(0)
        # By the visitor's session: what is to be heard, until its turn comes; and what ends the
        # listening that is to begin, or is under way.
        self._asked: dict[str, Asked] = {}
        self._under_way: dict[str, threading.Event] = {}
        self._connect()

    # ------------------------------------------------------------------------- what happens

    def begin(
        self,
        path: str | None,
        voice_alone: bool,
        spoken: str,
        language: str,
        request: gr.Request,
    ) -> Updates:
        """Makes ready for a recording, and ends the listening to the one before."""
        p, session = self.lane.parts, request.session_hash or ""
        if path is None:
            return self._say(TIMELINE[language]["no_file"], "fault")
        self.leave(session)
        self._under_way[session] = halted = threading.Event()
        self._asked[session] = Asked(path, voice_alone, spoken, language, halted)
        waiting = self._say(TIMELINE[language]["waiting"], "calm")
        return {p["go"]: seen(False), p["stop"]: seen(True), **waiting}

    def stop(self, withdrawn: int, language: str, request: gr.Request) -> Updates:
        """Ends the listening after the present stretch, or at once where it has not begun."""
        p, session = self.lane.parts, request.session_hash or ""
        if session in self._asked:
            self.leave(session)
            said = self._say(TIMELINE[language]["withdrawn"], "calm")
            ready = {p["go"]: seen(True), p["stop"]: seen(False)}
            return {self.withdrawn: withdrawn + 1, **ready, **said}
        halted = self._under_way.get(session)
        if not halted:
            return {}
        halted.set()
        return self._say(TIMELINE[language]["stopping"], "calm")

    def leave(self, session: str) -> None:
        """Ends the listening of a visitor who does not want it any more, or has gone."""
        self._asked.pop(session, None)
        halted = self._under_way.pop(session, None)
        if halted:
            halted.set()

    def listen(self, before: News | None, request: gr.Request) -> Iterator[Updates]:
        """Hears the recording, and tells now and then how far; drawing it is the next event's."""
        session = request.session_hash or ""
        # What was asked for last, also where this is the turn of something asked for before.
        asked = self._asked.pop(session, None)
        if asked is None:
            return
        said = None if asked.spoken == "auto" else asked.spoken
        stretches = follow(self.analyzer, asked.path, words=not asked.voice_alone, language=said)
        reel, kept, wanted = Reel(self.analyzer, asked.path), False, True
        try:
            for news in self._news(reel, stretches, asked.halted, asked.language):
                # Not any more, once another recording has begun or the visitor has left.
                wanted = self._under_way.get(session) is asked.halted
                if not wanted:
                    break
                found = self._found(news, first=not kept)
                kept = kept or self.news in found
                if news.over:
                    del self._under_way[session]
                yield found
        finally:
            if not (kept and wanted):
                reel.forget()
            elif before:
                before.reel.forget()

    def _news(
        self, reel: Reel, stretches: Iterator[Stretch], halted: threading.Event, language: str
    ) -> Iterator[News]:
        """How far it is, every now and then and at the end; whatever ends it, that is told."""
        told, problem = 0.0, ""
        try:
            for stretch in stretches:
                reel.add(stretch)
                if halted.is_set():
                    break
                n = len(reel.timeline.spoken)
                if stretch.share < 1 and time.monotonic() - told >= EVERY * max(1, n / MANY):
                    yield News(reel, n)
                    told = time.monotonic()
        except BadInput as wrong:
            problem = fault(wrong.code, wrong.facts, language)
        except Exception:
            if reel.gone:  # with its folder, while a stretch was heard
                return
            log.exception("The recording could not be heard.")
            problem = TEXT[language]["broken"]
        if not reel.gone and (reel.timeline.spoken or not problem):
            problem = self._written(reel, language) or problem
        yield News(reel, len(reel.timeline.spoken), over=True, problem=problem)

    def _written(self, reel: Reel, language: str) -> str:
        """Writes the files to download, and says what is wrong if that fails."""
        try:
            reel.write()
        except OSError:
            log.exception("The files to download could not be written.")
            return TEXT[language]["broken"]
        return ""

    def _found(self, news: News, first: bool) -> Updates:
        """What the page is told: of a recording of which nothing was heard, only why."""
        p = self.lane.parts
        found: Updates = {self.news: news} if news.n or not news.problem else {}
        if first and found:
            found |= {self.chosen: None, p["player"]: gr.update(value=None)}
            found |= {p["chosen_card"]: seen(False), **self._say("", "")}
        if news.over:
            found |= {p["go"]: seen(True), p["stop"]: seen(False)}
            found |= self._say(news.problem, "fault")
        return found

    def choose(self, news: News | None, language: str, event: gr.SelectData) -> Updates:
        """Plays the utterance of a row."""
        number = int(event.row_value[0]) - 1
        if news is None or not 0 <= number < len(news.reel.timeline.spoken):
            return self.gone(language)
        try:
            voice = news.reel.voice(number)
        except OSError:
            return self.gone(language)
        p = self.lane.parts
        return {
            self.chosen: number,
            p["player"]: gr.update(value=str(voice)),
            p["chosen_card"]: seen(True),
            **self.lane.choice(news, number, language),
        }

    def show(self, news: News | None, chosen: int | None, language: str) -> Updates:
        """All that is known so far; nothing where nothing was heard yet."""
        try:
            shown = self.lane.results(news, language)
            return shown | self.lane.choice(news, chosen, language)
        except Exception:
            log.exception("The timeline could not be drawn.")
            return self._say(TEXT[language]["broken"], "fault")

    def gone(self, language: str) -> Updates:
        """That what was heard is not there any more."""
        return self._say(TIMELINE[language]["gone"], "fault")

    def _say(self, sentence: str, kind: str) -> Updates:
        return {self.lane.parts["message"]: parts.message(sentence, kind)}

    # ------------------------------------------------------------------------- events

    def _connect(self) -> None:
        p = self.lane.parts
        held = PAGE | {"concurrency_id": "held", "trigger_mode": "multiple"}
        p["file"].change(hold, [self.held, p["file"]], self.held, **held)
        buttons = [p["go"], p["stop"], p["message"]]
        chosen = [self.chosen, p["player"], p["chosen_card"]]
        given = [p["file"], p["voice_alone"], p["spoken"], self.language]
        listening = (
            p["go"]
            .click(self.begin, given, buttons, **PAGE)
            .then(
                self.listen,
                self.news,
                [self.news, *chosen, *buttons],
                show_progress="hidden",
                **HEARING,
            )
        )
        stopped = [self.withdrawn, self.language]
        p["stop"].click(self.stop, stopped, [self.withdrawn, *buttons], **PAGE)
        # Or else whoever changes their mind often would fill the queue with turns of nobody's.
        self.withdrawn.change(None, cancels=listening)
        p["table"].select(
            self.choose,
            [self.news, self.language],
            [*chosen, p["chosen"], p["cues"], p["message"]],
            **PAGE,
        )
        self.news.change(
            self.show, [self.news, self.chosen, self.language], self.lane.shown, **PAGE
        )
