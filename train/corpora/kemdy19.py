"""KEMDy19: Korean voice actors in dialogues, with words, ECG, EDA and skin temperature.

Each utterance is rated twice, in the file of its speaker and in that of its listener. What is
published on this corpus takes whichever row comes first, and so the listener's every other time.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from train.corpora.kemdy import Rated, rated, transcripts
from train.corpora.lengths import seconds
from train.corpora.sample import Notes, Sample
from train.corpora.tables import clips
from train.errors import CannotTrain

SEGMENT = re.compile(r"Sess(\d\d)_(?:script|impro)\d\d_([FM])\d+")
FILE = re.compile(r"Session(\d\d)_([FM])_res")
AT = 9  # the column of the segment's id
SPANS = {"ecg": 3, "eda": 5, "temperature": 7}  # the columns of each signal's start
FOLDERS = {"ecg": "ECG", "eda": "EDA", "temperature": "TEMP"}
TOO_LONG = 25.0  # seconds

SPEAKER, FIRST = "the speaker's row", "the first row, as published"


def kemdy19(folder: Path, notes: Notes) -> list[Sample]:
    """Reads KEMDy19, each utterance as it was rated for its speaker."""
    return _read(folder, notes, SPEAKER)


def kemdy19_first(folder: Path, notes: Notes) -> list[Sample]:
    """Reads KEMDy19 as published: the first row of each utterance, whoever was rated."""
    return _read(folder, notes, FIRST)


def _read(folder: Path, notes: Notes, rule: str) -> list[Sample]:
    rows = _rows(folder, notes)
    voices = {path.stem: path for path in clips(folder / "wav")}
    texts = transcripts(folder / "wav", notes)
    lengths = {name: seconds(path) for name, path in voices.items() if name in texts}
    kept = {each: _funnel(rows, each, lengths, notes) for each in (SPEAKER, FIRST)}[rule]
    for name in (name for name, length in lengths.items() if length is None):
        notes.leave(name, "its voice cannot be read")
    _note_what_is_gone(rows, voices, texts, notes)
    bodies = _Bodies(folder)
    return [_sample(row, voices, texts, bodies, notes) for row in kept]


def _rows(folder: Path, notes: Notes) -> list[Rated]:
    files = sorted(path for path in folder.glob("annotation/*.csv") if FILE.fullmatch(path.stem))
    if not files:
        raise CannotTrain(
            f"{folder / 'annotation'} holds no SessionNN_F_res.csv: is this the folder of KEMDy19?"
        )
    rows = []
    for path in files:
        for row in rated(path, AT, notes):
            if SEGMENT.fullmatch(row.segment):
                rows.append(row)
            else:
                notes.leave(f"{path.name} {row.segment}", "not the id of a segment of KEMDy19")
    return rows


def _funnel(
    rows: list[Rated], rule: str, lengths: Mapping[str, float | None], notes: Notes
) -> list[Rated]:
    def step(name: str, keep: Callable[[Rated], bool]) -> None:
        nonlocal rows
        rows = [row for row in rows if keep(row)]
        notes.count(name, len(rows), rule)

    step("rows in the annotation files", lambda row: True)
    if rule == SPEAKER:
        step("of their own speaker", _own)
    step("without ties", lambda row: len(row.labels) == 1)
    rows = list({row.segment: row for row in reversed(rows)}.values())[::-1]
    step("segments", lambda row: True)
    step("with both files", lambda row: row.segment in lengths)
    step(
        f"shorter than {TOO_LONG:g} s",
        lambda row: (length := lengths[row.segment]) is not None and length < TOO_LONG,
    )
    return rows


def _own(row: Rated) -> bool:
    """Whether an utterance is rated for who speaks, and not for who listens."""
    file, segment = FILE.fullmatch(row.file.stem), SEGMENT.fullmatch(row.segment)
    return bool(file and segment and file[2] == segment[2])


def _note_what_is_gone(
    rows: list[Rated],
    voices: Mapping[str, Path],
    texts: Mapping[str, str],
    notes: Notes,
) -> None:
    own = {row.segment for row in rows if _own(row)}
    for name in sorted({row.segment for row in rows}):
        if name not in own:
            notes.leave(name, "not rated for its own speaker")
        if name not in voices:
            notes.leave(name, "its voice is missing")
        if name not in texts:
            notes.leave(name, "its transcript is missing")
    for name in sorted(voices.keys() - {row.segment for row in rows}):
        notes.leave(name, "a voice that is not rated")


class _Bodies:
    """Which body files there are."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.known: dict[tuple[str, str], dict[str, Path]] = {}

    def of(self, session: str, sex: str, notes: Notes) -> dict[str, Path]:
        """The files of one who wears the sensors; what is not there is noted once."""
        if (session, sex) not in self.known:
            places = {
                signal: self.folder / name / f"Session{session}/Original/Sess{session}{sex}.csv"
                for signal, name in FOLDERS.items()
            }
            for signal, path in places.items():
                if not path.is_file():
                    notes.lack(f"Sess{session}{sex}", f"a file of {signal}")
            self.known[session, sex] = {
                name: path for name, path in places.items() if path.is_file()
            }
        return self.known[session, sex]


def _sample(
    row: Rated,
    voices: Mapping[str, Path],
    texts: Mapping[str, str],
    bodies: _Bodies,
    notes: Notes,
) -> Sample:
    match = SEGMENT.fullmatch(row.segment)
    assert match  # _rows leaves out what has another name
    session, sex = match.groups()
    body = bodies.of(session, sex, notes)
    for signal in body:
        if not any(row.cells[SPANS[signal] : SPANS[signal] + 2]):
            notes.lack(row.segment, f"times of {signal} in its annotation")
    voice, words = voices[row.segment], texts[row.segment]
    return row.sample("kemdy19", voice, words, body, f"Sess{session}{sex}", session)
