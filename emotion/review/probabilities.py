"""Probabilities from elsewhere, as those of models that never heard a clip's speaker."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from emotion.errors import BadInput
from emotion.labels import BY_NAME
from emotion.manifest import Cells, decoded_rows, spelled
from emotion.review.database import Database
from emotion.tables import plain

PREFIX = "p_"

Shares = dict[str, dict[str, float]]  # of each label, by the clip's id


class Given:
    """The probabilities that were given to a project, which stand above its model's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, shares: Mapping[str, Mapping[str, float]], name: str) -> None:
        """Keeps a table's probabilities, in place of those that its clips had.

        Args:
            shares: What read_probabilities found.
            name: What the table is called.

        Raises:
            BadInput: None of its clips is in the project; then nothing has changed.
        """
        with self._database.writing() as connection:
            here = {row["id"] for row in connection.execute("SELECT id FROM clips")}
            if here.isdisjoint(shares):
                raise BadInput("strange_probabilities", name=name)
            connection.executemany(
                "INSERT OR REPLACE INTO given VALUES (?, ?)",
                [(id, json.dumps(dict(each))) for id, each in shares.items()],
            )

    def all(self) -> Shares:
        """What was given of the clips that are here, by their id."""
        rows = self._database.rows("SELECT given.* FROM given JOIN clips USING (id)")
        return {row["id"]: json.loads(row["shares"]) for row in rows}


def holds_probabilities(path: Path) -> bool:
    """Whether a table holds probabilities of clips that are elsewhere, and no clips.

    Raises:
        BadInput: It cannot be read.
    """
    columns = [spelled(name) for name in decoded_rows(path)[0]]
    clips = {"audio", "text"} & set(columns)
    return not clips and any(name.startswith(PREFIX) for name in columns)


def read_probabilities(path: str | Path) -> Shares:
    """Reads a CSV with a column id and one p_LABEL for each label, as training writes it.

    Several rows of one clip count the same.

    Returns:
        The probabilities of each clip, summing to 1.

    Raises:
        BadInput: It is no such table, or a number in it is none.
    """
    path = Path(path)
    named, found_rows = decoded_rows(path)
    columns = [spelled(name) for name in named]
    rows = [{spelled(name): cell for name, cell in row.items()} for row in found_rows]
    names = [name for name in columns if name.startswith(PREFIX)]
    labels = [name.removeprefix(PREFIX) for name in names]
    if "id" not in columns or len(names) < 2 or not set(labels) <= set(BY_NAME):
        wanted = ", ".join(PREFIX + each for each in BY_NAME)
        raise BadInput("bad_probabilities", name=path.name, columns=wanted)
    found: dict[str, list[list[float]]] = defaultdict(list)
    for line, row in enumerate(rows, 1):
        found[plain(row["id"]).strip()].append(_shares(row, names, path.name, line))
    return {
        name: dict(
            zip(labels, [sum(one) / len(each) for one in zip(*each, strict=True)], strict=True)
        )
        for name, each in found.items()
    }


def _shares(row: Cells, names: list[str], name: str, line: int) -> list[float]:
    try:
        values = [float(row[each] or 0) for each in names]
    except ValueError:
        values = []
    total = sum(values)
    if not (values and all(0 <= each < math.inf for each in values) and 0 < total < math.inf):
        raise BadInput("bad_probability", name=name, line=line)
    return [each / total for each in values]
