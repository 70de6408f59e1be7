"""Who gets which clip next, and how far the work is."""

import time
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from emotion.errors import BadInput
from emotion.review.database import Database
from emotion.review.hands import holds, others
from emotion.review.settings import Settings

PAUSE = 300.0  # seconds after which somebody was away and not at work
GRACE = 30.0  # seconds in which who left may come back to the clip, as by loading the page anew
RECENT = 50  # decisions by which a pace is told
ORDERS = {"doubt": "clips.doubt DESC, clips.n", "random": "clips.shuffle"}

# What may be handed to somebody: fewer than wanted have it, and who asks has said nothing of it.
FREE = """
SELECT clips.n, clips.id FROM clips WHERE clips.state = 'open' {narrowed}
AND clips.opinions + (
    SELECT count(*) FROM leases WHERE leases.clip = clips.n AND leases.until > :now
    AND leases.who <> :who
) < :copies
AND NOT EXISTS (
    SELECT 1 FROM standing WHERE standing.clip = clips.n AND standing.who = :who
    AND standing.final = 0
)
"""
# How many that are, as it is told with every clip: all that are open but for the few that are not
# free, which takes far less time than looking at each.
LEFT = """
SELECT (SELECT count(*) FROM clips WHERE clips.state = 'open' {narrowed}) - (
    SELECT count(*) FROM clips WHERE clips.state = 'open' {narrowed} AND clips.n IN (
        SELECT clip FROM standing WHERE who = :who AND final = 0
        UNION SELECT held.n FROM leases JOIN clips AS held ON held.n = leases.clip
        WHERE leases.until > :now AND leases.who <> :who
        GROUP BY held.n HAVING held.opinions + count(*) >= :copies
    )
)
"""


@dataclass(frozen=True)
class Progress:
    """How far the work is.

    Attributes:
        clips: How many there are.
        settled: How many are settled.
        conflicts: How many wait for an adjudicator.
        mine: How many the one who asks has decided of.
        left: How many there are still for the one who asks, but for those that others have in hand.
        pace: Seconds that the one who asks takes for a clip; None before the second decision.
    """

    clips: int
    settled: int
    conflicts: int
    mine: int
    left: int
    pace: float | None


