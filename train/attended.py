"""Do the words that the voice looks at most matter? What taking them away changes, by rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from emotion.model import EmotionModel, Encoded, Output, Reader, collate
from emotion.model import Row as Utterance
from train.evaluate import Answer
from train.rows import Row
from train.sounds import Sounds

FEWEST_WORDS = 3  # with fewer, the most attended is nearly the random one
FEWEST_ROWS = 10
MOST_ROWS = 400
RESAMPLES = 2000


@dataclass(frozen=True)
class Attended:
    """How much a word's absence changes the probability of what was said, on average.

    Attributes:
        n: Over how many utterances.
        most: Without the word that the voice looks at most.
        random: Without a word drawn at random, which is the mean over all of them.
        low: Where the 95 % interval of the difference begins, bootstrapped over utterances.
        high: Where it ends.
    """

    n: int
    most: float
    random: float
    low: float
    high: float

    def __str__(self) -> str:
        return (
            f"In {self.n} utterances of voice and words, taking away the word that the voice looks "
            f"at most changes the probability of what was said by {self.most:.3f} on average, a "
            f"random one by {self.random:.3f}: {self.most - self.random:+.3f} "
            f"({self.low:+.3f} to {self.high:+.3f})."
        )


def attended(
    model: EmotionModel, tokenizer: Reader | None, sounds: Sounds, answers: Sequence[Answer]
) -> Attended | None:
    """Takes words away from what a model was asked; None where it has no such attention.

    Args:
        model: The model.
        tokenizer: What reads its words.
        sounds: The voices.
        answers: What was asked; only what shows a voice and words and asks for a label counts.
    """
    rows = [
        row
        for each in answers
        if each.question.side == "both" and each.question.asks == "label"
        for row in each.rows
    ]
    found = [
        changes
        for row in rows[:: -(-len(rows) // MOST_ROWS) or 1]
        if tokenizer and (changes := _changes(model, tokenizer, sounds, row))
    ]
    if len(found) < FEWEST_ROWS:
        return None
    most, random = np.array(found).T
    rng = np.random.default_rng(0)
    drawn = (most - random)[rng.integers(len(found), size=(RESAMPLES, len(found)))].mean(1)
    low, high = np.percentile(drawn, (2.5, 97.5))
    return Attended(len(found), most.mean(), random.mean(), float(low), float(high))


@torch.inference_mode()
def _changes(
    model: EmotionModel, tokenizer: Reader, sounds: Sounds, row: Row
) -> tuple[float, float] | None:
    """What the most attended word's absence changes, and what any word's does on average."""
    assert row.voice is not None  # such questions show both sides
    words = tokenizer.encode(row.text.split())
    n_words = max(words.words, default=-1) + 1
    if n_words < FEWEST_WORDS:
        return None
    voice = sounds[row.voice]
    lacking = [Utterance(voice, words.without(word), None) for word in range(n_words)]
    device = next(model.parameters()).device
    inputs = collate([Utterance(voice, words, None), *lacking]).to(device)
    output = model(inputs, attention=True)
    if output.weights is None:
        return None
    chances = model.probabilities(output)
    said = int(chances[0].argmax())
    changed = (chances[1:, said] - chances[0, said]).abs().cpu().numpy()
    return float(changed[_received(output, words).argmax()]), float(changed.mean())


def _received(output: Output, words: Encoded) -> np.ndarray:
    """How much of the voice's attention each word of the first row receives, `[words]`."""
    heard = output.sides.voice.mask[0]
    assert output.weights is not None
    share = output.weights.voice_to_words[0].sum((0, 1))[heard].sum(0).float().cpu().numpy()
    place = output.sides.words.span[0, :, 0].long().cpu().numpy()
    real = output.sides.words.mask[0].cpu().numpy() & (place >= 0)
    return np.bincount(place[real], share[real], max(words.words) + 1)
