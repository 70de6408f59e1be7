"""What scikit-learn's linear models found, in columns of all labels."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from emotion.labels import LABELS
from train.linear import of_labels


@pytest.mark.parametrize("places", [[1, 4], [0, 2, 5]])
@pytest.mark.parametrize("bias", [True, False])
def test_columns_say_what_the_model_says(places, bias):
    chance = np.random.default_rng(0)
    labels = np.repeat(places, 30)
    read = chance.standard_normal((len(labels), 3)) + labels[:, None]
    model = LogisticRegression(fit_intercept=bias).fit(read, labels)
    table, shift = of_labels(model)
    said = np.exp(read @ table + shift)[:, places]
    assert said / said.sum(1, keepdims=True) == pytest.approx(model.predict_proba(read))
    others = [place for place in range(len(LABELS)) if place not in places]
    assert not table[:, others].any()
    assert not shift[others].any()
