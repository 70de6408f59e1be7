"""What a run found out: report.json, report.md, predictions.csv, and figures to look at."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import plotly.graph_objects as go

from emotion.model import EmotionModel, Tokenizer
from train import baseline, evaluate
from train.corpora.sample import Sample
from train.evaluate import Answer, Result
from train.prepare import Data
from train.recipe import Recipe

FACTS, PAGE, TABLE, FIGURES = "report.json", "report.md", "predictions.csv", "figures.html"
NAMES = {
    "uar": "UAR",
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "weighted_f1": "weighted F1",
    "valence_r": "valence r",
    "arousal_r": "arousal r",
    "valence_ccc": "valence CCC",
    "arousal_ccc": "arousal CCC",
    "balanced_accuracy": "balanced accuracy",
}
HEADLINES = ("uar", "valence_r", "arousal_r", "balanced_accuracy")  # what the baseline has as well


class Report:
    """The figures of a model on one side of a split, the baseline's beside them.

    Attributes:
        results: The model's.
        plain: The baseline's, of the questions that it can answer.
        note: What a reader of the figures has to know of the split.
    """

    def __init__(
        self,
        model: EmotionModel,
        tokenizer: Tokenizer | None,
        data: Data,
        samples: Sequence[Sample],
        recipe: Recipe | None = None,
        with_baseline: bool = True,
    ) -> None:
        asked = evaluate.questions_for(samples, data.sounds, model.config, recipe)
        self.model, self.note = model, data.split.note
        self.answers = list(evaluate.answer(model, tokenizer, data.sounds, asked))
        self.judged: list[Result] = [evaluate.judged(each, model.config) for each in self.answers]
        self.results = evaluate.to_json(self.judged)
        self.plain: list[dict[str, Any]] = []
        if with_baseline:
            labels = model.config.labels
            answers = baseline.answers(data.split.train, asked, data.sounds, labels)
            self.plain = evaluate.to_json(answers)

    def page(self) -> str:
        """The tables as Markdown."""
        note = f"{self.note}\n\n" if self.note else ""
        return note + to_markdown(self.results, self.plain)

    def write(self, folder: Path) -> None:
        """Writes all four files."""
        folder.mkdir(parents=True, exist_ok=True)
        facts = {"note": self.note, "results": self.results, "baseline": self.plain}
        text = json.dumps(facts, ensure_ascii=False, indent=1)
        (folder / FACTS).write_text(text + "\n", encoding="utf-8")
        (folder / PAGE).write_text(self.page() + "\n", encoding="utf-8")
        (folder / FIGURES).write_text(figures_page(self.judged, self.model), encoding="utf-8")
        write_predictions(folder / TABLE, self.answers, self.model)


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
    """
    theirs = {row["test"]: row for row in plain}
    lines = [
        "| test | n | figure | this model (95 % interval) | baseline (95 % interval) |",
        "|---|---|---|---|---|",
    ]
    for row in results:
        for name in (name for name in HEADLINES if name in row["intervals"]):
            ours, other = _figure(row, name), _figure(theirs.get(row["test"]), name)
            lines.append(f"| {row['test']} | {row['n']} | {NAMES[name]} | {ours} | {other} |")
    return "\n".join([*lines, "", *_labels_table(results)])


def figures_page(results: Sequence[Result], model: EmotionModel) -> str:
    """Confusion, recalls and reliability of each question about labels, in one page."""
    parts: list[str] = []
    for result in results:
        if result.question.asks != "label":
            continue
        drawn = (confusion(result, model), recalls(result), reliability(result))
        for figure in drawn:
            # Plotly's own script once, out of its package: the page needs no network.
            parts.append(figure.to_html(full_html=False, include_plotlyjs=not parts))
    body = "\n".join(parts)
    return f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Figures</title>\n{body}'


def confusion(result: Result, model: EmotionModel) -> go.Figure:
    """What was said of each label, as shares of the label's rows."""
    labels = list(model.config.labels)
    shares = [[n / max(1, sum(row)) for n in row] for row in result.confusion]
    heat = go.Heatmap(
        x=labels,
        y=labels,
        z=shares,
        text=result.confusion,
        texttemplate="%{text}",
        zmin=0,
        zmax=1,
        colorscale="Blues",
    )
    figure = _figure_of(f"{result.question.name}: said (across) of each label (down)", [heat])
    figure.update_yaxes(autorange="reversed")
    return figure


def recalls(result: Result) -> go.Figure:
    """The recall of each label."""
    bars = go.Bar(x=list(result.recalls), y=list(result.recalls.values()))
    figure = _figure_of(f"{result.question.name}: recall of each label", [bars])
    figure.update_yaxes(range=[0, 1])
    return figure


def reliability(result: Result) -> go.Figure:
    """How often it was right, where it was how sure."""
    sure, right, n = zip(*result.reliability, strict=True)
    line = go.Scatter(x=[0, 1], y=[0, 1], mode="lines", name="as sure as right")
    found = go.Scatter(x=sure, y=right, mode="lines+markers", name="this model", text=n)
    figure = _figure_of(f"{result.question.name}: how sure, and how often right", [line, found])
    figure.update_xaxes(title="probability of what was said", range=[0, 1])
    figure.update_yaxes(title="share that was right", range=[0, 1])
    return figure


def _figure_of(title: str, drawn: list[Any]) -> go.Figure:
    figure = go.Figure(drawn)
    figure.update_layout(title=title, template="plotly_white", height=460)
    return figure


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
