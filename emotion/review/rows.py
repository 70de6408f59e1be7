"""A row of a manifest as a clip of a project, and what is wrong with it."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from emotion.containers import last_part, on_disk, opened
from emotion.errors import BadInput
from emotion.labels import SPELLINGS, from_five
from emotion.manifest import BETWEEN, RATED, Cells, Reach, spelled
from emotion.review.clips import Entry
from emotion.review.opinion import Rating
from emotion.tables import plain

KNOWN = ("id", "audio", "text", "label", "valence", "arousal", "speaker", "session", "corpus")
# What no page hands back as it was given: control characters, and bytes of another encoding.
UNSAFE = ("Cc", "Cs")


@dataclass(frozen=True)
class Table:
    """A manifest.

    Attributes:
        columns: As its first row names them.
        rows: What stands below each.
    """

    columns: Sequence[str]
    rows: Sequence[Cells]

    @property
    def raters(self) -> dict[str, dict[str, str]]:
        """Of each rater, the column of the label, of valence and of arousal."""
        found: dict[str, dict[str, str]] = {}
        names: dict[str, str] = {}  # as the first of somebody's columns spells it
        for column in self.columns:
            if match := RATED.fullmatch(column.strip()):
                who = names.setdefault(match[2].lower(), match[2])
                found.setdefault(who, {})[match[1].lower()] = column
        return found

    @property
    def twice(self) -> list[str]:
        """What is read and has two columns, of which nobody knows which is meant.

        Tables that were put together may have two of which each row fills one.
        """
        named: dict[str, list[str]] = {}
        for column in self.columns:
            named.setdefault(_key(column), []).append(column)
        read = {key: columns for key, columns in named.items() if key in KNOWN or RATED.match(key)}
        return [key for key, columns in read.items() if self._differ(columns)]

    def _differ(self, columns: Sequence[str]) -> bool:
        if len(set(columns)) < len(columns):  # of which only the last one has been read
            return True
        rows = ({row.get(name) or "" for name in columns} - {""} for row in self.rows)
        return len(columns) > 1 and any(len(cells) > 1 for cells in rows)

    @property
    def five(self) -> bool:
        """Whether valence and arousal are given from 1 to 5, told from the data."""
        places = ("valence", "arousal")
        rated = [name for name in self.columns if spelled(name).startswith(places)]
        found = (_number(row.get(name) or "") for row in self.rows for name in rated)
        values = [value for value in found if value is not None]
        # One slip of the pen does not turn a table that goes from -1 to 1 into another.
        return sum(value > 1 for value in values) > sum(value < 1 for value in values)


@dataclass
class Reader:
    """Reads the rows of one manifest.

    Attributes:
        table: The manifest.
        reach: Where its clips lie.
        name: What it is called.
    """

    table: Table
    reach: Reach
    name: str
    _raters: dict[str, dict[str, str]] = field(init=False)
    _five: bool = field(init=False)

    def __post_init__(self) -> None:
        self._raters, self._five = self.table.raters, self.table.five

    def read(self, line: int) -> tuple[Entry, list[BadInput]]:
        """The clip of a row, from 1, and what in the row cannot be used.

        Raises:
            BadInput: Nothing of the row can be used.
        """
        row = self._row(line)
        if not row.get("audio") and not row.get("text"):
            raise BadInput("row_empty")
        if row.get("audio"):
            audible(self.reach, row["audio"])
        name = row.get("id") or row.get("audio") or f"{self.name}:{line}"
        if printable(name) != name:
            raise BadInput("row_id", name=printable(name))
        odd: list[BadInput] = []
        raters = {who: self._rating(row, columns, odd) for who, columns in self._raters.items()}
        labels = self._labels(row.get("label", ""), odd)
        if len(labels) > 1:
            odd.append(BadInput("row_labels", value=row["label"]))
        own = labels[0] if len(labels) == 1 else None
        entry = Entry(
            name,
            row.get("audio", ""),
            row.get("text", ""),
            own or winner(Counter(label for each in raters.values() for label in each.labels)),
            self._mean(row, "valence", raters.values(), odd),
            self._mean(row, "arousal", raters.values(), odd),
            {who: each for who, each in raters.items() if each != Rating()},
            row.get("speaker", ""),
            row.get("session", ""),
            row.get("corpus", ""),
            self._cells(line),
        )
        return entry, odd

    def called(self, line: int) -> str:
        """What a row is called where it is told of; empty where it has no name."""
        row = self._row(line)
        return printable(row.get("id") or row.get("audio") or "")

    def _row(self, line: int) -> Cells:
        row: Cells = {}
        for name, cell in self._cells(line).items():
            row[_key(name)] = plain(cell).strip() or row.get(_key(name), "")
        return row

    def _cells(self, line: int) -> Cells:
        row = self.table.rows[line - 1]
        return {name: row.get(name) or "" for name in self.table.columns}

    def _rating(self, row: Cells, columns: dict[str, str], odd: list[BadInput]) -> Rating:
        def cell(what: str) -> str:
            # A table may have a column without a name, as a spreadsheet's numbers of rows.
            return row.get(_key(columns[what]), "") if what in columns else ""

        return Rating(
            self._labels(cell("label"), odd),
            self._place(cell("valence"), odd),
            self._place(cell("arousal"), odd),
        )

    def _labels(self, cell: str, odd: list[BadInput]) -> tuple[str, ...]:
        found = []
        for each in filter(None, (part.strip() for part in BETWEEN.split(cell))):
            if label := SPELLINGS.get(each.casefold()):
                found.append(label)
            else:
                odd.append(BadInput("row_label", value=each))
        return tuple(dict.fromkeys(found))

    def _place(self, cell: str, odd: list[BadInput]) -> float | None:
        value = _number(cell)
        least, most = (1, 5) if self._five else (-1, 1)
        if value is not None and least <= value <= most:
            return from_five(value) if self._five else value
        if cell:
            odd.append(BadInput("row_number", value=cell, least=least, most=most))
        return None

    def _mean(
        self, row: Cells, what: str, raters: Iterable[Rating], odd: list[BadInput]
    ) -> float | None:
        """What the row says, or else the raters' mean."""
        said = self._place(row.get(what, ""), odd)
        each = [value for rater in raters if (value := getattr(rater, what)) is not None]
        return said if said is not None or not each else sum(each) / len(each)


def winner(votes: Counter[str]) -> str | None:
    """What most said; None where several are level."""
    ranked = votes.most_common(2)
    level = len(ranked) == 2 and ranked[0][1] == ranked[1][1]
    return ranked[0][0] if ranked and not level else None


def _key(column: str) -> str:
    """A column's name as it is looked for, a rater's too."""
    return RATED.sub(r"\1_\2", spelled(column))


def printable(name: str) -> str:
    """A name with a mark in place of what no page hands back as it was given."""
    return "".join("\ufffd" if unicodedata.category(c) in UNSAFE else c for c in name)


def audible(reach: Reach, audio: str) -> None:
    """Refuses a voice that is not there or is no sound; what is damaged inside shows later.

    Raises:
        BadInput: What is wrong with it.
    """
    called = last_part(audio)
    with on_disk(reach.path(audio), called) as file, opened(file, called):
        pass


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