class Queue:
    """Hands out the clips of a project."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    def next(
        self, who: str, order: str = "doubt", label: str | None = None, rater: str | None = None
    ) -> str | None:
        """Hands out a clip, for a time; what the same one had in hand goes back.

        Args:
            who: The annotator.
            order: "doubt", the most doubtful first, or "random".
            label: Only clips that came with this label.
            rater: Only clips that this rater has rated before.

        Returns:
            The clip's id; None where there is none for this annotator now.
        """
        now = time.time()
        with self._database.writing() as connection:
            connection.execute("DELETE FROM leases WHERE who = ? OR until <= ?", (who, now))
            values = self._values(who, now, label, rater)
            query = (
                f"{FREE.format(narrowed=_narrowed(label, rater))} ORDER BY {ORDERS[order]} LIMIT 1"
            )
            row = connection.execute(query, values).fetchone()
            if row is None:
                return None
            until = now + self._settings.lease
            connection.execute("INSERT INTO leases VALUES (?, ?, ?)", (row["n"], who, until))
            return row["id"]

    def after(
        self, who: str, order: str = "doubt", label: str | None = None, rater: str | None = None
    ) -> str | None:
        """What would be handed out after what somebody has in hand, as to make it ready."""
        query = (
            f"{FREE.format(narrowed=_narrowed(label, rater))} AND clips.n NOT IN"
            f" (SELECT clip FROM leases WHERE who = :who) ORDER BY {ORDERS[order]} LIMIT 1"
        )
        row = self._database.one(query, self._values(who, time.time(), label, rater))
        return row["id"] if row else None

    def take(self, who: str, clip: str) -> None:
        """Puts one clip into somebody's hands, as after an undo; what was there goes back.

        Raises:
            BadInput: The clip is unknown, or as many others as wanted are at it.
        """
        now = time.time()
        with self._database.writing() as connection:
            row = connection.execute("SELECT n FROM clips WHERE id = ?", (clip,)).fetchone()
            if row is None:
                raise BadInput("unknown_clip", clip=clip)
            mine = holds(connection, row["n"], who, now)
            if not mine and others(connection, row["n"], who, now) >= self._settings.copies:
                raise BadInput("clip_taken", clip=clip)
            connection.execute("DELETE FROM leases WHERE who = ? OR until <= ?", (who, now))
            until = now + self._settings.lease
            connection.execute("INSERT INTO leases VALUES (?, ?, ?)", (row["n"], who, until))

    def hold(self, who: str, clip: str) -> bool:
        """Keeps what somebody has in hand for longer, as while it is listened to again.

        Returns:
            Whether it was still in those hands.
        """
        now = time.time()
        with self._database.writing() as connection:
            found = connection.execute(
                "UPDATE leases SET until = ? WHERE who = ? AND until > ?"
                " AND clip = (SELECT n FROM clips WHERE id = ?)",
                (now + self._settings.lease, who, now, clip),
            )
            return found.rowcount > 0

    def let_go(self, who: str, clip: str) -> None:
        """Leaves a clip to others soon: whoever has it in hand has gone away from it."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE leases SET until = min(until, ?) WHERE who = ?"
                " AND clip = (SELECT n FROM clips WHERE id = ?)",
                (time.time() + GRACE, who, clip),
            )

    def release(self, who: str) -> None:
        """Takes back what somebody has in hand."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM leases WHERE who = ?", (who,))

    def conflicts(self) -> list[str]:
        """The clips on which annotators disagree, the most doubtful first."""
        rows = self._database.rows(
            "SELECT id FROM clips WHERE state = 'conflict' ORDER BY doubt DESC, n"
        )
        return [row["id"] for row in rows]

    def skipped(self, who: str) -> list[str]:
        """The clips that somebody has passed over and may come back to."""
        rows = self._database.rows(
            "SELECT clips.id FROM standing JOIN clips ON clips.n = standing.clip"
            " JOIN events ON events.n = standing.event"
            " WHERE standing.who = ? AND kind = 'skip' AND clips.state = 'open'"
            " ORDER BY doubt DESC, clips.n",
            (who,),
        )
        return [row["id"] for row in rows]

    def progress(self, who: str, label: str | None = None, rater: str | None = None) -> Progress:
        """How far the work is, and how much there is left for somebody."""
        counts = {
            row["state"]: row["n"]
            for row in self._database.rows("SELECT state, count(*) AS n FROM clips GROUP BY state")
        }
        left = self._database.one(
            LEFT.format(narrowed=_narrowed(label, rater)),
            self._values(who, time.time(), label, rater),
        )
        mine = self._database.one(
            "SELECT count(*) FROM standing JOIN events ON events.n = standing.event"
            " WHERE standing.who = ? AND final = 0 AND kind <> 'skip'",
            (who,),
        )
        return Progress(
            sum(counts.values()),
            counts.get("settled", 0),
            counts.get("conflict", 0),
            mine[0] if mine else 0,
            left[0] if left else 0,
            self._pace(who),
        )

    def _pace(self, who: str) -> float | None:
        rows = self._database.rows(
            "SELECT at FROM events WHERE who = ? AND kind <> 'undo' ORDER BY n DESC LIMIT ?",
            (who, RECENT),
        )
        took = [late["at"] - early["at"] for late, early in pairwise(rows)]
        at_work = [each for each in took if each < PAUSE]
        return median(at_work) if at_work else None

    def _values(self, who: str, now: float, label: str | None, rater: str | None) -> dict[str, Any]:
        copies = self._settings.copies
        return {"who": who, "now": now, "copies": copies, "label": label, "rater": rater}


def _narrowed(label: str | None, rater: str | None) -> str:
    narrowed = "AND clips.label = :label " if label else ""
    if rater:
        narrowed += (
            "AND EXISTS (SELECT 1 FROM ratings WHERE ratings.clip = clips.n AND rater = :rater)"
        )
    return narrowed
