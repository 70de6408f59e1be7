"""The corpora by name; each yields the same Sample."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from train.corpora.aihub import aihub, aihub_intended, aihub_weighted
from train.corpora.iemocap import iemocap, iemocap_all
from train.corpora.kemdy19 import kemdy19, kemdy19_first
from train.corpora.kemdy20 import kemdy20
from train.corpora.manifest import manifest
from train.corpora.sample import Notes, Rating, Reader, Sample, why_unknown
from train.corpora.voices import emotiontts, nemo, ravdess
from train.corpora.words import emobank, goemotions, kote, nsmc, va_kor
from train.errors import CannotTrain

# What stands after the colon is another rule by which the same corpus gives its labels.
READERS: dict[str, Reader] = {
    "kemdy19": kemdy19,
    "kemdy19:first": kemdy19_first,
    "kemdy20": kemdy20,
    "iemocap": iemocap,
    "iemocap:all": iemocap_all,
    "aihub": aihub,
    "aihub:weighted": aihub_weighted,
    "aihub:intended": aihub_intended,
    "ravdess": ravdess,
    "nemo": nemo,
    "emotiontts": emotiontts,
    "kote": kote,
    "goemotions": goemotions,
    "emobank": emobank,
    "nsmc": nsmc,
    "va_kor": va_kor,
    "manifest": manifest,
}


def read(name: str, folder: Path, notes: Notes | None = None) -> list[Sample]:
    """Reads a corpus.

    Args:
        name: Its key in READERS.
        folder: Where it lies, in its own layout; a manifest may be the file itself.
        notes: Where what is odd is written; thrown away if left out.
    """
    if name not in READERS:
        raise CannotTrain(f"No corpus is called {name}; there are {', '.join(READERS)}.")
    if not (folder.is_dir() or (name == "manifest" and folder.is_file())):
        raise CannotTrain(f"{folder} does not exist or is not a folder; {name} was to be there.")
    notes = Notes() if notes is None else notes
    before = len(notes.odd)
    samples = list(_usable(READERS[name](folder, notes), notes))
    if not samples:
        raise CannotTrain(_why_none(name, folder, notes.odd[before:]))
    return samples


def _usable(samples: list[Sample], notes: Notes) -> Iterator[Sample]:
    seen = set()
    for sample in samples:
        if sample.id in seen:
            notes.leave(sample.id, "a second one of this name")
        elif not sample.audio and not sample.text:
            notes.leave(sample.id, "neither a voice nor words")
        else:
            seen.add(sample.id)
            yield sample


def _why_none(name: str, folder: Path, odd: list[tuple[str, str]]) -> str:
    said = f"{folder} holds no sample of {name} that can be used: is this its folder?"
    if not odd:
        return said
    [(reason, count)] = Counter(why for _, why in odd).most_common(1)
    where = next(where for where, why in odd if why == reason)
    return f"{said} Left out, {count} of {len(odd)} times for this: {where}: {reason}."


__all__ = ["READERS", "Notes", "Rating", "Sample", "read", "why_unknown"]
