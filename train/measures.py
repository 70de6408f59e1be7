"""How good answers are, with intervals; the metrics are scikit-learn's."""

from collections.abc import Callable

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

from emotion.labels import LABELS

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


def calibration_error(chances: np.ndarray, truth: np.ndarray) -> float:
    """Expected calibration error: how far confidence is from accuracy, over equal bins."""
    sure = chances.max(1)
    right = chances.argmax(1) == truth
    which = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [
        abs(right[which == each].mean() - sure[which == each].mean()) * (which == each).mean()
        for each in range(BINS)
        if (which == each).any()
    ]
    return float(sum(gaps))


def uar(said: np.ndarray, truth: np.ndarray) -> float:
    """Macro recall over the labels that occur."""
    return float(recall_score(truth, said, labels=np.unique(truth), average="macro"))


def of_labels(said: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """UAR, accuracy and F1 of predicted labels."""
    present = np.unique(truth)
    return {
        "uar": uar(said, truth),
        "accuracy": float(accuracy_score(truth, said)),
        "macro_f1": float(f1_score(truth, said, labels=present, average="macro")),
        "weighted_f1": float(f1_score(truth, said, labels=present, average="weighted")),
    }


def recalls(said: np.ndarray, truth: np.ndarray) -> dict[str, float]:
    """The recall of each label that occurs."""
    present = np.unique(truth)
    each = recall_score(truth, said, labels=present, average=None)
    return {LABELS[label]: float(value) for label, value in zip(present, each, strict=True)}


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


def interval(name: str, said: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """The bootstrap's 95 % interval of a headline figure, rows drawn anew."""
    rng = np.random.default_rng(0)
    if name == "uar":
        found = _drawn_recall(said, truth, rng)
    elif name == "balanced_accuracy":
        found = _drawn_recall(said[:, 0] > NEUTRAL_VALENCE, truth[:, 0] > 0, rng)
    else:
        column = ("valence_r", "arousal_r").index(name)
        draws = rng.integers(0, len(truth), (RESAMPLES, len(truth)))
        pairs = [correlation(said[rows, column], truth[rows, column]) for rows in draws]
        found = np.array(pairs)
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def _drawn_recall(said: np.ndarray, truth: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Macro recall of many resamples at once, `[RESAMPLES]`.

    Drawing rows with replacement is drawing the cells of the confusion matrix, which is quick.
    """
    cells = confusion_matrix(truth, said)
    cells = cells[cells.sum(1) > 0]
    drawn = rng.multinomial(len(truth), cells.ravel() / len(truth), RESAMPLES)
    drawn = drawn.reshape(RESAMPLES, *cells.shape)
    present = np.unique(truth)
    columns = np.searchsorted(np.union1d(truth, said), present)
    right = drawn[:, np.arange(len(present)), columns]
    of = drawn.sum(2)
    # A label that a resample lacks has no recall there.
    recall = np.divide(right, of, where=of > 0, out=np.full(of.shape, np.nan))
    return np.nanmean(recall, axis=1)
