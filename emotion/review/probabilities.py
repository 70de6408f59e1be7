"""Probabilities from elsewhere, as those of models that never heard a clip's speaker."""

import math
from collections import defaultdict
from pathlib import Path

from emotion.errors import BadInput
from emotion.labels import BY_NAME
from emotion.manifest import Cells, decoded_rows

PREFIX = "p_"


def read_probabilities(path: str | Path) -> dict[str, dict[str, float]]:
    """Reads a CSV with a column id and one p_LABEL for each label, as training writes it.

    Several rows of one clip count the same.

    Returns:
        The probabilities of each clip, summing to 1.

    Raises:
        BadInput: It is no such table, or a number in it is none.
    """
    path = Path(path)
    columns, rows = decoded_rows(path)
    names = [name for name in columns if name.startswith(PREFIX)]
    labels = [name.removeprefix(PREFIX) for name in names]
    if "id" not in columns or len(names) < 2 or not set(labels) <= set(BY_NAME):
        reason = f"it needs a column id and some of {', '.join(PREFIX + each for each in BY_NAME)}"
        raise BadInput("bad_manifest", name=path.name, reason=reason)
    found: dict[str, list[list[float]]] = defaultdict(list)
    for line, row in enumerate(rows, 1):
        found[row["id"]].append(_shares(row, names, path.name, line))
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
    if not (values and all(0 <= each < math.inf for each in values) and total > 0):
        reason = f"its row {line} holds no probabilities"
        raise BadInput("bad_manifest", name=name, reason=reason)
    return [each / total for each in values]
