from dataclasses import dataclass
from math import log, sqrt

import numpy as np
import pytest
import torch

from train.losses import (
    LossSettings,
    affect_loss,
    concordance,
    cosine_loss,
    label_loss,
    total,
    triplet_loss,
)
from train.rows import Row, prior, weights


def test_label_loss_by_hand():
    logits = torch.tensor([[0.0, log(3.0)], [5.0, 5.0]])
    shares = torch.tensor([[0.0, 1.0], [0.0, 0.0]])  # the second row's label is unknown
    even = torch.full((2, 2), 0.5)
    assert label_loss(logits, shares, even, 0.0) == pytest.approx(-log(3 / 4))
    # A label met nine times in ten is taken as that much less of a surprise.
    uneven = torch.tensor([[0.1, 0.9], [0.5, 0.5]])
    assert label_loss(logits, shares, uneven, 0.0) == pytest.approx(-log(2.7 / 2.8))
    smooth = label_loss(logits, shares, even, 0.2)
    assert smooth == pytest.approx(-0.9 * log(3 / 4) - 0.1 * log(1 / 4))


def test_label_loss_of_no_label_is_nothing_and_has_a_gradient():
    logits = torch.randn(3, 7, requires_grad=True)
    loss = label_loss(logits, torch.zeros(3, 7), torch.full((3, 7), 1 / 7), 0.1)
    loss.backward()
    assert loss == 0
    assert not logits.grad.any()


def test_a_rare_label_counts_for_more_by_hand():
    logits = torch.tensor([[0.0, log(3.0)], [0.0, log(3.0)]])
    shares = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    met = torch.tensor([[0.2, 0.8], [0.2, 0.8]])
    rare, common = log(4), log(4 / 3)
    plain = label_loss(logits, shares, met, 0.0, 0.0, adjusted=False)
    assert plain == pytest.approx((rare + common) / 2)
    # Each label as much in all: 1 / (2 * 0.2) and 1 / (2 * 0.8).
    even = label_loss(logits, shares, met, 0.0, 1.0, adjusted=False)
    assert even == pytest.approx((2.5 * rare + 0.625 * common) / 2)
    # Halfway: the roots of five and of 1.25, over their mean where one is met four times as often.
    mean = 0.2 * sqrt(5) + 0.8 * sqrt(1.25)
    half = label_loss(logits, shares, met, 0.0, 0.5, adjusted=False)
    assert half == pytest.approx((sqrt(5) * rare + sqrt(1.25) * common) / 2 / mean)
    # In a batch that holds only the rare one, it still counts for more.
    alone = label_loss(logits[:1], shares[:1], met[:1], 0.0, 1.0, adjusted=False)
    assert alone == pytest.approx(2.5 * rare)


def test_votes_are_soft_labels_by_hand():
    logits, met = torch.tensor([[0.0, log(3.0)]]), torch.tensor([[0.3, 0.7]])
    votes = torch.tensor([[0.4, 0.6]])
    said = label_loss(logits, votes, met, 0.0, adjusted=False)
    assert said == pytest.approx(0.4 * log(4) + 0.6 * log(4 / 3))
    # Plain smoothing spreads evenly, whatever is met how often.
    smooth = label_loss(logits, votes, met, 0.5, adjusted=False)
    assert smooth == pytest.approx(0.45 * log(4) + 0.55 * log(4 / 3))


def test_cosine_by_hand():
    logits = torch.tensor([[3.0, 4.0], [-2.0, 0.0], [9.0, 9.0]])
    shares = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]])  # the last is unknown
    assert cosine_loss(logits[:1], shares[:1]) == pytest.approx(1 - 3 / 5)
    assert cosine_loss(logits, shares) == pytest.approx((0.4 + 2) / 2)
    votes = torch.tensor([[0.5, 0.5]])
    assert cosine_loss(logits[:1], votes) == pytest.approx(1 - 7 / 5 / sqrt(2), abs=1e-6)


