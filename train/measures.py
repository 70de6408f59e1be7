"""How good answers are, with intervals; the metrics are scikit-learn's."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.stats import pearsonr
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    confusion_matrix,
    f1_score,
    log_loss,
    recall_score,
)

RESAMPLES = 1000
BINS = 15
NEUTRAL_VALENCE = 0.0


def probabilities(logits: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """Softmax of logits over a temperature, `[rows, labels]`."""
    scaled = logits / temperature
    raised = np.exp(scaled - scaled.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def best_temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """The temperature under which the right labels are most probable."""

    def surprise(log_temperature: float) -> float:
        chances = probabilities(logits.astype(np.float64), np.exp(log_temperature))
        return log_loss(truth, chances, labels=range(logits.shape[1]))

    found = minimize_scalar(surprise, bounds=(np.log(0.2), np.log(5.0)), method="bounded")
    return float(np.exp(found.x))


def reliability(chances: np.ndarray, truth: np.ndarray) -> list[tuple[float, float, int]]:
    """Mean confidence, share that is right, and rows, of each of BINS equal bins that has any."""
    sure = chances.max(1)
    right = chances.argmax(1) == truth
    which = np.minimum((sure * BINS).astype(int), BINS - 1)
    return [
        (float(sure[which == each].mean()), float(right[which == each].mean()), int(n))
        for each, n in enumerate(np.bincount(which, minlength=BINS))
        if n
    ]


def calibration_error(chances: np.ndarray, truth: np.ndarray) -> float:
    """Expected calibration error: how far confidence is from accuracy, over equal bins."""
    bins = reliability(chances, truth)
    return sum(abs(right - sure) * n for sure, right, n in bins) / len(truth)


def uar(said: np.ndarray, truth: np.ndarray) -> float:
    """Macro recall over the labels that occur."""
    return float(recall_score(truth, said, labels=np.unique(truth), average="macro"))


def among(scores: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """What is said where only the labels that occur may be, as by whoever knows the corpus.

    Args:
        scores: Of every label, `[rows, labels]`.
        truth: `[rows]`.
    """
    present = np.unique(truth)
    return present[scores[:, present].argmax(1)]


def of_labels(said: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """UAR, accuracy and F1 of predicted labels."""
    present = np.unique(truth)
    return {
        "uar": uar(said, truth),
        "accuracy": float(accuracy_score(truth, said)),
        "macro_f1": float(f1_score(truth, said, labels=present, average="macro")),
        "weighted_f1": float(f1_score(truth, said, labels=present, average="weighted")),
    }


def recalls(said: np.ndarray, truth: np.ndarray, labels: Sequence[str]) -> dict[str, float]:
    """The recall of each label that occurs, by its name."""
    present = np.unique(truth)
    each = recall_score(truth, said, labels=present, average=None)
    return {labels[label]: float(value) for label, value in zip(present, each, strict=True)}


def of_affect(said: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """Concordance and Pearson's r of valence and arousal, each `[rows, 2]`."""
    return {
        f"{name}_{measure}": function(said[:, column], truth[:, column])
        for column, name in enumerate(("valence", "arousal"))
        for measure, function in (("ccc", concordance), ("r", correlation))
    }


def polarity(said: np.ndarray, truth: np.ndarray) -> float:
    """Whether the sign of valence is right: balanced accuracy of glad against not."""
    return float(balanced_accuracy_score(truth[:, 0] > 0, said[:, 0] > NEUTRAL_VALENCE))


