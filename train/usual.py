"""What it is a sign of that somebody sounds unusual: found before the rest of a model learns."""

import functools
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from emotion.labels import LABELS
from emotion.model import EmotionModel
from emotion.model.manner import N_MEASURES
from emotion.model.usual import Speakers, Usual, measures
from train import augment, nothing
from train.corpora.sample import Sample
from train.linear import of_labels
from train.plans import grouped
from train.recipe import Recipe
from train.sounds import Sounds

FREEDOM = 0.1  # of the weights, as scikit-learn's C
BESIDE = 0.03  # the same beside a speaker's others, where few or all of one feeling mislead
MOVED = 0.4  # what a clip counts for as it would be elsewhere, beside itself
PASSES = 400  # at most
EVEN = 1e-6  # a deviation below which a measure says nothing
N_NOTHING = 300  # sounds that nobody spoke, which are as likely any label
SECONDS = (1.0, 6.0)  # how long these are


def begin(model: EmotionModel, samples: Sequence[Sample], sounds: Sounds, recipe: Recipe) -> None:
    """Tells a fresh model, if it asks, what is to be heard of it in its recipe's voices."""
    if not model.config.knows_usual or "voice" in recipe.start:
        return  # what is taken from elsewhere knows already
    shares = {name: share for part in recipe.parts() for name, share in part.voice.items()}
    taught = [each for each in samples if each.source in shares and each in sounds]
    learn(model.voice.usual, taught, sounds, shares, recipe.nothing)


@torch.no_grad()
def learn(
    usual: Usual,
    samples: Sequence[Sample],
    sounds: Sounds,
    shares: dict[str, float],
    empty: float = 0.0,
) -> None:
    """Finds both linear models, and writes them into what asks for them.

    Args:
        usual: It.
        samples: Voices.
        sounds: Where they are.
        shares: What each source counts for; within one every label counts alike.
        empty: What sounds that nobody spoke count for, as a share of all.
    """
    samples = [each for each in samples if not np.isnan(sounds.measures(each)).all()]
    heard = [each for each in samples if each.label]
    if len({each.label for each in heard}) < 2:
        return
    measured = np.stack([sounds.measures(each) for each in heard])
    known_of = np.ma.masked_invalid(measured)
    spread = known_of.std(0).filled(0.0)
    _write(usual.mean, known_of.mean(0).filled(0.0))
    _write(usual.spread, np.where(spread > EVEN, spread, 1.0))
    strangers = [
        _strangers(usual, heard, place, shares) for place in (sounds, _Elsewhere(sounds, _clip))
    ]
    _fit(usual.alone, _with_nothing(_and_moved(*strangers), usual, empty), FREEDOM)
    known = [
        _known(usual, heard, speakers(samples, place), shares)
        for place in (sounds, _Elsewhere(sounds, _speaker))
    ]
    if len(np.unique(known[0].labels)) > 1:
        _fit(usual.beside, _and_moved(*known), BESIDE)


class _Elsewhere:
    """Sounds as they would be in other rooms, by other microphones, in noise.

    A few thousand clips come from a handful of quiet rooms. What is a sign of a feeling there may
    be one of a telephone elsewhere.
    """

    def __init__(self, sounds: Sounds, name: Callable[[Sample], str]) -> None:
        self._sounds, self._name = sounds, name

    def measures(self, sample: Sample) -> np.ndarray:
        """What is measured of a voice there; those of one name are in rooms and bands alike.

        The noise lies as far below each of them, but is white or dull by chance.
        """
        rng = np.random.default_rng(zlib.crc32(self._name(sample).encode()))
        return measures(augment.elsewhere(self._sounds[sample], rng))


def _clip(sample: Sample) -> str:
    return f"{sample.source} {sample.id}"


def _speaker(sample: Sample) -> str:
    return f"{sample.source} {sample.speaker}"


class _Voices(NamedTuple):
    """How far each of some voices is from what is usual, its label, and what it counts for."""

    far: Tensor
    labels: np.ndarray
    weights: np.ndarray


def _strangers(
    usual: Usual, heard: Sequence[Sample], sounds: Sounds | _Elsewhere, shares: dict[str, float]
) -> _Voices:
    measured = np.stack([sounds.measures(each) for each in heard])
    return _Voices(usual.from_everybody(torch.from_numpy(measured)), *_labels(heard, shares))


def _known(
    usual: Usual, heard: Sequence[Sample], known: Speakers, shares: dict[str, float]
) -> _Voices:
    found = [(each, far) for each in heard if (far := unusual(each, known)) is not None]
    beside = np.array([far for _, far in found], np.float32).reshape(-1, N_MEASURES)
    labels = _labels([each for each, _ in found], shares)
    return _Voices(usual.from_speaker(torch.from_numpy(beside)), *labels)


def _and_moved(here: _Voices, moved: _Voices) -> _Voices:
    """Voices as they were recorded, and as they would be elsewhere."""
    return _Voices(
        torch.cat([here.far, moved.far]),
        np.concatenate([here.labels, moved.labels]),
        np.concatenate([here.weights, MOVED * moved.weights]),
    )


def _with_nothing(voices: _Voices, usual: Usual, share: float) -> _Voices:
    """The voices, and beside them sounds that nobody spoke, each as likely any of their labels."""
    if not share:
        return voices
    sounds = usual.from_everybody(torch.from_numpy(_nobody()))
    labels = np.unique(voices.labels)
    n = len(labels) * len(sounds)
    each = share / (1 - share) * voices.weights.sum() / n
    return _Voices(
        torch.cat([voices.far, sounds.repeat(len(labels), 1)]),
        np.concatenate([voices.labels, np.repeat(labels, len(sounds))]),
        np.concatenate([voices.weights, np.full(n, each)]),
    )


@functools.cache  # for each fold of a table and each run of a process
def _nobody() -> np.ndarray:
    """What is measured of sounds that nobody spoke, the same ones every time."""
    rng = np.random.default_rng(0)
    made = [measures(nothing.sound(rng.uniform(*SECONDS), rng)) for _ in range(N_NOTHING)]
    return np.stack(made)


def _fit(linear: nn.Linear, voices: _Voices, freedom: float) -> None:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=freedom, max_iter=PASSES)
    model.fit(voices.far.double().numpy(), voices.labels, sample_weight=voices.weights)
    table, bias = of_labels(model)
    _write(linear.weight, table.T)
    _write(linear.bias, bias)


def _write(parameter: Tensor, values: np.ndarray) -> None:
    parameter.copy_(torch.from_numpy(np.asarray(values, np.float32)))


def _labels(samples: Sequence[Sample], shares: dict[str, float]) -> tuple[np.ndarray, np.ndarray]:
    """Where each clip's label is among LABELS, and what the clip counts for."""
    places = [LABELS.index(each.label) for each in samples if each.label]
    return np.array(places, int), _weights(samples, shares)


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
    return found * len(found) / (found.sum() or 1.0)


def speakers(samples: Iterable[Sample], sounds: Sounds | _Elsewhere) -> Speakers:
    """How those sound who speak; somebody in two sources is two, for they are recorded apart."""
    found = Speakers()
    for each in samples:
        if each.speaker:
            found.add((each.source, each.speaker), each.id, sounds.measures(each))
    return found


def unusual(sample: Sample, known: Speakers) -> np.ndarray | None:
    """How far a clip is from its speaker's others; None where there are too few."""
    return known.unusual((sample.source, sample.speaker), sample.id)
