"""When each row of a table was taken: from seconds, milliseconds, times of day or dates."""

import re
import warnings
from typing import NamedTuple

import numpy as np
import pandas as pd
from pandas.tseries.api import guess_datetime_format

from emotion.biosignals import Signal
from emotion.body import names
from emotion.errors import BadInput

SCALE = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "min": 60.0, "h": 3600.0}
# Above these a number is no count since a recording began, but one since 1970, in that unit.
SINCE_1970 = (("ns", 1e17), ("us", 1e14), ("ms", 1e11), ("s", 1e8))
OF_DAY = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:[.,:](?P<part>\d+))?"
    r"(?:\s*(?P<half>[ap]m))?"
)
HALF = re.compile(r"\s*[ap]m$", re.IGNORECASE)
# What Korean programs and Excel write, as the others do.
REWRITTEN = {
    r"^(.*?)오전\s*(.*)$": r"\1\2 AM",
    r"^(.*?)오후\s*(.*)$": r"\1\2 PM",
    r"^(\d{4})[./]\s*(\d{1,2})[./]\s*(\d{1,2})\.?": r"\1-\2-\3",
    r"(:\d\d:\d\d):(\d{3})$": r"\1.\2",
    r"(?<![\d.,])(\d)(?!\d)": r"0\1",
}
HALF_A_DAY = 43_200.0  # seconds
LONGEST = 10_000_000  # values of a signal with its gaps: eleven hours of an ECG
SLOWEST_ECG = 50.0  # values a second
SLOW = 10.0  # values a second, above which those of a skin are not likely taken
DAY = 86_400.0
EVEN, ROUGH = 1.5, 5.0  # usual steps above which a step is a gap: of a steady clock, of another


class Clock(NamedTuple):
    """When the rows of a table were taken.

    Attributes:
        seconds: Of each row, NaN where it does not say.
        zero: The moment of second 0 in seconds since 1970; None where the clock tells none.
        guessed: The unit that its numbers were taken for, where they may well be of another.
    """

    seconds: np.ndarray
    zero: float | None = None
    guessed: str | None = None


def read(cells: pd.Series, unit: str | None, quick: bool, file: str) -> Clock:
    """Reads a column of times.

    Args:
        cells: The column.
        unit: Of numbers, one of SCALE; None finds out.
        quick: Whether an ECG is beside it.
        file: What the table is called.

    Raises:
        BadInput: Most cells are no times, or they go back, or stand still.
    """
    written = cells.notna().to_numpy()
    numbers = pd.to_numeric(cells, errors="coerce").to_numpy(float)
    numbers[~np.isfinite(numbers)] = np.nan
    if 2 * np.isfinite(numbers).sum() >= max(written.sum(), 1):
        clock = _counted(numbers, unit or names.unit(str(cells.name)), quick)
    else:
        clock = _dated(cells, written, file)
    seconds = clock.seconds[np.isfinite(clock.seconds)]
    falls = np.diff(seconds) < 0
    if falls.any():
        row = int(np.flatnonzero(np.isfinite(clock.seconds))[int(falls.argmax()) + 1])
        raise BadInput("falling_time", name=file, row=cells.index[row])
    if len(seconds) > 1 and seconds[0] == seconds[-1]:
        raise BadInput("standing_time", name=file)
    return clock


def _counted(numbers: np.ndarray, unit: str | None, quick: bool) -> Clock:
    there = numbers[np.isfinite(numbers)]
    since = next((name for name, least in SINCE_1970 if len(there) and there[0] > least), None)
    if unit is None and since is None:
        unit, sure = _guess(there, quick)
        return Clock(numbers * SCALE[unit], guessed=None if sure else unit)
    # A clock of nanoseconds since it was switched on has numbers as one of seconds since 1970.
    finest = min((each for each in (unit, since) if each), key=lambda each: SCALE[each])
    scaled = numbers * SCALE[finest]
    zero = float(scaled[np.isfinite(scaled)][0]) if len(there) else 0.0
    if zero <= SINCE_1970[-1][1]:
        return Clock(scaled)
    return Clock(scaled - zero, zero)


def _guess(numbers: np.ndarray, quick: bool) -> tuple[str, bool]:
    """The unit of times, and whether it can be no other."""
    steps = np.diff(numbers)
    if not len(steps):
        return "s", True
    step = float(np.median(steps)) or float(steps.mean())
    if step < 1 or (step == 1 and not quick):
        return "s", True
    if quick:
        return "ms", SCALE["ms"] * step * SLOWEST_ECG <= 1
    # Loggers of a skin's temperature write every 5, 10 or 60 seconds, on the second.
    logged = (60 % step == 0 or step % 60 == 0) and np.mean(steps == step) > 1 / 2
    quicker = SCALE["ms"] * step * SLOW < 1
    lasts = float(numbers[-1] - numbers[0])
    return ("s" if logged and quicker and lasts <= DAY else "ms"), False


