"""Body signals whose features are known by hand: beats at chosen moments, sines, straight lines."""

import subprocess
import sys

import neurokit2
import numpy as np
import pytest

from emotion.biosignals import (
    FEATURES,
    HEART,
    SKIN,
    WARMTH,
    Biosignals,
    Signal,
    features,
)


def measured(**signals):
    found = features(Biosignals(**{name: Signal(*each) for name, each in signals.items()}))
    assert found.dtype == np.float32
    return dict(zip(FEATURES, found.tolist(), strict=True))


def values(found, names):
    return [found[name] for name in names]


def heart(intervals, rate=250, seed=0):
    """An ECG with an R wave after each interval, a P and a T wave around it, drift and noise."""
    moments = 0.6 + np.concatenate([[0], np.cumsum(intervals)])
    time = np.arange(round((moments[-1] + 0.7) * rate)) / rate
    waves = ((0.15, -0.16, 0.025), (1.0, 0.0, 0.012), (0.3, 0.25, 0.04))
    beats = sum(
        height * np.exp(-0.5 * ((time - moment - shift) / width) ** 2)
        for moment in moments
        for height, shift, width in waves
    )
    noise = 0.02 * np.random.default_rng(seed).standard_normal(len(time))
    return beats + 0.2 * np.sin(2 * np.pi * 0.3 * time) + noise


# Seven beats. The mean is 4.86 / 6 = .81; the differences are .1, -.12, .02, -.06, .1 seconds:
# their squares sum to .0384, and four of them are above 50 ms.
INTERVALS = np.array([0.80, 0.90, 0.78, 0.80, 0.74, 0.84])


def of_hand(intervals):
    steps = np.diff(intervals)
    return [
        intervals.sum() / len(intervals),
        (np.square(intervals - intervals.mean()).sum() / (len(intervals) - 1)) ** 0.5,
        (np.square(steps).sum() / len(steps)) ** 0.5,
        (np.abs(steps) > 0.05).sum(),
    ]


def test_the_heart_from_its_intervals_by_hand():
    intervals = [0.8, 0.9, 0.8, 0.7]
    # Mean 3.2 / 4; deviations 0, .1, 0, -.1: (.02 / 3) ** .5; differences .1, -.1, -.1.
    expected = [0.8, 0.0816497, 0.1, 3]
    np.testing.assert_allclose(values(measured(ibi=(intervals, 1.0)), HEART), expected, rtol=1e-5)
    np.testing.assert_allclose(of_hand(np.array(intervals)), expected, rtol=1e-5)
    # Differences .051 and .049: one of them is above 50 ms.
    assert measured(ibi=([0.8, 0.851, 0.9], 1.0))["rr_nn50"] == 1


@pytest.mark.parametrize("rate", [250, 500])
@pytest.mark.parametrize("flip", [1, 100, 0.001])
def test_the_heart_from_an_ecg_of_known_beats(rate, flip):
    found = values(measured(ecg=(flip * heart(INTERVALS, rate), rate)), HEART)
    mean, sdnn, rmssd, nn50 = of_hand(INTERVALS)
    assert found[0] == pytest.approx(mean, abs=0.002)
    assert found[1:3] == [pytest.approx(sdnn, abs=0.005), pytest.approx(rmssd, abs=0.008)]
    assert found[3] == nn50 == 4


def test_the_beats_stand_on_the_clock_of_their_signal_and_are_cut_with_it():
    moments = 0.6 + np.concatenate([[0], np.cumsum(INTERVALS)])
    body = Biosignals(ecg=Signal(heart(INTERVALS), 250, start=10.0))
    np.testing.assert_allclose(body.beats, 10 + moments, atol=0.01)
    # Of the second 12 on: the beats at 2.3, 3.08, 3.88, 4.62 and 5.46 are left, the first of
    # which nobody would find who had not seen those before.
    cut = body.cut(12.0, 99.0)
    np.testing.assert_allclose(cut.beats, moments[2:] - 2, atol=0.02)
    assert cut.ecg.start == pytest.approx(0)
    assert body.cut(0.0, 10.0).ecg is None
    beats = Biosignals(ibi=Signal(np.array([0.8, 0.9, 1.0]), 1.0, at=np.array([3.0, 3.9, 4.9])))
    assert beats.cut(3.5, 4.5).ibi.values.tolist() == [0.9]
    assert beats.cut(3.5, 4.5).ibi.seconds == pytest.approx([0.4])


def test_values_that_no_sensor_gives_are_no_measurements():
    endless = np.full(1000, 1e308)
    for name, rate in (("ecg", 100), ("eda", 4), ("temperature", 4)):
        found = measured(**{name: (endless, rate)})
        assert np.isnan(values(found, FEATURES)).all()
    ecg = heart(INTERVALS)
    ecg[5] = 1e200
    assert measured(ecg=(ecg, 250))["rr_mean"] == pytest.approx(INTERVALS.mean(), abs=0.01)


