"""What the model is shown: a voice, words, or both, and what it should say."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from emotion.labels import BY_NAME, LABELS
from train.corpora.sample import Sample

UNKNOWN = (float("nan"), float("nan"))


@dataclass(frozen=True)
class Row:
    """One utterance for the model.

    Attributes:
        voice: Whose voice is heard, or None.
        text: What is read, or empty.
        shares: How much each of LABELS is meant, summing to 1; None where unknown.
        affect: Valence and arousal, NaN where unknown.
        source: Where it comes from; rows of one source are comparable with each other.
    """

    voice: Sample | None
    text: str
    shares: tuple[float, ...] | None
    affect: tuple[float, float]
    source: str

    @property
    def label(self) -> int | None:
        """The index of its one label; None where there are several or none."""
        if self.shares is None or max(self.shares) < 1:
            return None
        return self.shares.index(1.0)


def of_voice(sample: Sample) -> Row:
    """The voice alone."""
    return Row(sample, "", shares_of(sample), affect_of(sample), sample.source)


def of_words(sample: Sample) -> Row:
    """The words alone."""
    return Row(None, sample.text, shares_of(sample), affect_of(sample), sample.source)


def of_both(sample: Sample) -> Row:
    """A voice and its own words."""
    return Row(sample, sample.text, shares_of(sample), affect_of(sample), sample.source)


def shares_of(sample: Sample) -> tuple[float, ...] | None:
    """How much each label is meant, from the label or from the votes."""
    votes = {sample.label: 1.0} if sample.label else sample.votes
    return tuple(float(votes.get(name, 0)) for name in LABELS) if votes else None


def affect_of(sample: Sample) -> tuple[float, float]:
    """Valence and arousal, NaN where unknown."""
    valence, arousal = sample.valence, sample.arousal
    return (
        float("nan") if valence is None else valence,
        float("nan") if arousal is None else arousal,
    )


def place_of(label: str) -> tuple[float, float]:
    """Where a label lies on the plane."""
    return BY_NAME[label].valence, BY_NAME[label].arousal


def weights(rows: Sequence[Row], balance: float) -> np.ndarray:
    """How often each row is to be drawn, so that rare labels are drawn more often.

    Args:
        rows: Rows of one source.
        balance: 0 draws them as they come, 1 every label alike.

    Returns:
        Chances that sum to 1, `[rows]`.
    """
    shares = np.array([row.shares or (0.0,) * len(LABELS) for row in rows])
    frequency = np.maximum(shares.sum(0), 1) / max(1, len(rows))
    chance = shares @ frequency**-balance
    # Where a source has rows without a label, they keep the weight of an average row.
    labelled = shares.sum(1) > 0
    chance[~labelled] = chance[labelled].mean() if labelled.any() else 1.0
    return chance / chance.sum()


def prior(rows: Sequence[Row], chances: np.ndarray, least: float = 0.02) -> np.ndarray:
    """How often each label is met when rows are drawn by `chances`, never below `least`."""
    shares = np.array([row.shares or (0.0,) * len(LABELS) for row in rows])
    met = (shares * chances[:, None]).sum(0)
    met = np.maximum(met / met.sum(), least) if met.sum() else np.ones(len(LABELS))
    return met / met.sum()
