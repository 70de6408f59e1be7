"""What runs of letters are signs of, and how much they may say."""

import numpy as np

from emotion.labels import LABELS
from emotion.model.config import GramWords
from emotion.model.grams import Grams
from train import signs
from train.corpora import Sample
from train.measures import best_temperature

SETTINGS = GramWords("grams", 500, signs=4000)
OF = {"happy": "좋아 신나 최고", "sad": "슬퍼 눈물 외로워", "angry": "짜증 화나 싫어"}
LABELED = tuple(OF)


def comments(n, chance):
    """Comments with a word of their feeling, and two of any.

    Raters who hear something else in most of them keep signs from saying much.
    """
    found = []
    for number in range(n):
        label = LABELED[number % 3]
        meant = (label, str(chance.choice(LABELED)), str(chance.choice(LABELED)))
        words = [str(chance.choice(OF[each].split())) for each in meant]
        votes = {label: 3, str(chance.choice(LABELED)): 2} if number % 5 else {label: 5}
        found.append(
            Sample(f"c{number}", "kote", "kote", text=" ".join(words), votes=votes, language="ko")
        )
    return found


def test_signs_say_of_new_texts_as_much_as_they_are_right():
    chance = np.random.default_rng(0)
    table = signs.learn(comments(600, chance), SETTINGS)
    reader = Grams(SETTINGS.buckets, SETTINGS.signs)
    new = [each for each in comments(600, chance) if len(each.votes) == 1]
    said = signs.counted([each.text for each in new], reader, len(table)) @ table
    truth = np.array([LABELS.index(next(iter(each.votes))) for each in new])
    assert 0.6 < best_temperature(said[:, : len(LABELS)], truth) < 1.6
