"""What an encoder returns: states with a mask and a clock."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor


@dataclass(frozen=True)
class States:
    """The states of one side of a batch.

    Attributes:
        values: `[batch, time, width]`.
        mask: True where a state is real, `[batch, time]`; a row without any is an absent side.
        span: Start and end of each state, `[batch, time, 2]`: seconds for the voice, the word's
            index (twice) for words.
        said: What the encoder says of the whole before any state is looked at, for each label and
            for valence and arousal, `[batch, labels + 2]`; None where it says nothing.
        trust: How far each of that is believed instead of what the states tell, the same shape.
        lean: How much sooner each state is looked at than by what it is like, `[batch, time]`; None
            where all are alike in that.
        more: What is added to the logits of each label, `[batch, labels]`; None for nothing.
    """

    values: Tensor
    mask: Tensor
    span: Tensor
    said: Tensor | None = None
    trust: Tensor | None = None
    lean: Tensor | None = None
    more: Tensor | None = None

    @property
    def present(self) -> Tensor:
        """Which rows have this side at all, `[batch]`."""
        return self.mask.any(1)

    def absent(self) -> "States":
        """The same rows with this side taken away."""
        return replace(self, mask=torch.zeros_like(self.mask))

    def rows(self, index: Tensor) -> "States":
        """The given rows, in the given order; a row may be taken more than once."""
        told = (self.said, self.trust, self.lean, self.more)
        beside = (None if each is None else each[index] for each in told)
        return States(self.values[index], self.mask[index], self.span[index], *beside)


@dataclass(frozen=True)
class Sides:
    """The states of every side of a batch; a side that a model has not is absent in every row."""

    voice: States
    words: States
    body: States

    def only(self, *names: str) -> "Sides":
        """The same with all sides but the named ones taken away."""
        gone = {name: getattr(self, name).absent() for name in self.names if name not in names}
        return replace(self, **gone)

    @property
    def names(self) -> tuple[str, ...]:
        """The sides' names, in order."""
        return tuple(self.__dataclass_fields__)

    @property
    def combination(self) -> Tensor:
        """Which of config.COMBINATIONS each row has, by its place there; -1: none, `[batch]`."""
        there = [getattr(self, name).present.long() << bit for bit, name in enumerate(self.names)]
        return torch.stack(there).sum(0) - 1


def nothing(like: Tensor, width: int) -> States:
    """One state that is not there, for each row of a batch."""
    shape = (like.shape[0], 1)
    return States(
        torch.zeros(*shape, width, device=like.device),
        torch.zeros(*shape, dtype=torch.bool, device=like.device),
        torch.zeros(*shape, 2, device=like.device),
    )


def lengths_to_mask(lengths: Tensor, size: int) -> Tensor:
    """True for the first `lengths[i]` of `size` places, `[batch, size]`."""
    return torch.arange(size, device=lengths.device) < lengths[:, None]