def of_polarity(said: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """The polarity, and Pearson's r of valence."""
    return {
        "balanced_accuracy": polarity(said, truth),
        "valence_r": correlation(said[:, 0], truth[:, 0]),
    }


def concordance(one: np.ndarray, other: np.ndarray) -> float:
    """Lin's concordance correlation coefficient."""
    spread = one.var() + other.var() + (one.mean() - other.mean()) ** 2
    together = ((one - one.mean()) * (other - other.mean())).mean()
    return float(2 * together / spread) if spread else 0.0


def correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Pearson's r; 0 where one of the two never changes."""
    return float(pearsonr(one, other).statistic) if one.std() and other.std() else 0.0


MEASURES: dict[str, Callable[[np.ndarray, np.ndarray], dict[str, float]]] = {
    "label": of_labels,
    "affect": of_affect,
    "polarity": of_polarity,
}
HEADLINES = {"label": "uar", "affect": "valence_r", "polarity": "balanced_accuracy"}
# The figures that are told with an interval, the headline first.
WITH_INTERVALS: dict[str, tuple[str, ...]] = {
    "label": ("uar", "accuracy", "macro_f1", "weighted_f1"),
    "affect": ("valence_r", "arousal_r", "valence_ccc", "arousal_ccc"),
    "polarity": ("balanced_accuracy",),
}


def confusion(said: np.ndarray, truth: np.ndarray, n_labels: int) -> np.ndarray:
    """How often each label was said of each, `[truth, said]`."""
    return confusion_matrix(truth, said, labels=range(n_labels))


def intervals(
    names: Sequence[str], said: np.ndarray, truth: np.ndarray, together: np.ndarray | None = None
) -> dict[str, tuple[float, float]]:
    """The bootstrap's 95 % interval of some figures of WITH_INTERVALS.

    Labels are drawn anew each among its own, so that a rare one is missing from no resample: a
    mean over fewer labels would be another figure.

    Args:
        names: The figures.
        said: What was said of each row.
        truth: What should have been.
        together: A number for each row; rows of one number are drawn together. None for each row
            by itself.
    """
    if not names:
        return {}
    rng = np.random.default_rng(0)
    together = np.arange(len(truth)) if together is None else together
    if truth.ndim == 1:
        drawn = _of_drawn_labels(said, truth, together, rng)
    elif names == WITH_INTERVALS["polarity"]:
        glad = _of_drawn_labels(said[:, 0] > NEUTRAL_VALENCE, truth[:, 0] > 0, together, rng)
        drawn = {"balanced_accuracy": glad["uar"]}
    else:
        drawn = _of_drawn_affect(said, truth, together, rng)
    ends = {name: np.nanquantile(drawn[name], (0.025, 0.975)) for name in names}
    return {name: (float(low), float(high)) for name, (low, high) in ends.items()}


def _of_drawn_labels(
    said: np.ndarray, truth: np.ndarray, together: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """The figures of many resamples at once, each `[RESAMPLES]`.

    Rows of which the same was said are alike, and so are groups of such rows: drawing how often
    each kind comes is quicker than drawing rows.
    """
    labels, places = np.unique(np.concatenate([truth, said]), return_inverse=True)
    of, given = places[: len(truth)], places[len(truth) :]
    cells = np.zeros((RESAMPLES, len(labels), len(labels)), int)
    for label in np.unique(of):
        mine = of == label
        group = np.unique(together[mine], return_inverse=True)[1]
        counts = np.zeros((group.max() + 1, len(labels)), int)
        np.add.at(counts, (group, given[mine]), 1)
        kinds, often = np.unique(counts, axis=0, return_counts=True)
        cells[:, label] = rng.multinomial(len(counts), often / len(counts), RESAMPLES) @ kinds
    return of_cells(cells)


def of_cells(cells: np.ndarray) -> dict[str, np.ndarray]:
    """The figures of many confusion matrices at once, as `of_labels` has them, each `[matrices]`.

    Args:
        cells: How often each label was said of each, `[matrices, truth, said]`.
    """
    right = np.diagonal(cells, axis1=1, axis2=2)
    of, given = cells.sum(2), cells.sum(1)
    # A label that does not occur has neither recall nor F1.
    none = np.full(of.shape, np.nan)
    recall = np.divide(right, of, where=of > 0, out=none.copy())
    f1 = np.divide(2 * right, of + given, where=of > 0, out=none)
    return {
        "uar": np.nanmean(recall, axis=1),
        "accuracy": right.sum(1) / of.sum(1),
        "macro_f1": np.nanmean(f1, axis=1),
        "weighted_f1": np.nansum(f1 * of, axis=1) / of.sum(1),
    }


def _of_drawn_affect(
    said: np.ndarray, truth: np.ndarray, together: np.ndarray, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    group = np.unique(together, return_inverse=True)[1]
    n_groups = int(group.max()) + 1
    times = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), RESAMPLES)
    draws = (np.repeat(np.arange(len(truth)), each[group]) for each in times)
    found = [of_affect(said[rows], truth[rows]) for rows in draws]
    return {name: np.array([each[name] for each in found]) for name in found[0]}
