"""Decoded voices and measured bodies, kept on disk so that nothing is decoded twice.

A machine that brings this cache along needs no decoder.
"""

import functools
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
from tqdm import tqdm

from emotion.errors import BadInput
from emotion.model.usual import measures
from train.corpora.sample import Notes, Sample
from train.errors import CannotTrain
from train.files import whole, write_text

LONGEST = 25.0  # seconds of a clip that are kept; papers leave out what is longer
FULL = 32767  # what 1.0 is in 16 bits
GLANCE = 4096  # bytes of a file's beginning and of its end that it is known by


class Sounds:
    """The decoded voices of several corpora, and what was measured of the speakers' bodies.

    Attributes:
        lengths: How many samples each voice has, by (corpus, id).
        bodies: What was measured, NaN where it was not, by (corpus, id).
    """

    def __init__(self) -> None:
        self.lengths: dict[tuple[str, str], int] = {}
        self.bodies: dict[tuple[str, str], np.ndarray] = {}
        self._measured: dict[tuple[str, str], np.ndarray] = {}
        self._places: dict[tuple[str, str], tuple[np.ndarray, int]] = {}

    def add(self, corpus: str, kept: Path) -> None:
        """Adds the voices that `prepare` wrote for a corpus."""
        # Only mapped: pages are read as clips are asked for, and shared between processes.
        samples = np.memmap(kept.with_suffix(".pcm"), np.int16, "r")
        for name, (start, length) in _facts(kept)["index"].items():
            self.lengths[corpus, name] = length
            self._places[corpus, name] = (samples, start)

    def add_bodies(self, corpus: str, kept: Path) -> None:
        """Adds the bodies that `prepare` wrote for a corpus."""
        measured = np.load(kept.with_suffix(".npy"), allow_pickle=False)
        names = _facts(kept)["measured"]
        self.bodies |= {(corpus, name): row for name, row in zip(names, measured, strict=True)}

    def __contains__(self, sample: Sample) -> bool:
        return (sample.corpus, sample.id) in self.lengths

    def __getitem__(self, sample: Sample) -> np.ndarray:
        key = (sample.corpus, sample.id)
        samples, start = self._places[key]
        return samples[start : start + self.lengths[key]].astype(np.float32) / FULL

    def measures(self, sample: Sample) -> np.ndarray:
        """What emotion.model.usual measures of a voice, once."""
        key = (sample.corpus, sample.id)
        if key not in self._measured:
            self._measured[key] = measures(self[sample])
        return self._measured[key]

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
            kept = folder / f"{corpus}-{_fingerprint(voiced, _voice)}.json"
            if not kept.is_file():
                _decode(corpus, voiced, kept)
            for name, why in _facts(kept)["left"]:
                notes.leave(name, why)
            sounds.add(corpus, kept)
        measured = [sample for sample in samples if sample.body]
        if bodies and measured:
            kept = folder / f"{corpus}-body-{_fingerprint(measured, _bodies)}.json"
            if not kept.is_file():
                _measure(corpus, measured, kept, notes)
            sounds.add_bodies(corpus, kept)
    return sounds


def _fingerprint(samples: Sequence[Sample], files: Callable[[Sample], list[Path]]) -> str:
    """What tells these very files from others of the same names, wherever they lie."""
    found = hashlib.sha256(repr(LONGEST).encode())
    glance = functools.cache(_glance)  # many samples may share a file
    for sample in samples:
        found.update(repr((sample.id, sample.segment, *map(glance, files(sample)))).encode())
    return found.hexdigest()[:16]


def _voice(sample: Sample) -> list[Path]:
    return [sample.audio] if sample.audio else []


def _bodies(sample: Sample) -> list[Path]:
    return [sample.body[name] for name in sorted(sample.body)]


def _glance(path: Path) -> tuple[int, bytes, bytes]:
    """A file's size, its beginning and its end: enough, and read at once."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            end = file.seek(max(0, size - GLANCE)) and file.read()
            file.seek(0)
            return size, file.read(GLANCE), end or b""
    except OSError:
        return -1, b"", b""


def _decode(corpus: str, samples: Sequence[Sample], kept: Path) -> None:
    # Imported here so that a machine that brings its cache along needs no decoder.
    from emotion.audio import load

    index: dict[str, tuple[int, int]] = {}
    left: list[tuple[str, str]] = []
    start = 0
    with whole(kept.with_suffix(".pcm")) as path, path.open("wb") as file:
        for sample in tqdm(samples, desc=f"decoding {corpus}", unit="clip"):
            try:
                voice = load(str(sample.audio), longest=LONGEST).samples
            except BadInput as error:
                left.append((sample.id, str(error)))
                continue
            file.write((np.clip(voice, -1, 1) * FULL).astype(np.int16).tobytes())
            index[sample.id] = (start, len(voice))
            start += len(voice)
        if not index:
            raise CannotTrain(f"No clip of {corpus} could be decoded.")
    _write_facts(kept, index=index, left=left)


def _measure(corpus: str, samples: Sequence[Sample], kept: Path, notes: Notes) -> None:
    # Imported here because they bring tables and a heart's library along.
    from emotion.biosignals import features
    from train.corpora.body import signals

    ordered = sorted(samples, key=lambda sample: sample.id)  # a session's files stay at hand
    progress = tqdm(ordered, desc=f"measuring {corpus}", unit="body")
    measured = np.stack([features(signals(sample, notes)) for sample in progress])
    with whole(kept.with_suffix(".npy")) as path, path.open("wb") as file:
        np.save(file, measured)
    _write_facts(kept, measured=[sample.id for sample in ordered])


def _write_facts(path: Path, **facts: object) -> None:
    """Written last, so that what was interrupted is done again."""
    write_text(path, json.dumps(facts))


def _facts(path: Path) -> dict:
    return json.loads(path.read_text())
