"""Batches: each of one kind, sorted by length so that padding is small, and repeatable."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from emotion.labels import LABELS
from emotion.model import Encoded, Inputs, Tokenizer, collate
from train import augment, rows
from train.corpora.sample import Sample
from train.errors import CannotTrain
from train.pairs import Pairs
from train.recipe import Recipe
from train.rows import Row
from train.sounds import Sounds

RATE = 16_000
POOL = 12  # batches that are sorted by length together
TOKEN_SECONDS = 0.05  # what a token counts for beside a second of voice, in sorting pairs


# Of one row: its shares, its valence and arousal, its source's prior, and its source's number.
Truth = tuple[Tensor, Tensor, Tensor, Tensor]


@dataclass(frozen=True)
class Batch:
    """What a step needs.

    Attributes:
        kind: One of recipe.KINDS.
        inputs: What the model reads.
        shares: How much each label is meant, all zero where unknown, `[batch, labels]`.
        affect: Valence and arousal, NaN where unknown, `[batch, 2]`.
        prior: How often each label is met in the row's source, `[batch, labels]`.
        source: A number for the source of each row, `[batch]`.
    """

    kind: str
    inputs: Inputs
    shares: Tensor
    affect: Tensor
    prior: Tensor
    source: Tensor

    def to(self, device: torch.device) -> "Batch":
        """The same on another device."""
        names = ("inputs", "shares", "affect", "prior", "source")
        return Batch(self.kind, *(getattr(self, name).to(device) for name in names))


@dataclass(frozen=True)
class Draw:
    """A batch before it is made: its kind, its rows, and the seed of what chance does to them."""

    kind: str
    rows: tuple[Row, ...]
    seed: tuple[int, ...]


class Feed:
    """Draws the batches of an epoch and makes them.

    Everything random follows from the recipe's seed, the epoch and the batch, so that a run that
    was stopped goes on with the very batches it would have had.
    """

    def __init__(
        self, recipe: Recipe, samples: Sequence[Sample], sounds: Sounds, tokenizer: Tokenizer
    ) -> None:
        self.recipe, self.sounds, self.tokenizer = recipe, sounds, tokenizer
        heard = [sample for sample in samples if sample in sounds]
        self._alone = {
            "voice": _sources(recipe.voice, heard, rows.of_voice, needs_label=True),
            "words": _sources(recipe.words, samples, rows.of_words),
        }
        self._pairs = _pairs(recipe, samples, heard)
        self._token_counts: dict[str, int] = {}
        self._chances: dict[str, np.ndarray] = {}
        self._priors: dict[str, np.ndarray] = {"pairs": np.full(len(LABELS), 1 / len(LABELS))}
        for source, members in (self._alone["voice"] | self._alone["words"]).items():
            self._chances[source] = rows.weights(members, recipe.balance)
            self._priors[source] = rows.prior(members, self._chances[source])
        self._numbers = {source: number for number, source in enumerate(self._priors)}

    def epoch(self, number: int) -> list[Draw]:
        """The batches of an epoch, in order."""
        draws = []
        for index, (kind, steps) in enumerate(sorted(self.recipe.steps.items())):
            rng = np.random.default_rng((self.recipe.seed, number, index))
            size = self.recipe.batch[kind]
            found = self._draw(kind, steps * size, rng) if steps else []
            for lot in by_length(found, size, self.length, POOL):
                draws.append((kind, lot))
        order = np.random.default_rng((self.recipe.seed, number)).permutation(len(draws))
        return [Draw(draws[i][0], draws[i][1], (self.recipe.seed, number, int(i))) for i in order]

    def make(self, draw: Draw) -> Batch:
        """Makes a batch: loads and changes the voices, reads the words, drops sides."""
        rng = np.random.default_rng(draw.seed)
        voices = [self._voice(row, rng) for row in draw.rows]
        shares = np.array([row.shares or (0.0,) * len(LABELS) for row in draw.rows])
        affect = np.array([row.affect for row in draw.rows])
        if draw.kind == "voice":
            voices, shares, affect = self._mix(voices, shares, affect, rng)
        words = [self._encode(row.text, rng) for row in draw.rows]
        if draw.kind == "pairs":
            voices, words = self._drop_sides(voices, words, rng)
        sources = [self._source(row) for row in draw.rows]
        return Batch(
            draw.kind,
            collate(list(zip(voices, words, strict=True))),
            torch.tensor(shares, dtype=torch.float32),
            torch.tensor(affect, dtype=torch.float32),
            torch.tensor(np.array([self._priors[each] for each in sources]), dtype=torch.float32),
            torch.tensor([self._numbers[each] for each in sources]),
        )

    def read(self, count: int, rng: np.random.Generator) -> list[tuple[Encoded, Truth]]:
        """Draws texts as they are, each with its truth."""
        rows = self._draw("words", count, rng)
        texts = (self.tokenizer.encode(row.text.split()) for row in rows)
        return [
            (_cut(text, self.recipe.tokens), self._truth(row))
            for text, row in zip(texts, rows, strict=True)
        ]

    def hear(self, count: int, rng: np.random.Generator) -> list[tuple[np.ndarray, Truth]]:
        """Draws changed voices, each with its truth."""
        heard = ((self._voice(row, rng), row) for row in self._draw("voice", count, rng))
        return [(voice, self._truth(row)) for voice, row in heard if voice is not None]

    def length(self, row: Row) -> float:
        """How long a row is, in seconds of voice and what its tokens count for."""
        seconds = 0.0
        if row.voice:
            seconds = self.sounds.lengths[row.voice.corpus, row.voice.id] / RATE
        return min(seconds, self.recipe.seconds) + TOKEN_SECONDS * self._n_tokens(row.text)

    def _truth(self, row: Row) -> Truth:
        return (
            torch.tensor(row.shares or (0.0,) * len(LABELS)),
            torch.tensor(row.affect),
            torch.tensor(self._priors[row.source], dtype=torch.float32),
            torch.tensor(self._numbers[row.source]),
        )

    def _n_tokens(self, text: str) -> int:
        if text not in self._token_counts:
            self._token_counts[text] = len(self.tokenizer.encode(text.split()).tokens)
        return min(self._token_counts[text], self.recipe.tokens)

    def _draw(self, kind: str, count: int, rng: np.random.Generator) -> list[Row]:
        if kind == "pairs":
            return self._draw_pairs(count, rng)
        found: list[Row] = []
        sources = self._alone[kind]
        if not sources:
            raise CannotTrain(f"The recipe asks for steps of {kind}, but no corpus given has any.")
        named: dict[str, float] = getattr(self.recipe, kind)
        total = sum(named[source] for source in sources)
        for source, members in sources.items():
            share = round(count * named[source] / total)
            # Without replacement as far as the corpus goes, so that an epoch sees most of it.
            often = share > (self._chances[source] > 0).sum()
            picked = rng.choice(len(members), share, replace=often, p=self._chances[source])
            found += [members[each] for each in picked]
        return found

    def _draw_pairs(self, count: int, rng: np.random.Generator) -> list[Row]:
        names = list(self.recipe.pairs)
        chances = np.array([self.recipe.pairs[name] for name in names])
        ways = rng.choice(len(names), count, p=chances / chances.sum())
        found = [row for way in ways if (row := self._pairs.draw(names[way], rng))]
        if not found:
            raise CannotTrain("The recipe asks for pairs, but the corpora given cannot be joined.")
        return found

    def _source(self, row: Row) -> str:
        return row.source if row.source in self._priors else "pairs"

    def _voice(self, row: Row, rng: np.random.Generator) -> np.ndarray | None:
        if row.voice is None:
            return None
        return augment.change(self.sounds[row.voice], self.recipe.seconds, rng)

    def _encode(self, text: str, rng: np.random.Generator):  # noqa: ANN202 (Encoded or None)
        words = text.split()
        kept = [word for word in words if rng.random() >= self.recipe.drop_word]
        return _cut(self.tokenizer.encode(kept or words), self.recipe.tokens) if words else None

    def _mix(self, voices, shares, affect, rng):  # noqa: ANN001, ANN202 (see make)
        mixed = list(voices)
        shares, affect = shares.copy(), affect.copy()
        others = rng.permutation(len(voices))
        for index, other in enumerate(others):
            if rng.random() < self.recipe.mix and index != other:
                part = rng.uniform(0.6, 1.0)
                mixed[index] = augment.mix(voices[index], voices[other], part)
                shares[index] = part * shares[index] + (1 - part) * shares[other]
                affect[index] = part * affect[index] + (1 - part) * affect[other]
        return mixed, shares, affect

    def _drop_sides(self, voices, words, rng):  # noqa: ANN001, ANN202 (see make)
        for index in range(len(voices)):
            chance = rng.random()
            if chance < self.recipe.drop_side:
                voices[index] = None if words[index] else voices[index]
            elif chance < 2 * self.recipe.drop_side:
                words[index] = None if voices[index] is not None else words[index]
        return voices, words


def by_length(
    found: Sequence[Row], size: int, length: Callable[[Row], float], pool: int
) -> Iterator[tuple[Row, ...]]:
    """Cuts rows into batches of rows that are about as long as each other.

    Args:
        found: The rows; they are sorted within stretches of `pool` batches.
        size: Rows in a batch.
        length: How long a row is.
        pool: Over how many batches rows are sorted; the larger, the less padding and chance.
    """
    # Rows come source by source, so they are first dealt out evenly.
    spread = np.random.default_rng(len(found)).permutation(len(found))
    for start in range(0, len(found), size * pool):
        near = sorted((found[each] for each in spread[start : start + size * pool]), key=length)
        for first in range(0, len(near), size):
            yield tuple(near[first : first + size])


def _cut(encoded: Encoded, most: int) -> Encoded:
    return Encoded(encoded.tokens[:most], encoded.words[:most])


def _sources(
    named: dict[str, float],
    samples: Sequence[Sample],
    make: Callable[[Sample], Row],
    needs_label: bool = False,
) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for sample in samples:
        if sample.source in named and (sample.audio or sample.text):
            row = make(sample)
            taught = row.shares is not None or not np.isnan(row.affect[0])
            if row.shares is not None or (taught and not needs_label):
                found.setdefault(sample.source, []).append(row)
    return found


def _pairs(recipe: Recipe, samples: Sequence[Sample], heard: Sequence[Sample]) -> Pairs:
    return Pairs(
        voices=[each for each in heard if each.source in recipe.voice],
        texts=[each for each in samples if each.source in recipe.words],
        plain=[each for each in samples if each.source in recipe.plain_text],
        real=[each for each in heard if each.part == "emotional-to-emotional"],
    )
