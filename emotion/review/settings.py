"""What holds for a whole project: how many decide of a clip, who settles, how long a lease is."""

import json
from typing import Any

from emotion.errors import BadInput
from emotion.review.database import Database

LEASE = 600.0  # seconds for which a clip is in one annotator's hands
MOST = 1_000_000  # seconds of a lease, or annotators of a clip


class Settings:
    """A project's settings, kept in its file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def copies(self) -> int:
        """How many annotators are to decide of each clip."""
        return self._get("copies", 1)

    @property
    def adjudicators(self) -> tuple[str, ...]:
        """Who may settle conflicts; empty where everybody may."""
        return tuple(self._get("adjudicators", ()))

    @property
    def lease(self) -> float:
        """For how many seconds a clip that was handed out is kept for who has it."""
        return self._get("lease", LEASE)

    @property
    def found(self) -> str | None:
        """What emotion.review.found reads."""
        return self._get("found", None)

    def set(self, **values: Any) -> None:  # noqa: ANN401  # each of its own kind
        """Sets copies, adjudicators or lease; Project.set derives anew what hangs on them."""
        for name in ("copies", "lease"):
            if not 1 <= values.get(name, 1) <= MOST:
                raise BadInput("bad_settings", reason=f"{name} is none of 1 to {MOST:,}")
        with self._database.writing() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)",
                [(name, json.dumps(value)) for name, value in values.items()],
            )

    def _get(self, name: str, otherwise: Any) -> Any:  # noqa: ANN401  # whatever JSON can hold
        row = self._database.one("SELECT value FROM settings WHERE name = ?", (name,))
        return otherwise if row is None else json.loads(row["value"])
