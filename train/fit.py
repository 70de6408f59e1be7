"""Training: batches in, the best weights by the development side out, stoppable at any moment."""

import copy
import json
import math
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import torch
from torch import Tensor, nn
from tqdm import tqdm

from emotion.model import EmotionModel, Tokenizer
from train import warm
from train.batches import Batch, Draw, Feed
from train.errors import CannotTrain
from train.losses import affect_loss, label_loss
from train.recipe import Recipe
from train.state import FILE, State

LOG = "log.jsonl"
Judge = Callable[[EmotionModel], dict[str, float]]


@dataclass(frozen=True)
class Run:
    """What stays the same during training.

    Attributes:
        recipe: How to train.
        feed: Where batches come from.
        judge: Figures of a model on the development side; their mean is its score.
        folder: Where the state and the log are kept.
        stop_after: Stop, to go on later, when so many steps are done.
    """

    recipe: Recipe
    feed: Feed
    judge: Judge
    folder: Path
    stop_after: int | None = None

    @property
    def epoch_steps(self) -> int:
        """Steps in an epoch."""
        return sum(self.recipe.steps.values())

    @property
    def steps(self) -> int:
        """Steps in all."""
        return self.recipe.epochs * self.epoch_steps


class Stopped(Exception):
    """Training was stopped before its end and can go on later."""


def fit(run: Run, tokenizer: Tokenizer, device: torch.device, resume: bool) -> EmotionModel:
    """Trains, and returns the model that was best on the development side.

    Raises:
        Stopped: It was stopped; the state is kept.
        CannotTrain: It cannot go on; the last epoch's state is kept.
    """
    if tokenizer.size > run.recipe.model.words.vocabulary:
        raise CannotTrain("The tokenizer knows more tokens than model.words.vocabulary.")
    state = begin(run.recipe, device)
    if resume and (run.folder / FILE).is_file():
        state.load(run.folder)
    else:
        warm.begin(state.model, run.feed, run.recipe)
        state.averaged.load_state_dict(state.model.state_dict())
    with _stop_asked() as asked:
        _train(run, state, asked)
    best = copy.deepcopy(state.averaged)
    best.load_state_dict(state.best_weights)
    return best.eval()


def begin(recipe: Recipe, device: torch.device) -> State:
    """A fresh model, the same for the same seed."""
    torch.manual_seed(recipe.seed)
    model = EmotionModel(recipe.model).to(device)
    optimizer = torch.optim.AdamW(_groups(model, recipe.decay), recipe.rate, (0.9, 0.98))
    return State(model, copy.deepcopy(model), optimizer)


def _train(run: Run, state: State, asked: list[bool]) -> None:
    with tqdm(total=run.steps, initial=state.step, unit="step", mininterval=5) as progress:
        while state.step < run.steps:
            began = time.monotonic()
            epoch, done = divmod(state.step, run.epoch_steps)
            for draw in _padded(run.feed.epoch(epoch), run.epoch_steps)[done:]:
                if draw is not None:
                    _step(run, state, draw)
                state.step += 1
                progress.update()
                progress.set_postfix(state.mean_losses(), refresh=False)
                if asked or state.step == run.stop_after:
                    state.save(run.folder)
                    raise Stopped(f"Stopped at step {state.step} of {run.steps}.")
            _finish_epoch(run, state, epoch, time.monotonic() - began)


def _step(run: Run, state: State, draw: Draw) -> None:
    # Seeded at each step, so that dropout is the same whether or not the run was interrupted.
    torch.manual_seed(run.recipe.seed * 1_000_003 + state.step)
    for group in state.optimizer.param_groups:
        group["lr"] = run.recipe.rate * rate_at(state.step / run.steps, run.recipe.warmup)
    device = next(state.model.parameters()).device
    with _clear_about_memory(draw.kind):
        state.model.train()
        loss = loss_of(state.model, run.feed.make(draw).to(device), run.recipe)
        if not torch.isfinite(loss):
            raise CannotTrain(
                f"The loss is not a number at step {state.step} ({draw.kind}). "
                f"{run.folder} is as it was; try a lower rate."
            )
        state.optimizer.zero_grad()
        loss.backward()
    nn.utils.clip_grad_norm_(state.model.parameters(), run.recipe.clip)
    state.optimizer.step()
    state.average(run.recipe.average)
    total = state.losses.setdefault(draw.kind, [0.0, 0])
    total[0] += float(loss.detach())
    total[1] += 1


def loss_of(model: EmotionModel, batch: Batch, recipe: Recipe) -> Tensor:
    """The loss of a batch: the label's, and that of valence and arousal."""
    device = batch.shares.device
    with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        output = model(batch.inputs)
    label = label_loss(output.logits, batch.shares, batch.prior, recipe.smoothing)
    return label + recipe.affect * affect_loss(output.affect, batch.affect, batch.source)


def rate_at(done: float, warmup: float) -> float:
    """The share of the highest rate, when a share of all steps is done."""
    if done < warmup:
        return done / warmup + 1e-3
    return 0.5 * (1 + math.cos(math.pi * (done - warmup) / (1 - warmup)))


def _finish_epoch(run: Run, state: State, epoch: int, seconds: float) -> None:
    figures = run.judge(state.averaged)
    score = sum(figures.values()) / max(1, len(figures))
    state.keep_best(score)
    line = {
        "epoch": epoch + 1,
        "step": state.step,
        "score": round(score, 4),
        "best": round(state.best, 4),
        "losses": state.mean_losses(),
        "figures": {name: round(value, 4) for name, value in figures.items()},
        "seconds": round(seconds, 1),
    }
    with (run.folder / LOG).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    tqdm.write(f"epoch {epoch + 1}: score {score:.4f}, best {state.best:.4f}")
    state.losses = {}
    state.save(run.folder)


def _padded(draws: list[Draw], steps: int) -> list[Draw | None]:
    # A source with few rows can give fewer batches; steps are counted the same all the same.
    return [*draws[:steps], *[None] * (steps - len(draws))]


def _groups(model: EmotionModel, decay: float) -> list[dict[str, object]]:
    """Only matrices decay: a norm's or a bias' size says nothing."""
    matrices = [each for each in model.parameters() if each.ndim > 1]
    others = [each for each in model.parameters() if each.ndim <= 1]
    return [
        {"params": matrices, "weight_decay": decay},
        {"params": others, "weight_decay": 0.0},
    ]


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


@contextmanager
def _clear_about_memory(kind: str) -> Iterator[None]:
    try:
        yield
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise _out_of_memory(kind) from error
    except RuntimeError as error:
        # What PyTorch's allocator for the CPU raises is not an OutOfMemoryError.
        if "not enough memory" not in str(error) and "allocate memory" not in str(error):
            raise
        raise _out_of_memory(kind) from error


def _out_of_memory(kind: str) -> CannotTrain:
    return CannotTrain(
        f"Out of memory in a batch of {kind}. Make batch.{kind} smaller in the recipe; "
        "the run folder is as it was."
    )
