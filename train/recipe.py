"""A recipe: everything that decides how a model comes out, read from a short YAML file."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from emotion.labels import LABELS
from emotion.model import fusion
from emotion.model.config import SIDES, ModelConfig, combination
from emotion.model.settings import from_dict
from train.errors import CannotTrain
from train.losses import LossSettings
from train.pairs import WAYS
from train.splits import EVERYTHING

KINDS = ("voice", "words", "pairs", "spoken")
PARTS = (*SIDES, "fusion")
SCHEDULES = ("cosine", "constant")
PRECISIONS = ("float32", "bf16", "fp16")
ALL = "all"
DEEP = ("model", "loss")  # whose values are replaced one by one
LEAST = {
    **dict.fromkeys(("seed", "fold", "patience", "warm_words", "warm_voices", "decay"), 0),
    **dict.fromkeys(("epochs", "accumulate", "tokens"), 1),
}
ABOVE_ZERO = ("rate", "clip", "seconds", "padded_seconds", "epsilon")
COUNTED = ("batch", "steps", "most_rows", "voice", "words", "pairs")
OUT_OF_ONE = (
    "warmup",
    "average",
    "balance",
    "mistaken",
    "drop_side",
    "drop_word",
    "nothing",
    "mix",
)
# What a stage cannot change, because all stages share it.
SHARED = ("about", "seed", "protocol", "fold", "held_out", "model", "start", "most_rows", "stages")


@dataclass(frozen=True)
class Recipe:
    """How a model is made; the defaults are what the tests and small tries use."""

    about: str = ""
    """What this recipe makes, for its card."""
    seed: int = 1
    """The one seed that everything random follows."""
    protocol: str | None = None
    """A published way to divide the corpora (protocols.PROTOCOLS); None: each by its plan."""
    fold: int = 0
    """Which of the protocol's folds is tested."""
    held_out: str = ""
    """For the protocol "everything": a checkpoint of the same recipe that did hold some out, whose
    figures and temperatures are these weights' as well."""
    model: ModelConfig = field(default_factory=ModelConfig)
    """The model's shape."""
    start: dict[str, str] = field(default_factory=dict)
    """Checkpoints that sides are taken from, each with all that belongs to it alone."""
    stages: tuple[dict[str, Any], ...] = ()
    """Parts of the training, run one after another on the one model: what each changes."""
    name: str = ""
    """What a stage is called in the log."""
    learns: tuple[str, ...] = PARTS
    """Which of PARTS learn: a side's encoder with all that belongs to it alone, and the rest,
    "fusion". What does not is frozen, and runs as it does in use."""
    sides: tuple[str, ...] = SIDES
    """Which of their sides rows of `spoken` show, and on which the development side is asked."""
    voice: dict[str, float] = field(default_factory=dict)
    """Sources of voices, and the share of each in a batch of voices."""
    words: dict[str, float] = field(default_factory=dict)
    """Corpora of words, and the share of each in a batch of words."""
    pairs: dict[str, float] = field(default_factory=dict)
    """Ways to join a voice with words (pairs.WAYS), and the share of each in a batch of pairs."""
    mistaken: float = 0.0
    """How often a side of a joined pair is of another feeling than it should be, see pairs."""
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
    patience: int = 0
    """Stop after so many epochs in a row without a better one; 0 never does."""
    steps: dict[str, int | str] = field(default_factory=lambda: dict.fromkeys(KINDS[:3], 10))
    """Batches of each kind in an epoch; "all", for `spoken`, sees each row once."""
    batch: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 16))
    """Utterances in a batch of each kind, over all processes."""
    accumulate: int = 1
    """Batches whose gradients make one step."""
    padded_seconds: float = 160.0
    """The most seconds of voice, padding counted, in one pass through the model; a batch of more
    takes several passes, for its gradient and for what its loss compares rows with."""
    rate: float = 1e-3
    """The highest learning rate."""
    warmup: float = 0.05
    """The share of all steps in which the rate rises."""
    schedule: str = "cosine"
    """What the rate does then: falls as a "cosine", or stays "constant"."""
    betas: tuple[float, float] = (0.9, 0.98)
    """AdamW's memory of the gradient and of its square."""
    epsilon: float = 1e-8
    """What AdamW adds to the root that it divides by."""
    decay: float = 0.05
    """AdamW's weight decay."""
    clip: float = 1.0
    """The largest norm of a gradient."""
    precision: str = "bf16"
    """What a GPU computes in: "bf16", "fp16" or "float32"; a CPU always in the last."""
    average: float = 0.999
    """How much of the averaged weights, which are the ones kept, stays at each step; 0 keeps the
    weights as they are."""
    loss: LossSettings = field(default_factory=LossSettings)
    """What is made small."""
    votes: bool = False
    """Whether rows of `spoken` are taught what raters said, and not the label that came of it."""
    balance: float = 0.5
    """How far rare labels are drawn more often: 0 as they come, 1 all alike; not where an epoch
    sees each row once."""
    drop_side: float = 0.15
    """How often an utterance of several sides loses one, each of them as often."""
    drop_word: float = 0.1
    """How often a word is left out."""
    augment: bool = True
    """Whether a voice's ends, speed, colour and noise are changed at random."""
    seconds: float = 4.0
    """The longest stretch of a voice in training; longer ones are cut, at a random place where
    voices are changed."""
    tokens: int = 64
    """The most tokens of a text in training; what comes after is not read."""
    remember: bool = True
    """Whether what frozen encoders say is kept on disk, in half precision, where what they read
    is not changed at random."""
    nothing: float = 0.0
    """How often a row of voices or of words is a sound that nobody spoke, or letters that nobody
    wrote, with every label as likely (see nothing)."""
    mix: float = 0.25
    """How often a voice that is shown alone is mixed with another of its batch, its label
    likewise."""

    def parts(self) -> list["Recipe"]:
        """The recipe of each stage; this one, where there is only one."""
        if not self.stages:
            return [self]
        whole = to_json(replace(self, stages=()))
        return [from_dict(merged(whole, stage), Recipe) for stage in self.stages]


