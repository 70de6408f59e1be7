import numpy as np
import pytest
from scipy.stats import norm

from train import compare, measures


def made(share_right, n=300, seed=0, n_labels=3):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, n_labels, n)
    wrong = (truth + rng.integers(1, n_labels, n)) % n_labels
    return truth, [np.where(rng.random(n) < share, truth, wrong) for share in share_right]


@pytest.mark.parametrize("name", ["accuracy", "uar", "macro_f1", "weighted_f1"])
def test_a_real_difference_is_found_and_is_the_difference_of_the_figures(name):
    truth, (good, bad) = made([0.8, 0.6])
    found = compare.paired(name, truth, good, bad)
    figures = [measures.of_labels(said, truth)[name] for said in (good, bad)]
    assert found.figure == pytest.approx(figures[0] - figures[1])
    assert 0 < found.low < found.figure < found.high
    assert found.p < 0.01
    back = compare.paired(name, truth, bad, good)
    assert (back.low, back.high) == pytest.approx((-found.high, -found.low))


def test_p_is_that_of_the_normal_curve_where_there_are_many_rows():
    truth, (one, other) = made([0.72, 0.68], seed=4)
    gaps = (one == truth).astype(float) - (other == truth)
    expected = 2 * norm.sf(abs(gaps.mean()) / (gaps.std() / len(gaps) ** 0.5))
    assert 0.05 < expected < 0.6
    assert compare.paired("accuracy", truth, one, other).p == pytest.approx(expected, abs=0.04)


def test_where_there_is_no_difference_none_is_found():
    found = [compare.paired("accuracy", truth, *said) for truth, said in
             (made([0.7, 0.7], seed=seed) for seed in range(12))]  # fmt: skip
    assert sum(each.p < 0.05 for each in found) <= 2
    truth, (said, _) = made([0.7, 0.7])
    same = compare.paired("uar", truth, said, said)
    assert (same.figure, same.low, same.high, same.p) == (0, 0, 0, 1)


def test_speakers_who_differ_widen_the_interval():
    """One system is right for half of the speakers and the other for the rest."""
    truth = np.tile([0, 1], 100)
    speakers = [f"speaker {row // 20}" for row in range(200)]
    first = np.array([row // 20 % 2 == 0 for row in range(200)])
    one, other = np.where(first, truth, 1 - truth), np.where(first, 1 - truth, truth)
    by_row = compare.paired("accuracy", truth, one, other)
    by_speaker = compare.paired("accuracy", truth, one, other, speakers)
    assert by_speaker.high - by_speaker.low > 2 * (by_row.high - by_row.low)
