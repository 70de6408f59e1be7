"""Who is trained on, who is developed on, and who is tested: never the same speaker twice.

A split depends on nothing but the samples themselves and one seed, so that `evaluate` finds the
same test side years later without a list of names. Corpora go by their plans, or by a published
protocol where one is named.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from train.corpora.sample import Sample
from train.errors import CannotTrain
from train.plans import PLANS, Key, grouped, order, owner, planned, sentence, speaker, text
from train.protocols import PROTOCOLS, folded, why_not
from train.protocols import sides as sides_by_protocol

SIDES = ("train", "dev", "test")
RANDOM = "random-80-20"
EVERYTHING = "everything"
ALL_TEACH = (
    "Everything teaches and nothing is held out: the last epoch is kept, and what these weights "
    "are worth is told by those of the same recipe that did hold some out."
)


@dataclass(frozen=True)
class Split:
    """The three sides, none of which shares a speaker with another, unless the note says so.

    Attributes:
        train: What is learnt from.
        dev: What decides when to stop, and sets temperatures.
        test: What is judged on.
        note: What a reader of its figures has to know: the protocol, and whether speakers leak;
            sentences, or empty.
        protocol: What divided it; None where each corpus went by its plan.
        fold: Which of the protocol's folds is tested.
    """

    train: list[Sample]
    dev: list[Sample]
    test: list[Sample]
    note: str = ""
    protocol: str | None = None
    fold: int = 0


def split(samples: Iterable[Sample], protocol: str | None = None, fold: int = 0) -> Split:
    """Divides the samples of any corpora.

    Args:
        samples: The samples.
        protocol: A name in PROTOCOLS, for every corpus that it can divide; the others go by their
            plans, as all do without it. EVERYTHING holds nothing out.
        fold: Which of the protocol's folds is tested.

    Raises:
        CannotTrain: There is no such protocol or fold, it can divide none of the corpora, or
            something stands on two sides that must not.
    """
    samples = list(samples)
    if protocol == EVERYTHING:
        return Split(samples, [], [], ALL_TEACH, protocol)
    folds = folded(samples, protocol) if protocol else {}
    if protocol and not 0 <= fold < max(folds.values()):
        raise CannotTrain(f"{protocol} has {max(folds.values())} folds, from 0; {fold} is none.")
    sides: dict[str, list[Sample]] = {side: [] for side in SIDES}
    for corpus, members in grouped(samples, lambda sample: sample.corpus).items():
        if protocol and corpus in folds:
            n = folds[corpus]
            found = sides_by_protocol(members, protocol, fold % n, n)
        else:
            found = planned(members)
        for sample, side in zip(members, found, strict=True):
            if side:
                sides[side].append(sample)
    done = Split(sides["train"], sides["dev"], sides["test"])
    leaking = folds if protocol and PROTOCOLS[protocol].by is None else ()
    refuse_overlap(done, leaking)
    said = [_by_protocol(protocol, fold, folds, samples)] if protocol else []
    note = " ".join([*said, *_unsafe(done, leaking), *_untested(samples, done, folds)])
    return replace(done, note=note, protocol=protocol, fold=fold)


def n_folds(protocol: str | None, samples: Iterable[Sample]) -> int:
    """How many folds a protocol has on these samples; 1 without a protocol."""
    return max(folded(list(samples), protocol).values()) if protocol else 1


def refuse_overlap(done: Split, leaking: Collection[str] = ()) -> None:
    """Raises CannotTrain if something that may only be on one side is on two.

    Args:
        done: The split.
        leaking: Corpora that are divided at random, as published.
    """
    for key in (speaker, sentence, text):
        seen: dict[tuple[str, str], str] = {}
        for side in SIDES:
            for sample in getattr(done, side):
                plan = PLANS.get(sample.source)
                if sample.corpus in leaking:
                    continue
                if not key(sample) or not (key is speaker or (plan and key in plan.by)):
                    continue
                owner = seen.setdefault((sample.source, key(sample)), side)
                if owner != side:
                    raise CannotTrain(
                        f"The {key.__name__} {key(sample)!r} of {sample.source} is on both the "
                        f"{owner} and the {side} side, so the figures would be worth nothing."
                    )


def _by_protocol(protocol: str, fold: int, folds: dict[str, int], samples: Iterable[Sample]) -> str:
    own = sorted({sample.corpus for sample in samples} - folds.keys())
    said = f"{protocol}, fold {fold} (of {max(folds.values())}, from 0): {', '.join(folds)}."
    return f"{said} By their own plans: {', '.join(own)}." if own else said


def _unsafe(done: Split, leaking: Collection[str]) -> list[str]:
    """What makes figures look better than they are."""
    said = []
    for corpus, tested in grouped(done.test, lambda sample: sample.corpus).items():
        names = {sample.speaker for sample in tested if sample.audio}
        taught = {sample.speaker for sample in done.train if sample.corpus == corpus}
        if "" in names:
            said.append(f"{corpus} does not name every speaker: one may be on two sides.")
        elif corpus in leaking:
            said.append(
                f"{len(names & taught)} of the {len(names)} speakers tested in {corpus} are also "
                "trained on, as in the published split: on speakers never heard, figures are lower."
            )
    return said


def _untested(samples: Iterable[Sample], done: Split, folds: Collection[str]) -> list[str]:
    """Which sources their plans would develop on or test, if they had enough to keep apart."""
    said = []
    for source, members in grouped(samples, lambda sample: sample.source).items():
        plan = PLANS.get(source)
        if plan is None or members[0].corpus in folds:
            continue
        wanted = {"developed on": (plan.dev, done.dev), "tested": (plan.test, done.test)}
        lacking = [
            what
            for what, (share, side) in wanted.items()
            if share and not any(sample.source == source for sample in side)
        ]
        if lacking:
            leaks = f", or the protocol {RANDOM}, where speakers leak"
            said.append(
                f"Nothing of {source} is {' or '.join(lacking)}, as it has "
                f"{_counted(members, plan.by)}: too few to keep some apart. It takes more of them"
                f"{'' if why_not(RANDOM, members) else leaks}."
            )
    return said


def _counted(members: Sequence[Sample], keys: Iterable[Key]) -> str:
    found = []
    for key in keys:
        what = key.__name__
        if key is owner:
            what = "speaker" if any(each.speaker for each in members) else "text"
        n = len({key(each) for each in members})
        found.append(f"{n} {what}{'s' if n > 1 else ''}")
    return " and ".join(found)


__all__ = ["PLANS", "PROTOCOLS", "SIDES", "Split", "n_folds", "order", "refuse_overlap", "split"]