def load(path: Path, changes: Mapping[str, Any] | None = None) -> Recipe:
    """Reads a recipe; an unknown key, or one that does not fit, is refused.

    Args:
        path: The file. Its `base` is another file beside it, whose values it replaces.
        changes: What replaces values of the recipe in turn, for a variant of it.
    """
    try:
        recipe = settled(from_dict(merged(_read(path), changes or {}), Recipe))
        for stage, part in zip(recipe.stages or [{}], recipe.parts(), strict=True):
            _check(part, stage)
    except OSError as error:
        raise CannotTrain(f"The recipe {path} cannot be read: {error.strerror}.") from error
    except (yaml.YAMLError, ValueError, TypeError, AttributeError) as error:
        reason = " ".join(str(error).split())
        raise CannotTrain(f"The recipe {path} cannot be used: {reason}.") from error
    return recipe


def merged(values: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe's values with some replaced: those of DEEP one by one, all others whole."""
    found = dict(values)
    for name, value in changes.items():
        found[name] = _blend(found.get(name), value) if name in DEEP else value
    return found


def to_json(recipe: Recipe) -> dict[str, Any]:
    """What YAML and JSON can hold of a recipe."""
    return _lists(dataclasses.asdict(recipe))


def settled(recipe: Recipe) -> Recipe:
    """The recipe with a model that is trained for what its sides allow."""
    model = recipe.model
    whole = combination(**dict.fromkeys(model.sides, True))
    return replace(recipe, model=replace(model, combinations=model.able or (whole,)))


def _read(path: Path, seen: tuple[Path, ...] = ()) -> dict[str, Any]:
    values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    if not isinstance(values, dict):
        raise ValueError("it is no list of names and values")
    base = values.pop("base", None)
    if base is None:
        return values
    if path in seen:
        raise ValueError(f"it is its own base, by way of {base}")
    return merged(_read(path.parent / base, (*seen, path)), values)


def _blend(old: Any, new: Any) -> Any:  # noqa: ANN401 (whatever YAML holds)
    if not isinstance(old, Mapping) or not isinstance(new, Mapping):
        return new
    if "kind" in new and new["kind"] != old.get("kind"):
        return new  # another encoder shares no settings with the one before
    return {**old, **{name: _blend(old.get(name), value) for name, value in new.items()}}


def _lists(value: Any) -> Any:  # noqa: ANN401 (whatever a dataclass holds)
    if isinstance(value, Mapping):
        return {name: _lists(each) for name, each in value.items()}
    return [_lists(each) for each in value] if isinstance(value, list | tuple) else value


def _check(recipe: Recipe, stage: Mapping[str, Any]) -> None:
    """Raises ValueError for what the dataclass alone does not refuse."""
    for name, least in LEAST.items():
        if getattr(recipe, name) < least:
            raise ValueError(f"{name} is below {least}")
    for name in ABOVE_ZERO:
        if getattr(recipe, name) <= 0:
            raise ValueError(f"{name} has to be above 0")
    for name in OUT_OF_ONE:
        if not 0 <= getattr(recipe, name) <= 1:
            raise ValueError(f"{name} is a share, between 0 and 1")
    for name in COUNTED:
        if any(isinstance(n, int | float) and n < 0 for n in getattr(recipe, name).values()):
            raise ValueError(f"{name} holds a number below 0")
    if not all(0 <= beta < 1 for beta in recipe.betas):
        raise ValueError("betas are shares, from 0 to below 1")
    one_of = {
        "stage setting that stages share": (sorted(set(stage) & set(SHARED)), ()),
        "steps kind": (recipe.steps, KINDS),
        "batch kind": (recipe.batch, KINDS),
        "way to join pairs": (recipe.pairs, WAYS),
        "part in learns": (recipe.learns, PARTS),
        "side": (recipe.sides, SIDES),
        "side in start": (recipe.start, recipe.model.sides),
        "schedule": ([recipe.schedule], SCHEDULES),
        "precision": ([recipe.precision], PRECISIONS),
    }
    fusion.check(recipe.model)
    if (recipe.protocol == EVERYTHING) != bool(recipe.held_out):
        raise ValueError(f"the protocol {EVERYTHING!r} needs held_out, and no other does")
    for what, (named, known) in one_of.items():
        strange = [name for name in named if name not in known]
        if strange:
            raise ValueError(f"unknown {what}: {strange[0]} (there are {', '.join(known)})")
    words = {kind: steps for kind, steps in recipe.steps.items() if isinstance(steps, str)}
    if any((kind, steps) != ("spoken", ALL) for kind, steps in words.items()):
        raise ValueError(f"steps are a number, or for spoken {ALL!r}")
    if not any(recipe.steps.values()) or recipe.epochs < 1:
        raise ValueError("it asks for no step at all")
    if not all(recipe.batch.get(kind) for kind, steps in recipe.steps.items() if steps):
        raise ValueError("each kind that has steps needs a batch")
    if recipe.steps.get("pairs") and set(recipe.model.labels) != set(LABELS):
        raise ValueError("pairs are joined by the seven labels, and the model has others")
