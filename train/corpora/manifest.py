"""A table of one's own: a CSV with a row an utterance."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from emotion.labels import SPELLINGS, from_five
from emotion.manifest import BETWEEN, RATED
from emotion.tables import plain
from train.corpora import tables
from train.corpora.sample import Notes, Rating, Sample
from train.corpora.tables import Form, Record, share
from train.errors import CannotTrain

BODY = {"ecg": "ecg", "eda": "eda", "temp": "temperature", "ibi": "ibi"}
ABOUT = ("speaker", "sex", "session", "sentence", "language")
FORM = Form(short=True)  # many leave out the commas of what is empty at a row's end
KNOWN = ("id", "audio", "text", "label", "valence", "arousal", "corpus", *ABOUT, *BODY)

Row = dict[str, str]


@dataclass(frozen=True)
class Table:
    """A manifest: where it lies, its columns, its rows, and whether it rates from 1 to 5."""

    path: Path
    columns: list[str]
    rows: list[Record]
    five: bool

    @property
    def raters(self) -> list[str]:
        """Who has a column."""
        found = (match[2] for name in self.columns if (match := RATED.fullmatch(name)))
        return list(dict.fromkeys(found))


def manifest(place: Path, notes: Notes) -> list[Sample]:
    """Reads a CSV, or the one CSV of a folder; `python -m train manifest` writes such a one.

    Columns, any of which may be missing or empty: audio (relative to the table), text, label,
    valence, arousal, `label_WHO`, `valence_WHO` and `arousal_WHO` for each rater, speaker, sex,
    session, sentence, language, id, and the files ecg, eda, temp and ibi.
    """
    table = _table(place, notes)
    notes.count("rows in the table", len(table.rows))
    samples: dict[str, Sample] = {}
    for where, cells in table.rows:
        row = {name: plain(cell) for name, cell in cells.items()}
        sample = _sample(table, row, where, notes)
        if sample and sample.id in samples:
            notes.leave(where, f"a second row called {sample.id}")
        elif sample:
            samples[sample.id] = sample
    notes.count("with a voice or words that can be used", len(samples))
    labelled = [sample for sample in samples.values() if sample.label]
    notes.count("with a label", len(labelled))
    return list(samples.values())


def _table(place: Path, notes: Notes) -> Table:
    paths = sorted(place.glob("*.csv")) if place.is_dir() else [place]
    if len(paths) != 1:
        raise CannotTrain(f"{place} holds {len(paths)} CSV files: give the path of the one meant.")
    columns, found = tables.table(paths[0], (), notes, FORM, str.lower)
    rows = list(found)
    if not {"audio", "text"} & set(columns):
        raise CannotTrain(f"{paths[0]}: its first row names neither a column audio nor text.")
    for name in columns:
        if name not in KNOWN and not RATED.fullmatch(name):
            notes.find(f"The column {name!r} is not used.")
    return Table(paths[0], columns, rows, _five(columns, rows, notes))


def _five(columns: list[str], rows: list[Record], notes: Notes) -> bool:
    """Whether valence and arousal are given from 1 to 5, told from the data."""
    rated = [name for name in columns if name.startswith(("valence", "arousal"))]
    values = (_number(row[name]) for _, row in rows for name in rated)
    five = any(value is not None and value > 1 for value in values)
    if five:
        notes.find("Valence and arousal go above 1, so they are taken to be 1 to 5.")
    return five


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _sample(table: Table, row: Row, where: str, notes: Notes) -> Sample | None:
    audio = table.path.parent / row["audio"] if row.get("audio") else None
    if audio and not _is_file(audio):
        notes.leave(where, "its voice is missing")
        return None
    if not audio and not row.get("text"):
        notes.leave(where, "neither a voice nor words")
        return None
    raters = tuple(_rating(table, row, who, where, notes) for who in table.raters)
    votes = Counter(label for each in raters for label in each.labels)
    return Sample(
        id=row.get("id") or row.get("audio") or where,
        corpus="manifest",
        audio=audio,
        text=row.get("text", ""),
        label=_label(row.get("label", ""), where, notes) or _winner(votes),
        votes=share(votes),
        valence=_mean(table, row, "valence", raters, where, notes),
        arousal=_mean(table, row, "arousal", raters, where, notes),
        raters=tuple(each for each in raters if each != Rating(rater=each.rater)),
        body=_body(table, row, where, notes),
        speaker=row.get("speaker", ""),
        sex=row.get("sex", ""),
        session=row.get("session", ""),
        sentence=row.get("sentence", ""),
        language=row.get("language", ""),
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # as of a name that is too long for any
        return False


def _rating(table: Table, row: Row, who: str, where: str, notes: Notes) -> Rating:
    def cell(what: str) -> str:
        return row.get(f"{what}_{who}") or row.get(f"{what} {who}") or ""

    parts = filter(None, (part.strip() for part in BETWEEN.split(cell("label"))))
    labels = [label for part in parts if (label := _label(part, where, notes))]
    return Rating(
        tuple(labels),
        _place(cell("valence"), table, where, notes),
        _place(cell("arousal"), table, where, notes),
        rater=who,
    )


def _label(text: str, where: str, notes: Notes) -> str | None:
    label = SPELLINGS.get(text.casefold())
    if text and label is None:
        notes.miss_label(where, text)
    return label


def _winner(votes: Counter[str]) -> str | None:
    """What most said; None where several are level."""
    ranked = votes.most_common(2)
    level = len(ranked) == 2 and ranked[0][1] == ranked[1][1]
    return ranked[0][0] if ranked and not level else None


def _place(text: str, table: Table, where: str, notes: Notes) -> float | None:
    value = _number(text)
    least, most = (1, 5) if table.five else (-1, 1)
    if value is not None and least <= value <= most:
        return from_five(value) if table.five else value
    if text:
        notes.lack(where, f"a number from {least} to {most}: {text!r}")
    return None


def _mean(
    table: Table, row: Row, what: str, raters: tuple[Rating, ...], where: str, notes: Notes
) -> float | None:
    """What the row says, or else the raters' mean."""
    said = _place(row.get(what, ""), table, where, notes)
    each = [value for rater in raters if (value := getattr(rater, what)) is not None]
    return said if said is not None or not each else sum(each) / len(each)


def _body(table: Table, row: Row, where: str, notes: Notes) -> dict[str, Path]:
    found = {}
    for column, signal in BODY.items():
        if not row.get(column):
            continue
        path = table.path.parent / row[column]
        if _is_file(path):
            found[signal] = path
        else:
            notes.lack(where, f"its file of {signal}")
    return found
