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
    """

    values: Tensor
    mask: Tensor
    span: Tensor

    @property
    def present(self) -> Tensor:
        """Which rows have this side at all, `[batch]`."""
        return self.mask.any(1)

    def absent(self) -> "States":
        """The same rows with this side taken away."""
        return replace(self, mask=torch.zeros_like(self.mask))

    def rows(self, index: Tensor) -> "States":
        """The given rows, in the given order; a row may be taken more than once."""
        return States(self.values[index], self.mask[index], self.span[index])


def lengths_to_mask(lengths: Tensor, size: int) -> Tensor:
    """True for the first `lengths[i]` of `size` places, `[batch, size]`."""
    return torch.arange(size, device=lengths.device) < lengths[:, None]
