"""The body signals of a sample: which stretch of which file, and how fast it was taken."""

import functools
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from emotion.biosignals import Biosignals, Signal
from train.corpora.sample import Notes, Sample
from train.corpora.tables import decoded
from train.errors import CannotTrain

CACHED = 8  # files: three signals of both speakers of a session, and two to spare
MOMENT = re.compile(r"\d{4}\D?\d{1,2}\D?\d{1,2}\D+\d{1,2}:\d\d")  # a date and a time
FIELDS = 5  # one more than any order has, so that a longer row is seen
HEADERS = 2  # rows at most that an Empatica E4 writes before its values: start and rate
STEADY = 1e-3  # how far the steps of a counter may differ, as a share of their mean


@dataclass(frozen=True)
class Order:
    """In which order a file's fields stand."""

    name: str
    value: int
    time: int
    segment: int


VALUE_FIRST = Order("value, ?, time, segment", value=0, time=2, segment=3)
TIME_FIRST = Order("time, value, timepoint, segment", value=1, time=0, segment=3)
COUNT_FIRST = Order("counter, value, time, segment", value=1, time=2, segment=3)
SHORT = Order("value, time, segment", value=0, time=1, segment=2)
BEATS = Order("offset, interval, time, segment", value=1, time=2, segment=3)
ORDERS = {
    ("kemdy19", "ecg"): (COUNT_FIRST, VALUE_FIRST, TIME_FIRST),
    ("kemdy19", "eda"): (COUNT_FIRST, VALUE_FIRST, TIME_FIRST),
    ("kemdy19", "temperature"): (COUNT_FIRST, VALUE_FIRST, TIME_FIRST),
    ("kemdy20", "eda"): (SHORT, VALUE_FIRST, TIME_FIRST),
    ("kemdy20", "temperature"): (SHORT, VALUE_FIRST, TIME_FIRST),
    ("kemdy20", "ibi"): (BEATS,),
}


@dataclass(frozen=True)
class Recording:
    """A session's file.

    Attributes:
        order: The order of its fields.
        values: All of its values.
        rate: Values a second.
        places: Where each segment's values are, by its id.
    """

    order: Order
    values: np.ndarray
    rate: float
    places: dict[str, np.ndarray]


def signals(sample: Sample, notes: Notes) -> Biosignals:
    """Reads what was measured while a sample was spoken; None for what was not, and a note."""
    return Biosignals(**{name: _signal(sample, name, notes) for name in sample.body})


def _signal(sample: Sample, name: str, notes: Notes) -> Signal | None:
    orders = ORDERS[sample.corpus, name] if sample.segment else ()
    recording = _recording(sample.body[name], orders)
    if isinstance(recording, str):
        if ("a body file", recording) not in notes.odd:  # once for all of a session's samples
            notes.leave("a body file", recording)
        return None
    if isinstance(recording, Signal):
        return recording
    notes.find(f"The fields of {sample.corpus}'s {name} are: {recording.order.name}.")
    if sample.segment not in recording.places:
        notes.lack(sample.id, f"{name} in its file")
        return None
    return Signal(recording.values[recording.places[sample.segment]], recording.rate)


@functools.lru_cache(CACHED)
def _recording(path: Path, orders: tuple[Order, ...]) -> Recording | Signal | str:
    """A session's file, or without orders one utterance's own; or why it cannot be read.

    One odd file does not end a whole corpus.
    """
    try:
        return record(path, orders) if orders else _alone(path)
    except CannotTrain as error:
        return str(error)


def record(path: Path, orders: tuple[Order, ...]) -> Recording:
    """Reads a session's file, whichever of `orders` its fields stand in.

    Raises:
        CannotTrain: No order fits: no field is a time that never decreases beside numbers.
    """
    table = _table(path)
    for order in orders:
        read = _read(table, order)
        if read is not None:
            values, times, segments = read
            places = pd.Series(segments).groupby(segments).indices
            known = {str(name): np.asarray(where) for name, where in places.items()}
            return Recording(order, values, _rate(times), known)
    names = " nor ".join(f"({order.name})" for order in orders)
    raise CannotTrain(
        f"{path}: its fields are not {names}; a time has to be a date and a time and may never "
        "decrease."
    )


