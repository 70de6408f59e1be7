"""Where a stranger's table begins: the row of its names, its values, and what parts the fields."""

import csv
import io
import itertools
import re
from typing import NamedTuple

from emotion.body import names

BEFORE = 100  # lines at most that a program writes before the values
VALUE = re.compile(r"(?=.*\d)(?:[\d\W]|[ap]m|오전|오후|[tez])+", re.IGNORECASE)
COMMENT = "#% "


class Layout(NamedTuple):
    """Where a table's rows stand.

    Attributes:
        between: What parts the fields.
        names: The line of the names, from 0 on; None where there is none.
        values: The line of the first values.
    """

    between: str
    names: int | None
    values: int

    def table(self, text: str) -> str:
        """The row of names and all values, without what stands before and between them."""
        lines = io.StringIO(text, newline=None)
        head = list(itertools.islice(lines, self.values))
        return (head[self.names] if self.names is not None else "").lstrip(COMMENT) + lines.read()


def seek(text: str) -> Layout:
    """Finds the names of a table: of the rows of words above its first values, those known best.

    A title, comments, what a program says of itself and a row of units may stand beside them.

    Args:
        text: A table with something in it.
    """
    head = list(itertools.islice(io.StringIO(text, newline=None), BEFORE))
    head += [text] if not any(map(str.strip, head)) else []
    first = next(n for n, line in enumerate(head) if line.strip())
    values = next((n for n, line in enumerate(head) if _measured(fields(line))), None)
    if values is None or values == first:
        return _plain(head[first], first)
    between = _between(head[values])
    rows = {n: fields(head[n].lstrip(COMMENT), between) for n in range(values)}
    least = _last(fields(head[values]))
    above = [n for n in reversed(rows) if _last(rows[n]) >= least]
    if not above and head[first].startswith(tuple(COMMENT.strip())):
        return Layout(between, None, values)
    if not above:
        return _plain(head[first], first)
    best = max(above, key=lambda n: _known(rows[n]))
    # What stands between and has no value at all is a row of units.
    begin = next(n for n in range(best + 1, values + 1) if any(map(is_value, fields(head[n]))))
    return Layout(between, best, begin)


def fields(line: str, between: str = "") -> list[str]:
    """The fields of one line."""
    return next(csv.reader([line], delimiter=between or _between(line), skipinitialspace=True), [])


def is_value(cell: str) -> bool:
    """Whether something is a number or a moment, and so no name of a column."""
    try:
        float(cell)
    except ValueError:
        return bool(VALUE.fullmatch(cell.strip()))
    return True


def _plain(line: str, n: int) -> Layout:
    """The layout of a table that begins with its names, or with its values."""
    between = max(",;\t", key=line.count)
    if any(map(is_value, fields(line, between))):
        return Layout(between, None, n)
    return Layout(between, n, n + 1)


def _between(line: str) -> str:
    """What parts the fields of a row: decimals may have a comma where it does not."""
    return next((each for each in "\t;" if each in line), ",")


def _measured(cells: list[str]) -> bool:
    filled = [each for each in cells if each.strip()]
    return bool(filled) and 2 * sum(map(is_value, filled)) >= len(filled)


def _last(cells: list[str]) -> int:
    """How many fields there are up to the last that is not empty."""
    return max((n for n, each in enumerate(cells, 1) if each.strip()), default=0)


def _known(cells: list[str]) -> int:
    """How many kinds of signals and times a row names."""
    named = [each for each in cells if not names.is_unit(each)]
    return sum(names.called(kind, named) is not None for kind in names.KNOWN)
