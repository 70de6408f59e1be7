"""What training makes small: parts that a recipe weighs against each other, and their sum.

All are means over the rows of a batch for which the truth is known, taken of plain tensors, so that
rows gathered from several processes are one batch like any other.
"""

from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional as F

FEWEST = 4  # rows of one source in a batch for which agreement can be measured


class Said(Protocol):
    """What a model says of a batch: an Output, or what was gathered of several."""

    @property
    def logits(self) -> Tensor: ...  # noqa: D102
    @property
    def affect(self) -> Tensor: ...  # noqa: D102
    @property
    def embedding(self) -> Tensor: ...  # noqa: D102


class Truth(Protocol):
    """What it should have said: a Batch, or what was gathered of several."""

    @property
    def shares(self) -> Tensor: ...  # noqa: D102
    @property
    def affect(self) -> Tensor: ...  # noqa: D102
    @property
    def prior(self) -> Tensor: ...  # noqa: D102
    @property
    def source(self) -> Tensor: ...  # noqa: D102


@dataclass(frozen=True)
class LossSettings:
    """How much each part counts; one of weight 0 is not computed."""

    cross_entropy: float = 1.0
    """The weight of the cross-entropy with the label, or with the raters' votes."""
    cosine: float = 0.0
    """The weight of 1 - the cosine between the outputs and the one-hot label."""
    triplet: float = 0.0
    """The weight of the triplets mined within the batch."""
    affect: float = 0.5
    """The weight of valence and arousal: squared error, and 1 - concordance."""
    margin: float = 0.2
    """How much farther than its own kind a triplet's stranger has to be, in 1 - cosine."""
    smoothing: float = 0.05
    """The share of each label that is spread over all, in the cross-entropy."""
    class_weights: float = 0.0
    """How far a rare label counts for more in the cross-entropy: 0 not at all, 1 so that every
    label of a source counts alike."""
    adjusted: bool = True
    """Whether a source's imbalance is learnt there, and not in the logits; False for the plain
    cross-entropy."""

    def __post_init__(self) -> None:
        weights = (self.cross_entropy, self.cosine, self.triplet, self.affect)
        if min(weights) < 0:
            raise ValueError("a part of the loss has a weight below 0")
        if not (0 <= self.smoothing < 1 and 0 <= self.class_weights <= 1):
            raise ValueError("smoothing and class_weights are shares")
        if not any(weights):
            raise ValueError("each part of the loss has the weight 0, so nothing would be learnt")


def total(output: Said, batch: Truth, settings: LossSettings) -> tuple[Tensor, dict[str, Tensor]]:
    """The weighted sum of the parts, and each part by itself before it is weighted.

    Args:
        output: What the model says.
        batch: The truth, of the same rows.
        settings: What counts how much.
    """
    truth = (batch.shares, batch.prior, settings.smoothing)
    makes = {
        "cross_entropy": lambda: label_loss(
            output.logits, *truth, settings.class_weights, settings.adjusted
        ),
        "cosine": lambda: cosine_loss(output.logits, batch.shares),
        "triplet": lambda: triplet_loss(output.embedding, batch.shares, settings.margin),
        "affect": lambda: affect_loss(output.affect, batch.affect, batch.source),
    }
    parts = {name: make() for name, make in makes.items() if getattr(settings, name)}
    weighted = [getattr(settings, name) * part for name, part in parts.items()]
    return torch.stack(weighted).sum(), {name: part.detach() for name, part in parts.items()}


