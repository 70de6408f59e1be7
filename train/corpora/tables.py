"""Reading the text files that corpora come in."""

import csv
import gzip
import io
import math
from collections.abc import Iterator, Mapping
from pathlib import Path

from emotion.labels import from_five
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


def decoded(path: Path) -> str:
    """The text of a file in UTF-8, or in cp949 as Korean spreadsheets write it."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CannotTrain(f"{path} cannot be read: {error.strerror}.") from error
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise CannotTrain(f"{path} is a text neither in UTF-8 nor in cp949.")


def cells(path: Path) -> list[list[str]]:
    """The rows of a CSV in either encoding, stripped; rows may differ in width."""
    reader = csv.reader(io.StringIO(decoded(path), newline=""))
    try:
        return [[cell.strip() for cell in row] for row in reader]
    except csv.Error as error:
        raise CannotTrain(f"{path} cannot be read as a CSV: {error}.") from error


def clips(folder: Path) -> list[Path]:
    """All audio files below a folder, sorted."""
    if not folder.is_dir():
        raise CannotTrain(f"{folder} does not exist: is this the folder of that corpus?")
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in AUDIO)


def share(counts: Mapping[str, float]) -> dict[str, float] | None:
    """How much of the whole each has; None where there is nothing."""
    total = sum(counts.values())
    return {name: count / total for name, count in counts.items()} if total else None


def five(text: str, where: str, notes: Notes) -> float | None:
    """A rating of 1 to 5 brought to -1 to 1; None where empty, or odd and then noted."""
    if not text:
        return None
    try:
        rating = float(text)
    except ValueError:
        rating = math.nan
    if 1 <= rating <= 5:
        return from_five(rating)
    notes.lack(where, f"a rating that can be read: {text!r} is not between 1 and 5")
    return None


def number(text: str, where: str, notes: Notes) -> float | None:
    """A number, or None and a note."""
    try:
        return float(text)
    except ValueError:
        notes.leave(where, f"{text!r} is not a number")
        return None
