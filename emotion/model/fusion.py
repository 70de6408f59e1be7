"""Where voice and words meet."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from emotion.model.blocks import CrossBlock
from emotion.model.config import FusionConfig
from emotion.model.states import States


@dataclass(frozen=True)
class Weights:
    """Attention weights, before they are brought from tokens to words.

    Attributes:
        words_to_voice: `[batch, layers, heads, tokens, frames]`.
        voice_to_words: `[batch, layers, heads, frames, tokens]`.
    """

    words_to_voice: Tensor
    voice_to_words: Tensor


class CrossEncoder(nn.Module):
    """Blocks in which one side looks at the other."""

    def __init__(self, width: int, layers: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(CrossBlock(width, heads, dropout) for _ in range(layers))

    def forward(
        self, query: Tensor, context: Tensor, mask: Tensor, weights: bool
    ) -> tuple[Tensor, list[Tensor]]:
        """Attends layer by layer over the same context; returns each layer's weights too."""
        kept = []
        for block in self.blocks:
            query, shares = block(query, context, mask, weights)
            if shares is not None:
                kept.append(shares)
        return query, kept


class MMI(nn.Module):
    """Multimodal interaction: three cross-modal encoders and a gate.

    P = voice over words, R = words over P, Q = words over voice; the gate
    g = sigmoid(linear[R; Q]) decides how much of Q each word takes: linear[R; g * Q].
    """

    def __init__(self, config: FusionConfig, width: int, dropout: float) -> None:
        super().__init__()
        sizes = (width, config.layers, config.heads, dropout)
        self.voice_over_words = CrossEncoder(*sizes)
        self.words_over_mixed = CrossEncoder(*sizes)
        self.words_over_voice = CrossEncoder(*sizes)
        self.gate = nn.Linear(2 * width, width)
        self.join = nn.Linear(2 * width, width)

    def forward(
        self, voice: States, words: States, weights: bool = False
    ) -> tuple[States, States, Weights | None]:
        """Fuses the two sides, each with at least one real state a row.

        Returns:
            The voice that has looked at the words, the words that have looked at the voice, and
            the weights if asked for: for words to voice Q's layers first, then R's.
        """
        p, to_words = self.voice_over_words(voice.values, words.values, words.mask, weights)
        r, through = self.words_over_mixed(words.values, p, voice.mask, weights)
        q, direct = self.words_over_voice(words.values, voice.values, voice.mask, weights)
        gate = torch.sigmoid(self.gate(torch.cat([r, q], -1)))
        fused = self.join(torch.cat([r, gate * q], -1))
        kept = None
        if weights:
            kept = Weights(torch.stack(direct + through, 1), torch.stack(to_words, 1))
        return States(p, voice.mask, voice.span), States(fused, words.mask, words.span), kept


FUSIONS = {"mmi": MMI}
