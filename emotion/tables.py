"""An Analysis as JSON and as rows of a table."""

from collections.abc import Iterable
from dataclasses import asdict
from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from emotion.analysis import Analysis, Prediction
from emotion.attention import Attention, mixed
from emotion.biosignals import FEATURES
from emotion.explain import Occlusion
from emotion.transcript import Transcript

if TYPE_CHECKING:
    from emotion.body import Examined
    from emotion.compare import Comparison, Said
    from emotion.cues import Cues, Measures
    from emotion.whatif import Changes

DIGITS = 6  # after the point; more would only make files larger
FORMULAS = ("=", "+", "-", "@", "\t", "\r")  # how a cell begins that a spreadsheet would run
QUOTE = "'"  # what a spreadsheet takes as a sign that a cell is text


def as_dict(analysis: Analysis, cues: "Cues | None" = None) -> dict[str, Any]:
    """What `predict --json` prints: numbers, strings, lists and None only.

    `attention` is the mean over layers and heads; `frame_seconds` holds each moment's start and
    end, `focus` the second that each word leans to and how widely, for a model that has a focus.
    `cues` holds what the voice does, what is usual of it (a tenth lies below low, a half below
    middle, a tenth above high) in typical voices of the sex whose pitch is nearer or in what
    `cues` was set against, how far it is from that (-3 very much less to 3 very much more), and
    what is said to speak for and against an emotion. `body` holds the features of the body's
    signals. Where a side is missing, `transcript`, `attention`, `cues` or `body` is None.
    """
    return {
        "source": analysis.source,
        "checkpoint": analysis.checkpoint,
        **_sides(analysis),
        "transcript": _transcript(analysis.transcript) if analysis.transcript else None,
        "attention": _attention(analysis.attention) if analysis.attention else None,
        "cues": cues_as_dict(cues) if (cues := cues or analysis.cues) else None,
        "body": body_as_dict(analysis.body) if analysis.body is not None else None,
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


def change_as_dict(changes: "Changes", before: Analysis, after: Analysis) -> dict[str, Any]:
    """What was changed, what was found before and after, and how far each number went."""
    return {
        "changes": asdict(changes),
        "before": _sides(before),
        "after": _sides(after) | {"notice": str(after.notice) if after.notice else None},
        "difference": {
            name: round(to - since, DIGITS)
            for name, since, to in differences(before.prediction, after.prediction)
        },
    }


def comparison_as_dict(found: "Comparison") -> dict[str, Any]:
    """What each model says, how far each two are apart, and why a model says nothing."""
    widest = found.widest
    return {
        "source": found.source,
        "transcript": _transcript(found.transcript) if found.transcript else None,
        "models": [_said(each) for each in found.said],
        "apart": [
            {"models": [one, other], "share": round(share, DIGITS)}
            for one, other, share in found.apart
        ],
        "widest": widest and {"label": widest[0], "least": widest[1].name, "most": widest[2].name},
        "failed": {name: str(problem) for name, problem in found.failed.items()},
    }


def comparison_as_lines(found: "Comparison") -> list[str]:
    """The same for a terminal: a column for each model, numbered as in the lines below."""
    said = found.said
    head = ["", *(f"[{place}]" for place in range(1, len(said) + 1))]
    rows = [
        [label, *(_cell(each.probabilities.get(label), ".2f") for each in said)]
        for label in found.labels
    ]
    rows += [
        [name, *(_cell(getattr(each, name), "+.2f") for each in said)]
        for name in ("valence", "arousal")
    ]
    table = [
        "".join([f"{row[0]:<9}", *(f"{cell:>8}" for cell in row[1:])]) for row in (head, *rows)
    ]
    models = [
        f"[{place}] {each.name}: {each.label}, {each.size / 1e6:.1f} MB, judged in "
        f"{each.seconds:.2f} s" + (f", loaded in {each.loading:.1f} s" if each.loading else "")
        for place, each in enumerate(said, 1)
    ]
    apart = [f"{one} and {other} differ by {share:.2f}" for one, other, share in found.apart]
    return [*table, *models, *apart]


def _cell(value: float | None, form: str) -> str:
    return "-" if value is None else format(value, form)


def _said(said: "Said") -> dict[str, Any]:
    shares = {"probabilities": said.probabilities, "own": said.own}
    return {
        "model": said.name,
        "label": said.label,
        **{
            name: {label: round(p, DIGITS) for label, p in each.items()}
            for name, each in shares.items()
        },
        "valence": None if said.valence is None else round(said.valence, DIGITS),
        "arousal": None if said.arousal is None else round(said.arousal, DIGITS),
        "sides": list(said.sides),
        "bytes": said.size,
        "seconds": round(said.seconds, DIGITS),
        "loading_seconds": None if said.loading is None else round(said.loading, DIGITS),
        "notice": str(said.notice) if said.notice else None,
    }


def differences(before: Prediction, after: Prediction) -> list[tuple[str, float, float]]:
    """Each probability, then valence and arousal: its name, before, and after."""
    return [
        *((name, p, after.probabilities[name]) for name, p in before.probabilities.items()),
        *((name, getattr(before, name), getattr(after, name)) for name in ("valence", "arousal")),
    ]


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


def _sides(analysis: Analysis) -> dict[str, Any]:
    alone = {side: _prediction(said) for side, said in analysis.alone.items()}
    return {**_prediction(analysis.prediction), "alone": alone}


def body_as_dict(features: np.ndarray) -> dict[str, float | None]:
    """The features of a body by their names; None where nothing could be measured."""
    rounded = np.asarray(features, float).round(DIGITS).tolist()
    found = dict(zip(FEATURES, rounded, strict=False))
    return {name: None if np.isnan(value) else value for name, value in found.items()}


def examined_as_dict(examined: "Examined") -> dict[str, Any]:
    """What was found of a body: numbers, strings, lists and None only."""
    found, analysis = examined.recorded, examined.analysis
    notices = [*found.notices, *([examined.notice] if examined.notice else [])]
    return {
        "signals": {
            name: {
                "column": found.columns[name],
                "rate": round(signal.rate, DIGITS) if signal.at is None else None,
                "start": round(float(signal.seconds[0]), DIGITS),
                "seconds": round(float(np.ptp(signal.seconds)), DIGITS),
            }
            for name, signal in found.body.there.items()
        },
        "segment": found.segment or None,
        "beats": found.body.beats.round(DIGITS).tolist(),
        "features": body_as_dict(examined.features),
        "notices": [str(notice) for notice in notices],
        "analysis": as_dict(analysis) if analysis else None,
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


def cues_as_dict(cues: "Cues") -> dict[str, Any]:
    """What a voice does, what is usual, and what that is said to fit."""
    found = cues.reference
    return {
        "measures": measured(cues.measures),
        "reference": {
            "kind": found.kind,
            "guessed": found.guessed,
            "n": found.n,
            "usual": {name: _rounded_all(vars(each)) for name, each in found.spreads.items()},
        },
        "levels": cues.levels,
        "said_to_fit": [
            {"label": fit.label, "for": list(fit.speaking_for), "against": list(fit.against)}
            for fit in cues.fits
        ],
    }


def _rounded_all(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, DIGITS) for name, value in values.items()}


def _rounded(values: np.ndarray) -> list[list[float]]:
    return values.astype(float).round(DIGITS).tolist()
