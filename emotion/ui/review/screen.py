"""One visitor's screen of the Review tab: a clip put on it, or a sentence about what was wrong."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, NamedTuple

import gradio as gr

from emotion.errors import BadInput
from emotion.review import Project
from emotion.review.office import Office
from emotion.review.opinion import Seen
from emotion.review.seat import Seat, Turn, Way
from emotion.ui import parts
from emotion.ui.board import Updates
from emotion.ui.desk import seen
from emotion.ui.review import instruments, lookout, scripts, sight
from emotion.ui.review.booth import PIECES, Booth
from emotion.ui.review.nook import Nook
from emotion.ui.review.text import REVIEW
from emotion.ui.review.voices import voice
from emotion.ui.strings import TEXT, fault

# A press while the one before is under way is dropped: it would fall on a clip nobody has seen.
DECIDING: dict[str, Any] = {
    "concurrency_limit": 4,
    "concurrency_id": "review",
    "trigger_mode": "once",
    "show_progress": "hidden",
    "api_visibility": "private",
}

LATER = 0.2  # seconds after a clip, when it is on the screen, the one that follows is made ready

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


class Place(NamedTuple):
    """What is on somebody's screen."""

    who: str
    project: str
    clip: str | None


class Screen:
    """Puts clips before visitors.

    Attributes:
        office: The projects, and who may do what.
        booth: The components.
        at: Where the visitor is; written by whatever brings another clip.
    """

    def __init__(self, office: Office, first: str) -> None:
        self.office = office
        self.booth = Booth(first)
        self.at = gr.State(None)
        self._before: dict[str, Place] = {}  # by the session: what is on its screen
        self._openly: dict[str, tuple[str, str | None]] = {}  # and the last that was not hidden
        # Which answer is newer, also once the program was started anew.
        self._count = count(time.time_ns() // 1000)

    @property
    def clip(self) -> list[Any]:
        """All that another clip changes."""
        return [self.at, self.booth.parts["turn"]]

    @property
    def deciding(self) -> dict[str, Any]:
        """How an event goes that brings another clip."""
        return DECIDING | {"show_progress_on": self.booth.parts["message"]}

    @property
    def arrived(self) -> dict[str, Any]:
        """What the page does after that."""
        return {"fn": None, "inputs": self.booth.parts["turn"], "js": scripts.ARRIVED}

    @property
    def told(self) -> dict[str, Any]:
        """What the page does after an event that brings no clip."""
        return {"fn": None, "inputs": self.booth.parts["turn"], "js": scripts.TOLD}

    @property
    def shown(self) -> list[Any]:
        """All that another project changes."""
        return [self.at, *self.booth.shown]

    @property
    def same(self) -> Updates:
        """That nothing changes."""
        return {}

    def done(self, what: Callable[[str], Updates], language: str, request: gr.Request) -> Updates:
        """What somebody asked for, or a sentence about what was wrong; then nothing has changed."""
        try:
            return self.laid(what(self.office.who(request.username)), request)
        except BadInput as wrong:
            return self.laid(self.wrong(wrong, language), request)
        except Exception:
            log.exception("The desk failed.")
            return self.laid(self.said(TEXT[language]["broken"]), request)

    def laid(self, changes: Updates, request: gr.Request) -> Updates:
        """Changes as they go to the page: what it puts in its place itself is in one part.

        Each names the session: the page may never see an answer that another follows closely.
        """
        p = self.booth.parts
        pieces = {name: changes[p[name]] for name in PIECES if p[name] in changes}
        turn = {"n": next(self._count), "session": request.session_hash, "pieces": pieces}
        turn |= changes.get(p["turn"], {})
        mine = {p[name] for name in PIECES}
        return {part: new for part, new in changes.items() if part not in mine} | {p["turn"]: turn}

    def wrong(self, wrong: BadInput, language: str) -> Updates:
        """Says what is wrong."""
        return self.said(fault(wrong.code, wrong.facts, language))

    def said(self, sentence: str) -> Updates:
        """Says something, or nothing any more."""
        return {self.booth.parts["message"]: parts.message(sentence, "fault")}

    def open(
        self, name: str | None, way: Way, who: str, language: str, request: gr.Request
    ) -> Updates:
        """A project, and the first clip on a way through it."""
        project = self.office.project(name)
        self.office.allow(who, way)
        labels, raters = lookout.narrowings(project, language)
        # A rater of another project is not asked for in this one.
        way = replace(way, rater=way.rater if way.rater in project.clips.raters() else None)
        turn, p = Seat(project, who).next(way), self.booth.parts
        if turn.hidden and self._openly.get(request.session_hash or "") == (name, turn.clip):
            turn = replace(turn, seen=replace(turn.seen or Seen(), blind=False))
        return self.show(At(name or "", turn), turn, who, language, request) | {
            p["order"]: way.order,
            p["blind"]: way.blind,
            p["label"]: gr.update(choices=labels, value=way.label or ""),
            p["rater"]: gr.update(choices=raters, value=way.rater or ""),
            p["copies"]: project.settings.copies,
            **lookout.brought(self.booth, project, language),
            p["queue_card"]: seen(True),
            p["export_card"]: seen(self.office.leads(who)),
            **self.conflicts(project, who, language),
        }

    def show(self, at: At, turn: Turn, who: str, language: str, request: gr.Request) -> Updates:
        """A clip, with nothing chosen yet but what was taken back."""
        p, project = self.booth.parts, self.office.project(at.project)
        session = request.session_hash or ""
        self._go(session, Place(who, at.project, turn.clip))
        if not turn.hidden:
            self._openly[session] = (at.project, turn.clip)
        now = {self.at: replace(at, turn=turn), **self.said("")}
        now |= self.words(at.project, turn, who, language)
        if turn.said:
            return now
        later = threading.Timer(LATER, _prepare, (Seat(project, who), turn))
        later.daemon = True
        later.start()
        former = turn.former
        chosen = list(former.labels) if former and former.kind != "keep" else []
        return now | {
            p["player"]: self._player(turn, language, Nook(request.session_hash or ""), project),
            p["turn"]: {
                "labels": chosen,
                "note": former.note if former else "",
                "order": turn.way.order != at.turn.way.order,
            },
        }

    def conflicts(self, project: Project, who: str, language: str) -> Updates:
        """What is in dispute, for those who settle it."""
        if not self.office.leads(who):
            return {}
        return lookout.conflicts(self.booth, project, language)

    def words(self, name: str, turn: Turn, who: str, language: str) -> Updates:
        """All that is said of a clip."""
        project, leads = self.office.project(name), self.office.leads(who)
        return lookout.words(self.booth, project, turn, who, leads, language)

    def before(self, at: At | None, request: gr.Request) -> bool:
        """Whether a clip is still the one on somebody's screen."""
        place = self._before.get(request.session_hash or "")
        return bool(at and place and place[1:] == (at.project, at.turn.clip))

    def leave(self, session: str) -> None:
        """Forgets a visitor who has gone."""
        self._go(session, None)
        self._openly.pop(session, None)
        Nook(session).leave()

    def _go(self, session: str, place: Place | None) -> None:
        """Notes what is on a screen now, and lets go of what was, unless another shows it too."""
        former = self._before.pop(session, None)
        if place:
            self._before[session] = place
        if former and former.clip and former not in list(self._before.values()):
            with suppress(BadInput):  # the project has gone too
                self.office.project(former.project).queue.let_go(former.who, former.clip)

    def _player(self, turn: Turn, language: str, nook: Nook, project: Project) -> str:
        if turn.clip is None:
            return ""
        try:
            path = project.clips.path(turn.clip)
            if path is None:
                return instruments.silent(REVIEW[language]["no_voice"], "calm")
            sound = voice(path)
            return instruments.player(sound, nook.voice(sound, path.name), language)
        except BadInput as wrong:
            return instruments.silent(sight.wrong(wrong, language), "note")


def _prepare(seat: Seat, turn: Turn) -> None:
    """Reads the voice that will be asked for next."""
    with suppress(Exception):  # whatever is wrong is said as it comes
        clip = seat.after(turn)
        path = seat.project.clips.path(clip) if clip else None
        if path:
            voice(path)
