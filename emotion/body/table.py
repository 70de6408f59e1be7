"""A stranger's file of body signals as columns, each with the clock that it was taken by."""

import csv
import io
import re
import warnings
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from emotion.biosignals import SIGNALS
from emotion.body import clock as clocks
from emotion.body import names, sessions
from emotion.body.layout import Layout, fields, seek
from emotion.body.told import EVERY, Told
from emotion.errors import BadInput

LARGEST = 64  # MB of a file: two hours of an ECG with its times
SNIFFED = 4096  # letters in which the first line ends
WARM = 20.0, 45.0  # degrees; a slow signal of such values is a temperature
QUICK = 50.0  # values a second, from which on a signal is an ECG
SKIN = 33.0  # degrees of a wrist


@dataclass(frozen=True, eq=False)
class Column:
    """What may be a signal.

    Attributes:
        file: What its file is called.
        label: What it is called itself.
        numbers: What stands in each row; NaN where there is no number.
        written: Whether anything stands there.
        clock: When the rows were taken; None where nobody knows.
        rate: Values a second, where the file says so itself.
        segments: The place of each segment's rows, in a session's file.
        kind: What it must be, where its name or its file's says so.
        rivals: What the others of its file are called that might be it as well.
    """

    file: str
    label: str
    numbers: np.ndarray
    written: np.ndarray
    clock: clocks.Clock | None = None
    rate: float | None = None
    segments: dict[str, np.ndarray] = field(default_factory=dict)
    kind: str | None = None
    rivals: tuple[str, ...] = ()


def read(path: Path, told: Told) -> tuple[list[Column], str | None]:
    """The columns of a file other than the time, and what the time is called.

    Raises:
        BadInput: It is no table, too large, or its times cannot be read.
    """
    text = _text(path)
    if not text.strip():
        raise BadInput("empty_signals", name=path.name)
    layout = seek(text)
    if layout.names is not None:
        return _named(path, _frame(text, layout, path), told)
    text = layout.table(text)
    cells = fields(text[:SNIFFED].splitlines()[0], layout.between)
    if len(cells) == 1 and not _since_1970(cells[0]):
        frame = _frame(f"value\n{text}", Layout(",", 0, 1), path)
        return _named(path, frame.rename(columns={"value": path.name}), told)
    if layout.values:  # below comments
        raise BadInput("no_names", name=path.name)
    return [_bare(path)], None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST * 1_000_000:
            raise BadInput("large_signals", name=path.name, megabytes=LARGEST)
        return sessions.text(path.read_bytes())
    except FileNotFoundError as error:
        raise BadInput("missing_file", name=path.name) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise BadInput("bad_signals", name=path.name, reason=reason.lower()) from error


def _since_1970(cell: str) -> bool:
    """Whether a cell is the moment with which an Empatica E4 begins its file."""
    with suppress(ValueError):
        return float(cell) > clocks.SINCE_1970[-1][1]
    return bool(sessions.MOMENT.match(cell))


def _frame(text: str, layout: Layout, path: Path) -> pd.DataFrame:
    """A table, its rows called as the lines of its file."""
    between, text = layout.between, layout.table(text)
    decimal = "," if between != "," and _decimal_commas(text, between) else "."
    try:
        _check(text, layout, path)
        with warnings.catch_warnings(action="ignore", category=pd.errors.ParserWarning):
            frame = pd.read_csv(
                io.StringIO(text),
                sep=between,
                decimal=decimal,
                skipinitialspace=True,
                index_col=False,
                low_memory=False,
                on_bad_lines="skip",
            )
    except (ValueError, OverflowError, csv.Error) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput("bad_signals", name=path.name, reason=str(error).split("\n")[0]) from error
    frame.index += layout.values + 1
    frame.columns = [str(name).strip() for name in frame.columns]
    if frame.empty:
        raise BadInput("few_rows", name=path.name)
    return frame


