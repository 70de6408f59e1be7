"""Reading the text files that corpora come in."""

import csv
import gzip
import io
import math
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from emotion.labels import from_five
from train.corpora.sample import Notes
from train.errors import CannotTrain

AUDIO = (".wav", ".ogg", ".flac", ".mp3", ".m4a", ".opus")
UTF_8 = ("utf-8-sig",)
KOREAN = (*UTF_8, "cp949")  # the second is how Korean spreadsheets write
FIRST = 0  # as a width: that of the first row

Record = tuple[str, dict[str, str]]  # where it stands, and its fields by the names of their columns


@dataclass(frozen=True)
class Form:
    """How a table is written.

    Attributes:
        delimiter: What stands between fields.
        quoted: Whether a field may be quoted, and then hold the delimiter and line breaks.
        short: Whether a row may lack its last fields.
        encodings: What it may be encoded in; the first that fits is taken.
    """

    delimiter: str = ","
    quoted: bool = True
    short: bool = False
    encodings: tuple[str, ...] = KOREAN


CSV = Form()
TSV = Form("\t")


def rows(
    path: Path, notes: Notes, form: Form = CSV, width: int | None = FIRST
) -> Iterator[tuple[int, list[str]]]:
    """Yields the rows that hold anything, stripped, each with the line in which it begins.

    A quote that is never closed costs its own line, and none of those after it.

    Args:
        path: The table, gzipped or not.
        notes: Where rows that do not fit are noted.
        form: How it is written.
        width: How many fields a row has; None where rows differ.
    """
    lines = list(io.StringIO(_text_of_table(path, notes, form), newline=""))
    at = 0
    while at < len(lines):
        row, n_lines, why = _row(lines, at, form)
        if not why and any(row):
            width = len(row) if width == FIRST else width
            row, why = _fitted(row, width, form, n_lines)
        if why:
            notes.leave(f"{path.name}:{at + 1}", why)
        elif any(row):
            yield at + 1, row
        # What an odd row took from the lines after it may be rows of their own.
        at += 1 if why else n_lines


def _row(lines: Sequence[str], at: int, form: Form) -> tuple[list[str], int, str]:
    """The row that begins in a line, how many lines it has, and why it cannot be read."""
    reader = csv.reader(
        (lines[line] for line in range(at, len(lines))),
        delimiter=form.delimiter,
        quoting=csv.QUOTE_MINIMAL if form.quoted else csv.QUOTE_NONE,
        strict=True,
    )
    try:
        return [cell.strip() for cell in next(reader)], reader.line_num, ""
    except csv.Error as error:
        return [], 1, f"it cannot be read, as where a quote is never closed: {error}"


def _fitted(row: list[str], width: int | None, form: Form, n_lines: int) -> tuple[list[str], str]:
    """A row in its width, and why it has another."""
    if width is None or len(row) == width:
        return row, ""
    if len(row) > width and not any(row[width:]):
        return row[:width], ""  # a spreadsheet adds empty fields
    if len(row) < width and form.short and n_lines == 1:
        return [*row, *[""] * (width - len(row))], ""
    over = f", over {n_lines} lines, as where a quote is never closed" if n_lines > 1 else ""
    return row, f"{len(row)} fields instead of {width}{over}"


def table(
    path: Path,
    columns: Sequence[str],
    notes: Notes,
    form: Form = CSV,
    spelled: Callable[[str], str] = str,
) -> tuple[list[str], Iterator[Record]]:
    """The columns that a table's first row names, and its other rows by those names.

    Args:
        path: The table.
        columns: Those that it has to name.
        notes: Where rows that do not fit are noted.
        form: How it is written.
        spelled: Brings a column's name to one spelling.
    """
    found = rows(path, notes, form)
    _, head = next(found, (0, []))
    names = [spelled(name) for name in head]
    if lacking := [name for name in columns if name not in names]:
        raise CannotTrain(f"{path}: its first row does not name {', '.join(lacking)}.")
    twice = [name for name, count in Counter(names).items() if name and count > 1]
    if twice:
        raise CannotTrain(f"{path}: its first row names {', '.join(twice)} more than once.")
    return names, _named(path, found, names)


def records(
    path: Path, columns: Sequence[str], notes: Notes, form: Form = CSV, headed: bool = True
) -> Iterator[Record]:
    """Yields the rows of a table that has to have certain columns, and a row at least.

    Args:
        path: The table.
        columns: The columns; all of them, in their order, where no row names them.
        notes: Where rows that do not fit are noted.
        form: How it is written.
        headed: Whether its first row names its columns.
    """
    if headed:
        _, found = table(path, columns, notes, form)
    else:
        found = _named(path, rows(path, notes, form, len(columns)), columns)
    first = next(found, None)
    if first is None:
        raise CannotTrain(f"{path} holds no row of {', '.join(columns)}.")
    yield first
    yield from found


def _named(
    path: Path, found: Iterator[tuple[int, list[str]]], names: Sequence[str]
) -> Iterator[Record]:
    return ((f"{path.name}:{line}", dict(zip(names, row, strict=True))) for line, row in found)


def _text_of_table(path: Path, notes: Notes, form: Form) -> str:
    text, encoding = _decoded(path, form.encodings)
    if encoding not in UTF_8:
        notes.find(f"Tables that are not in UTF-8 are read as {encoding}.")
    return text


def decoded(path: Path) -> str:
    """The text of a file in UTF-8, or in cp949 as Korean spreadsheets write it."""
    return _decoded(path, KOREAN)[0]


def _decoded(path: Path, encodings: Sequence[str]) -> tuple[str, str]:
    """The text of a file, unpacked, and what it is encoded in."""
    try:
        data = path.read_bytes()
        data = gzip.decompress(data) if path.suffix == ".gz" else data
    except FileNotFoundError as error:
        raise CannotTrain(f"{path} does not exist: is this the folder of that corpus?") from error
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise CannotTrain(f"{path} is no whole gzip file; was it cut short? {error}") from error
    except OSError as error:
        raise CannotTrain(f"{path} cannot be read: {error.strerror}.") from error
    lines = []
    for encoding in encodings:
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError as error:
            lines.append(data.count(b"\n", 0, error.start) + 1)
    names = " or ".join(name.removesuffix("-sig").upper() for name in encodings)
    raise CannotTrain(f"{path} is not a text in {names}: see line {lines[0]}.")


def clips(folder: Path) -> list[Path]:
    """All audio files below a folder, sorted; not what a Mac leaves beside them."""
    if not folder.is_dir():
        raise CannotTrain(f"{folder} does not exist: is this the folder of that corpus?")
    found = (path for path in folder.rglob("*") if path.suffix.lower() in AUDIO)
    return sorted(path for path in found if not path.name.startswith(".") and path.is_file())


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


def number(text: str, least: float, most: float, where: str, notes: Notes) -> float | None:
    """A number within bounds, or None and a note that the row is left out."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if least <= value <= most:
        return value
    notes.leave(where, f"{text!r} is not a number from {least:g} to {most:g}")
    return None
