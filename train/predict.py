"""What a model says of many rows, nothing changed at random."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from emotion.model import EmotionModel, Reader, collate
from emotion.model import Row as Utterance
from emotion.model.usual import Speakers
from train import usual
from train.errors import CannotTrain
from train.rows import Row
from train.sounds import Sounds

SECONDS_A_BATCH = 120.0  # of voice, so that memory is bounded
LETTERS_A_BATCH = 8000
MOST_ROWS = 128


@dataclass(frozen=True)
class Said:
    """What a model says, row by row.

    Attributes:
        logits: `[rows, labels]`.
        affect: Valence and arousal, `[rows, 2]`.
        combination: Which sides each row had, as config.COMBINATIONS, `[rows]`.
    """

    logits: np.ndarray
    affect: np.ndarray
    combination: np.ndarray


def say(model: EmotionModel, tokenizer: Reader | None, sounds: Sounds, rows: Sequence[Row]) -> Said:
    """Runs a model over rows in batches of about equal length, and puts them back in order."""
    device = next(model.parameters()).device
    known = usual.speakers([row.voice for row in rows if row.known and row.voice], sounds)
    training = model.training
    model.eval()
    order = sorted(range(len(rows)), key=lambda index: _size(rows[index], sounds))
    found = [
        _say(model, tokenizer, sounds, [rows[i] for i in lot], known, device)
        for lot in _lots(order, rows, sounds)
    ]
    model.train(training)
    back = np.argsort(order)
    return Said(*(np.concatenate(part)[back] for part in zip(*found, strict=True)))


def _say(
    model: EmotionModel,
    tokenizer: Reader | None,
    sounds: Sounds,
    rows: Sequence[Row],
    known: Speakers,
    device: torch.device,
) -> tuple[np.ndarray, ...]:
    inputs = collate(
        [
            Utterance(
                sounds[row.voice] if row.voice else None,
                tokenizer.encode(row.text.split()) if row.text and tokenizer else None,
                sounds.body(row.body) if row.body else None,
                usual.unusual(row.voice, known) if row.known and row.voice else None,
            )
            for row in rows
        ]
    )
    with torch.inference_mode():
        output = model(inputs.to(device))
    found = (output.logits, output.affect, output.combination)
    if not all(part.isfinite().all() for part in found):
        raise CannotTrain(
            "What the model says is not a number. What was saved before is kept; try a lower rate."
        )
    return tuple(part.cpu().numpy() for part in found)


def _size(row: Row, sounds: Sounds) -> tuple[int, int]:
    length = sounds.lengths[row.voice.corpus, row.voice.id] if row.voice else 0
    return length, len(row.text)


def _lots(order: Sequence[int], rows: Sequence[Row], sounds: Sounds) -> list[list[int]]:
    lots: list[list[int]] = [[]]
    for index in order:
        length, letters = _size(rows[index], sounds)
        size = len(lots[-1]) + 1
        # Sorted, so the newest is the longest and all others are padded to it.
        full = size * length > SECONDS_A_BATCH * 16_000 or size * letters > LETTERS_A_BATCH
        if lots[-1] and (full or size > MOST_ROWS):
            lots.append([])
        lots[-1].append(index)
    return lots
