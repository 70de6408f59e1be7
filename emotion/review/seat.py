"""Somebody at the desk: which clip lies before them, and what becomes of what they decide."""

from dataclasses import dataclass, replace

from emotion.errors import BadInput
from emotion.review.opinion import Decision, Event, Seen
from emotion.review.store import Project

ORDERS = ("doubt", "random", "skipped", "conflicts")


@dataclass(frozen=True)
class Way:
    """Which clips somebody wants, and how.

    Attributes:
        order: One of ORDERS: the most doubtful first, by chance, those passed over before, or those
            in dispute, which an adjudicator settles.
        label: Only clips that came with this label.
        rater: Only clips that this rater has rated before.
        blind: Whether what the model says is hidden until they have spoken.
    """

    order: str = ORDERS[0]
    label: str | None = None
    rater: str | None = None
    blind: bool = False


@dataclass(frozen=True)
class Turn:
    """What lies before somebody.

    Attributes:
        way: Which clips they want.
        clip: Its id; None where there is none for them now.
        hidden: Whether what the model says is hidden.
        said: What they have just decided of it, where they are shown the model afterwards.
        former: What they decided of it before, and took back just now.
        seen: What was before their eyes as it came.
    """

    way: Way = Way()
    clip: str | None = None
    hidden: bool = False
    said: Event | None = None
    former: Event | None = None
    seen: Seen | None = None

    @property
    def settling(self) -> bool:
        """Whether an adjudicator's word is asked for."""
        return self.way.order == "conflicts"


class Seat:
    """One annotator in one project."""

    def __init__(self, project: Project, who: str) -> None:
        self.project = project
        self.who = who

    def next(self, way: Way, after: str | None = None) -> Turn:
        """The next clip.

        Args:
            way: Which clips.
            after: The one before, of those that are walked through in a list.
        """
        queue = self.project.queue
        if way.order == "conflicts":
            clip = _following(queue.conflicts(), after)
        elif way.order == "skipped":
            clip = self._taken(queue.skipped(self.who), after)
        else:
            clip = queue.next(self.who, way.order, way.label, way.rater)
        return self._turn(way, clip)

    def after(self, turn: Turn) -> str | None:
        """The clip that would come next; it is in nobody's hands by that."""
        way = turn.way
        if way.order in ("conflicts", "skipped"):
            queue = self.project.queue
            listed = queue.conflicts() if turn.settling else queue.skipped(self.who)
            return _following(listed, turn.clip)
        return self.project.queue.after(self.who, way.order, way.label, way.rater)

    def decide(self, turn: Turn, decision: Decision) -> Turn:
        """Keeps a decision, and gives what lies before them then; what is returned is on the disk.

        Raises:
            BadInput: It cannot be decided so; nothing has changed.
        """
        clip = turn.clip
        if clip is None or turn.said:
            return turn
        if turn.settling and decision.kind == "skip":
            return self.next(turn.way, clip)
        self._refuse_odd(clip, decision)
        log = self.project.log
        keep = log.settle if turn.settling else log.decide
        event = keep(self.who, clip, decision, turn.seen or Seen(), once=True)
        if turn.hidden and decision.kind != "skip":
            return replace(turn, hidden=False, said=event)
        return self.next(turn.way, clip)

    def hold(self, turn: Turn) -> None:
        """Keeps what lies before them in their hands, as while they listen to it for long."""
        if turn.clip is not None:
            self.project.queue.hold(self.who, turn.clip)

    def undo(self, turn: Turn) -> Turn:
        """Takes back the last decision, and puts its clip before them again.

        Raises:
            BadInput: There is nothing to take back.
        """
        event = self.project.log.undo(self.who)
        settled = event.kind == "settle"
        order = turn.way.order
        if settled != turn.settling:
            order = "conflicts" if settled else ORDERS[0]
        way = replace(turn.way, order=order)
        try:
            if not settled:
                self.project.queue.take(self.who, event.clip)
        except BadInput:  # somebody else was quicker
            return self.next(way)
        return replace(self._turn(way, event.clip), former=event)

    def _refuse_odd(self, clip: str, decision: Decision) -> None:
        if decision.kind == "keep" and self.project.clips[clip].label is None:
            raise BadInput("no_label_to_keep", clip=clip)

    def _taken(self, clips: list[str], after: str | None) -> str | None:
        """The first that others have not taken meanwhile."""
        for _ in clips:
            after = _following(clips, after)
            try:
                self.project.queue.take(self.who, after or "")
            except BadInput:
                continue
            return after
        return None

    def _turn(self, way: Way, clip: str | None) -> Turn:
        if clip is None:
            return Turn(way)
        hidden = way.blind and not self.project.log.spoke(self.who, clip)
        heard = self.project.heard[clip]
        known = heard is not None and heard.probabilities
        seen = Seen(heard.checkpoint, heard.hash, hidden) if heard and known else Seen(blind=hidden)
        return Turn(way, clip, hidden, seen=seen)


def _following(clips: list[str], after: str | None) -> str | None:
    """The one after another in a list, from its end to its beginning."""
    if not clips:
        return None
    return clips[(clips.index(after) + 1) % len(clips)] if after in clips else clips[0]