def _decimal_commas(text: str, between: str) -> bool:
    """Whether a field is a number with a comma in it."""
    number = rf"(?:^|{between})\s*[-+]?\d+,\d+\s*(?:$|{between})"
    return "," in text and bool(re.search(number, text, re.MULTILINE))


def _check(text: str, layout: Layout, path: Path) -> None:
    """Refuses a table whose rows hold more than it has names for."""
    rows = csv.reader(io.StringIO(text), delimiter=layout.between, skipinitialspace=True)
    width = len(next(rows, []))
    wide = [n for n, row in enumerate(rows) if len(row) > width and any(row[width:])]
    if wide:
        row = wide[0] + layout.values + 1
        raise BadInput("wide_rows", name=path.name, n=len(wide), row=row)


def _named(path: Path, frame: pd.DataFrame, told: Told) -> tuple[list[Column], str | None]:
    every = list(frame.columns)
    time = told.columns.get(names.TIME)
    if time != "" and time not in every:  # each file may call its own otherwise
        time = names.called(names.TIME, every)
    others = [each for each in every if each != time]
    fits = {name: found for name in SIGNALS if (found := names.fitting(name, others))}
    if "ibi" in fits and "ecg" in fits and frame[fits["ibi"][0]].notna().mean() > 1 / 2:
        del fits["ibi"]  # a rate of breath, say: of an ECG's values few are beats
    kinds = {found[0]: name for name, found in fits.items()}
    if not kinds and len(others) == 1:  # as "time, value" in a file called ECG.csv
        kinds[others[0]] = names.kind(path) or ""
    when = None
    if EVERY in told.rates:
        when = clocks.Clock(np.arange(len(frame)) / told.rates[EVERY])
    elif time in every and frame[time].notna().any():
        quick = "ecg" in kinds.values() or bool(told.columns.get("ecg"))
        when = clocks.read(frame[time], told.unit, quick, path.name)
    columns = [
        replace(_column(path.name, frame[each]), clock=when, kind=kinds.get(each) or None)
        for each in others
    ]
    columns = [replace(each, rivals=tuple(fits.get(each.kind or "", [])[1:])) for each in columns]
    return columns, time or None


def _column(file: str, cells: pd.Series) -> Column:
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(float)
    numbers[~np.isfinite(numbers)] = np.nan
    return Column(file, str(cells.name), numbers, cells.notna().to_numpy())


def _bare(path: Path) -> Column:
    """The one signal of a file without names."""
    kind = names.kind(path)
    try:
        found = sessions.record(path, (*sessions.ORDERS, sessions.BEATS))
    except BadInput as odd:
        return _alone(path, kind, odd)
    seconds = sessions.seconds(found.times)
    return Column(
        path.name,
        path.name,
        found.values,
        np.ones(len(found.values), bool),
        clocks.Clock(seconds - seconds[0], float(seconds[0])),
        found.rate,
        found.places,
        kind,
    )


def _alone(path: Path, kind: str | None, odd: BadInput) -> Column:
    try:
        found = sessions.alone(path)
    except BadInput as other:
        raise (other if other.code == "few_rows" else odd) from None
    begins = found.start if found.start > clocks.SINCE_1970[-1][1] else None
    when = clocks.Clock(found.seconds - (begins or 0.0), begins)
    written = np.ones(len(found.values), bool)
    return Column(path.name, path.name, found.values, written, when, found.rate, kind=kind)


def guess(columns: list[Column]) -> dict[str, Column]:
    """Which signals those columns are that do not say it, by how quick they are and how large."""
    found: dict[str, Column] = {}
    slow = [each for each in columns if (each.rate or 0) < QUICK]
    quick = [each for each in columns if each not in slow]
    if quick:
        found["ecg"] = quick[0]
    warm = [each for each in slow if WARM[0] <= np.nanmedian(each.numbers) <= WARM[1]]
    if warm:
        found["temperature"] = min(warm, key=lambda each: abs(np.nanmedian(each.numbers) - SKIN))
    rest = [each for each in slow if each is not found.get("temperature")]
    if rest:
        found["eda"] = rest[0]
    return found
