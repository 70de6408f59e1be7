"""Which regions of speech are one utterance, and which utterances have ended."""

from collections.abc import Sequence

from emotion.speech import Region

PAUSE = 0.5  # seconds; a shorter silence does not end an utterance
LONGEST = 15.0  # seconds of one utterance; below half a stretch, so that each stretch gets on


def utterances_of(regions: Sequence[Region]) -> list[list[Region]]:
    """Regions of speech with short pauses between them, joined up to the longest utterance."""
    found: list[list[Region]] = []
    for region in regions:
        last = found[-1] if found else None
        if last and region.start - last[-1].end < PAUSE and region.end - last[0].start <= LONGEST:
            last.append(region)
        else:
            found.append([region])
    return found


def finished(utterances: list[list[Region]], seconds: float) -> tuple[list[list[Region]], float]:
    """The utterances that have ended, and the second from which all is to be heard again."""
    if utterances and utterances[-1][-1].end > seconds - PAUSE:
        *utterances, last = utterances
        return utterances, last[0].start
    end = utterances[-1][-1].end if utterances else 0.0
    return utterances, max(end, seconds - PAUSE)
