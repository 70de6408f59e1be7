"""Encoders of words: tokens in, states with word indices out."""

from torch import Tensor, nn

from emotion.model.blocks import SelfEncoder
from emotion.model.config import CompactWords
from emotion.model.pretrained import TextEncoder
from emotion.model.recurrent import VectorsEncoder
from emotion.model.states import States

REACH = 3  # tokens that a place sees to each side


class CompactEncoder(nn.Module):
    """An embedding of our own tokens, then a small transformer."""

    def __init__(self, settings: CompactWords, dropout: float) -> None:
        super().__init__()
        self.width = settings.width
        self.vocabulary = settings.vocabulary
        self.embedding = nn.Embedding(settings.vocabulary, settings.width)
        # A norm follows, so only steps relative to this size count: PyTorch's 1 learns too slowly.
        nn.init.normal_(self.embedding.weight, std=0.05)
        self.encoder = SelfEncoder(settings.width, settings.layers, settings.heads, REACH, dropout)

    def forward(self, tokens: Tensor, words: Tensor) -> States:
        """Encodes tokens.

        Args:
            tokens: `[batch, n_tokens]`.
            words: The index of the word that each token belongs to, -1 for padding, the same shape.
        """
        mask = words >= 0
        values = self.encoder(self.embedding(tokens), mask)
        return States(values, mask, words[..., None].expand(*words.shape, 2).to(values.dtype))


ENCODERS = {"compact": CompactEncoder, "pretrained": TextEncoder, "vectors": VectorsEncoder}
