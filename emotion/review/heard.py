"""What was heard in each clip: by the model, by its two sides, and of the sound itself."""

import difflib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np

from emotion.audio import Clip
from emotion.errors import BadInput
from emotion.review.database import Database

FULL = 0.98  # of a clip's loudest sample, from which samples are at its edge
RUN = 3  # samples in a row at the edge that are cut off and not a peak


@dataclass(frozen=True)
class Heard:
    """What was heard in one clip.

    Attributes:
        checkpoint: The model's name.
        hash: What tells its weights from others.
        transcribed: Whether Whisper was asked for words to hold against the given ones.
        probabilities: The model's, for its labels; empty where it heard nothing.
        alone: The same of "voice" and "words" alone, where it can judge both.
        valence: The model's, or None.
        arousal: The model's, or None.
        seconds: How long the voice is; None without one.
        speech: How long somebody speaks in it.
        clipped: The share of its samples that were cut off by being too loud.
        exact: The same for the same samples; empty without a voice.
        print: What like recordings have in common; None without.
        features: What a voice is like, see emotion.review.learned; None without.
        words: What Whisper heard; None where it was not asked.
        fault: Why nothing was heard.
    """

    checkpoint: str
    hash: str
    transcribed: bool = False
    probabilities: Mapping[str, float] = field(default_factory=dict)
    alone: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    valence: float | None = None
    arousal: float | None = None
    seconds: float | None = None
    speech: float | None = None
    clipped: float | None = None
    exact: str = ""
    print: bytes | None = None
    features: bytes | None = None
    words: str | None = None
    fault: BadInput | None = None


class Hearings:
    """What was heard in the clips of a project."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lacking(self, hashes: Mapping[str, str], transcribe: bool) -> list[str]:
        """The clips that the model has not heard which is to judge them, in order.

        Args:
            hashes: What tells that model from others, by the clip's id.
            transcribe: Whether Whisper is to have heard them too.
        """
        rows = self._database.rows(
            "SELECT id, hash, transcribed, fault FROM clips"
            " LEFT JOIN heard ON heard.clip = clips.n"
            " ORDER BY clips.n"
        )
        return [
            row["id"]
            for row in rows
            if row["id"] in hashes
            # What could not be read may lie there again.
            and (
                row["hash"] != hashes[row["id"]] or row["fault"] or row["transcribed"] < transcribe
            )
        ]

    def add(self, found: Mapping[str, Heard]) -> None:
        """Keeps what was heard in clips, by their id; what was heard before is forgotten."""
        with self._database.writing() as connection:
            for name, each in found.items():
                facts = asdict(each) | {
                    "name": name,
                    "probabilities": json.dumps(dict(each.probabilities)),
                    "alone": json.dumps({side: dict(p) for side, p in each.alone.items()}),
                    "fault": _written(each.fault),
                }
                connection.execute(
                    "INSERT OR REPLACE INTO heard SELECT n, :checkpoint, :hash, :transcribed,"
                    " :probabilities, :alone, :valence, :arousal, :seconds, :speech, :clipped,"
                    " :exact, :print, :features, :words, :fault FROM clips WHERE id = :name",
                    facts,
                )

    def all(self) -> dict[str, Heard]:
        """What was heard, by the clip's id."""
        rows = self._database.rows(
            "SELECT clips.id, heard.* FROM heard JOIN clips ON clips.n = heard.clip"
        )
        return {row["id"]: _heard(row) for row in rows}

    def __getitem__(self, name: str) -> Heard | None:
        row = self._database.one(
            "SELECT clips.id, heard.* FROM heard JOIN clips ON clips.n = heard.clip WHERE id = ?",
            (name,),
        )
        return _heard(row) if row else None


def _written(fault: BadInput | None) -> str | None:
    if fault is None:
        return None
    return json.dumps([fault.code, fault.facts], ensure_ascii=False, default=str)


def _heard(row: sqlite3.Row) -> Heard:
    facts = {name: row[name] for name in Heard.__dataclass_fields__}
    facts |= {name: json.loads(row[name]) for name in ("probabilities", "alone")}
    code, said = json.loads(row["fault"]) if row["fault"] else ("", {})
    facts |= {"fault": BadInput(code, **said) if code else None}
    return Heard(**facts | {"transcribed": bool(row["transcribed"])})


def clipped(clip: Clip) -> float:
    """The share of samples that were cut off: a run of them at the edge of what is there."""
    loud = np.abs(clip.samples)
    edge = loud >= FULL * max(float(loud.max()), 0.5)
    runs = np.lib.stride_tricks.sliding_window_view(np.pad(edge, (0, RUN - 1)), RUN).all(1)
    return float(np.convolve(runs, np.ones(RUN))[: len(edge)].astype(bool).mean())


def differing(given: str, heard: str) -> float:
    """The share of letters in which two transcripts differ, without spaces and signs."""
    one, other = (
        "".join(letter for letter in text.casefold() if letter.isalnum()) for text in (given, heard)
    )
    return 1 - difflib.SequenceMatcher(None, one, other, autojunk=False).ratio()
