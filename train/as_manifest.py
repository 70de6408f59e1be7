"""A corpus as a manifest: the table that the annotator's desk and the reader `manifest` take."""

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from emotion.review.out import written
from train.corpora import Notes, Sample, read
from train.corpora.sample import Rating
from train.files import write_text

ABOUT = ("speaker", "sex", "session", "sentence", "language")
COLUMNS = ("id", "audio", "text", "label", "valence", "arousal", *ABOUT, "corpus")
RATED = ("label", "valence", "arousal")
DIGITS = 4  # after the point


def write(name: str, folder: Path, out: Path, notes: Notes) -> int:
    """Writes a corpus as a manifest, its voices named from where the manifest lies.

    Args:
        name: The corpus's key in READERS.
        folder: Where it lies.
        out: The CSV.
        notes: Where what is odd is written.

    Returns:
        How many rows there are.

    Raises:
        CannotTrain: The corpus cannot be read, or nothing can be written there.
    """
    samples = read(name, folder, notes)
    raters = list(dict.fromkeys(each.rater for sample in samples for each in sample.raters))
    fields = [f"{what}_{who}" for who in raters for what in RATED]
    rows = list(_rows(samples, out.parent.resolve()))
    used = [column for column in (*COLUMNS, *fields) if any(row.get(column) for row in rows)]
    write_text(out, written(used, rows))
    return len(samples)


def _rows(samples: Iterable[Sample], home: Path) -> Iterator[dict[str, Any]]:
    for sample in samples:
        yield {
            "id": sample.id,
            "audio": os.path.relpath(sample.audio.resolve(), home) if sample.audio else "",
            "text": sample.text,
            "label": sample.label or "",
            "valence": _number(sample.valence),
            "arousal": _number(sample.arousal),
            **{name: getattr(sample, name) for name in ABOUT},
            "corpus": sample.corpus,
            **_rated(sample.raters),
        }


def _rated(raters: Sequence[Rating]) -> dict[str, str]:
    found = {}
    for each in raters:
        found[f"label_{each.rater}"] = ";".join(each.labels)
        found[f"valence_{each.rater}"] = _number(each.valence)
        found[f"arousal_{each.rater}"] = _number(each.arousal)
    return found


def _number(value: float | None) -> str:
    return "" if value is None else f"{round(value, DIGITS):g}"
