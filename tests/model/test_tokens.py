import pytest
from hypothesis import given
from hypothesis import strategies as st

from emotion.model.tokens import MOST_TOKENS, Tokenizer


def test_every_word_has_tokens_whatever_it_is_made_of(tokenizer):
    words = ["행복해", "🙂", "\u200b", "", "so,happy!!", "Żółć", "1999"]
    encoded = tokenizer.encode(words)
    assert set(encoded.words) == set(range(len(words)))


@given(st.lists(st.text(max_size=8), max_size=30))
def test_word_indices_grow_and_tokens_are_known(words):
    tokenizer = _tokenizer()
    encoded = tokenizer.encode(words)
    assert list(encoded.words) == sorted(encoded.words)
    assert len(encoded.tokens) == len(encoded.words) <= MOST_TOKENS
    assert all(0 <= token < tokenizer.size for token in encoded.tokens)


def test_case_and_the_way_hangul_is_stored_do_not_matter(tokenizer):
    import unicodedata

    apart = unicodedata.normalize("NFD", "행복해")
    assert tokenizer.encode([apart]) == tokenizer.encode(["행복해"])
    assert tokenizer.encode(["HAPPY"]) == tokenizer.encode(["happy"])


def test_endings_that_differ_by_a_letter_share_tokens():
    texts = ["행복해 행복했어 행복하다 행복한", "행복", "사랑해 미워해 했어 했다"]
    tokenizer = Tokenizer.train(texts, 30)
    glad, was_glad = (set(tokenizer.encode([word]).tokens) for word in ("행복해", "행복했어"))
    assert glad & was_glad


def test_it_survives_its_file_and_a_broken_file_is_an_error(tokenizer, tmp_path):
    tokenizer.save(tmp_path / "tokenizer.json")
    again = Tokenizer.load(tmp_path / "tokenizer.json")
    assert again.encode(["너무", "행복해"]) == tokenizer.encode(["너무", "행복해"])
    (tmp_path / "tokenizer.json").write_text("{")
    with pytest.raises(ValueError, match=r"tokenizer\.json"):
        Tokenizer.load(tmp_path / "tokenizer.json")


def _tokenizer(made=[]):  # noqa: B006 - made once; hypothesis takes no fixture of this scope
    if not made:
        made.append(Tokenizer.train(["나 지금 너무 행복해", "I am so happy to see you"], 120))
    return made[0]
