"""What each command does."""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import torch
import yaml

from emotion.checkpoint import best_device
from emotion.checkpoint import load as load_checkpoint
from emotion.model import EmotionModel, Tokenizer
from emotion.model.config import to_dict
from train import evaluate as judging
from train import recipe as recipes
from train.batches import Feed
from train.corpora import Notes, read
from train.errors import CannotTrain
from train.fit import Run
from train.fit import fit as train_model
from train.prepare import Data, gather, learn_tokens, table, thinned
from train.recipe import Recipe
from train.splits import SIDES
from train.state import FILE

DEV_ROWS = 400  # of each question, when an epoch is judged
ODD_SHOWN = 20


def fit(options: argparse.Namespace) -> None:
    """Trains by a recipe, judges once, and writes the checkpoint."""
    torch.set_num_threads(options.threads)
    recipe = recipes.load(options.recipe)
    folder = options.out or Path("runs") / options.recipe.stem
    _claim(folder, recipe, options.resume)
    data = gather(_folders(options.data), options.cache)
    _write_split(data, folder)
    samples = thinned(data.split.train, recipe)
    tokenizer = _tokenizer(folder, samples, recipe)
    asked = judging.questions_for(data.split.dev, data.sounds, DEV_ROWS)

    def judge(model: EmotionModel) -> dict[str, float]:
        results = judging.ask(model, tokenizer, data.sounds, asked, intervals=False)
        return {result.question.name: result.headline for result in results}

    feed = Feed(recipe, samples, data.sounds, tokenizer)
    run = Run(recipe, feed, judge, folder, options.stop_after)
    model = train_model(run, tokenizer, best_device(), options.resume)
    # Imported here because judging needs scikit-learn's slower half, and training does not.
    from train.finish import finish

    finish(model, tokenizer, data, recipe, folder, options)


def evaluate(options: argparse.Namespace) -> None:
    """Prints a checkpoint's figures, and writes them where asked."""
    from train.finish import report

    torch.set_num_threads(options.threads)
    checkpoint = load_checkpoint(options.checkpoint)
    data = gather(_folders(options.data), options.cache)
    samples = getattr(data.split, options.side)
    results, plain = report(
        checkpoint.model.to(best_device()), checkpoint.tokenizer, data, samples, options.baseline
    )
    page = judging.to_markdown(results, plain)
    print(page)
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        _write_json(options.out / "report.json", {"results": results, "baseline": plain})
        (options.out / "report.md").write_text(page + "\n", encoding="utf-8")


def inspect(options: argparse.Namespace) -> None:
    """Prints what a corpus holds: samples, labels, speakers, and what is odd."""
    notes = Notes()
    samples = read(options.corpus, options.folder, notes)
    print(f"{len(samples)} samples, {sum(1 for each in samples if each.audio)} with a voice")
    for source, labels in table(samples).items():
        print(f"\n{source}: {sum(labels.values())}")
        for label, count in labels.most_common():
            print(f"  {label:<10}{count:>8}")
    speakers = Counter((each.source, each.speaker) for each in samples if each.speaker)
    if speakers:
        print(f"\n{len(speakers)} speakers")
        for (source, name), count in sorted(speakers.items()):
            print(f"  {source:<36}{name:<8}{count:>6}")
    print(f"\n{len(notes.odd)} odd rows or files, left out")
    for where, why in notes.odd[:ODD_SHOWN]:
        print(f"  {where}: {why}")


def _folders(data: list[str]) -> dict[str, Path]:
    folders = {}
    for each in data:
        name, equals, folder = each.partition("=")
        if not equals or not folder:
            raise CannotTrain(f"--data {each} does not read NAME=DIR.")
        folders[name] = Path(folder)
    return folders


def _claim(folder: Path, recipe: Recipe, resume: bool) -> None:
    """Makes the run folder the recipe's own, or refuses."""
    written = folder / "recipe.yaml"
    text = yaml.safe_dump(json.loads(json.dumps(to_dict(recipe))), allow_unicode=True)  # type: ignore[arg-type]
    if (folder / FILE).is_file() and not resume:
        raise CannotTrain(f"{folder} holds a run. Go on with --resume, or choose another --out.")
    if resume and written.is_file() and written.read_text(encoding="utf-8") != text:
        raise CannotTrain(f"{folder} was begun with another recipe: see {written}.")
    folder.mkdir(parents=True, exist_ok=True)
    written.write_text(text, encoding="utf-8")


def _write_split(data: Data, folder: Path) -> None:
    sides: dict[str, Any] = {
        side: Counter(sample.source for sample in getattr(data.split, side)) for side in SIDES
    }
    speakers = {
        side: sorted(
            {f"{each.source} {each.speaker}" for each in getattr(data.split, side) if each.speaker}
        )
        for side in SIDES
    }
    _write_json(folder / "split.json", {"rows": sides, "speakers": speakers})
    for where, why in data.notes.odd[:ODD_SHOWN]:
        print(f"left out: {where}: {why}", file=sys.stderr)


def _tokenizer(folder: Path, samples: list[Any], recipe: Recipe) -> Tokenizer:
    path = folder / "tokenizer.json"
    if not path.is_file():
        learn_tokens(samples, recipe).save(path)
    return Tokenizer.load(path)


def _write_json(path: Path, value: Any) -> None:  # noqa: ANN401
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
