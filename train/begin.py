"""A fresh model: at random, or with what encoders learnt elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch

from emotion import checkpoint
from emotion.biosignals import FEATURES
from emotion.checkpoint import Checkpoint
from emotion.labels import LABELS
from emotion.model import EmotionModel
from emotion.model.config import CompactVoice, GramWords, Pretrained, WordVectors
from emotion.model.fusion import APART
from emotion.model.hub import from_source, take_weights
from emotion.model.late import side_tensors
from train import lexicon
from train.errors import CannotTrain
from train.recipe import Recipe

FLATTEST = 1e-3  # deviation of a measurement below which it is not blown up


def checkpoints(recipe: Recipe) -> dict[str, Checkpoint]:
    """The checkpoints that sides are taken from, by side."""
    found = {side: checkpoint.load(name) for side, name in recipe.start.items()}
    for side, each in found.items():
        if side not in each.model.config.sides:
            raise CannotTrain(f"start.{side}: {each.name} has no {side}.")
    return found


def shaped(recipe: Recipe, starts: dict[str, Checkpoint]) -> Recipe:
    """The recipe with the shape of each side that is taken from elsewhere."""
    shapes = {}
    for side in recipe.model.sides:
        settings = getattr(recipe.model, side)
        if side in starts:
            shapes[side] = getattr(starts[side].model.config, side)
            if isinstance(shapes[side], WordVectors):
                shapes[side] = replace(shapes[side], source="")  # its vectors are in it
            if isinstance(shapes[side], CompactVoice) and not _judges_apart(recipe):
                shapes[side] = replace(shapes[side], usual=False)
            if isinstance(shapes[side], GramWords) and shapes[side].signs:
                _refuse_signs_unless_apart(recipe, starts[side])
        elif isinstance(settings, Pretrained):
            shapes[side] = from_source(settings, side)
    return replace(recipe, model=replace(recipe.model, **shapes))


def _judges_apart(recipe: Recipe) -> bool:
    return recipe.model.fusion.kind in APART and recipe.model.labels == LABELS


def _refuse_signs_unless_apart(recipe: Recipe, start: Checkpoint) -> None:
    if not _judges_apart(recipe):
        raise CannotTrain(
            f"start.words: the words of {start.name} have signs, which are told of the seven "
            f"labels, for a fusion that judges sides apart: set model.fusion.kind to "
            f"{' or '.join(APART)}, and leave model.labels out."
        )


def empty(recipe: Recipe) -> EmotionModel:
    """A model at random, the same for the same seed.

    Args:
        recipe: What it is made by, shaped.
    """
    torch.manual_seed(recipe.seed)
    try:
        return EmotionModel(recipe.model)
    except checkpoint.MISFITS as error:
        raise CannotTrain(f"The recipe's model cannot be made: {error}.") from error


def fill(
    model: EmotionModel, starts: dict[str, Checkpoint], bodies: Sequence[np.ndarray]
) -> EmotionModel:
    """Gives a model what is known before anything is learnt from corpora.

    Args:
        model: A model at random.
        starts: Where sides are taken from.
        bodies: What was measured on the training side.
    """
    standardize_body(model, bodies)
    lexicon.give_vectors(model)
    for side in model.config.sides:
        settings = getattr(model.config, side)
        if side in starts:
            take_side(model, starts[side], side)
        elif isinstance(settings, Pretrained):
            take_weights(getattr(model, side), settings.source)
    return model


def take_side(model: EmotionModel, start: Checkpoint, side: str) -> None:
    """Gives a model a side of another, with all that belongs to it alone."""
    tensors = side_tensors(start.model.state_dict(), side)
    mine = model.state_dict()
    for name, value in tensors.items():
        if name in mine and mine[name].shape != value.shape:
            sizes = f"{tuple(value.shape)} instead of {tuple(mine[name].shape)}"
            raise CannotTrain(f"start.{side}: {name} of {start.name} has the shape {sizes}.")
    model.load_state_dict({name: tensors.get(name, value) for name, value in mine.items()})


def standardize_body(model: EmotionModel, measured: Sequence[np.ndarray]) -> None:
    """Gives the body's encoder the middle and the spread of each measurement in training."""
    if "body" not in model.config.sides:
        return
    if model.body.features != len(FEATURES):
        raise CannotTrain(f"A body has {len(FEATURES)} measurements: set model.body.features.")
    table = torch.from_numpy(np.array(measured, np.float32).reshape(-1, model.body.features))
    known = ~table.isnan()
    count = known.sum(0)
    middle = table.nan_to_num().sum(0) / count.clamp(min=1)
    apart = torch.where(known, table - middle, 0.0).square().sum(0)
    spread = (apart / count.clamp(min=1)).sqrt()
    model.body.middle.copy_(middle)
    model.body.spread.copy_(torch.where(spread > FLATTEST, spread, 1.0))
