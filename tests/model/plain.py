"""Cross-modal attention written out in numpy, one row and one head at a time."""

import numpy as np
import torch

from emotion.model.states import States


def parts(module):
    """A module's weights as arrays, by name."""
    return {name: value.numpy() for name, value in module.state_dict().items()}


def states(width, real, size):
    """Random states; `real` tells for each row which places of `size` are real."""
    mask = torch.zeros(len(real), size, dtype=torch.bool)
    for row, places in enumerate(real):
        mask[row, list(places)] = True
    values = torch.randn(len(real), size, width, dtype=torch.float64)
    return States(values, mask, torch.zeros(len(real), size, 2))


def real_rows(side, row):
    """The real states of one row."""
    return side.values[row][side.mask[row]].numpy()


def linear(parts, name, x):
    return x @ parts[f"{name}.weight"].T + parts[f"{name}.bias"]


def norm(parts, name, x):
    standard = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)
    return standard * parts[f"{name}.weight"] + parts[f"{name}.bias"]


def cross_block(parts, name, query, context, heads, lean=0.0):
    """A block over real states alone, and its weights `[heads, queries, keys]`.

    `lean` is what is added to the scores, `[queries, keys]`.
    """
    q, k, v = (
        linear(parts, f"{name}.attention.{part}", x)
        for part, x in (("query", query), ("key", context), ("value", context))
    )
    size = q.shape[1] // heads
    mixed, shares = [], []
    for head in range(heads):
        cut = slice(head * size, (head + 1) * size)
        score = np.exp(q[:, cut] @ k[:, cut].T / np.sqrt(size) + lean)
        shares.append(score / score.sum(1, keepdims=True))
        mixed.append(shares[-1] @ v[:, cut])
    attended = linear(parts, f"{name}.attention.output", np.hstack(mixed))
    x = norm(parts, f"{name}.attention_norm", query + attended)
    inner = linear(parts, f"{name}.feed_forward.inner", x)
    inner = torch.nn.functional.gelu(torch.from_numpy(inner)).numpy()
    inner = linear(parts, f"{name}.feed_forward.outer", inner)
    return norm(parts, f"{name}.forward_norm", x + inner), np.array(shares)
