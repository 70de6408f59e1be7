"""The published ways to divide a corpus, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from train.corpora.sample import Sample
from train.errors import CannotTrain
from train.plans import PLANS, Key, grouped, order, sentence, session, speaker

DEV = 0.1  # of the speakers or sessions, and at least one; at random, of what is not tested
TEST = 0.2  # of the utterances, at random


@dataclass(frozen=True)
class Protocol:
    """A published way to divide a corpus.

    Attributes:
        tests: What each fold tests, in a few words.
        by: Whose values are dealt to the folds, and so never stand on two sides. None deals the
            utterances themselves, which puts speakers on several sides.
        folds: How many folds there are; 0 for one of each value.
        within: Values of each of these are spread over the folds; None keeps values in a row
            together, as sessions are published.
        dev: The share of the values that is developed on, and at least one; with 0 all that is not
            tested teaches, and the last epoch is kept.
    """

    tests: str
    by: Key | None
    folds: int
    within: Key | None = None
    dev: float = DEV


def _sex_and_source(sample: Sample) -> str:
    return f"{sample.source} {sample.sex}"


PROTOCOLS = {
    "random-80-20": Protocol("a fifth of the utterances: speakers leak", None, 1),
    "session-5-fold": Protocol("a fifth of the sessions, in a row", session, 5),
    "leave-one-session-out": Protocol("one session", session, 0),
    "speaker-5-fold": Protocol("a fifth of the speakers, of each sex", speaker, 5, _sex_and_source),
    "speaker-5-fold-no-dev": Protocol(
        "the same, and none to develop on", speaker, 5, _sex_and_source, dev=0
    ),
}


def of_name(name: str) -> Protocol:
    """The protocol of that name."""
    if name not in PROTOCOLS:
        raise CannotTrain(f"No protocol is called {name}; there are {', '.join(PROTOCOLS)}.")
    return PROTOCOLS[name]


def why_not(name: str, members: Sequence[Sample]) -> str:
    """Why a protocol cannot divide one corpus; empty if it can."""
    protocol = of_name(name)
    dealt = _dealt(members)
    if not dealt:
        return "it has no voices with labels"
    if protocol.by is None:
        return ""
    what, values = protocol.by.__name__, {protocol.by(sample) for sample in dealt}
    if "" in values:
        return f"it does not name every {what}"
    least = protocol.folds or 3
    return f"{len(values)} {what}s are fewer than {least}" if len(values) < least else ""


def folded(samples: Sequence[Sample], name: str) -> dict[str, int]:
    """The corpora that a protocol can divide, each with its number of folds."""
    protocol = of_name(name)
    found, reasons = {}, []
    for corpus, members in grouped(samples, lambda sample: sample.corpus).items():
        reason = why_not(name, members)
        if reason:
            reasons.append(f"{corpus}: {reason}")
        else:
            found[corpus] = protocol.folds or len({session(each) for each in _dealt(members)})
    if not found:
        raise CannotTrain(f"{name} can divide none of the corpora ({'; '.join(reasons)}).")
    return found


def sides(members: Sequence[Sample], name: str, fold: int, n: int) -> list[str]:
    """The side of each sample of a corpus; empty where it is left out.

    Args:
        members: The corpus.
        name: The protocol.
        fold: Which fold is tested.
        n: How many folds there are.
    """
    protocol = of_name(name)
    if protocol.by is None:
        return _at_random(members)
    if protocol.within is None:
        side_of = _in_a_row(members, protocol.by, fold, n)
    else:
        side_of = _spread(members, protocol.by, protocol.within, fold, n, protocol.dev)
    found = [side_of.get(protocol.by(sample), "train") for sample in members]
    held = _held_sentences(members, fold)
    for index, sample in enumerate(members):
        tells = sample.source in held
        if tells and (sample.sentence in held[sample.source]) != (found[index] == "test"):
            found[index] = ""
    return found


def _dealt(members: Sequence[Sample]) -> list[Sample]:
    """The voices whose feeling is known; a source without any only teaches, and has no fold."""
    return [each for each in members if each.audio and (each.label or each.votes)]


def _at_random(members: Sequence[Sample]) -> list[str]:
    names = sorted((sample.id for sample in _dealt(members)), key=order)
    n_test = round(TEST * len(names))
    n_dev = round(DEV * (len(names) - n_test))
    side_of = dict.fromkeys(names[:n_test], "test")
    side_of |= dict.fromkeys(names[n_test : n_test + n_dev], "dev")
    return [side_of.get(sample.id, "train") for sample in members]


def _in_a_row(members: Sequence[Sample], key: Key, fold: int, n: int) -> dict[str, str]:
    """Tests the fold's part of the sorted values, and develops on those that come next."""
    values = sorted({key(sample) for sample in _dealt(members)})
    begin, end = (len(values) * each // n for each in (fold, fold + 1))
    dev = [*values[end:], *values[:begin]][: _n_dev(values, DEV)]
    return dict.fromkeys(values[begin:end], "test") | dict.fromkeys(dev, "dev")


def _spread(
    members: Sequence[Sample], key: Key, within: Key, fold: int, n: int, dev: float
) -> dict[str, str]:
    """Tests every n-th value, and develops on others, of each stratum in turn."""
    stratum = {key(sample): within(sample) for sample in _dealt(members)}
    values = sorted(stratum, key=lambda value: (stratum[value], order(value)))
    rest = [value for step in range(1, n) for value in values[(fold + step) % n :: n]]
    # Where sentences tell the emotion there are none to spare for development.
    telling = {key(sample) for sample in members if _tells(sample.source)}
    lots: dict[str, list[str]] = {}
    for value in rest:
        if value not in telling:
            lots.setdefault(stratum[value], []).append(value)
    turns = [value for turn in zip_longest(*lots.values()) for value in turn if value is not None]
    developed = turns[: _n_dev(values, dev)]
    return dict.fromkeys(values[fold::n], "test") | dict.fromkeys(developed, "dev")


def _n_dev(values: Sequence[str], share: float) -> int:
    return max(1, round(share * len(values))) if share else 0


def _tells(source: str) -> bool:
    """Whether a source's sentences give the emotion away."""
    return source in PLANS and sentence in PLANS[source].by


def _held_sentences(members: Sequence[Sample], fold: int) -> dict[str, set[str]]:
    """The sentences that are only tested, of each source whose sentences tell the emotion."""
    held: dict[str, set[str]] = {}
    for source, mine in grouped(members, lambda sample: sample.source).items():
        if not _tells(source):
            continue
        held[source] = set()
        for each in grouped(mine, lambda sample: sample.label or "").values():
            names = sorted({sample.sentence for sample in each}, key=order)
            n_test = max(1, round(PLANS[source].test * len(names)))
            held[source] |= {names[(fold * n_test + step) % len(names)] for step in range(n_test)}
    return held
