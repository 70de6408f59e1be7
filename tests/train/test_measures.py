import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score

from emotion.labels import LABELS
from train import measures


def test_figures_of_labels_by_hand_and_by_scikit_learn():
    truth = np.array([0, 0, 0, 1, 1, 2])
    said = np.array([0, 0, 1, 1, 6, 2])  # 6 never occurs in truth
    figures = measures.of_labels(said, truth)
    assert figures["uar"] == pytest.approx((2 / 3 + 1 / 2 + 1) / 3)
    assert figures["accuracy"] == pytest.approx(4 / 6)
    assert figures["weighted_f1"] == pytest.approx(f1_score(truth, said, average="weighted"))
    assert measures.recalls(said, truth, LABELS)[LABELS[1]] == 0.5
    with pytest.warns(UserWarning, match="not in y_true"):
        assert figures["uar"] == pytest.approx(balanced_accuracy_score(truth, said))


def test_calibration_error_by_hand():
    # Four rows said with 0.9, of which half are right: 0.4 off.
    chances = np.tile([0.9, 0.1], (4, 1))
    assert measures.calibration_error(chances, np.array([0, 0, 1, 1])) == pytest.approx(0.4)
    certain = np.tile([1.0, 0.0], (4, 1))
    assert measures.calibration_error(certain, np.zeros(4)) == 0


def test_the_best_temperature_undoes_too_much_certainty():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4000, 7))
    chances = measures.probabilities(logits)
    truth = np.array([rng.choice(7, p=row) for row in chances])
    assert measures.best_temperature(3 * logits, truth) == pytest.approx(3, rel=0.1)


def test_an_interval_holds_the_figure_and_shrinks_with_more_rows():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 600)
    said = np.where(rng.random(600) < 0.7, truth, (truth + 1) % 3)
    widths = []
    for n in (60, 600):
        low, high = measures.intervals(("uar",), said[:n], truth[:n])["uar"]
        assert low < measures.of_labels(said[:n], truth[:n])["uar"] < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def made(rng):
    truth = rng.choice([0, 2, 3], 200, p=[0.75, 0.24, 0.01])
    return truth, np.where(rng.random(200) < 0.6, truth, 5)


def test_figures_of_many_confusions_are_those_of_scikit_learn():
    """The rarest label is missing from some of them."""
    rng = np.random.default_rng(1)
    truth, said = made(rng)
    draws = [rng.integers(0, 200, 200) for _ in range(40)]
    drawn = [(truth[rows], said[rows]) for rows in draws]
    assert {len(np.unique(truth)) for truth, _ in drawn} == {2, 3}
    cells = np.array([measures.confusion(said, truth, 7) for truth, said in drawn])
    found = measures.of_cells(cells)
    for index, (truth, said) in enumerate(drawn):
        for name, value in measures.of_labels(said, truth).items():
            assert found[name][index] == pytest.approx(value), name


def test_an_interval_is_that_of_each_labels_rows_drawn_one_by_one():
    rng = np.random.default_rng(1)
    truth, said = made(rng)
    own = [np.flatnonzero(truth == label) for label in np.unique(truth)]
    draws = [np.concatenate([rng.choice(rows, len(rows)) for rows in own]) for _ in range(250)]
    figures = [measures.of_labels(said[rows], truth[rows]) for rows in draws]
    named = measures.WITH_INTERVALS["label"]
    found = measures.intervals(named, said, truth)
    for name in named:
        expected = np.quantile([each[name] for each in figures], (0.025, 0.975))
        assert found[name] == pytest.approx(expected, abs=0.04)


def test_a_label_of_one_row_is_missing_from_no_resample():
    truth = np.array([0] * 50 + [1] * 50 + [2])
    said = np.where(np.arange(101) % 5 > 0, truth, 1 - truth)
    said[-1] = 0  # the one row is not recalled, so that no resample can have more than 2 of 3
    low, high = measures.intervals(("uar",), said, truth)["uar"]
    assert low < measures.uar(said, truth) < high <= 2 / 3


def test_rows_drawn_together_count_as_one():
    """Whatever is asked six times over is no surer for it."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 3, 40)
    said = np.where(rng.random(40) < 0.7, truth, 5)
    place, told = rng.normal(size=(2, 40, 2))
    asked = ("label", said, truth), ("polarity", told, place), ("affect", told + place, place)
    for about, mine, wanted in asked:
        once, often = (
            measures.intervals(
                measures.WITH_INTERVALS[about],
                *(np.repeat(each, n, 0) for each in (mine, wanted)),
                together=np.repeat(np.arange(40), n),
            )
            for n in (1, 6)
        )
        for name, ends in once.items():
            assert often[name] == pytest.approx(ends), name


def test_agreement_in_valence_and_arousal():
    truth = np.array([[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]])
    figures = measures.of_affect(np.column_stack([truth[:, 0] + 1, -truth[:, 1]]), truth)
    assert figures["valence_r"] == pytest.approx(1)
    assert figures["valence_ccc"] == pytest.approx(2 * (1 / 6) / (2 / 6 + 1))
    assert figures["arousal_r"] == pytest.approx(-1)
