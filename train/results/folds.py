"""The runs of the default's voice in five folds, which other scripts go on from."""

from pathlib import Path

from emotion.model.folder import is_whole
from emotion.model.usual import Usual
from train import ablate, usual
from train.cells import Cell
from train.errors import CannotTrain
from train.sounds import Sounds
from train.splits import Split

TABLE = Path("train/tables/default-5-fold.yaml")


def cells(runs: Path) -> list[Cell]:
    """The runs in the folder that `train ablate` wrote, fold by fold.

    Raises:
        CannotTrain: One of them is not there.
    """
    found = list(ablate.cells_of(ablate.load(TABLE), runs))
    if lacking := [each.name for each in found if not is_whole(each.folder / "checkpoint")]:
        raise CannotTrain(
            f"{runs} lacks the run {lacking[0]}: make it by python -m train ablate {TABLE} "
            f"--data … --out {runs}."
        )
    return found


def usual_of(cell: Cell, divided: Split, sounds: Sounds) -> Usual:
    """What unusual voices are a sign of to those who teach a fold: no run needs to be made anew."""
    found = Usual()
    shares = cell.recipe.voice
    taught = [each for each in divided.train if each.source in shares and each in sounds]
    usual.learn(found, taught, sounds, shares, cell.recipe.nothing)
    return found
