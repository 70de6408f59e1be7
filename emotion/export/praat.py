"""A timeline as a TextGrid of Praat's, in its long text format."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from emotion.export.tiers import Mark, plain, utterances, values, words
from emotion.timeline import Timeline

Interval = tuple[int, int, str]  # first and last millisecond, and what is written there


def textgrid(timeline: Timeline) -> str:
    """Tiers of utterances, words, emotions, confidence, valence and arousal."""
    marks = utterances(timeline)
    tiers = {
        "utterance": [(mark.start, mark.end, mark.text) for mark in marks],
        "word": [(word.start, word.end, word.text) for mark in marks for word in words(mark)],
        **{name: _tier(marks, name) for name in ("emotion", "confidence", "valence", "arousal")},
    }
    end = max(round(timeline.seconds * 1000), marks[-1].end if marks else 1)
    head = (
        'File type = "ooTextFile"\nObject class = "TextGrid"\n\n'
        f"xmin = 0\nxmax = {_seconds(end)}\ntiers? <exists>\nsize = {len(tiers)}\nitem []:\n"
    )
    return head + "".join(
        _written(number, name, list(_tiled(intervals, end)), end)
        for number, (name, intervals) in enumerate(tiers.items(), 1)
    )


def _tier(marks: Sequence[Mark], name: str) -> list[Interval]:
    return [(mark.start, mark.end, values(mark.spoken)[name]) for mark in marks]


def _tiled(intervals: Sequence[Interval], end: int) -> Iterator[Interval]:
    """The intervals with empty ones between them: in a TextGrid, time has no holes."""
    walls = ((0, 0, ""), *intervals, (end, end, ""))
    for before, after in pairwise(walls):
        if before[0] < before[1]:
            yield before
        if before[1] < after[0]:
            yield before[1], after[0], ""


def _written(number: int, name: str, intervals: Sequence[Interval], end: int) -> str:
    rows = "".join(
        f"        intervals [{index}]:\n            xmin = {_seconds(start)}\n"
        f"            xmax = {_seconds(stop)}\n            text = {_quoted(text)}\n"
        for index, (start, stop, text) in enumerate(intervals, 1)
    )
    return (
        f'    item [{number}]:\n        class = "IntervalTier"\n        name = "{name}"\n'
        f"        xmin = 0\n        xmax = {_seconds(end)}\n"
        f"        intervals: size = {len(intervals)}\n{rows}"
    )


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.3f}"


def _quoted(text: str) -> str:
    return '"' + plain(text).replace('"', '""') + '"'
