"""Files without a row of names: KEMDy's of a whole session, an Empatica E4's, and two columns."""

import io
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from emotion.biosignals import Signal
from emotion.body.clock import of_coarse
from emotion.encoding import decoded
from emotion.errors import BadInput

MOMENT = re.compile(r"\d{4}\D?\d{1,2}\D?\d{1,2}\D+\d{1,2}:\d\d")  # a date and a time
EXPONENT = re.compile(r"([eE](?<=[\d.,].)[+-]?\d{8})\d+")
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
ORDERS = (COUNT_FIRST, VALUE_FIRST, TIME_FIRST, SHORT)


@dataclass(frozen=True)
class Recording:
    """A session's file.

    Attributes:
        order: The order of its fields.
        values: All of its values.
        rate: Values a second.
        times: When each was taken.
        places: Where each segment's values are, by its id.
    """

    order: Order
    values: np.ndarray
    rate: float
    times: np.ndarray
    places: dict[str, np.ndarray]


def record(path: Path, orders: tuple[Order, ...] = ORDERS) -> Recording:
    """Reads a session's file, whichever of `orders` its fields stand in.

    Raises:
        BadInput: No order fits: no field is a time that never decreases beside numbers.
    """
    table = load(path)
    for order in orders:
        read = _read(table, order)
        if read is not None:
            values, times, segments = read
            places = pd.Series(segments).groupby(segments).indices
            known = {str(name): np.asarray(where) for name, where in places.items()}
            return Recording(order, values, of_coarse(seconds(times)), times, known)
    known_orders = " nor ".join(f"({order.name})" for order in orders)
    raise BadInput("unknown_order", name=path.name, orders=known_orders)


def seconds(times: np.ndarray) -> np.ndarray:
    """Moments as seconds since 1970."""
    return (times - np.datetime64(0, "s")) / np.timedelta64(1, "s")


def text(data: bytes) -> str:
    """What stands in a file, with no exponent by which pandas would crash the whole program.

    Raises:
        UnicodeDecodeError: It is no text.
    """
    return EXPONENT.sub(r"\1", decoded(data))


def load(path: Path) -> pd.DataFrame:
    """The fields of a file without a row of names."""
    try:
        with warnings.catch_warnings(action="ignore", category=pd.errors.ParserWarning):
            return pd.read_csv(
                io.StringIO(text(path.read_bytes())),
                header=None,
                names=range(FIELDS),
                index_col=False,
                skipinitialspace=True,
                low_memory=False,
            )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput("bad_signals", name=path.name, reason=reason) from error


def alone(path: Path) -> Signal:
    """A file that is one signal alone: times and values, or as an Empatica E4 exports it."""
    table = load(path).dropna(axis=1, how="all")
    table.columns = range(table.shape[1])
    if table.shape[1] == 1:
        if len(table) <= HEADERS:
            raise BadInput("few_rows", name=path.name)
        numbers = _numbers(table[0], path)
        if numbers[1] > 0:
            return Signal(numbers[HEADERS:], float(numbers[1]), float(numbers[0]))
    if table.shape[1] == 2:
        named = pd.isna(pd.to_numeric(table[1], errors="coerce").iloc[0])
        table = table[int(named) :]
        if table.empty:
            raise BadInput("few_rows", name=path.name)
        times = _times(table[0])
        moments = _numbers(table[0], path) if np.isnat(times).any() else seconds(times)
        step = float(np.median(np.diff(moments))) if len(moments) > 1 else 0.0
        if step > 0:
            return Signal(_numbers(table[1], path), 1 / step, float(moments[0]))
    raise BadInput("no_signal_file", name=path.name)


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


def _numbers(column: pd.Series, path: Path) -> np.ndarray:
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(float)
    if np.isnan(numbers).any():
        raise BadInput("bad_signals", name=path.name, reason="it holds what is not a number")
    return numbers
