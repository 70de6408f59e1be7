"""The parts that every encoder and fusion of ours is built from."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Attention of queries over a context, with padding masked.

    Without weights it takes torch's fused path; with weights it computes the same by hand. A row
    whose context is masked throughout spreads evenly instead of becoming NaN: its result is
    replaced by whoever knows that the side is absent.
    """

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"a width of {width} cannot be shared by {heads} heads")
        self.heads = heads
        self.dropout = dropout
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def forward(
        self,
        query: Tensor,
        context: Tensor,
        mask: Tensor,
        weights: bool = False,
        lean: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """Attends.

        Args:
            query: `[batch, n_query, width]`.
            context: `[batch, n_context, width]`.
            mask: True where the context is real, `[batch, n_context]`.
            weights: Whether to return the weights as well.
            lean: What is added to every head's scores, `[batch, n_query, n_context]`.

        Returns:
            The attended states `[batch, n_query, width]`, and the weights
            `[batch, heads, n_query, n_context]` or None.
        """
        q, k, v = (
            self._split(layer(x))
            for layer, x in ((self.query, query), (self.key, context), (self.value, context))
        )
        bias = torch.zeros_like(mask, dtype=q.dtype)[:, None] if lean is None else lean.to(q.dtype)
        bias = bias.masked_fill(~mask[:, None], torch.finfo(q.dtype).min)[:, None]
        drop = self.dropout if self.training else 0.0
        if not weights:
            mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=bias, dropout_p=drop)
            return self.output(self._join(mixed)), None
        scores = q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5 + bias
        shares = scores.softmax(-1)
        mixed = F.dropout(shares, drop) @ v
        return self.output(self._join(mixed)), shares

    def _split(self, x: Tensor) -> Tensor:
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    @staticmethod
    def _join(x: Tensor) -> Tensor:
        return x.transpose(1, 2).flatten(2)


class FeedForward(nn.Module):
    """Two layers, four times as wide between them."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.inner = nn.Linear(width, 4 * width)
        self.outer = nn.Linear(4 * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        """Maps each state on its own."""
        return self.outer(self.dropout(F.gelu(self.inner(x))))


class CrossBlock(nn.Module):
    """Attention to a context, add and norm, feed-forward, add and norm: as MMI is published."""

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.attention = Attention(width, heads, dropout)
        self.attention_norm = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width, dropout)
        self.forward_norm = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)

    def forward(
        self,
        query: Tensor,
        context: Tensor,
        mask: Tensor,
        weights: bool = False,
        lean: Tensor | None = None,
    ) -> tuple[Tensor, Tensor | None]:
        """See Attention.forward."""
        attended, shares = self.attention(query, context, mask, weights, lean)
        x = self.attention_norm(query + self.dropout(attended))
        return self.forward_norm(x + self.dropout(self.feed_forward(x))), shares


class SelfBlock(nn.Module):
    """Self-attention and feed-forward with the norms before them.

    Norms between the blocks, as in CrossBlock, need a low rate and a long start where several
    blocks stand on each other: at 1e-3 the voice's encoder never left chance.
    """

    def __init__(self, width: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(width)
        self.attention = Attention(width, heads, dropout)
        self.forward_norm = nn.LayerNorm(width)
        self.feed_forward = FeedForward(width, dropout)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Lets the states of `[batch, time, width]` look at each other."""
        normed = self.attention_norm(x)
        attended, _ = self.attention(normed, normed, mask)
        x = x + self.dropout(attended)
        return x + self.dropout(self.feed_forward(self.forward_norm(x)))


class Places(nn.Module):
    """Tells states where they stand by a depthwise convolution, for any length.

    Learnt positions end where training's longest clip ended; neighbours do not.
    """

    def __init__(self, width: int, reach: int) -> None:
        super().__init__()
        self.near = nn.Conv1d(width, width, 2 * reach + 1, padding=reach, groups=width)
        self.norm = nn.LayerNorm(width)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        """Adds what lies near to each state, `[batch, time, width]`."""
        values = values * mask[..., None]
        near = self.near(values.transpose(1, 2)).transpose(1, 2)
        return self.norm(values + F.gelu(near))


class SelfEncoder(nn.Module):
    """Places, then blocks that attend to themselves."""

    def __init__(self, width: int, layers: int, heads: int, reach: int, dropout: float) -> None:
        super().__init__()
        self.places = Places(width, reach)
        self.dropout = nn.Dropout(dropout)
        self.blocks = nn.ModuleList(SelfBlock(width, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)

    def forward(self, values: Tensor, mask: Tensor) -> Tensor:
        """Encodes `[batch, time, width]`, blind to what the mask leaves out."""
        values = self.dropout(self.places(values, mask))
        for block in self.blocks:
            values = block(values, mask)
        return self.norm(values)
