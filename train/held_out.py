"""Weights that everything taught, and beside them those of the same recipe that held some out.

Figures on who taught a model are worth nothing. So those of weights that everything taught are
measured with their twin, which lies in their folder: same recipe, but for who was held out.
"""

import shutil
from dataclasses import replace
from pathlib import Path

from emotion import checkpoint
from emotion.checkpoint import Checkpoint
from emotion.model import ModelConfig
from emotion.model.folder import HELD_OUT
from train import taught
from train.errors import CannotTrain
from train.prepare import Data
from train.splits import EVERYTHING, split

TOLD = (
    "All rows taught the weights that ship; what stands here was measured with those in "
    f"`{HELD_OUT}`, made by the same recipe from the training side alone."
)


def twin(name: str, config: ModelConfig) -> Checkpoint:
    """The checkpoint that held some out, if it is of one shape with what everything teaches."""
    found = checkpoint.load(name)
    shapes = [replace(each, temperatures={}) for each in (found.model.config, config)]
    if shapes[0] != shapes[1]:
        raise CannotTrain(f"held_out: {name} is another model than this recipe makes.")
    if found.split.get("protocol") == EVERYTHING:
        raise CannotTrain(f"held_out: nobody was held out of {name} either.")
    return found


def of(judged: Checkpoint) -> Checkpoint:
    """What a checkpoint is judged by: itself, or its twin where everything taught it."""
    if judged.split.get("protocol") != EVERYTHING:
        return judged
    folder = checkpoint.find(judged.name)
    found = checkpoint.twin(folder, judged.name) or folder / HELD_OUT
    return checkpoint.load_folder(found, f"{judged.name}/{HELD_OUT}")


def divided(data: Data, held: Checkpoint) -> tuple[Data, str]:
    """Data of which everything is the training side, divided as the twin's was, and a remark."""
    known = held.split
    again = split(data.split.train, known.get("protocol"), known.get("fold", 0))
    return replace(data, split=again), taught.remark(held.name, known, again, "test")


def keep(name: str, folder: Path) -> None:
    """Lays the twin into the folder of a checkpoint."""
    shutil.copytree(checkpoint.find(name), folder / HELD_OUT, dirs_exist_ok=True)
