"""After training: temperatures from the development side, figures from the test side, once."""

import argparse
import copy
import json
import shlex
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from emotion import checkpoint
from emotion.model import EmotionModel, Tokenizer
from train import baseline, card, evaluate
from train.corpora.sample import Sample
from train.prepare import Data
from train.recipe import Recipe

REPORT = "report.json"


def finish(
    model: EmotionModel,
    tokenizer: Tokenizer | None,
    data: Data,
    recipe: Recipe,
    folder: Path,
    options: argparse.Namespace,
) -> None:
    """Calibrates and judges a trained model, and writes its checkpoint and its report."""
    model = as_shipped(model)
    asked = evaluate.questions_for(data.split.dev, data.sounds)
    heat = evaluate.temperatures(model, tokenizer, data.sounds, asked)
    model.config = replace(model.config, temperatures=heat)
    results, plain = report(model, tokenizer, data, data.split.test, with_baseline=True)
    facts = {"results": results, "baseline": plain}
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    (folder / REPORT).write_text(text + "\n", encoding="utf-8")
    page = card.write(model, data.split, recipe, results, plain, _command(options))
    checkpoint.save(model, tokenizer, folder / "checkpoint", page)
    if options.checkpoint:
        shutil.copytree(folder / "checkpoint", options.checkpoint, dirs_exist_ok=True)
    print(evaluate.to_markdown(results, plain))
    print(f"The checkpoint is in {options.checkpoint or folder / 'checkpoint'}.", file=sys.stderr)


def as_shipped(model: EmotionModel) -> EmotionModel:
    """The model with the rounding of its file, so that the figures are those of what is shipped."""
    rounded = copy.deepcopy(model)
    rounded.load_state_dict(
        {name: value.half().float() for name, value in model.state_dict().items()}
    )
    return rounded.eval()


def report(
    model: EmotionModel,
    tokenizer: Tokenizer | None,
    data: Data,
    samples: Sequence[Sample],
    with_baseline: bool,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The figures on one side of the split: the model's, and the baseline's if wanted."""
    asked = evaluate.questions_for(samples, data.sounds)
    results = evaluate.to_json(evaluate.ask(model, tokenizer, data.sounds, asked))
    if not with_baseline:
        return results, []
    return results, evaluate.to_json(baseline.answers(data.split.train, asked, data.sounds))


def _command(options: argparse.Namespace) -> str:
    """The command, with the folders left to whoever runs it."""
    data = [part for each in options.data for part in ("--data", each.partition("=")[0] + "=DIR")]
    words = ["python", "-m", "train", "fit", str(options.recipe), *data]
    if options.checkpoint:
        words += ["--checkpoint", str(options.checkpoint)]
    return shlex.join(words)
