"""Cross-modal attention that leans to a stretch of the other side.

The scores softmax(q k / sqrt(d) + f) get, before the softmax, the Gaussian focal bias
f(i, j) = -(j - centre_i)^2 / (2 width_i^2) of You et al. (2019), whose centre and width each query
predicts from its own state.
"""

from dataclasses import replace

import torch
from torch import Tensor, nn

from emotion.model.blocks import CrossBlock
from emotion.model.config import ModelConfig
from emotion.model.fused import Fused, Weights
from emotion.model.heads import Joined
from emotion.model.states import Sides, States

NARROWEST = 0.5  # states: a stretch is never narrower than one state, or no key might be left


class Focus(nn.Module):
    """The stretch of the other side that each query leans to.

    One for a query and not one for each of its heads: what a word leans to is then a single place,
    which a reader can be shown, and the heads differ in what they look for there.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Linear(width, width)
        self.outer = nn.Linear(width, 2)

    def forward(self, query: Tensor, mask: Tensor) -> Tensor:
        """Predicts centre and width, in real keys from the first one's beginning.

        Args:
            query: `[batch, n_query, width]`.
            mask: True where a key is real, `[batch, n_context]`.

        Returns:
            `[batch, n_query, 2]`, between 0 and the row's number of real keys.
        """
        # In whole floats: halves cannot tell the places of a long voice apart.
        share = self.outer(self.inner(query).tanh()).float().sigmoid()
        centre, width = (share * mask.sum(1)[:, None, None]).unbind(-1)
        return torch.stack([centre, width.clamp(min=NARROWEST)], -1)


def lean(focus: Tensor, mask: Tensor) -> Tensor:
    """The focal bias of each query for each key, `[batch, n_query, n_context]`.

    Args:
        focus: See Focus.forward.
        mask: True where a key is real, `[batch, n_context]`.
    """
    # A real key stands at its middle; what is not real takes no place, wherever it lies.
    place = mask.cumsum(1) - 0.5
    centre, width = focus[..., :1], focus[..., 1:]
    return -((place[:, None] - centre) / width).square() / 2


class FocusBlock(nn.Module):
    """A cross-modal block whose attention leans to a stretch of the context."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.focus = Focus(width)
        self.cross = CrossBlock(width, heads, dropout)

    def forward(
        self, query: Tensor, context: Tensor, mask: Tensor, weights: bool = False
    ) -> tuple[Tensor, Tensor | None, Tensor]:
        """See Attention.forward; the focus comes third."""
        focus = self.focus(query, mask)
        return *self.cross(query, context, mask, weights, lean(focus, mask)), focus


class FocusEncoder(nn.Module):
    """Blocks in which one side looks at the other, each with a focus of its own."""

    def __init__(self, width: int, layers: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(FocusBlock(width, heads, dropout) for _ in range(layers))

    def forward(
        self, query: Tensor, context: Tensor, mask: Tensor, weights: bool
    ) -> tuple[Tensor, Tensor | None, Tensor]:
        """Attends layer by layer over the same context.

        Returns:
            The states, the weights `[batch, layers, heads, n_query, n_context]` or None, and the
            focus `[batch, layers, n_query, 2]`.
        """
        shares, focuses = [], []
        for block in self.blocks:
            query, share, focus = block(query, context, mask, weights)
            shares.append(share)
            focuses.append(focus)
        return query, torch.stack(shares, 1) if weights else None, torch.stack(focuses, 1)


class FocusFusion(nn.Module):
    """A cross-modal transformer with a focus, each way; then all sides are pooled and joined."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        sizes = (config.width, config.fusion.layers, config.fusion.heads, config.dropout)
        self.words_over_voice = FocusEncoder(*sizes)
        self.voice_over_words = FocusEncoder(*sizes)
        self.joined = Joined(config, config.sides)

    def forward(self, sides: Sides, weights: bool = False) -> Fused:
        """Fuses the sides, each with at least one real state a row."""
        voice, words, kept = self.meet(sides.voice, sides.words, weights)
        return Fused(self.joined(Sides(voice, words, sides.body)), kept)

    def meet(
        self, voice: States, words: States, weights: bool = False
    ) -> tuple[States, States, Weights | None]:
        """The voice that has looked at the words, and the words that have looked at the voice."""
        read, to_voice, words_focus = self.words_over_voice(
            words.values, voice.values, voice.mask, weights
        )
        heard, to_words, voice_focus = self.voice_over_words(
            voice.values, words.values, words.mask, weights
        )
        kept = Weights(to_voice, to_words, words_focus, voice_focus) if weights else None
        return replace(voice, values=heard), replace(words, values=read), kept
