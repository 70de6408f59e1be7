"""A first idea of what tokens and voices feel like, from linear models, in a minute or two.

A network that starts at random needs many batches to find out that words and voices carry feelings
at all, and what a plain model finds in its means is at hand at once. So a bag of tokens gives the
model its tokens, and a linear model of each clip's mean spectrum the summary of its voice.
"""

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from emotion.model import EmotionModel, Encoded
from emotion.model.config import CompactVoice, CompactWords, GramWords
from emotion.model.voice import summary
from train.batches import Feed, Truth
from train.errors import CannotTrain
from train.losses import affect_loss, label_loss
from train.recipe import Recipe

COMPACT = CompactVoice | CompactWords | GramWords
BATCH = 256
TOKEN_PASSES = 4
VOICE_PASSES = 40
RATE = 4e-3
SIZE = 0.05  # the deviation that the model's own tokens start with
LEAST_SPREAD = 0.05  # of a band over clips; below this it is not blown up


class Bag(nn.Module):
    """The mean of a text's tokens, and a linear head."""

    def __init__(self, vocabulary: int, width: int, n_labels: int) -> None:
        super().__init__()
        self.tokens = nn.EmbeddingBag(vocabulary, width, mode="mean", sparse=True)
        nn.init.normal_(self.tokens.weight, std=SIZE)
        self.heads = nn.Linear(width, n_labels + 2)

    def forward(self, texts: Sequence[Encoded]) -> Tensor:
        """Logits, then valence and arousal, `[batch, labels + 2]`."""
        tokens = torch.tensor([token for text in texts for token in text.tokens])
        starts = np.cumsum([0, *(len(text.tokens) for text in texts)])[:-1]
        return self.heads(self.tokens(tokens, torch.from_numpy(starts)) / SIZE)


def begin(model: EmotionModel, feed: Feed, recipe: Recipe) -> None:
    """Gives a fresh model what plain models find, as far as the recipe asks for it."""
    torch.manual_seed(recipe.seed)
    with torch.no_grad():
        if recipe.warm_words and _is_compact(model, "words"):
            vocabulary, width = model.words.embedding.weight.shape
            model.words.embedding.weight.copy_(learn_tokens(vocabulary, width, feed, recipe))
        if recipe.warm_voices and _is_compact(model, "voice"):
            weight, bias = learn_summary(model, feed, recipe)
            model.voice.summary.weight.copy_(weight)
            model.voice.summary.bias.copy_(bias)


def _is_compact(model: EmotionModel, side: str) -> bool:
    """Whether a side has an encoder that can be warmed; no side at all needs no warmth."""
    settings = getattr(model.config, side)
    if settings is not None and not isinstance(settings, COMPACT):
        raise CannotTrain(f"Only a compact encoder can be warmed, and that of {side} is another.")
    return settings is not None


@torch.enable_grad()
def learn_tokens(vocabulary: int, width: int, feed: Feed, recipe: Recipe) -> Tensor:
    """Learns the tokens from a bag of them, `[vocabulary, width]`."""
    rng = np.random.default_rng(recipe.seed)
    texts, truths = zip(*feed.read(recipe.warm_words, rng), strict=True)
    bag = Bag(vocabulary, width, len(recipe.model.labels))
    optimizers = (
        torch.optim.SparseAdam(bag.tokens.parameters(), RATE),
        torch.optim.Adam(bag.heads.parameters(), RATE),
    )
    for _ in range(TOKEN_PASSES):
        for lot in _lots(len(texts), rng):
            out = bag([texts[each] for each in lot])
            _step(_loss(out, [truths[each] for each in lot], recipe), optimizers)
    found = bag.tokens.weight.detach()
    return found * (SIZE / found.std())


@torch.enable_grad()
def learn_summary(model: EmotionModel, feed: Feed, recipe: Recipe) -> tuple[Tensor, Tensor]:
    """Learns the weight and the bias of the voice's summary, without touching the model."""
    rng = np.random.default_rng(recipe.seed)
    voices, truths = zip(*feed.hear(recipe.warm_voices, rng), strict=True)
    with torch.no_grad():
        heard = torch.stack([_mean_and_deviation(model, voice) for voice in voices])
    middle, spread = heard.mean(0), heard.std(0).clamp(min=LEAST_SPREAD)
    heard = (heard - middle) / spread
    width, n_labels = model.voice.width, len(recipe.model.labels)
    summary = nn.Linear(heard.shape[1], width)
    heads = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, n_labels + 2))
    weights = [*summary.parameters(), *heads.parameters()]
    optimizer = torch.optim.AdamW(weights, RATE / 4, weight_decay=0.1)
    for _ in range(VOICE_PASSES):
        for lot in _lots(len(voices), rng):
            out = heads(summary(heard[lot]))
            _step(_loss(out, [truths[each] for each in lot], recipe), (optimizer,))
    # The model reads raw means, so their middle and spread go into the weights.
    weight = summary.weight.detach() / spread
    return weight, summary.bias.detach() - weight @ middle


def _mean_and_deviation(model: EmotionModel, voice: np.ndarray) -> Tensor:
    samples = torch.from_numpy(voice)[None]
    return summary(*model.voice.features(samples, torch.tensor([len(voice)])))[0]


def _lots(count: int, rng: np.random.Generator) -> list[np.ndarray]:
    order = rng.permutation(count)
    return [order[start : start + BATCH] for start in range(0, count, BATCH)]


def _loss(out: Tensor, truths: Sequence[Truth], recipe: Recipe) -> Tensor:
    shares, wanted, prior, source = (torch.stack(part) for part in zip(*truths, strict=True))
    label = label_loss(out[:, :-2], shares, prior, recipe.loss.smoothing)
    return label + recipe.loss.affect * affect_loss(out[:, -2:].tanh(), wanted, source)


def _step(loss: Tensor, optimizers: Sequence[torch.optim.Optimizer]) -> None:
    for optimizer in optimizers:
        optimizer.zero_grad()
    loss.backward()
    for optimizer in optimizers:
        optimizer.step()
