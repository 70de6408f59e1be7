"""What frozen encoders said, kept on disk: an utterance is encoded once, and then read back.

Values are kept in half precision, also for the step that computes them, so that a run is the same
whether or not it was there before. What an utterance is known by is what the encoder reads of it.
"""

import hashlib
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from emotion.model import EmotionModel
from emotion.model.inputs import PADDING
from emotion.model.states import States
from train.errors import CannotTrain
from train.learning import is_frozen
from train.recipe import Recipe

KEY = 16  # bytes of an utterance's name
HEAD = KEY + 4  # and the number of its states
MOST = float(np.finfo(np.float16).max)


class Shelf:
    """The states of one encoder, in a file of its own for each start; all that are there are read.

    Args:
        folder: Where the files are.
        width: Of a state.
    """

    def __init__(self, folder: Path, width: int) -> None:
        self.width = width
        folder.mkdir(parents=True, exist_ok=True)
        self.places: dict[bytes, tuple[int, int, int]] = {}
        for path in sorted(folder.glob("*.states")):
            self._index(os.open(path, os.O_RDONLY))
        # Two runs may remember at once, so none writes into what another has begun.
        self.path = folder / f"{uuid.uuid4().hex}.states"
        self.file: int | None = None
        self.end = 0

    def get(self, key: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The values, the mask and the span of an utterance."""
        file, start, n = self.places[key]
        data = os.pread(file, self._size(n), start)
        mask = np.frombuffer(data, np.bool_, n)
        span = np.frombuffer(data, np.float32, 2 * n, n).reshape(n, 2)
        values = np.frombuffer(data, np.float16, n * self.width, 9 * n)
        return values.reshape(n, self.width).astype(np.float32), mask, span

    def put(self, key: bytes, values: np.ndarray, mask: np.ndarray, span: np.ndarray) -> None:
        """Keeps the states of an utterance, without what follows its last real one."""
        n = int(np.flatnonzero(mask)[-1]) + 1 if mask.any() else 0
        halves = np.clip(values[:n], -MOST, MOST).astype(np.float16)
        body = mask[:n].tobytes() + span[:n].tobytes() + halves.tobytes()
        if self.file is None:
            self.file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        record = key + n.to_bytes(4, "little") + body
        if os.pwrite(self.file, record, self.end) < len(record):  # as much as there was room for
            raise CannotTrain(f"{self.path} cannot be written: no space is left.")
        self.places[key] = (self.file, self.end + HEAD, n)
        self.end += HEAD + len(body)

    def _index(self, file: int) -> None:
        """Finds all whole records of a file; one that a sudden end cut off is passed over."""
        start, size = 0, os.fstat(file).st_size
        while start + HEAD <= size:
            head = os.pread(file, HEAD, start)
            n = int.from_bytes(head[KEY:], "little")
            if start + HEAD + self._size(n) > size:
                break
            self.places[head[:KEY]] = (file, start + HEAD, n)
            start += HEAD + self._size(n)

    def _size(self, n: int) -> int:
        return n * (1 + 2 * 4 + self.width * 2)


class Remembering(nn.Module):
    """Stands in for a frozen encoder of voice or words, and asks it only for what is new."""

    def __init__(self, encoder: nn.Module, shelf: Shelf) -> None:
        super().__init__()
        self.encoder, self.shelf = encoder, shelf

    @torch.no_grad()
    def forward(self, first: Tensor, second: Tensor) -> States:
        """Encodes what the encoder does: samples with their number, or tokens with their words."""
        keys = _keys(first, second)
        new = [row for row, key in enumerate(keys) if key not in self.shelf.places]
        if new:
            states = self.encoder(first[new], second[new])
            parts = (states.values.float(), states.mask, states.span.float())
            rows = zip(*(part.cpu().numpy() for part in parts), strict=True)
            for row, (values, mask, span) in zip(new, rows, strict=True):
                self.shelf.put(keys[row], values, mask, span)
        return _together([self.shelf.get(key) for key in keys], self.shelf.width, first.device)


class Memory:
    """The shelves of a stage's frozen encoders.

    Args:
        model: Frozen as the stage wants it.
        recipe: The stage's.
        folder: The cache.
    """

    def __init__(self, model: EmotionModel, recipe: Recipe, folder: Path | None) -> None:
        self.shelves: dict[str, Shelf] = {}
        for side in ("voice", "words"):
            encoder = getattr(model, side, None)
            if folder and encoder is not None and _keepable(encoder) and _unchanged(recipe, side):
                name = f"{side}-{_identity(encoder, getattr(model.config, side))}"
                self.shelves[side] = Shelf(folder / "states" / name, encoder.width)

    @contextmanager
    def serving(self, model: EmotionModel) -> Iterator[None]:
        """Lets a model remember, one whose frozen encoders are those that this was made for."""
        with ExitStack() as stack:
            for side, shelf in self.shelves.items():
                encoder = getattr(model, side)
                stack.callback(setattr, model, side, encoder)
                setattr(model, side, Remembering(encoder, shelf))
            yield


def _keepable(encoder: nn.Module) -> bool:
    """Whether it is frozen, and its states are all it says: what else it says would be lost."""
    more = (getattr(encoder, name, None) for name in ("signs", "usual"))
    return is_frozen(encoder) and all(each is None for each in more)


def _unchanged(recipe: Recipe, side: str) -> bool:
    """Whether a side is read, and as it is; what chance changes is never met twice."""
    if not recipe.remember or side not in recipe.sides:
        return False
    if side == "words":
        return not recipe.drop_word
    mixed = recipe.steps.get("voice") and recipe.mix
    return not recipe.augment and not mixed


def _identity(encoder: nn.Module, settings: object) -> str:
    """A name that changes with an encoder's shape and weights."""
    digest = hashlib.blake2b(repr(settings).encode(), digest_size=8)
    for name, value in encoder.state_dict().items():
        digest.update(name.encode())
        digest.update(value.detach().cpu().contiguous().view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _keys(first: Tensor, second: Tensor) -> list[bytes]:
    """What each row is known by."""
    one, other = first.cpu().numpy(), second.cpu().numpy()
    if other.ndim == 1:  # samples, and how many of them are real
        read = [row[:n].tobytes() for row, n in zip(one, other, strict=True)]
    else:
        real = [np.count_nonzero(words != PADDING) for words in other]
        rows = zip(one, other, real, strict=True)
        read = [tokens[:n].tobytes() + words[:n].tobytes() for tokens, words, n in rows]
    return [hashlib.blake2b(each, digest_size=KEY).digest() for each in read]


def _together(
    rows: Sequence[tuple[np.ndarray, np.ndarray, np.ndarray]], width: int, device: torch.device
) -> States:
    n_rows, longest = len(rows), max(1, *(len(mask) for _, mask, _ in rows))
    values = np.zeros((n_rows, longest, width), np.float32)
    mask = np.zeros((n_rows, longest), np.bool_)
    span = np.zeros((n_rows, longest, 2), np.float32)
    for row, parts in enumerate(rows):
        for whole, part in zip((values, mask, span), parts, strict=True):
            whole[row, : len(part)] = part
    return States(*(torch.from_numpy(each).to(device) for each in (values, mask, span)))
