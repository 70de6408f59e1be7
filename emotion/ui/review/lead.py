"""What those who lead do on the Review tab: projects begin, work comes in and is taken out."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.review.seat import Way
from emotion.ui import parts
from emotion.ui.board import Updates
from emotion.ui.desk import seen
from emotion.ui.review import lookout, scripts, sight
from emotion.ui.review.booth import EXPORTS
from emotion.ui.review.intake import Intake, Told
from emotion.ui.review.nook import Nook
from emotion.ui.review.screen import DECIDING, At, Screen
from emotion.ui.review.text import REVIEW
from emotion.ui.strings import TEXT, fault

BRINGING: dict[str, Any] = {"concurrency_limit": 2, "concurrency_id": "review_intake"}

log = logging.getLogger(__name__)


class Lead:
    """What happens when the components are used that only they see."""

    def __init__(self, screen: Screen, analyzer: Analyzer, language: gr.Radio) -> None:
        """Connects the components.

        Args:
            screen: What each visitor sees.
            analyzer: The model.
            language: The page's language.
        """
        self.screen, self.office = screen, screen.office
        self.intake = Intake(screen.office, analyzer)
        self.language = language
        self._connect()

    def begin(self, name: str, language: str, request: gr.Request) -> Updates:
        """Begins a project, and opens it."""

        def begun(who: str) -> Updates:
            self.office.lead(who)
            made = self.office.begin(name or "")
            p, names = self.screen.booth.parts, self.office.names()
            opened = self.screen.open(made, Way(), who, language, request)
            return opened | {p["project"]: gr.update(choices=names, value=made), p["name"]: ""}

        return self.screen.done(begun, language, request)

    def bring(
        self,
        name: str | None,
        upload: str | None,
        server: str | None,
        transcribe: bool,
        at: At | None,
        language: str,
        request: gr.Request,
    ) -> Iterator[Updates]:
        """Brings work in, and tells now and then how far it is."""
        p = self.screen.booth.parts
        ready = {p["go"]: seen(True), p["stop"]: seen(False)}
        try:
            who = self.office.who(request.username)
            self.office.lead(who)
            for told in self.intake.run(name or "", upload, server, transcribe):
                found = self._told(told, name or "", at, who, language, request)
                yield self.screen.laid(found, request)
        except BadInput as wrong:
            said = fault(wrong.code, wrong.facts, language)
            refused: Updates = {} if wrong.code == "bringing" else {p["file"]: None}
            yield {**ready, **refused, p["brought"]: parts.message(said, "fault")}
        except Exception:
            log.exception("Work could not be brought in.")
            yield {**ready, p["brought"]: parts.message(TEXT[language]["broken"], "fault")}

    def _told(
        self, told: Told, name: str, at: At | None, who: str, language: str, request: gr.Request
    ) -> Updates:
        """How far it is; at the end also the clips that have come."""
        p = self.screen.booth.parts
        found: Updates = {p["brought"]: sight.coming(told.step, told.stopped, language)}
        if not told.over:
            return found | {p["go"]: seen(False), p["stop"]: seen(True)}
        found |= {p["go"]: seen(True)}
        found |= {p["stop"]: gr.update(visible=False, value=REVIEW[language]["stop"])}
        found |= {p["server"]: gr.update(choices=self.office.works())}
        if not told.stopped:
            found |= {p["file"]: None, p["server"]: gr.update(value=None)}
        if at is None or at.project != name or at.turn.clip is None:
            way = at.turn.way if at else Way()
            return found | self.screen.open(name, way, who, language, request)
        found |= self._joined(at, language)
        # Whoever has gone on meanwhile is told of the clip before them with their next answer.
        if not self.screen.before(at, request):
            return found
        return found | self.screen.words(at.project, at.turn, who, language)

    def _joined(self, at: At, language: str) -> Updates:
        """What came beside the clip on the screen, which stays."""
        p, project = self.screen.booth.parts, self.office.project(at.project)
        labels, raters = lookout.narrowings(project, language)
        return {
            p["label"]: gr.update(choices=labels),
            p["rater"]: gr.update(choices=raters),
            **lookout.brought(self.screen.booth, project, language),
        }

    def stop(self, name: str | None, language: str, request: gr.Request) -> Updates:
        """Ends what comes in."""

        def stopped(who: str) -> Updates:
            self.office.lead(who)
            self.intake.stop(name or "")
            return {self.screen.booth.parts["stop"]: gr.update(value=REVIEW[language]["stopping"])}

        return self.screen.done(stopped, language, request)

    def share(
        self, at: At | None, copies: float | None, language: str, request: gr.Request
    ) -> Updates:
        """Says how many decide of each clip."""

        def shared(who: str) -> Updates:
            self.office.lead(who)
            if at is None or not copies:
                return self.screen.same
            project = self.office.project(at.project)
            if project.settings.copies != int(copies):
                project.set(copies=int(copies))
            return lookout.counts(self.screen.booth, project, at.turn, who, language)

        return self.screen.done(shared, language, request)

    def tell_conflicts(self, at: At | None, language: str, request: gr.Request) -> Updates:
        """Lists what is in dispute, to those who want to see it."""

        def told(who: str) -> Updates:
            self.office.lead(who)
            if at is None:
                return self.screen.same
            return self.screen.conflicts(self.office.project(at.project), who, language)

        return self.screen.done(told, language, request)

    def tell_agreement(self, at: At | None, language: str, request: gr.Request) -> Updates:
        """Says how far raters agree, to those who want to see it."""

        def told(who: str) -> Updates:
            self.office.lead(who)
            if at is None:
                return self.screen.same
            project = self.office.project(at.project)
            return lookout.agreement(self.screen.booth, project, at.turn, language)

        return self.screen.done(told, language, request)

    def take_out(self, kind: str, at: At | None, language: str, request: gr.Request) -> Updates:
        """Writes what was decided, to be taken out."""

        def written(who: str) -> Updates:
            self.office.lead(who)
            if at is None:
                return self.screen.same
            ending, content = lookout.export(self.office.project(at.project), kind, language)
            nook = Nook(request.session_hash or "")
            path = nook.written(f"{at.project}{ending}", content)
            return {self.screen.booth.parts["out"]: path, **self.screen.said("")}

        return self.screen.done(written, language, request)

    def _taker(self, kind: str) -> Callable[..., Updates]:
        def take_out(at: At | None, language: str, request: gr.Request) -> Updates:
            return self.take_out(kind, at, language, request)

        return take_out

    def _connect(self) -> None:
        p, language, at = self.screen.booth.parts, self.language, self.screen.at
        shown, deciding = self.screen.shown, self.screen.deciding
        begun = p["begin"].click(self.begin, [p["name"], language], shown, **deciding)
        work = [*(p[each] for each in ("project", "file", "server", "transcribe")), at, language]
        brought = p["go"].click(self.bring, work, shown, **(deciding | BRINGING))
        for event in (begun, brought):
            event.then(**self.screen.arrived)
        halt = p["stop"].click(
            self.stop, [p["project"], language], [p["stop"], p["turn"]], **DECIDING
        )
        copies = [p["copies"].submit, p["copies"].blur]
        shared = gr.on(copies, self.share, [at, p["copies"], language], p["turn"], **DECIDING)
        fold = p["conflict_fold"]
        listed = fold.expand(self.tell_conflicts, [at, language], p["turn"], **DECIDING)
        agreed = p["agreement_fold"].expand(
            self.tell_agreement, [at, language], [p["agreement"], p["turn"]], **DECIDING
        )
        for event in (halt, shared, listed, agreed):
            event.then(**self.screen.told)
        taking = DECIDING | {"show_progress": "full", "show_progress_on": p["message"]}
        for kind in EXPORTS:
            taken = p[kind].click(
                self._taker(kind), [at, language], [p["out"], p["turn"]], **taking
            )
            taken.success(None, p["out"], js=scripts.SAVE)
            taken.then(**self.screen.told)
