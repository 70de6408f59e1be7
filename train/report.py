"""What a run found out: report.json, report.md, predictions.csv, and figures to look at."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from emotion.model import EmotionModel, ModelConfig, Reader
from emotion.model.config import SIDES
from train import baseline, evaluate, figures, groups, questions
from train.attended import attended
from train.corpora.sample import Sample, why_unknown
from train.evaluate import Answer, Result
from train.prepare import Data
from train.questions import EVERY, Question
from train.recipe import Recipe

FACTS, PAGE, TABLE, FIGURES = "report.json", "report.md", "predictions.csv", "figures.html"
NAMES = {
    "uar": "UAR",
    "uar_among": "UAR among its emotions",
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "weighted_f1": "weighted F1",
    "valence_r": "valence r",
    "arousal_r": "arousal r",
    "valence_ccc": "valence CCC",
    "arousal_ccc": "arousal CCC",
    "balanced_accuracy": "balanced accuracy",
}
HEAD = """| test | n | figure | this model (95 % interval) | baseline (95 % interval) |
|---|---|---|---|---|"""
LABELS_HEAD = """| test | UAR among its emotions | accuracy | macro F1 | weighted F1 | \
calibration error | recalls (of how many rows) |
|---|---|---|---|---|---|---|"""
KNOWN = (
    "Speaker known: the voice is heard against its speaker's other clips of the same test, of "
    "which nothing is known but whose they are; so is the baseline's. Actors speak each emotion as "
    "often, which people do not."
)
NOTHING = "There was nothing that the model could be asked"
HEADLINES = ("uar", "valence_r", "arousal_r", "balanced_accuracy")  # what the baseline has as well


class Report:
    """The figures of a model on one side of a split, the baseline's beside them.

    Attributes:
        known: What was said of voices whose speaker was heard before.
        results: The model's.
        plain: The baseline's, of the questions that it can answer.
        note: What a reader of the figures has to know of the split.
        left_out: What was not judged, a sentence each.
        groups: The figures of each language and each sex.
        attended: Whether the words matter that the voice looks at; None where none are.
        nothing: Why nothing could be asked, where there are no results.
    """

    def __init__(
        self,
        model: EmotionModel,
        tokenizer: Reader | None,
        data: Data,
        samples: Sequence[Sample],
        recipe: Recipe | None = None,
        with_baseline: bool = True,
        remark: str = "",
    ) -> None:
        asked = evaluate.questions_for(samples, data.sounds, model.config, recipe)
        self.model, self.note, self.remark = model, data.split.note, remark
        self.answers = list(evaluate.answer(model, tokenizer, data.sounds, asked))
        known = questions.of_known(asked) if model.config.knows_usual else []
        self.known = list(evaluate.answer(model, tokenizer, data.sounds, known))
        self.judged: list[Result] = [
            evaluate.judged(each, model.config) for each in [*self.answers, *self.known]
        ]
        self.results = evaluate.to_json(self.judged)
        labels = model.config.labels
        self.left_out = left_out([each for each, _ in asked], samples, data, labels)
        self.groups = groups.groups(self.answers)
        self.attended = attended(model, tokenizer, data.sounds, self.answers)
        self.nothing = f"{NOTHING}: {_why_nothing(samples, data, model.config)}"
        self.plain: list[dict[str, Any]] = []
        if with_baseline:
            plain = [*asked, *known]
            answers = baseline.answers(data.split.train, plain, data.sounds, labels)
            self.plain = evaluate.to_json(answers)

    def page(self) -> str:
        """What is to be known of the split, and the tables, as Markdown."""
        figures = to_markdown(self.results, self.plain) or self.nothing
        parts = [self.note, self.remark, figures, groups.to_markdown(self.groups)]
        parts += [KNOWN] * bool(self.known)
        parts += [str(self.attended)] * (self.attended is not None)
        return "\n\n".join(filter(None, parts))

    def write(self, folder: Path) -> None:
        """Writes all four files."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {
            "note": self.note,
            "remark": self.remark,
            "left_out": self.left_out,
            "results": self.results,
            "baseline": self.plain,
            "groups": [vars(each) for each in self.groups],
            "attended": vars(self.attended) if self.attended else None,
        }
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        config = self.model.config
        title = f"{config.system}: how well it judges"
        lines = "\n".join(f"- {each}" for each in self.left_out)
        missed = f"\n\n## Left out\n\n{lines}" if lines else ""
        told = f"# {title}\n\n{self.page()}{missed}\n"
        drawn = figures.page(title, self.judged, config.labels)
        for name, content in ((FACTS, text + "\n"), (PAGE, told), (FIGURES, drawn)):
            (folder / name).write_text(content, encoding="utf-8")
        write_predictions(folder / TABLE, self.answers, self.model)


