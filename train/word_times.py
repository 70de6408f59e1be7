"""When each word of a corpus was said: a plain table that any aligner can write, or Whisper.

A CSV with the columns audio (relative to the table), word, start and end (seconds).
"""

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from emotion.errors import BadInput
from emotion.model.vectors import plain
from train.corpora import Notes, Sample, read
from train.corpora.tables import records
from train.errors import CannotTrain

COLUMNS = ("audio", "word", "start", "end")


@dataclass(frozen=True)
class Spoken:
    """A word that was said, and when, in seconds."""

    word: str
    start: float
    end: float


def read_times(table: Path, notes: Notes) -> dict[Path, list[Spoken]]:
    """Reads a table of word times.

    Args:
        table: The CSV.
        notes: Where rows that cannot be used are noted.

    Returns:
        The words of each clip, in the order in which they were said.
    """
    if not table.is_file():
        raise CannotTrain(
            f"{table} does not exist. It is a CSV with the columns {', '.join(COLUMNS)}; give "
            "--data NAME=DIR to have Whisper find the words of a corpus."
        )
    found: dict[Path, list[Spoken]] = {}
    for where, row in records(table, COLUMNS, notes):
        spoken = _spoken(row)
        if spoken is None:
            notes.leave(where, "no word with a start and a later end")
        else:
            found.setdefault(table.parent / row["audio"], []).append(spoken)
    return {audio: sorted(said, key=lambda each: each.start) for audio, said in found.items()}


def hear_times(folders: Mapping[str, Path], table: Path, notes: Notes) -> None:
    """Has Whisper find the words of corpora, and writes their table.

    Where a corpus tells what was said, its words are kept, with the times of what Whisper heard in
    their place.

    Args:
        folders: The corpora by their names.
        table: The CSV to write.
        notes: Where clips without a usable word are noted.
    """
    samples = [each for name, folder in folders.items() for each in read(name, folder, notes)]
    voiced = [each for each in samples if each.audio]
    if not voiced:
        raise CannotTrain(f"{', '.join(folders)}: no clip in it whose words could be heard.")
    table.parent.mkdir(parents=True, exist_ok=True)
    # Written under another name, so that a table that was cut off is never taken for a whole one.
    part = table.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for sample in tqdm(voiced, desc="hearing words", unit="clip"):
            audio = os.path.relpath(str(sample.audio), table.parent)
            for spoken in _heard(sample, notes):
                writer.writerow([audio, spoken.word, spoken.start, spoken.end])
    part.replace(table)


def _spoken(row: Mapping[str, str]) -> Spoken | None:
    try:
        spoken = Spoken(plain(row["word"]), float(row["start"]), float(row["end"]))
    except ValueError:
        return None
    return spoken if spoken.word and 0 <= spoken.start < spoken.end < float("inf") else None


def _heard(sample: Sample, notes: Notes) -> list[Spoken]:
    # Imported here because a table that an aligner wrote needs no recognizer.
    from emotion.audio import load
    from emotion.speech import speech_regions
    from emotion.transcribe import Transcriber

    try:
        clip = load(sample.audio)
    except BadInput as error:
        notes.leave(sample.id, str(error))
        return []
    heard = Transcriber().transcribe(clip, speech_regions(clip), sample.language or None)
    words = heard.edited(sample.text).words if sample.text else heard.words
    spoken = [
        Spoken(each.text, each.start, each.end)
        for each in words
        if each.start is not None and each.end is not None and each.start < each.end
    ]
    if not spoken:
        notes.leave(sample.id, "no word was heard in it")
    return spoken
