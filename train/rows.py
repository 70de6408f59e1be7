"""What the model is shown: a voice, words, or both, and what it should say."""

from collections.abc import Collection, Sequence
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
        shares: How much each of the model's labels is meant, summing to 1; None where unknown.
        affect: Valence and arousal, NaN where unknown.
        source: Where it comes from; rows of one source are comparable with each other.
        body: Whose body was measured, or None.
        sample: The utterance that it is of, whichever sides are shown; None for a joined pair.
        known: Whether the voice is heard against its speaker's others, of those that are asked
            about together.
    """

    voice: Sample | None
    text: str
    shares: tuple[float, ...] | None
    affect: tuple[float, float]
    source: str
    body: Sample | None = None
    sample: Sample | None = None
    known: bool = False

    @property
    def label(self) -> int | None:
        """The index of its one label; None where there are several or none."""
        if self.shares is None or max(self.shares) < 1:
            return None
        return self.shares.index(1.0)


def of_both(sample: Sample, labels: Sequence[str] = LABELS) -> Row:
    """A voice and its own words."""
    return of_sides(sample, ("voice", "words"), labels)


def of_sides(
    sample: Sample, sides: Collection[str], labels: Sequence[str] = LABELS, soft: bool = False
) -> Row:
    """What an utterance has of some sides.

    Args:
        sample: The utterance.
        sides: Which of config.SIDES.
        labels: The model's.
        soft: Whether raters' votes count for more than the one label that came of them.
    """
    return Row(
        voice=sample if "voice" in sides and sample.audio else None,
        text=sample.text if "words" in sides else "",
        shares=shares_of(sample, labels, soft),
        affect=affect_of(sample),
        source=sample.source,
        body=sample if "body" in sides and sample.body else None,
        sample=sample,
    )


def shares_of(
    sample: Sample, labels: Sequence[str] = LABELS, soft: bool = False
) -> tuple[float, ...] | None:
    """How much each label is meant, from the label or from the votes; None if none of them is.

    A corpus's finer label counts where the model has it.
    """
    label = sample.fine if sample.fine in labels else sample.label
    votes = {label: 1.0} if label and not (soft and sample.votes) else sample.votes or {}
    found = [float(votes.get(name, 0)) for name in labels]
    return tuple(each / sum(found) for each in found) if sum(found) else None


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
    shares = shares_matrix(rows)
    frequency = np.maximum(shares.sum(0), 1) / max(1, len(rows))
    chance = shares @ frequency**-balance
    # Where a source has rows without a label, they keep the weight of an average row.
    labelled = shares.sum(1) > 0
    chance[~labelled] = chance[labelled].mean() if labelled.any() else 1.0
    if not labelled.any() and balance:
        chance = _evenly_rated(rows)
    return chance / chance.sum()


def _evenly_rated(rows: Sequence[Row]) -> np.ndarray:
    """Weights by which as many rows lie below the middle as above it.

    Where most reviews praise, a doubtful one would be said to, and the sign is what people read.
    """
    glad = np.array([row.affect[0] > 0 for row in rows])
    share = glad.mean() if 0 < glad.mean() < 1 else 0.5
    return np.where(glad, 1 / share, 1 / (1 - share))


def prior(rows: Sequence[Row], chances: np.ndarray, least: float = 0.02) -> np.ndarray:
    """How often each label is met when rows are drawn by `chances`, never below `least`."""
    met = (shares_matrix(rows) * chances[:, None]).sum(0)
    met = np.maximum(met / met.sum(), least) if met.sum() else np.ones(len(met))
    return met / met.sum()


def shares_matrix(rows: Sequence[Row], n_labels: int = len(LABELS)) -> np.ndarray:
    """How much each label is meant, all zero where unknown, `[rows, labels]`.

    Args:
        rows: The rows.
        n_labels: How many labels there are, for rows of which none has one.
    """
    known = next((len(row.shares) for row in rows if row.shares), n_labels)
    return np.array([row.shares or (0.0,) * known for row in rows])
