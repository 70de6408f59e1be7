"""What is said of a vector: an emotion, and valence and arousal."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from emotion.model.config import ModelConfig
from emotion.model.pooling import POOLINGS, WIDTHS
from emotion.model.states import Sides, States


class Said(NamedTuple):
    """What heads say of a batch.

    Attributes:
        logits: `[batch, labels]`.
        affect: Valence and arousal in -1..1, `[batch, 2]`.
        embedding: What both were read from, `[batch, width]`.
    """

    logits: Tensor
    affect: Tensor
    embedding: Tensor


class Heads(nn.Module):
    """A dense layer, and a head each for the emotion and for valence and arousal."""

    def __init__(self, n_in: int, width: int, n_labels: int, dropout: float) -> None:
        super().__init__()
        self.before = nn.Sequential(nn.Linear(n_in, width), nn.GELU(), nn.Dropout(dropout))
        self.label = nn.Linear(width, n_labels)
        self.affect = nn.Linear(width, 2)

    def forward(self, vector: Tensor) -> Said:
        """Judges `[batch, n_in]`."""
        embedding = self.before(vector)
        logits, affect = self.label(embedding), self.affect(embedding)
        return Said(logits.float(), affect.float().tanh(), embedding.float())


def over(config: ModelConfig, n_sides: int) -> Heads:
    """Heads that judge so many pooled sides, side by side."""
    n_in = n_sides * WIDTHS[config.fusion.pooling] * config.width
    return Heads(n_in, config.width, len(config.labels), config.dropout)


class Apart(nn.ModuleDict):
    """Heads of its own for each side."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__({side: over(config, 1) for side in config.sides})
        self.pool = POOLINGS[config.fusion.pooling]

    def forward(self, sides: Sides) -> tuple[Said, Tensor]:
        """Judges each side by itself.

        Returns:
            What is said of each side, with the sides second: `[batch, sides, ...]`; and which
            sides are there, `[batch, sides]`.
        """
        states = [getattr(sides, side) for side in self]
        each = [_judged(*pair, self.pool) for pair in zip(self.values(), states, strict=True)]
        there = torch.stack([mine.present for mine in states], 1)
        return Said(*(torch.stack(part, 1) for part in zip(*each, strict=True))), there


def _judged(heads: nn.Module, states: States, pool: Callable[[States], Tensor]) -> Said:
    """What heads say of a side, between that and what its encoder says of it already."""
    found: Said = heads(pool(states))
    if states.more is not None:
        found = found._replace(logits=found.logits + states.more)
    if states.said is None or states.trust is None:
        return found
    both = torch.cat([found.logits, found.affect], 1).lerp(states.said, states.trust)
    return found._replace(logits=both[:, :-2], affect=both[:, -2:])


class Joined(nn.Module):
    """Pools each of some sides, puts the vectors side by side, and judges."""

    def __init__(self, config: ModelConfig, sides: Sequence[str]) -> None:
        super().__init__()
        self.sides = tuple(sides)
        self.pool = POOLINGS[config.fusion.pooling]
        self.heads = over(config, len(sides))

    def forward(self, sides: Sides) -> Said:
        """Judges sides of which each has at least one real state a row."""
        return self.heads(torch.cat([self.pool(getattr(sides, side)) for side in self.sides], -1))
