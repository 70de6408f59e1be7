"""Which clips are doubtful and why: what was heard, held against what their labels say."""

import json
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from emotion.labels import BY_NAME, LABELS
from emotion.review import twins
from emotion.review.clips import Entry
from emotion.review.database import Database
from emotion.review.heard import Heard, differing
from emotion.review.learned import blended, learned
from emotion.review.quality import Quality, folded, quality
from emotion.review.reasons import Reason, doubt, strength

APART = 0.5  # of the sides' probabilities, from which they disagree
FAR = 0.6  # on the plane, from a label's place, from which another may be meant
HARDLY = 0.2  # seconds of speech, below which there is hardly any
CLIPPED = 0.005  # share of samples cut off that is heard as a crackle
# What is said of a label, by whose probabilities; otherwise it is the model that says it.
CODES = {"both": "label_here", "others": "label_others", "given": "label_given"}
MISHEARD = 0.4  # share of letters that even a good transcript may differ in


@dataclass(frozen=True)
class Judged:
    """What is found of one clip's label.

    Attributes:
        doubt: How doubtful it is, 0 to 1.
        quality: How likely the label is right; None where it could not be judged.
        likely: Whether it is likely wrong.
        consensus: What raters and model together say; None without several raters.
        reasons: What speaks against it, the strongest first.
        by: By whose probabilities: "model", "both" (its, and what the other speakers' labels
            teach), "others" (the latter alone), "given" (from elsewhere), "taught" (its, though the
            speaker taught it: they are too sure), or empty where there are none.
        known: Whether its speaker taught the model that heard it, or may have.
    """

    doubt: float
    quality: float | None
    likely: bool
    consensus: str | None
    reasons: tuple[Reason, ...]
    by: str = ""
    known: bool = False


def judge(
    entries: Sequence[Entry],
    heard: Mapping[str, Heard],
    given: Mapping[str, Mapping[str, float]] | None = None,
    known: Collection[str] = (),
) -> tuple[dict[str, Judged], Quality]:
    """Judges every clip of a project.

    Args:
        entries: The clips.
        heard: What was heard in them, by id.
        given: Probabilities from elsewhere that stand above the model's, as those of models that
            were trained without the clip's speaker, by id.
        known: The clips whose speakers taught the model that heard them. What it says of their
            labels does not count, unless there is nothing else.
    """
    by, shares = opinions(entries, heard, given or {}, known)
    found = quality(entries, shares)
    repeated = _repeated(entries, heard)
    judged = {}
    for entry in entries:
        one, chances = heard.get(entry.id), shares.get(entry.id)
        reasons = [
            *_label(entry, chances, found, CODES.get(by.get(entry.id, ""), "label")),
            *_raters(entry),
            *(_sound(entry, one) if one else ()),
            *repeated.get(entry.id, ()),
        ]
        reasons.sort(key=strength, reverse=True)
        own = found.labels.get(entry.id)
        base = 1 - own if own is not None else _unlabelled(entry, chances)
        judged[entry.id] = Judged(
            doubt(base, reasons),
            own,
            entry.id in found.likely,
            found.consensus.get(entry.id, (None, 0.0))[0],
            tuple(reasons),
            by.get(entry.id, ""),
            entry.id in known,
        )
    return judged, found


def opinions(
    entries: Sequence[Entry],
    heard: Mapping[str, Heard],
    given: Mapping[str, Mapping[str, float]],
    known: Collection[str],
) -> tuple[dict[str, str], dict[str, np.ndarray]]:
    """Whose probabilities count of each clip, see Judged.by, and which; arguments as of judge."""
    others = learned(entries, heard)
    by: dict[str, str] = {}
    shares: dict[str, np.ndarray] = {}
    for name in (each.id for each in entries):
        said = heard[name].probabilities if name in heard else {}
        if name in given:
            by[name], shares[name] = "given", folded(given[name])
        elif name in others and (name in known or not said):
            by[name], shares[name] = "others", others[name]
        elif name in others:
            by[name], shares[name] = "both", blended(folded(said), others[name])
        elif said:
            by[name], shares[name] = "taught" if name in known else "model", folded(said)
    return by, shares


def _unlabelled(entry: Entry, chances: np.ndarray | None) -> float:
    """A clip without a label waits for one, the sooner the less clear it is."""
    if entry.label or chances is None:
        return 0.0
    return 1 - float(chances.max()) / 2


def _label(entry: Entry, chances: np.ndarray | None, found: Quality, code: str) -> Iterator[Reason]:
    if chances is None:
        return
    best = int(chances.argmax())
    other, share = LABELS[best], float(chances[best])
    if entry.label is None and entry.id in found.consensus:
        other, share = found.consensus[entry.id]
        yield Reason("level", share, facts={"other": other, "share": share})
        return
    if entry.label is None:
        yield Reason("unlabelled", share, facts={"other": other, "share": share})
        return
    own = float(chances[LABELS.index(entry.label)])
    facts: dict[str, object] = {"label": entry.label, "other": other, "share": share, "own": own}
    if entry.id not in found.labels:
        yield Reason("unknown", 0.0, facts=facts)
    elif other != entry.label:
        yield Reason(code, 1 - found.labels[entry.id], facts=facts)
    consensus, sure = found.consensus.get(entry.id, (entry.label, 1.0))
    if consensus != entry.label:
        facts = {"label": entry.label, "other": consensus, "share": sure}
        yield Reason("consensus", sure, facts=facts)


