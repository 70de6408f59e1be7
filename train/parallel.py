"""Several processes that train one model, as `torchrun` and `accelerate launch` start them.

Each takes its part of every batch. What the model says is gathered before the loss is taken, so
that a loss which compares rows with each other sees the whole batch; the gradients are then
averaged, and every process takes the same step. Without such a launcher there is one process, and
nothing here does anything.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor, nn
from torch.distributed.nn.functional import all_gather

from emotion.model import Inputs

PATIENCE = timedelta(hours=6)  # for the first process, which reads corpora and judges alone


def join() -> torch.device:
    """Joins the processes that the environment tells of; returns the device of this one."""
    here = int(os.environ.get("LOCAL_RANK", 0))
    gpu = torch.cuda.is_available()
    device = torch.device("cuda", here) if gpu else torch.device("cpu")
    if int(os.environ.get("WORLD_SIZE", 1)) > 1 and not dist.is_initialized():
        dist.init_process_group("nccl" if gpu else "gloo", timeout=PATIENCE)
        if gpu:
            torch.cuda.set_device(device)
    return device


def leave() -> None:
    """Leaves the other processes."""
    if dist.is_initialized():
        dist.destroy_process_group()


def rank() -> int:
    """This process's number."""
    return dist.get_rank() if dist.is_initialized() else 0


def size() -> int:
    """How many processes there are."""
    return dist.get_world_size() if dist.is_initialized() else 1


def is_first() -> bool:
    """Whether this is the process that writes and judges."""
    return rank() == 0


@contextmanager
def in_turn() -> Iterator[None]:
    """Lets the first process go before the others, which then find what it wrote."""
    if not is_first():
        dist.barrier()
    yield
    if is_first() and size() > 1:
        dist.barrier()


def mine(inputs: Inputs) -> Inputs:
    """This process's rows of a batch; the last row fills up where they cannot be shared evenly."""
    if size() == 1:
        return inputs
    total = len(inputs.n_samples)
    each = -(-total // size())
    rows = torch.arange(rank() * each, (rank() + 1) * each).clamp(max=total - 1)
    return Inputs(*(getattr(inputs, name)[rows] for name in inputs.__dataclass_fields__))


def gathered(values: Tensor, total: int) -> Tensor:
    """The rows of all processes, `[total, ...]`; gradients find their way back."""
    if size() == 1:
        return values
    return torch.cat(all_gather(values.contiguous()))[:total]


def average_gradients(parameters: Iterable[nn.Parameter]) -> None:
    """Averages the gradients over all processes.

    Every process takes the whole batch's loss and sends each row's gradient home, so what arrives
    is as many times too large as there are processes: the mean of them is the batch's gradient.
    """
    if size() == 1:
        return
    learning = [each for each in parameters if each.requires_grad]
    has = torch.tensor([float(each.grad is not None) for each in learning])
    has = _summed(has.to(learning[0].device)) > 0
    # What no process used keeps no gradient, so that the optimizer leaves it alone.
    used = [each for each, there in zip(learning, has.tolist(), strict=True) if there]
    grads = [torch.zeros_like(each) if each.grad is None else each.grad for each in used]
    flat = _summed(torch.cat([grad.flatten() for grad in grads])) / size()
    for each, grad in zip(used, flat.split([each.numel() for each in used]), strict=True):
        each.grad = grad.view_as(each)


def agree(values: list[float], device: torch.device) -> list[float]:
    """The first process's numbers, for all."""
    if size() == 1:
        return values
    shared = torch.tensor(values, dtype=torch.float64, device=device)
    dist.broadcast(shared, 0)
    return shared.tolist()


def any_of(flag: bool, device: torch.device) -> bool:
    """Whether it is so in any process."""
    return flag if size() == 1 else bool(_summed(torch.tensor([float(flag)], device=device)) > 0)


def share(module: nn.Module) -> None:
    """Gives all processes the first one's weights."""
    if size() > 1:
        for value in module.state_dict().values():
            dist.broadcast(value, 0)


def _summed(values: Tensor) -> Tensor:
    dist.all_reduce(values)
    return values
