"""What a voice does, in plain words and numbers: Korean and English."""

import math

from emotion.cues.evidence import Cues
from emotion.cues.measures import NAMES, Measures

# The name of each measure, then what stands before a number of it, its digits, and its unit.
CUES: dict[str, dict[str, tuple[str, str, str, str]]] = {
    "ko": {
        "rate": ("말 빠르기", "초당 ", ".1f", "음절"),
        "pitch": ("높낮이의 가운데", "", ".0f", "Hz"),
        "pitch_range": ("높낮이의 폭", "", ".1f", "반음"),
        "intensity": ("평균 세기", "", ".1f", "dB"),
        "intensity_range": ("세기의 폭", "", ".1f", "dB"),
        "jitter": ("주기의 흔들림(jitter)", "", ".2f", "%"),
        "shimmer": ("크기의 흔들림(shimmer)", "", ".1f", "%"),
        "harmonicity": ("배음 대 잡음(HNR)", "", ".1f", "dB"),
        "abruptness": ("높낮이 변화의 가파르기", "초당 ", ".0f", "반음"),
        "direction": ("높낮이 변화의 방향", "초당 ", "+.1f", "반음"),
        "ending": ("끝의 높낮이 변화", "", "+.1f", "반음"),
    },
    "en": {
        "rate": ("speech rate", "", ".1f", " syllables/s"),
        "pitch": ("pitch, median", "", ".0f", " Hz"),
        "pitch_range": ("pitch range", "", ".1f", " semitones"),
        "intensity": ("intensity, mean", "", ".1f", " dB"),
        "intensity_range": ("intensity range", "", ".1f", " dB"),
        "jitter": ("jitter, from period to period", "", ".2f", " %"),
        "shimmer": ("shimmer, from peak to peak", "", ".1f", " %"),
        "harmonicity": ("harmonics to noise", "", ".1f", " dB"),
        "abruptness": ("steepness of pitch changes", "", ".0f", " semitones/s"),
        "direction": ("direction of pitch changes", "", "+.1f", " semitones/s"),
        "ending": ("pitch change at the end", "", "+.1f", " semitones"),
    },
}
# Less and more of each, and how much so.
WAYS: dict[str, dict[str, tuple[str, str]]] = {
    "ko": {
        "rate": ("느림", "빠름"),
        "pitch": ("낮음", "높음"),
        "pitch_range": ("좁음", "넓음"),
        "intensity": ("여림", "셈"),
        "intensity_range": ("좁음", "넓음"),
        "jitter": ("고름", "고르지 않음"),
        "shimmer": ("고름", "고르지 않음"),
        "harmonicity": ("숨소리 섞임", "맑음"),
        "abruptness": ("완만함", "가파름"),
        "direction": ("더 아래로", "더 위로"),
        "ending": ("더 아래로", "더 위로"),
    },
    "en": {
        "rate": ("slower", "faster"),
        "pitch": ("lower", "higher"),
        "pitch_range": ("narrower", "wider"),
        "intensity": ("softer", "louder"),
        "intensity_range": ("narrower", "wider"),
        "jitter": ("more even", "more uneven"),
        "shimmer": ("more even", "more uneven"),
        "harmonicity": ("noisier", "clearer"),
        "abruptness": ("smoother", "steeper"),
        "direction": ("more downward", "more upward"),
        "ending": ("more downward", "more upward"),
    },
}
AMOUNTS = {
    "ko": ("보통", "조금 {}", "훨씬 {}", "아주 많이 {}"),
    "en": ("as usual", "slightly {}", "much {}", "very much {}"),
}
UNKNOWN = {
    "ko": {"unmeasured": "잴 수 없음", "apart": "견줄 수 없음"},
    "en": {"unmeasured": "not measurable", "apart": "not comparable"},
}
TO = {"ko": "~", "en": " to "}  # between the lowest and the highest; a dash would be a minus
# Rows of the table.
ROWS = {
    "ko": {
        "rate": "말 빠르기",
        "pitch": "평균 높낮이",
        "range": "높낮이의 폭",
        "intensity": "세기",
        "quality": "목소리의 결",
        "changes": "높낮이 변화",
    },
    "en": {
        "rate": "speech rate",
        "pitch": "pitch average",
        "range": "pitch range",
        "intensity": "intensity",
        "quality": "voice quality",
        "changes": "pitch changes",
    },
}
# What the table says of each emotion, row by row.
TALK: dict[str, dict[str, dict[str, str]]] = {
    "ko": {
        "fear": {
            "rate": "훨씬 빠름",
            "pitch": "아주 많이 높음",
            "range": "훨씬 넓음",
            "intensity": "보통",
            "quality": "고르지 않은 떨림",
            "changes": "보통",
        },
        "angry": {
            "rate": "조금 빠름",
            "pitch": "아주 많이 높음",
            "range": "훨씬 넓음",
            "intensity": "더 셈",
            "quality": "숨소리 섞인 가슴소리",
            "changes": "강세 음절에서 급격함",
        },
        "sad": {
            "rate": "조금 느림",
            "pitch": "조금 낮음",
            "range": "조금 좁음",
            "intensity": "더 여림",
            "quality": "울리는 소리",
            "changes": "아래로 내려감",
        },
        "happy": {
            "rate": "빠르거나 느림",
            "pitch": "훨씬 높음",
            "range": "훨씬 넓음",
            "intensity": "더 셈",
            "quality": "숨소리 섞인 쩌렁쩌렁한 소리",
            "changes": "매끄럽게 위로 올라감",
        },
        "disgust": {
            "rate": "아주 많이 느림",
            "pitch": "아주 많이 낮음",
            "range": "조금 넓음",
            "intensity": "더 여림",
            "quality": "그르렁대는 가슴소리",
            "changes": "끝에서 크게 내려감",
        },
    },
    "en": {
        "fear": {
            "rate": "much faster",
            "pitch": "very much higher",
            "range": "much wider",
            "intensity": "normal",
            "quality": "irregular voicing",
            "changes": "normal",
        },
        "angry": {
            "rate": "slightly faster",
            "pitch": "very much higher",
            "range": "much wider",
            "intensity": "higher",
            "quality": "breathy, chest tone",
            "changes": "abrupt, on stressed syllables",
        },
        "sad": {
            "rate": "slightly slower",
            "pitch": "slightly lower",
            "range": "slightly narrower",
            "intensity": "lower",
            "quality": "resonant",
            "changes": "downward inflections",
        },
        "happy": {
            "rate": "faster or slower",
            "pitch": "much higher",
            "range": "much wider",
            "intensity": "higher",
            "quality": "breathy, blaring",
            "changes": "smooth upward inflections",
        },
        "disgust": {
            "rate": "very much slower",
            "pitch": "very much lower",
            "range": "slightly wider",
            "intensity": "lower",
            "quality": "grumbled chest tone",
            "changes": "wide downward terminal inflections",
        },
    },
}