def _raters(entry: Entry) -> Iterator[Reason]:
    said = [each.labels for each in entry.raters.values() if each.labels]
    if entry.label and len(said) > 1:
        share = sum(entry.label not in labels for labels in said) / len(said)
        if share:
            yield Reason("raters", share, share, {"label": entry.label, "share": share})


def _sound(entry: Entry, heard: Heard) -> Iterator[Reason]:
    if heard.fault:
        yield Reason("unheard", 1.0, facts={"problem": str(heard.fault)})
    if len(heard.alone) == 2:
        sides = {side: folded(said) for side, said in heard.alone.items()}
        share = float(np.abs(sides["voice"] - sides["words"]).sum() / 2)
        facts: dict[str, object] = {side: LABELS[int(p.argmax())] for side, p in sides.items()}
        if facts["voice"] != facts["words"] and share > APART:
            yield Reason("sides", share, share, facts | {"share": share})
    yield from _place(entry, heard)
    if heard.speech is not None and heard.speech < HARDLY:
        yield Reason("silent", heard.speech)
    if heard.clipped is not None and heard.clipped > CLIPPED:
        share = heard.clipped
        yield Reason("clipped", share, 10 * share, {"share": share})
    if heard.words is not None and entry.text:
        share = differing(entry.text, heard.words)
        if share > MISHEARD:
            yield Reason("words", share, share, {"share": share, "heard": heard.words})


def _place(entry: Entry, heard: Heard) -> Iterator[Reason]:
    """Valence and arousal that lie nearer to another label; the given ones before the model's."""
    own = entry.valence is not None and entry.arousal is not None
    valence, arousal = (entry if own else heard).valence, (entry if own else heard).arousal
    if not entry.label or valence is None or arousal is None:
        return
    away = {
        name: math.hypot(valence - BY_NAME[name].valence, arousal - BY_NAME[name].arousal)
        for name in LABELS
    }
    nearest, distance = min(away, key=lambda name: away[name]), away[entry.label]
    if nearest != entry.label and distance > FAR:
        facts = {"label": entry.label, "other": nearest}
        yield Reason("place" if own else "heard_place", distance, distance / 2, facts)


def _repeated(entries: Sequence[Entry], heard: Mapping[str, Heard]) -> dict[str, list[Reason]]:
    """Of each clip that is there twice, the other one; one reason is enough."""
    labels = {each.id: each.label for each in entries}
    names = [each.id for each in entries if each.id in heard]
    pairs = list(_same(names, heard))
    exact = {(one, other) for one, other, _ in pairs}
    prints = [heard[name].print for name in names]
    for first, second, alike in twins.near(prints):
        if (names[first], names[second]) not in exact:
            pairs.append((names[first], names[second], alike))
    found: dict[str, list[Reason]] = {}
    for one, other, alike in pairs:
        for mine, theirs in ((one, other), (other, one)):
            differs = bool(labels[mine] and labels[theirs] and labels[mine] != labels[theirs])
            code = ("same" if alike == 1 else "near") + ("_other" if differs else "")
            facts = {"clip": theirs, "other": labels[theirs], "share": alike}
            found.setdefault(mine, []).append(Reason(code, alike, alike, facts))
    return {
        name: [max(reasons, key=lambda each: (each.code.endswith("_other"), each.number))]
        for name, reasons in found.items()
    }


def _same(names: Sequence[str], heard: Mapping[str, Heard]) -> Iterator[tuple[str, str, float]]:
    first: dict[str, str] = {}
    for name in names:
        exact = heard[name].exact
        if exact and exact in first:
            yield first[exact], name, 1.0
        elif exact:
            first[exact] = name


class Judgements:
    """What is found of each clip's label, kept in a project."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def replace(self, judged: Mapping[str, Judged]) -> None:
        """Keeps these and no others, and orders the queue by them."""
        with self._database.writing() as connection:
            numbers = dict(tuple(row) for row in connection.execute("SELECT id, n FROM clips"))
            connection.execute("DELETE FROM judged")
            connection.execute("UPDATE clips SET doubt = -1")
            for name, each in judged.items():
                reasons = json.dumps([asdict(one) for one in each.reasons], ensure_ascii=False)
                facts = (numbers[name], each.quality, each.likely, each.consensus, reasons)
                connection.execute(
                    "INSERT INTO judged VALUES (?, ?, ?, ?, ?, ?, ?)", (*facts, each.by, each.known)
                )
                connection.execute(
                    "UPDATE clips SET doubt = ? WHERE n = ?", (each.doubt, numbers[name])
                )

    def __getitem__(self, name: str) -> Judged | None:
        return self._read("WHERE clips.id = ?", (name,)).get(name)

    def all(self) -> dict[str, Judged]:
        """What was found, by the clip's id, the most doubtful first."""
        return self._read("ORDER BY clips.doubt DESC, clips.n")

    def _read(self, which: str, values: Sequence[str] = ()) -> dict[str, Judged]:
        rows = self._database.rows(
            "SELECT clips.id, clips.doubt, judged.* FROM judged"
            f" JOIN clips ON clips.n = judged.clip {which}",
            values,
        )
        return {
            row["id"]: Judged(
                row["doubt"],
                row["quality"],
                bool(row["likely"]),
                row["consensus"],
                tuple(Reason(**each) for each in json.loads(row["reasons"])),
                row["by"],
                bool(row["known"]),
            )
            for row in rows
        }
