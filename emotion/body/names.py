"""Which column of a stranger's table is what, by how people call them in Korean and English."""

import re
from collections.abc import Sequence
from pathlib import Path

TIME = "time"
KNOWN = {
    "ecg": ("ecg", "ekg", "심전도"),
    "eda": ("eda", "gsr", "conductance", "피부전도도", "피부전도", "피부전기활동", "피부전기"),
    "temperature": ("temperature", "temp", "skt", "st", "피부온도", "체온", "온도"),
    "ibi": ("ibi", "rri", "rr", "rrinterval", "nn", "nninterval", "심박간격", "박동간격"),
    TIME: (
        "time", "timestamp", "datetime", "seconds", "second", "sec", "secs", "ms", "msec",
        "milliseconds", "t", "clock", "min", "시간", "시각", "일시",
        "측정시각", "측정시간", "타임스탬프", "초", "밀리초", "분",
    ),
}  # fmt: skip
# What is written of a signal, or of the air: no signal of a body.
PASSED_OVER = {"room", "ambient", "실내", "quality", "품질"}
PREFERRED = ("skin", "피부")
FOLDERS = {"ECG": "ecg", "EDA": "eda", "TEMP": "temperature", "IBI": "ibi"}
# What an Empatica E4 writes beside these, none of which is a signal that is measured here.
BESIDE = ("acc", "bvp", "hr", "tags")
UNITS = {
    "s": ("s", "sec", "secs", "second", "seconds", "초"),
    "ms": ("ms", "msec", "millis", "milliseconds", "밀리초"),
    "us": ("us", "µs", "μs", "usec", "micros", "microseconds", "마이크로초"),
    "ns": ("ns", "nsec", "nanos", "nanoseconds", "나노초"),
    "min": ("min", "mins", "minute", "minutes", "분"),
    "h": ("h", "hr", "hrs", "hour", "hours"),
}
EVERY_UNIT = {each for known in UNITS.values() for each in known}


def called(name: str, columns: Sequence[str]) -> str | None:
    """The column that holds a signal, or the time; of several that fit, the first."""
    return next(iter(fitting(name, columns)), None)


def fitting(name: str, columns: Sequence[str]) -> list[str]:
    """The columns that fit a signal, or the time, best: called so exactly, or with a unit and such.

    Args:
        name: A key of KNOWN.
        columns: What the columns are called.
    """
    ranks: dict[str, tuple[bool, ...]] = {}
    for each in columns:
        exactly, parts = _plain(each) in KNOWN[name], _parts(each)
        roughly = parts & set(KNOWN[name]) - EVERY_UNIT  # of intervals, too
        if (exactly or roughly) and not parts & PASSED_OVER:
            skin = any(word in _plain(each) for word in PREFERRED)
            # "min" is a time where nothing else is.
            ranks[each] = (skin, exactly, not is_unit(each))
    return [each for each in ranks if ranks[each] == max(ranks.values())]


def unit(column: str) -> str | None:
    """The unit of time that a column's name tells of."""
    parts = _parts(column)
    return next((each for each, names in UNITS.items() if parts & set(names)), None)


def is_unit(column: str) -> bool:
    """Whether a unit of time is all that stands there."""
    return _plain(column) in EVERY_UNIT


def kind(path: Path) -> str | None:
    """The signal that a file holds, by its name, or by KEMDy's folders of that name."""
    for name, known in KNOWN.items():
        if name != TIME and _parts(path.stem) & set(known):
            return name
    return next((FOLDERS[part] for part in reversed(path.parts[:-1]) if part in FOLDERS), None)


def beside(path: Path) -> bool:
    """Whether a file, by its name, holds what a sensor writes beside the signals read here."""
    return path.stem.lower() in BESIDE


def _plain(column: str) -> str:
    """A name without its case, unit and spaces, and the number that makes it one of several."""
    return re.sub(r"[(\[].*?[)\]]|[\s_]+|\.\d+$", "", column).lower()


def _parts(column: str) -> set[str]:
    """The words of a name; a number at a word's end counts for nothing."""
    spaced = re.sub(r"([a-z])([A-Z])", r"\1 \2", column)  # SkinTemp
    return {part.rstrip("0123456789") for part in re.split(r"[\W_]+", spaced.lower())}
