"""Decisions: appended to a project one by one; what stands is derived from them."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator

from emotion.errors import BadInput
from emotion.review.database import Database
from emotion.review.hands import holds, others
from emotion.review.opinion import Decision, Event, Outcome, Seen, outcome
from emotion.review.settings import Settings

SOME = 1_000  # events that are read at a time
EVENTS = "SELECT events.*, clips.id AS name FROM events JOIN clips ON clips.n = events.clip"
STANDING = (
    "SELECT events.*, clips.id AS name FROM standing"
    " JOIN events ON events.n = standing.event JOIN clips ON clips.n = standing.clip"
)


class Log:
    """The decisions of a project."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._settings = settings

    def decide(
        self,
        who: str,
        clip: str,
        decision: Decision,
        seen: Seen = Seen(),  # noqa: B008
        once: bool = False,
    ) -> Event:
        """Appends what an annotator decides; what is returned is on the disk.

        Whoever has decided of a clip may decide anew; nobody else may where as many as wanted have
        it in hand or have decided.

        Args:
            who: The annotator.
            clip: The clip's id.
            decision: What was decided.
            seen: What was before the eyes.
            once: Whether this is refused to who has decided already, as in another window.

        Raises:
            BadInput: The clip is unknown, has no label to keep, or others are at it.
        """
        with self._database.writing() as connection:
            row = _clip(connection, clip)
            self._refuse_taken(connection, row, who)
            if once:
                _refuse_decided(connection, row, who)
            labels = _labels(row, decision)
            number = _append(connection, row["n"], who, decision.kind, decision, labels, seen)
            connection.execute("DELETE FROM leases WHERE clip = ? AND who = ?", (row["n"], who))
            self._derive(connection, row["n"])
            return _event(connection.execute(f"{EVENTS} WHERE events.n = ?", (number,)).fetchone())

    def settle(
        self,
        who: str,
        clip: str,
        decision: Decision,
        seen: Seen = Seen(),  # noqa: B008
        once: bool = False,
    ) -> Event:
        """Appends an adjudicator's word on a clip, which stands above what annotators decided.

        Args:
            who: The adjudicator.
            clip: The clip's id.
            decision: What was decided.
            seen: What was before the eyes.
            once: Whether this is refused where nothing is in dispute any more.

        Raises:
            BadInput: The clip is unknown or has no label to keep, or this is no adjudicator.
        """
        self._refuse_others(who)
        if decision.kind == "skip":
            raise BadInput("bad_decision", reason="to skip settles nothing")
        with self._database.writing() as connection:
            row = _clip(connection, clip)
            if once and row["state"] != "conflict":
                raise BadInput("decided_already", clip=clip)
            labels = _labels(row, decision)
            number = _append(connection, row["n"], who, "settle", decision, labels, seen)
            self._derive(connection, row["n"])
            return _event(connection.execute(f"{EVENTS} WHERE events.n = ?", (number,)).fetchone())

    def undo(self, who: str) -> Event:
        """Takes back the last that somebody decided and has not taken back; itself an event.

        Returns:
            What was taken back.

        Raises:
            BadInput: There is nothing to take back, or it is the word of somebody who may not
                settle any more.
        """
        with self._database.writing() as connection:
            row = connection.execute(
                f"{EVENTS} WHERE events.who = ? AND kind <> 'undo' AND events.n NOT IN"
                " (SELECT undoes FROM events WHERE who = ? AND undoes IS NOT NULL)"
                " ORDER BY events.n DESC LIMIT 1",
                (who, who),
            ).fetchone()
            if row is None:
                raise BadInput("nothing_to_undo")
            if row["kind"] == "settle":
                self._refuse_others(who)
            connection.execute(
                "INSERT INTO events (at, who, clip, kind, labels, note, checkpoint, hash, blind,"
                " undoes) VALUES (?, ?, ?, 'undo', '[]', '', '', '', 0, ?)",
                (time.time(), who, row["clip"], row["n"]),
            )
            self._derive(connection, row["clip"])
            return _event(row)

    def __iter__(self) -> Iterator[Event]:
        """Every event, in the order in which it happened."""
        last = 0
        while rows := self._database.rows(
            f"{EVENTS} WHERE events.n > ? ORDER BY events.n LIMIT ?", (last, SOME)
        ):
            yield from map(_event, rows)
            last = rows[-1]["n"]

    def standing(self) -> dict[str, list[Event]]:
        """The decisions that stand, by the clip's id."""
        found: dict[str, list[Event]] = {}
        for row in self._database.rows(f"{STANDING} ORDER BY standing.event"):
            found.setdefault(row["name"], []).append(_event(row))
        return found

    def outcomes(self) -> dict[str, Outcome]:
        """What was made of each clip that somebody has decided of, by its id."""
        given = {row["id"]: row["label"] for row in self._database.rows("SELECT * FROM clips")}
        copies = self._settings.copies
        return {
            name: outcome(events, copies, given[name]) for name, events in self.standing().items()
        }

    def outcome(self, clip: str) -> Outcome:
        """What was made of one clip."""
        row = self._database.one("SELECT label FROM clips WHERE id = ?", (clip,))
        if row is None:
            raise BadInput("unknown_clip", clip=clip)
        return outcome(self.said(clip), self._settings.copies, row["label"])

    def said(self, clip: str) -> list[Event]:
        """The decisions of one clip that stand."""
        rows = self._database.rows(f"{STANDING} WHERE clips.id = ? ORDER BY event", (clip,))
        return list(map(_event, rows))

    def spoke(self, who: str, clip: str) -> bool:
        """Whether somebody has ever decided of a clip, taken back or not."""
        found = self._database.one(
            "SELECT 1 FROM events JOIN clips ON clips.n = events.clip WHERE clips.id = ?"
            " AND who = ? AND kind NOT IN ('skip', 'undo')",
            (clip, who),
        )
        return found is not None

    def derive(self) -> None:
        """Derives anew what stands, from nothing but the events."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM standing")
            connection.execute("UPDATE clips SET opinions = 0, state = 'open'")
            rows = connection.execute("SELECT DISTINCT clip FROM events").fetchall()
            for row in rows:
                self._derive(connection, row["clip"])

    def _derive(self, connection: sqlite3.Connection, clip: int) -> None:
        rows = connection.execute(f"{EVENTS} WHERE events.clip = ? ORDER BY events.n", (clip,))
        standing = stand(map(_event, rows.fetchall()))
        connection.execute("DELETE FROM standing WHERE clip = ?", (clip,))
        connection.executemany(
            "INSERT INTO standing VALUES (?, ?, ?, ?)",
            [(clip, each.who, each.kind == "settle", each.number) for each in standing],
        )
        given = connection.execute("SELECT label FROM clips WHERE n = ?", (clip,)).fetchone()
        connection.execute(
            "UPDATE clips SET opinions = ?, state = ? WHERE n = ?",
            (
                sum(each.kind not in ("skip", "settle") for each in standing),
                outcome(standing, self._settings.copies, given["label"]).state,
                clip,
            ),
        )

    def _refuse_others(self, who: str) -> None:
        """Refuses what only adjudicators may do."""
        allowed = self._settings.adjudicators
        if allowed and who not in allowed:
            raise BadInput("not_adjudicator", who=who)

    def _refuse_taken(self, connection: sqlite3.Connection, row: sqlite3.Row, who: str) -> None:
        now = time.time()
        if holds(connection, row["n"], who, now):
            return
        if others(connection, row["n"], who, now) >= self._settings.copies:
            raise BadInput("clip_taken", clip=row["id"])


def stand(events: Iterable[Event]) -> list[Event]:
    """Which of a clip's events stand: of each annotator the last that was not taken back."""
    found: dict[int, Event] = {}
    for each in events:
        if each.undoes is None:
            found[each.number] = each
        else:
            found.pop(each.undoes, None)
    last = {(each.who, each.kind == "settle"): each for each in found.values()}
    return sorted(last.values(), key=lambda each: each.number)


