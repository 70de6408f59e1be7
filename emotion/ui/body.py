"""The Body tab: signals of a body and a voice go in; what they measure and say comes out."""

import logging
from dataclasses import replace
from typing import Any

import gradio as gr

from emotion.analyze import Analyzer
from emotion.body import Examined, Told, examine, look, told
from emotion.errors import BadInput
from emotion.ui import parts, scripts
from emotion.ui.analyze import STAGES
from emotion.ui.bench import TOLD, Bench
from emotion.ui.board import Updates
from emotion.ui.events import MODEL, PAGE
from emotion.ui.strings import TEXT, fault
from emotion.ui.visit import hold, hold_several, release, release_several

log = logging.getLogger(__name__)


class BodyTab:
    """What happens when the components of the tab are used.

    Attributes:
        bench: The components.
        examined: What was measured last; written by what measures.
        held: The voices on the disk; written when one is given.
        held_files: The files of signals on the disk; written when some are given.
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
        self.bench = Bench(analyzer.model.config, first)
        self.examined = gr.State(None)
        self.held = gr.State((), delete_callback=release)
        self.held_files = gr.State((), delete_callback=release_several)
        self._connect()

    # ------------------------------------------------------------------------- what happens

    def look(self, files: list[str] | None, language: str) -> Updates:
        """Finds out which columns there are, and offers them; what is wrong is said at once."""
        if not files:
            return self.bench.found(None)
        try:
            return self.bench.found(look(files))
        except BadInput as wrong:
            said = self._say(fault(wrong.code, wrong.facts, language), "fault")
            return self.bench.found(None) | said
        except Exception:
            log.exception("The files could not be looked at.")
            return self._say(TEXT[language]["broken"], "fault")

    def measure(
        self,
        given: dict[Any, Any],
        progress: gr.Progress = gr.Progress(),  # noqa: B008 - Gradio finds it here
    ) -> Updates:
        """Measures what was given, and has it judged; drawing it is the next event's.

        Args:
            given: What each component of the tab holds, and the page's language.
            progress: Hears how far it is.
        """
        language = given[self.language]
        said, p = TEXT[language], self.bench.parts
        try:
            found = examine(
                self.analyzer,
                given[p["files"]] or [],
                given[p["voice"]],
                (given[p["words"]] or "").strip() or None,
                told=self._told(given),
                offset=given[p["offset"]] or 0.0,
                progress=lambda stage: progress(STAGES[stage], desc=said[stage]),
            )
        except BadInput as wrong:
            return self._say(fault(wrong.code, wrong.facts, language), "fault")
        except Exception:
            log.exception("The signals could not be measured.")
            return self._say(said["broken"], "fault")
        return {self.examined: found, **self._say("", "")}

    def _told(self, given: dict[Any, Any]) -> Told:
        """What was chosen; what was not, because nobody has looked at it yet, is found out."""
        p = self.bench.parts
        said = {name: given[p[name]] or "" for name in ("rates", "unit", "segment")}
        columns = {name: given[p[name]] for name in TOLD if given[p[name]] is not None}
        return replace(told("", **said), columns=columns)

    def show(self, examined: Examined | None, language: str) -> Updates:
        """All that was measured."""
        try:
            return self.bench.results(examined, language)
        except Exception:
            log.exception("The signals could not be drawn.")
            return self._say(TEXT[language]["broken"], "fault")

    def _say(self, sentence: str, kind: str) -> Updates:
        return {self.bench.parts["message"]: parts.message(sentence, kind)}

    # ------------------------------------------------------------------------- events

    def _connect(self) -> None:
        p = self.bench.parts
        held = PAGE | {"concurrency_id": "held", "trigger_mode": "multiple"}
        p["voice"].change(hold, [self.held, p["voice"]], self.held, **held)
        p["files"].change(hold_several, [self.held_files, p["files"]], self.held_files, **held)
        # In the browser, at once: from here it might take away what a press since then was told.
        p["files"].change(None, None, p["message"], js="() => ''")
        offered = [p[name] for name in (*TOLD, "segment", "told", "message")]
        p["files"].change(self.look, [p["files"], self.language], offered, **PAGE)
        given = ("files", "voice", "offset", "words", "rates", "unit", "segment", *TOLD)
        p["go"].click(
            self.measure,
            {*(p[name] for name in given), self.language},
            [self.examined, p["message"]],
            show_progress_on=p["message"],
            trigger_mode="always_last",
            **MODEL,
        )
        seen = [self.examined, self.language]
        self.examined.change(self.show, seen, self.bench.shown, **PAGE).then(
            fn=None, js=scripts.TO_RESULTS.replace('"#', '"#body_')
        )
