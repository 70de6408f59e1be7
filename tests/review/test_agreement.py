"""Against worked examples of the literature, and a library that is independent of ours."""

import krippendorff
import numpy as np
import pytest

from emotion.labels import LABELS
from emotion.review.agreement import agreement, alpha
from emotion.review.clips import Entry
from emotion.review.opinion import Rating

# Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section D: four observers, a
# point where one has said nothing; alpha is .743 nominal and .849 interval.
FOUR = """
1 2 3 3 2 1 4 1 2 . . .
1 2 3 3 2 2 4 1 2 5 . 3
. 3 3 3 2 3 4 2 2 5 1 .
1 2 3 3 2 4 4 1 2 5 1 .
"""
# Fleiss, "Measuring nominal scale agreement among many raters" (1971) in the example that
# textbooks took over: ten subjects, fourteen raters, five categories; kappa is .210.
FLEISS = """
0 0 0 0 14
0 2 6 4 2
0 0 3 5 6
0 3 9 2 0
2 2 8 1 1
7 7 0 0 0
3 2 6 3 0
2 5 3 2 2
6 5 2 1 0
0 2 2 3 7
"""


def table(text):
    return [line.split() for line in text.strip().splitlines()]


def entries(columns, session=""):
    """A clip for each column of who said what; the numbers stand for labels, and for valence."""
    return [
        Entry(
            str(i),
            raters={
                f"r{row}": Rating((LABELS[int(cell)],), valence=(int(cell) - 3) / 2)
                for row, cell in enumerate(column)
                if cell != "."
            },
            session=session,
        )
        for i, column in enumerate(columns)
    ]


def test_alpha_of_krippendorffs_four_observers():
    found = agreement(entries(zip(*table(FOUR), strict=True)))
    assert found.labels == pytest.approx(0.743, abs=5e-4)
    assert found.valence == pytest.approx(0.849, abs=5e-4)
    assert found.arousal is None
    assert found.n_clips == 11


def test_fleiss_kappa_of_the_textbooks():
    rows = [[LABELS[i] for i, n in enumerate(row) for _ in range(int(n))] for row in table(FLEISS)]
    made = [
        Entry(str(i), raters={f"r{j}": Rating((label,)) for j, label in enumerate(row)})
        for i, row in enumerate(rows)
    ]
    found = agreement(made)
    assert found.fleiss == pytest.approx(0.210, abs=5e-4)
    assert found.n_fleiss == 10


def test_cohens_kappa_of_the_fifty_grant_proposals():
    # Two readers say yes to 20 and no to 15 together; one alone says yes to 5, the other to 10.
    said = [("1", "1")] * 20 + [("1", "2")] * 5 + [("2", "1")] * 10 + [("2", "2")] * 15
    pair = agreement(entries(said)).pairs["r0", "r1"]
    assert (pair.kappa, pair.n) == (pytest.approx(0.40), 50)


def test_alpha_agrees_with_another_library_on_anything():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 5, (4, 30)).astype(float)
    values[1] = np.where(rng.random(30) < 0.8, values[0], values[1])
    values[rng.random(values.shape) < 0.3] = np.nan
    cells = [["." if np.isnan(v) else str(int(v)) for v in row] for row in values]
    found = agreement(entries(zip(*cells, strict=True)))
    for ours, level in ((found.labels, "nominal"), (found.valence, "interval")):
        theirs = krippendorff.alpha(reliability_data=values, level_of_measurement=level)
        assert ours == pytest.approx(theirs)
    one = krippendorff.alpha(
        reliability_data=np.where(np.isnan(values), np.nan, values == 2.0),
        level_of_measurement="nominal",
    )
    assert found.classes[LABELS[2]] == pytest.approx(one)


def test_who_pulls_the_agreement_down_is_seen_and_so_is_each_session():
    good, bad = ["1", "1", "1", "2"] * 5, ["1", "2", "2", "2"] * 5
    columns = [*zip(good, good, ["1", "3", "1", "4"] * 5, strict=True)]
    made = entries(columns, "first") + entries(zip(good, bad, strict=True), "second")
    found = agreement(made)
    assert min(found.raters, key=found.raters.get) == "r2"
    assert found.without["r2"] > found.labels
    assert found.sessions.keys() == {"first", "second"}


def test_nothing_to_compare_is_no_figure():
    for made in ([], entries([("1", "."), (".", "2")]), entries([("1", "1"), ("1", "1")])):
        found = agreement(made)
        assert (found.labels, found.valence, found.fleiss) == (None, None, None)
    assert alpha([{"a": Rating(("sad", "fear")), "b": Rating()}], lambda rating: None) is None


def test_several_labels_of_one_rater_are_half_an_agreement_each():
    both, one = Rating(("sad", "fear")), Rating(("sad",))
    half = agreement([Entry("1", raters={"a": both, "b": one}), *entries([("1", "1")])]).labels
    none = agreement(
        [Entry("1", raters={"a": Rating(("fear",)), "b": one}), *entries([("1", "1")])]
    ).labels
    assert none < half < 1
