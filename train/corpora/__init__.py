"""The corpora by name; each yields the same Sample."""

from pathlib import Path

from train.corpora.sample import Notes, Reader, Sample
from train.corpora.voices import emotiontts, nemo, ravdess
from train.corpora.words import emobank, goemotions, kote, nsmc, va_kor
from train.errors import CannotTrain

READERS: dict[str, Reader] = {
    "ravdess": ravdess,
    "nemo": nemo,
    "emotiontts": emotiontts,
    "kote": kote,
    "goemotions": goemotions,
    "emobank": emobank,
    "nsmc": nsmc,
    "va_kor": va_kor,
}


def read(name: str, folder: Path, notes: Notes | None = None) -> list[Sample]:
    """Reads a corpus.

    Args:
        name: Its key in READERS.
        folder: Where it lies, in its own layout.
        notes: Where what is odd is written; thrown away if left out.
    """
    if name not in READERS:
        raise CannotTrain(f"No corpus is called {name}; there are {', '.join(READERS)}.")
    if not folder.is_dir():
        raise CannotTrain(f"{folder} does not exist or is not a folder; {name} was to be there.")
    samples = READERS[name](folder, notes if notes is not None else Notes())
    if not samples:
        raise CannotTrain(f"{folder} holds no sample of {name}: is this its folder?")
    return samples


__all__ = ["READERS", "Notes", "Sample", "read"]
