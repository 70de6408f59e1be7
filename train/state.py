"""What training changes, and its file: written whole or not at all, and never unpickled."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from emotion.model import EmotionModel
from train.errors import CannotTrain
from train.files import whole

FILE = "state.safetensors"
MOMENTS = ("step", "exp_avg", "exp_avg_sq")
NEVER = float("-inf")


@dataclass
class Place:
    """Where a run is.

    Attributes:
        stage: Which of the recipe's stages, from 0.
        epoch: Epochs done, in all stages.
        began: The epoch with which the stage began.
        step: Steps done in this stage.
        done: Steps done in this epoch.
        total: Steps done in all stages.
        best: The stage's best score on the development side so far.
        worse: Epochs since then.
        losses: The sum and the count of each kind's losses since the epoch began.
        scaler: What the gradients of half precision are scaled by, with when that last changed.
    """

    stage: int = 0
    epoch: int = 0
    began: int = 0
    step: int = 0
    done: int = 0
    total: int = 0
    best: float = NEVER
    worse: int = 0
    losses: dict[str, list[float]] = field(default_factory=dict)
    scaler: dict[str, Any] = field(default_factory=dict)

    def mean_losses(self) -> dict[str, float]:
        """Each kind's mean loss since the epoch began."""
        return {kind: round(total / count, 4) for kind, (total, count) in self.losses.items()}


@dataclass
class State:
    """A run at some step.

    Attributes:
        model: The weights that learn.
        averaged: Their running average, which is judged and kept; the model itself where a recipe
            averages nothing.
        optimizer: AdamW over what learns in the stage.
        place: Where the run is.
        best_weights: Those of the averaged weights that change, when they were best.
    """

    model: EmotionModel
    averaged: EmotionModel
    optimizer: torch.optim.AdamW
    place: Place = field(default_factory=Place)
    best_weights: dict[str, Tensor] = field(default_factory=dict)

    def average(self, keep: float) -> None:
        """Moves the averaged weights towards the model's, faster in the beginning."""
        if self.averaged is self.model:
            return
        keep = min(keep, (1 + self.place.step) / (10 + self.place.step))
        with torch.no_grad():
            for mean, now in zip(self.averaged.parameters(), self.model.parameters(), strict=True):
                if now.requires_grad:
                    mean.lerp_(now, 1 - keep)
            buffers = zip(self.averaged.buffers(), self.model.buffers(), strict=True)
            for kept, fresh in buffers:
                kept.copy_(fresh)

    def keep_best(self, score: float) -> None:
        """Keeps the averaged weights if they are the best so far."""
        if score <= self.place.best:
            self.place.worse += 1
            return
        self.place.best, self.place.worse = score, 0
        self.best_weights = {
            name: value.detach().clone() for name, value in self._changing(self.averaged)
        }

    def take_best(self) -> None:
        """Makes the best weights the model's."""
        for model in (self.model, self.averaged):
            model.load_state_dict(self.best_weights, strict=False)

    def save(self, folder: Path) -> None:
        """Writes the state, replacing the one before only when it is whole."""
        tensors = {name: value.contiguous() for name, value in self._tensors()}
        with whole(folder / FILE) as fresh:
            try:
                save_file(tensors, fresh, {"place": json.dumps(vars(self.place))})
            except SafetensorError as error:
                raise CannotTrain(f"{folder / FILE} cannot be written: {error}") from error

    def load(self, folder: Path) -> None:
        """Reads the state back, into a model and an optimizer of the stage that it is in."""
        device = next(self.model.parameters()).device
        parts: dict[str, dict[str, Tensor]] = {"optimizer": {}, "best": {}}
        try:
            with safe_open(folder / FILE, "pt", str(device)) as file:
                for key in file.keys():  # noqa: SIM118 (it is no dictionary)
                    part, name = key.split("/", 1)
                    parts.setdefault(part, {})[name] = file.get_tensor(key)
            self.model.load_state_dict(parts["model"])
            self.averaged.load_state_dict(parts["model"] | parts.get("averaged", {}))
            self._load_moments(parts["optimizer"])
        except (OSError, SafetensorError, RuntimeError, KeyError, ValueError) as error:
            raise _broken(folder, error) from error
        self.best_weights = parts["best"]
        self.place = place_in(folder)

    def _changing(self, model: EmotionModel) -> Iterator[tuple[str, Tensor]]:
        """What a stage changes of a model: all but its frozen weights."""
        frozen = {name for name, each in self.model.named_parameters() if not each.requires_grad}
        yield from (item for item in model.state_dict().items() if item[0] not in frozen)

    def _tensors(self) -> Iterator[tuple[str, Tensor]]:
        named = {"model": self.model.state_dict(), "best": self.best_weights}
        if self.averaged is not self.model:
            named["averaged"] = dict(self._changing(self.averaged))
        for part, values in named.items():
            yield from ((f"{part}/{name}", value) for name, value in values.items())
        for number, moments in self.optimizer.state_dict()["state"].items():
            for name in MOMENTS:
                # AdamW's count of steps may not share memory with another parameter's.
                yield f"optimizer/{number}/{name}", moments[name].clone()

    def _load_moments(self, tensors: dict[str, Tensor]) -> None:
        moments: dict[int, dict[str, Tensor]] = {}
        for key, value in tensors.items():
            number, name = key.split("/")
            moments.setdefault(int(number), {})[name] = value
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": moments, "param_groups": groups})


def place_in(folder: Path) -> Place:
    """Where the run in a folder is."""
    try:
        with safe_open(folder / FILE, "pt") as file:
            return Place(**json.loads(file.metadata()["place"]))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise _broken(folder, error) from error


def _broken(folder: Path, error: Exception) -> CannotTrain:
    reason = " ".join(str(error).split())[:300]
    return CannotTrain(f"The run in {folder} cannot be gone on with: {reason}")