def test_triplets_are_the_hardest_of_the_batch_by_hand():
    angles = torch.tensor([0.0, 60.0, 90.0, 180.0]) * torch.pi / 180
    embedding = 5 * torch.stack([angles.cos(), angles.sin()], 1)
    shares = torch.eye(3)[[0, 0, 1, 0]]
    # Distances are 1 - cosine: the fellow farthest off, less the nearest stranger, and the margin;
    # the only row of its kind asks for nothing.
    rows = [2 - 1 + 0.2, 1.5 - (1 - sqrt(3) / 2) + 0.2, 2 - 1 + 0.2]
    assert triplet_loss(embedding, shares, 0.2) == pytest.approx(sum(rows) / 3)
    near = torch.tensor([[1.0, 0.0], [1.0, 0.0], [-1.0, 0.0]])
    assert triplet_loss(near, torch.eye(2)[[0, 0, 1]], 0.2) == 0
    assert triplet_loss(near, torch.eye(2)[[0, 0, 1]], 2.5) == pytest.approx(0.5)


def test_triplets_leave_out_whose_label_nobody_knows():
    embedding = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.6, 0.8], [0.8, 0.6]])
    shares = torch.tensor([[1.0, 0], [0.7, 0.3], [0, 1.0], [0.5, 0.5], [0, 0]])
    # Neither the row split evenly nor the one without a label is a fellow or a stranger.
    expected = ((1 - 2 + 1.5) + (1 - 1 + 1.5)) / 2
    assert triplet_loss(embedding, shares, 1.5) == pytest.approx(expected)


@dataclass
class Made:
    """What a model says, and what it should say, of made rows."""

    logits: torch.Tensor
    affect: torch.Tensor
    embedding: torch.Tensor

    @classmethod
    def of(cls, n, seed=0):
        made = torch.Generator().manual_seed(seed)
        sizes = ((n, 7), (n, 2), (n, 5))
        return cls(*(torch.randn(size, generator=made).requires_grad_() for size in sizes))

    def rows(self, index):
        return Made(self.logits[index], self.affect[index], self.embedding[index])


@dataclass
class Truth:
    shares: torch.Tensor
    affect: torch.Tensor
    prior: torch.Tensor
    source: torch.Tensor


