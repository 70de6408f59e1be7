"""KEMDy20: free Korean dialogues of laypeople, with words, EDA, heart beats and temperature."""

import re
from collections.abc import Mapping
from pathlib import Path

from train.corpora.kemdy import Rated, rated, transcripts
from train.corpora.sample import Notes, Sample
from train.corpora.tables import clips
from train.errors import CannotTrain

SEGMENT = re.compile(r"(Sess(\d\d)_[a-z]+\d+_(User\d+[FM]))_\d+")
FILE = re.compile(r"Sess\d\d_eval")
AT = 3  # the column of the segment's id
FOLDERS = {"eda": "EDA", "ibi": "IBI", "temperature": "TEMP"}


def kemdy20(folder: Path, notes: Notes) -> list[Sample]:
    """Reads KEMDy20: `annotation/SessNN_eval.csv`, and `wav/SessionNN` with voices and words."""
    files = sorted(path for path in folder.glob("annotation/*.csv") if FILE.fullmatch(path.stem))
    if not files:
        raise CannotTrain(
            f"{folder / 'annotation'} holds no SessNN_eval.csv: is this the folder of KEMDy20?"
        )
    rows = [row for path in files for row in rated(path, AT, notes)]
    voices = {path.stem: path for path in clips(folder / "wav")}
    texts = transcripts(folder / "wav", notes)
    bodies = {
        signal: {path.stem: path for path in sorted((folder / name).rglob("*.csv"))}
        for signal, name in FOLDERS.items()
    }
    kept = _funnel(rows, voices, texts, notes)
    return [_sample(row, voices, texts, bodies, notes) for row in kept]


def _funnel(
    rows: list[Rated], voices: Mapping[str, Path], texts: Mapping[str, str], notes: Notes
) -> list[Rated]:
    notes.count("rows in the annotation files", len(rows))
    kept, seen = [], set()
    for row in rows:
        if not SEGMENT.fullmatch(row.segment):
            notes.leave(f"{row.file.name} {row.segment}", "not the id of a segment of KEMDy20")
        elif row.segment in seen:
            notes.leave(f"{row.file.name} {row.segment}", "rated a second time")
        else:
            seen.add(row.segment)
            kept.append(row)
    notes.count("segments", len(kept))
    kept = [row for row in kept if len(row.labels) == 1]
    notes.count("without ties", len(kept))
    for row in kept:
        for files, what in ((voices, "voice"), (texts, "transcript")):
            if row.segment not in files:
                notes.leave(row.segment, f"its {what} is missing")
    kept = [row for row in kept if row.segment in voices and row.segment in texts]
    notes.count("with both files", len(kept))
    return kept


def _sample(
    row: Rated,
    voices: Mapping[str, Path],
    texts: Mapping[str, str],
    bodies: Mapping[str, Mapping[str, Path]],
    notes: Notes,
) -> Sample:
    match = SEGMENT.fullmatch(row.segment)
    assert match  # _funnel leaves out what has another name
    wearer, session, speaker = match.groups()
    body = {signal: files[wearer] for signal, files in bodies.items() if wearer in files}
    for signal in bodies.keys() - body.keys():
        notes.lack(row.segment, f"a file of {signal}")
    voice, words = voices[row.segment], texts[row.segment]
    return row.sample("kemdy20", voice, words, body, speaker, session)
