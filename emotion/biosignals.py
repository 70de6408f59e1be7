"""Body signals: the heart's beats, the skin's conductance and its temperature, as few numbers.

What cannot be measured is NaN, and never an error: a signal that is not there, is shorter than its
measurement needs, or lacks more than half of its values. Single values that are not finite are
bridged by a straight line. Signals that never change are measured like any other, but for an ECG,
which then has no beats.
"""

import csv
import itertools
import math
import warnings
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path

import numpy as np
from scipy import signal as sp

from emotion.errors import BadInput

MOST_LOST = 0.5  # share of a signal's values that may be missing
LEAST_ECG = 1.0  # seconds; what neurokit2 smooths over is nearly as long
LEAST_ECG_RATE = 50.0  # Hz; below, an R peak falls between two values
FASTEST, SLOWEST = 0.3, 2.0  # seconds between beats; what lies outside is a beat too many or few
NN50 = 0.05  # seconds by which neighbouring intervals differ to be counted
# Hz: of the conductance's spectrum. Empatica's 4 values a second hold all bands but the last.
BANDS = tuple(itertools.pairwise((0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)))
FINEST = 0.0125  # Hz from one frequency of the spectrum to the next, at most
FAINTEST = 1e-10  # squared microsiemens; far below what any sensor tells from nothing

HEART = ("rr_mean", "rr_sdnn", "rr_rmssd", "rr_nn50")
SKIN = tuple(f"eda_{low:g}_{high:g}" for low, high in BANDS)
WARMTH = ("temperature_mean", "temperature_variance", "temperature_slope", "temperature_intercept")
FEATURES = (*HEART, *SKIN, *WARMTH)


@dataclass(frozen=True)
class Signal:
    """Values taken at a steady rate.

    Attributes:
        values: `[n]`.
        rate: How many a second.
    """

    values: np.ndarray
    rate: float


@dataclass(frozen=True)
class Biosignals:
    """What was measured of a body during one utterance; what is None was not.

    Attributes:
        ecg: Electrocardiogram, in any unit.
        eda: Conductance of the skin, in microsiemens.
        temperature: Of the skin, in degrees Celsius.
        ibi: Seconds from each beat to the next, one after the other, where a sensor gives these
            instead of an ECG; they have no rate.
    """

    ecg: Signal | None = None
    eda: Signal | None = None
    temperature: Signal | None = None
    ibi: Signal | None = None


def features(body: Biosignals) -> np.ndarray:
    """Measures a body.

    Returns:
        In the order of FEATURES, float32 with NaN where nothing could be measured:
        the mean of the seconds between beats (RR), their standard deviation (SDNN), the root mean
        square of the differences of neighbours (RMSSD), and how many of these are above 50 ms;
        the conductance's power in each of BANDS, as the logarithm to base 10 of microsiemens
        squared; the temperature's mean and variance, and the slope in degrees a second and the
        value at the first moment of the straight line through it.
    """
    intervals = _intervals(_whole(body.ecg)) if body.ibi is None else np.asarray(body.ibi.values)
    conductance, warmth = _of_conductance(_whole(body.eda)), _of_warmth(_whole(body.temperature))
    return np.array([*_of_beats(intervals), *conductance, *warmth], np.float32)


def _whole(signal: Signal | None) -> Signal | None:
    """A signal with its gaps bridged; None where too much of it, or its rate, is missing."""
    if signal is None or not 0 < signal.rate < math.inf:
        return None
    values = np.asarray(signal.values, np.float64)
    there = np.isfinite(values)
    if not there.any() or there.mean() < 1 - MOST_LOST:
        return None
    place = np.arange(len(values))
    return Signal(np.interp(place, place[there], values[there]), signal.rate)


def _intervals(ecg: Signal | None) -> np.ndarray:
    """The seconds between the R peaks of an ECG."""
    if ecg is None or ecg.rate < LEAST_ECG_RATE or len(ecg.values) < LEAST_ECG * ecg.rate:
        return np.zeros(0)
    # Imported here because it brings drawing libraries along, and most voices come without a body.
    import neurokit2

    rate = round(ecg.rate)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of every short signal
        clean = neurokit2.ecg_clean(ecg.values, sampling_rate=rate)
        peaks = neurokit2.ecg_findpeaks(clean, sampling_rate=rate)["ECG_R_Peaks"]
    return np.diff(peaks) / ecg.rate


