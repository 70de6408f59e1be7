"""A recipe: everything that decides how a model comes out, read from a short YAML file."""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from emotion.model.config import ModelConfig, from_dict
from train.errors import CannotTrain
from train.pairs import WAYS

KINDS = ("voice", "words", "pairs")


@dataclass(frozen=True)
class Recipe:
    """How a model is made; the defaults are what the tests and small tries use."""

    about: str = ""
    """What this recipe makes, for its card."""
    seed: int = 1
    """The one seed that everything random follows."""
    model: ModelConfig = field(default_factory=ModelConfig)
    """The model's shape."""
    voice: dict[str, float] = field(default_factory=dict)
    """Sources of voices, and the share of each in a batch of voices."""
    words: dict[str, float] = field(default_factory=dict)
    """Corpora of words, and the share of each in a batch of words."""
    pairs: dict[str, float] = field(default_factory=dict)
    """Ways to join a voice with words (pairs.WAYS), and the share of each in a batch of pairs."""
    plain_text: tuple[str, ...] = ()
    """Sources whose sentences have no feeling, for pairs in which the voice alone decides."""
    most_rows: dict[str, int] = field(default_factory=dict)
    """At most so many training rows of a corpus."""
    warm_words: int = 0
    """Texts from which a bag of tokens learns the model's first tokens; 0 starts at random."""
    warm_voices: int = 0
    """Voices from which a linear model learns the first summary of a voice; 0 starts at random."""
    epochs: int = 1
    """How often the development side is looked at; the best of these is kept."""
    steps: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 10))
    """Batches of each kind in an epoch."""
    batch: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 16))
    """Utterances in a batch of each kind."""
    rate: float = 1e-3
    """The highest learning rate."""
    warmup: float = 0.05
    """The share of all steps in which the rate rises; then it falls as a cosine."""
    decay: float = 0.05
    """AdamW's weight decay."""
    clip: float = 1.0
    """The largest norm of a gradient."""
    average: float = 0.999
    """How much of the averaged weights, which are the ones kept, stays at each step."""
    smoothing: float = 0.05
    """The share of each label that is spread over all seven."""
    balance: float = 0.5
    """How far rare labels are drawn more often: 0 as they come, 1 all alike."""
    affect: float = 0.5
    """The weight of valence and arousal beside the label."""
    drop_side: float = 0.15
    """How often a pair loses its voice, and as often its words."""
    drop_word: float = 0.1
    """How often a word is left out."""
    seconds: float = 4.0
    """The longest stretch of a voice in training; longer ones are cut at a random place."""
    tokens: int = 64
    """The most tokens of a text in training; what comes after is not read."""
    mix: float = 0.25
    """How often a voice is mixed with another of its batch, its label likewise."""


def load(path: Path) -> Recipe:
    """Reads a recipe; an unknown key, or one that does not fit, is refused."""
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        recipe: Recipe = from_dict(values, Recipe)
    except OSError as error:
        raise CannotTrain(f"The recipe {path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, ValueError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())
        raise CannotTrain(f"The recipe {path} cannot be used: {reason}.") from error
    _check(recipe, path)
    return recipe


def _check(recipe: Recipe, path: Path) -> None:
    for name in ("steps", "batch"):
        unknown = sorted(set(getattr(recipe, name)) - set(KINDS))
        if unknown:
            raise CannotTrain(f"The recipe {path} has an unknown {name} kind: {unknown[0]}.")
    strange = sorted(set(recipe.pairs) - set(WAYS))
    if strange:
        raise CannotTrain(
            f"The recipe {path} joins pairs by {strange[0]!r}; there are {', '.join(WAYS)}."
        )
    if not any(recipe.steps.get(kind) for kind in KINDS) or recipe.epochs < 1:
        raise CannotTrain(f"The recipe {path} asks for no step at all.")
