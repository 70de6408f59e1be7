"""The tables of a project's file, version by version."""

import sqlite3
import time

APPLICATION = 0x454D4F52  # "EMOR": how a file says that it is a project of this program

FIRST = """
CREATE TABLE versions (number INTEGER PRIMARY KEY, at REAL NOT NULL);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- What was brought in, and how far; a digest tells one manifest from another.
CREATE TABLE sources (
    n INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL UNIQUE, folder TEXT NOT NULL,
    within TEXT NOT NULL, columns TEXT NOT NULL, n_rows INTEGER NOT NULL, done INTEGER NOT NULL
);
CREATE TABLE faults (
    source INTEGER NOT NULL, line INTEGER NOT NULL, name TEXT NOT NULL, kept INTEGER NOT NULL,
    code TEXT NOT NULL, facts TEXT NOT NULL
);
CREATE TABLE clips (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source INTEGER NOT NULL,
    audio TEXT NOT NULL, text TEXT NOT NULL, label TEXT, valence REAL, arousal REAL,
    speaker TEXT NOT NULL, session TEXT NOT NULL, corpus TEXT NOT NULL, cells TEXT NOT NULL,
    shuffle INTEGER NOT NULL, doubt REAL NOT NULL DEFAULT -1,
    -- derived from events:
    opinions INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'open'
);
CREATE INDEX clips_by_doubt ON clips (state, doubt DESC, n);
CREATE INDEX clips_by_chance ON clips (state, shuffle);
CREATE INDEX clips_by_label ON clips (state, label, doubt DESC, n);
CREATE TABLE ratings (
    clip INTEGER NOT NULL, rater TEXT NOT NULL, labels TEXT NOT NULL, valence REAL, arousal REAL,
    PRIMARY KEY (clip, rater)
) WITHOUT ROWID;
CREATE INDEX ratings_by_rater ON ratings (rater, clip);

-- What was decided: only ever appended to.
CREATE TABLE events (
    n INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, who TEXT NOT NULL,
    clip INTEGER NOT NULL, kind TEXT NOT NULL, labels TEXT NOT NULL, valence REAL, arousal REAL,
    note TEXT NOT NULL, checkpoint TEXT NOT NULL, hash TEXT NOT NULL, blind INTEGER NOT NULL,
    undoes INTEGER
);
CREATE INDEX events_of_clip ON events (clip);
CREATE INDEX events_of_who ON events (who);
-- Derived: which event stands for whom.
CREATE TABLE standing (
    clip INTEGER NOT NULL, who TEXT NOT NULL, final INTEGER NOT NULL, event INTEGER NOT NULL,
    PRIMARY KEY (clip, who, final)
) WITHOUT ROWID;
CREATE INDEX standing_of_who ON standing (who, clip);
CREATE TABLE leases (
    clip INTEGER NOT NULL, who TEXT NOT NULL, until REAL NOT NULL, PRIMARY KEY (clip, who)
) WITHOUT ROWID;
"""

SECOND = """
-- What was heard in each clip, by the model whose hash stands there; fault: why nothing was.
CREATE TABLE heard (
    clip INTEGER PRIMARY KEY, checkpoint TEXT NOT NULL, hash TEXT NOT NULL, transcribed INTEGER
    NOT NULL, probabilities TEXT NOT NULL, alone TEXT NOT NULL, valence REAL, arousal REAL,
    seconds REAL, speech REAL, clipped REAL, exact TEXT NOT NULL, print BLOB, features BLOB,
    words TEXT,
    fault TEXT
);
-- What follows from that for its label: nothing here that could not be found out anew.
CREATE TABLE judged (
    clip INTEGER PRIMARY KEY, quality REAL, likely INTEGER NOT NULL, consensus TEXT,
    reasons TEXT NOT NULL
);
"""

THIRD = """
-- Whose probabilities judged a label, and whether its speaker taught the model that heard it.
ALTER TABLE judged ADD COLUMN by TEXT NOT NULL DEFAULT '';
ALTER TABLE judged ADD COLUMN known INTEGER NOT NULL DEFAULT 0;
-- Probabilities from elsewhere; by the clip's id, so that they may come before their clips.
CREATE TABLE given (id TEXT PRIMARY KEY, shares TEXT NOT NULL) WITHOUT ROWID;
"""

# Each brings a file from the version before it, the first from an empty file.
STEPS = (FIRST, SECOND, THIRD)
VERSION = len(STEPS)


def version_of(connection: sqlite3.Connection) -> int:
    """The version of an open project; 0 where the file is new and empty."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def migrate(connection: sqlite3.Connection) -> None:
    """Brings a project to this program's version, all the way or not at all.

    To be called within a transaction, so that two programs that open an old file do it once.
    """
    for number in range(version_of(connection) + 1, VERSION + 1):
        for statement in STEPS[number - 1].split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute("INSERT INTO versions VALUES (?, ?)", (number, time.time()))
        connection.execute(f"PRAGMA user_version = {number}")
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
