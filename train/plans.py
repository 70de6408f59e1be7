"""Each corpus's own division, by what may not stand on two sides."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from train.corpora.sample import Sample

SEED = "emotion-1"
LETTERS = re.compile(r"\w+")
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
        least: How many values are developed on and tested at least, where there are enough.
    """

    by: tuple[Key, ...]
    dev: float
    test: float
    within: Key = lambda sample: ""
    published: dict[str, str] = field(default_factory=dict)
    least: int = 0


def speaker(sample: Sample) -> str:
    """Who speaks."""
    return sample.speaker


def session(sample: Sample) -> str:
    """In which session it was recorded."""
    return sample.session


def sentence(sample: Sample) -> str:
    """Which sentence of a script is said."""
    return sample.sentence


def text(sample: Sample) -> str:
    """What is written, so that the same line twice is on one side."""
    return " ".join(sample.text.casefold().split())


def owner(sample: Sample) -> str:
    """Who speaks; what is written where nobody is named; else the row itself."""
    return sample.speaker or text(sample) or sample.id


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
    "kemdy19": Plan((session,), 0.1, 0.2, least=1),
    "kemdy20": Plan((session,), 0.1, 0.2, least=1),
    "iemocap": Plan((session,), 0.2, 0.2, least=1),
    # It names no speakers; the same sentence at least is on one side.
    "aihub": Plan((text,), 0.1, 0.2, least=1),
    "manifest": Plan((owner,), 0.1, 0.2, least=1),
}


def order(value: str) -> str:
    """A fixed order that has nothing to do with the values themselves."""
    return hashlib.sha256(f"{SEED}:{value}".encode()).hexdigest()


def grouped(samples: Iterable[Sample], key: Key) -> dict[str, list[Sample]]:
    """Samples by a key, in the order in which they come."""
    groups: dict[str, list[Sample]] = {}
    for sample in samples:
        groups.setdefault(key(sample), []).append(sample)
    return groups


def planned(samples: Sequence[Sample]) -> list[str]:
    """The side of each sample by its source's plan; empty where its keys disagree."""
    side_of: dict[int, str] = {}
    for source, members in grouped(samples, lambda sample: sample.source).items():
        for sample, side in zip(members, _sides(members, PLANS.get(source)), strict=True):
            side_of[id(sample)] = side
    return [side_of[id(sample)] for sample in samples]


def _sides(samples: Sequence[Sample], plan: Plan | None) -> list[str]:
    if plan is None:
        return ["train"] * len(samples)
    each = [_side_of_each(samples, key, plan) for key in plan.by]
    found = [sides[0] if len(set(sides)) == 1 else "" for sides in zip(*each, strict=True)]
    return _without_doubles(samples, found) if text in plan.by else found


def _without_doubles(samples: Sequence[Sample], sides: Sequence[str]) -> list[str]:
    """Leaves out what says the same as a text that is tested, or else developed on, on other sides.

    The first line of a review is often there a second time with another full stop.
    """
    found = list(sides)
    for held in ("test", "dev"):
        pairs = zip(samples, found, strict=True)
        taken = {_letters(sample) for sample, side in pairs if side == held}
        rest = {"test": ("dev", "train"), "dev": ("train",)}[held]
        for index, sample in enumerate(samples):
            if found[index] in rest and _letters(sample) in taken:
                found[index] = ""
    return found


def _letters(sample: Sample) -> str:
    """A text without spaces, signs and capitals; of one that is nothing else, the text itself."""
    line = unicodedata.normalize("NFC", sample.text).casefold()
    return "".join(LETTERS.findall(line)) or line


def _side_of_each(samples: Sequence[Sample], key: Key, plan: Plan) -> list[str]:
    side_of: dict[str, str] = {}
    for sample in samples:
        if plan.published.get(sample.part):
            side_of[key(sample)] = plan.published[sample.part]
    free = [sample for sample in samples if key(sample) not in side_of]
    for members in grouped(free, lambda sample: _stratum(sample, key, plan)).values():
        side_of |= _deal(sorted({key(sample) for sample in members}, key=order), plan)
    return [side_of[key(sample)] for sample in samples]


def _stratum(sample: Sample, key: Key, plan: Plan) -> str:
    # A script's sentences belong to their emotions, so each emotion keeps some on every side.
    return sample.label or "" if key is sentence else plan.within(sample)


def _deal(values: Sequence[str], plan: Plan) -> dict[str, str]:
    least = plan.least if len(values) > 2 * plan.least else 0
    n_test, n_dev = (max(round(part * len(values)), least) for part in (plan.test, plan.dev))
    side_of = dict.fromkeys(values, "train")
    side_of |= dict.fromkeys(values[:n_test], "test")
    return side_of | dict.fromkeys(values[n_test : n_test + n_dev], "dev")
