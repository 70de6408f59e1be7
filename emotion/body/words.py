"""What was measured of a body, in plain words, numbers and units: Korean and English."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from emotion.biosignals import BANDS, FEATURES, SKIN

MINUTE = 60.0
# The name of each feature, what its number is multiplied with, its digits, and its unit.
TOLD: dict[str, dict[str, tuple[str, float, str, str]]] = {
    "ko": {
        "rr_mean": ("박동 사이의 평균 시간", 1000, ".0f", "ms"),
        "rr_sdnn": ("박동 사이 시간의 표준편차(SDNN)", 1000, ".0f", "ms"),
        "rr_rmssd": ("이웃한 간격의 차이(RMSSD)", 1000, ".0f", "ms"),
        "rr_nn50": ("50ms 넘게 달라진 이웃 간격(NN50)", 1, ".0f", "번"),
        "temperature_mean": ("피부 온도의 평균", 1, ".2f", "°C"),
        "temperature_variance": ("피부 온도의 분산", 1, ".4f", "°C²"),
        "temperature_slope": ("피부 온도의 기울기", MINUTE, "+.2f", "°C/분"),
        "temperature_intercept": ("피부 온도의 처음 값(직선)", 1, ".2f", "°C"),
    },
    "en": {
        "rr_mean": ("mean time between beats", 1000, ".0f", " ms"),
        "rr_sdnn": ("spread of the times between beats (SDNN)", 1000, ".0f", " ms"),
        "rr_rmssd": ("difference of neighbouring times (RMSSD)", 1000, ".0f", " ms"),
        "rr_nn50": ("neighbours that differ by over 50 ms (NN50)", 1, ".0f", ""),
        "temperature_mean": ("skin temperature, mean", 1, ".2f", " °C"),
        "temperature_variance": ("skin temperature, variance", 1, ".4f", " °C²"),
        "temperature_slope": ("skin temperature, slope", MINUTE, "+.2f", " °C/min"),
        "temperature_intercept": ("skin temperature, where its line begins", 1, ".2f", " °C"),
    },
}
POWER = {
    "ko": ("피부전도의 힘, {low:g}~{high:g}Hz", 1.0, ".2f", " log₁₀ µS²"),
    "en": ("skin conductance power, {low:g}–{high:g} Hz", 1.0, ".2f", " log₁₀ µS²"),
}
RATE = {"ko": ("심박수", ".0f", "회/분"), "en": ("heart rate", ".0f", " beats/min")}
NAMES = {
    "ko": {"ecg": "심전도", "eda": "피부전도", "temperature": "피부 온도", "ibi": "박동 간격"},
    "en": {
        "ecg": "ECG",
        "eda": "skin conductance",
        "temperature": "skin temperature",
        "ibi": "times between beats",
    },
}
UNMEASURED = {"ko": "잴 수 없음", "en": "not measurable"}


class Said(NamedTuple):
    """A feature in words: its key, what it is called, and its number with a unit."""

    key: str
    name: str
    number: str


def told(features: np.ndarray, language: str = "en") -> Iterator[Said]:
    """Every feature, in the order of FEATURES, the heart's rate before them."""
    found = dict(zip(FEATURES, features.tolist(), strict=True))
    name, digits, unit = RATE[language]
    mean = found["rr_mean"]
    rate = UNMEASURED[language] if math.isnan(mean) else f"{MINUTE / mean:{digits}}{unit}"
    yield Said("heart_rate", name, rate)
    for key, value in found.items():
        name, times, digits, unit = _told(key, language)
        number = UNMEASURED[language] if math.isnan(value) else f"{value * times:{digits}}{unit}"
        yield Said(key, name, number)


def line(features: np.ndarray, language: str = "en") -> str:
    """What could be measured, in one line."""
    unmeasured = UNMEASURED[language]
    return "; ".join(
        f"{each.name} {each.number}"
        for each in told(features, language)
        if each.number != unmeasured
    )


def _told(key: str, language: str) -> tuple[str, float, str, str]:
    if key in SKIN:
        name, times, digits, unit = POWER[language]
        low, high = BANDS[SKIN.index(key)]
        return name.format(low=low, high=high), times, digits, unit
    return TOLD[language][key]
