"""What training changes, and its file: written whole or not at all, and never unpickled."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from emotion.model import EmotionModel
from train.errors import CannotTrain

FILE = "state.safetensors"
MOMENTS = ("step", "exp_avg", "exp_avg_sq")


@dataclass
class State:
    """A run at some step.

    Attributes:
        model: The weights that learn.
        averaged: Their running average, which is judged and kept.
        optimizer: AdamW over the model.
        step: Steps done.
        best: The best score on the development side so far.
        best_weights: The averaged weights that had it.
        losses: The sum and the count of each kind's losses since the epoch began.
    """

    model: EmotionModel
    averaged: EmotionModel
    optimizer: torch.optim.AdamW
    step: int = 0
    best: float = float("-inf")
    best_weights: dict[str, Tensor] = field(default_factory=dict)
    losses: dict[str, list[float]] = field(default_factory=dict)

    def average(self, keep: float) -> None:
        """Moves the averaged weights towards the model's, faster in the beginning."""
        keep = min(keep, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for mean, now in zip(self.averaged.parameters(), self.model.parameters(), strict=True):
                mean.lerp_(now, 1 - keep)

    def keep_best(self, score: float) -> bool:
        """Keeps the averaged weights if they are the best so far."""
        if score <= self.best:
            return False
        self.best = score
        self.best_weights = {
            name: value.detach().clone() for name, value in self.averaged.state_dict().items()
        }
        return True

    def mean_losses(self) -> dict[str, float]:
        """Each kind's mean loss since the epoch began."""
        return {kind: round(total / count, 4) for kind, (total, count) in self.losses.items()}

    def save(self, folder: Path) -> None:
        """Writes the state, replacing the one before only when it is whole."""
        tensors = {name: value.contiguous() for name, value in self._tensors()}
        facts = {"step": self.step, "best": self.best, "losses": self.losses}
        fresh = folder / f"{FILE}.new"
        save_file(tensors, fresh, {"facts": json.dumps(facts)})
        fresh.replace(folder / FILE)

    def load(self, folder: Path) -> None:
        """Reads the state back."""
        device = next(self.model.parameters()).device
        parts: dict[str, dict[str, Tensor]] = {}
        try:
            with safe_open(folder / FILE, "pt", str(device)) as file:
                facts = json.loads(file.metadata()["facts"])
                for key in file.keys():  # noqa: SIM118 (it is no dictionary)
                    part, name = key.split("/", 1)
                    parts.setdefault(part, {})[name] = file.get_tensor(key)
            self.model.load_state_dict(parts["model"])
            self.averaged.load_state_dict(parts["averaged"])
        except (OSError, SafetensorError, RuntimeError, KeyError) as error:
            raise CannotTrain(f"The run in {folder} cannot be gone on with: {error}") from error
        self._load_moments(parts["optimizer"])
        self.best_weights = parts.get("best", {})
        self.step, self.best, self.losses = facts["step"], facts["best"], facts["losses"]

    def _tensors(self) -> Iterator[tuple[str, Tensor]]:
        named = {"model": self.model.state_dict(), "averaged": self.averaged.state_dict()}
        for part, values in (named | {"best": self.best_weights}).items():
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
