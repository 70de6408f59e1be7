"""The clips of a project: what came in with each, and what was wrong with the others."""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zlib import crc32

from emotion.errors import BadInput
from emotion.manifest import Reach
from emotion.review.database import Database
from emotion.review.opinion import Rating

SOME = 500  # rows that are asked for at a time


@dataclass(frozen=True)
class Entry:
    """A clip as it came in.

    Attributes:
        id: Its name; unique in a project.
        audio: The file of the voice, as its row names it; empty without one.
        text: What was said; empty where unknown.
        label: The label under review, one of the seven; None where it has none or raters are level.
        valence: Between unpleasant (-1) and pleasant (1); None where unknown.
        arousal: Between calm (-1) and excited (1); None where unknown.
        raters: What each rater said before.
        speaker: Who speaks; empty where unknown.
        session: The recording session; empty where unknown.
        corpus: The corpus that it is of; empty where unknown.
        cells: The row as it came in.
        doubt: How doubtful its label is, 0 to 1; -1 where nobody has judged it yet.
        state: "open", "settled" or "conflict".
    """

    id: str
    audio: str = ""
    text: str = ""
    label: str | None = None
    valence: float | None = None
    arousal: float | None = None
    raters: Mapping[str, Rating] = field(default_factory=dict)
    speaker: str = ""
    session: str = ""
    corpus: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    doubt: float = -1.0
    state: str = "open"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row that came in.

    Attributes:
        line: The row, from 1 below the names of the columns.
        name: What it is called.
        problem: What is wrong.
        kept: Whether the clip is there all the same.
    """

    line: int
    name: str
    problem: BadInput
    kept: bool


@dataclass(frozen=True)
class Source:
    """A manifest that was brought in.

    Attributes:
        number: Its place among them.
        name: What its file was called.
        columns: Of its table, in order.
        n_rows: How many it has.
        done: How many were looked at.
        reach: Where its clips lie.
    """

    number: int
    name: str
    columns: tuple[str, ...]
    n_rows: int
    done: int
    reach: Reach


class Clips:
    """What was brought into a project."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __len__(self) -> int:
        found = self._database.one("SELECT count(*) FROM clips")
        return found[0] if found else 0

    def __getitem__(self, name: str) -> Entry:
        row = self._database.one("SELECT * FROM clips WHERE id = ?", (name,))
        if row is None:
            raise BadInput("unknown_clip", clip=name)
        return self._entry(row)

    def __iter__(self) -> Iterator[Entry]:
        """All of them, in the order in which they came."""
        last = 0
        while rows := self._database.rows(
            "SELECT * FROM clips WHERE n > ? ORDER BY n LIMIT ?", (last, SOME)
        ):
            ratings = self._ratings([row["n"] for row in rows])
            yield from (_entry(row, ratings.get(row["n"], {})) for row in rows)
            last = rows[-1]["n"]

    def path(self, name: str) -> Path | None:
        """Where a clip's voice lies; None where it has none.

        Raises:
            BadInput: There is no such clip, or its row leads out of what was sent.
        """
        row = self._database.one("SELECT audio, source FROM clips WHERE id = ?", (name,))
        if row is None:
            raise BadInput("unknown_clip", clip=name)
        if not row["audio"]:
            return None
        [source] = [each for each in self.sources() if each.number == row["source"]]
        return source.reach.path(row["audio"])

    def sources(self) -> list[Source]:
        """The manifests that were brought in."""
        return [
            Source(
                row["n"],
                row["name"],
                tuple(json.loads(row["columns"])),
                row["n_rows"],
                row["done"],
                Reach(Path(row["folder"]), Path(row["within"]) if row["within"] else None),
            )
            for row in self._database.rows("SELECT * FROM sources ORDER BY n")
        ]

    def faults(self) -> list[Fault]:
        """What was wrong with rows, in order."""
        return [
            Fault(
                row["line"],
                row["name"],
                BadInput(row["code"], **json.loads(row["facts"])),
                bool(row["kept"]),
            )
            for row in self._database.rows("SELECT * FROM faults ORDER BY source, line")
        ]

    def raters(self) -> list[str]:
        """Who has rated before, by name."""
        rows = self._database.rows("SELECT DISTINCT rater FROM ratings ORDER BY rater")
        return [row["rater"] for row in rows]

    def begin(
        self, name: str, digest: str, columns: Sequence[str], n_rows: int, reach: Reach
    ) -> Source:
        """Notes that a manifest comes in; the one that came before, where it is the same."""
        places = [str(each.resolve()) if each else "" for each in reach]
        facts = (name, digest, *places, json.dumps(list(columns), ensure_ascii=False), n_rows)
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO sources (name, digest, folder, within, columns, n_rows, done)"
                " VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT (digest) DO NOTHING",
                facts,
            )
            row = connection.execute(
                "SELECT n, folder FROM sources WHERE digest = ?", (digest,)
            ).fetchone()
            # The same table from elsewhere takes no voices away, unless they are gone already.
            if not Path(row["folder"]).is_dir():
                connection.execute(
                    "UPDATE sources SET folder = ?, within = ? WHERE n = ?", (*places, row["n"])
                )
        return next(each for each in self.sources() if each.number == row["n"])

    def add(
        self,
        source: Source,
        entries: Sequence[tuple[int, Entry]],
        faults: Sequence[Fault],
        done: int,
    ) -> None:
        """Adds clips, and notes how many rows were looked at; whole or not at all.

        Args:
            source: Where they come from.
            entries: The clips, each with its line; one whose name is taken is noted as a fault.
            faults: What is wrong with others.
            done: How many rows were looked at so far.
        """
        with self._database.writing() as connection:
            for fault in faults:
                _note(connection, source, fault)
            for line, entry in entries:
                if not _add(connection, source, entry):
                    twice = BadInput("row_twice", name=entry.id)
                    _note(connection, source, Fault(line, entry.id, twice, kept=False))
            connection.execute("UPDATE sources SET done = ? WHERE n = ?", (done, source.number))

    def _entry(self, row: sqlite3.Row) -> Entry:
        return _entry(row, self._ratings([row["n"]]).get(row["n"], {}))

    def _ratings(self, clips: Sequence[int]) -> dict[int, dict[str, Rating]]:
        marks = ", ".join("?" * len(clips))
        found: dict[int, dict[str, Rating]] = {}
        for row in self._database.rows(
            f"SELECT * FROM ratings WHERE clip IN ({marks}) ORDER BY rater", clips
        ):
            rating = Rating(tuple(json.loads(row["labels"])), row["valence"], row["arousal"])
            found.setdefault(row["clip"], {})[row["rater"]] = rating
        return found


