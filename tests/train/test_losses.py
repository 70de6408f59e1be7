from math import log

import numpy as np
import pytest
import torch

from train.losses import affect_loss, concordance, label_loss
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
