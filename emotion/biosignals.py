"""Body signals: the heart's beats, the skin's conductance and its temperature, as few numbers.

What cannot be measured is NaN, and never an error: a signal that is not there, is shorter than its
measurement needs, or lacks more than half of its values. Single values that are not finite are
bridged by a straight line. Signals that never change are measured like any other, but for an ECG,
which then has no beats.
"""

import itertools
import math
import warnings
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import signal as sp

MOST_LOST = 0.5  # share of a signal's values that may be missing
LEAST_ECG = 1.0  # seconds; what neurokit2 smooths over is nearly as long
LEAST_ECG_RATE = 50.0  # Hz; below, an R peak falls between two values
ENDLESS = 1e12  # in any unit a body's signal is far below it; what is above is no measurement
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
SIGNALS = ("ecg", "eda", "temperature", "ibi")
AROUND = 10.0  # seconds before and after a stretch in which its beats are looked for
CLOSE = 1e-6  # seconds; a value at the very end of a stretch is the first of the next


@dataclass(frozen=True, eq=False)
class Signal:
    """Values taken at a steady rate.

    Attributes:
        values: `[n]`.
        rate: How many a second.
        start: The second of the first one.
        at: The second of each, where they come at no steady rate.
        beats: The second of each R peak, where more of an ECG was at hand to find them in.
    """

    values: np.ndarray
    rate: float
    start: float = 0.0
    at: np.ndarray | None = None
    beats: np.ndarray | None = None

    @property
    def seconds(self) -> np.ndarray:
        """When each value was taken."""
        return self.start + np.arange(len(self.values)) / self.rate if self.at is None else self.at

    def cut(self, begin: float, end: float) -> "Signal | None":
        """What was taken between two seconds, the first of which is 0 from now on."""
        seconds = self.seconds
        place = slice(*np.searchsorted(seconds, (begin - CLOSE, end - CLOSE)))
        if place.start == place.stop:
            return None
        values = np.array(self.values[place])  # or all of them would stay in memory
        at = None if self.at is None else self.at[place] - begin
        return Signal(values, self.rate, float(seconds[place.start] - begin), at)


@dataclass(frozen=True, eq=False)
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

    @cached_property
    def beats(self) -> np.ndarray:
        """The second of each R peak of the ECG."""
        known = self.ecg.beats if self.ecg else None
        return _beats(_whole(self.ecg)) if known is None else known

    @property
    def there(self) -> dict[str, Signal]:
        """The signals that there are, by their names."""
        return {name: signal for name in SIGNALS if (signal := getattr(self, name)) is not None}

    def cut(self, begin: float, end: float) -> "Biosignals":
        """What was measured between two seconds, the first of which is 0 from now on.

        Beats are looked for in some seconds around as well: those at the very ends would be missed.
        """
        around = self.ecg.cut(begin - AROUND, end + AROUND) if self.ecg else None
        peaks = _beats(_whole(around)) - AROUND
        inside = peaks[(peaks >= 0) & (peaks < end - begin)]
        signals = {name: each.cut(begin, end) for name, each in self.there.items()}
        if ecg := signals.get("ecg"):
            signals["ecg"] = replace(ecg, beats=inside)
        return Biosignals(**signals)


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
    intervals = np.diff(body.beats) if body.ibi is None else np.asarray(body.ibi.values)
    conductance, warmth = _of_conductance(_whole(body.eda)), _of_warmth(_whole(body.temperature))
    return np.array([*_of_beats(intervals), *conductance, *warmth], np.float32)


def _whole(signal: Signal | None) -> Signal | None:
    """A signal with its gaps bridged; None where too much of it, or its rate, is missing."""
    if signal is None or not 0 < signal.rate < math.inf:
        return None
    values = np.asarray(signal.values, np.float64)
    there = np.abs(values) < ENDLESS
    if not there.any() or there.mean() < 1 - MOST_LOST:
        return None
    place = np.arange(len(values))
    return Signal(np.interp(place, place[there], values[there]), signal.rate, signal.start)


def _beats(ecg: Signal | None) -> np.ndarray:
    """The seconds of an ECG's R peaks."""
    if ecg is None or ecg.rate < LEAST_ECG_RATE or len(ecg.values) < LEAST_ECG * ecg.rate:
        return np.zeros(0)
    # Imported here because it brings drawing libraries along, and most voices come without a body.
    import neurokit2

    rate = round(ecg.rate)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of every short signal
        clean = neurokit2.ecg_clean(ecg.values, sampling_rate=rate)
        peaks = neurokit2.ecg_findpeaks(clean, sampling_rate=rate)["ECG_R_Peaks"]
    return ecg.start + np.asarray(peaks, float) / ecg.rate


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
