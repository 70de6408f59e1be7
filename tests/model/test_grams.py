import pytest

from emotion.model.grams import MARKS, MOST_WORDS, Grams


def shared(one, other):
    grams = Grams(2**20)
    mine, theirs = (set(grams.encode([word]).tokens) for word in (one, other))
    return len(mine & theirs) / len(mine | theirs)


def test_numbers_are_the_same_in_every_process():
    # Weights that were learnt for other numbers would mean nothing.
    found = Grams(1000).encode(["좋다", "hi"])
    assert found.tokens == (712, 242, 638, 722, 397, 845, 813, 202, 256, 706, 372, 866, 541, 7)
    assert found.words == (0,) * 8 + (1,) * 6


def test_words_of_one_stem_share_more_than_others():
    assert shared("행복했어요", "행복합니다") > shared("행복했어요", "슬픕니다") + 0.1
    assert shared("happy", "Happiness") > shared("happy", "sorrow") + 0.1
    assert shared("happy!!", "HAPPY") > 0.5


def test_however_a_syllable_is_written_down_it_is_one():
    composed, apart = "\ud55c\uae00", "\u1112\u1161\u11ab\u1100\u1173\u11af"
    assert shared(composed, apart) == 1


@pytest.mark.parametrize("word", ["", "!", "🙂", "ㅋ", "a", "\u200b", "…"])
def test_every_word_has_a_number(word):
    assert Grams(10).encode([word, word]).words[-1] == 1


def test_what_comes_after_many_words_is_not_read():
    assert max(Grams(10).encode(["네"] * 500).words) == MOST_WORDS - 1


def test_texts_with_korean_and_others_have_signs_of_their_own():
    grams = Grams(10, 100)
    korean = grams.encode(["ㅠㅠ", "진짜", "OMG", "!!!"]).tokens
    other = grams.encode(["so", "happy", "!!!", "радость"]).tokens
    assert min(each % 100 for each in korean) >= 50 > max(each % 100 for each in other)
    # What the rest of the encoder reads of them is the same as without signs.
    for words in (["행복했어요", "OMG"], ["happiness"]):
        with_signs = grams.encode(words).tokens
        assert tuple(each % 10 for each in with_signs) == Grams(10).encode(words).tokens


def test_runs_that_share_a_sign_are_told_apart():
    grams = Grams(10, 100)
    tokens = {each for n in range(400) for each in grams.encode([f"w{n}x"]).tokens}
    assert len({each % 100 for each in tokens}) == 50
    assert len(tokens) > 1000
    assert max(tokens) < 100 * MARKS