def _table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(
            io.StringIO(decoded(path)),
            header=None,
            names=range(FIELDS),
            index_col=False,
            skipinitialspace=True,
            low_memory=False,
        )
    except (OSError, ValueError) as error:
        raise CannotTrain(f"{path} cannot be read as a table of a body signal: {error}") from error


def _read(table: pd.DataFrame, order: Order) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Values, times and segments, if the table's fields stand in that order."""
    if table.empty:
        return None
    times = _times(table[order.time])
    first = int(np.argmax(~np.isnat(times)))
    wider = table.iloc[:, order.segment + 1 :].notna().any(axis=None)
    if wider or first > HEADERS or np.isnat(times).all():
        return None
    table, times = table[first:], times[first:]
    values = pd.to_numeric(table[order.value], errors="coerce").to_numpy(float)
    empty = table[order.value].isna().to_numpy()
    falls = np.isnat(times).any() or (np.diff(times) < np.timedelta64(0)).any()
    if falls or (np.isnan(values) & ~empty).any():
        return None
    if order is COUNT_FIRST and not _counts(table[0], values):
        return None
    return values, times, table[order.segment].to_numpy(object)


def _times(column: pd.Series) -> np.ndarray:
    """The moments of a column; none of them where it does not hold dates and times."""
    if not column[: HEADERS + 1].astype(str).str.match(MOMENT).any():
        return np.full(len(column), np.datetime64("NaT"))
    moments = pd.to_datetime(column, format="ISO8601", errors="coerce")
    return moments.to_numpy("datetime64[ns]")


def _counts(column: pd.Series, values: np.ndarray) -> bool:
    """Whether a column is a clock's steady count, and what stands beside it is no clock."""
    count = pd.to_numeric(column, errors="coerce").to_numpy(float)
    steps = np.diff(count)
    return bool(
        len(steps)
        and (steps > 0).all()
        and np.ptp(steps) <= STEADY * steps.mean()
        and (np.diff(values) < 0).any()
    )


def _rate(times: np.ndarray) -> float:
    """Values a second: of a usual second, since the clock may be coarse or have gaps."""
    _, counts = np.unique(times.astype("datetime64[s]"), return_counts=True)
    if len(counts) > 2:
        return float(np.median(counts[1:-1]))
    span = (times[-1] - times[0]) / np.timedelta64(1, "s")
    return float((len(times) - 1) / span) if span > 0 else float(len(times))


def _alone(path: Path) -> Signal:
    """A file that is one utterance's alone: times and values, or as an Empatica E4 exports it."""
    table = _table(path).dropna(axis=1, how="all")
    table.columns = range(table.shape[1])
    if table.shape[1] == 1 and len(table) > HEADERS:
        numbers = _numbers(table[0], path)
        return Signal(numbers[HEADERS:], float(numbers[1]))
    if table.shape[1] == 2:
        named = pd.isna(pd.to_numeric(table[1], errors="coerce").iloc[0])
        table = table[int(named) :]
        times = _times(table[0])
        if np.isnat(times).any():
            seconds = _numbers(table[0], path)
        else:
            seconds = (times - times[0]) / np.timedelta64(1, "s")
        step = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 0.0
        if step > 0:
            return Signal(_numbers(table[1], path), 1 / step)
    raise CannotTrain(
        f"{path} is neither a table of times and values nor one column of start, rate and values."
    )


def _numbers(column: pd.Series, path: Path) -> np.ndarray:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(float)
    if np.isnan(numbers).any():
        raise CannotTrain(f"{path} holds something that is not a number.")
    return numbers
