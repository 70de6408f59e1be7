"""Where rows come from, and how they are drawn for a batch of each kind."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from emotion.model.config import combination
from train import rows
from train.corpora.sample import Sample
from train.errors import CannotTrain
from train.pairs import Pairs
from train.recipe import ALL, Recipe
from train.rows import Row
from train.sounds import Sounds

Members = dict[str, list[Row]]  # by source


class Sources:
    """The rows that a recipe trains on.

    Args:
        recipe: What it trains on.
        samples: The training side.
        sounds: Its voices and bodies.
    """

    def __init__(self, recipe: Recipe, samples: Sequence[Sample], sounds: Sounds) -> None:
        self.recipe = recipe
        heard = [sample for sample in samples if sample in sounds]
        self.members: dict[str, Members] = {
            "voice": _named(recipe.voice, heard, self._row_of("voice"), needs_label=True),
            "words": _named(recipe.words, samples, self._row_of("words")),
            "spoken": _spoken(recipe, samples, sounds),
        }
        if recipe.steps.get("spoken") == ALL and not self.members["spoken"]:
            raise CannotTrain(
                "No utterance on the training side has a feeling that is known and the sides that "
                f"the model takes: {', '.join(recipe.model.sides)}."
            )
        self.pairs = _pairs(recipe, samples, heard)
        self.chances: dict[tuple[str, str], np.ndarray] = {}
        self.priors: dict[tuple[str, str], np.ndarray] = {}
        for kind, members in self.members.items():
            balance = 0.0 if recipe.steps.get(kind) == ALL else recipe.balance
            for source, mine in members.items():
                self.chances[kind, source] = rows.weights(mine, balance)
                self.priors[kind, source] = rows.prior(mine, self.chances[kind, source])
        self._numbers = {source: n for n, (_, source) in enumerate(self.priors)}

    def n_rows(self, kind: str) -> int:
        """How many rows of a kind an epoch has."""
        steps = self.recipe.steps.get(kind, 0)
        if steps == ALL:
            return sum(map(len, self.members[kind].values()))
        return int(steps) * self.recipe.batch.get(kind, 0)

    def n_batches(self, kind: str) -> int:
        """How many batches of a kind an epoch has."""
        return -(-self.n_rows(kind) // self.recipe.batch.get(kind, 1))

    def draw(self, kind: str, count: int, rng: np.random.Generator) -> list[Row]:
        """Draws about `count` rows for batches of a kind."""
        if kind == "pairs":
            return self._draw_pairs(count, rng)
        if not self.members[kind]:
            raise CannotTrain(f"The recipe asks for steps of {kind}, but no corpus given has any.")
        return self._draw_spoken(count, rng) if kind == "spoken" else self._draw(kind, count, rng)

    def prior(self, kind: str, row: Row) -> np.ndarray:
        """How often each label is met where a row comes from, `[labels]`."""
        n_labels = len(self.recipe.model.labels)
        known = self.priors.get(("voice" if kind == "pairs" else kind, row.source))
        return np.full(n_labels, 1 / n_labels) if known is None else known

    def number(self, row: Row) -> int:
        """A number for the source of a row."""
        return self._numbers.get(row.source, len(self._numbers))

    def _row_of(self, side: str) -> Callable[[Sample], Row]:
        return lambda sample: rows.of_sides(sample, (side,), self.recipe.model.labels)

    def _draw(self, kind: str, count: int, rng: np.random.Generator) -> list[Row]:
        found: list[Row] = []
        named: dict[str, float] = getattr(self.recipe, kind)
        total = sum(named[source] for source in self.members[kind])
        for source, members in self.members[kind].items():
            share = round(count * named[source] / total)
            found += _pick(members, share, self.chances[kind, source], rng)
        return found

    def _draw_spoken(self, count: int, rng: np.random.Generator) -> list[Row]:
        members = [row for mine in self.members["spoken"].values() for row in mine]
        if self.recipe.steps["spoken"] == ALL:
            passes = -(-count // len(members))
            order = np.concatenate([rng.permutation(len(members)) for _ in range(passes)])
            return [members[each] for each in order[:count]]
        # A source counts as much as it has rows.
        chances = [
            self.chances["spoken", source] * len(mine)
            for source, mine in self.members["spoken"].items()
        ]
        return _pick(members, count, np.concatenate(chances) / len(members), rng)

    def _draw_pairs(self, count: int, rng: np.random.Generator) -> list[Row]:
        names = list(self.recipe.pairs)
        chances = np.array([self.recipe.pairs[name] for name in names])
        ways = rng.choice(len(names), count, p=chances / chances.sum())
        found = [row for way in ways if (row := self.pairs.draw(names[way], rng))]
        if not found:
            raise CannotTrain("The recipe asks for pairs, but the corpora given cannot be joined.")
        return found


def _pick(
    members: Sequence[Row], count: int, chances: np.ndarray, rng: np.random.Generator
) -> list[Row]:
    # Without replacement as far as they go, so that an epoch sees most of them.
    often = count > (chances > 0).sum()
    return [members[each] for each in rng.choice(len(members), count, replace=often, p=chances)]


def _named(
    named: dict[str, float],
    samples: Iterable[Sample],
    make: Callable[[Sample], Row],
    needs_label: bool = False,
) -> Members:
    found: Members = {}
    for sample in samples:
        if sample.source in named and (sample.audio or sample.text):
            row = make(sample)
            if row.shares is not None or (not np.isnan(row.affect[0]) and not needs_label):
                found.setdefault(sample.source, []).append(row)
    return found


def _spoken(recipe: Recipe, samples: Iterable[Sample], sounds: Sounds) -> Members:
    """What teaches something, with as many of the model's sides as it has.

    An utterance that has a combination of sides which the model is not made for is left out.
    """
    found: Members = {}
    if not recipe.steps.get("spoken"):
        return found
    sides = {*recipe.sides} & {*recipe.model.sides}
    for sample in samples:
        lacks = {"voice": sample not in sounds, "body": sounds.body(sample) is None}
        mine = {side for side in sides if not lacks.get(side)}
        row = rows.of_sides(sample, mine, recipe.model.labels, recipe.votes)
        given = (row.voice is not None, bool(row.text), row.body is not None)
        fits = any(given) and combination(*given) in recipe.model.combinations
        if fits and (row.shares is not None or not np.isnan(row.affect).all()):
            found.setdefault(sample.source, []).append(row)
    return found


def _pairs(recipe: Recipe, samples: Sequence[Sample], heard: Sequence[Sample]) -> Pairs:
    return Pairs(
        voices=[each for each in heard if each.source in recipe.voice],
        texts=[each for each in samples if each.source in recipe.words],
        plain=[each for each in samples if each.source in recipe.plain_text],
        real=[each for each in heard if each.part == "emotional-to-emotional"],
        mistaken=recipe.mistaken,
    )