def _dated(cells: pd.Series, written: np.ndarray, file: str) -> Clock:
    texts = cells.astype(str).str.strip()
    for odd, even in REWRITTEN.items():
        texts = texts.str.replace(odd, even, regex=True)
    of_day = texts[written].str.fullmatch(OF_DAY, flags=re.IGNORECASE).mean() > 1 / 2
    moments = _of_day(texts) if of_day else _moments(texts)
    there = np.isfinite(moments)
    if 2 * there.sum() < written.sum():
        row = int(np.flatnonzero(written & ~there)[0])
        raise BadInput("bad_time", name=file, cell=str(cells.iloc[row]), row=cells.index[row])
    zero = float(moments[there][0])
    return Clock(moments - zero, zero)


def _of_day(texts: pd.Series) -> np.ndarray:
    """Seconds since midnight or, where Excel shows no hours, the hour; they go on past both."""
    found = texts.str.extract(OF_DAY, flags=re.IGNORECASE)
    no_hours = bool((found["second"].isna() & found["part"].notna()).mean() > 1 / 2)
    if no_hours:
        found[["hour", "minute", "second"]] = found[["second", "hour", "minute"]].fillna("0")
    part = pd.to_numeric("0." + found["part"].fillna("0"), errors="coerce")
    numbers = found[["hour", "minute", "second"]].astype(float)
    hours = numbers["hour"].where(found["half"].isna(), numbers["hour"] % 12)
    hours += 12 * found["half"].str.lower().eq("pm")
    moments = (
        hours * 3600 + numbers["minute"] * 60 + numbers["second"].fillna(0) + part
    ).to_numpy()
    half = HALF_A_DAY / 24 if no_hours else HALF_A_DAY
    past = np.diff(moments, prepend=moments[:1]) < -half
    return moments + np.cumsum(past) * 2 * half


def _moments(texts: pd.Series) -> np.ndarray:
    """Seconds since 1970 of dates with times, written as ISO says or all as the first of them."""
    found = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True)
    if found.isna().mean() > 1 / 2:
        half = HALF.search(texts.iloc[0])
        with warnings.catch_warnings(action="ignore"):  # of days before months
            first = guess_datetime_format(HALF.sub("", texts.iloc[0])) or "ISO8601"
        first = first.replace("%H", "%I") + " %p" if half else first
        found = pd.to_datetime(texts, format=first, errors="coerce", utc=True)
    epoch = pd.Timestamp(0, tz="UTC")
    return ((found - epoch) / pd.Timedelta(seconds=1)).to_numpy(float)


def steady(seconds: np.ndarray, values: np.ndarray) -> Signal:
    """A signal whose clock may be coarse, may tremble and may have gaps, at a steady rate.

    Args:
        seconds: When each value was taken; never falls.
        values: At least two of them.

    Raises:
        BadInput: There is hardly anything between the gaps.
    """
    start, steps = float(seconds[0]), np.diff(seconds)
    rising = steps[steps > 0]
    if len(rising) < len(steps):  # a clock too coarse to tell neighbours apart
        return Signal(values, of_coarse(seconds), start)
    usual = float(np.median(steps))
    rough = np.quantile(steps, 0.9) >= EVEN * usual
    gaps = steps > usual * (ROUGH if rough else EVEN)
    step = float(steps[~gaps].mean())
    lost = np.where(gaps, np.maximum(np.round(steps / step) - 1, 0), 0)
    place = np.concatenate([[0.0], np.arange(1, len(values)) + np.cumsum(lost)])
    if place[-1] >= LONGEST:
        raise BadInput("signals_apart", hours=round((seconds[-1] - start) / 3600))
    spread = np.full(int(place[-1]) + 1, np.nan)
    spread[place.astype(int)] = values
    return Signal(spread, 1 / step, start)


def of_coarse(seconds: np.ndarray) -> float:
    """Values a second by a clock that is coarse or has gaps: how many come in a usual step.

    A clock that is read once a second, a minute or a packet stands still in between; of those that
    move more often, a second is a step.
    """
    moved = np.flatnonzero(np.diff(seconds)) + 1  # what comes before may be the end of a step
    begins = moved[np.diff(np.floor(seconds[moved]), prepend=-np.inf) > 0]
    ends = begins if len(begins) > 1 else moved
    if len(ends) > 1:
        return float(np.median(np.diff(ends) / np.diff(seconds[ends])))
    if not len(moved):
        return float(len(seconds))
    return float(max(moved[0], len(seconds) - moved[0]) / (seconds[-1] - seconds[0]))
