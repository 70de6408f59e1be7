"""After training: temperatures from the development side, figures from the test side, once."""

import argparse
import copy
import shutil
import sys
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from emotion import checkpoint
from emotion.model import EmotionModel, Reader
from emotion.model.config import COMBINATIONS
from train import card, evaluate, held_out, taught
from train.prepare import Data
from train.questions import sides_of
from train.recipe import Recipe
from train.report import Report


def finish(
    model: EmotionModel,
    tokenizer: Reader | None,
    data: Data,
    recipe: Recipe,
    folder: Path,
    options: argparse.Namespace,
) -> None:
    """Calibrates and judges a trained model, and writes its checkpoint and its report."""
    model = as_shipped(model)
    split = taught.facts(data.split)
    if recipe.held_out:
        twin = held_out.twin(recipe.held_out, model.config)
        judged, reader = twin.model, twin.tokenizer
        data, remark = held_out.divided(data, twin)
        model = heated(model, judged.config.temperatures)
        remark = f"{held_out.TOLD} {remark}".strip()
    else:
        model, remark = _calibrated(model, tokenizer, data, recipe)
        judged, reader = model, tokenizer
    test = data.split.test
    report = Report(judged, reader, data, test, recipe, options.baseline, remark)
    report.write(folder)
    page = card.write(model, data.split, recipe, report, options.command)
    checkpoint.save(model, tokenizer, folder / "checkpoint", page, split)
    if recipe.held_out:
        held_out.keep(recipe.held_out, folder / "checkpoint")
    if options.checkpoint:
        shutil.copytree(folder / "checkpoint", options.checkpoint, dirs_exist_ok=True)
    print(report.page())
    print(f"The checkpoint is in {options.checkpoint or folder / 'checkpoint'}.", file=sys.stderr)


def as_shipped(model: EmotionModel) -> EmotionModel:
    """The model with the rounding of its file, so that the figures are those of what is shipped."""
    rounded = copy.deepcopy(model)
    rounded.load_state_dict(
        {name: value.half().float() for name, value in model.state_dict().items()}
    )
    return rounded.eval()


def heated(model: EmotionModel, temperatures: dict[str, float]) -> EmotionModel:
    """The same model with other temperatures."""
    found = EmotionModel(replace(model.config, temperatures=temperatures))
    found.load_state_dict(model.state_dict())
    return found.to(next(model.parameters()).device).eval()


def _calibrated(
    model: EmotionModel, tokenizer: Reader | None, data: Data, recipe: Recipe
) -> tuple[EmotionModel, str]:
    """A model with its temperatures, and what a reader has to know of them."""
    asked = evaluate.questions_for(data.split.dev, data.sounds, model.config, recipe)
    known: dict[str, float] = {}
    # Those of single sides first: where several meet, each may count by its own.
    for several in (False, True):
        part = [each for each in asked if (len(sides_of(each[0].side)) > 1) == several]
        known |= evaluate.temperatures(model, tokenizer, data.sounds, part)
        model = heated(model, dict.fromkeys(COMBINATIONS, 1.0) | known)
    return model, _uncalibrated(model, known)


def _uncalibrated(model: EmotionModel, heat: Collection[str]) -> str:
    lacking = [name for name in model.config.able if name not in heat]
    if not lacking:
        return ""
    return (
        f"Too few rows to develop on for a temperature of {', '.join(lacking)}: it is 1, and the "
        "probabilities are as they were trained."
    )
