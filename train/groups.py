"""For whom a model works: its figures for each language and each sex, over all that was asked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from train import measures
from train.evaluate import Answer, asked_alike, truth_of
from train.rows import Row

ATTRIBUTES = ("language", "sex")
FEWEST = 20  # utterances, below which a group's figure says nothing
HEAD = """| shown | who | n | UAR (95 % interval) |
|---|---|---|---|"""


@dataclass(frozen=True)
class Group:
    """How well one group's feelings are recognized.

    Attributes:
        side: Which sides were shown.
        who: A language's code, or a sex.
        n: Utterances.
        uar: The mean recall of the emotions that occur.
        low: Where its 95 % interval begins, bootstrapped as those of the questions are.
        high: Where it ends.
    """

    side: str
    who: str
    n: int
    uar: float
    low: float
    high: float


def groups(answers: Sequence[Answer]) -> list[Group]:
    """The figures of every group that is large enough; joined pairs are nobody's."""
    found: dict[tuple[str, str, str], list[tuple[int, int, Row]]] = {}
    for each in answers:
        if each.question.asks != "label":
            continue
        said = each.said.logits.argmax(1)
        for row, mine, truth in zip(
            each.rows, said, truth_of(each.question, each.rows), strict=True
        ):
            for name, value in _belongs(row):
                key = (each.question.side, name, value)
                found.setdefault(key, []).append((int(mine), int(truth), row))
    return [
        _group(side, value, told)
        for (side, _, value), told in sorted(found.items())
        if len(told) >= FEWEST
    ]


def to_markdown(found: Sequence[Group]) -> str:
    """The groups as a table; empty where there are none."""
    lines = [
        f"| {each.side} | {each.who} | {each.n} | {each.uar:.3f} ({each.low:.3f}–{each.high:.3f}) |"
        for each in found
    ]
    return "\n".join([HEAD, *lines]) if lines else ""


def _belongs(row: Row) -> list[tuple[str, str]]:
    if row.sample is None:
        return []
    values = [(name, getattr(row.sample, name)) for name in ATTRIBUTES]
    return [(name, value) for name, value in values if value]


def _group(side: str, who: str, told: Sequence[tuple[int, int, Row]]) -> Group:
    said, truth = np.array([each[:2] for each in told]).T
    alike = asked_alike(side, [row for _, _, row in told])
    low, high = measures.intervals(("uar",), said, truth, alike)["uar"]
    return Group(side, who, len(told), measures.uar(said, truth), low, high)
