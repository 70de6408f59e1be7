"""Judging a model on one side of a split, as a table with intervals."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from emotion.model import EmotionModel, Tokenizer
from emotion.model.config import COMBINATIONS
from train import measures
from train.corpora.sample import Sample
from train.predict import say
from train.questions import QUESTIONS, Question, rows_of
from train.rows import Row
from train.sounds import Sounds


@dataclass(frozen=True)
class Result:
    """The answer to one question.

    Attributes:
        question: What was asked.
        n: Of how many rows.
        figures: By name.
        intervals: The 95 % interval of each headline figure.
        recalls: Of each label that occurs.
    """

    question: Question
    n: int
    figures: dict[str, float]
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    recalls: dict[str, float] = field(default_factory=dict)

    @property
    def headline(self) -> float:
        """The figure that counts."""
        return self.figures[measures.HEADLINES[self.question.asks]]


def ask(
    model: EmotionModel,
    tokenizer: Tokenizer | None,
    sounds: Sounds,
    asked: Sequence[tuple[Question, list[Row]]],
    intervals: bool = True,
) -> list[Result]:
    """Asks a model every question that there are rows for."""
    results = []
    for question, rows in asked:
        said = say(model, tokenizer, sounds, rows)
        if question.asks != "label":
            truth = np.array([row.affect for row in rows])
            results.append(answered(question, said.affect, truth, intervals))
            continue
        truth = np.array([row.label for row in rows])
        result = answered(question, said.logits.argmax(1), truth, intervals)
        heat = model.config.temperatures[question.side]
        for name, value in (("ece_before", 1.0), ("ece", heat)):
            chances = measures.probabilities(said.logits, value)
            result.figures[name] = measures.calibration_error(chances, truth)
        results.append(result)
    return results


def answered(question: Question, said: np.ndarray, truth: np.ndarray, intervals: bool) -> Result:
    """The figures of an answer: labels `[rows]`, or valence and arousal `[rows, 2]`."""
    measure = measures.MEASURES[question.asks]
    figures = measure(said, truth)
    named = [measures.HEADLINES[question.asks]] + ["arousal_r"] * (question.asks == "affect")
    spans = {name: measures.interval(name, said, truth) for name in named * intervals}
    recalls = measures.recalls(said, truth) if question.asks == "label" else {}
    return Result(question, len(truth), figures, spans, recalls)


def questions_for(
    samples: Sequence[Sample], sounds: Sounds, most: int | None = None
) -> list[tuple[Question, list[Row]]]:
    """The questions that one side of a split can answer, with their rows."""
    found = [(question, rows_of(question, samples, sounds, most)) for question in QUESTIONS]
    return [(question, rows) for question, rows in found if len(rows) > 1]


def temperatures(
    model: EmotionModel,
    tokenizer: Tokenizer | None,
    sounds: Sounds,
    asked: Sequence[tuple[Question, list[Row]]],
) -> dict[str, float]:
    """Fits the temperature of each combination of sides, every question counting alike."""
    found = dict.fromkeys(COMBINATIONS, 1.0)
    for side in COMBINATIONS:
        lots = [
            rows for question, rows in asked if (question.side, question.asks) == (side, "label")
        ]
        if not lots:
            continue
        rng = np.random.default_rng(0)
        size = min(400, max(len(rows) for rows in lots))
        rows = [rows[index] for rows in lots for index in rng.integers(0, len(rows), size)]
        logits = say(model, tokenizer, sounds, rows).logits
        found[side] = measures.best_temperature(logits, np.array([row.label for row in rows]))
    return found


def to_json(results: Sequence[Result]) -> list[dict[str, Any]]:
    """What can be written to a file."""
    return [
        {
            "test": result.question.name,
            "side": result.question.side,
            "n": result.n,
            "figures": {name: round(value, 4) for name, value in result.figures.items()},
            "intervals": {
                name: [round(end, 4) for end in ends] for name, ends in result.intervals.items()
            },
            "recalls": {name: round(value, 4) for name, value in result.recalls.items()},
        }
        for result in results
    ]


def to_markdown(results: list[dict[str, Any]], baseline: list[dict[str, Any]]) -> str:
    """The tables of a report, the baseline's figure beside each of ours.

    Args:
        results: What `to_json` gave.
        baseline: The same of the baseline; questions it cannot answer are missing.
    """
    plain = {row["test"]: row for row in baseline}
    lines = [
        "| test | n | figure | this model (95 % interval) | baseline (95 % interval) |",
        "|---|---|---|---|---|",
    ]
    for row in results:
        for name in row["intervals"]:
            ours, theirs = _figure(row, name), _figure(plain.get(row["test"]), name)
            lines.append(f"| {row['test']} | {row['n']} | {NAMES[name]} | {ours} | {theirs} |")
    return "\n".join([*lines, "", *_labels_table(results)])


NAMES = {
    "uar": "UAR",
    "valence_r": "valence r",
    "arousal_r": "arousal r",
    "balanced_accuracy": "balanced accuracy",
}


def _labels_table(results: list[dict[str, Any]]) -> list[str]:
    lines = [
        "| test | accuracy | macro F1 | weighted F1 | calibration error | recalls |",
        "|---|---|---|---|---|---|",
    ]
    for row in results:
        if not row["recalls"]:
            continue
        figures = row["figures"]
        heat = " → ".join(
            f"{figures[name]:.3f}" for name in ("ece_before", "ece") if name in figures
        )
        recalls = ", ".join(f"{name} {value:.2f}" for name, value in row["recalls"].items())
        three = " | ".join(
            f"{figures[name]:.3f}" for name in ("accuracy", "macro_f1", "weighted_f1")
        )
        lines.append(f"| {row['test']} | {three} | {heat} | {recalls} |")
    affect = [row for row in results if "valence_ccc" in row["figures"]]
    lines += [
        f"\n{row['test']}: concordance {row['figures']['valence_ccc']:.3f} in valence, "
        f"{row['figures']['arousal_ccc']:.3f} in arousal."
        for row in affect
    ]
    return lines


def _figure(row: dict[str, Any] | None, name: str) -> str:
    if row is None or name not in row["figures"]:
        return "–"
    low, high = row["intervals"][name]
    return f"{row['figures'][name]:.3f} ({low:.3f}–{high:.3f})"
