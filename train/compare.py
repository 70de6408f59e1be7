"""Whether one system is better than another, by the same utterances."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from train import measures

RESAMPLES = 2000
AT_ONCE = 100  # resamples that are computed together


@dataclass(frozen=True)
class Difference:
    """How much better one system is than another.

    Attributes:
        figure: The difference in the figure.
        low: Where its 95 % interval begins.
        high: Where it ends.
        p: How often chance alone would bring a difference as large, either way.
    """

    figure: float
    low: float
    high: float
    p: float


def paired(
    name: str,
    truth: np.ndarray,
    said: np.ndarray,
    other: np.ndarray,
    clusters: Sequence[str] | None = None,
) -> Difference:
    """The difference of two systems in a figure, by a paired bootstrap.

    Args:
        name: The figure, one of those of measures.of_labels.
        truth: The labels, `[rows]`.
        said: What the one system said of each row.
        other: What the other said of the same.
        clusters: Who speaks in each row. Speakers are then drawn and not rows: utterances of one
            speaker are right and wrong together, and drawn one by one they would seem to be more.
    """
    rng = np.random.default_rng(0)
    size = int(max(truth.max(), said.max(), other.max())) + 1
    group = np.arange(len(truth))
    if clusters is not None and len(set(clusters)) > 1:
        group = np.unique(np.array(clusters), return_inverse=True)[1]
    ours, theirs = (_cells(group, truth, each, size) for each in (said, other))
    everyone = np.ones((1, len(ours)))
    found = float(_gap(name, everyone, ours, theirs, size)[0])
    drawn = np.concatenate(
        [
            _gap(name, _draws(len(ours), rng), ours, theirs, size)
            for _ in range(RESAMPLES // AT_ONCE)
        ]
    )
    low, high = np.quantile(drawn, (0.025, 0.975))
    beyond = min((drawn <= 0).sum(), (drawn >= 0).sum())
    p = min(1.0, 2 * (beyond + 1) / (RESAMPLES + 1))
    return Difference(found, float(low), float(high), float(p))


def _cells(group: np.ndarray, truth: np.ndarray, said: np.ndarray, size: int) -> np.ndarray:
    """The confusion matrix of each group, `[groups, size * size]`."""
    n_groups, n_cells = int(group.max()) + 1, size * size
    places = group * n_cells + truth * size + said
    return np.bincount(places, minlength=n_groups * n_cells).reshape(n_groups, n_cells)


def _draws(n_groups: int, rng: np.random.Generator) -> np.ndarray:
    """How often each group is drawn in each of some resamples."""
    even = np.full(n_groups, 1 / n_groups)
    return rng.multinomial(n_groups, even, AT_ONCE).astype(float)


def _gap(
    name: str, times: np.ndarray, ours: np.ndarray, theirs: np.ndarray, size: int
) -> np.ndarray:
    """The difference in each resample, `[resamples]`."""
    one, other = (
        measures.of_cells((times @ cells).reshape(-1, size, size))[name] for cells in (ours, theirs)
    )
    return one - other