def name_of(name: str, language: str = "en") -> str:
    """What a measure is called."""
    return CUES[language][name][0]


def value(measures: Measures, name: str, language: str = "en") -> str:
    """What was measured, with its unit; or that it could not be."""
    number = getattr(measures, name)
    if number is None:
        return UNKNOWN[language]["unmeasured"]
    said = _number(name, language, number)
    if name == "pitch_range" and measures.low and measures.high:
        said += f" ({_number('pitch', language, measures.low, measures.high)})"
    return said


def usual(cues: Cues, name: str, language: str = "en") -> str:
    """From where to where eight of ten values of the reference lie; empty where it has none."""
    spread = cues.reference.spreads.get(name)
    return _number(name, language, spread.low, spread.high) if spread else ""


def level(cues: Cues, name: str, language: str = "en") -> str:
    """How it compares, as "much higher"; or why it does not."""
    number = getattr(cues.measures, name)
    if number is None:
        return UNKNOWN[language]["unmeasured"]
    if name not in cues.levels:
        return UNKNOWN[language]["apart"]
    step = cues.levels[name]
    said = AMOUNTS[language][abs(step)].format(WAYS[language][name][int(step > 0)])
    if name == "pitch":
        tones = 12 * math.log2(number / cues.reference.spreads[name].middle)
        said += f", {_number('ending', language, tones)}"
    return said


def _number(name: str, language: str, *values: float) -> str:
    _, before, digits, unit = CUES[language][name]
    to = TO[language].center(3) if min(values) < 0 else TO[language]  # "~-" would be a riddle
    return before + to.join(format(each, digits) for each in values) + unit


def lines(cues: Cues) -> list[str]:
    """Every measure on a line of its own, in English, as a terminal shows it."""
    return [
        f"{name_of(name)}: {value(cues.measures, name)} ({_beside(cues, name)})"
        for name in NAMES
        if getattr(cues.measures, name) is not None
    ]


def evidence(cues: Cues) -> list[str]:
    """What speaks for and against each emotion, in English, the one that fits best first."""
    rows = ROWS["en"]
    return [
        f"{fit.label}: "
        + "; ".join(
            f"{way} {', '.join(rows[row] for row in found) or 'nothing'}"
            for way, found in (("for it", fit.speaking_for), ("against it", fit.against))
        )
        for fit in cues.fits
    ]


def _beside(cues: Cues, name: str) -> str:
    span = usual(cues, name)
    return f"{level(cues, name)}; usual {span}" if span else level(cues, name)