def label_loss(
    logits: Tensor,
    shares: Tensor,
    prior: Tensor,
    smoothing: float,
    class_weights: float = 0.0,
    adjusted: bool = True,
) -> Tensor:
    """Cross-entropy; adjusted, one that makes logits fit labels that are all equally likely.

    Adding the logarithm of how often a source shows each label lets that source's imbalance be
    learnt there and not in the logits (Menon et al. 2021), so that rare feelings are recalled as
    well as common ones.

    Args:
        logits: `[batch, labels]`.
        shares: How much each label is meant, all zero where unknown, `[batch, labels]`.
        prior: How often each label is met in the row's source, `[batch, labels]`.
        smoothing: The share of each label that is spread over all.
        class_weights: See LossSettings.
        adjusted: See LossSettings.
    """
    known = shares.sum(1) > 0
    if not known.any():
        return logits.sum() * 0
    met = prior[known]
    expected = met if adjusted else torch.full_like(met, 1 / met.shape[1])
    # Spread as the source has them, so that smoothing does not work against the prior.
    target = (1 - smoothing) * shares[known] + smoothing * expected
    if class_weights:
        # Of mean 1 over the training side, not over the batch: in one of two rows, or of one
        # label, a mean over the batch would take the weights back.
        target = target * met**-class_weights / (met ** (1 - class_weights)).sum(1, keepdim=True)
    return F.cross_entropy(logits[known] + expected.log(), target)


def cosine_loss(logits: Tensor, shares: Tensor) -> Tensor:
    """1 - the cosine between the outputs and the one-hot label, or the raters' votes.

    Of the outputs as they are, before any softmax: so Barz and Denzler (2020) define it, who add a
    tenth of the cross-entropy to it, and so the public code of such systems computes it. A softmax
    has no negative outputs, and its cosine hardly falls below that of an even one.

    Args:
        logits: `[batch, labels]`.
        shares: How much each label is meant, all zero where unknown, `[batch, labels]`.
    """
    known = shares.sum(1) > 0
    if not known.any():
        return logits.sum() * 0
    return 1 - F.cosine_similarity(logits[known], shares[known], dim=1).mean()


def triplet_loss(embedding: Tensor, shares: Tensor, margin: float) -> Tensor:
    """Draws equal emotions together: each row to its farthest fellow, off its nearest stranger.

    The hardest of the batch for each row (Hermans et al. 2017), in 1 - cosine, so that a margin
    means the same at every width and nothing is won by longer vectors. Rows without a fellow or a
    stranger, and those whose raters are split evenly, ask for nothing.

    Args:
        embedding: What stands before the heads, `[batch, width]`.
        shares: How much each label is meant, all zero where unknown, `[batch, labels]`.
        margin: How much farther the stranger has to be.
    """
    most = shares.amax(1, keepdim=True)
    plain = ((shares == most).sum(1) == 1) & (most[:, 0] > 0)
    label = shares[plain].argmax(1)
    same = label[:, None] == label
    fellow = same & ~torch.eye(len(label), dtype=torch.bool, device=same.device)
    asking = fellow.any(1) & (~same).any(1)
    if not asking.any():
        return embedding.sum() * 0
    vectors = F.normalize(embedding[plain], dim=1, eps=1e-6)
    apart = 1 - vectors @ vectors.T
    # No distance is above 2.
    farthest = apart.masked_fill(~fellow, -1).amax(1)
    nearest = apart.masked_fill(same, 3).amin(1)
    return F.relu(farthest - nearest + margin)[asking].mean()


def affect_loss(affect: Tensor, wanted: Tensor, source: Tensor) -> Tensor:
    """Disagreement in valence and arousal: 1 - concordance in each source, and squared error.

    Each source has its own spread, and the error of one with a wide spread would drown the others.

    Args:
        affect: What the model says, `[batch, 2]`.
        wanted: What it should say, NaN where unknown, `[batch, 2]`.
        source: A number for the source of each row, `[batch]`.
    """
    known = ~wanted.isnan()
    if not known.any():
        return affect.sum() * 0
    error = (affect - wanted)[known].square().mean()
    disagreements = []
    for number in source.unique():
        for column in range(wanted.shape[1]):
            rows = (source == number) & known[:, column]
            if rows.sum() >= FEWEST and wanted[rows, column].std() > 0:
                agreement = concordance(affect[rows, column], wanted[rows, column])
                disagreements.append(1 - agreement)
    return error + torch.stack(disagreements).mean() if disagreements else error


def concordance(one: Tensor, other: Tensor) -> Tensor:
    """Lin's concordance correlation coefficient of two vectors."""
    shift = one.mean() - other.mean()
    together = ((one - one.mean()) * (other - other.mean())).mean()
    spread = one.var(unbiased=False) + other.var(unbiased=False) + shift.square()
    return 2 * together / spread.clamp(min=1e-8)