def _clip(connection: sqlite3.Connection, name: str) -> sqlite3.Row:
    row = connection.execute(
        "SELECT n, id, label, state FROM clips WHERE id = ?", (name,)
    ).fetchone()
    if row is None:
        raise BadInput("unknown_clip", clip=name)
    return row


def _refuse_decided(connection: sqlite3.Connection, row: sqlite3.Row, who: str) -> None:
    found = connection.execute(
        "SELECT 1 FROM standing JOIN events ON events.n = standing.event WHERE standing.clip = ?"
        " AND standing.who = ? AND final = 0 AND kind <> 'skip'",
        (row["n"], who),
    ).fetchone()
    if found:
        raise BadInput("decided_already", clip=row["id"])


def _labels(row: sqlite3.Row, decision: Decision) -> tuple[str, ...]:
    """What a decision makes of a clip."""
    if decision.kind != "keep":
        return decision.labels
    if row["label"] is None:
        raise BadInput("bad_decision", reason="there is no label to keep")
    return (row["label"],)


def _append(
    connection: sqlite3.Connection,
    clip: int,
    who: str,
    kind: str,
    decision: Decision,
    labels: tuple[str, ...],
    seen: Seen,
) -> int | None:
    return connection.execute(
        "INSERT INTO events (at, who, clip, kind, labels, valence, arousal, note, checkpoint, hash,"
        " blind) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (time.time(), who, clip, kind, json.dumps(labels), decision.valence, decision.arousal,
         decision.note, seen.checkpoint, seen.hash, seen.blind),
    ).lastrowid  # fmt: skip


def _event(row: sqlite3.Row) -> Event:
    return Event(
        row["n"],
        row["at"],
        row["who"],
        row["name"],
        row["kind"],
        tuple(json.loads(row["labels"])),
        row["valence"],
        row["arousal"],
        row["note"],
        Seen(row["checkpoint"], row["hash"], bool(row["blind"])),
        row["undoes"],
    )
