"""A table of systems: each variant of a recipe, on each fold, with each seed, and what differs.

    python -m train ablate train/tables/ravdess-5-fold.yaml --data ravdess=DIR --out runs/ravdess

Each cell is an ordinary run in a folder of its own, VARIANT/seed-S/fold-F. What is finished is not
run again, and what was stopped goes on.
"""

import argparse
import csv
import itertools
import json
import re
import shlex
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from emotion.model.config import from_dict
from train import compare, recipe, run
from train.compare import Difference
from train.errors import CannotTrain
from train.questions import EVERY
from train.recipe import Recipe, to_json
from train.report import FACTS, NAMES, TABLE
from train.state import FILE

RECIPES = Path(__file__).parent / "recipes"
FOLD = re.compile(r", fold \d+ \(of \d+, from 0\)")  # in a split's note
COLUMNS = ("uar", "accuracy", "macro_f1", "weighted_f1")


@dataclass(frozen=True)
class Table:
    """What a table compares."""

    about: str = ""
    """What it shows, and what its words and voices can and cannot tell."""
    recipe: str = ""
    """The recipe that all variants are variants of."""
    set: dict[str, Any] = field(default_factory=dict)
    """What all of them replace of it."""
    variants: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Each row's name, and what it replaces in turn."""
    seeds: tuple[int, ...] = (1,)
    """The seeds that each is run with."""
    folds: int = 1
    """How many of the protocol's folds are run, from the first."""
    source: str = EVERY
    """Which utterances count: a source's, or all."""
    figures: tuple[str, ...] = ("accuracy", "weighted_f1")
    """The columns; the first is the one whose differences are tested."""
    reference: str = ""
    """The row that the others are compared with."""
    published: dict[str, dict[str, float | str]] = field(default_factory=dict)
    """What the paper says of a row, by figure."""


@dataclass(frozen=True)
class Cell:
    """One run of a table."""

    variant: str
    seed: int
    fold: int
    recipe: Recipe
    folder: Path


@dataclass(frozen=True)
class Predictions:
    """What the cells of a variant said, utterance by utterance.

    Attributes:
        keys: Seed, fold, source and name of each utterance.
        speakers: Who speaks; empty where unknown.
        truth: The labels' names.
        said: What was said.
        cell: Which cell each is of.
    """

    keys: list[tuple[str, ...]]
    speakers: list[str]
    truth: list[str]
    said: list[str]
    cell: np.ndarray


def ablate(options: argparse.Namespace, folders: dict[str, Path]) -> str:
    """Runs what is not yet run of a table, writes it, and returns it as Markdown."""
    table = load(options.table)
    cells = list(cells_of(table, options.out))
    began = time.monotonic()
    todo = [cell for cell in cells if not finished(cell)]
    for number, cell in enumerate(todo):
        name = f"{cell.variant}, seed {cell.seed}, fold {cell.fold}"
        print(f"{number + 1} of {len(todo)}: {name}{_left(began, number, todo)}", file=sys.stderr)
        run.train(cell.recipe, folders, cell.folder, _as_fit(options, cell))
        # A finished cell needs no state to go on with, and there may be many large ones.
        (cell.folder / FILE).unlink(missing_ok=True)
    return write(table, cells, options)


