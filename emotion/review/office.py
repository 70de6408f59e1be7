"""The desk of an operator: a folder of projects, and who may do what in them."""

import filecmp
import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emotion.containers import last_part
from emotion.errors import BadInput, unwritten
from emotion.review.seat import ORDERS, Way
from emotion.review.store import Project
from emotion.review.users import Users

ENDING = ".review"
CLIPS = f"{ENDING}.clips"  # what a zip that was brought in becomes, beside its project
BROUGHT = ".brought"  # where uploads are kept until they are all brought in, and after
NAME = re.compile(r"[\w][\w -]*")
LONGEST = 60  # letters of a project's name
ALONE = "annotator"  # who works where nobody logs in
NOBODY = ""  # whom no list of users can name
TABLES = (".csv", ".json", ".zip")


class Office:
    """A folder of projects.

    Attributes:
        folder: The folder.
        users: Who may work in it; None where whoever opens the page may.
    """

    def __init__(self, folder: str | Path, users: Users | None = None) -> None:
        """Opens the folder, or makes it.

        Raises:
            BadInput: It cannot be made, or nobody in the list of users is an adjudicator.
        """
        self.folder, self.users = Path(folder).resolve(), users
        self._open: dict[str, Project] = {}
        self._lock, self._taking = threading.Lock(), threading.Lock()
        with _told(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        if users and not self._adjudicators():
            raise BadInput("bad_users", name=users.path.name, reason="it names no adjudicator")

    # ------------------------------------------------------------------------- people

    def who(self, login: str | None) -> str:
        """What somebody is called here.

        Raises:
            BadInput: They may not work here, or not any more.
        """
        if self.users is None:
            return ALONE
        if not login or self.users.role(login) is None:
            raise BadInput("unknown_user", who=login or "?")
        return login

    def leads(self, who: str) -> bool:
        """Whether somebody brings work in, settles what is in dispute and takes work out."""
        return self.users is None or self.users.role(who) == "adjudicator"

    def lead(self, who: str) -> None:
        """Refuses what only those who lead may do.

        Raises:
            BadInput: Somebody does not.
        """
        if not self.leads(who):
            raise BadInput("not_lead")

    def allow(self, who: str, way: Way) -> None:
        """Refuses a way through a project that somebody may not go.

        Raises:
            BadInput: There is no such way, or only those who lead may go it.
        """
        if way.order not in ORDERS or way.order == "conflicts":
            self.lead(who)

    def _adjudicators(self) -> tuple[str, ...]:
        everybody = self.users.all().items() if self.users else ()
        return tuple(who for who, each in everybody if each["role"] == "adjudicator")

    # ------------------------------------------------------------------------- projects

    def names(self) -> list[str]:
        """The projects, by name."""
        found = self.folder.glob(f"*{ENDING}")
        return sorted(each.name.removesuffix(ENDING) for each in found if each.is_file())

    def begin(self, name: str) -> str:
        """Begins a project, and gives its name.

        Raises:
            BadInput: It cannot be called so, or cannot be written.
        """
        name = name.strip()
        if not NAME.fullmatch(name) or len(name) > LONGEST:
            raise BadInput("bad_project_name", name=name or "“”", most=LONGEST)
        with self._lock:
            if name not in self._open:
                self._open[name] = Project(self.folder / f"{name}{ENDING}")
        return name

    def project(self, name: str | None) -> Project:
        """An open project.

        Raises:
            BadInput: There is none of this name, or it cannot be opened.
        """
        if name not in self.names():
            raise BadInput("unknown_project", name=name or "–")
        with self._lock:
            if name not in self._open:
                self._open[name] = Project(self.folder / f"{name}{ENDING}", make=False)
            found = self._open[name]
        people = self._adjudicators()
        if self.users and not people:
            people = (NOBODY,)  # for where there is none, everybody may settle
        if people != tuple(found.settings.adjudicators):
            found.set(adjudicators=people)
        return found

    def close(self) -> None:
        """Closes all projects; what was decided is in them."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()

    # ------------------------------------------------------------------------- work

    def works(self) -> list[str]:
        """What lies in the folder and could be brought in: folders, tables and zips.

        Raises:
            BadInput: The folder is gone or cannot be read.
        """
        with _told(self.folder):
            return sorted(
                each.name
                for each in self.folder.iterdir()
                if _open_to(each.name) and (each.is_dir() or each.suffix.lower() in TABLES)
            )

    def place(self, name: str) -> Path:
        """Where something in the folder lies, or behind a link in it.

        Raises:
            BadInput: It is elsewhere, or is what a stranger brought in.
        """
        path = Path(os.path.normpath(self.folder / name.strip()))
        inner = path.relative_to(self.folder).parts if path.is_relative_to(self.folder) else ()
        if not inner or not all(map(_open_to, inner)):
            raise BadInput("outside_desk", name=last_part(name))
        with _told(path):
            there = path.exists()
        if not there:
            raise BadInput("missing_file", name=last_part(name))
        return path

    def take(self, upload: str | Path) -> Path:
        """Keeps an upload until it is all brought in, however often that is stopped.

        Raises:
            BadInput: It is not there any more, or there is no room for it.
        """
        upload = Path(upload)
        if not upload.is_file():
            raise BadInput("missing_file", name=upload.name)
        try:
            with self._taking:  # or two of one name would get one place
                return self._kept(upload)
        except OSError as fault:
            raise unwritten(upload, fault) from fault

    def _kept(self, upload: Path) -> Path:
        kept = self.folder / BROUGHT
        kept.mkdir(exist_ok=True)
        for number in range(1, 1 << 20):
            extra = f"-{number}" if number > 1 else ""
            path = kept / f"{upload.stem}{extra}{upload.suffix}"
            if not path.exists():
                break
            if filecmp.cmp(path, upload, shallow=False):
                return path
        fresh = path.with_name(f".{path.name}")
        shutil.copyfile(upload, fresh)
        return fresh.replace(path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the disk says against something, as a sentence."""
    try:
        yield
    except OSError as fault:
        reason = (fault.strerror or "it cannot be opened").lower()
        raise BadInput("unreadable_file", name=last_part(str(path)), reason=reason) from fault


def _open_to(name: str) -> bool:
    return not name.startswith(".") and not name.endswith((CLIPS, ENDING))


def desk(folder: str | None, users: str | None, alone: bool) -> Office | None:
    """What an operator asks for as the page is served; None where there is to be no desk.

    Args:
        folder: Its folder.
        users: The file of those who may log in.
        alone: Whether the page can be reached from this machine alone.

    Raises:
        BadInput: It cannot be opened, or everybody of a network could come in.
    """
    if not folder:
        if users:
            raise BadInput("users_without_desk")
        return None
    if not users and not alone:
        raise BadInput("open_desk")
    return Office(folder, Users(users) if users else None)