def left_out(
    asked: Sequence[Question], samples: Sequence[Sample], data: Data, labels: Sequence[str]
) -> list[str]:
    """What was not judged, and why, a sentence each."""
    said = []
    for question in asked:
        reasons = questions.left_out(question, samples, data.sounds, labels)
        counts = ", ".join(f"{n} {why}" for why, n in sorted(reasons.items()))
        if counts:
            said.append(f"{question.name}: {counts}.")
    sources = Counter(each.source for each in samples)
    judged = {question.source for question in asked}
    for source in sorted({*sources} - (sources.keys() if EVERY in judged else judged)):
        said.append(f"{source}: all {sources[source]}, as nothing could be asked of them.")
    if data.notes.odd:
        said.append(f"{len(data.notes.odd)} files or rows of the corpora that could not be used.")
    if data.notes.strangers:
        said.append(data.notes.strangers)
    return said


def _why_nothing(samples: Sequence[Sample], data: Data, config: ModelConfig) -> str:
    if not samples:
        return "no utterance is on this side of the split."
    if unknown := why_unknown(samples, data.notes):
        return unknown
    asked = questions.as_spoken(samples, questions.shown(config.able, SIDES))
    reasons = left_out(asked, samples, data, config.labels)
    return " ".join(reasons) or f"{len(samples)} utterances are too few."


def write_predictions(path: Path, answers: Sequence[Answer], model: EmotionModel) -> None:
    """Writes what was said of each row of the questions about labels."""
    chances = [f"p_{name}" for name in model.config.labels]
    fields = ["question", "source", "id", "speaker", "truth", "predicted", *chances]
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, fields)
        table.writeheader()
        for each in answers:
            if each.question.asks == "label":
                table.writerows(evaluate.predictions(each, model.config))


def to_markdown(results: list[dict[str, Any]], plain: list[dict[str, Any]]) -> str:
    """The tables of a report, the baseline's figure beside each of ours.

    Args:
        results: What `evaluate.to_json` gave.
        plain: The same of the baseline; questions it cannot answer are missing.

    Returns:
        Nothing where there are no figures.
    """
    theirs = {row["test"]: row for row in plain}
    lines = [
        f"| {row['test']} | {_rows(row)} | {NAMES[name]} | {_figure(row, name)} "
        f"| {_figure(theirs.get(row['test']), name)} |"
        for row in results
        for name in HEADLINES
        if name in row["intervals"]
    ]
    if not lines:
        return ""
    parts = ["\n".join([HEAD, *lines])]
    labels = [_labels_line(row) for row in results if row["recalls"]]
    if labels:
        parts.append("\n".join([LABELS_HEAD, *labels]))
    parts += [
        f"{row['test']}: concordance {row['figures']['valence_ccc']:.3f} in valence, "
        f"{row['figures']['arousal_ccc']:.3f} in arousal."
        for row in results
        if "valence_ccc" in row["figures"]
    ]
    return "\n\n".join(parts)


def _rows(row: dict[str, Any]) -> str:
    fewer = 0 < row["n_texts"] < row["n"]
    return f"{row['n']} ({row['n_texts']} texts)" if fewer else str(row["n"])


def _labels_line(row: dict[str, Any]) -> str:
    three = (_figure(row, name) for name in ("accuracy", "macro_f1", "weighted_f1"))
    found = row["figures"]
    among = f"{found['uar_among']:.3f}" if "uar_among" in found else "–"
    heat = " → ".join(f"{found[name]:.3f}" for name in ("ece_before", "ece") if name in found)
    recalls = ", ".join(
        f"{name} {value:.2f} ({row['counts'][name]})" for name, value in row["recalls"].items()
    )
    return f"| {' | '.join([row['test'], among, *three, heat, recalls])} |"


def _figure(row: dict[str, Any] | None, name: str) -> str:
    if row is None or name not in row["figures"]:
        return "–"
    low, high = row["intervals"][name]
    return f"{row['figures'][name]:.3f} ({low:.3f}–{high:.3f})"
