"""Judging a model on one side of a split, as a table with intervals."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from emotion.model import EmotionModel, ModelConfig, Reader
from emotion.model.config import SIDES
from train import measures
from train.corpora.sample import Sample
from train.predict import Said, say
from train.questions import QUESTIONS, Question, as_spoken, of_others, rows_of, shown
from train.recipe import Recipe
from train.rows import Row
from train.sounds import Sounds

LEAST_ROWS = 10  # with fewer, a temperature says more about them than about the model
Asked = Sequence[tuple[Question, list[Row]]]


@dataclass(frozen=True)
class Answer:
    """What a model said to a question, row by row."""

    question: Question
    rows: list[Row]
    said: Said


@dataclass(frozen=True)
class Result:
    """How good the answer to one question is.

    Attributes:
        question: What was asked.
        n: Of how many rows.
        n_texts: How many different texts they show; 0 where they show none.
        figures: By name.
        intervals: The 95 % interval of each figure that has one.
        recalls: Of each label that occurs.
        confusion: Rows by their label, and by what was said, for every label of the model.
        reliability: Confidence, share that is right, and rows, of each bin of confidence.
    """

    question: Question
    n: int
    figures: dict[str, float]
    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    recalls: dict[str, float] = field(default_factory=dict)
    confusion: list[list[int]] = field(default_factory=list)
    reliability: list[tuple[float, float, int]] = field(default_factory=list)
    n_texts: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """How many rows each label has that occurs, in the order of the recalls."""
        rows = [sum(each) for each in self.confusion if any(each)]
        return dict(zip(self.recalls, rows, strict=True))

    @property
    def headline(self) -> float:
        """The figure that counts."""
        return self.figures[measures.HEADLINES[self.question.asks]]


def questions_for(
    samples: Sequence[Sample],
    sounds: Sounds,
    model: ModelConfig,
    recipe: Recipe | None = None,
    most: int | None = None,
    widest: bool = False,
) -> list[tuple[Question, list[Row]]]:
    """The questions that one side of a split holds for a model, with their rows.

    Args:
        samples: One side of a split.
        sounds: Their voices and bodies.
        model: What the model can be asked.
        recipe: How it is trained: on corpora as they are, or on all that is known of feelings.
        most: At most so many rows of each.
        widest: Whether corpora as they are show only the most sides that they can.
    """
    sides = shown(model.able, recipe.sides if recipe else SIDES)
    if recipe and recipe.steps.get("spoken"):
        asked = as_spoken(samples, sides[-1:] if widest else sides)
    else:
        asked = [each for each in QUESTIONS if each.side in sides] + of_others(samples, sides)
    found = [(each, rows_of(each, samples, sounds, model.labels, most)) for each in asked]
    return [(question, rows) for question, rows in found if len(rows) > 1]


def answer(
    model: EmotionModel, tokenizer: Reader | None, sounds: Sounds, asked: Asked
) -> Iterator[Answer]:
    """Asks a model every question."""
    for question, rows in asked:
        yield Answer(question, rows, say(model, tokenizer, sounds, rows))


def ask(
    model: EmotionModel,
    tokenizer: Reader | None,
    sounds: Sounds,
    asked: Asked,
    intervals: bool = True,
) -> list[Result]:
    """Asks a model every question, and judges what it says."""
    answers = answer(model, tokenizer, sounds, asked)
    return [judged(each, model.config, intervals) for each in answers]


def judged(given: Answer, model: ModelConfig, intervals: bool = True) -> Result:
    """How good an answer is."""
    question, said = given.question, given.said
    if question.asks != "label":
        return answered(question, said.affect, given.rows, model.labels, intervals)
    result = answered(question, said.logits.argmax(1), given.rows, model.labels, intervals)
    truth = truth_of(question, given.rows)
    result.figures["uar_among"] = measures.uar(measures.among(said.logits, truth), truth)
    heat = model.temperatures.get(question.side, 1.0)
    for name, value in (("ece_before", 1.0), ("ece", heat)):
        chances = measures.probabilities(said.logits, value)
        result.figures[name] = measures.calibration_error(chances, truth)
    chances = measures.probabilities(said.logits, heat)
    result.reliability.extend(measures.reliability(chances, truth))
    return result


def answered(
    question: Question,
    said: np.ndarray,
    rows: Sequence[Row],
    labels: Sequence[str],
    intervals: bool,
) -> Result:
    """The figures of an answer: labels `[rows]`, or valence and arousal `[rows, 2]`."""
    truth = truth_of(question, rows)
    n_texts = len({_wording(row.text) for row in rows if row.text})
    figures = measures.MEASURES[question.asks](said, truth)
    named = measures.WITH_INTERVALS[question.asks] if intervals else ()
    spans = measures.intervals(named, said, truth, asked_alike(question.side, rows))
    if question.asks != "label":
        return Result(question, len(truth), figures, spans, n_texts=n_texts)
    confusion = measures.confusion(said, truth, len(labels))
    return Result(
        *(question, len(truth), figures, spans),
        recalls=measures.recalls(said, truth, labels),
        confusion=confusion.tolist(),
        n_texts=n_texts,
    )


def asked_alike(side: str, rows: Sequence[Row]) -> np.ndarray:
    """A number for each row, the same for rows of which the very same is shown.

    A sentence that three people spoke is one question where its words alone are shown, and its
    three answers are one; a voice is like no other.
    """
    if side != "words":
        return np.arange(len(rows))
    return np.unique([_wording(row.text) for row in rows], return_inverse=True)[1]


def _wording(text: str) -> str:
    """A text without its marks: one sentence ends in a question mark in one transcript alone."""
    return " ".join(re.findall(r"\w+", text.casefold())) or text


def truth_of(question: Question, rows: Sequence[Row]) -> np.ndarray:
    """What should have been said: labels `[rows]`, or valence and arousal `[rows, 2]`."""
    if question.asks == "label":
        return np.array([row.label for row in rows])
    return np.array([row.affect for row in rows])


def predictions(given: Answer, model: ModelConfig) -> Iterator[dict[str, Any]]:
    """What was said of each row of a question about labels, for tables and paired tests."""
    heat = model.temperatures.get(given.question.side, 1.0)
    chances = measures.probabilities(given.said.logits, heat)
    for row, chance in zip(given.rows, chances, strict=True):
        sample = row.sample or row.voice  # a joined pair goes by its voice
        yield {
            "question": given.question.name,
            "source": row.source,
            "id": sample.id if sample else row.text,
            "speaker": sample.speaker if sample else "",
            "truth": model.labels[row.label or 0],
            "predicted": model.labels[int(chance.argmax())],
            **{f"p_{name}": f"{p:.5f}" for name, p in zip(model.labels, chance, strict=True)},
        }


def temperatures(
    model: EmotionModel, tokenizer: Reader | None, sounds: Sounds, asked: Asked
) -> dict[str, float]:
    """Fits a temperature to each combination of sides, every question counting alike.

    Returns:
        By combination; one that the development side has too few rows for is missing.
    """
    found = {}
    for side in model.config.able:
        lots = [
            rows for question, rows in asked if (question.side, question.asks) == (side, "label")
        ]
        size = min(400, max(map(len, lots), default=0))
        if size < LEAST_ROWS:
            continue
        rng = np.random.default_rng(0)
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
            "n_texts": result.n_texts,
            "figures": {name: round(value, 4) for name, value in result.figures.items()},
            "intervals": {
                name: [round(end, 4) for end in ends] for name, ends in result.intervals.items()
            },
            "recalls": {name: round(value, 4) for name, value in result.recalls.items()},
            "counts": result.counts,
            "confusion": result.confusion,
            "reliability": [[round(each, 4) for each in bin_] for bin_ in result.reliability],
        }
        for result in results
    ]
