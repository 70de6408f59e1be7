"""Training: batches in, the best weights by the development side out, stoppable at any moment."""

import copy
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tqdm import tqdm

from emotion.model import EmotionModel
from train import parallel
from train.batches import Batch, Draw, Feed
from train.errors import CannotTrain
from train.journal import Journal
from train.learning import freeze, open_weights, optimizer_of
from train.memory import Memory
from train.recipe import Recipe
from train.state import FILE, NEVER, Place, State, place_in
from train.step import Stepper, clear_about_memory

# Figures of a model on the development side, as a stage trains it.
Judge = Callable[[EmotionModel, Recipe], dict[str, float]]


@dataclass(frozen=True)
class Run:
    """What stays the same during training.

    Attributes:
        stages: The recipe of each stage, and where its batches come from.
        judge: Figures of a model on the development side; their mean is its score.
        folder: Where the state and the log are kept.
        cache: Where what frozen encoders say is kept; None keeps nothing.
        stop_after: Stop, to go on later, when so many steps are done.
    """

    stages: Sequence[tuple[Recipe, Feed]]
    judge: Judge
    folder: Path
    cache: Path | None = None
    stop_after: int | None = None

    @property
    def n_steps(self) -> int:
        """About how many steps there are in all."""
        return sum(recipe.epochs * feed.n_steps for recipe, feed in self.stages)


class Stopped(Exception):
    """Training was stopped before its end and can go on later."""


def fit(run: Run, model: EmotionModel, resume: bool) -> EmotionModel:
    """Trains a fresh model, and returns it as it was best on the development side.

    Raises:
        Stopped: It was stopped; the state is kept.
        CannotTrain: It cannot go on; the last epoch's state is kept.
    """
    parallel.share(model)
    opened = open_weights(model)
    resume = resume and (run.folder / FILE).is_file()
    place = place_in(run.folder) if resume else Place()
    state = _enter(run, model, opened, place)
    if resume:
        state.load(run.folder)
    journal = Journal(run.folder, state.place, silent=not parallel.is_first())
    first, total = state.place.total, run.n_steps
    silent = not parallel.is_first()
    with (
        _stop_asked() as asked,
        tqdm(total=total, initial=first, unit="step", mininterval=5, disable=silent) as progress,
    ):
        work = _Work(run, journal, progress, asked)
        try:
            work.stage(state)
            while state.place.stage + 1 < len(run.stages):
                state = _enter(run, model, opened, _next(state.place))
                work.stage(state)
        finally:
            journal.close()
    if not state.place.total:
        raise CannotTrain("Nothing of the model learns: see `learns` and `trained` in the recipe.")
    return model.eval()


def _enter(run: Run, model: EmotionModel, opened: frozenset[str], place: Place) -> State:
    """The state in which a stage begins."""
    recipe, _ = run.stages[place.stage]
    freeze(model, recipe.learns, opened)
    averaged = copy.deepcopy(model) if recipe.average else model
    return State(model, averaged, optimizer_of(model, recipe), place)


def _next(place: Place) -> Place:
    """Where the stage after another begins."""
    return Place(place.stage + 1, place.epoch, began=place.epoch, total=place.total, best=NEVER)


@dataclass(frozen=True)
class _Work:
    run: Run
    journal: Journal
    progress: tqdm
    asked: list[bool]

    def stage(self, state: State) -> None:
        """Trains a stage to its end; the model then has its best weights.

        A stage is passed over where nothing can learn, as a mean of sides cannot.
        """
        recipe, feed = self.run.stages[state.place.stage]
        memory = Memory(state.model, recipe, self.run.cache)
        stepper = Stepper(recipe, state, recipe.epochs * feed.n_steps, memory)
        learns = any(weight.requires_grad for weight in state.model.parameters())
        while learns and not _is_over(state.place, recipe):
            began = time.monotonic()
            for batches in _ahead(feed, feed.steps(state.place.epoch)[state.place.done :]):
                self._step(stepper, batches)
            figures = {}
            if parallel.is_first():
                with memory.serving(state.averaged):
                    figures = self.run.judge(state.averaged, recipe)
            self._finish_epoch(state, figures, time.monotonic() - began)
        state.take_best()

    def _step(self, stepper: Stepper, batches: list[Batch]) -> None:
        place = stepper.state.place
        figures = stepper.take(batches)
        place.step, place.done, place.total = place.step + 1, place.done + 1, place.total + 1
        self.journal.step(place, figures)
        self.progress.update()
        self.progress.set_postfix(place.mean_losses(), refresh=False)
        asked = bool(self.asked) or place.total == self.run.stop_after
        if parallel.any_of(asked, stepper.device):
            self._save(stepper.state)
            raise Stopped(f"Stopped at step {place.total} of about {self.run.n_steps}.")

    def _finish_epoch(self, state: State, figures: dict[str, float], seconds: float) -> None:
        place, recipe = state.place, self.run.stages[state.place.stage][0]
        # Without a development side, the last epoch is the best there is.
        score = sum(figures.values()) / len(figures) if figures else float(place.epoch)
        [score] = parallel.agree([score], next(state.model.parameters()).device)
        state.keep_best(score)
        line = {
            "epoch": place.epoch + 1,
            **({"stage": recipe.name or place.stage + 1} if len(self.run.stages) > 1 else {}),
            "step": place.total,
            "score": round(score, 4) if figures else None,
            "best": round(place.best, 4) if figures else None,
            "losses": place.mean_losses(),
            "seconds": round(seconds, 1),
        }
        place.epoch, place.done, place.losses = place.epoch + 1, 0, {}
        self.journal.epoch(place, line, {name: round(each, 4) for name, each in figures.items()})
        if parallel.is_first():
            said = f"epoch {place.epoch}: score {line['score']}, best {line['best']}"
            self.progress.write(said, file=sys.stderr)
        self._save(state)

    def _save(self, state: State) -> None:
        if parallel.is_first():
            state.save(self.run.folder)


def _is_over(place: Place, recipe: Recipe) -> bool:
    tired = bool(recipe.patience) and place.worse >= recipe.patience
    return tired or place.epoch - place.began >= recipe.epochs


def _ahead(feed: Feed, steps: Sequence[tuple[Draw, ...]]) -> Iterator[list[Batch]]:
    """Makes each step's batches while the step before is taken."""

    def make(draws: tuple[Draw, ...]) -> list[Batch]:
        with clear_about_memory(draws[0].kind):
            return [feed.make(draw) for draw in draws]

    with ThreadPoolExecutor(1) as pool:
        waiting: list[Future[list[Batch]]] = []
        for draws in steps:
            waiting.append(pool.submit(make, draws))
            if len(waiting) > 1:
                yield waiting.pop(0).result()
        if waiting:
            yield waiting.pop().result()


@contextmanager
def _stop_asked() -> Iterator[list[bool]]:
    """Turns a request to end into a list that is no longer empty."""
    asked: list[bool] = []

    def ask(number: int, frame: FrameType | None) -> None:
        asked.append(True)

    before = {each: signal.signal(each, ask) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
