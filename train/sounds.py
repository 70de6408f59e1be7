"""Decoded voices and measured bodies, kept on disk so that nothing is decoded twice.

A machine that brings this cache along needs no decoder.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from emotion.errors import BadInput
from train.corpora.sample import Notes, Sample
from train.errors import CannotTrain

LONGEST = 25.0  # seconds of a clip that are kept; papers leave out what is longer
FULL = 32767  # what 1.0 is in 16 bits
KEPT = {"longest": LONGEST}  # how a cache has to have been made


class Sounds:
    """The decoded voices of several corpora, and what was measured of the speakers' bodies.

    Attributes:
        lengths: How many samples each voice has, by (corpus, id).
        bodies: What was measured, NaN where it was not, by (corpus, id).
    """

    def __init__(self) -> None:
        self.lengths: dict[tuple[str, str], int] = {}
        self.bodies: dict[tuple[str, str], np.ndarray] = {}
        self._places: dict[tuple[str, str], tuple[np.ndarray, int]] = {}

    def add(self, corpus: str, folder: Path) -> None:
        """Adds the voices that `prepare` wrote for a corpus."""
        # Only mapped: pages are read as clips are asked for, and shared between processes.
        samples = np.memmap(folder / f"{corpus}.pcm", np.int16, "r")
        for name, (start, length) in _facts(folder / f"{corpus}.json")["index"].items():
            self.lengths[corpus, name] = length
            self._places[corpus, name] = (samples, start)

    def add_bodies(self, corpus: str, folder: Path) -> None:
        """Adds the bodies that `prepare` wrote for a corpus."""
        measured = np.load(folder / f"{corpus}.body.npy", allow_pickle=False)
        names = _facts(folder / f"{corpus}.body.json")["tried"]
        self.bodies |= {(corpus, name): row for name, row in zip(names, measured, strict=True)}

    def __contains__(self, sample: Sample) -> bool:
        return (sample.corpus, sample.id) in self.lengths

    def __getitem__(self, sample: Sample) -> np.ndarray:
        key = (sample.corpus, sample.id)
        samples, start = self._places[key]
        return samples[start : start + self.lengths[key]].astype(np.float32) / FULL

    def body(self, sample: Sample) -> np.ndarray | None:
        """What was measured of a body; None if nothing was."""
        found = self.bodies.get((sample.corpus, sample.id))
        return None if found is None or np.isnan(found).all() else found


def prepare(
    corpora: Mapping[str, Sequence[Sample]], folder: Path, notes: Notes, bodies: bool = False
) -> Sounds:
    """Decodes and measures what is not yet in the cache, and opens the cache.

    Args:
        corpora: The samples of each corpus; those without a voice are passed over.
        folder: The cache.
        notes: Where clips that cannot be decoded are noted.
        bodies: Whether bodies are measured, which takes a while.
    """
    sounds = Sounds()
    for corpus, samples in corpora.items():
        voiced = [sample for sample in samples if sample.audio]
        if voiced:
            if not {sample.id for sample in voiced} <= _tried(folder / f"{corpus}.json"):
                _decode(corpus, voiced, folder, notes)
            sounds.add(corpus, folder)
        measured = [sample for sample in samples if sample.body]
        if bodies and measured:
            if not {sample.id for sample in measured} <= _tried(folder / f"{corpus}.body.json"):
                _measure(corpus, measured, folder, notes)
            sounds.add_bodies(corpus, folder)
    return sounds


def _decode(corpus: str, samples: Sequence[Sample], folder: Path, notes: Notes) -> None:
    # Imported here so that a machine that brings its cache along needs no decoder.
    from emotion.audio import load

    folder.mkdir(parents=True, exist_ok=True)
    # What it says of the file before would be wrong of half of the new one.
    (folder / f"{corpus}.json").unlink(missing_ok=True)
    index: dict[str, tuple[int, int]] = {}
    start = 0
    with (folder / f"{corpus}.pcm").open("wb") as file:
        for sample in tqdm(samples, desc=f"decoding {corpus}", unit="clip"):
            try:
                voice = load(str(sample.audio), longest=LONGEST).samples
            except BadInput as error:
                notes.leave(sample.id, str(error))
                continue
            file.write((np.clip(voice, -1, 1) * FULL).astype(np.int16).tobytes())
            index[sample.id] = (start, len(voice))
            start += len(voice)
    if not index:
        raise CannotTrain(f"No clip of {corpus} could be decoded.")
    _write_facts(folder / f"{corpus}.json", samples, index=index)


def _measure(corpus: str, samples: Sequence[Sample], folder: Path, notes: Notes) -> None:
    # Imported here because they bring tables and a heart's library along.
    from emotion.biosignals import features
    from train.corpora.body import signals

    folder.mkdir(parents=True, exist_ok=True)
    ordered = sorted(samples, key=lambda sample: sample.id)  # a session's files stay at hand
    progress = tqdm(ordered, desc=f"measuring {corpus}", unit="body")
    measured = np.stack([features(signals(sample, notes)) for sample in progress])
    np.save(folder / f"{corpus}.body.npy", measured)
    _write_facts(folder / f"{corpus}.body.json", ordered)


def _write_facts(path: Path, samples: Sequence[Sample], **more: object) -> None:
    """Written last, so that what was interrupted is done again."""
    tried = [sample.id for sample in samples]
    path.write_text(json.dumps({"kept": KEPT, "tried": tried, **more}))


def _tried(path: Path) -> set[str]:
    facts = _facts(path) if path.is_file() else {}
    return set(facts["tried"]) if facts.get("kept") == KEPT else set()


def _facts(path: Path) -> dict:
    return json.loads(path.read_text())
