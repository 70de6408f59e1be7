"""What measures of a whole clip give to a voice, by themselves and beside its speaker's others.

    python -m train ablate train/tables/default-5-fold.yaml --data … --out runs/default-5-fold
    python -m train.results.known runs/default-5-fold --data ravdess=DIR --data nemo=DIR \
        --data emotiontts=DIR

Of each fold, who is not tested tells what unusual voices are a sign of. Prints the table of UAR
among the emotions that a corpus has, mean and deviation over the folds.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch

from emotion import checkpoint
from emotion.model.manner import N_MEASURES
from train import measures, usual
from train.cells import Cell
from train.commands import folders
from train.corpora.sample import Sample
from train.errors import CannotTrain, run_script
from train.predict import say
from train.prepare import CACHE, gather
from train.questions import QUESTIONS, rows_of
from train.results.folds import cells, usual_of
from train.sounds import Sounds
from train.splits import Split

# How many of a speaker's other clips are known, drawn at random, and which.
WAYS = {
    "all others known": (10_000, ""),
    "10 others": (10, ""),
    "5 others": (5, ""),
    "3 others": (3, ""),
    "5 neutral others": (5, "neutral"),
}


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=Path, help="what ablate wrote")
    parser.add_argument("--data", action="append", required=True, metavar="NAME=DIR")
    parser.add_argument("--cache", type=Path, default=CACHE)
    asked = parser.parse_args()
    found: dict[str, dict[str, list[float]]] = {}
    given, sounds = folders(asked.data), None
    for cell in cells(asked.runs):
        data = gather(given, asked.cache, cell.recipe.protocol, cell.fold)
        sounds = sounds or data.sounds  # which remember what was measured
        for test, way, figure in _of_fold(cell, data.split, sounds):
            found.setdefault(test, {}).setdefault(way, []).append(figure)
    if not found:
        raise CannotTrain(
            "Voices of ravdess, nemo and emotiontts are asked about: give one of them."
        )
    ways = list(next(iter(found.values())))
    print("| test | " + " | ".join(ways) + " |\n|---|" + "---|" * len(ways))
    for test, figures in found.items():
        each = (f"{np.mean(figures[way]):.3f} ± {np.std(figures[way]):.3f}" for way in ways)
        print(f"| {test} | {' | '.join(each)} |")


def _of_fold(cell: Cell, divided: Split, sounds: Sounds) -> Iterator[tuple[str, str, float]]:
    """Each question about a voice, what is known of the speaker, and the UAR among its labels."""
    made = checkpoint.load(cell.folder / "checkpoint")
    head = usual_of(cell, divided, sounds)
    for question in QUESTIONS:
        rows = rows_of(question, divided.test, sounds) if question.side == "voice" else []
        if len(rows) < 2:
            continue
        truth = np.array([row.label for row in rows])
        said = say(made.model, None, sounds, rows).logits
        clips = [row.voice for row in rows if row.voice]
        measured = torch.from_numpy(np.stack([sounds.measures(each) for each in clips]))
        yield question.name, "nothing measured", _uar(said, truth)
        yield question.name, "nobody known", _uar(said + head.of_strangers(measured).numpy(), truth)
        for way, (most, label) in WAYS.items():
            far = _unusual(clips, sounds, most, label)
            more = head.beside(head.from_speaker(torch.from_numpy(far))).numpy()
            yield question.name, way, _uar(said + more, truth)


def _uar(logits: np.ndarray, truth: np.ndarray) -> float:
    return measures.uar(measures.among(logits, truth), truth)


def _unusual(clips: Sequence[Sample], sounds: Sounds, most: int, label: str) -> np.ndarray:
    """How far each clip is from some others of its speaker, `[clips, measures]`."""
    chance = np.random.default_rng(0)
    far = np.full((len(clips), N_MEASURES), np.nan, np.float32)
    for index, clip in enumerate(clips):
        others = [
            each
            for each in clips
            if each is not clip and each.speaker == clip.speaker and label in ("", each.label)
        ]
        picked = [others[place] for place in chance.permutation(len(others))[:most]]
        found = usual.unusual(clip, usual.speakers([clip, *picked], sounds))
        far[index] = np.nan if found is None else found
    return far


if __name__ == "__main__":
    with torch.no_grad():
        sys.exit(run_script(main))
