"""From folders of corpora to what training and judging need."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from train.corpora import Notes, Sample, read, why_unknown
from train.errors import CannotTrain
from train.recipe import Recipe
from train.sounds import Sounds, prepare
from train.splits import Split, order, split

CACHE = Path(".cache")


@dataclass(frozen=True)
class Data:
    """Corpora that were read, decoded and divided."""

    split: Split
    sounds: Sounds
    notes: Notes


def gather(
    folders: dict[str, Path],
    cache: Path,
    protocol: str | None = None,
    fold: int = 0,
    bodies: bool = False,
) -> Data:
    """Reads the corpora in their folders, decodes their voices, and divides them.

    Args:
        folders: Where each corpus lies.
        cache: Where what was decoded is kept.
        protocol: How they are divided, see splits.split.
        fold: Which fold is tested.
        bodies: Whether bodies are measured as well.
    """
    notes = Notes()
    # aihub:weighted is aihub by another rule; its voices are the same.
    corpora = {
        name.partition(":")[0]: read(name, folder, notes) for name, folder in folders.items()
    }
    samples = [sample for members in corpora.values() for sample in members]
    if unknown := why_unknown(samples, notes):
        raise CannotTrain(unknown)
    sounds = prepare(corpora, cache, notes, bodies)
    return Data(split(samples, protocol, fold), sounds, notes)


def thinned(samples: Iterable[Sample], recipe: Recipe) -> list[Sample]:
    """The training samples, of some corpora only as many as the recipe wants."""
    members: dict[str, list[Sample]] = {}
    for sample in samples:
        members.setdefault(sample.corpus, []).append(sample)
    for corpus, most in recipe.most_rows.items():
        mine = members.get(corpus, [])
        members[corpus] = sorted(mine, key=lambda sample: order(sample.id))[:most]
    return [sample for each in members.values() for sample in each]


def table(samples: Iterable[Sample]) -> dict[str, Counter[str]]:
    """How many samples of each label each source has."""
    found: dict[str, Counter[str]] = {}
    for sample in samples:
        found.setdefault(sample.source, Counter())[sample.label or "–"] += 1
    return found
