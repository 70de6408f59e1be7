"""How far raters agree: Krippendorff's alpha, Fleiss' and Cohen's kappa, by class, rater, session.

A figure is None where it has no meaning: nothing was rated twice, or all was rated alike.
"""

import math
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations

import numpy as np

from emotion.labels import LABELS
from emotion.review.clips import Entry
from emotion.review.opinion import Rating

FEW = 2  # clips that two raters must share for a figure


@dataclass(frozen=True)
class Pair:
    """Two raters: Cohen's kappa over the clips that both have labelled, and how many those are."""

    kappa: float | None
    n: int


@dataclass(frozen=True)
class Agreement:
    """How far raters agree.

    Attributes:
        n_clips: Clips that two or more have labelled.
        labels: Krippendorff's alpha of labels, nominal.
        valence: Krippendorff's alpha of valence, interval.
        arousal: Krippendorff's alpha of arousal, interval.
        fleiss: Fleiss' kappa over the clips that have the commonest number of labels.
        n_fleiss: How many clips those are.
        pairs: Cohen's kappa of each two raters that share clips.
        classes: Alpha of each label against all others.
        raters: Mean kappa of each rater with the others, by the clips shared.
        without: Alpha of labels when a rater is left out; higher than `labels` is a bad sign.
        sessions: Alpha of labels within each session.
    """

    n_clips: int
    labels: float | None
    valence: float | None
    arousal: float | None
    fleiss: float | None
    n_fleiss: int
    pairs: Mapping[tuple[str, str], Pair]
    classes: Mapping[str, float | None]
    raters: Mapping[str, float | None]
    without: Mapping[str, float | None]
    sessions: Mapping[str, float | None]


def agreement(entries: Iterable[Entry]) -> Agreement:
    """How far those agree who have rated clips before they came here."""
    entries = [each for each in entries if each.raters]
    rated = [each.raters for each in entries]
    names = sorted({who for each in rated for who in each})
    pairs = _pairs(rated, names)
    sessions = sorted({each.session for each in entries} - {""})
    fleiss, n_fleiss = _fleiss(rated)
    return Agreement(
        sum(sum(bool(one.labels) for one in each.values()) > 1 for each in rated),
        alpha_of_labels(rated),
        alpha(rated, lambda rating: _place(rating.valence)),
        alpha(rated, lambda rating: _place(rating.arousal)),
        fleiss,
        n_fleiss,
        pairs,
        {label: alpha(rated, partial(_is, label)) for label in LABELS},
        {who: _mean_kappa(pairs, who) for who in names},
        {who: alpha_of_labels([_less(each, who) for each in rated]) for who in names},
        {
            session: alpha_of_labels([each.raters for each in entries if each.session == session])
            for session in sessions
        },
    )


def alpha(
    rated: Iterable[Mapping[str, Rating]], value: Callable[[Rating], Sequence[float] | None]
) -> float | None:
    """Krippendorff's alpha, for any number of raters and any that are missing.

    The squared distance of two values is what they differ by: a number gives the interval metric,
    a 1 in the place of its label the nominal one, and several labels share that 1.

    Args:
        rated: What each rater said of each clip.
        value: What of a rating is compared; None where it says nothing of that.
    """
    clips = [[v for one in each.values() if (v := value(one)) is not None] for each in rated]
    paired = [np.array(each, float) for each in clips if len(each) > 1]
    if not paired:
        return None
    everything = np.concatenate(paired)
    within = sum(len(each) / (len(each) - 1) * _spread(each) for each in paired)
    n, all_in_all = len(everything), _spread(everything)
    return None if all_in_all == 0 else float(1 - (n - 1) * within / (n * all_in_all))


def alpha_of_labels(rated: Iterable[Mapping[str, Rating]]) -> float | None:
    """Krippendorff's alpha of labels, nominal."""
    return alpha(rated, _shares)


def _spread(values: np.ndarray) -> float:
    return float(((values - values.mean(0)) ** 2).sum())


def _shares(rating: Rating) -> list[float] | None:
    share = 1 / max(1, len(rating.labels))
    return [share * (label in rating.labels) for label in LABELS] if rating.labels else None


def _is(label: str, rating: Rating) -> list[float] | None:
    return [float(label in rating.labels)] if rating.labels else None


def _place(value: float | None) -> list[float] | None:
    return None if value is None else [value]


def _less(ratings: Mapping[str, Rating], who: str) -> dict[str, Rating]:
    return {name: each for name, each in ratings.items() if name != who}


def _single(ratings: Mapping[str, Rating]) -> dict[str, str]:
    """The label of each who gave just one: kappas know of no others."""
    return {who: each.labels[0] for who, each in ratings.items() if len(each.labels) == 1}


def _fleiss(rated: Iterable[Mapping[str, Rating]]) -> tuple[float | None, int]:
    # Imported here because it takes a second that no annotator should wait for.
    from statsmodels.stats.inter_rater import fleiss_kappa

    counts = [Counter(_single(each).values()) for each in rated]
    sizes = Counter(each.total() for each in counts if each.total() > 1)
    if not sizes:
        return None, 0
    commonest = sizes.most_common(1)[0][0]
    table = [[each[label] for label in LABELS] for each in counts if each.total() == commonest]
    with np.errstate(invalid="ignore"):
        return _meant(fleiss_kappa(np.array(table))), len(table)


def _pairs(
    rated: Sequence[Mapping[str, Rating]], names: Sequence[str]
) -> dict[tuple[str, str], Pair]:
    shared: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for each in map(_single, rated):
        for one, other in combinations(sorted(each), 2):
            shared.setdefault((one, other), []).append((each[one], each[other]))
    both = {pair: shared[pair] for pair in combinations(names, 2) if pair in shared}
    return {pair: Pair(_cohen(said), len(said)) for pair, said in both.items() if len(said) >= FEW}


def _cohen(said: Sequence[tuple[str, str]]) -> float | None:
    from sklearn.metrics import cohen_kappa_score

    one, other = zip(*said, strict=True)
    with warnings.catch_warnings():  # of both having said one thing all the time
        warnings.simplefilter("ignore")
        return _meant(cohen_kappa_score(one, other))


def _mean_kappa(pairs: Mapping[tuple[str, str], Pair], who: str) -> float | None:
    mine = [each for pair, each in pairs.items() if who in pair and each.kappa is not None]
    n = sum(each.n for each in mine)
    return sum((each.kappa or 0) * each.n for each in mine) / n if n else None


def _meant(figure: float) -> float | None:
    return float(figure) if math.isfinite(figure) else None
