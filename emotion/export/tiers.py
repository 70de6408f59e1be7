"""A timeline in whole milliseconds, as programs for annotation need it: in order, never empty."""

from collections.abc import Sequence
from dataclasses import dataclass

from emotion.timeline import Spoken, Timeline


@dataclass(frozen=True)
class Mark:
    """A stretch of time with a text.

    Attributes:
        start: Its first millisecond.
        end: Its last; always after the first.
        text: On one line, of printable letters alone.
        spoken: The utterance that it is, or lies in.
    """

    start: int
    end: int
    text: str
    spoken: Spoken


def utterances(timeline: Timeline) -> list[Mark]:
    """The utterances, none of which begins before the one before it has ended."""
    spans = [(spoken.start, spoken.end) for spoken in timeline.spoken]
    placed = _apart(spans, 0, round(timeline.seconds * 1000))
    return [
        Mark(*span, plain(spoken.text), spoken)
        for span, spoken in zip(placed, timeline.spoken, strict=True)
    ]


def words(utterance: Mark) -> list[Mark]:
    """The words of an utterance within it; those without a time are left out."""
    timed = [
        (word.start, word.end, word.text)
        for word in utterance.spoken.words
        if word.start is not None and word.end is not None
    ]
    spans = [(start, end) for start, end, _ in timed]
    placed = _apart(spans, utterance.start, utterance.end)
    return [
        Mark(*span, plain(text), utterance.spoken)
        for span, (_, _, text) in zip(placed, timed, strict=True)
    ]


def values(spoken: Spoken) -> dict[str, str]:
    """What is said of an utterance, by the name of the tier it stands on."""
    found = spoken.prediction
    return {
        "emotion": found.label,
        "confidence": f"{spoken.confidence:.3f}",
        "valence": f"{found.valence:+.3f}",
        "arousal": f"{found.arousal:+.3f}",
    }


def plain(text: str) -> str:
    """A text on one line, without letters that no file of another program may hold."""
    return "".join(letter if letter.isprintable() else " " for letter in text).strip()


def _apart(spans: Sequence[tuple[float, float]], first: int, last: int) -> list[tuple[int, int]]:
    """Spans in milliseconds, of at least one each, in order and within two bounds.

    Whisper gives some words no length at all. More spans than there are milliseconds between the
    bounds run on after the last.
    """
    placed = []
    for start, end in spans:
        begin = max(round(start * 1000), first)
        first = max(round(end * 1000), begin + 1)
        placed.append((begin, first))
    # From the end back, so that what was pushed out of the bounds finds room before it.
    limit = max(last, placed[0][0] + len(placed)) if placed else last
    for index in reversed(range(len(placed))):
        begin, end = placed[index]
        end = min(end, limit)
        limit = begin = min(begin, end - 1)
        placed[index] = (begin, end)
    return placed
