"""Voice and words judged apart, and beside that what only their meeting tells."""

import torch
from torch import Tensor, nn

from emotion.model.config import ModelConfig
from emotion.model.fused import Fused
from emotion.model.heads import Apart, Said
from emotion.model.mmi import MMI
from emotion.model.states import Sides

BY_ITSELF = 0.5  # of the pairs in training, those that the meeting judges without what is beside it


class Beside(nn.Module):
    """A sum of what each side that is there says by itself, and of what MMI says of the two.

    Each side learns from its own corpora without the other in its way, which through MMI alone it
    does several times slower, and one side alone says what a model of it alone would say. A sum of
    logits: were the sides independent of each other, that is what both would tell, and MMI learns
    where they are not, starting from nothing. In training it has to judge many a pair by itself:
    else its attention would rest on whatever is left over, and not on the words that matter.
    """

    heat: Tensor

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads = Apart(config)
        self.meeting = MMI(config)
        heat = torch.tensor([config.temperatures.get(side, 1.0) for side in config.sides])
        self.register_buffer("heat", heat, persistent=False)  # as the configuration has it
        for head in (self.meeting.joined.heads.label, self.meeting.joined.heads.affect):
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, sides: Sides, weights: bool = False) -> Fused:
        """Fuses the sides; one without any real state is absent."""
        (logits, affect, embedding), there = self.heads(sides)
        # What one side says alone is divided by its temperature once, where it is asked for.
        heat = torch.where(there.sum(1, keepdim=True) > 1, self.heat, 1.0)
        logits = logits / heat[..., None]
        share = there.float()[..., None]
        mean = share / share.sum(1, keepdim=True).clamp(min=1)
        apart = Said((share * logits).sum(1), (mean * affect).sum(1), (mean * embedding).sum(1))
        both = sides.voice.present & sides.words.present
        if self.training and not both.any():
            return Fused(apart)  # in training only, for an exported graph cannot choose its way
        met = self.meeting(sides, weights)
        if self.training:
            heard = ~both | (torch.rand(len(both), device=both.device) >= BY_ITSELF)
            apart = apart._replace(logits=apart.logits * heard[:, None])
        added = (torch.where(both[:, None], each, 0.0) for each in met.said)
        whole = Said(*(one + other for one, other in zip(apart, added, strict=True)))
        return Fused(whole._replace(affect=whole.affect.clamp(-1, 1)), met.weights)
