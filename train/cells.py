"""The cells of a table: runs that were made, and what was said in them, to be compared."""

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from emotion.checkpoint import SPLIT
from emotion.model.folder import is_whole
from train import compare, measures
from train.compare import Difference
from train.errors import CannotTrain
from train.journal import LOG
from train.questions import EVERY, shown
from train.recipe import Recipe, to_json
from train.report import FACTS, TABLE

AMONG = "uar_among"  # UAR, if only the emotions that a source has may be said
FIGURES = ("uar", "accuracy", "macro_f1", "weighted_f1", AMONG)


@dataclass(frozen=True)
class Cell:
    """One run of a table."""

    variant: str
    seed: int
    fold: int
    recipe: Recipe
    folder: Path

    @property
    def name(self) -> str:
        """What tells it from the table's other runs."""
        return f"{self.variant}, seed {self.seed}, fold {self.fold}"

    @property
    def finished(self) -> bool:
        """Whether it was run to its end, by this very recipe.

        Raises:
            CannotTrain: It was run by another.
        """
        if not is_whole(self.folder / "checkpoint"):
            return False
        written = (self.folder / "recipe.yaml").read_text(encoding="utf-8")
        if written != yaml.safe_dump(to_json(self.recipe), allow_unicode=True):
            raise CannotTrain(f"{self.folder} was made by another recipe: choose another --out.")
        return True

    @property
    def note(self) -> str:
        """What a reader of its figures has to know of its split."""
        return str(json.loads((self.folder / FACTS).read_text(encoding="utf-8"))["note"])

    @property
    def seconds(self) -> float:
        """How long it was trained."""
        lines = (self.folder / LOG).read_text(encoding="utf-8").splitlines()
        return sum(json.loads(line)["seconds"] for line in lines)


@dataclass(frozen=True)
class Predictions:
    """What the cells of a variant said, utterance by utterance.

    Attributes:
        keys: Seed, fold, source and name of each utterance.
        speakers: Who speaks; empty where unknown.
        truth: The labels' names.
        said: What was said.
        among: What would be, of the emotions that the source has.
        cell: Which cell each is of.
    """

    keys: list[tuple[str, ...]]
    speakers: list[str]
    truth: list[str]
    said: list[str]
    among: list[str]
    cell: np.ndarray


def refuse_mixed(cells: Sequence[Cell]) -> None:
    """Raises CannotTrain if a fold was not the same rows for all that are compared on it."""
    firsts: dict[int, tuple[Cell, dict[str, Any]]] = {}
    for cell in cells:
        split = json.loads((cell.folder / SPLIT).read_text(encoding="utf-8"))
        first, known = firsts.setdefault(cell.fold, (cell, split))
        if split != known:
            raise CannotTrain(
                f"{cell.folder} and {first.folder} were made from other data, so they cannot be "
                "compared: choose another --out."
            )


def read(source: str, cells: Sequence[Cell]) -> Predictions:
    """What a variant's cells said of a source's utterances, or of all.

    A source of few speakers has nobody in some folds; such a cell says nothing of it.
    """
    keys: list[tuple[str, ...]] = []
    rows: list[dict[str, str]] = []
    counts = []
    asked = [(cell, mine) for cell in cells if (mine := _rows(source, cell))]
    if not asked:
        raise CannotTrain(f"No run of {cells[0].variant} has an utterance of {source}.")
    for cell, mine in asked:
        keys += [(str(cell.seed), str(cell.fold), *name) for name in mine]
        rows += mine.values()
        counts.append(len(mine))
    return Predictions(
        keys,
        [f"{row['source']} {row['speaker']}" if row["speaker"] else "" for row in rows],
        [row["truth"] for row in rows],
        [row["predicted"] for row in rows],
        _among(rows),
        np.repeat(np.arange(len(asked)), counts),
    )


def summary(mine: Predictions) -> dict[str, Any]:
    """How good a variant is: each figure in each cell, their mean and their deviation."""
    truth, said, among = numbered(mine.truth, mine.said, mine.among)
    here = [mine.cell == number for number in range(int(mine.cell.max()) + 1)]
    each = [
        measures.of_labels(said[rows], truth[rows])
        | {AMONG: measures.uar(among[rows], truth[rows])}
        for rows in here
    ]
    return {
        name: {
            "mean": round(float(np.mean([one[name] for one in each])), 4),
            "deviation": round(float(np.std([one[name] for one in each])), 4),
            "each": [round(one[name], 4) for one in each],
        }
        for name in FIGURES
    }


def difference(name: str, mine: Predictions, other: Predictions) -> Difference:
    """How much better a variant is than another, on the utterances that both were asked."""
    place = {key: index for index, key in enumerate(other.keys)}
    shared = [(index, place[key]) for index, key in enumerate(mine.keys) if key in place]
    if not shared:
        raise CannotTrain("Two rows of the table have no utterance in common to be compared by.")
    ours, theirs = np.array(shared).T
    one, two = (each.among if name == AMONG else each.said for each in (mine, other))
    truth, said, others = numbered(
        [mine.truth[row] for row in ours],
        [one[row] for row in ours],
        [two[row] for row in theirs],
    )
    groups = clusters(mine)
    name = "uar" if name == AMONG else name
    return compare.paired(name, truth, said, others, [groups[row] for row in ours])


def clusters(mine: Predictions) -> list[str]:
    """Whose right and wrong answers go together: a speaker's, or where none is known, a clip's."""
    if all(mine.speakers) and len({*mine.speakers}) > 1:
        return mine.speakers
    return [" ".join(key[2:]) for key in mine.keys]


def numbered(*names: Sequence[str]) -> list[np.ndarray]:
    """Labels by number, the same in each list."""
    labels = sorted({name for each in names for name in each})
    number = {label: index for index, label in enumerate(labels)}
    return [np.array([number[name] for name in each]) for each in names]


def _among(rows: Sequence[dict[str, str]]) -> list[str]:
    """The likeliest of the emotions that each row's source has."""
    has: dict[str, set[str]] = {}
    for row in rows:
        has.setdefault(row["source"], set()).add(row["truth"])
    return [
        max(sorted(has[row["source"]]), key=lambda name: float(row[f"p_{name}"])) for row in rows
    ]


def _rows(source: str, cell: Cell) -> dict[tuple[str, str], dict[str, str]]:
    """What was said with the most sides shown, each utterance once, by source and name."""
    whole = shown(cell.recipe.model.able, cell.recipe.sides)[-1]
    with (cell.folder / TABLE).open(encoding="utf-8", newline="") as file:
        return {
            (row["source"], row["id"]): row
            for row in csv.DictReader(file)
            if row["question"].endswith(f", {whole}") and source in (EVERY, row["source"])
        }
