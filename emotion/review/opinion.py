"""What people say of a clip: raters before it came here, annotators at the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from emotion.errors import BadInput
from emotion.labels import LABELS

Kind = Literal["keep", "relabel", "unclear", "skip"]
KINDS: tuple[Kind, ...] = ("keep", "relabel", "unclear", "skip")
LONGEST_NOTE = 4_000  # letters


@dataclass(frozen=True)
class Rating:
    """What one rater said of a clip before it came here.

    Attributes:
        labels: Which of the seven; several where several were chosen, none where none was.
        valence: Between unpleasant (-1) and pleasant (1); None where not asked.
        arousal: Between calm (-1) and excited (1); None where not asked.
    """

    labels: tuple[str, ...] = ()
    valence: float | None = None
    arousal: float | None = None


@dataclass(frozen=True)
class Decision:
    """What an annotator decides of a clip.

    Attributes:
        kind: "keep" what it says, "relabel", "unclear" (nobody could tell), or "skip" for now.
        labels: The new ones of "relabel", one or several.
        valence: Between unpleasant (-1) and pleasant (1); None where not placed.
        arousal: Between calm (-1) and excited (1); None where not placed.
        note: Whatever else there is to say.
    """

    kind: Kind
    labels: tuple[str, ...] = ()
    valence: float | None = None
    arousal: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        reason = self._wrong()
        if reason:
            raise BadInput("bad_decision", reason=reason)

    def _wrong(self) -> str:
        if self.kind not in KINDS:
            return f"it is none of {', '.join(KINDS)}"
        if (self.kind == "relabel") != bool(self.labels):
            return "a new label needs its name, and nothing else has one"
        if unknown := set(self.labels) - set(LABELS):
            return f"{', '.join(sorted(unknown))} is none of the seven"
        if (self.valence is None) != (self.arousal is None):
            return "a place on the plane needs valence and arousal"
        if any(each is not None and not -1 <= each <= 1 for each in (self.valence, self.arousal)):
            return "valence and arousal lie between -1 and 1"
        return "its note is too long" if len(self.note) > LONGEST_NOTE else ""


@dataclass(frozen=True)
class Seen:
    """What an annotator had before the eyes when deciding.

    Attributes:
        checkpoint: The model's name; empty where there was none.
        hash: What tells its weights from others.
        blind: Whether what it says was still hidden.
    """

    checkpoint: str = ""
    hash: str = ""
    blind: bool = False


@dataclass(frozen=True)
class Event:
    """Something that was decided or taken back, as it stands in the log.

    Attributes:
        number: Its place in the log.
        at: When, in seconds since 1970.
        who: By whom.
        clip: The clip's id.
        kind: A Decision's, "settle" by an adjudicator, or "undo".
        labels: What it makes of the clip; for "keep", what the clip said.
        valence: Where it was placed, or None.
        arousal: Where it was placed, or None.
        note: What was written beside it.
        seen: What was before the eyes.
        undoes: The number of the event that it takes back.
    """

    number: int
    at: float
    who: str
    clip: str
    kind: str
    labels: tuple[str, ...]
    valence: float | None
    arousal: float | None
    note: str
    seen: Seen
    undoes: int | None = None


@dataclass(frozen=True)
class Outcome:
    """What all decisions together make of a clip.

    Attributes:
        state: "open", "settled", or "conflict" where annotators disagree and nobody has settled it.
        kind: "keep", "relabel", "unclear", or empty where it is open or in conflict.
        labels: What it is now; none where it is open, in conflict or unclear.
        valence: The mean of where it was placed, or None.
        arousal: The mean of where it was placed, or None.
        by: Who decided.
        notes: What they wrote.
    """

    state: str
    kind: str = ""
    labels: tuple[str, ...] = ()
    valence: float | None = None
    arousal: float | None = None
    by: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def outcome(standing: Sequence[Event], copies: int, given: str | None) -> Outcome:
    """What the decisions that stand make of a clip.

    Args:
        standing: One of each annotator, and what an adjudicator has settled.
        copies: How many annotators are to decide of each clip.
        given: The label that it came with.
    """
    own = [each for each in standing if each.kind not in ("settle", "skip")]
    final = [each for each in standing if each.kind == "settle"][-1:]
    notes = tuple(each.note for each in standing if each.note)
    said = final or own
    by = tuple(each.who for each in said)
    if not final and len(own) < copies:
        return Outcome("open", by=by, notes=notes)
    if len({frozenset(each.labels) for each in said}) > 1:
        return Outcome("conflict", by=by, notes=notes)
    labels = said[0].labels
    kind = "unclear" if not labels else "keep" if labels == (given,) else "relabel"
    valence, arousal = (
        _mean([each.valence for each in said]),
        _mean([each.arousal for each in said]),
    )
    return Outcome("settled", kind, labels, valence, arousal, by, notes)


def _mean(values: Sequence[float | None]) -> float | None:
    known = [each for each in values if each is not None]
    return sum(known) / len(known) if known else None
