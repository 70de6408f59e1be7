"""Models that are kept ready: each is loaded once, and the longest unused makes room for others."""

import json
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open

from emotion import checkpoint
from emotion.analyze import Analyzer
from emotion.classifier import Classifier, blank
from emotion.errors import BadInput
from emotion.model import EmotionModel
from emotion.model.folder import CONFIG, INDEX, WEIGHTS, settings
from emotion.transcribe import Transcriber

LIMIT = 2_000_000_000  # bytes of weights that are held at once, unless told otherwise
FLOAT = 4  # bytes of a weight once it is loaded, whatever it is stored as


@dataclass(frozen=True)
class Held:
    """A model that is ready.

    Attributes:
        judge: One of ours with its words and its plane, or any other that classifies sound.
        size: Bytes of its weights.
        seconds: How long it took to load.
    """

    judge: Analyzer | Classifier
    size: int
    seconds: float


class Shelf:
    """Holds models for whoever compares them.

    What is held stays below a limit at every moment: room is made before a model is loaded, and
    while one is used no other is loaded. While it is loaded, its file is held beside it.

    Attributes:
        own: A model that is there in any case; it counts for nothing and never goes.
        limit: Bytes of weights that the others may take.
    """

    def __init__(
        self,
        own: Analyzer | None = None,
        limit: int = LIMIT,
        device: str | None = None,
        transcriber: Transcriber | None = None,
    ) -> None:
        self.own = own
        self.limit = limit
        self.device = torch.device(device) if device else checkpoint.best_device()
        self.transcriber = transcriber or (own.transcriber if own else Transcriber())
        # By name and by whether that can only be a hub's, which are two models.
        self._held: OrderedDict[tuple[str, bool], Held] = OrderedDict()
        self._turn = threading.Lock()

    @property
    def names(self) -> list[str]:
        """What is held, the longest unused first."""
        return [name for name, _ in self._held]

    @property
    def size(self) -> int:
        """Bytes of all weights that are held."""
        return sum(held.size for held in self._held.values())

    @contextmanager
    def taken(self, name: str, of_a_hub: bool = False) -> Iterator[tuple[Held, bool]]:
        """A model for as long as it is needed, and whether it was there before.

        Args:
            name: A shipped one, a folder, or a hub's id.
            of_a_hub: Whether it can only be a hub's id, and no folder of this machine.

        Raises:
            BadInput: There is none of this name, it cannot be loaded, or it is too large.
        """
        with self._turn:
            if self.own and name == self.own.name and not of_a_hub:
                yield Held(self.own, _size_of(self.own.model), 0.0), True
                return
            key = (name, of_a_hub)
            there = key in self._held
            if not there:
                self._held[key] = self._loaded(name, of_a_hub)
            self._held.move_to_end(key)
            yield self._held[key], there

    def _loaded(self, name: str, of_a_hub: bool) -> Held:
        start = time.perf_counter()
        limit = self.limit
        folder = checkpoint.fetch(name, limit) if of_a_hub else checkpoint.find(name, limit)
        is_ours = _is_ours(folder, name)
        size = weight(folder, name, is_ours)
        if size > limit:
            raise checkpoint.too_large(name, size, limit)
        while self.size + size > limit:
            self._held.popitem(last=False)
        judge: Analyzer | Classifier
        if is_ours:
            loaded = checkpoint.load_folder(folder, name)
            judge = Analyzer(loaded, str(self.device), self.transcriber)
        else:
            judge = Classifier(folder, name, self.device)
        return Held(judge, size, time.perf_counter() - start)


def weight(folder: Path, name: str, is_ours: bool) -> int:
    """Bytes of a model's weights once loaded, found without loading any.

    Args:
        folder: Where it lies.
        name: What to call it.
        is_ours: Whether it is one of our checkpoints.

    Raises:
        BadInput: There are no safetensors, they are damaged, or its settings are.
    """
    try:
        stored = sum(_weight(path) for path in _files(folder))
        # What its settings ask for is made before a wrong size is noticed.
        with torch.device("meta"):
            made = EmotionModel(settings(folder)) if is_ours else blank(folder, name)
    except (OSError, SafetensorError, *checkpoint.MISFITS) as error:
        if isinstance(error, BadInput):
            raise
        there = (folder / WEIGHTS).is_file() or (folder / INDEX).is_file()
        reason = "its settings or weights are damaged" if there else "it has no safetensors"
        raise BadInput("broken_checkpoint", name=name, reason=reason) from error
    return max(stored, _size_of(made))


def _files(folder: Path) -> list[Path]:
    if not (folder / INDEX).is_file():
        return [folder / WEIGHTS]
    parts = json.loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"]
    return [folder / name for name in sorted(set(parts.values()))]


def _weight(path: Path) -> int:
    with safe_open(path, "np") as file:
        shapes = [file.get_slice(name).get_shape() for name in file.keys()]  # noqa: SIM118
    return FLOAT * sum(math.prod(shape) for shape in shapes)


def _is_ours(folder: Path, name: str) -> bool:
    """Whether a folder holds one of our checkpoints; another names its kind."""
    try:
        said = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(
            "broken_checkpoint", name=name, reason="its config.json is damaged"
        ) from error
    return not (isinstance(said, dict) and "model_type" in said)


def _size_of(model: torch.nn.Module) -> int:
    return FLOAT * sum(each.numel() for each in model.parameters())
