"""A table of systems: each variant of a recipe, on each fold, with each seed, and what differs.

    python -m train ablate train/tables/ravdess-5-fold.yaml --data ravdess=DIR --out runs/ravdess

Each cell is an ordinary run in a folder of its own, VARIANT/seed-S/fold-F. What is finished is not
run again, and what was stopped goes on.
"""

import argparse
import contextlib
import itertools
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from emotion.model.settings import from_dict
from train import environment, parallel, recipe, run
from train.cells import FIGURES, Cell, clusters, difference, read, refuse_mixed, summary
from train.errors import CannotTrain
from train.questions import EVERY
from train.recipe import Recipe
from train.report import NAMES
from train.state import FILE

RECIPES = Path(__file__).parent / "recipes"
FOLD = re.compile(r", fold \d+ \(of \d+, from 0\)")  # in a split's note


@dataclass(frozen=True)
class Table:
    """What a table compares."""

    about: str = ""
    """What it shows, and what its words and voices can and cannot tell."""
    recipe: str = ""
    """The recipe that all variants are variants of."""
    set: dict[str, Any] = field(default_factory=dict)
    """What all of them replace of it; in `start`, {seed} and {fold} stand for the run's own."""
    variants: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Each row's name, and what it replaces in turn."""
    seeds: tuple[int, ...] = (1,)
    """The seeds that each is run with."""
    folds: int = 1
    """How many of the protocol's folds are run, from the first."""
    sources: tuple[str, ...] = (EVERY,)
    """Whose utterances count: all, or a source's; each has rows of its own."""
    figures: tuple[str, ...] = ("accuracy", "weighted_f1")
    """The columns; the first is the one whose differences are tested."""
    reference: str = ""
    """The row that the others are compared with."""
    against: dict[str, str] = field(default_factory=dict)
    """Rows that are compared with another one than that."""
    published: dict[str, dict[str, float | str]] = field(default_factory=dict)
    """What the paper says of a row, by figure."""


def ablate(options: argparse.Namespace, folders: dict[str, Path]) -> str:
    """Runs what is not yet run of a table, writes it, and returns it as Markdown."""
    table = load(options.table)
    cells = list(cells_of(table, options.out))
    began = time.monotonic()
    todo = [cell for cell in cells if not cell.finished]
    try:
        for number, cell in enumerate(todo):
            said = f"{number + 1} of {len(todo)}: {cell.name}{_left(began, number, todo)}"
            _run(cell, said, folders, options)
        return write(table, cells, options) if parallel.is_first() else ""
    finally:
        parallel.leave()


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
    unknown = {*table.against, *table.against.values(), *table.published} - {*table.variants}
    if unknown:
        raise CannotTrain(f"The table {path} has no variant {min(unknown)!r}.")
    strange = [name for name in table.figures if name not in FIGURES]
    if strange or not table.figures:
        raise CannotTrain(f"The table {path} can show {', '.join(FIGURES)}, not {strange}.")
    return table


def cells_of(table: Table, out: Path) -> Iterator[Cell]:
    """The runs of a table: all variants of a fold before the next fold."""
    for seed, fold, name in itertools.product(table.seeds, range(table.folds), table.variants):
        own = {**table.variants[name], "seed": seed, "fold": fold}
        changes = recipe.merged(table.set, own)
        folder = out / re.sub(r"[^\w+.-]+", "-", name) / f"seed-{seed}" / f"fold-{fold}"
        made = _begun(recipe.load(RECIPES / table.recipe, changes))
        yield Cell(name, seed, fold, made, folder)


def _begun(made: Recipe) -> Recipe:
    """The recipe, beginning with what was taught on its own fold."""
    start = {
        side: name.replace("{seed}", str(made.seed)).replace("{fold}", str(made.fold))
        for side, name in made.start.items()
    }
    return replace(made, start=start)


def write(table: Table, cells: list[Cell], options: argparse.Namespace) -> str:
    """Writes table.json and table.md, and returns the latter."""
    refuse_mixed(cells)
    rows = [row for source in table.sources for row in rows_of(source, table, cells)]
    # What all folds share is said once.
    notes = sorted({re.sub(FOLD, "", cell.note) for cell in cells} - {""})
    seconds = sum(cell.seconds for cell in cells)
    facts = {"about": table.about, "notes": notes, "seconds": round(seconds), "rows": rows}
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (options.out / "table.json").write_text(text + "\n", encoding="utf-8")
    took = f"{seconds / 60:.0f} minutes of training in all."
    parts = [table.about.strip(), *notes, *_blocks(table, rows), took]
    page = "\n\n".join([*parts, f"```\n{_command(options)}\n```\n"])
    (options.out / "table.md").write_text(page, encoding="utf-8")
    return page


