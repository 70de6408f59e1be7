"""The Review tab: clips come before an annotator one at a time, and what they decide is kept."""

import logging
from contextlib import suppress
from typing import Any

import gradio as gr

from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.review import Decision
from emotion.review.office import Office
from emotion.review.opinion import KINDS
from emotion.review.seat import Seat, Turn, Way
from emotion.ui.board import Updates
from emotion.ui.desk import seen
from emotion.ui.events import MODEL, PAGE
from emotion.ui.review import lookout, scripts, sight
from emotion.ui.review.booth import orders
from emotion.ui.review.lead import Lead
from emotion.ui.review.screen import At, Screen
from emotion.ui.review.text import REVIEW

WAY = ("project", "order", "label", "rater", "blind")
# Decided elsewhere: who hears of that gets the next clip.
ELSEWHERE = ("decided_already", "clip_taken")

log = logging.getLogger(__name__)


class ReviewTab:
    """What happens when the components of the tab are used.

    Attributes:
        screen: What each visitor sees.
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
        self.screen = Screen(office, first)
        self.lead = Lead(self.screen, analyzer, language)
        self.whole = PAGE | {"show_progress_on": self.screen.booth.parts["message"]}
        self._connect()

    def open_with(self, page: gr.Blocks, tab: gr.Tab) -> None:
        """Connects what happens as the page opens, and what the tab itself is called."""
        named = {code: gr.update(label=said["tab"]) for code, said in REVIEW.items()}
        # Progress that shows on a tab is told to all that lies in it, at each event from then on.
        self.language.change(named.get, self.language, tab, **self.whole)
        page.load(None, js=scripts.PREPARE)
        arrived = page.load(self.arrive, self.language, self.screen.booth.shown, **self.whole)
        arrived.then(**self.screen.told)

    # ------------------------------------------------------------------------- what happens

    def arrive(self, language: str, request: gr.Request) -> Updates:
        """Offers the projects, and what only those who lead may do."""

        def arrived(who: str) -> Updates:
            p, leads, names = self.screen.booth.parts, self.office.leads(who), self.office.names()
            works = self.office.works() if leads else []
            return {
                p["project"]: gr.update(choices=names),
                p["server"]: gr.update(choices=works),
                p["intake"]: gr.update(visible=leads, open=leads and not names),
                p["copies"]: seen(leads),
                p["transcribe"]: seen(self.analyzer.transcriber.here),
                p["conflict_fold"]: seen(leads),
                p["agreement_fold"]: seen(leads),
                p["sight"]: sight.heading("welcome", language),
                **self._greeted(who, language),
            }

        return self.screen.done(arrived, language, request)

    def _greeted(self, who: str, language: str) -> Updates:
        p, text = self.screen.booth.parts, REVIEW[language]
        choices = orders(language, self.office.leads(who))
        return {
            p["project_title"]: sight.title(who if self.office.users else "", language),
            p["order"]: gr.update(choices=choices, label=text["order"]),
        }

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

        def opened(who: str) -> Updates:
            empty = not len(self.office.project(name).clips)
            fold = {self.screen.booth.parts["intake"]: gr.update(open=empty)}
            return self.screen.open(name, way, who, language, request) | fold

        return self.screen.done(opened, language, request)

    def press(
        self, at: At | None, pressed: dict[str, Any] | None, language: str, request: gr.Request
    ) -> Updates:
        """Does what was pressed, and shows what lies before somebody then."""
        asked = pressed or {}

        def done(who: str) -> Updates:
            if at is None:
                return self.screen.said(REVIEW[language]["lost"])
            found = self._pressed(at, asked, who, language, request)
            if not asked.get("listed"):
                return found
            return found | self.screen.conflicts(self.office.project(at.project), who, language)

        return self.screen.done(done, language, request)

    def _pressed(
        self, at: At, asked: dict[str, Any], who: str, language: str, request: gr.Request
    ) -> Updates:
        what, seat = asked.get("what"), Seat(self.office.project(at.project), who)
        said: Updates = {}
        self.office.allow(who, at.turn.way)  # also for who led when this clip came
        if what == "undo":
            turn = seat.undo(at.turn)
        elif what == "next" and at.turn.said:
            turn = seat.next(at.turn.way, at.turn.clip)
        # What was pressed is of the clip that was seen, and of no other.
        elif what in KINDS and asked.get("clip") == at.turn.clip:
            turn, said = self._decided(seat, at, _decision(asked), language)
        else:
            turn = at.turn
        return self.screen.show(at, turn, who, language, request) | said

    def _decided(
        self, seat: Seat, at: At, decision: Decision, language: str
    ) -> tuple[Turn, Updates]:
        try:
            return seat.decide(at.turn, decision), {}
        except BadInput as wrong:
            if wrong.code not in ELSEWHERE:
                raise
            return seat.next(at.turn.way, at.turn.clip), self.screen.wrong(wrong, language)

    def reorder(self, at: At | None) -> Updates:
        """Names the order in which somebody goes on after an undo."""
        return {self.screen.booth.parts["order"]: at.turn.way.order if at else gr.update()}

    def draw(self, at: At | None, language: str, request: gr.Request) -> Updates:
        """What the model heard, where it may be seen; it takes longer than the clip itself."""
        same: Updates = {self.screen.booth.parts["drawn"]: {}}
        try:
            self.office.who(request.username)
            name, turn = (at.project, at.turn) if at else (None, Turn())
            booth, office = self.screen.booth, self.office
            models = self.lead.intake.models
            found = lookout.figure(booth, models, office, name, turn, language)
        except BadInput:  # what is wrong is said beside the player
            return same
        except Exception:
            log.exception("What the model heard could not be drawn.")
            return same
        return same | found if self.screen.before(at, request) else same

    def hold(self, at: At | None, request: gr.Request) -> None:
        """Keeps a clip in the hands of who listens to it."""
        with suppress(BadInput):  # what is wrong is said as soon as something is decided
            who = self.office.who(request.username)
            if at:
                Seat(self.office.project(at.project), who).hold(at.turn)

    def speak(self, at: At | None, language: str, request: gr.Request) -> Updates:
        """Says everything in another language; what was chosen and written stays."""

        def spoken(who: str) -> Updates:
            p = self.screen.booth.parts
            said = self.screen.booth.speak(language) | self._greeted(who, language)
            if at is None:
                return said | {p["sight"]: sight.heading("welcome", language)}
            project = self.office.project(at.project)
            labels, raters = lookout.narrowings(project, language)
            return {
                **said,
                p["label"]: gr.update(choices=labels, label=REVIEW[language]["label"]),
                p["rater"]: gr.update(choices=raters, label=REVIEW[language]["rater"]),
                **lookout.brought(self.screen.booth, project, language),
                **self.screen.conflicts(project, who, language),
                **self.screen.words(at.project, at.turn, who, language),
            }

        return self.screen.done(spoken, language, request)

    # ------------------------------------------------------------------------- events

    def _connect(self) -> None:
        p, language, at = self.screen.booth.parts, self.language, self.screen.at
        deciding, arrived = self.screen.deciding, self.screen.arrived
        # The page asks for it by its name: past the queue, where all that Gradio does around an
        # event, here and in the browser, would take longer than the next clip does.
        pressed = {"queue": False, "api_name": scripts.PRESS, "api_visibility": "private"}
        p["press"].click(self.press, [at, p["pressed"], language], self.screen.clip, **pressed)
        for name in WAY:
            way = [*(p[each] for each in WAY), language]
            opened = p[name].input(self.open, way, self.screen.shown, js=scripts.BEGIN, **deciding)
            opened.then(**arrived)
        spoken = self.language.change(self.speak, [at, language], self.screen.shown, **self.whole)
        spoken.then(**self.screen.told).then(fn=None, js=scripts.DRAW)  # anew, in the other one
        drawing = MODEL | {"show_progress": "hidden", "show_progress_on": p["message"]}
        drawing |= {"trigger_mode": "always_last"}
        drawn = p["draw"].click(self.draw, [at, language], [p["figure"], p["drawn"]], **drawing)
        drawn.then(fn=None, inputs=p["drawn"], js=scripts.DRAWN)
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        p["hold"].click(self.hold, at, None, **quiet)
        p["reorder"].click(self.reorder, at, p["order"], **quiet)


def _decision(asked: dict[str, Any]) -> Decision:
    kind = asked["what"]
    chosen = tuple(asked.get("labels") or ()) if kind == "relabel" else ()
    if kind == "relabel" and not chosen:
        raise BadInput("no_new_label")
    valence, arousal = asked.get("place") or (None, None)
    note = str(asked.get("note") or "")
    # A note that was cut off within a sign ends in half of it, which no file takes.
    return Decision(kind, chosen, valence, arousal, note.encode(errors="replace").decode())
