"""What runs of letters are signs of, and how much they may say."""

import numpy as np
import pytest
import torch

from emotion.labels import LABELS
from emotion.model import ModelConfig
from emotion.model.config import FusionConfig, GramWords
from emotion.model.grams import Grams
from emotion.model.words import ENCODERS, Signs
from train import begin, signs
from train.corpora import Sample
from train.errors import CannotTrain
from train.measures import best_temperature
from train.recipe import Recipe

CLOSE = 1e-5
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


def learnt(samples, plain=()):
    """Signs that were found in texts."""
    found = Signs(SETTINGS)
    signs.learn(found, samples, SETTINGS, plain)
    return found


def told(found, texts):
    """What signs say of texts, `[texts, labels + 2]`."""
    runs = signs.runs_of(texts, Grams(SETTINGS.buckets, SETTINGS.signs))
    return signs.counted(runs, found.owner.numpy()) @ found.table.numpy()


def test_signs_say_of_new_texts_as_much_as_they_are_right():
    chance = np.random.default_rng(0)
    found = learnt(comments(600, chance))
    new = [each for each in comments(600, chance) if len(each.votes) == 1]
    said = told(found, [each.text for each in new])
    truth = np.array([LABELS.index(next(iter(each.votes))) for each in new])
    assert 0.6 < best_temperature(said[:, : len(LABELS)], truth) < 1.6


def test_a_model_says_what_was_found():
    chance = np.random.default_rng(0)
    encoder = ENCODERS["grams"](SETTINGS, 0.0).eval()
    signs.learn(encoder.signs, comments(300, chance), SETTINGS)
    reader = Grams(SETTINGS.buckets, SETTINGS.signs)
    for text in ("좋아 신나 최고", "슬퍼 슬퍼 슬퍼, 눈물 슬퍼", "ㅋㅋㅋㅋㅋㅋ", "so sad"):
        read = reader.encode(text.split())
        tokens, words = torch.tensor([read.tokens]), torch.tensor([read.words])
        said = encoder(tokens, words).said[0].numpy()
        found = told(encoder.signs, [text])[0]
        assert np.abs(said[: len(LABELS)] - found[: len(LABELS)]).max() < CLOSE


def test_what_is_said_plainly_is_no_sign_of_a_feeling():
    """Comments are in the mood for something; what people say all day is in none of them."""
    chance = np.random.default_rng(0)
    nouns = ["회의", "내일", "기차", "도착", "서울", "출발", "시간", "예약", "주문", "확인"]

    def plain(n):
        words = [" ".join(chance.choice(nouns, 3)) for _ in range(n)]
        return [
            Sample(f"p{each}", "emotiontts", "emotiontts/main", text=text, language="ko")
            for each, text in enumerate(words)
        ]

    asked, felt = plain(100), comments(300, chance)

    def said(texts, found):
        said = told(found, [each.text for each in texts])[:, : len(LABELS)]
        return [LABELS[row.argmax()] if np.ptp(row) > 0.1 else "nothing" for row in said]

    without, found = learnt(felt), learnt(felt, plain(300))
    assert "neutral" not in said(asked, without)
    assert said(asked, found).count("neutral") > 90
    again = sum(map(str.__eq__, said(felt, found), said(felt, without)))
    assert again > 0.95 * len(felt)


def test_ratings_are_told_of_words_that_only_labels_were_given_for():
    """A few thousand ratings meet few words; what comments feel tells how glad the others are."""
    chance = np.random.default_rng(0)
    met = {"happy": ("좋아", 0.8), "sad": ("슬퍼", -0.8), "angry": ("짜증", -0.8)}
    rated = [
        Sample(f"r{n}", "own", "own", text=word, valence=valence, arousal=0.0, language="ko")
        for n, (word, valence) in enumerate(list(met.values()) * 40)
    ]
    found = learnt([*comments(600, chance), *rated])
    valence = told(found, ["신나 최고", "외로워 눈물", "화나"])[:, -2]
    assert valence[0] > 0.05
    assert max(valence[1:]) < -0.05


def test_of_two_feelings_each_has_its_signs():
    texts = {"happy": "좋아 신나 최고", "sad": "슬퍼 눈물 외로워"}
    felt = [
        Sample(f"{label}{n}", "own", "own", text=word, label=label, language="ko")
        for label, words in texts.items()
        for n, word in enumerate(words.split() * 10)
    ]
    said = told(learnt(felt), [each.text for each in felt])
    assert [LABELS[row.argmax()] for row in said[:, : len(LABELS)]] == [each.label for each in felt]


def test_what_is_met_in_many_texts_leaves_its_place_to_no_other():
    """A run of a few thousand texts says nothing of runs of others that share its place."""
    size, place, other, lonely = 40, 7, 30, 12
    common, rare, second, once = (
        each + size * mark for each, mark in ((place, 1), (place, 2), (other, 3), (lonely, 4))
    )
    texts = [[common, rare], [common], [common], [rare, second], [second], [once]]
    runs = signs.Runs(np.concatenate(texts), np.array(list(map(len, texts))))
    owner = signs.owners([runs], size)
    assert (owner[place], owner[other], owner[lonely]) == (1, 3, 0)  # what is met once owns nothing
    counts = signs.counted(runs, owner).toarray()
    assert np.allclose(counts[:, place], [1, 1, 1, 0, 0, 0])
    assert np.allclose(counts[:, other], [0, 0, 0, 1, 1, 0])
    # Each corpus counts alike, however many its texts: here two in four of fewer outweigh it.
    few = signs.Runs(np.array([rare, rare]), np.array([1, 1, 0, 0]))
    assert signs.owners([few, runs], size)[place] == 2


@pytest.mark.parametrize(
    ("fusion", "labels"), [("concat", LABELS), ("late", ("happy", "sad")), ("late", LABELS)]
)
def test_words_taken_from_elsewhere_bring_their_signs_or_are_refused(fusion, labels):
    config = ModelConfig(
        voice=None, fusion=FusionConfig(fusion), labels=labels, combinations=("words",)
    )
    recipe = Recipe("Begun elsewhere.", model=config, start={"words": "default"})
    starts = begin.checkpoints(recipe)
    if (fusion, labels) == ("late", LABELS):
        assert begin.shaped(recipe, starts).model.words.signs
    else:
        with pytest.raises(CannotTrain, match=r"signs.* set model\.fusion\.kind to late or beside"):
            begin.shaped(recipe, starts)
