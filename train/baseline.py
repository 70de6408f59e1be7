"""The plain systems beside which ours is put, on the very same rows.

Words: character n-grams and a linear model. Voice: mean and deviation of the log-mel
spectrum and of its change, and a linear model. One for each corpus, trained on all of its own
training side (NSMC's 472,211 reviews take 80 seconds of a core and 3.4 GB): a plain system may know
which corpus it is asked about, which ours does not.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from emotion.model.mel import LogMel
from train.corpora.sample import Sample
from train.evaluate import Result, answered, truth_of
from train.questions import Question, rows_of
from train.rows import Row
from train.sounds import Sounds

MELS = 40


def answers(
    taught: Sequence[Sample],
    asked: Sequence[tuple[Question, list[Row]]],
    sounds: Sounds,
    labels: Sequence[str],
) -> list[Result]:
    """Trains a plain system for each question about one side alone, and asks it.

    Args:
        taught: The training side.
        asked: Questions with their rows.
        sounds: The voices.
        labels: The model's.
    """
    results = []
    for question, rows in asked:
        if question.side not in ("voice", "words"):
            continue
        teaching = rows_of(question, taught, sounds, labels)
        if rows[0].known:
            teaching = [replace(row, known=True) for row in teaching]
        wanted = _wanted(question, teaching)
        if len(np.unique(wanted)) < 2:
            continue  # one answer to all needs no system
        system, features = _system(question, sounds)
        system.fit(features(teaching), wanted)
        said = system.predict(features(rows))
        results.append(answered(question, _shaped(question, said), rows, labels, True))
    return results


def _system(question: Question, sounds: Sounds):  # noqa: ANN202 (a pipeline, and what it reads)
    decides = question.asks in ("label", "polarity")
    if question.side == "voice":
        linear = LogisticRegression(C=0.01, class_weight="balanced", max_iter=2000)
        model = linear if decides else Ridge(alpha=100.0)
        return make_pipeline(StandardScaler(), model), _heard(sounds)
    grams = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(1, 4), min_df=2, max_features=200_000, sublinear_tf=True
    )
    model = LogisticRegression(C=2.0, class_weight="balanced", max_iter=400)
    return make_pipeline(grams, model if decides else Ridge(alpha=1.0)), _read


def _read(rows: Sequence[Row]) -> list[str]:
    return [row.text for row in rows]


def _heard(sounds: Sounds) -> Callable[[Sequence[Row]], np.ndarray]:
    spectrum = LogMel(MELS)

    def features(rows: Sequence[Row]) -> np.ndarray:
        heard = [row.voice for row in rows if row.voice]
        found = np.stack([_statistics(sounds[voice], spectrum) for voice in heard])
        return _unusual(found, heard) if rows[0].known else found

    return features


def _unusual(found: np.ndarray, heard: Sequence[Sample]) -> np.ndarray:
    """How far each is from the others of its speaker."""
    far, speakers = (
        np.zeros_like(found),
        np.array([f"{each.source} {each.speaker}" for each in heard]),
    )
    for speaker in np.unique(speakers):
        mine = found[speakers == speaker]
        far[speakers == speaker] = (mine - mine.mean(0)) * len(mine) / max(1, len(mine) - 1)
    return far


def _statistics(voice: np.ndarray, spectrum: LogMel) -> np.ndarray:
    frames = spectrum(torch.from_numpy(voice)[None], torch.tensor([len(voice)]))[0][0].numpy()
    change = np.diff(frames, axis=0)
    level = frames.mean(1)
    spread = np.quantile(level, (0.05, 0.5, 0.95))
    return np.concatenate([frames.mean(0), frames.std(0), change.std(0), spread])


def _wanted(question: Question, rows: Sequence[Row]) -> np.ndarray:
    truth = truth_of(question, rows)
    return truth[:, 0] > 0 if question.asks == "polarity" else truth


def _shaped(question: Question, said: np.ndarray) -> np.ndarray:
    """Glad or not as a valence, so that the same measure reads it."""
    return np.where(said, 1.0, -1.0)[:, None] if question.asks == "polarity" else said
