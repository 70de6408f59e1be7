"""One step of training: some passes through the model, then one move of its weights."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import torch
from torch import Tensor, nn

from emotion.model import EmotionModel
from train import parallel
from train.batches import Batch
from train.errors import CannotTrain
from train.learning import train_mode
from train.losses import total
from train.memory import Memory
from train.recipe import Recipe
from train.state import State

HALVES = {"bf16": torch.bfloat16, "fp16": torch.float16}


class Stepper:
    """Takes the steps of a stage.

    Args:
        recipe: The stage's.
        state: What the steps change.
        n_steps: About how many there will be.
        memory: What frozen encoders said.
    """

    def __init__(self, recipe: Recipe, state: State, n_steps: int, memory: Memory) -> None:
        self.recipe, self.state, self.n_steps, self.memory = recipe, state, n_steps, memory
        self.device = next(state.model.parameters()).device
        halved = self.device.type == "cuda" and recipe.precision == "fp16"
        self.scaler = torch.amp.GradScaler(self.device.type, enabled=halved)
        if halved and state.place.scaler:
            self.scaler.load_state_dict(state.place.scaler)

    def take(self, batches: Sequence[Batch]) -> dict[str, float]:
        """Takes a step; returns its figures."""
        state, place = self.state, self.state.place
        self._begin()
        n_rows = sum(len(batch.shares) for batch in batches)
        figures: dict[str, float] = {}
        with self.memory.serving(state.model):
            for batch in batches:
                figures |= self._pass(batch, len(batch.shares) / n_rows)
        parallel.average_gradients(state.model.parameters())
        self.scaler.unscale_(state.optimizer)
        norm = nn.utils.clip_grad_norm_(state.model.parameters(), self.recipe.clip)
        if not self.scaler.is_enabled() and not torch.isfinite(norm):
            raise _no_number("gradient", place.step)  # a scaler passes such a step over by itself
        self.scaler.step(state.optimizer)
        self.scaler.update()
        place.scaler = self.scaler.state_dict()
        state.average(self.recipe.average)
        rate = state.optimizer.param_groups[0]["lr"]
        return {**figures, "gradient": float(norm), "rate": rate}

    def _begin(self) -> None:
        place, optimizer = self.state.place, self.state.optimizer
        # Seeded at each step, so that dropout is the same whether or not the run was interrupted.
        seed = self.recipe.seed * 1_000_003 + place.stage * 500_009 + place.step
        torch.manual_seed(seed + parallel.rank() * 700_001)
        for group in optimizer.param_groups:
            group["lr"] = self.recipe.rate * rate_at(place.step / self.n_steps, self.recipe)
        train_mode(self.state.model)
        optimizer.zero_grad()

    def _pass(self, batch: Batch, share: float) -> dict[str, float]:
        place, kind = self.state.place, batch.kind
        with clear_about_memory(kind):
            loss, parts = loss_of(self.state.model, batch, self.recipe, self.device)
            if not torch.isfinite(loss):
                raise _no_number(f"loss of {kind}", place.step)
            if loss.requires_grad:
                self.scaler.scale(loss * share).backward()
        figures = {f"loss/{kind}": float(loss.detach())}
        so_far = place.losses.setdefault(kind, [0.0, 0])
        so_far[0], so_far[1] = so_far[0] + figures[f"loss/{kind}"], so_far[1] + 1
        return figures | {f"{name}/{kind}": float(part.detach()) for name, part in parts.items()}


def loss_of(
    model: EmotionModel, batch: Batch, recipe: Recipe, device: torch.device
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss of a batch, of which each process reads its part, and the loss's own parts."""
    n_rows = len(batch.shares)
    batch = replace(batch, inputs=parallel.mine(batch.inputs)).to(device)
    half = HALVES.get(recipe.precision, torch.bfloat16)
    enabled = device.type == "cuda" and recipe.precision in HALVES
    with torch.autocast(device.type, half, enabled=enabled):
        output = model(batch.inputs)
    names = ("logits", "affect", "embedding", "combination")
    whole = {name: parallel.gathered(getattr(output, name), n_rows) for name in names}
    output = replace(output, **whole)
    return total(output, batch, recipe.loss)


def rate_at(done: float, recipe: Recipe) -> float:
    """The share of the highest rate, when a share of all steps is done."""
    if done < recipe.warmup:
        return done / recipe.warmup + 1e-3
    if recipe.schedule == "constant":
        return 1.0
    fallen = min(1.0, (done - recipe.warmup) / (1 - recipe.warmup))
    return 0.5 * (1 + math.cos(math.pi * fallen))


@contextmanager
def clear_about_memory(kind: str) -> Iterator[None]:
    """Turns what is raised where memory ends into one clear sentence."""
    try:
        yield
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise _out_of_memory(kind) from error
    except RuntimeError as error:
        # What PyTorch's allocator for the CPU raises is not an OutOfMemoryError.
        if "not enough memory" not in str(error) and "allocate memory" not in str(error):
            raise
        raise _out_of_memory(kind) from error


def _no_number(what: str, step: int) -> CannotTrain:
    return CannotTrain(
        f"The {what} is not a number at step {step}. What was saved before is kept; try a lower "
        "rate."
    )


def _out_of_memory(kind: str) -> CannotTrain:
    return CannotTrain(
        f"Out of memory in a batch of {kind}. Make padded_seconds or batch.{kind} smaller in the "
        "recipe (accumulate makes up for it); what was saved before is kept."
    )
