"""What a corpus holds: its funnel, classes and speakers, what is odd, and how it can be divided."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from train.corpora import Notes, Sample, read, why_unknown
from train.corpora.sample import Rating
from train.errors import CannotTrain
from train.protocols import PROTOCOLS, why_not
from train.splits import SIDES, n_folds, split

SHOWN = 3  # places of each thing that is odd
REASONS = 20  # kinds of odd things
MOST = 0.8  # share of one class from which accuracy says little
NUMBER = re.compile(r"_[FM]?\d+$")  # of an utterance within its dialogue


def inspect(name: str, folder: Path) -> str:
    """Reads a corpus and says what is there.

    Args:
        name: Its key in READERS.
        folder: Where it lies.
    """
    notes = Notes()
    samples = read(name, folder, notes)
    if not notes.funnels:
        notes.count("rows or clips", len(samples) + len(notes.odd))
        notes.count("that can be read", len(samples))
        notes.count("with one label", sum(sample.label is not None for sample in samples))
        notes.count("with valence", sum(sample.valence is not None for sample in samples))
    bodies = _bodies(samples, notes)
    parts = [
        [f"{name}: {len(samples)} samples, {sum(bool(each.audio) for each in samples)} voices"],
        *(_funnel(rule, steps) for rule, steps in notes.funnels.items()),
        _classes(samples),
        [why_unknown(samples, notes) or notes.strangers],
        _speakers(samples),
        _raters(samples),
        bodies,
        _told("found out", [("", sentence) for sentence in notes.found]),
        _told("left out", notes.odd),
        _told("missing, and kept without", notes.missing),
        ["Divisions: train / dev / test", *_divisions(samples)],
    ]
    return "\n\n".join("\n".join(part) for part in parts if any(part))


def _funnel(rule: str, steps: Sequence[tuple[str, int]]) -> list[str]:
    width = max(len(step) for step, _ in steps)
    return [f"Funnel{f', by {rule}' if rule else ''}"] + [
        f"  {step:<{width}}{left:>9,}" for step, left in steps
    ]


def _classes(samples: Iterable[Sample]) -> list[str]:
    lines = ["Classes"]
    counts: dict[str, Counter[str]] = {}
    for sample in samples:
        finer = f" ({sample.fine})" if sample.fine else ""
        counts.setdefault(sample.source, Counter())[f"{sample.label or '–'}{finer}"] += 1
    for source, found in counts.items():
        n = found.total()
        lines.append(f"  {source}: {n:,}")
        lines += [
            f"    {label:<22}{count:>8,}{count / n:>8.1%}" for label, count in found.most_common()
        ]
        (label, count), *_ = found.most_common(1)
        if len(found) > 1 and count > MOST * n and label != "–":
            lines.append(f"    Nearly all are {label}: accuracy misleads; read the macro F1.")
    return lines


def _speakers(samples: Iterable[Sample]) -> list[str]:
    counts = Counter(
        (each.source, each.speaker, each.sex, each.session) for each in samples if each.speaker
    )
    if not counts:
        return ["Speakers: none are named"]
    n, sessions = len({key[:2] for key in counts}), {key[3] for key in counts} - {""}
    lines = [f"Speakers: {n}" + (f", in {len(sessions)} sessions" if sessions else "")]
    for (source, name, sex, session), count in sorted(counts.items()):
        where = f"session {session}" if session else ""
        lines.append(f"  {source:<36}{name:<12}{sex:<8}{where:<12}{count:>7,}")
    return lines


def _raters(samples: Iterable[Sample]) -> list[str]:
    rated = [sample for sample in samples if sample.raters]
    if not rated:
        return []
    shares = [max(sample.votes.values()) for sample in rated if sample.votes]
    each = Counter(len(sample.raters) for sample in rated)
    numbers = ", ".join(f"{n} for {count:,} samples" for n, count in sorted(each.items()))
    lines = [f"Raters: {numbers}"]
    if shares:
        lines.append(f"  {sum(shares) / len(shares):.0%} of the votes are for the commonest label")
    places: list[Rating] = [rating for sample in rated for rating in sample.raters]
    if any(rating.valence is not None for rating in places):
        lines.append("  each with valence and arousal")
    return lines


def _bodies(samples: Sequence[Sample], notes: Notes) -> list[str]:
    """Reads every body signal, since only so it is seen which are missing."""
    with_body = [sample for sample in samples if sample.body]
    if not with_body:
        return []
    # Imported here because only corpora with a body need what reads it.
    from train.corpora.body import signals

    counts: Counter[str] = Counter()
    rates: dict[str, set[float]] = {}
    for sample in tqdm(with_body, desc="reading body signals", leave=False):
        body = signals(sample, notes)
        for name in sample.body:
            if signal := getattr(body, name):
                counts[name] += 1
                rates.setdefault(name, set()).add(round(signal.rate, 1))
    lines = [f"Body signals, of {len(samples):,} samples"]
    for name, count in counts.most_common():
        hertz = "" if name == "ibi" else f", {', '.join(f'{x:g}' for x in sorted(rates[name]))} Hz"
        lines.append(f"  {name:<14}{count:>8,}{hertz}")
    return lines


def _told(title: str, notes: Sequence[tuple[str, str]]) -> list[str]:
    if not notes:
        return [f"Nothing was {title}"] if title == "left out" else []
    places: dict[str, list[str]] = {}
    for where, what in notes:
        places.setdefault(what, []).append(where)
    lines = [f"{title[0].upper()}{title[1:]}"]
    for what, all_of_it in sorted(places.items(), key=lambda item: -len(item[1]))[:REASONS]:
        if not any(all_of_it):
            lines.append(f"  {what}")
            continue
        lots = list(dict.fromkeys(NUMBER.sub("", where) for where in all_of_it))
        shown = all_of_it if len(all_of_it) <= SHOWN else lots
        more = ", …" if len(shown) > SHOWN else ""
        lines.append(f"  {len(all_of_it):>6,} × {what}: {', '.join(shown[:SHOWN])}{more}")
    if len(places) > REASONS:
        lines.append(f"  … and {len(places) - REASONS} more kinds")
    return lines


def _divisions(samples: Sequence[Sample]) -> Iterator[str]:
    yield from _division("its own plan", samples, None)
    for protocol in PROTOCOLS:
        reason = why_not(protocol, samples)
        if reason:
            yield f"  {protocol:<24}no: {reason}"
        else:
            yield from _division(protocol, samples, protocol)


def _division(title: str, samples: Sequence[Sample], protocol: str | None) -> Iterator[str]:
    try:
        folds = [split(samples, protocol, fold) for fold in range(n_folds(protocol, samples))]
    except CannotTrain as error:
        yield f"  {title:<24}no: {error}"
        return
    sizes = " / ".join(_range(len(getattr(each, side)) for each in folds) for side in SIDES)
    tests = f", testing {PROTOCOLS[protocol].tests}" if protocol else ""
    yield f"  {title:<24}{sizes}" + (f" in {len(folds)} folds" if len(folds) > 1 else "") + tests
    note = folds[0].note.partition(f": {samples[0].corpus}.")[2] if protocol else folds[0].note
    if note.strip():
        yield f"    {note.strip()}"


def _range(numbers: Iterable[int]) -> str:
    found = sorted(numbers)
    return f"{found[0]:,}" if found[0] == found[-1] else f"{found[0]:,}–{found[-1]:,}"
