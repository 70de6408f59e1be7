"""What each command does."""

import argparse
import sys
from pathlib import Path
from typing import Any

import torch
import yaml

from emotion.checkpoint import best_device
from emotion.checkpoint import load as load_checkpoint
from train import environment, held_out, parallel, taught
from train import recipe as recipes
from train.errors import CannotTrain
from train.prepare import gather
from train.recipe import Recipe


def fit(options: argparse.Namespace) -> None:
    """Trains by a recipe, judges once, and writes the checkpoint."""
    from train import run

    torch.set_num_threads(options.threads)
    recipe = recipes.load(options.recipe, changes(options.set))
    folder = options.out or Path("runs") / options.recipe.stem
    options.command = _command(options)
    try:
        run.train(recipe, folders(options.data), folder, options)
    finally:
        parallel.leave()


def _command(options: argparse.Namespace) -> str:
    more = [part for change in options.set for part in ("--set", change)]
    if options.checkpoint:
        more += ["--checkpoint", str(options.checkpoint)]
    return environment.command("fit", options.recipe, options.data, *more)


def changes(given: list[str]) -> dict[str, Any]:
    """What `--set model.voice.source=DIR` and its like replace of a recipe."""
    found: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals:
            raise CannotTrain(f"--set {each} does not read NAME=VALUE.")
        *outer, last = name.split(".")
        inner = found
        for step in outer:
            inner = inner.setdefault(step, {})
            if not isinstance(inner, dict):
                raise CannotTrain(f"--set {each} does not fit another --set.")
        try:
            inner[last] = yaml.safe_load(value)
        except yaml.YAMLError as error:
            raise CannotTrain(f"--set {each}: {value} cannot be read as a value.") from error
    return found


def evaluate(options: argparse.Namespace) -> None:
    """Prints a checkpoint's figures, and writes them where asked."""
    from train.report import Report

    torch.set_num_threads(options.threads)
    checkpoint = held_out.of(load_checkpoint(options.checkpoint))
    if checkpoint.name != options.checkpoint:
        print(held_out.TOLD, file=sys.stderr)
    bodies = "body" in checkpoint.model.config.sides
    data = gather(folders(options.data), options.cache, options.protocol, options.fold, bodies)
    remark = taught.remark(checkpoint.name, checkpoint.split, data.split, options.side)
    report = Report(
        checkpoint.model.to(best_device()),
        checkpoint.tokenizer,
        data,
        getattr(data.split, options.side),
        Recipe(steps={"spoken": recipes.ALL}) if options.protocol else None,
        options.baseline,
        remark,
    )
    print(report.page())
    if options.out:
        report.write(options.out)


def ablate(options: argparse.Namespace) -> None:
    """Trains what is not yet trained of a table, and prints it."""
    from train import ablate as tables

    torch.set_num_threads(options.threads)
    print(tables.ablate(options, folders(options.data)))


def inspect(options: argparse.Namespace) -> None:
    """Prints what a corpus holds, what is odd in it, and how it can be divided."""
    from train.inspect import inspect as describe

    print(describe(options.corpus, options.folder))


def manifest(options: argparse.Namespace) -> None:
    """Writes a corpus as a manifest."""
    from train import as_manifest
    from train.corpora import Notes

    notes = Notes()
    n = as_manifest.write(options.corpus, options.folder, options.output, notes)
    print(f"{n:,} rows; {len(notes.odd):,} left out", file=sys.stderr)


def speech2vec(options: argparse.Namespace) -> None:
    """Learns vectors of words from how they sound, and writes them."""
    from train import speech2vec as speech

    speech.run(options, folders(options.data))


def folders(data: list[str]) -> dict[str, Path]:
    """Where each corpus lies, from what was given as `--data ravdess=DIR`."""
    found: dict[str, Path] = {}
    for each in data:
        name, equals, folder = each.partition("=")
        if not equals or not folder:
            raise CannotTrain(f"--data {each} does not read NAME=DIR.")
        if name.partition(":")[0] in {known.partition(":")[0] for known in found}:
            raise CannotTrain(f"--data gives {name.partition(':')[0]} twice; put both into one.")
        found[name] = Path(folder)
    return found