def _of_beats(intervals: np.ndarray) -> list[float]:
    """HEART's four; those that need two intervals are missing where there is one."""
    likely = np.where((intervals >= FASTEST) & (intervals <= SLOWEST), intervals, np.nan)
    there = likely[~np.isnan(likely)]
    # Of true neighbours only: none across an interval that was dropped.
    steps = np.diff(likely)
    steps = steps[~np.isnan(steps)]
    return [
        there.mean() if len(there) else np.nan,
        there.std(ddof=1) if len(there) > 1 else np.nan,
        np.sqrt(np.square(steps).mean()) if len(steps) else np.nan,
        float(np.count_nonzero(np.abs(steps) > NN50)) if len(steps) else np.nan,
    ]


def _of_conductance(eda: Signal | None) -> list[float]:
    """SKIN's powers; a band is missing above half the rate, and below one wave in the signal."""
    if eda is None or len(eda.values) < 2:
        return [np.nan] * len(BANDS)
    n_fft = max(len(eda.values), math.ceil(eda.rate / FINEST))
    hertz, density = sp.periodogram(eda.values, eda.rate, "hann", n_fft, detrend="constant")
    powers = []
    for low, high in BANDS:
        held = high <= eda.rate / 2 and high * len(eda.values) >= eda.rate
        power = density[(hertz >= low) & (hertz < high)].sum() * hertz[1]
        powers.append(np.log10(power + FAINTEST) if held else np.nan)
    return powers


def _of_warmth(temperature: Signal | None) -> list[float]:
    """WARMTH's four; a line needs two values."""
    if temperature is None:
        return [np.nan] * len(WARMTH)
    values = temperature.values
    if len(values) < 2:
        return [values[0], 0.0, np.nan, np.nan]
    slope, intercept = np.polyfit(np.arange(len(values)) / temperature.rate, values, 1)
    return [values.mean(), values.var(), slope, intercept]


def read_table(path: str | Path, rate: float | None = None) -> Biosignals:
    """Reads the signals of one utterance from a CSV whose first row names its columns.

    The columns are any of ecg, eda, temperature and ibi, in any order and case, and time: seconds,
    or dates with times. A signal that is slower than another leaves its cells empty in between.

    Args:
        path: The table, in UTF-8.
        rate: Rows a second, for a table without a column time.

    Raises:
        BadInput: The table cannot be read, or holds no signal or no way to know its rate.
    """
    path = Path(path)
    columns = _columns(path)
    known = [each.name for each in fields(Biosignals) if each.name in columns]
    if not known:
        raise _unreadable(path, "its first row names no column ecg, eda, temperature or ibi")
    if rate is None and "time" not in columns and known != ["ibi"]:
        raise _unreadable(path, "it has no column time, and no rate was given")
    seconds = _seconds(columns["time"], path) if rate is None and "time" in columns else None
    found = {}
    for name in known:
        places = [index for index, cell in enumerate(columns[name]) if cell]
        values = _numbers([columns[name][index] for index in places], name, path)
        usual = rate or (1.0 if seconds is None or name == "ibi" else _rate(seconds[places]))
        found[name] = Signal(values, usual) if len(values) else None
    return Biosignals(**found)


def _columns(path: Path) -> dict[str, list[str]]:
    """The cells of each column, by its name in small letters."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="", restval="")
            names, rows = reader.fieldnames or [], list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, getattr(error, "strerror", None) or str(error)) from error
    return {name.strip().lower(): [row[name].strip() for row in rows] for name in names if name}


def _seconds(cells: list[str], path: Path) -> np.ndarray:
    try:
        return _numbers(cells, "time", path)
    except BadInput:
        moments = [_moment(cell, path) for cell in cells]
    return np.array([(each - moments[0]).total_seconds() for each in moments])


def _moment(cell: str, path: Path) -> datetime:
    try:
        return datetime.fromisoformat(cell).replace(tzinfo=None)
    except ValueError as error:
        reason = f"its time {cell!r} is neither seconds nor a date and time"
        raise _unreadable(path, reason) from error


def _numbers(cells: list[str], name: str, path: Path) -> np.ndarray:
    try:
        return np.array([float(cell) for cell in cells])
    except ValueError as error:
        raise _unreadable(path, f"its column {name} holds something other than numbers") from error


def _rate(seconds: np.ndarray) -> float:
    """Of a usual step, since clocks may have gaps; 0 where there is none."""
    step = float(np.median(np.diff(seconds))) if len(seconds) > 1 else 0.0
    return 1 / step if step > 0 else 0.0


def _unreadable(path: Path, reason: str) -> BadInput:
    return BadInput("bad_signals", name=path.name, reason=reason)
