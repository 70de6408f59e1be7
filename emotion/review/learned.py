"""What the labels of a project teach about each other: a second opinion beside the model's.

A plain model learns from mere features of the sound, each time without the speakers it is then
asked about; so it knows this corpus' rooms and labels, and no clip's own label.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from emotion.audio import RATE, Clip
from emotion.labels import LABELS
from emotion.review.clips import Entry
from emotion.review.heard import Heard
from emotion.review.twins import FRAME, power

BANDS = 29
LOWEST, HIGHEST = 80.0, 7_600.0  # Hz
QUIET = 35.0  # dB below the loudest frame, from which nothing is heard
LEAST = 60  # labelled voices, below which nothing can be learnt
FOLDS, FEWEST = 5, 3  # parts that are asked in turn; speakers, below which there are none
ACQUAINTED = 10  # clips from which it is known how a speaker usually sounds
STIFF = 0.01  # how freely it learns: the inverse of the penalty on weights


def features(clip: Clip) -> np.ndarray:
    """How loud each band is, how much it varies and how fast, and how loud the whole, `[93]`."""
    found = power(clip.samples)
    level = found.sum(1)
    heard = level > level.max() * 10 ** (-QUIET / 10)
    if not heard.any():
        return np.zeros(3 * BANDS + 6, np.float32)
    bands = np.log(found[heard] @ _bank().T + 1e-8 * found.mean() + 1e-12)
    course = np.diff(bands, axis=0) if len(bands) > 1 else np.zeros((1, BANDS))
    loud = np.log(level[heard] + 1e-9)
    whole = [*np.percentile(loud, (5, 50, 95)), loud.std(), heard.sum(), heard.mean()]
    parts = [bands.mean(0), bands.std(0), course.std(0), whole]
    return np.concatenate(parts).astype(np.float32)


def learned(entries: Sequence[Entry], heard: Mapping[str, Heard]) -> dict[str, np.ndarray]:
    """What the others' labels say of each voice, as probabilities of the seven, by the clip's id.

    Nothing where there are too few to learn from.
    """
    # Imported here because they take seconds that no annotator should wait for.
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    voiced = [each for each in entries if each.id in heard and heard[each.id].features]
    labels = np.array([each.label or "" for each in voiced])
    # Where nobody knows who speaks, each clip is a speaker of its own.
    speakers = np.array([f"{each.corpus} {each.speaker or each.id}" for each in voiced])
    known = labels != ""
    if known.sum() < LEAST or len(set(speakers)) < FEWEST or len(set(labels[known])) < 2:
        return {}
    sounds = _as_usual(voiced, heard, speakers)
    shares = np.zeros((len(voiced), len(LABELS)))
    for mine, others in GroupKFold(min(FOLDS, len(set(speakers)))).split(sounds, labels, speakers):
        taught = mine[known[mine]]
        if len(set(labels[taught])) < 2:
            return {}
        plain = make_pipeline(StandardScaler(), LogisticRegression(C=STIFF, max_iter=500))
        plain.fit(sounds[taught], labels[taught])
        columns = [LABELS.index(label) for label in plain.classes_]
        shares[np.ix_(others, columns)] = plain.predict_proba(sounds[others])
    found = {each.id: (each, row) for each, row in zip(voiced, shares, strict=True)}
    # Of a label that none of the others has, they can teach nothing.
    return {
        name: row for name, (each, row) in found.items()
        if not each.label or row[LABELS.index(each.label)] > 0
    }  # fmt: skip


def blended(model: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Two opinions as one: the geometric mean, of what either thinks possible."""
    both = np.sqrt((model + 1e-3) * (others + 1e-3)) * ((model > 0) | (others > 0))
    return both / both.sum()


def _as_usual(
    voiced: Sequence[Entry], heard: Mapping[str, Heard], speakers: np.ndarray
) -> np.ndarray:
    """Each voice beside how its speaker usually sounds, or all do where that is not known."""
    sounds = np.array(
        [np.frombuffer(heard[each.id].features or b"", np.float32) for each in voiced]
    )
    middle, spread = sounds.mean(0), sounds.std(0) + 1e-6
    beside = (sounds - middle) / spread
    for speaker in set(speakers):
        own = speakers == speaker
        if own.sum() >= ACQUAINTED:
            beside[own] = (sounds[own] - sounds[own].mean(0)) / (sounds[own].std(0) + 1e-6)
    return beside


def _bank() -> np.ndarray:
    """Triangles over frequencies, evenly apart in pitch, `[bands, frequencies]`."""
    edges = np.geomspace(LOWEST, HIGHEST, BANDS + 2)
    hertz = np.fft.rfftfreq(FRAME, 1 / RATE)
    corners = zip(edges, edges[1:], edges[2:], strict=False)
    return np.array([np.interp(hertz, three, (0, 1, 0), 0, 0) for three in corners])
