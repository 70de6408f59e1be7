"""What runs of letters are signs of: linear models, found before the rest of a model learns.

Of a corpus of a few thousand rows they recall more on new ones than attention that learns from the
start (see results/default.md); what attention learns then is what they leave over.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import scipy.sparse
import torch

from emotion.labels import LABELS
from emotion.model import EmotionModel
from emotion.model.config import GramWords
from emotion.model.grams import Grams
from train.corpora.sample import Sample
from train.plans import grouped
from train.recipe import Recipe
from train.rows import affect_of, shares_of

LEAST_MET = 2  # a run of letters met once is a sign of nothing
LABEL_STRENGTH = 1.0  # the inverse of how strongly weights are drawn to 0
RIDGE = 1.0
FEWEST = 20.0  # rows of a label; a rarer one does not count for more
PASSES = 60

Features = Any  # scipy.sparse.csr_matrix
Linear = tuple[np.ndarray, np.ndarray | float]  # the weights and the bias
Part = tuple[slice | int, Linear]  # which columns of the table they are


def begin(model: EmotionModel, samples: Sequence[Sample], recipe: Recipe) -> None:
    """Gives a fresh model its signs, if it has any, from its recipe's corpora of words."""
    settings = model.config.words
    if not isinstance(settings, GramWords) or not settings.signs:
        return
    named = {source for part in recipe.parts() for source in part.words}
    taught = [each for each in samples if each.source in named and each.text]
    table, bias = learn(taught, settings.signs)
    with torch.no_grad():
        model.words.signs.table.copy_(torch.from_numpy(table))
        model.words.signs.bias.copy_(torch.from_numpy(bias))


def learn(samples: Sequence[Sample], size: int) -> tuple[np.ndarray, np.ndarray]:
    """The table and the bias of emotion.model.words.Signs, which has `size` runs.

    A sum of what each corpus tells by itself, the largest first: no corpus' runs are weighed by how
    rare they are in another, and of valence and arousal each learns what those before left over.
    """
    table = np.zeros((size, len(LABELS) + 2))
    bias = np.zeros(len(LABELS) + 2)
    by_source = grouped(samples, lambda each: each.source).values()
    for members in sorted(by_source, key=len, reverse=True):
        counts = counted([each.text for each in members], size)
        weight = rareness(counts)
        features = (counts @ scipy.sparse.diags(weight)).tocsr()
        told = counts @ table[:, -2:] + bias[-2:]
        found = np.zeros_like(table), np.zeros_like(bias)
        for part, (columns, middle) in _parts(features, members, told):
            found[0][:, part], found[1][part] = columns, middle
        table += found[0] * weight[:, None]
        bias += found[1]
    return table.astype(np.float32), bias.astype(np.float32)


def _parts(features: Features, samples: Sequence[Sample], told: np.ndarray) -> Iterator[Part]:
    """What one corpus says of the labels, of valence and of arousal, as far as it knows them."""
    shares = np.array([shares_of(each) or (0.0,) * len(LABELS) for each in samples])
    if np.count_nonzero(shares.sum(0)) > 1:
        yield slice(len(LABELS)), _labels(features, shares)
    rated = np.array([affect_of(each) for each in samples])
    for column in range(2):
        if not np.isnan(rated[:, column]).all():
            left = rated[:, column] - told[:, column]
            yield len(LABELS) + column, _rating(features, rated[:, column], left)


def counted(texts: Sequence[str], size: int) -> Features:
    """How often each text has each run, over the root of how many it has, `[texts, size]`."""
    reader = Grams(size)
    tokens = [np.array(reader.encode(text.split()).tokens, np.int32) for text in texts]
    lengths = np.array([len(each) for each in tokens])
    values = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths).astype(np.float32)
    ends = np.concatenate([[0], lengths.cumsum()])
    counts = scipy.sparse.csr_matrix(
        (values, np.concatenate(tokens), ends), shape=(len(texts), size)
    )
    counts.sum_duplicates()
    return counts


def rareness(counts: Features) -> np.ndarray:
    """What each run counts for: a rare one for more, and texts have about one size, `[size]`."""
    met = np.bincount(counts.indices, minlength=counts.shape[1])
    weight = np.log((1 + counts.shape[0]) / (1 + met)) + 1
    weight[met < LEAST_MET] = 0
    scaled = counts @ scipy.sparse.diags(weight)
    return (weight / np.sqrt(scaled.power(2).sum(1).mean())).astype(np.float32)


def _labels(features: Features, shares: np.ndarray) -> Linear:
    from sklearn.linear_model import LogisticRegression

    rows, labels = np.nonzero(shares)
    met = shares.sum(0)
    # Every label counts alike, as in the loss that the rest of the model learns by.
    weight = (shares * met.sum() / len(met) / np.maximum(met, FEWEST))[rows, labels]
    model = LogisticRegression(C=LABEL_STRENGTH, max_iter=PASSES)
    model.fit(features[rows], labels, sample_weight=weight)
    columns = np.zeros((features.shape[1], len(LABELS)))
    middle = np.zeros(len(LABELS))
    columns[:, model.classes_], middle[model.classes_] = model.coef_.T, model.intercept_
    return columns, middle


def _rating(features: Features, rated: np.ndarray, left: np.ndarray) -> Linear:
    from sklearn.linear_model import Ridge

    known = ~np.isnan(rated)
    # As many below the middle as above it, as in the rest: most reviews praise.
    glad = rated[known] > 0
    share = glad.mean() if 0 < glad.mean() < 1 else 0.5
    weight = np.where(glad, 0.5 / share, 0.5 / (1 - share))
    model = Ridge(alpha=RIDGE, solver="sparse_cg", max_iter=PASSES, tol=1e-3)
    model.fit(features[known], left[known], sample_weight=weight)
    return model.coef_, float(model.intercept_)
