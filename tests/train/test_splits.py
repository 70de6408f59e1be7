from dataclasses import replace

import pytest

from tests.train import corpora as made
from train.corpora import Sample, read
from train.errors import CannotTrain
from train.splits import SIDES, Split, refuse_overlap, split


def values(side, name):
    return {getattr(sample, name) for sample in side}


def test_no_speaker_is_on_two_sides_and_each_sex_is_on_each(tmp_path):
    done = split(read("ravdess", made.make_ravdess(tmp_path, range(1, 21))))
    sides = [values(getattr(done, side), "speaker") for side in SIDES]
    assert sum(map(len, sides)) == len(set.union(*sides)) == 20
    assert all(values(getattr(done, side), "sex") == {"male", "female"} for side in SIDES)


def test_sentences_that_give_the_emotion_away_are_split_like_speakers(tmp_path):
    samples = read("emotiontts", made.make_emotiontts(tmp_path))
    telling = [each for each in samples if each.part == "emotional-to-emotional"]
    done = split(telling)
    for name in ("speaker", "sentence"):
        assert not values(done.train, name) & values(done.test, name)
    assert values(done.train, "label") == values(done.test, "label")
    assert len(done.train) + len(done.test) < len(telling)  # who is neither is left out


def test_the_same_text_twice_is_on_one_side():
    texts = [f"comment {number % 50}" for number in range(200)]
    samples = [Sample(str(i), "kote", text=text, label="happy") for i, text in enumerate(texts)]
    done = split(samples)
    assert done.test
    assert not values(done.train, "text") & (values(done.dev, "text") | values(done.test, "text"))


def test_a_split_does_not_depend_on_the_order_of_its_samples(tmp_path):
    samples = read("ravdess", made.make_ravdess(tmp_path))
    assert values(split(samples).test, "id") == values(split(samples[::-1]).test, "id")


def test_a_published_side_is_kept():
    samples = [Sample(str(i), "goemotions", text=f"t{i}", part="dev") for i in range(9)]
    assert len(split(samples).test) == 9


@pytest.mark.parametrize("name", ["speaker", "sentence"])
def test_a_split_that_leaks_is_refused(name, tmp_path):
    samples = read("emotiontts", made.make_emotiontts(tmp_path))
    telling = [each for each in samples if each.part == "emotional-to-emotional"]
    done = split(telling)
    stolen = replace(done.train[0], **{name: getattr(done.test[0], name)})
    with pytest.raises(CannotTrain, match=f"{name}.*both"):
        refuse_overlap(Split([*done.train, stolen], done.dev, done.test))
