"""A project's file: opened, migrated, locked and written so that nothing acknowledged is lost."""

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from emotion.errors import BadInput
from emotion.review import schema

PATIENCE = 30.0  # seconds that a writer waits for another program's


class Database:
    """SQLite with a write-ahead log; several threads and several programs may use one file.

    Attributes:
        path: The file.
    """

    def __init__(self, path: str | Path, make: bool = True) -> None:
        """Opens a project, or begins one.

        Args:
            path: The file.
            make: Whether one is begun where there is none.

        Raises:
            BadInput: It is no project, one of a newer version, or cannot be opened.
        """
        self.path = Path(path)
        self._lock = threading.RLock()
        if not make and not self.path.is_file():
            raise BadInput("missing_file", name=self.path.name)
        with self._told():
            self._connection = sqlite3.connect(
                self.path, timeout=PATIENCE, isolation_level=None, check_same_thread=False
            )
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        self._connection.row_factory = sqlite3.Row
        with self._told():
            self._refuse_strangers()
            self._connection.execute("PRAGMA journal_mode = WAL")
            # Every commit is on the disk before it is acknowledged, log or not.
            self._connection.execute("PRAGMA synchronous = FULL")
        if schema.version_of(self._connection) < schema.VERSION:
            with self.writing() as connection:
                schema.migrate(connection)

    def _refuse_strangers(self) -> None:
        version = schema.version_of(self._connection)
        [made_by] = self._connection.execute("PRAGMA application_id").fetchone()
        empty = not self._connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        if made_by != schema.APPLICATION and not empty:
            reason = "another program made it"
            raise BadInput("bad_project", name=self.path.name, reason=reason)
        if version > schema.VERSION:
            raise BadInput(
                "newer_project", name=self.path.name, theirs=version, ours=schema.VERSION
            )

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: when it is left, it is on the disk whole; nothing is after a fault.

        Within another it is a part of that one.
        """
        with self._lock, self._told():
            if self._connection.in_transaction:
                yield self._connection
                return
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def rows(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        """What a query finds."""
        with self._lock, self._told():
            return self._connection.execute(sql, values).fetchall()

    def one(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> sqlite3.Row | None:
        """The first row that a query finds."""
        with self._lock, self._told():
            return self._connection.execute(sql, values).fetchone()

    def close(self) -> None:
        """Closes the file; what was decided is in it."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What the disk or the file says is wrong, as a sentence."""
        try:
            yield
        except sqlite3.DatabaseError as fault:
            if isinstance(fault, (sqlite3.IntegrityError, sqlite3.ProgrammingError)):
                raise  # a fault of ours
            raise BadInput("bad_project", name=self.path.name, reason=str(fault)) from fault
        except UnicodeEncodeError as fault:  # as a folder's name from another system
            reason = "a name that comes in is in an unknown encoding"
            raise BadInput("bad_project", name=self.path.name, reason=reason) from fault