def rows_of(source: str, table: Table, cells: list[Cell]) -> list[dict[str, Any]]:
    """What is known of each variant, and how it differs from the one that it is compared with."""
    found = {
        name: read(source, [cell for cell in cells if cell.variant == name])
        for name in table.variants
    }
    rows = []
    for name, mine in found.items():
        other = table.against.get(name, table.reference)
        row = {
            "source": source,
            "name": name,
            "n": len(mine.keys),
            "cells": int(mine.cell.max()) + 1,
            "drawn": len({*clusters(mine)}),
            "by_speaker": clusters(mine) is mine.speakers,
            "figures": summary(mine),
        }
        if other != name:
            gap = difference(table.figures[0], mine, found[other])
            row["against"] = other
            row["difference"] = {key: round(value, 4) for key, value in vars(gap).items()}
        rows.append(row)
    return rows


def _blocks(table: Table, rows: list[dict[str, Any]]) -> list[str]:
    """A table for each source, and what its figures are of."""
    parts = []
    for source in table.sources:
        mine = [row for row in rows if row["source"] == source]
        parts += [f"**{source}**"] * (len(table.sources) > 1)
        parts += ["\n".join(_lines(table, mine, source == table.sources[0])), _made(mine)]
    return parts


def _lines(table: Table, rows: list[dict[str, Any]], beside: bool) -> list[str]:
    """A table, with the published figures beside it or not."""
    names = [NAMES[name] for name in table.figures]
    told = [name for name in table.figures if any(name in row for row in table.published.values())]
    told = told if beside else []
    head = ["system", *names, f"{names[0]}: difference (95 %), p", "from"]
    head += [f"published {NAMES[name]}" for name in told]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for row in rows:
        paper = table.published.get(row["name"], {})
        cells = [row["name"], *(_spread(row["figures"][name]) for name in table.figures)]
        cells += [_gap(row.get("difference")), row.get("against", "–")]
        cells += [str(paper.get(name, "–")) for name in told]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _made(rows: list[dict[str, Any]]) -> str:
    """What the figures are of."""
    n, cells, drawn = (sorted({row[key] for row in rows}) for key in ("n", "cells", "drawn"))
    spread = "; mean ± standard deviation over the runs" if cells[-1] > 1 else ""
    unit = "speakers" if all(row["by_speaker"] for row in rows) else "utterances"
    return (
        f"{_range(n)} judgements in {_range(cells)} runs a row{spread}. Differences: paired "
        f"bootstrap over {_range(drawn)} {unit}; p is not corrected for the number of rows."
    )


def _range(values: list[int]) -> str:
    return f"{values[0]} to {values[-1]}" if len(values) > 1 else str(values[0])


def _run(cell: Cell, said: str, folders: dict[str, Path], options: argparse.Namespace) -> None:
    # The table alone is the result, so what a run prints goes where its progress does.
    with contextlib.redirect_stdout(sys.stderr):
        if parallel.is_first():
            print(said)
        run.train(cell.recipe, folders, cell.folder, _as_fit(options, cell))
    if parallel.is_first():
        # A finished cell needs no state to go on with, and there may be many large ones.
        (cell.folder / FILE).unlink(missing_ok=True)


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
        command=f"{_command(options)}  # {cell.name}",
        cache=options.cache,
        resume=(cell.folder / FILE).is_file(),
        stop_after=options.stop_after,
        checkpoint=None,
        baseline=False,
    )


def _command(options: argparse.Namespace) -> str:
    out = ("--out", str(options.out))
    return environment.command("ablate", options.table, options.data, *out)


def _left(began: float, done: int, todo: list[Cell]) -> str:
    if not done:
        return ""
    minutes = (time.monotonic() - began) / done * (len(todo) - done) / 60
    return f" (about {minutes:.0f} minutes left)"


def _spread(figure: dict[str, Any]) -> str:
    if len(figure["each"]) == 1:
        return f"{figure['mean']:.4f}"
    return f"{figure['mean']:.3f} ± {figure['deviation']:.3f}"


def _gap(gap: dict[str, float] | None) -> str:
    if gap is None:
        return "–"
    return f"{gap['figure']:+.3f} ({gap['low']:+.3f} to {gap['high']:+.3f}), p {gap['p']:.3f}"
