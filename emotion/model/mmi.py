"""Multimodal interaction: each side looks at the other, and a gate decides how much counts."""

from dataclasses import replace

import torch
from torch import Tensor, nn

from emotion.model.blocks import CrossBlock
from emotion.model.config import ModelConfig
from emotion.model.fused import Fused, Weights
from emotion.model.heads import Joined
from emotion.model.states import Sides, States


class CrossEncoder(nn.Module):
    """Blocks in which one side looks at the other."""

    def __init__(self, width: int, layers: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(CrossBlock(width, heads, dropout) for _ in range(layers))

    def forward(
        self,
        query: Tensor,
        context: Tensor,
        mask: Tensor,
        weights: bool,
        lean: Tensor | None = None,
    ) -> tuple[Tensor, list[Tensor]]:
        """Attends layer by layer over the same context; returns each layer's weights too."""
        kept = []
        for block in self.blocks:
            query, shares = block(query, context, mask, weights, lean)
            if shares is not None:
                kept.append(shares)
        return query, kept


class MMI(nn.Module):
    """Multimodal interaction: three cross-modal encoders and a gate.

    P = voice over words, R = words over P, Q = words over voice; the gate
    g = sigmoid(linear[R; Q]) decides how much of Q each word takes: linear[R; g * Q]. The body
    signals, which have no moments to meet, are joined to the two after pooling.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        width, fusion = config.width, config.fusion
        sizes = (width, fusion.layers, fusion.heads, config.dropout)
        self.voice_over_words = CrossEncoder(*sizes)
        self.words_over_mixed = CrossEncoder(*sizes)
        self.words_over_voice = CrossEncoder(*sizes)
        self.gate = nn.Linear(2 * width, width)
        self.join = nn.Linear(2 * width, width)
        self.joined = Joined(config, config.sides)

    def forward(self, sides: Sides, weights: bool = False) -> Fused:
        """Fuses the sides, each with at least one real state a row.

        Of the weights for words to voice, Q's layers come first, then R's.
        """
        fused_voice, fused_words, kept = self.meet(sides.voice, sides.words, weights)
        said = self.joined(Sides(fused_voice, fused_words, sides.body))
        return Fused(said, kept)

    def meet(
        self, voice: States, words: States, weights: bool = False
    ) -> tuple[States, States, Weights | None]:
        """The voice that has looked at the words, and the words that have looked at the voice."""
        lean = None if words.lean is None else words.lean[:, None]
        p, to_words = self.voice_over_words(voice.values, words.values, words.mask, weights, lean)
        r, through = self.words_over_mixed(words.values, p, voice.mask, weights)
        q, direct = self.words_over_voice(words.values, voice.values, voice.mask, weights)
        gate = torch.sigmoid(self.gate(torch.cat([r, q], -1)))
        fused = self.join(torch.cat([r, gate * q], -1))
        kept = None
        if weights:
            kept = Weights(torch.stack(direct + through, 1), torch.stack(to_words, 1))
        return replace(voice, values=p), replace(words, values=fused), kept
