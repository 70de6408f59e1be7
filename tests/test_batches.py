import numpy as np

from emotion.audio import RATE
from emotion.batches import batches, seconds
from emotion.model import Row


def test_batches_are_bounded_and_complete():
    rows = [Row(np.zeros(round(s * RATE), np.float32)) for s in (30, 1, 30, 2, 30, 30, 30, 0.5)]
    groups = list(batches(rows))
    assert sorted(index for group in groups for index in group) == list(range(len(rows)))
    for group in groups:
        assert len(group) * max(seconds(rows[index]) for index in group) <= 120


def test_a_row_of_nothing_is_in_no_batch():
    assert list(batches([Row(), Row(np.zeros(RATE, np.float32))])) == [[1]]
