"""Encoders of words: tokens in, states with word indices out."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion.labels import LABELS
from emotion.model.blocks import SelfEncoder
from emotion.model.config import CompactWords, GramWords
from emotion.model.pretrained import TextEncoder
from emotion.model.recurrent import VectorsEncoder
from emotion.model.states import States

REACH = 3  # tokens that a place sees to each side
# The deviation that fresh vectors have. How fast they learn goes by it: those of grams, of which
# many make a word and few are met often, have to move farthest.
TOKEN_SIZE = 0.05
GRAM_SIZE = 0.02
LEAN = 2.0  # how much sooner a word is looked at for what it is a sign of
SPOKEN_OF = len(LABELS) + 2  # the labels, valence and arousal


class CompactEncoder(nn.Module):
    """An embedding of our own tokens, then a small transformer."""

    def __init__(self, settings: CompactWords, dropout: float) -> None:
        super().__init__()
        self.width = settings.width
        self.vocabulary = settings.vocabulary
        self.embedding = _vectors(settings.vocabulary, settings.width, TOKEN_SIZE)
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


class Signs(nn.Module):
    """What each run of letters is a sign of, by itself: a linear model of them.

    Of a few thousand texts it learns more than attention does, which learns them by heart. It is
    found before anything else learns (train.signs), and stays as it is.

    Attributes:
        table: What each place is a sign of.
        owner: The mark of the run whose sign it is; of the others that share the place nothing is
            known. See grams.Grams.
    """

    owner: Tensor
    by_script: Tensor

    def __init__(self, settings: GramWords) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.zeros(settings.signs, SPOKEN_OF), requires_grad=False)
        self.register_buffer("owner", torch.zeros(settings.signs, dtype=torch.uint8))
        label, affect = torch.tensor(settings.trust).view(2, 2, 1).unbind(1)
        by_script = torch.cat([label.expand(2, len(LABELS)), affect.expand(2, 2)], 1)
        self.register_buffer("by_script", by_script, persistent=False)

    def forward(self, tokens: Tensor, words: Tensor, n_words: int) -> tuple[Tensor, Tensor, Tensor]:
        """What States hold of `said`, `trust` and `lean`."""
        places, real = tokens % len(self.table), words >= 0
        known = real & self._owned(tokens)
        # A run counts once, however often it is there: who laughs longer is not gladder.
        met = self.table.new_zeros((tokens.shape[0], len(self.table)), dtype=torch.float32)
        often = met.scatter_add(1, places, known.float()).gather(1, places)
        share = (known / often.clamp(min=1)).to(self.table.dtype)
        found = F.embedding(places, self.table) * share[..., None]
        found = found / share.sum(1).clamp(min=1).sqrt()[:, None, None]
        said = found.sum(1)
        # Which half of the table its tokens are from tells whether a text has Korean in it.
        korean = ((places >= len(self.table) // 2) & real).any(1)
        trust = F.embedding(korean.long(), self.by_script)
        labels = found[..., :-2]
        place = words.clamp(min=0)[..., None].expand_as(labels)
        nothing = labels.new_zeros(labels.shape[0], n_words, labels.shape[2])
        by_word = nothing.scatter_add(1, place, labels)
        said = torch.cat([said[:, :-2], said[:, -2:].tanh()], 1)
        return said, trust, LEAN * by_word.std(-1)

    def met(self, token: int) -> bool:
        """Whether a token's place is a sign of anything, as are those of all met more than once.

        Its place may belong to a run that is met more often; it was still met.
        """
        return bool(self.table[token % len(self.table)].any())

    def _owned(self, tokens: Tensor) -> Tensor:
        """Whether each is the run that its place belongs to."""
        return self.owner[tokens % len(self.table)] == tokens // len(self.table)


class GramEncoder(nn.Module):
    """Each word as the mean of its vectors, then a small transformer over words."""

    def __init__(self, settings: GramWords, dropout: float) -> None:
        super().__init__()
        self.width = settings.width
        self.buckets = settings.buckets
        self.signs = Signs(settings) if settings.signs else None
        self.embedding = _vectors(settings.buckets, settings.vector, GRAM_SIZE)
        self.widen = nn.Linear(settings.vector, settings.width)
        self.norm = nn.LayerNorm(settings.width)
        self.encoder = SelfEncoder(settings.width, settings.layers, settings.heads, REACH, dropout)
        self.dropout = nn.Dropout(dropout)

    def forward(self, tokens: Tensor, words: Tensor) -> States:
        """Encodes as CompactEncoder does, to one state a word."""
        means, mask = self._means(tokens % self.buckets, words)
        # On top of signs found in the very rows that it learns from, attention would learn to
        # contradict them; so they are silent while it does.
        speak = self.signs if not self.training else None
        beside = speak(tokens, words, mask.shape[1]) if speak else ()
        # A norm follows, to which the widening's bias would otherwise be all there is.
        values = self.norm(self.widen(self.dropout(means / GRAM_SIZE)))
        place = torch.arange(mask.shape[1], device=mask.device, dtype=values.dtype)
        span = place[:, None].expand(*mask.shape, 2)
        return States(self.encoder(values, mask), mask, span, *beside)

    def _means(self, tokens: Tensor, words: Tensor) -> tuple[Tensor, Tensor]:
        """The mean of each word's vectors, and which words there are."""
        real = (words >= 0).to(self.embedding.weight.dtype)
        place = words.clamp(min=0)
        # An exported graph knows no sizes that hang on values; there are no more words than tokens.
        fixed = torch.compiler.is_exporting()
        shape = (tokens.shape[0], tokens.shape[1] if fixed else int(place.max()) + 1)
        counts = real.new_zeros(shape).scatter_add(1, place, real)
        vectors = self.embedding(tokens) * real[..., None]
        index = place[..., None].expand_as(vectors)
        sums = vectors.new_zeros(*shape, vectors.shape[2]).scatter_add(1, index, vectors)
        return sums / counts.clamp(min=1)[..., None], counts > 0


def _vectors(count: int, width: int, size: float) -> nn.Embedding:
    vectors = nn.Embedding(count, width)
    # A norm follows, so only steps relative to this size count: PyTorch's 1 learns too slowly.
    nn.init.normal_(vectors.weight, std=size)
    return vectors


ENCODERS = {
    "compact": CompactEncoder,
    "grams": GramEncoder,
    "pretrained": TextEncoder,
    "vectors": VectorsEncoder,
}
