"""Batches: each of one kind, sorted by length so that padding is small, and repeatable."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from emotion.model import Encoded, Inputs, Reader, collate
from emotion.model import Row as Utterance
from emotion.model.config import SIDES
from emotion.model.tokens import NO_WORD
from train import augment, nothing, parallel
from train.corpora.sample import Sample
from train.recipe import Recipe
from train.rows import UNKNOWN, Row
from train.sounds import Sounds
from train.sources import Sources

Item = TypeVar("Item")
RATE = 16_000
POOL = 12  # batches that are sorted by length together
NOTHING = "nothing"  # the source of what nobody spoke or wrote
TOKEN_SECONDS = 0.05  # what a token counts for beside a second of voice, in sorting pairs


# Of one row: its shares, its valence and arousal, its source's prior, and its source's number.
Truth = tuple[Tensor, Tensor, Tensor, Tensor]


@dataclass(frozen=True)
class Batch:
    """What a pass through the model needs.

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
        self,
        recipe: Recipe,
        samples: Sequence[Sample],
        sounds: Sounds,
        tokenizer: Reader | None,
    ) -> None:
        self.recipe, self.sounds, self.tokenizer = recipe, sounds, tokenizer
        self.sources = Sources(recipe, samples, sounds)
        self._token_counts: dict[str, int] = {}

    @property
    def n_steps(self) -> int:
        """About how many steps an epoch has; a source may give fewer batches than asked for."""
        n_batches = sum(self.sources.n_batches(kind) for kind in self.recipe.steps)
        return -(-n_batches // self.recipe.accumulate)

    def steps(self, number: int) -> list[tuple[Draw, ...]]:
        """The steps of an epoch, in order: what goes through the model before each is taken."""
        draws, size = self.epoch(number), self.recipe.accumulate
        lots = [draws[start : start + size] for start in range(0, len(draws), size)]
        return [tuple(part for draw in lot for part in self.bounded(draw)) for lot in lots]

    def epoch(self, number: int) -> list[Draw]:
        """The batches of an epoch, in order."""
        draws = []
        for index, kind in enumerate(sorted(self.recipe.steps)):
            rng = np.random.default_rng((self.recipe.seed, number, index))
            n_rows, n_batches = self.sources.n_rows(kind), self.sources.n_batches(kind)
            found = self.sources.draw(kind, n_rows, rng) if n_rows else []
            size = self.recipe.batch.get(kind, 1)
            for lot in list(by_length(found, size, self.length, POOL))[:n_batches]:
                draws.append((kind, lot))
        order = np.random.default_rng((self.recipe.seed, number)).permutation(len(draws))
        return [Draw(draws[i][0], draws[i][1], (self.recipe.seed, number, int(i))) for i in order]

    def bounded(self, draw: Draw) -> list[Draw]:
        """Cuts a batch into as many as it takes for none to have too many padded seconds."""
        most = self.recipe.padded_seconds * parallel.size()
        lots: list[list[Row]] = [[]]
        longest = 0.0
        for row in sorted(draw.rows, key=self.seconds):
            longest = max(longest, self.seconds(row))
            if lots[-1] and longest * (len(lots[-1]) + 1) > most:
                lots.append([])
            lots[-1].append(row)
        if len(lots) == 1:
            return [draw]
        return [replace(draw, rows=tuple(lot), seed=(*draw.seed, n)) for n, lot in enumerate(lots)]

    def make(self, draw: Draw) -> Batch:
        """Makes a batch: loads and changes the voices, reads the words, drops sides."""
        rng = np.random.default_rng(draw.seed)
        n_labels = len(self.recipe.model.labels)
        rows = [self._or_nothing(draw.kind, row, rng) for row in draw.rows]
        voices = [self._voice(row, rng) for row in rows]
        shares = np.array([row.shares or (0.0,) * n_labels for row in rows])
        affect = np.array([row.affect for row in rows])
        words = [self._encode(row, rng) for row in rows]
        bodies = [self.sounds.body(row.body) if row.body else None for row in rows]
        if all(side is None for side in (*words, *bodies)):
            voices, shares, affect = self._mix(voices, shares, affect, rng)
        utterances = list(map(Utterance, voices, words, bodies))
        if draw.kind in ("pairs", "spoken"):
            utterances = [self._drop_side(each, rng.random()) for each in utterances]
        priors = np.array([self.sources.prior(draw.kind, row) for row in rows])
        return Batch(
            draw.kind,
            collate(utterances),
            torch.tensor(shares, dtype=torch.float32),
            torch.tensor(affect, dtype=torch.float32),
            torch.tensor(priors, dtype=torch.float32),
            torch.tensor([self.sources.number(row) for row in rows]),
        )

    def read(self, count: int, rng: np.random.Generator) -> list[tuple[Encoded, Truth]]:
        """Draws texts as they are, each with its truth."""
        assert self.tokenizer is not None
        kind = self._kind_of("words")
        rows = [row for row in self.sources.draw(kind, count, rng) if row.text]
        texts = (self.tokenizer.encode(row.text.split()) for row in rows)
        return [
            (_cut(text, self.recipe.tokens), self._truth(kind, row))
            for text, row in zip(texts, rows, strict=True)
        ]

    def hear(self, count: int, rng: np.random.Generator) -> list[tuple[np.ndarray, Truth]]:
        """Draws changed voices, each with its truth."""
        kind = self._kind_of("voice")
        rows = self.sources.draw(kind, count, rng)
        heard = ((self._voice(row, rng), row) for row in rows)
        return [(voice, self._truth(kind, row)) for voice, row in heard if voice is not None]

    def length(self, row: Row) -> float:
        """How long a row is, in seconds of voice and what its tokens count for."""
        return self.seconds(row) + TOKEN_SECONDS * self._n_tokens(row.text)

    def seconds(self, row: Row) -> float:
        """How many seconds of a row's voice are heard."""
        if row.voice is None:
            return 0.0
        length = self.sounds.lengths[row.voice.corpus, row.voice.id]
        return min(length / RATE, self.recipe.seconds)

    def _kind_of(self, side: str) -> str:
        return side if self.sources.members[side] else "spoken"

    def _truth(self, kind: str, row: Row) -> Truth:
        return (
            torch.tensor(row.shares or (0.0,) * len(self.recipe.model.labels)),
            torch.tensor(row.affect),
            torch.tensor(self.sources.prior(kind, row), dtype=torch.float32),
            torch.tensor(self.sources.number(row)),
        )

    def _n_tokens(self, text: str) -> int:
        if self.tokenizer is None:
            return 0
        if text not in self._token_counts:
            self._token_counts[text] = len(self.tokenizer.encode(text.split()).tokens)
        return min(self._token_counts[text], self.recipe.tokens)

    def _or_nothing(self, kind: str, row: Row, rng: np.random.Generator) -> Row:
        """The row, or as long a one that says nothing."""
        if kind not in ("voice", "words") or rng.random() >= self.recipe.nothing:
            return row
        n_labels = len(self.recipe.model.labels)
        even = (1 / n_labels,) * n_labels
        return replace(row, shares=even, affect=UNKNOWN, source=NOTHING)

    def _voice(self, row: Row, rng: np.random.Generator) -> np.ndarray | None:
        if row.voice is None:
            return None
        if row.source == NOTHING:
            return nothing.sound(self.seconds(row), rng)
        voice = self.sounds[row.voice]
        if not self.recipe.augment:
            return voice[: int(self.recipe.seconds * RATE)]
        return augment.change(voice, self.recipe.seconds, rng)

    def _encode(self, row: Row, rng: np.random.Generator) -> Encoded | None:
        words = (nothing.text(rng) if row.source == NOTHING and row.text else row.text).split()
        if not words or self.tokenizer is None:
            return None
        kept = [word for word in words if rng.random() >= self.recipe.drop_word]
        return _cut(self.tokenizer.encode(kept or words), self.recipe.tokens)

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

    def _drop_side(self, utterance: Utterance, chance: float) -> Utterance:
        """Leaves one side out at times, each as often, but never the last."""
        sides = [name for name in SIDES if getattr(utterance, name) is not None]
        for number, name in enumerate(SIDES, 1):
            if chance < number * self.recipe.drop_side:
                dropped = name in sides and len(sides) > 1
                return utterance._replace(**{name: None}) if dropped else utterance
        return utterance


def by_length(
    found: Sequence[Item], size: int, length: Callable[[Item], float], pool: int
) -> Iterator[tuple[Item, ...]]:
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
    if len(encoded.tokens) <= most:
        return encoded
    # What a tokenizer of a whole sentence ends it with stays its end.
    end = slice(-1 if encoded.words[-1] == NO_WORD else len(encoded.words), None)
    rest = most - len(encoded.tokens[end])
    return Encoded(
        encoded.tokens[:rest] + encoded.tokens[end], encoded.words[:rest] + encoded.words[end]
    )
