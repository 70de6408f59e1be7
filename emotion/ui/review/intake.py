"""Work comes into a project from the page: how far it is, how it is stopped, how it goes on."""

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.review import Project
from emotion.review.bring import bring
from emotion.review.desk import suspect
from emotion.review.jury import with_twin
from emotion.review.office import BROUGHT, Office
from emotion.review.step import Step

EVERY = 0.4  # seconds between two tellings


@dataclass(frozen=True)
class Told:
    """How far the work is.

    Attributes:
        step: What is being done; None before the first.
        over: Whether nothing more will be done.
        stopped: Whether that is because somebody stopped it.
    """

    step: Step | None
    over: bool = False
    stopped: bool = False


class Intake:
    """Brings work into the projects of an office, one at a time into each."""

    def __init__(self, office: Office, analyzer: Analyzer) -> None:
        self.office = office
        self.analyzer = analyzer
        self._halted: dict[str, threading.Event] = {}  # by the project's name
        self._lock = threading.Lock()

    @cached_property
    def models(self) -> list[Analyzer]:
        """The page's model, and its twin where it has one."""
        return with_twin(self.analyzer)

    def stop(self, name: str) -> bool:
        """Ends what comes in after the present few rows; whether anything did."""
        halted = self._halted.get(name)
        if halted:
            halted.set()
        return halted is not None

    def run(
        self, name: str, upload: str | None, server: str | None, transcribe: bool = False
    ) -> Iterator[Told]:
        """Brings in what was chosen, and has the model hear whatever it has not heard.

        Args:
            name: The project.
            upload: A file that was sent.
            server: Something in the office's folder.
            transcribe: Whether Whisper hears the words too.

        Raises:
            BadInput: There is nothing to bring in, it cannot be used, or others are at it.
        """
        project = self.office.project(name)
        if not upload and not server and not len(project.clips):
            raise BadInput("no_work")
        halted = threading.Event()
        with self._lock:
            if name in self._halted:
                raise BadInput("bringing", name=name)
            self._halted[name] = halted
        try:
            # Not before: what is refused now would be kept for nobody.
            place = self.office.take(upload) if upload else None
            if place is None and server:
                place = self.office.place(server)
            yield from self._told(self._steps(project, place, transcribe), halted)
        finally:
            del self._halted[name]

    def _steps(self, project: Project, place: Path | None, transcribe: bool) -> Iterator[Step]:
        if place and place.parent.name == BROUGHT:
            yield from self._sent(project, place)
        elif place:
            yield from bring(project, place)
        analyzer, *beside = self.models
        yield from suspect(project, analyzer, beside, transcribe)

    def _sent(self, project: Project, place: Path) -> Iterator[Step]:
        """Brings in what was sent, and keeps it no longer than until that is done or refused."""
        try:
            yield from bring(project, place, self.office.folder)
        except BadInput:
            place.unlink(missing_ok=True)
            raise
        place.unlink(missing_ok=True)

    def _told(self, steps: Iterator[Step], halted: threading.Event) -> Iterator[Told]:
        told, step = 0.0, None
        yield Told(None)
        for step in steps:
            if halted.is_set():
                yield Told(step, over=True, stopped=step.stage != "judge")
                return
            if time.monotonic() - told > EVERY:
                yield Told(step)
                told = time.monotonic()
        yield Told(step, over=True)
