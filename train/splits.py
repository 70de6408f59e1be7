"""Who is trained on, who is developed on, and who is tested: never the same speaker twice.

A split depends on nothing but the samples themselves and one seed, so that `evaluate` finds the
same test side years later without a list of names.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from train.corpora.sample import Sample
from train.errors import CannotTrain

SEED = "emotion-1"
SIDES = ("train", "dev", "test")
Key = Callable[[Sample], str]


@dataclass(frozen=True)
class Plan:
    """How the samples of one source are divided.

    Attributes:
        by: What may not stand on two sides: every key of a sample has to be on the same side, and
            a sample whose keys disagree is left out.
        dev: The share of each key's values that goes to development.
        test: The share of each key's values that is tested.
        within: Values are drawn apart within each of these, so that no side lacks one.
        published: The corpus's own sides, where it has them.
    """

    by: tuple[Key, ...]
    dev: float
    test: float
    within: Key = lambda sample: ""
    published: dict[str, str] = field(default_factory=dict)


def speaker(sample: Sample) -> str:
    """Who speaks."""
    return sample.speaker


def sentence(sample: Sample) -> str:
    """Which sentence of a script is said."""
    return sample.sentence


def text(sample: Sample) -> str:
    """What is written, so that the same line twice is on one side."""
    return " ".join(sample.text.casefold().split())


# A source without a plan teaches, and is never tested on.
PLANS = {
    "ravdess": Plan((speaker,), 0.15, 0.25, within=lambda sample: sample.sex),
    "nemo": Plan((speaker,), 0.15, 0.25, within=lambda sample: sample.sex),
    "emotiontts/plain-to-emotional": Plan((speaker,), 0.0, 1 / 3),
    # Its sentences give the emotion away; with 4 of each there are none to spare for development.
    "emotiontts/emotional-to-emotional": Plan((speaker, sentence), 0.0, 0.4),
    "kote": Plan((text,), 0.1, 0.3),
    "goemotions": Plan((text,), 0.05, 0.0, published={"dev": "test"}),
    "emobank": Plan((text,), 0.08, 0.0, published={"dev": "test"}),
    "nsmc": Plan((text,), 0.01, 0.02),
    "va_kor": Plan((text,), 0.1, 0.15),
}


@dataclass(frozen=True)
class Split:
    """The three sides, none of which shares a speaker with another."""

    train: list[Sample]
    dev: list[Sample]
    test: list[Sample]


def split(samples: Iterable[Sample]) -> Split:
    """Divides the samples of any corpora, each source by its plan."""
    sides: dict[str, list[Sample]] = {side: [] for side in SIDES}
    for source, members in _by(samples, lambda sample: sample.source).items():
        plan = PLANS.get(source)
        for sample, side in zip(members, _sides(members, plan), strict=True):
            if side:
                sides[side].append(sample)
    done = Split(**sides)
    refuse_overlap(done)
    return done


def refuse_overlap(done: Split) -> None:
    """Raises CannotTrain if something that may only be on one side is on two."""
    for name, key in (("speaker", speaker), ("sentence", sentence), ("text", text)):
        seen: dict[tuple[str, str], str] = {}
        for side in SIDES:
            for sample in getattr(done, side):
                plan = PLANS.get(sample.source)
                if not key(sample) or not (key is speaker or (plan and key in plan.by)):
                    continue
                owner = seen.setdefault((sample.source, key(sample)), side)
                if owner != side:
                    raise CannotTrain(
                        f"The {name} {key(sample)!r} of {sample.source} is on both the {owner} "
                        f"and the {side} side, so the figures would be worth nothing."
                    )


def order(value: str) -> str:
    """A fixed order that has nothing to do with the values themselves."""
    return hashlib.sha256(f"{SEED}:{value}".encode()).hexdigest()


def _sides(samples: Sequence[Sample], plan: Plan | None) -> list[str]:
    """The side of each sample; empty where its keys disagree."""
    if plan is None:
        return ["train"] * len(samples)
    found = [_side_of_each(samples, key, plan) for key in plan.by]
    return [sides[0] if len(set(sides)) == 1 else "" for sides in zip(*found, strict=True)]


def _side_of_each(samples: Sequence[Sample], key: Key, plan: Plan) -> list[str]:
    side_of: dict[str, str] = {}
    for sample in samples:
        if plan.published.get(sample.part):
            side_of[key(sample)] = plan.published[sample.part]
    free = [sample for sample in samples if key(sample) not in side_of]
    for members in _by(free, lambda sample: _stratum(sample, key, plan)).values():
        side_of |= _deal(sorted({key(sample) for sample in members}, key=order), plan)
    return [side_of[key(sample)] for sample in samples]


def _stratum(sample: Sample, key: Key, plan: Plan) -> str:
    # A script's sentences belong to their emotions, so each emotion keeps some on every side.
    return sample.label or "" if key is sentence else plan.within(sample)


def _deal(values: Sequence[str], plan: Plan) -> dict[str, str]:
    n_test, n_dev = round(plan.test * len(values)), round(plan.dev * len(values))
    side_of = dict.fromkeys(values, "train")
    side_of |= dict.fromkeys(values[:n_test], "test")
    return side_of | dict.fromkeys(values[n_test : n_test + n_dev], "dev")


def _by(samples: Iterable[Sample], key: Key) -> dict[str, list[Sample]]:
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(key(sample), []).append(sample)
    return groups
