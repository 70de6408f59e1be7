"""In whose hands a clip is."""

import sqlite3


def others(connection: sqlite3.Connection, clip: int, who: str, now: float) -> int:
    """How many others have a clip in hand or have decided of it."""
    [n] = connection.execute(
        "SELECT count(*) FROM (SELECT who FROM leases WHERE clip = :clip AND until > :now"
        " AND who <> :who UNION SELECT standing.who FROM standing"
        " JOIN events ON events.n = standing.event WHERE standing.clip = :clip"
        " AND kind NOT IN ('skip', 'settle') AND standing.who <> :who)",
        {"clip": clip, "now": now, "who": who},
    ).fetchone()
    return n


def holds(connection: sqlite3.Connection, clip: int, who: str, now: float) -> bool:
    """Whether somebody has a clip in hand or has decided of it; who skipped it has let it go."""
    row = connection.execute(
        "SELECT 1 FROM standing JOIN events ON events.n = standing.event"
        " WHERE standing.clip = :clip AND standing.who = :who AND kind <> 'skip' UNION"
        " SELECT 1 FROM leases WHERE clip = :clip AND who = :who AND until > :now",
        {"clip": clip, "now": now, "who": who},
    ).fetchone()
    return row is not None
