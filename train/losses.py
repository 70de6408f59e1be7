"""What training makes small."""

import torch
from torch import Tensor
from torch.nn import functional as F

FEWEST = 4  # rows of one source in a batch for which agreement can be measured


def label_loss(logits: Tensor, shares: Tensor, prior: Tensor, smoothing: float) -> Tensor:
    """Cross-entropy that makes the logits fit labels that are all equally likely.

    Adding the logarithm of how often a source shows each label lets that source's imbalance be
    learnt there and not in the logits (Menon et al. 2021), so that rare feelings are recalled as
    well as common ones.

    Args:
        logits: `[batch, labels]`.
        shares: How much each label is meant, all zero where unknown, `[batch, labels]`.
        prior: How often each label is met in the row's source, `[batch, labels]`.
        smoothing: The share of each label that is spread over all.
    """
    known = shares.sum(1) > 0
    if not known.any():
        return logits.sum() * 0
    logits = logits[known] + prior[known].log()
    # Spread as the source has them, so that smoothing does not work against the prior.
    target = (1 - smoothing) * shares[known] + smoothing * prior[known]
    return F.cross_entropy(logits, target)


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
