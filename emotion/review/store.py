"""A project: clips that came in, decisions about them, and whose turn it is, in one file."""

from pathlib import Path
from types import TracebackType
from typing import Any, Self

from emotion.review.clips import Clips
from emotion.review.database import Database
from emotion.review.heard import Hearings
from emotion.review.log import Log
from emotion.review.probabilities import Given
from emotion.review.queue import Queue
from emotion.review.settings import Settings
from emotion.review.suspicion import Judgements


class Project:
    """One file of SQLite, which several threads and programs may use at once.

    Attributes:
        path: The file.
        settings: What holds for the whole project.
        clips: What was brought in.
        heard: What was heard in each clip.
        given: Probabilities from elsewhere.
        judged: What was found of each clip's label.
        queue: Who gets which clip next.
        log: What was decided.

    Example:
        >>> with Project(path) as project:  # doctest: +SKIP
        ...     clip = project.queue.next("kim")
        ...     project.log.decide("kim", clip, Decision("relabel", ("sad",)))
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
        self._database = Database(path, make)
        self.settings = Settings(self._database)
        self.clips = Clips(self._database)
        self.heard = Hearings(self._database)
        self.given = Given(self._database)
        self.judged = Judgements(self._database)
        self.queue = Queue(self._database, self.settings)
        self.log = Log(self._database, self.settings)

    def set(self, **values: Any) -> None:  # noqa: ANN401  # each of its own kind
        """Sets copies (how many decide of each clip), adjudicators (who settles), or lease."""
        with self._database.writing():
            self.settings.set(**values)
            if "copies" in values:
                self.log.derive()

    def close(self) -> None:
        """Closes the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
