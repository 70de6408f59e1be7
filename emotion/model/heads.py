"""What is said of a vector: an emotion, and valence and arousal."""

from typing import NamedTuple

from torch import Tensor, nn


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
