"""What voice and words say together, in the folds by speaker in which the voice was tested.

    python -m train ablate train/tables/default-5-fold.yaml --data … --out runs/default-5-fold
    python -m train.results.pairs runs/default-5-fold assets/default/held-out \
        --data ravdess=DIR --data nemo=DIR --data emotiontts=DIR --data goemotions=DIR \
        --data kote=DIR

Of each fold the voice is as it was learnt there, the words and the temperatures are those of a
checkpoint that held its tested texts out, and the meeting is learnt anew by the last stage of the
default's recipe. Prints the table of UAR, of all seven emotions and among those that a test has,
mean and deviation over the folds; "the sum" is what both sides say where nothing was learnt of
their meeting.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from emotion import checkpoint
from emotion.checkpoint import Checkpoint
from emotion.model import EmotionModel
from emotion.model.config import COMBINATIONS
from train import fit, measures, recipe
from train.batches import Feed
from train.cells import Cell
from train.commands import folders
from train.errors import CannotTrain, run_script
from train.finish import heated
from train.predict import say
from train.prepare import CACHE, Data, gather
from train.questions import QUESTIONS, Question, rows_of
from train.results.folds import cells, usual_of
from train.splits import EVERYTHING

RECIPE = Path("train/recipes/default.yaml")
PAIRS = [each for each in QUESTIONS if each.side == "both"]
SIDES = [replace(each, side=side) for each in PAIRS if not each.way for side in ("voice", "words")]
SUM = ", the sum"
MEETING = "fusion.meeting"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, help="what ablate wrote")
    parser.add_argument("words", help="a checkpoint of voice and words")
    parser.add_argument("--data", action="append", required=True, metavar="NAME=DIR")
    parser.add_argument("--cache", type=Path, default=CACHE)
    asked = parser.parse_args()
    words = _words(asked.words)
    found: dict[str, list[tuple[float, float]]] = {}
    for cell in cells(asked.runs):
        data = gather(folders(asked.data), asked.cache, cell.recipe.protocol, cell.fold)
        _refuse_fewer(data)
        for test, *figures in _of_fold(cell, words, data, asked.cache):
            found.setdefault(test, []).append((figures[0], figures[1]))
            print(f"fold {cell.fold}, {test}: {figures[0]:.3f}, {figures[1]:.3f}", file=sys.stderr)
    print("| test | UAR | UAR among its emotions |\n|---|---|---|")
    for test, each in found.items():
        told = (f"{np.mean(one):.3f} ± {np.std(one):.3f}" for one in zip(*each, strict=True))
        print(f"| {test} | {' | '.join(told)} |")


def _words(name: str) -> Checkpoint:
    words = checkpoint.load(name)
    if words.model.config.fusion.kind != "beside":
        raise CannotTrain(f"{name} does not judge voice and words beside each other, as these do.")
    if words.split.get("protocol") == EVERYTHING:
        raise CannotTrain(f"{name} was taught every text: take its held-out folder.")
    return words


def _refuse_fewer(data: Data) -> None:
    if any(not rows_of(question, data.split.test, data.sounds) for question in PAIRS):
        raise CannotTrain(
            "Pairs are made of ravdess, nemo, emotiontts, goemotions and kote: give all."
        )


def _of_fold(
    cell: Cell, words: Checkpoint, data: Data, cache: Path
) -> Iterator[tuple[str, float, float]]:
    """What each side, their sum, and their meeting are worth: a test and two figures each."""
    apart = beside(words, checkpoint.load(cell.folder / "checkpoint"))
    if apart.config.knows_usual:  # which the words' own voice would tell of those who are tested
        found = usual_of(cell, data.split, data.sounds)
        apart.voice.usual.load_state_dict(found.state_dict())
    ask = [(question, "") for question in SIDES] + [(question, SUM) for question in PAIRS]
    yield from (_asked(apart, words, data, question, more) for question, more in ask)
    part = recipe.load(RECIPE).parts()[-1]
    feed = Feed(part, data.split.train, data.sounds, words.tokenizer)
    with tempfile.TemporaryDirectory() as folder:
        run = fit.Run([(part, feed)], lambda *_: {}, Path(folder), cache)
        met = fit.fit(run, heated(apart, dict.fromkeys(COMBINATIONS, 1.0)), resume=False)
    met = heated(met, words.model.config.temperatures)
    yield from (_asked(met, words, data, question) for question in PAIRS)


def beside(words: Checkpoint, voice: Checkpoint) -> EmotionModel:
    """A model of one checkpoint's words and another's voice, of whose meeting it knows nothing."""
    torch.manual_seed(1)
    model = EmotionModel(words.model.config)
    heard = {
        name.replace("fusion.joined.heads", "fusion.heads.voice"): value
        for name, value in voice.model.state_dict().items()
    }
    kept = {
        name: value
        for name, value in (words.model.state_dict() | heard).items()
        if not name.startswith(MEETING)
    }
    model.load_state_dict(model.state_dict() | kept)
    return model.eval()


def _asked(
    model: EmotionModel, words: Checkpoint, data: Data, question: Question, more: str = ""
) -> tuple[str, float, float]:
    rows = rows_of(question, data.split.test, data.sounds)
    truth = np.array([row.label for row in rows])
    said = say(model, words.tokenizer, data.sounds, rows).logits
    name = question.name if question in PAIRS else f"{question.source}, {question.side} alone"
    among = measures.uar(measures.among(said, truth), truth)
    return name + more, measures.uar(said.argmax(1), truth), among


if __name__ == "__main__":
    sys.exit(run_script(main))