def load(path: Path) -> Table:
    """Reads a table; an unknown key, or a base that is missing, is refused."""
    try:
        table: Table = from_dict(_read(path), Table)
    except OSError as error:
        raise CannotTrain(f"The table {path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, ValueError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())
        raise CannotTrain(f"The table {path} cannot be used: {reason}.") from error
    if not table.variants or table.reference not in table.variants:
        raise CannotTrain(f"The table {path} needs variants, and one of them as its reference.")
    strange = [name for name in table.figures if name not in COLUMNS]
    if strange or not table.figures:
        raise CannotTrain(f"The table {path} can show {', '.join(COLUMNS)}, not {strange}.")
    return table


def cells_of(table: Table, out: Path) -> Iterator[Cell]:
    """The runs of a table: all variants of a fold before the next fold."""
    for seed, fold, name in itertools.product(table.seeds, range(table.folds), table.variants):
        own = {**table.variants[name], "seed": seed, "fold": fold}
        changes = recipe.merged(table.set, own)
        folder = out / re.sub(r"[^\w+.-]+", "-", name) / f"seed-{seed}" / f"fold-{fold}"
        yield Cell(name, seed, fold, recipe.load(RECIPES / table.recipe, changes), folder)


def finished(cell: Cell) -> bool:
    """Whether a cell was run to its end, by this very recipe."""
    if not (cell.folder / "checkpoint" / "config.json").is_file():
        return False
    written = (cell.folder / "recipe.yaml").read_text(encoding="utf-8")
    if written != yaml.safe_dump(to_json(cell.recipe), allow_unicode=True):
        raise CannotTrain(f"{cell.folder} was made by another recipe: choose another --out.")
    return True


def write(table: Table, cells: list[Cell], options: argparse.Namespace) -> str:
    """Writes table.json and table.md, and returns the latter."""
    mine = {name: [cell for cell in cells if cell.variant == name] for name in table.variants}
    found = {name: read(table, members) for name, members in mine.items()}
    rows = [_row(table, name, found) for name in table.variants]
    # What all folds share is said once.
    notes = sorted({re.sub(FOLD, "", _facts(cell)["note"]) for cell in cells} - {""})
    seconds = sum(_seconds(cell) for cell in cells)
    facts = {"about": table.about, "notes": notes, "seconds": round(seconds), "rows": rows}
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (options.out / "table.json").write_text(text + "\n", encoding="utf-8")
    page = to_markdown(table, rows, notes, seconds, _command(options))
    (options.out / "table.md").write_text(page, encoding="utf-8")
    return page


def read(table: Table, cells: list[Cell]) -> Predictions:
    """What a variant's cells said of the utterances that count."""
    found = Predictions([], [], [], [], np.zeros(0, int))
    counts = []
    for cell in cells:
        path = cell.folder / TABLE
        rows = [row for row in _csv(path) if row["question"].startswith(f"{table.source}, ")]
        if not rows and table.source == EVERY:  # of one source alone, there is no "every"
            rows = _csv(path)
        if not rows:
            raise CannotTrain(f"{path} has no utterance of {table.source}.")
        for row in rows:
            found.keys.append((str(cell.seed), str(cell.fold), row["source"], row["id"]))
            found.speakers.append(f"{row['source']} {row['speaker']}" if row["speaker"] else "")
            found.truth.append(row["truth"])
            found.said.append(row["predicted"])
        counts.append(len(rows))
    return Predictions(
        *(found.keys, found.speakers, found.truth, found.said),
        np.repeat(np.arange(len(cells)), counts),
    )


def difference(name: str, mine: Predictions, other: Predictions) -> Difference:
    """How much better a variant is than another, on the utterances that both were asked."""
    place = {key: index for index, key in enumerate(other.keys)}
    shared = [(index, place[key]) for index, key in enumerate(mine.keys) if key in place]
    ours, theirs = (list(side) for side in zip(*shared, strict=True))
    labels = sorted({*mine.truth, *mine.said, *other.said})
    number = {label: index for index, label in enumerate(labels)}

    def numbers(values: list[str], rows: list[int]) -> np.ndarray:
        return np.array([number[values[row]] for row in rows])

    speakers = [mine.speakers[row] for row in ours]
    return compare.paired(
        name,
        numbers(mine.truth, ours),
        numbers(mine.said, ours),
        numbers(other.said, theirs),
        speakers if all(speakers) else None,
    )


def to_markdown(
    table: Table, rows: list[dict[str, Any]], notes: list[str], seconds: float, command: str
) -> str:
    """The table as a page."""
    names = [NAMES[name] for name in table.figures]
    published = [f"published {NAMES[name]}" for name in table.figures if _published(table, name)]
    gap = f"{names[0]} against “{table.reference}” (95 %), p"
    head = ["system", *names, gap, *published]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for row in rows:
        told = table.published.get(row["name"], {})
        cells = [row["name"], *(_spread(row["figures"][name]) for name in table.figures)]
        cells.append(_gap(row["difference"]))
        cells += [str(told.get(name, "–")) for name in table.figures if _published(table, name)]
        lines.append(f"| {' | '.join(cells)} |")
    n = rows[0]["n"]
    made = (
        f"{n} judgements of {rows[0]['cells']} runs a row; mean ± standard deviation over the "
        "runs. Differences: paired bootstrap over "
        + ("speakers" if rows[0]["by_speaker"] else "utterances")
        + f" of all folds. {seconds / 60:.0f} minutes of training in all."
    )
    parts = [table.about.strip(), *notes, "\n".join(lines), made, f"```\n{command}\n```"]
    return "\n\n".join(parts) + "\n"


def _row(table: Table, name: str, found: Mapping[str, Predictions]) -> dict[str, Any]:
    mine, other = found[name], found[table.reference]
    labels = sorted({*mine.truth, *mine.said})
    number = {label: index for index, label in enumerate(labels)}
    truth = np.array([number[label] for label in mine.truth])
    said = np.array([number[label] for label in mine.said])
    n_cells = int(mine.cell.max()) + 1
    each = [compare.figures(truth[mine.cell == c], said[mine.cell == c]) for c in range(n_cells)]
    gap = None if name == table.reference else difference(table.figures[0], mine, other)
    return {
        "name": name,
        "n": len(truth),
        "cells": n_cells,
        "by_speaker": all(mine.speakers),
        "figures": {
            column: {
                "mean": round(float(np.mean([one[column] for one in each])), 4),
                "deviation": round(float(np.std([one[column] for one in each])), 4),
                "each": [round(one[column], 4) for one in each],
            }
            for column in COLUMNS
        },
        "difference": None if gap is None else {k: round(v, 4) for k, v in vars(gap).items()},
    }


def _read(path: Path, seen: tuple[Path, ...] = ()) -> dict[str, Any]:
    values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    base = values.pop("base", None)
    if base is None:
        return values
    if path in seen:
        raise ValueError(f"it is its own base, by way of {base}")
    below = _read(path.parent / base, (*seen, path))
    return {**below, **values, "set": recipe.merged(below.get("set", {}), values.get("set", {}))}


def _as_fit(options: argparse.Namespace, cell: Cell) -> argparse.Namespace:
    """The options that the command `fit` would have been given for a cell."""
    return argparse.Namespace(
        recipe=Path(cell.variant),
        data=options.data,
        cache=options.cache,
        resume=(cell.folder / FILE).is_file(),
        stop_after=options.stop_after,
        checkpoint=None,
        baseline=False,
        set=[],
    )


def _left(began: float, done: int, todo: list[Cell]) -> str:
    if not done:
        return ""
    minutes = (time.monotonic() - began) / done * (len(todo) - done) / 60
    return f" (about {minutes:.0f} minutes left)"


def _csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _facts(cell: Cell) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((cell.folder / FACTS).read_text(encoding="utf-8"))
    return facts


def _seconds(cell: Cell) -> float:
    lines = (cell.folder / "log.jsonl").read_text(encoding="utf-8").splitlines()
    return sum(json.loads(line).get("seconds", 0.0) for line in lines)


def _spread(figure: dict[str, Any]) -> str:
    if len(figure["each"]) == 1:
        return f"{figure['mean']:.4f}"
    return f"{figure['mean']:.3f} ± {figure['deviation']:.3f}"


def _gap(gap: dict[str, float] | None) -> str:
    if gap is None:
        return "–"
    return f"{gap['figure']:+.3f} ({gap['low']:+.3f} to {gap['high']:+.3f}), p {gap['p']:.3f}"


def _published(table: Table, name: str) -> bool:
    return any(name in told for told in table.published.values())


def _command(options: argparse.Namespace) -> str:
    data = [part for each in options.data for part in ("--data", each.partition("=")[0] + "=DIR")]
    words = ["python", "-m", "train", "ablate", str(options.table), *data]
    return shlex.join([*words, "--out", str(options.out)])
