"""From the states of a side to one vector, blind to padding."""

import torch
from torch import Tensor

from emotion.model.states import States


def moments(states: States) -> Tensor:
    """Mean and standard deviation of the real states, `[batch, 2 * width]`."""
    mask = states.mask[..., None].to(states.values.dtype)
    count = mask.sum(1).clamp(min=1)
    mean = (states.values * mask).sum(1) / count
    spread = ((states.values - mean[:, None]) ** 2 * mask).sum(1) / count
    return torch.cat([mean, (spread + 1e-5).sqrt()], -1)


def mean(states: States) -> Tensor:
    """The mean of the real states, `[batch, width]`."""
    mask = states.mask[..., None].to(states.values.dtype)
    return (states.values * mask).sum(1) / mask.sum(1).clamp(min=1)


def ends(states: States) -> Tensor:
    """Half of the last state and half of the first, `[batch, width]`.

    An LSTM's way forward ends in the last state and its way back in the first; what a model reads
    of a state, it may lay into either half. Real states stand together.
    """
    half = states.values.shape[-1] // 2
    place = torch.arange(states.mask.shape[1], device=states.mask.device)
    last = (place * states.mask).amax(1)
    first = states.mask.long().argmax(1)
    row = torch.arange(len(last), device=last.device)
    return torch.cat([states.values[row, last, :half], states.values[row, first, half:]], -1)


POOLINGS = {"moments": moments, "mean": mean, "ends": ends}
WIDTHS = {"moments": 2, "mean": 1, "ends": 1}  # of the vector, in widths of a state
