"""An Analysis as JSON and as rows of a table."""

from collections.abc import Iterable
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from emotion.analysis import Analysis, Prediction
from emotion.attention import Attention, mixed
from emotion.explain import Occlusion
from emotion.transcribe import Transcript

if TYPE_CHECKING:
    from emotion.cues import Cues, Measures

DIGITS = 6  # after the point; more would only make files larger
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run
QUOTE = "'"  # what a spreadsheet takes as a sign that a cell is text


def as_dict(analysis: Analysis) -> dict[str, Any]:
    """What `predict --json` prints: numbers, strings, lists and None only.

    `attention` is the mean over layers and heads; `frame_seconds` holds each moment's start and
    end, `focus` the second that each word leans to and how widely, for a model that has a focus.
    `cues` holds what the voice does, how far each of that is from typical voices of the sex whose
    pitch is nearer (-3 very much less to 3 very much more), and what is said to speak for and
    against an emotion. Where a side is missing, `transcript`, `attention` or `cues` is None.
    """
    return {
        "source": analysis.source,
        "checkpoint": analysis.checkpoint,
        **_prediction(analysis.prediction),
        "alone": {side: _prediction(said) for side, said in analysis.alone.items()},
        "transcript": _transcript(analysis.transcript) if analysis.transcript else None,
        "attention": _attention(analysis.attention) if analysis.attention else None,
        "cues": _cues(analysis.cues) if analysis.cues else None,
        "truncated": bool(analysis.clip and analysis.clip.truncated),
        "notice": str(analysis.notice) if analysis.notice else None,
        "seconds": {stage: round(took, DIGITS) for stage, took in analysis.seconds.items()},
    }


def occlusion_as_dict(analysis: Analysis, found: Occlusion) -> dict[str, Any]:
    """What is lost without each word and each quarter second, as as_dict would say it."""
    words = analysis.transcript.words if analysis.transcript else ()
    return {
        "label": found.label,
        "words": [
            {"text": word.text, "lost": round(lost, DIGITS)}
            for word, lost in zip(words, found.words, strict=False)  # the last may be unread
        ],
        "moments": [
            {"start": start, "end": end, "lost": round(lost, DIGITS)}
            for start, end, lost in found.moments
        ],
        "words_agreement": found.words_agreement,
        "voice_agreement": found.voice_agreement,
    }


def as_rows(analysis: Analysis) -> list[dict[str, Any]]:
    """One row for what is said together, and one for each side alone."""
    said = {"together": analysis.prediction, **analysis.alone}
    return [
        {"source": analysis.source, "heard": side, **as_columns(prediction)}
        for side, prediction in said.items()
    ]


def columns(labels: Iterable[str]) -> tuple[str, ...]:
    """The names under which as_columns puts the prediction of a model with these labels."""
    return ("predicted", *(f"p_{label}" for label in labels), "valence", "arousal")


def as_columns(prediction: Prediction) -> dict[str, Any]:
    """A prediction under the names of columns()."""
    return {
        "predicted": prediction.label,
        **{f"p_{label}": round(p, DIGITS) for label, p in prediction.probabilities.items()},
        "valence": round(prediction.valence, DIGITS),
        "arousal": round(prediction.arousal, DIGITS),
    }


def harmless(cell: str) -> str:
    """A cell of a CSV that no spreadsheet takes for a formula; plain() brings it back."""
    bare = cell.lstrip(QUOTE)
    return QUOTE + cell if bare.startswith(FORMULAS) and not _is_number(cell) else cell


def plain(cell: str) -> str:
    """What harmless() was given."""
    made = cell.startswith(QUOTE) and cell.lstrip(QUOTE).startswith(FORMULAS)
    return cell[1:] if made else cell


def _is_number(cell: str) -> bool:
    try:
        return isfinite(float(cell))
    except ValueError:
        return False


def _prediction(prediction: Prediction) -> dict[str, Any]:
    return {
        "label": prediction.label,
        "probabilities": {name: round(p, DIGITS) for name, p in prediction.probabilities.items()},
        "valence": round(prediction.valence, DIGITS),
        "arousal": round(prediction.arousal, DIGITS),
    }


def _transcript(transcript: Transcript) -> dict[str, Any]:
    words = [{"text": word.text, "start": word.start, "end": word.end} for word in transcript.words]
    return {
        "text": transcript.text,
        "language": transcript.language,
        "source": transcript.source,
        "words": words,
    }


def _attention(attention: Attention) -> dict[str, list[Any]]:
    focus = attention.words_focus
    return {
        "words": list(attention.words),
        "frame_seconds": _rounded(attention.frames),
        "words_to_voice": _rounded(attention.words_to_voice.mean((0, 1))),
        "voice_to_words": _rounded(attention.voice_to_words.mean((0, 1))),
        **({} if focus is None else {"focus": _rounded(mixed(focus, 0))}),
    }


def measured(measures: "Measures") -> dict[str, Any]:
    """What was measured of a voice; None where it could not be."""
    return {
        name: round(value, DIGITS) if isinstance(value, float) else value
        for name, value in vars(measures).items()
    }


def _cues(cues: "Cues") -> dict[str, Any]:
    return {
        "measures": measured(cues.measures),
        "reference": {"kind": cues.reference.kind, "guessed": cues.reference.guessed},
        "levels": cues.levels,
        "said_to_fit": [
            {"label": fit.label, "for": list(fit.speaking_for), "against": list(fit.against)}
            for fit in cues.fits
        ],
    }


def _rounded(values: np.ndarray) -> list[list[float]]:
    return values.astype(float).round(DIGITS).tolist()
