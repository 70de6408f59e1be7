"""Decoded voices, kept on disk so that training neither decodes twice nor needs a decoder."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from emotion.errors import BadInput
from train.corpora.sample import Notes, Sample
from train.errors import CannotTrain

LONGEST = 15.0  # seconds of a clip that are kept
FULL = 32767  # what 1.0 is in 16 bits


class Sounds:
    """The decoded voices of several corpora.

    Attributes:
        lengths: How many samples each voice has, by (corpus, id).
    """

    def __init__(self) -> None:
        self.lengths: dict[tuple[str, str], int] = {}
        self._places: dict[tuple[str, str], tuple[np.ndarray, int]] = {}

    def add(self, corpus: str, folder: Path) -> None:
        """Adds what `prepare` wrote for a corpus."""
        # Only mapped: pages are read as clips are asked for, and shared between processes.
        samples = np.load(folder / f"{corpus}.npy", mmap_mode="r")
        for name, (start, length) in _index(folder, corpus).items():
            self.lengths[corpus, name] = length
            self._places[corpus, name] = (samples, start)

    def __contains__(self, sample: Sample) -> bool:
        return (sample.corpus, sample.id) in self.lengths

    def __getitem__(self, sample: Sample) -> np.ndarray:
        key = (sample.corpus, sample.id)
        samples, start = self._places[key]
        return samples[start : start + self.lengths[key]].astype(np.float32) / FULL


def prepare(corpora: Mapping[str, Sequence[Sample]], folder: Path, notes: Notes) -> Sounds:
    """Decodes what is not yet in the cache, and opens the cache.

    Args:
        corpora: The samples of each corpus; those without a voice are passed over.
        folder: The cache.
        notes: Where clips that cannot be decoded are noted.
    """
    sounds = Sounds()
    for corpus, samples in corpora.items():
        voiced = [sample for sample in samples if sample.audio]
        if not voiced:
            continue
        if not {sample.id for sample in voiced} <= _tried(folder, corpus):
            _decode(corpus, voiced, folder, notes)
        sounds.add(corpus, folder)
    return sounds


def _decode(corpus: str, samples: Sequence[Sample], folder: Path, notes: Notes) -> None:
    # Imported here so that a machine that brings its cache along needs no decoder.
    from emotion.audio import load

    folder.mkdir(parents=True, exist_ok=True)
    index: dict[str, tuple[int, int]] = {}
    voices, start = [], 0
    for sample in tqdm(samples, desc=f"decoding {corpus}", unit="clip"):
        try:
            voice = load(str(sample.audio), longest=LONGEST).samples
        except BadInput as error:
            notes.leave(sample.id, str(error))
            continue
        voices.append((np.clip(voice, -1, 1) * FULL).astype(np.int16))
        index[sample.id] = (start, len(voice))
        start += len(voice)
    if not voices:
        raise CannotTrain(f"No clip of {corpus} could be decoded.")
    np.save(folder / f"{corpus}.npy", np.concatenate(voices))
    tried = sorted(sample.id for sample in samples)
    (folder / f"{corpus}.json").write_text(json.dumps({"tried": tried, "index": index}))


def _tried(folder: Path, corpus: str) -> set[str]:
    path = folder / f"{corpus}.json"
    return set(json.loads(path.read_text())["tried"]) if path.is_file() else set()


def _index(folder: Path, corpus: str) -> dict[str, tuple[int, int]]:
    index: dict[str, tuple[int, int]] = json.loads((folder / f"{corpus}.json").read_text())["index"]
    return index
