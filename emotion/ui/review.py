"""The Review tab: clips come before an annotator one at a time, and what they decide is kept."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import gradio as gr

from emotion import audio as hearing
from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.review import Decision
from emotion.review.office import Office
from emotion.review.opinion import Kind
from emotion.review.seat import ORDERS, Seat, Turn, Way
from emotion.ui import lookout, parts, sight
from emotion.ui import review_scripts as scripts
from emotion.ui.analyze import MODEL, PAGE
from emotion.ui.booth import BUTTONS, EXPORTS, Booth, orders
from emotion.ui.desk import Updates, seen
from emotion.ui.intake import Intake, Told
from emotion.ui.nook import Nook
from emotion.ui.review_text import REVIEW
from emotion.ui.strings import TEXT, fault

# A press while the one before is under way is dropped: it would fall on a clip nobody has seen.
DECIDING: dict[str, Any] = {
    "concurrency_limit": 4,
    "concurrency_id": "review",
    "trigger_mode": "once",
    "show_progress": "hidden",
    "api_visibility": "private",
}
BRINGING = DECIDING | {"concurrency_limit": 2, "concurrency_id": "review_intake"}
DECISIONS = ("keep", "relabel", "unclear", "skip")
# Decided elsewhere: who hears of that gets the next clip.
ELSEWHERE = ("decided_already", "clip_taken")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class At:
    """Where somebody is.

    Attributes:
        project: The project's name.
        turn: What lies before them in it.
    """

    project: str
    turn: Turn


class ReviewTab:
    """What happens when the components of the tab are used.

    Attributes:
        booth: The components.
        at: Where the visitor is; written by whatever brings another clip.
    """

    def __init__(self, analyzer: Analyzer, office: Office, language: gr.Radio, first: str) -> None:
        """Lays the tab out.

        Args:
            analyzer: The model.
            office: The projects, and who may do what.
            language: The page's language.
            first: What it is at first.
        """
        self.analyzer, self.office, self.language = analyzer, office, language
        self.intake = Intake(office, analyzer)
        self.booth = Booth(first)
        self.at = gr.State(None)
        self._looked: dict[str, str | None] = {}  # by the session: the clip before them
        self._connect()

    # ------------------------------------------------------------------------- what happens

    def arrive(self, language: str, request: gr.Request) -> Updates:
        """Offers the projects, and what only those who lead may do."""
        p = self.booth.parts
        try:
            who = self.office.who(request.username)
        except BadInput as wrong:
            return self._wrong(wrong, language)
        leads = self.office.leads(who)
        title = REVIEW[language]
        shown = self.office.users is not None
        hint = f"<p class='hint'>{title['project_hint'].format(who=who)}</p>" if shown else ""
        return {
            p["project_title"]: f"<h2>{title['project_step']}</h2>{hint}",
            p["project"]: gr.update(choices=self.office.names()),
            p["server"]: gr.update(choices=self.office.works() if leads else []),
            p["intake"]: gr.update(visible=leads, open=leads and not self.office.names()),
            p["order"]: gr.update(choices=orders(language, leads)),
            p["copies"]: seen(leads),
            p["conflict_fold"]: seen(leads),
            p["welcome"]: sight.heading("welcome", language),
        }

    def begin(self, name: str, language: str, request: gr.Request) -> Updates:
        """Begins a project, and opens it."""

        def begun(who: str) -> Updates:
            self._lead(who)
            made = self.office.begin(name or "")
            p = self.booth.parts
            opened = self._open(made, Way(), who, language, request)
            return opened | {
                p["project"]: gr.update(choices=self.office.names(), value=made),
                p["name"]: "",
            }

        return self._done(begun, language, request)

    def open(
        self,
        name: str | None,
        order: str,
        label: str,
        rater: str,
        blind: bool,
        language: str,
        request: gr.Request,
    ) -> Updates:
        """Opens a project, or goes another way through it."""
        way = Way(order, label or None, rater or None, blind)
        return self._done(
            lambda who: self._open(name, way, who, language, request), language, request
        )

    def decide(
        self,
        kind: Kind,
        at: At | None,
        given: dict[str, Any] | None,
        labels: list[str],
        note: str,
        language: str,
        request: gr.Request,
    ) -> Updates:
        """Keeps a decision, and brings the next clip."""

        def decided(who: str) -> Updates:
            # What was pressed is of the clip that was seen, and of no other.
            if at is None or (given or {}).get("clip") != at.turn.clip:
                return {}
            self._may(who, at.turn.way)
            place = (given or {}).get("place") or (None, None)
            chosen = tuple(labels) if kind == "relabel" else ()
            if kind == "relabel" and not chosen:
                raise BadInput("no_new_label")
            seat = Seat(self.office.project(at.project), who)
            try:
                turn = seat.decide(at.turn, Decision(kind, chosen, *place, note or ""))
            except BadInput as wrong:
                if wrong.code not in ELSEWHERE:
                    raise
                after = self._show(at, seat.next(at.turn.way, at.turn.clip), who, language, request)
                return after | self._wrong(wrong, language)
            return self._show(at, turn, who, language, request)

        return self._done(decided, language, request)

    def next(self, at: At | None, language: str, request: gr.Request) -> Updates:
        """Goes on after what the model says has been seen."""

        def after(who: str) -> Updates:
            if at is None or at.turn.said is None:
                return {}
            turn = Seat(self.office.project(at.project), who).next(at.turn.way, at.turn.clip)
            return self._show(at, turn, who, language, request)

        return self._done(after, language, request)

    def undo(self, at: At | None, language: str, request: gr.Request) -> Updates:
        """Takes the last decision back, and shows its clip with what was chosen."""

        def undone(who: str) -> Updates:
            if at is None:
                return {}
            turn = Seat(self.office.project(at.project), who).undo(at.turn)
            order = {self.booth.parts["order"]: turn.way.order}
            return self._show(at, turn, who, language, request) | order

        return self._done(undone, language, request)

    def share(self, at: At | None, copies: float | None, language: str, request: gr.Request):  # noqa: ANN201
        """Says how many decide of each clip."""

        def shared(who: str) -> Updates:
            self._lead(who)
            if at is None or not copies:
                return {}
            project = self.office.project(at.project)
            if project.settings.copies != int(copies):
                project.set(copies=int(copies))
            return lookout.counts(self.booth, project, at.turn, who, self._leads(who), language)

        return self._done(shared, language, request)

    def bring(
        self, name: str | None, upload: str | None, server: str | None, at: At | None,
        language: str, request: gr.Request,
    ) -> Iterator[Updates]:  # fmt: skip
        """Brings work in, and tells now and then how far it is."""
        p = self.booth.parts
        try:
            who = self.office.who(request.username)
            self._lead(who)
            for told in self.intake.run(name or "", upload, server):
                yield self._came(told, name or "", at, who, language, request)
        except BadInput as wrong:
            yield {p["go"]: seen(True), p["stop"]: seen(False), **self._brought(wrong, language)}
        except Exception:
            log.exception("Work could not be brought in.")
            said = parts.message(TEXT[language]["broken"], "fault")
            yield {p["go"]: seen(True), p["stop"]: seen(False), p["brought"]: said}

    def stop(self, name: str | None, language: str, request: gr.Request) -> Updates:
        """Ends what comes in."""

        def stopped(who: str) -> Updates:
            self._lead(who)
            self.intake.stop(name or "")
            return {self.booth.parts["stop"]: gr.update(value=REVIEW[language]["stopping"])}

        return self._done(stopped, language, request)

    def take_out(self, kind: str, at: At | None, language: str, request: gr.Request) -> Updates:
        """Writes what was decided, to be taken out."""

        def written(who: str) -> Updates:
            self._lead(who)
            if at is None:
                return {}
            name, content = lookout.export(self.office.project(at.project), kind, language)
            path = Nook(request.session_hash or "").written(f"{at.project}{name}", content)
            return {self.booth.parts["out"]: path, **self._said("")}

        return self._done(written, language, request)

    def draw(self, at: At | None, language: str, request: gr.Request) -> Updates:
        """What the model heard, where it may be seen; it takes longer than the clip itself."""
        session = request.session_hash or ""
        try:
            found = lookout.figure(self.booth, self.analyzer, self.office, at, language)
        except BadInput:  # what is wrong is said beside the player
            return {}
        except Exception:
            log.exception("What the model heard could not be drawn.")
            return {}
        here = at is not None and self._looked.get(session) == at.turn.clip
        return found if here else {}

    def speak(self, at: At | None, language: str, request: gr.Request) -> Updates:
        """Says everything in another language; what was chosen and written stays."""

        def spoken(who: str) -> Updates:
            said = self.booth.speak(language) | self.arrive(language, request)
            if at is None:
                return said
            project = self.office.project(at.project)
            return said | lookout.words(
                self.booth, project, at.turn, who, self._leads(who), language
            )

        return self._done(spoken, language, request)

    def leave(self, session: str) -> None:
        """Forgets a visitor who has gone."""
        self._looked.pop(session, None)
        Nook(session).leave()

    # ------------------------------------------------------------------------- what is shown

    def _open(
        self, name: str | None, way: Way, who: str, language: str, request: gr.Request
    ) -> Updates:
        project = self.office.project(name)
        self._may(who, way)
        labels, raters = lookout.narrowings(project, language)
        p = self.booth.parts
        # What another project has not is not asked of this one.
        way = replace(
            way,
            label=way.label if way.label in [code for _, code in labels] else None,
            rater=way.rater if way.rater in [code for _, code in raters] else None,
        )
        turn = Seat(project, who).next(way)
        return self._show(At(name or "", turn), turn, who, language, request) | {
            p["order"]: way.order,
            p["label"]: gr.update(choices=labels, value=way.label or ""),
            p["rater"]: gr.update(choices=raters, value=way.rater or ""),
            p["copies"]: project.settings.copies,
            p["faults"]: sight.faults(project.clips.faults(), language),
            p["queue_card"]: seen(True),
            p["export_card"]: seen(self._leads(who)),
        }

    def _show(self, at: At, turn: Turn, who: str, language: str, request: gr.Request) -> Updates:
        """A clip, with nothing chosen yet but what was taken back."""
        p, project = self.booth.parts, self.office.project(at.project)
        self._looked[request.session_hash or ""] = turn.clip
        now = {self.at: replace(at, turn=turn), **self._said("")}
        now |= lookout.words(self.booth, project, turn, who, self._leads(who), language)
        if turn.said is None:
            former = turn.former
            now |= {
                p["labels"]: list(former.labels) if former and former.kind != "keep" else [],
                p["note"]: former.note if former else "",
                p["player"]: self._player(at, turn, language, request),
                p["figure_card"]: seen(False),
            }
        return now

    def _player(self, at: At, turn: Turn, language: str, request: gr.Request) -> str:
        if turn.clip is None:
            return ""
        try:
            path = self.office.project(at.project).clips.path(turn.clip)
            if path is None:
                return sight.player(None, "", None, language)
            sound = hearing.load(path)
            return sight.player(
                sound, Nook(request.session_hash or "").voice(sound), None, language
            )
        except BadInput as wrong:
            return sight.player(None, "", wrong, language)

    def _came(
        self, told: Told, name: str, at: At | None, who: str, language: str, request: gr.Request
    ) -> Updates:
        """How far it is; at the end also the clips that have come."""
        p, project = self.booth.parts, self.office.project(name)
        found: Updates = {p["brought"]: sight.coming(told.step, told.stopped, language)}
        found |= {p["go"]: seen(told.over), p["stop"]: seen(not told.over)}
        if not told.over:
            return found
        found[p["stop"]] = gr.update(visible=False, value=REVIEW[language]["stop"])
        found |= {p["file"]: None, p["server"]: gr.update(choices=self.office.works(), value=None)}
        if at is None or at.project != name or at.turn.clip is None:
            return found | self._open(name, at.turn.way if at else Way(), who, language, request)
        labels, raters = lookout.narrowings(project, language)
        found |= {p["label"]: gr.update(choices=labels), p["rater"]: gr.update(choices=raters)}
        found |= {p["faults"]: sight.faults(project.clips.faults(), language)}
        leads = self._leads(who)
        return found | lookout.words(self.booth, project, at.turn, who, leads, language)

    # ------------------------------------------------------------------------- who may

    def _leads(self, who: str) -> bool:
        return self.office.leads(who)

    def _lead(self, who: str) -> None:
        if not self._leads(who):
            raise BadInput("not_lead")

    def _may(self, who: str, way: Way) -> None:
        if way.order not in ORDERS or way.order == "conflicts":
            self._lead(who)

    def _done(self, what: Callable[[str], Updates], language: str, request: gr.Request) -> Updates:
        """What somebody asked for, or a sentence about what was wrong; then nothing has changed."""
        try:
            return what(self.office.who(request.username))
        except BadInput as wrong:
            return self._wrong(wrong, language)
        except Exception:
            log.exception("The desk failed.")
            return self._said(TEXT[language]["broken"])

    def _wrong(self, wrong: BadInput, language: str) -> Updates:
        return self._said(fault(wrong.code, wrong.facts, language))

    def _said(self, sentence: str) -> Updates:
        return {self.booth.parts["message"]: parts.message(sentence, "fault")}

    def _brought(self, wrong: BadInput, language: str) -> Updates:
        said = fault(wrong.code, wrong.facts, language)
        return {self.booth.parts["brought"]: parts.message(said, "fault")}

    # ------------------------------------------------------------------------- events

    def _connect(self) -> None:
        p, language, at = self.booth.parts, self.language, self.at
        shown = [at, *self.booth.shown]
        draw: dict[str, Any] = {"fn": self.draw, "inputs": [at, language]}
        draw |= {"outputs": [p["figure_card"], p["figure"]], "show_progress": "hidden", **MODEL}
        arrived: dict[str, Any] = {"fn": None, "js": scripts.ARRIVED}

        def connect(event: Any, fn: Any, inputs: Any, js: str = scripts.BEGIN) -> None:  # noqa: ANN401
            event(fn, inputs, shown, js=js, **DECIDING).then(**arrived).then(**draw)

        for kind in DECISIONS:
            given = [at, p["seen"], p["labels"], p["note"], language]
            connect(p[kind].click, partial(self.decide, kind), given, scripts.GIVE)
        connect(p["next"].click, self.next, [at, language])
        connect(p["undo"].click, self.undo, [at, language])
        way = [p[name] for name in ("project", "order", "label", "rater", "blind")]
        for name in ("project", "order", "label", "rater", "blind"):
            connect(p[name].input, self.open, [*way, language])
        connect(p["begin"].click, self.begin, [p["name"], language])
        self._connect_work(shown, arrived)
        self.language.change(self.speak, [at, language], shown, **PAGE)

    def _connect_work(self, shown: list[Any], arrived: dict[str, Any]) -> None:
        p, language, at = self.booth.parts, self.language, self.at
        p["go"].click(
            self.bring,
            [p["project"], p["file"], p["server"], at, language],
            shown,
            **BRINGING,
        ).then(**arrived)
        p["stop"].click(self.stop, [p["project"], language], [p["stop"], p["message"]], **DECIDING)
        gr.on(
            [p["copies"].submit, p["copies"].blur],
            self.share,
            [at, p["copies"], language],
            shown,
            **DECIDING,
        )
        for kind in EXPORTS:
            p[kind].click(
                partial(self.take_out, kind),
                [at, language],
                [p["out"], p["message"]],
                show_progress_on=p["message"],
                **DECIDING | {"show_progress": "full"},
            ).success(None, p["out"], js=scripts.SAVE)


__all__ = ["BUTTONS", "At", "ReviewTab"]
