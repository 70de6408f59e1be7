"""A timeline as subtitles: what is said, after the emotion and how sure the model is of it."""

from html import escape

from emotion.export.tiers import Mark, plain, utterances
from emotion.labels import BY_NAME
from emotion.timeline import Timeline


def srt(timeline: Timeline) -> str:
    """SubRip."""
    cues = (
        f"{number}\n{_clock(mark.start, ',')} --> {_clock(mark.end, ',')}\n"
        f"{_felt(mark)} {mark.text}".rstrip()
        + "\n\n"
        for number, mark in enumerate(utterances(timeline), 1)
    )
    return "".join(cues)


def vtt(timeline: Timeline) -> str:
    """WebVTT, in which a player may show each emotion in its colour."""
    colors = "".join(
        f"::cue(.{label}) {{ color: {BY_NAME[label].color}; }}\n" for label in timeline.labels
    )
    about = escape(plain(f"{timeline.source}, judged by {timeline.checkpoint}"), quote=False)
    cues = (
        f"{number}\n{_clock(mark.start, '.')} --> {_clock(mark.end, '.')}\n"
        f"<c.{mark.spoken.prediction.label}>{_felt(mark)}</c> "
        f"{escape(mark.text, quote=False)}".rstrip()
        + "\n\n"
        for number, mark in enumerate(utterances(timeline), 1)
    )
    return f"WEBVTT\n\nNOTE\n{about}\n\nSTYLE\n{colors}\n" + "".join(cues)


def _felt(mark: Mark) -> str:
    return f"[{mark.spoken.prediction.label} {mark.spoken.confidence:.0%}]"


def _clock(milliseconds: int, point: str) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{thousandths:03}"
