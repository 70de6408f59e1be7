"""Where voice, words and body meet."""

from typing import Any

from torch import nn

from emotion.model.beside import Beside
from emotion.model.config import ModelConfig
from emotion.model.focus import FocusFusion
from emotion.model.fused import Fused
from emotion.model.heads import Joined
from emotion.model.late import COMBINES, Late
from emotion.model.mmi import MMI
from emotion.model.pooling import POOLINGS
from emotion.model.states import Sides


class Concat(nn.Module):
    """Each side is pooled on its own, and all are put side by side."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.joined = Joined(config, config.sides)

    def forward(self, sides: Sides, weights: bool = False) -> Fused:
        """Fuses the sides; there are no weights to return."""
        return Fused(self.joined(sides))


FUSIONS: dict[str, Any] = {
    "mmi": MMI,
    "concat": Concat,
    "focus": FocusFusion,
    "late": Late,
    "beside": Beside,
}
MEETING = ("mmi", "focus", "beside")  # in which voice and words look at each other
APART = ("late", "beside")  # in which a side that is absent is left out


def fills(config: ModelConfig) -> bool:
    """Whether a learnt state stands in the fusion for a side that is absent."""
    return config.fusion.kind not in APART and len(config.sides) > 1


def check(config: ModelConfig) -> None:
    """Raises ValueError for a fusion that there is not, or that needs other sides."""
    named = config.fusion
    for what, choice, known in (
        ("fusion", named.kind, FUSIONS),
        ("pooling", named.pooling, POOLINGS),
        ("combine", named.combine, COMBINES),
    ):
        if choice not in known:
            raise ValueError(f"unknown {what} {choice!r}: there are {', '.join(known)}")
    if not config.sides:
        raise ValueError("a model needs at least one of voice, words and body")
    lacking = [side for side in ("voice", "words") if side not in config.sides]
    if named.kind in MEETING and lacking:
        raise ValueError(
            f"the fusion {named.kind!r} lets voice and words meet, and this model has no "
            f"{' and no '.join(lacking)}: use the fusion 'concat', which takes any sides"
        )
