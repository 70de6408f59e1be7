"""What it is a sign of that somebody sounds unusual: found before the rest of a model learns."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import torch

from emotion.labels import LABELS
from emotion.model import EmotionModel
from emotion.model.usual import N_MEASURES, Speakers
from train.corpora.sample import Sample
from train.linear import of_labels
from train.plans import grouped
from train.recipe import Recipe
from train.sounds import Sounds

FREEDOM = 0.01  # of the weights, as scikit-learn's C
PASSES = 400  # at most
EVEN = 1e-6  # a deviation below which a measure says nothing


def begin(model: EmotionModel, samples: Sequence[Sample], sounds: Sounds, recipe: Recipe) -> None:
    """Tells a fresh model, if it asks, what is to be heard of it in its recipe's voices."""
    if not model.config.knows_usual or "voice" in recipe.start:
        return  # what is taken from elsewhere knows already
    shares = {name: share for part in recipe.parts() for name, share in part.voice.items()}
    taught = [each for each in samples if each.source in shares and each in sounds]
    table, bias = learn(taught, sounds, shares)
    with torch.no_grad():
        model.voice.usual.table.copy_(torch.from_numpy(table))
        model.voice.usual.bias.copy_(torch.from_numpy(bias))


def learn(
    samples: Sequence[Sample], sounds: Sounds, shares: dict[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    """The table and the bias of emotion.model.usual.Usual: a linear model.

    Args:
        samples: Voices.
        sounds: Where they are.
        shares: What each source counts for; within one every label counts alike.
    """
    from sklearn.linear_model import LogisticRegression

    known = speakers(samples, sounds)
    heard = [
        (each, far) for each in samples if each.label and (far := unusual(each, known)) is not None
    ]
    labels = np.array([LABELS.index(each.label) for each, _ in heard if each.label])
    if len(np.unique(labels)) < 2:
        return np.zeros((N_MEASURES, len(LABELS))), np.zeros(len(LABELS))
    far = np.nan_to_num(np.array([far for _, far in heard]))
    spread = far.std(0) + EVEN
    model = LogisticRegression(C=FREEDOM, max_iter=PASSES)
    model.fit(far / spread, labels, sample_weight=_weights([each for each, _ in heard], shares))
    table, bias = of_labels(model)
    return table / spread[:, None], bias


def _weights(samples: Sequence[Sample], shares: dict[str, float]) -> np.ndarray:
    """What each clip counts for, 1 on average: a source's share is its labels' alike."""
    labels = {
        name: {each.label for each in members}
        for name, members in grouped(samples, lambda each: each.source).items()
    }
    alike = Counter((each.source, each.label) for each in samples)
    found = np.array(
        [
            shares[each.source] / len(labels[each.source]) / alike[each.source, each.label]
            for each in samples
        ]
    )
    return found / found.mean()


def speakers(samples: Iterable[Sample], sounds: Sounds) -> Speakers:
    """How those sound who speak; somebody in two sources is two, for they are recorded apart."""
    found = Speakers()
    for each in samples:
        if each.speaker:
            found.add((each.source, each.speaker), each.id, sounds.measures(each))
    return found


def unusual(sample: Sample, known: Speakers) -> np.ndarray | None:
    """How far a clip is from its speaker's others; None where there are too few."""
    return known.unusual((sample.source, sample.speaker), sample.id)
