"""Late fusion: each side is judged on its own, and what they say is combined."""

import torch
from torch import Tensor, nn

from emotion.model.config import SIDES, ModelConfig
from emotion.model.fused import Fused
from emotion.model.heads import Apart, Said
from emotion.model.states import Sides

COMBINES = ("mean", "weights", "network")
INNER = 32  # units between what the sides say and how much each counts
ABSENT = -1e9  # the score of a side that is not there; its share of a sum is nothing


class Late(nn.Module):
    """A mean of what the sides that are there say, each of which has heads of its own.

    A mean of their probabilities and not of their logits: a side keeps its weight however loudly
    it speaks, and none can rule out what the others find. The mean is plain, or has learnt weights,
    or weights that a small network finds in what the sides say; in each, one side alone says what
    it would say without the others.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads = Apart(config)
        n_sides, n_said = len(config.sides), len(config.labels) + 1
        if config.fusion.combine == "weights":
            self.scores = nn.Parameter(torch.zeros(n_sides))
        elif config.fusion.combine == "network":
            self.network = nn.Sequential(
                nn.Linear(n_sides * n_said, INNER), nn.GELU(), nn.Linear(INNER, n_sides)
            )
        self.combine = config.fusion.combine

    def forward(self, sides: Sides, weights: bool = False) -> Fused:
        """Fuses the sides; a side without any real state is absent, and there are no weights.

        The logits are logarithms of probabilities.
        """
        (logits, affect, embedding), there = self.heads(sides)
        said = logits.log_softmax(-1)
        score = self._score(said, there).masked_fill(~there, ABSENT)
        share = score.softmax(1)[..., None]
        together = (said + score.log_softmax(1)[..., None]).logsumexp(1)
        return Fused(Said(together, (share * affect).sum(1), (share * embedding).sum(1)))

    def _score(self, said: Tensor, there: Tensor) -> Tensor:
        """How much each side counts, before a softmax over those that are there, `[batch, sides]`.

        Args:
            said: Logarithms of each side's probabilities, `[batch, sides, labels]`.
            there: Which sides are there, `[batch, sides]`.
        """
        if self.combine == "weights":
            return self.scores.float().expand(there.shape)
        if self.combine == "network":
            seen = torch.cat([said.exp(), torch.ones_like(said[..., :1])], -1) * there[..., None]
            return self.network(seen.flatten(1)).float()
        return torch.zeros(there.shape, device=said.device)


def side_prefixes(side: str) -> tuple[str, ...]:
    """How the names of a model's tensors begin that belong to one side alone."""
    return f"{side}.", f"{side}_in.", f"fusion.heads.{side}."


def side_tensors(tensors: dict[str, Tensor], side: str) -> dict[str, Tensor]:
    """What a checkpoint has of one side, under the names that it has in late fusion.

    The heads of a model of this side alone, which concatenates nothing, are this side's heads.

    Args:
        tensors: All tensors of a checkpoint.
        side: One of config.SIDES.
    """
    sides = [each for each in SIDES if f"{each}_in.weight" in tensors]
    alone = "fusion.joined.heads."
    found = {}
    for name, value in tensors.items():
        if sides == [side] and name.startswith(alone):
            name = f"fusion.heads.{side}.{name.removeprefix(alone)}"
        if name.startswith(side_prefixes(side)):
            found[name] = value
    return found
