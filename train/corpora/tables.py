"""Reading the text files that corpora come in."""

import csv
import gzip
from collections.abc import Iterator
from pathlib import Path

from train.corpora.sample import Notes
from train.errors import CannotTrain

AUDIO = (".wav", ".ogg", ".flac", ".mp3", ".m4a", ".opus")


def rows(path: Path, delimiter: str, notes: Notes, quoted: bool = True) -> Iterator[list[str]]:
    """Yields the rows of a table, with or without a byte order mark, gzipped or not.

    Args:
        path: The table; it must exist.
        delimiter: What stands between fields.
        notes: Where rows of another width than the first are noted and left out.
        quoted: Whether a field may be quoted, and then hold the delimiter and line breaks.
    """
    if not path.is_file():
        raise CannotTrain(f"{path} does not exist: is this the folder of that corpus?")
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        if quoted:
            reader = csv.reader(file, delimiter=delimiter)
        else:
            reader = csv.reader(file, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        width = 0
        for row in reader:
            width = width or len(row)
            if len(row) == width:
                yield row
            elif row:
                notes.leave(
                    f"{path.name}:{reader.line_num}", f"{len(row)} fields instead of {width}"
                )


def records(path: Path, delimiter: str, notes: Notes) -> Iterator[dict[str, str]]:
    """Yields the rows of a table whose first row names the columns, by those names."""
    table = rows(path, delimiter, notes)
    names = next(table, [])
    return (dict(zip(names, row, strict=True)) for row in table)


def clips(folder: Path) -> list[Path]:
    """All audio files below a folder, sorted."""
    if not folder.is_dir():
        raise CannotTrain(f"{folder} does not exist: is this the folder of that corpus?")
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in AUDIO)


def number(text: str, where: str, notes: Notes) -> float | None:
    """A number, or None and a note."""
    try:
        return float(text)
    except ValueError:
        notes.leave(where, f"{text!r} is not a number")
        return None
