"""What five lines give on the very rows on which a table of ours is made.

    pip install opensmile
    python -m train.results.five_lines --data ravdess=DIR --data nemo=DIR --data emotiontts=DIR

Voice: openSMILE's eGeMAPS functionals and a support vector machine, in every fold by speaker; with
--by-speaker each speaker's clips are standardized among themselves, and words are not asked about.
Words: the plain system of `train/baseline.py`, on the one test side that their plans give.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC
from tqdm import tqdm

from emotion.labels import EXTRAS, LABELS
from train import baseline, measures
from train.commands import folders
from train.corpora import Sample
from train.errors import CannotTrain, run_script
from train.prepare import CACHE, Data, gather
from train.questions import QUESTIONS, Question, rows_of
from train.rows import Row
from train.splits import n_folds

RATE = 16_000
PROTOCOL = "speaker-5-fold"
FINER = Question("RAVDESS, voice, eight emotions", "ravdess", "voice")


class Functionals:
    """eGeMAPS of clips, measured once."""

    def __init__(self, cache: Path, data: Data) -> None:
        self.path, self.data = cache / "egemaps.npz", data
        self.known = dict(np.load(self.path)) if self.path.is_file() else {}

    def of(self, voices: Sequence[Sample]) -> np.ndarray:
        """The functionals of each sample's voice, `[samples, functionals]`."""
        names = [f"{voice.corpus} {voice.id}" for voice in voices]
        lacking = [each for each in zip(names, voices, strict=True) if each[0] not in self.known]
        if lacking:
            measure = _measurer()
            for name, voice in tqdm(lacking, desc="measuring", unit="clip"):
                found = measure.process_signal(self.data.sounds[voice], RATE)
                self.known[name] = found.to_numpy(np.float32)[0]
            np.savez(self.path, **self.known)
        return np.nan_to_num(np.stack([self.known[name] for name in names]))


def beside_speakers(functionals: np.ndarray, samples: Sequence[Sample]) -> np.ndarray:
    """Each clip's functionals beside those that are usual of its speaker."""
    speakers = np.array([each.speaker for each in samples])
    beside = np.zeros_like(functionals)
    for speaker in set(speakers):
        own = functionals[speakers == speaker]
        beside[speakers == speaker] = (own - own.mean(0)) / (own.std(0) + 1e-6)
    return beside


def voices(
    given: dict[str, Path], cache: Path, by_speaker: bool
) -> Iterator[tuple[str, list[float]]]:
    """Each question about a voice, and its UAR in each fold."""
    first = gather(given, cache, PROTOCOL)
    samples = [*first.split.train, *first.split.dev, *first.split.test]
    functionals = Functionals(cache, first)

    def measured(rows: Sequence[Row]) -> np.ndarray:
        clips = [row.voice for row in rows if row.voice]
        found = functionals.of(clips)
        return beside_speakers(found, clips) if by_speaker else found

    for question in [FINER, *(each for each in QUESTIONS if each.side == "voice")]:
        labels = (*LABELS, *(each.name for each in EXTRAS)) if question is FINER else LABELS
        found = []
        for fold in range(n_folds(PROTOCOL, samples)):
            split = gather(given, cache, PROTOCOL, fold).split
            taught = rows_of(question, [*split.train, *split.dev], first.sounds, labels)
            asked = rows_of(question, split.test, first.sounds, labels)
            if asked:
                found.append(_uar(measured(taught), taught, measured(asked), asked))
        if found:
            yield question.name, found


def _uar(heard: np.ndarray, taught: list[Row], other: np.ndarray, asked: list[Row]) -> float:
    machine = make_pipeline(StandardScaler(), SVC(class_weight="balanced"))
    machine.fit(heard, [row.label for row in taught])
    return measures.uar(machine.predict(other), np.array([row.label for row in asked]))


def _measurer():  # noqa: ANN202 (a library that the rest of the project does without)
    try:
        import opensmile
    except ImportError as error:
        raise CannotTrain("pip install opensmile, which measures the voices here.") from error
    return opensmile.Smile(opensmile.FeatureSet.eGeMAPSv02, opensmile.FeatureLevel.Functionals)


def words(given: dict[str, Path], cache: Path) -> Iterator[tuple[str, str]]:
    """Each question about words, and its figures."""
    data = gather(given, cache)
    asked = [
        (question, rows)
        for question in QUESTIONS
        if question.side == "words" and (rows := rows_of(question, data.split.test, data.sounds))
    ]
    taught = [*data.split.train, *data.split.dev]
    for result in baseline.answers(taught, asked, data.sounds, LABELS):
        yield result.question.name, f"{result.headline:.3f}"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", action="append", required=True, metavar="CORPUS=DIR")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--by-speaker", action="store_true", help="standardize each one's clips")
    options = parser.parse_args()
    given = folders(options.data)
    print("| test | five lines |\n|---|---|")
    for name, found in voices(given, options.cache, options.by_speaker):
        spread = f"{np.mean(found):.3f} ± {np.std(found):.3f} over {len(found)} folds"
        print(f"| {name} | {spread} |", flush=True)
    for name, said in () if options.by_speaker else words(given, options.cache):
        print(f"| {name} | {said} |", flush=True)


if __name__ == "__main__":
    sys.exit(run_script(main))