def truth(labels):
    shares = torch.zeros(len(labels), 7)
    for row, label in enumerate(labels):
        if label is not None:
            shares[row, label] = 1
    affect = torch.linspace(-1, 1, 2 * len(labels)).view(-1, 2)
    affect[shares.sum(1) == 0] = float("nan")
    met = torch.tensor([0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    return Truth(shares, affect, met.expand(len(labels), 7), torch.zeros(len(labels)))


EVERY = LossSettings(0.7, 1.3, 2.0, 0.4, margin=0.5, class_weights=0.5)


def test_the_whole_is_the_weighted_sum_of_its_parts():
    said, true = Made.of(8), truth([0, 0, 1, 1, 2, 2, 0, 1])
    loss, parts = total(said, true, EVERY)
    expected = {
        "cross_entropy": label_loss(said.logits, true.shares, true.prior, 0.05, 0.5),
        "cosine": cosine_loss(said.logits, true.shares),
        "triplet": triplet_loss(said.embedding, true.shares, 0.5),
        "affect": affect_loss(said.affect, true.affect, true.source),
    }
    expected = {name: part.item() for name, part in expected.items()}
    assert {name: float(part) for name, part in parts.items()} == pytest.approx(expected)
    weights = (0.7, 1.3, 2.0, 0.4)
    whole = sum(each * part for each, part in zip(weights, expected.values(), strict=True))
    assert loss.item() == pytest.approx(whole)
    assert min(expected.values()) > 0


def test_what_weighs_nothing_is_not_there_and_something_must_weigh():
    _, parts = total(Made.of(4), truth([0, 1, 2, 3]), LossSettings(0.1, 1.0, affect=0.0))
    assert set(parts) == {"cross_entropy", "cosine"}
    with pytest.raises(ValueError, match="weight 0"):
        LossSettings(cross_entropy=0.0, affect=0.0)


@pytest.mark.parametrize("labels", [[2], [3, 3, 3, 3, 3], [None, None], [None], [1, None, 1]])
def test_a_small_or_even_batch_is_never_nan_and_has_a_gradient(labels):
    said = Made.of(len(labels))
    loss, parts = total(said, truth(labels), EVERY)
    loss.backward()
    assert all(torch.isfinite(part) for part in parts.values())
    for each in (said.logits, said.affect, said.embedding):
        assert each.grad.isfinite().all()
    if not any(label is not None for label in labels):
        assert loss == 0


def test_vectors_that_are_all_alike_are_not_nan():
    said, true = Made.of(4), truth([0, 0, 1, 1])
    same = Made(*(torch.ones_like(part).requires_grad_() for part in vars(said).values()))
    none = Made(*(torch.zeros_like(part).requires_grad_() for part in vars(said).values()))
    for made in (same, none):
        loss, _ = total(made, true, EVERY)
        loss.backward()
        assert loss.isfinite()
        assert all(part.grad.isfinite().all() for part in vars(made).values())


def test_the_order_of_the_rows_and_which_process_had_them_changes_nothing():
    said, true = Made.of(12), truth([0, 1, 2, 0, 1, 2, None, 1, 0, 6, 6, 3])
    order = torch.randperm(12, generator=torch.Generator().manual_seed(1))
    turned = Truth(*(part[order] for part in vars(true).values()))
    one, _ = total(said, true, EVERY)
    other, _ = total(said.rows(order), turned, EVERY)
    assert float(one.detach()) == pytest.approx(float(other.detach()), rel=1e-5)


def test_concordance_by_hand():
    # covariance 2/3, variances 2/3 and 2/3, means one apart: 2 * 2/3 / (4/3 + 1)
    one, other = torch.tensor([1.0, 2.0, 3.0]), torch.tensor([2.0, 3.0, 4.0])
    assert concordance(one, other) == pytest.approx(4 / 7)
    assert concordance(one, one) == pytest.approx(1)


def test_affect_loss_is_blind_to_what_is_unknown():
    wanted = torch.tensor([[0.5, np.nan], [np.nan, np.nan]])
    said = torch.tensor([[0.1, 9.0], [9.0, 9.0]], requires_grad=True)
    loss = affect_loss(said, wanted, torch.zeros(2))
    loss.backward()
    assert loss.item() == pytest.approx(0.16)  # too few rows to agree: the squared error alone
    assert said.grad[0, 0] != 0
    assert said.grad.count_nonzero() == 1


def test_affect_loss_measures_agreement_in_each_source():
    wanted = torch.tensor([[-0.9], [-0.3], [0.3], [0.9], [-0.1], [-0.03], [0.03], [0.1]])
    source = torch.tensor([0, 0, 0, 0, 1, 1, 1, 1])
    assert affect_loss(wanted, wanted, source) == pytest.approx(0, abs=1e-6)
    # Wrong only in the source of narrow spread: little error, but as little agreement.
    turned = wanted.clone()
    turned[4:] *= -1
    error = (turned - wanted).square().mean().item()
    assert affect_loss(turned, wanted, source) == pytest.approx(error + 1.0, abs=1e-5)


def row(label):
    shares = tuple(float(label == index) for index in range(7)) if label is not None else None
    return Row(None, "x", shares, (0.0, 0.0), "made")


def test_rare_labels_are_drawn_more_often_and_the_prior_knows():
    rows = [row(0)] * 90 + [row(1)] * 10
    natural, even = weights(rows, 0), weights(rows, 1)
    assert natural[:90].sum() == pytest.approx(0.9)
    assert even[:90].sum() == pytest.approx(0.5)
    assert prior(rows, even)[:2] == pytest.approx([0.5, 0.5], abs=0.06)
    assert prior(rows, natural)[0] == pytest.approx(0.9, abs=0.1)
    assert (prior(rows, natural) > 0).all()  # a label never met may still be said


def test_rows_without_a_label_are_drawn_as_often_as_others():
    chances = weights([row(0), row(1), row(None)], 1)
    assert chances == pytest.approx([1 / 3] * 3)
