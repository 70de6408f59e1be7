"""Tokens and states by hand, as words and seconds."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch

from emotion.attention import attention, mixed
from emotion.audio import RATE, Clip
from emotion.model.fused import Weights
from emotion.model.inputs import NO_WORD
from emotion.model.states import Sides, States, nothing


@dataclass
class Said:
    """The part of an Output that attention is read from."""

    sides: Sides
    weights: Weights | None


# A mark that belongs to no word, a word of two tokens, a word of one.
WORD_OF = torch.tensor([NO_WORD, 0.0, 0.0, 1.0])
CLIP = Clip(np.zeros(round(0.5 * RATE), np.float32), "made")
TO_VOICE = torch.tensor([[0.0, 0.5, 0.5, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0.25, 0.5, 0.25]])
TO_WORDS = torch.tensor([[0.25] * 4, [0.4, 0.1, 0.2, 0.3], [0, 0.5, 0.5, 0], [0.1, 0, 0, 0.9]])


def seen(words_focus=None, voice_focus=None):
    """Four states of 0.1 s, of which the first is silence, and weights of one layer and head."""
    start = torch.arange(4) * 0.1 + 0.1
    span = torch.stack([start, start + 0.1], 1)[None]
    heard = torch.tensor([[False, True, True, True]])
    voice = States(torch.zeros(1, 4, 8), heard, span)
    read = torch.ones(1, 4, dtype=torch.bool)
    words = States(torch.zeros(1, 4, 8), read, WORD_OF[None, :, None].expand(1, 4, 2))
    weights = Weights(TO_VOICE[None, None, None], TO_WORDS[None, None, None])
    if words_focus is not None:
        weights = Weights(
            weights.words_to_voice,
            weights.voice_to_words,
            torch.tensor(words_focus)[None, None],
            torch.tensor(voice_focus)[None, None],
        )
    sides = Sides(voice, words, nothing(heard, 8))
    return attention(Said(sides, weights), CLIP, ["gladly", "so", "unread"])


def test_a_word_looks_as_its_tokens_do_and_gets_what_they_get():
    found = seen()
    assert found.words == ("gladly", "so")
    assert np.allclose(found.words_to_voice[0, 0], [[0, 0.5, 0.5, 0], [0, 0.25, 0.5, 0.25]])
    # What falls on the mark is no word's, and a moment of silence looks at nothing.
    expected = [[0, 0], [0.3, 0.3], [1, 0], [0, 0.9]]
    assert np.allclose(found.voice_to_words[0, 0], expected)
    assert found.words_focus is None
    assert found.voice_focus is None


def test_the_focus_of_words_is_in_seconds_from_where_the_voice_begins():
    # In the middle of the second heard state; then at both ends of what is heard.
    places = [[0.0, 1.0], [1.5, 1.0], [1.5, 2.0], [3.0, 0.5]]
    found = seen(places, [[0.0, 1.0]] * 4).words_focus
    assert found.shape == (1, 2, 2)
    assert found[0, :, 0] == pytest.approx([0.35, 0.5])
    # Two tokens of the widths 0.1 and 0.2 s at one place.
    assert found[0, :, 1] == pytest.approx([np.sqrt((0.01 + 0.04) / 2), 0.05])


def test_the_focus_of_moments_is_among_the_words_and_marks_take_no_place():
    # Nowhere, for it is silence; the mark; the middle of the first word; that of the second.
    found = seen([[0.0, 1.0]] * 4, [[2.0, 1.0], [0.5, 2.0], [2.0, 4.0], [3.5, 1.0]]).voice_focus
    assert np.isnan(found[0, 0]).all()
    assert found[0, 1:, 0] == pytest.approx([-0.5, 0.0, 1.0])
    assert found[0, 1:, 1] == pytest.approx([1.0, 2.0, 0.5])


def test_several_stretches_are_one_as_wide_as_all_of_them_together():
    whole = mixed(np.array([[1.0, 0.5], [3.0, 0.5]]), 0)
    assert whole == pytest.approx([2.0, np.sqrt(0.25 + 1)])
