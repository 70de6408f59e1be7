import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from emotion.model.pooling import POOLINGS, WIDTHS
from emotion.model.states import States

WIDTH = 6


def states(values, mask):
    return States(values, mask, torch.zeros(*mask.shape, 2))


@pytest.mark.parametrize("name", POOLINGS)
@settings(deadline=None, max_examples=25)
@given(
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=5),
    before=st.integers(0, 3),
    behind=st.integers(0, 4),
    seed=st.integers(0, 2**16),
)
def test_padding_is_invisible_and_a_batch_of_one_is_no_other(name, lengths, before, behind, seed):
    """Wherever real states stand among padding, and with whom, they mean the same."""
    torch.manual_seed(seed)
    pool, size = POOLINGS[name], before + max(lengths) + behind
    values = 1000 * torch.randn(len(lengths), size, WIDTH)  # padding of any size
    mask = torch.zeros(len(lengths), size, dtype=torch.bool)
    for row, length in enumerate(lengths):
        mask[row, before : before + length] = True
        values[row, before : before + length] = torch.randn(length, WIDTH)
    together = pool(states(values, mask))
    assert together.shape == (len(lengths), WIDTHS[name] * WIDTH)
    for row, length in enumerate(lengths):
        bare = values[row : row + 1, before : before + length]
        alone = pool(states(bare, torch.ones(1, length, dtype=torch.bool)))
        assert torch.allclose(together[row], alone[0], atol=1e-5)


def test_each_by_its_definition():
    values = torch.tensor([[[1.0, 2.0], [3.0, 8.0], [9.0, 9.0]]])
    made = states(values, torch.tensor([[True, True, False]]))
    assert POOLINGS["mean"](made).tolist() == [[2, 5]]
    assert np.allclose(POOLINGS["moments"](made), [[2, 5, 1, 3]], atol=1e-4)
    # The last state of the way forward, the first of the way back.
    assert POOLINGS["ends"](made).tolist() == [[3, 2]]


@pytest.mark.parametrize("name", POOLINGS)
def test_a_side_that_is_absent_is_finite_and_has_a_gradient(name):
    values = torch.randn(2, 4, WIDTH, requires_grad=True)
    mask = torch.tensor([[True, True, False, False], [False] * 4])
    pooled = POOLINGS[name](states(values, mask))
    pooled.square().sum().backward()
    assert pooled.isfinite().all()
    assert values.grad.isfinite().all()


@pytest.mark.parametrize("name", POOLINGS)
def test_a_single_state_is_finite_and_has_a_gradient(name):
    values = torch.randn(1, 1, WIDTH, requires_grad=True)
    POOLINGS[name](states(values, torch.tensor([[True]]))).sum().backward()
    assert values.grad.isfinite().all()
