"""A run: from a recipe and corpora to a model in a folder that tells how it came about."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml

from emotion.model import EmotionModel, Reader
from train import begin, environment, fit, held_out, lexicon, parallel, signs, taught, usual, warm
from train.batches import Feed
from train.errors import CannotTrain
from train.files import write_text
from train.prepare import Data, gather, thinned
from train.questions import EVERY, Question
from train.recipe import Recipe, to_json
from train.state import FILE

DEV_ROWS = 400  # of each question, when an epoch is judged
ODD_SHOWN = 20


def train(
    recipe: Recipe, folders: dict[str, Path], folder: Path, options: argparse.Namespace
) -> None:
    """Trains by a recipe, judges once, and writes the checkpoint.

    Args:
        recipe: The recipe.
        folders: Where each corpus lies.
        folder: The run folder.
        options: Those of the command `fit`.
    """
    device = parallel.join()
    first = parallel.is_first()
    if first:
        claim(folder, recipe, options.resume)
        environment.write(folder, device)
    with parallel.in_turn():
        bodies = "body" in recipe.model.sides
        data = gather(folders, options.cache, recipe.protocol, recipe.fold, bodies)
        if first:
            taught.claim(data.split, folder, options.resume)
            told = [f"left out: {where}: {why}" for where, why in data.notes.odd[:ODD_SHOWN]]
            for line in filter(None, [data.split.note, *told]):
                print(line, file=sys.stderr)
        starts = begin.checkpoints(recipe)
        if recipe.held_out:
            held_out.twin(recipe.held_out, recipe.model)  # before hours are spent on what it lacks
        for start in starts.values():
            taught.remark(start.name, start.split, data.split, "test")
        samples = thinned(data.split.train, recipe)
        shaped = begin.shaped(recipe, starts)
        tokenizer = lexicon.tokenizer_of(folder, shaped, samples, starts)
        shaped = lexicon.shaped(shaped, tokenizer)
    stages = [(part, Feed(part, samples, data.sounds, tokenizer)) for part in shaped.parts()]
    judge = judge_of(tokenizer, data)
    run = fit.Run(stages, judge, folder, options.cache, options.stop_after)
    model = begin.empty(shaped)
    if first and not (options.resume and (folder / FILE).is_file()):
        measured = [body for each in samples if (body := data.sounds.body(each)) is not None]
        begin.fill(model, starts, measured)
        warm.begin(model, stages[0][1], shaped)
        signs.begin(model, samples, shaped)
        usual.begin(model, samples, data.sounds, shaped)
    model = fit.fit(run, model.to(device), options.resume)
    if first:
        # Imported here because judging needs scikit-learn's slower half, and training does not.
        from train.finish import finish

        finish(model, tokenizer, data, recipe, folder, options)


def judge_of(tokenizer: Reader | None, data: Data) -> fit.Judge:
    """What asks a model on the development side."""
    from train import evaluate

    def judge(model: EmotionModel, stage: Recipe) -> dict[str, float]:
        dev = data.split.dev
        asked = evaluate.questions_for(dev, data.sounds, model.config, stage, DEV_ROWS, widest=True)
        names = [question for question, _ in asked]
        asked = [each for each in asked if decides(each[0], names, stage)]
        results = evaluate.ask(model, tokenizer, data.sounds, asked, intervals=False)
        return {result.question.name: result.headline for result in results}

    return judge


def decides(question: Question, asked: Sequence[Question], stage: Recipe) -> bool:
    """Whether a question has a say in which epoch is best.

    Not if it is about what is not taught, for that is chance; nor if it is about one of several
    sources that are asked together as well, for one of a few rows would outweigh all others.
    """
    if question.asks != "label":
        return stage.loss.affect > 0
    return question.source == EVERY or all(each.source != EVERY for each in asked)


def claim(folder: Path, recipe: Recipe, resume: bool) -> None:
    """Makes the run folder the recipe's own, or refuses."""
    written = folder / "recipe.yaml"
    text = yaml.safe_dump(to_json(recipe), allow_unicode=True)
    if (folder / FILE).is_file() and not resume:
        raise CannotTrain(f"{folder} holds a run. Go on with --resume, or choose another --out.")
    if resume and written.is_file() and written.read_text(encoding="utf-8") != text:
        raise CannotTrain(f"{folder} was begun with another recipe: see {written}.")
    write_text(written, text)
