"""Who taught a model and who tests it: written beside it, so that no one does both unnoticed."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from emotion.checkpoint import SPLIT
from train.corpora.sample import Sample
from train.errors import CannotTrain
from train.files import write_text
from train.plans import grouped
from train.splits import SIDES, Split

NAMED = 5  # of the speakers that are told of


def facts(split: Split) -> dict[str, Any]:
    """What of a split is written down: of each source's side, how many, who, and which rows."""
    sides = {side: _by_source(getattr(split, side)) for side in SIDES}
    sources = sorted({source for members in sides.values() for source in members})
    return {
        "note": split.note,
        "protocol": split.protocol,
        "fold": split.fold,
        "sources": {
            source: {side: _side(sides[side].get(source, [])) for side in SIDES}
            for source in sources
        },
    }


def claim(split: Split, folder: Path, resume: bool) -> None:
    """Writes a run's split, or refuses to go on with other data than those it was begun with."""
    path, mine = folder / SPLIT, facts(split)
    if resume and path.is_file() and json.loads(path.read_text(encoding="utf-8")) != mine:
        raise CannotTrain(f"{folder} was begun with other data, or divided otherwise: see {path}.")
    write_text(path, json.dumps(mine, ensure_ascii=False, indent=1) + "\n")


def remark(name: str, known: Mapping[str, Any], split: Split, side: str) -> str:
    """What a reader of a model's figures on one side has to know of who taught it.

    Args:
        name: What the model is called.
        known: The facts of the split that it was trained on; empty where nobody knows.
        split: What it is asked about now.
        side: Which side of that.

    Raises:
        CannotTrain: Speakers of that side taught it.
    """
    unsure = []
    for source, tested in _by_source(getattr(split, side)).items():
        then = known.get("sources", {}).get(source)
        if not then:
            continue
        if then["train"] == _side([each for each in split.train if each.source == source]):
            continue
        taught = {*then["train"]["speakers"], *(then["dev"]["speakers"] if side == "test" else ())}
        both = sorted(taught & {each.speaker for each in tested})
        if both:
            raise CannotTrain(_known_to(name, source, both, known))
        if not all(each.speaker for each in tested):
            unsure.append(source)
    if not unsure:
        return ""
    return (
        f"When {name} was trained, {', '.join(unsure)} had other rows or was divided otherwise: "
        "some of what is asked here may have taught it."
    )


def _known_to(name: str, source: str, speakers: Sequence[str], known: Mapping[str, Any]) -> str:
    more = " and others" if len(speakers) > NAMED else ""
    asked = f"--protocol {known['protocol']} --fold {known['fold']}" if known["protocol"] else ""
    return (
        f"{', '.join(speakers[:NAMED])}{more} of {source} helped to train {name}, so figures on "
        f"them would be worth nothing. Divide as it was trained: {asked or 'without --protocol'}."
    )


def _by_source(samples: Sequence[Sample]) -> dict[str, list[Sample]]:
    return grouped(samples, lambda sample: sample.source)


def _side(samples: Sequence[Sample]) -> dict[str, Any]:
    names = "\n".join(sorted(sample.id for sample in samples))
    return {
        "rows": len(samples),
        "speakers": sorted({sample.speaker for sample in samples if sample.speaker}),
        "ids": hashlib.sha256(names.encode()).hexdigest()[:16],
    }