def test_the_heart_of_neurokits_own_simulation():
    ecg = neurokit2.ecg_simulate(duration=30, sampling_rate=250, heart_rate=75, random_state=3)
    found = measured(ecg=(ecg, 250))
    assert found["rr_mean"] == pytest.approx(60 / 75, abs=0.02)
    assert found["rr_sdnn"] < 0.05


def test_a_beat_too_many_or_few_is_no_interval_and_parts_its_neighbours():
    whole = measured(ibi=([0.8, 0.9, 0.8, 0.9], 1.0))
    broken = measured(ibi=([0.8, 0.9, 0.1, 5.0, np.nan, 0.8, 0.9], 1.0))
    assert values(broken, HEART)[:3] == pytest.approx(values(whole, HEART)[:3])
    assert broken["rr_nn50"] == 2  # not 3: 0.9 and 0.8 are no neighbours


def test_the_spectrum_of_a_known_sine():
    time = np.arange(240) / 4
    found = measured(eda=(5 + 2 * np.sin(2 * np.pi * 0.3 * time), 4))
    # The power of a sine is half its amplitude squared: 2.
    assert found["eda_0.2_0.5"] == pytest.approx(np.log10(2), abs=0.01)
    others = [name for name in SKIN if name not in ("eda_0.2_0.5", "eda_2_5")]
    assert max(values(found, others)) < -3
    # Four values a second hold nothing above 2 Hz.
    assert np.isnan(found["eda_2_5"])
    assert np.isfinite(values(found, others)).all()


def test_the_bands_that_a_rate_or_a_length_does_not_hold_are_missing():
    noise = np.random.default_rng(0).standard_normal(6000)
    assert np.isfinite(values(measured(eda=(noise, 10)), SKIN)).all()
    short = measured(eda=(noise[:12], 4))  # 3 s: no wave of 0.2 Hz
    assert np.isnan(values(short, SKIN)).tolist() == [True, True, False, False, False, True]


def test_the_line_of_a_temperature():
    time = np.arange(41) / 4
    found = measured(temperature=(33 - 0.02 * time, 4))
    # 10 s: the mean is that of the middle, the variance slope² · step² · (n² - 1) / 12.
    variance = 0.02**2 * 0.25**2 * (41**2 - 1) / 12
    np.testing.assert_allclose(values(found, WARMTH), [32.9, variance, -0.02, 33], rtol=1e-4)


def test_what_is_not_there_is_missing():
    assert np.isnan(features(Biosignals())).all()
    found = measured(temperature=([30.0, 31.0], 4))
    assert np.isnan(values(found, HEART + SKIN)).all()
    assert np.isfinite(values(found, WARMTH)).all()


@pytest.mark.parametrize("n", [0, 1, 2, 3, 10, 100, 187, 249, 250, 300])
@pytest.mark.parametrize("kind", ["flat", "noise", "spike", "lost"])
@pytest.mark.filterwarnings("error")
def test_short_flat_or_broken_signals_are_measured_or_missing(n, kind):
    made = {
        "flat": np.full(n, 0.5),
        "noise": np.random.default_rng(n).standard_normal(n),
        "spike": np.where(np.arange(n) == n // 2, 1e6, 0.0),
        "lost": np.full(n, np.nan),
    }[kind]
    for rate in (4, 50, 250, 0, np.nan, np.inf):
        found = measured(ecg=(made, rate), eda=(made, rate), temperature=(made, rate))
        assert not np.isinf(list(found.values())).any()
        if kind == "lost" or not n:
            assert np.isnan(list(found.values())).all()


def test_flat_signals():
    flat = np.full(1000, 0.5)
    found = measured(ecg=(flat, 250), eda=(flat, 4), temperature=(flat, 4))
    assert np.isnan(values(found, HEART)).all()
    assert values(found, SKIN[:5]) == [-10] * 5
    assert values(found, WARMTH) == pytest.approx([0.5, 0, 0, 0.5])


def test_gaps_are_bridged_and_half_a_signal_is_too_little():
    line = 30 + np.arange(20) / 40
    whole = measured(temperature=(line, 4))
    line[[3, 4, 11]] = np.nan, np.inf, np.nan
    assert measured(temperature=(line, 4)) == pytest.approx(whole, nan_ok=True)
    line[:11] = np.nan
    assert np.isnan(measured(temperature=(line, 4))["temperature_mean"])


def test_neurokit_is_loaded_only_for_an_ecg():
    code = """
import sys, emotion.biosignals as body
body.features(body.Biosignals(eda=body.Signal([1.0, 2.0, 3.0], 4)))
assert not {"neurokit2", "matplotlib"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
