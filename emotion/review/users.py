"""Who may log in to the desk: names with hashed passwords, in a file that holds no password."""

import getpass
import hashlib
import json
import re
import secrets
import sys
import threading
from pathlib import Path
from typing import Any

from emotion.errors import BadInput

ROLES = ("annotator", "adjudicator")
NAME = re.compile(r"[\w.@-]{1,64}")  # also the name of a column in what is taken out
SHORTEST = 8  # letters of a password
# What one guess costs: a tenth of a second and 16 MB. Kept beside each hash, so that it may grow.
COST = {"n": 2**14, "r": 8, "p": 5}
ROOM = 64 * 2**20  # bytes that a hash may take


class Users:
    """A file of users; what is changed in it holds from the next request on.

    Attributes:
        path: The file.
    """

    def __init__(self, path: str | Path) -> None:
        """Names the file, which need not be there yet."""
        self.path = Path(path)
        self._guess = threading.Lock()  # one at a time, whatever many guesses would cost

    def all(self) -> dict[str, dict[str, Any]]:
        """Everybody's role, salt and hash, by name.

        Raises:
            BadInput: The file is there and cannot be read.
        """
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            if any(each["role"] not in ROLES for each in found.values()):
                raise ValueError(f"a role is none of {', '.join(ROLES)}")
            if any(not {"salt", "hash", *COST} <= set(each) for each in found.values()):
                raise ValueError("somebody has no password in it")
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadInput("bad_users", name=self.path.name, reason=str(error)) from error
        return found

    def role(self, name: str) -> str | None:
        """What somebody may do; None for a stranger."""
        return self.all().get(name, {}).get("role")

    def right(self, name: str, password: str) -> bool:
        """Whether this is somebody's password; as slow for a stranger."""
        known = self.all().get(name)
        facts = known or {"salt": "00", "hash": "", **COST}
        with self._guess:
            guessed = _hashed(password, facts)
        return secrets.compare_digest(guessed, facts["hash"]) and known is not None

    def put(self, name: str, password: str, role: str = ROLES[0]) -> None:
        """Enters somebody, or gives them another password or role.

        Raises:
            BadInput: The name or the password will not do, or the file cannot be written.
        """
        if not NAME.fullmatch(name):
            reason = "letters, digits, . @ _ and - make a name of up to 64"
            raise BadInput("bad_user", who=name, reason=reason)
        if len(password) < SHORTEST:
            reason = f"a password has {SHORTEST} letters or more"
            raise BadInput("bad_user", who=name, reason=reason)
        facts = {"role": role, "salt": secrets.token_hex(16), **COST}
        self._write(self.all() | {name: facts | {"hash": _hashed(password, facts)}})

    def remove(self, name: str) -> None:
        """Shuts somebody out; what they decided stays.

        Raises:
            BadInput: There is nobody of this name.
        """
        everybody = self.all()
        if name not in everybody:
            raise BadInput("bad_user", who=name, reason="there is nobody of this name")
        del everybody[name]
        self._write(everybody)

    def _write(self, everybody: dict[str, dict[str, Any]]) -> None:
        fresh = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}")
        try:
            fresh.touch(0o600)
            fresh.write_text(json.dumps(everybody, indent=1), encoding="utf-8")
            fresh.replace(self.path)
        except OSError as error:
            reason = (error.strerror or "it cannot be written").lower()
            raise BadInput("bad_users", name=self.path.name, reason=reason) from error


def _hashed(password: str, facts: dict[str, Any]) -> str:
    cost = {name: int(facts[name]) for name in COST}
    salt = bytes.fromhex(facts["salt"])
    return hashlib.scrypt(password.encode(), salt=salt, maxmem=ROOM, **cost).hex()


def enter(path: str, name: str, role: str) -> None:
    """Asks for a password, twice at a terminal, and enters somebody.

    Raises:
        BadInput: They differ, or somebody cannot be entered so.
    """
    if sys.stdin.isatty():
        password = getpass.getpass(f"Password of {name}: ")
        if getpass.getpass("Once more: ") != password:
            raise BadInput("bad_user", who=name, reason="the two passwords differ")
    else:
        password = sys.stdin.readline().rstrip("\n")
    Users(path).put(name, password, role)
