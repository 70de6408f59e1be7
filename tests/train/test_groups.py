import numpy as np
import pytest

from train.corpora.sample import Sample
from train.evaluate import Answer
from train.groups import FEWEST, groups, to_markdown
from train.predict import Said
from train.questions import Question
from train.rows import of_sides


def answers(n, texts=None):
    """Women are always understood, men half the time; all speak Korean."""
    rows, said = [], []
    for index in range(n):
        sex = ("female", "male")[index % 2]
        label = ("happy", "sad")[index // 2 % 2]
        text = f"네 {index % (texts or n)}"
        sample = Sample(str(index), "made", text=text, label=label, sex=sex, language="ko")
        rows.append(of_sides(sample, ("words",)))
        right = sex == "female" or index % 8 < 4
        said.append(rows[-1].label if right else (rows[-1].label + 1) % 7)
    logits = np.eye(7)[said]
    question = Question("made, words", "made", "words")
    return [Answer(question, rows, Said(logits, np.zeros((n, 2)), np.ones(n)))]


def test_each_sex_and_each_language_has_its_own_figure():
    found = {each.who: each for each in groups(answers(8 * FEWEST))}
    assert found["female"].uar == 1
    assert found["male"].uar == pytest.approx(0.5)
    assert found["male"].low < 0.5 < found["male"].high
    assert found["ko"].n == 8 * FEWEST
    assert to_markdown(list(found.values())).count("\n") == 4


def test_what_all_say_is_one_sentence():
    once, again = (
        {each.who: each for each in groups(answers(8 * FEWEST, texts))}["male"]
        for texts in (None, 16)
    )
    assert (once.n, once.uar) == (again.n, again.uar)
    assert again.high - again.low > 2 * (once.high - once.low)


def test_a_handful_is_no_group():
    assert {each.who for each in groups(answers(FEWEST))} == {"ko"}
