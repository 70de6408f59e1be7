"""The body signals of a sample: which stretch of which file, and how fast it was taken."""

import functools
from pathlib import Path

from emotion.biosignals import Biosignals, Signal
from emotion.body.sessions import (
    BEATS,
    COUNT_FIRST,
    SHORT,
    TIME_FIRST,
    VALUE_FIRST,
    Order,
    Recording,
    alone,
    record,
)
from emotion.errors import BadInput
from train.corpora.sample import Notes, Sample

CACHED = 8  # files: three signals of both speakers of a session, and two to spare
ORDERS = {
    ("kemdy19", "ecg"): (COUNT_FIRST, VALUE_FIRST, TIME_FIRST),
    ("kemdy19", "eda"): (COUNT_FIRST, VALUE_FIRST, TIME_FIRST),
    ("kemdy19", "temperature"): (COUNT_FIRST, VALUE_FIRST, TIME_FIRST),
    ("kemdy20", "eda"): (SHORT, VALUE_FIRST, TIME_FIRST),
    ("kemdy20", "temperature"): (SHORT, VALUE_FIRST, TIME_FIRST),
    ("kemdy20", "ibi"): (BEATS,),
}


def signals(sample: Sample, notes: Notes) -> Biosignals:
    """Reads what was measured while a sample was spoken; None for what was not, and a note."""
    return Biosignals(**{name: _signal(sample, name, notes) for name in sample.body})


def _signal(sample: Sample, name: str, notes: Notes) -> Signal | None:
    orders = ORDERS[sample.corpus, name] if sample.segment else ()
    recording = _recording(sample.body[name], orders)
    if isinstance(recording, str):
        if ("a body file", recording) not in notes.odd:  # once for all of a session's samples
            notes.leave("a body file", recording)
        return None
    if isinstance(recording, Signal):
        return recording
    notes.find(f"The fields of {sample.corpus}'s {name} are: {recording.order.name}.")
    if sample.segment not in recording.places:
        notes.lack(sample.id, f"{name} in its file")
        return None
    return Signal(recording.values[recording.places[sample.segment]], recording.rate)


@functools.lru_cache(CACHED)
def _recording(path: Path, orders: tuple[Order, ...]) -> Recording | Signal | str:
    """A session's file, or without orders one utterance's own; or why it cannot be read.

    One odd file does not end a whole corpus.
    """
    try:
        return record(path, orders) if orders else alone(path)
    except BadInput as error:
        return str(BadInput(error.code, **error.facts | {"name": path}))
