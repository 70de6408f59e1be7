"""A table of clips and words: its columns, its rows, and where the paths in it begin."""

import csv
import io
import os
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from emotion.containers import last_part
from emotion.encoding import decoded
from emotion.errors import BadInput, unopened

Cells = dict[str, str]

# A column a rater: label_kim.
RATED = re.compile(r"(label|valence|arousal)[_ ](.+)", re.IGNORECASE)
ZIP = b"PK\x03\x04"  # how one begins, and a spreadsheet of Excel too
EMPTY = "it is empty"
NO_TEXT = "it is no text in UTF-8 or cp949, as a CSV is"
BETWEEN = re.compile(r"[;|]")  # several labels of one rater


class Reach(NamedTuple):
    """Where a manifest's paths begin, and the folder out of which none may lead.

    A link in that folder may: nobody but its owner can put one there, and no zip unpacks to one.
    """

    folder: Path
    within: Path | None = None

    def path(self, audio: str) -> Path:
        """The path that a row names; one that leads out is as if it were not there.

        What is not there as it is spelled may be as a Mac or a Windows spells it.
        """
        if "\0" in audio:
            raise BadInput("missing_file", name=last_part(audio))
        literal = self._inside(audio)
        there = (path for each in spellings(audio) if is_there(path := self._inside(each)))
        return next(there, literal)

    def _inside(self, audio: str) -> Path:
        if not self.within:
            return self.folder / audio
        # Where the letters lead: "link/.." is no way out through a link.
        path, within = (
            Path(os.path.normpath(each.absolute())) for each in (self.folder / audio, self.within)
        )
        if not path.is_relative_to(within):
            raise BadInput("missing_file", name=last_part(audio))
        return path


def is_there(path: Path) -> bool:
    """Whether something lies at a path; not where the disk takes no such name."""
    with suppress(OSError):
        return path.exists()
    return False


def spellings(path: str) -> Iterator[str]:
    """A path as it is; with letters whole as most systems write them, and in parts as a Mac may.

    Then the same with what a Windows writes between folders in its place.
    """
    for slashed in dict.fromkeys((path, path.replace("\\", "/"))):
        yield slashed
        yield unicodedata.normalize("NFC", slashed)
        yield unicodedata.normalize("NFD", slashed)


def spelled(column: str) -> str:
    """A column's name as it is looked for, whatever its case and the spaces around it."""
    return column.strip().lower()


def is_spreadsheet(file: Path | io.BytesIO) -> bool:
    """Whether a file is a zip as Excel and its like write it."""
    broken = suppress(OSError, ValueError, RuntimeError, zipfile.BadZipFile)
    with broken, zipfile.ZipFile(file) as parts:
        return "[Content_Types].xml" in parts.namelist()
    return False


def between(text: str) -> str:
    """What stands between the fields of a table, as its first row tells."""
    first = re.split(r"[\r\n]", text.lstrip("\r\n"), maxsplit=1)[0]
    return max(",;\t", key=first.count)


def read_manifest(path: Path) -> tuple[list[str], list[Cells]]:
    """The columns and rows of a table of clips, words, body signals or several of them.

    Raises:
        BadInput: It cannot be read, or has none of these.
    """
    columns, rows = decoded_rows(path)
    if {"audio", "text", "body"}.isdisjoint(map(spelled, columns)):
        raise BadInput("no_columns", name=path.name)
    return columns, rows


def decoded_rows(path: Path) -> tuple[list[str], list[Cells]]:
    """The columns and rows of a CSV in UTF-8, or in cp949 as Korean spreadsheets write it.

    Between its fields stands , or, as spreadsheets of other countries write it, ; or a tab.

    Raises:
        BadInput: It cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unopened(path, error) from error
    if is_spreadsheet(io.BytesIO(data)):
        raise BadInput("spreadsheet", name=path.name)
    if data.startswith(ZIP):
        raise BadInput("bad_manifest", name=path.name, reason="it is a zip or a spreadsheet's file")
    try:
        text = decoded(data)
        file = io.StringIO(text, newline="")
        reader = csv.DictReader(file, restval="", restkey=None, delimiter=between(text))
        rows = list(reader)
    except UnicodeDecodeError as error:
        raise BadInput("bad_manifest", name=path.name, reason=NO_TEXT) from error
    except csv.Error as error:
        raise BadInput("bad_manifest", name=path.name, reason=str(error)) from error
    if not text.strip():
        raise BadInput("bad_manifest", name=path.name, reason=EMPTY)
    for row in rows:
        row.pop(None, None)  # what stands beyond the last column
    return list(reader.fieldnames or []), rows
