"""How likely each label is right: cleanlab, and CROWDLAB where several have rated."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from emotion.labels import LABELS, SPELLINGS
from emotion.review.clips import Entry

TINY = 1e-6  # for what a model calls impossible
TWICE = 0.05  # share of the labelled clips, at least, that several must have rated


@dataclass(frozen=True)
class RaterQuality:
    """What cleanlab finds of one rater.

    Attributes:
        quality: How good the labels are, 0 to 1.
        agreement: The share that is the consensus; None where nobody else rated the same.
        worst: The label that is most often not the consensus.
        n: How many clips were labelled.
    """

    quality: float
    agreement: float | None
    worst: str
    n: int


@dataclass(frozen=True)
class Quality:
    """What is found of all labels together.

    Attributes:
        labels: How likely each clip's label is right, by its id; only of those that were judged.
        likely: The clips whose label is likely wrong.
        consensus: What raters and model together say of a clip, and how surely, by its id.
        raters: What is found of each rater.
    """

    labels: Mapping[str, float] = field(default_factory=dict)
    likely: frozenset[str] = frozenset()
    consensus: Mapping[str, tuple[str, float]] = field(default_factory=dict)
    raters: Mapping[str, RaterQuality] = field(default_factory=dict)


def folded(probabilities: Mapping[str, float]) -> np.ndarray:
    """A model's probabilities as those of the seven: calm counts as neutral, `[7]`."""
    found = dict.fromkeys(LABELS, 0.0)
    for name, share in probabilities.items():
        found[SPELLINGS[name]] += share
    return np.array([found[label] for label in LABELS])


def quality(entries: Sequence[Entry], shares: Mapping[str, np.ndarray]) -> Quality:
    """Judges labels by probabilities.

    Args:
        entries: The clips.
        shares: The probabilities of the seven, by the clip's id; best from a model that was not
            trained on that clip.
    """
    known = [each for each in entries if each.id in shares and each.label]
    if not known:
        return Quality()
    # Of a label that nobody gave and one that the model does not know, nothing can be found out.
    given = {each.label for each in known} | {
        label for each in known for one in each.raters.values() for label in one.labels
    }
    able = np.array([shares[each.id] for each in known]).max(0) > 0
    names = [label for label, can in zip(LABELS, able, strict=True) if can and label in given]
    known = [each for each in known if each.label in names]
    if not known or len(names) < 2:
        return Quality()
    found = _judged(known, names, _chances(known, names, shares))
    # Of clips on which raters are level, only their consensus can be found out.
    rated = [each for each in entries if each.id in shares and _rated(each, names)]
    if sum(_rated(each, names) > 1 for each in rated) < max(1, TWICE * len(known)):
        return found
    return _crowd(rated, names, _chances(rated, names, shares), found)


def _chances(
    entries: Sequence[Entry], names: Sequence[str], shares: Mapping[str, np.ndarray]
) -> np.ndarray:
    """The probabilities of some labels, summing to 1, `[entries, names]`."""
    columns = [LABELS.index(name) for name in names]
    chances = np.array([shares[each.id][columns] for each in entries]) + TINY
    return chances / chances.sum(1, keepdims=True)


def _judged(known: Sequence[Entry], names: Sequence[str], chances: np.ndarray) -> Quality:
    # Imported here because they take seconds that no annotator should wait for.
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    labels = np.array([names.index(each.label or "") for each in known])
    with warnings.catch_warnings():  # of classes with few clips
        warnings.simplefilter("ignore")
        wrong = find_label_issues(labels, chances, n_jobs=1)
    likely = frozenset(each.id for each, bad in zip(known, wrong, strict=True) if bad)
    scores = get_label_quality_scores(labels, chances)
    found = {each.id: float(score) for each, score in zip(known, scores, strict=True)}
    return Quality(found, likely)


def _votes(entry: Entry, names: Sequence[str]) -> dict[str, int]:
    """The one label of each rater who gave one, by its place among the names."""
    return {
        who: names.index(one.labels[0])
        for who, one in entry.raters.items()
        if len(one.labels) == 1 and one.labels[0] in names
    }


def _rated(entry: Entry, names: Sequence[str]) -> int:
    return len(_votes(entry, names))


def _crowd(
    rated: Sequence[Entry], names: Sequence[str], chances: np.ndarray, plain: Quality
) -> Quality:
    import pandas as pd
    from cleanlab.multiannotator import get_label_quality_multiannotator

    said = pd.DataFrame([_votes(each, names) for each in rated]).astype("Int64")
    with warnings.catch_warnings():  # of raters who share nothing
        warnings.simplefilter("ignore")
        found = get_label_quality_multiannotator(said, chances, verbose=False)
    table = found["label_quality"]
    columns = (table["consensus_label"], table["consensus_quality_score"])
    consensus = {
        each.id: (names[int(label)], float(sure))
        for each, label, sure in zip(rated, *columns, strict=True)
    }
    labels = dict(plain.labels)
    for each in rated:
        label, sure = consensus[each.id]
        if each.id in labels:
            agreed = label == each.label
            labels[each.id] = sure if agreed else min(labels[each.id], 1 - sure)
    raters = {
        str(who): RaterQuality(
            float(row["annotator_quality"]),
            _number(row["agreement_with_consensus"]),
            names[int(row["worst_class"])],
            int(row["num_examples_labeled"]),
        )
        for who, row in found["annotator_stats"].iterrows()
    }
    return Quality(labels, plain.likely, consensus, raters)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