def _entry(row: sqlite3.Row, ratings: Mapping[str, Rating]) -> Entry:
    return Entry(
        **{name: row[name] for name in ("id", "audio", "text", "label", "valence", "arousal")},
        raters=ratings,
        **{name: row[name] for name in ("speaker", "session", "corpus", "doubt", "state")},
        cells=json.loads(row["cells"]),
    )


def _note(connection: sqlite3.Connection, source: Source, fault: Fault) -> None:
    facts = json.dumps(fault.problem.facts, ensure_ascii=False, default=str)
    connection.execute(
        "INSERT INTO faults VALUES (?, ?, ?, ?, ?, ?)",
        (source.number, fault.line, fault.name, fault.kept, fault.problem.code, facts),
    )


def _add(connection: sqlite3.Connection, source: Source, entry: Entry) -> bool:
    """Whether there was no clip of this name."""
    facts: dict[str, Any] = {
        "id": entry.id,
        "source": source.number,
        "audio": entry.audio,
        "text": entry.text,
        "label": entry.label,
        "valence": entry.valence,
        "arousal": entry.arousal,
        "speaker": entry.speaker,
        "session": entry.session,
        "corpus": entry.corpus,
        "cells": json.dumps(dict(entry.cells), ensure_ascii=False),
        "shuffle": crc32(entry.id.encode()),
    }
    values = ", ".join(f":{name}" for name in facts)
    found = connection.execute(
        f"INSERT OR IGNORE INTO clips ({', '.join(facts)}) VALUES ({values})", facts
    )
    if not found.rowcount:
        return False
    connection.executemany(
        "INSERT INTO ratings VALUES (?, ?, ?, ?, ?)",
        [
            (found.lastrowid, who, json.dumps(each.labels), each.valence, each.arousal)
            for who, each in entry.raters.items()
        ],
    )
    return True
