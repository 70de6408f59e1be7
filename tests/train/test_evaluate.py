import numpy as np
import pytest

from emotion.labels import LABELS
from train import evaluate, figures
from train.corpora.sample import Sample
from train.questions import Question
from train.report import to_markdown
from train.rows import of_sides

TEXTS = 12


def asked(n_speakers, sides=("words",)):
    """Each text by every speaker, and what is said of it: the same, whoever speaks."""
    rng = np.random.default_rng(0)
    label = np.arange(TEXTS) % 2
    said = np.where(rng.random(TEXTS) < 0.6, label, 1 - label)
    samples = [
        Sample(
            f"{speaker}-{text}",
            "made",
            text=f"문장 {text}{'.?!'[speaker]}",
            audio="x",
            label=LABELS[label[text]],
        )
        for speaker in range(n_speakers)
        for text in range(TEXTS)
    ]
    return [of_sides(each, sides) for each in samples], np.tile(said, n_speakers)


def judged(n_speakers, side="words", sides=("words",)):
    rows, said = asked(n_speakers, sides)
    return evaluate.answered(Question("made", "made", side), said, rows, LABELS, True)


def test_words_that_several_spoke_are_one_question():
    once, thrice = judged(1), judged(3)
    assert (thrice.n, thrice.n_texts, once.n_texts) == (3 * TEXTS, TEXTS, TEXTS)
    for name, ends in once.intervals.items():
        assert thrice.intervals[name] == pytest.approx(ends), name


def test_each_voice_is_drawn_by_itself():
    spoken = judged(3, "both", ("voice", "words"))
    low, high = spoken.intervals["uar"]
    wide = np.subtract(*judged(1).intervals["uar"][::-1])
    assert high - low < 0.8 * wide
    assert judged(3, "voice", ("voice",)).n_texts == 0


def test_each_recall_stands_with_its_rows():
    rows, _ = asked(3)
    rows = [row for row in rows if row.label == 0 or row.text[:-1] == "문장 1"]
    said = np.zeros(len(rows), int)
    result = evaluate.answered(Question("made", "made", "words"), said, rows, LABELS, True)
    assert f"| {LABELS[0]} 1.00 ({3 * TEXTS // 2}), {LABELS[1]} 0.00 (3) |" in to_markdown(
        evaluate.to_json([result]), []
    )
    [bars] = figures.recalls(result).data
    assert bars.text == (f"of {3 * TEXTS // 2}", "of 3")


def test_a_table_tells_how_many_texts_there_are_where_they_are_fewer():
    once, thrice = (to_markdown(evaluate.to_json([judged(n)]), []) for n in (1, 3))
    assert f"| made | {TEXTS} | UAR" in once
    assert f"| made | {3 * TEXTS} ({TEXTS} texts) | UAR" in thrice
