"""Rows of like length together, for a model to judge at once."""

from collections.abc import Iterator, Sequence

from emotion.audio import RATE
from emotion.model import Row

BATCH_SECONDS = 120.0  # of padded voice in one batch: bounds memory whatever the number of clips
WITHOUT_VOICE = 3.0  # seconds that a row of words alone counts for in that bound


def seconds(row: Row) -> float:
    """How much work a row is, as seconds of voice."""
    return len(row.voice) / RATE if row.voice is not None else WITHOUT_VOICE


def batches(rows: Sequence[Row]) -> Iterator[list[int]]:
    """Groups rows of like length, each group within BATCH_SECONDS; rows of nothing are in none."""
    batch: list[int] = []
    something = [
        index
        for index, row in enumerate(rows)
        if row.voice is not None or row.words or row.body is not None
    ]
    for index in sorted(something, key=lambda index: seconds(rows[index])):
        if batch and (len(batch) + 1) * seconds(rows[index]) > BATCH_SECONDS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
