"""What scikit-learn's linear models found, in columns of all labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from emotion.labels import LABELS

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression


def of_labels(model: LogisticRegression) -> tuple[np.ndarray, np.ndarray]:
    """The weights and the bias that each label has, `[features, labels]` and `[labels]`.

    Args:
        model: A fitted one, whose classes are places in LABELS; others have zeros.
    """
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # of which the second one's alone is told, against the first
        weights, bias = np.concatenate([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    table, shift = np.zeros((weights.shape[1], len(LABELS))), np.zeros(len(LABELS))
    table[:, model.classes_] = weights.T
    shift[model.classes_] = bias
    return table, shift
