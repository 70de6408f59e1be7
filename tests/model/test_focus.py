"""The focus against the published formula, written out one row and one head at a time."""

import numpy as np
import pytest
import torch

from emotion.model import collate
from emotion.model.blocks import Attention
from emotion.model.config import FusionConfig, ModelConfig
from emotion.model.focus import Focus, FocusBlock, FocusFusion, lean
from tests.model import made, plain

WIDTH, HEADS, LAYERS = 8, 2, 2
# Which places are real: one voice starts late, another has a hole, the third is a single state.
VOICE = [range(3, 9), (0, 1, 4, 5, 6), [5]]
WORDS = [range(4), range(2), range(5)]


@pytest.fixture
def fusion():
    torch.manual_seed(5)
    config = ModelConfig(
        fusion=FusionConfig(kind="focus", layers=LAYERS, heads=HEADS), width=WIDTH, dropout=0.5
    )
    made = FocusFusion(config).eval().double()
    for name, parameter in made.named_parameters():
        parameter.data += (1.5 if "focus" in name else 0.3) * torch.randn_like(parameter)
    return made


def test_focus_equals_the_formula_written_out(fusion):
    voice, words = plain.states(WIDTH, VOICE, 9), plain.states(WIDTH, WORDS, 5)
    with torch.inference_mode():
        fused_voice, fused_words, seen = fusion.meet(voice, words, weights=True)
    parts = plain.parts(fusion)
    for row in range(3):
        a, t = plain.real_rows(voice, row), plain.real_rows(words, row)
        heard, read = voice.mask[row], words.mask[row]
        expected, shares, focus = written_out(parts, "words_over_voice", t, a)
        assert np.allclose(fused_words.values[row][read], expected)
        assert np.allclose(seen.words_to_voice[row][..., read, :][..., heard], shares)
        assert np.allclose(seen.words_focus[row][:, read], focus)
        expected, shares, focus = written_out(parts, "voice_over_words", a, t)
        assert np.allclose(fused_voice.values[row][heard], expected)
        assert np.allclose(seen.voice_to_words[row][..., heard, :][..., read], shares)
        assert np.allclose(seen.voice_focus[row][:, heard], focus)
        assert (seen.words_to_voice[row] * ~heard).abs().max() == 0
    assert seen.words_focus[0, :, :, 0].std() > 0.5, "words lean to different places"


def written_out(parts, encoder, query, context):
    """Every layer's states, weights and focus; the contexts hold real keys alone."""
    weights, focuses, n = [], [], len(context)
    for layer in range(LAYERS):
        name = f"{encoder}.blocks.{layer}"
        hidden = np.tanh(plain.linear(parts, f"{name}.focus.inner", query))
        share = 1 / (1 + np.exp(-plain.linear(parts, f"{name}.focus.outer", hidden)))
        bias = np.zeros((len(query), n))
        focus = np.zeros((len(query), 2))
        for i in range(len(query)):
            focus[i] = n * share[i, 0], max(0.5, n * share[i, 1])
            for j in range(n):  # a state stands at its middle
                bias[i, j] = -((j + 0.5 - focus[i, 0]) ** 2) / (2 * focus[i, 1] ** 2)
        query, shares = plain.cross_block(parts, f"{name}.cross", query, context, HEADS, bias)
        weights.append(shares)
        focuses.append(focus)
    return query, np.array(weights), np.array(focuses)


def test_silence_before_and_padding_behind_are_no_places():
    """What is real stands together or apart, early or late: the bias of its keys is the same."""
    focus = torch.tensor([[[1.0, 0.8], [2.5, 3.0]]])
    mask = torch.zeros(1, 9, dtype=torch.bool)
    here, there = mask.clone(), mask.clone()
    here[0, :3] = True
    there[0, [4, 6, 7]] = True
    assert torch.equal(lean(focus, here)[:, :, here[0]], lean(focus, there)[:, :, there[0]])


def test_the_fast_path_and_the_path_with_weights_agree(fusion):
    voice, words = plain.states(WIDTH, VOICE, 9), plain.states(WIDTH, WORDS, 5)
    with torch.inference_mode():
        fast, slow = fusion.meet(voice, words), fusion.meet(voice, words, weights=True)
    assert fast[2] is None
    for one, other in zip(fast[:2], slow[:2], strict=True):
        assert torch.allclose(one.values[one.mask], other.values[other.mask])
    attention = Attention(WIDTH, HEADS, 0.0).double().eval()
    bias = -9 * torch.rand(3, 5, 9, dtype=torch.float64)
    query, given = words.values, (voice.values, voice.mask)
    leaning = attention(query, *given, lean=bias)[0]
    assert torch.allclose(leaning, attention(query, *given, weights=True, lean=bias)[0])
    assert not torch.allclose(leaning, attention(query, *given)[0])


def test_the_farther_from_its_centre_the_less_is_seen():
    torch.manual_seed(0)
    block = FocusBlock(WIDTH, HEADS, 0.0).eval()
    for parameter in block.cross.attention.parameters():
        parameter.data.zero_()  # all keys are alike, so the focus alone decides
    block.focus.outer.weight.data.zero_()
    block.focus.outer.bias.data = torch.tensor([1.0986123, -2.0])  # three quarters; a narrow one
    mask = torch.ones(1, 20, dtype=torch.bool)
    with torch.inference_mode():
        _, shares, focus = block(torch.randn(1, 3, WIDTH), torch.randn(1, 20, WIDTH), mask, True)
    assert focus[0, :, 0].tolist() == pytest.approx([15] * 3)
    place = torch.arange(20) + 0.5
    width = 20 / (1 + np.exp(2))
    bell = torch.exp(-((place - 15) ** 2) / (2 * width**2))
    assert torch.allclose(shares[0, 0, 0], bell / bell.sum(), atol=1e-6)


@pytest.mark.parametrize("kind", [torch.float16, torch.bfloat16, torch.float32])
def test_the_narrowest_focus_on_the_longest_voice_is_finite(kind):
    """With halves a far key's bias is no number any more, yet some key must always be left."""
    torch.manual_seed(0)
    attention = Attention(WIDTH, HEADS, 0.0).to(kind)
    predict = Focus(WIDTH)
    predict.outer.bias.data = torch.tensor([-30.0, -30.0])
    mask = torch.ones(1, 1500, dtype=torch.bool)
    bias = lean(predict(torch.randn(1, 2, WIDTH), mask), mask)
    query, context = torch.randn(1, 2, WIDTH).to(kind), torch.randn(1, 1500, WIDTH).to(kind)
    out, shares = attention(query, context, mask, weights=True, lean=bias)
    fast, _ = attention(query, context, mask, lean=bias)
    assert out.isfinite().all()
    assert torch.allclose(out, fast, atol=1e-2)
    assert torch.allclose(shares.float().sum(-1), torch.ones(1, HEADS, 2), atol=1e-2)


def test_a_whole_model_returns_its_focus_on_request(tokenizer):
    model, rows = made.model(tokenizer, kind="focus"), made.rows(tokenizer)
    with torch.inference_mode():
        output = model(collate(rows), attention=True)
    seen, sides = output.weights, output.sides
    assert seen.words_focus.shape == (*seen.words_to_voice.shape[:2], sides.words.mask.shape[1], 2)
    assert seen.voice_focus.shape == (*seen.voice_to_words.shape[:2], sides.voice.mask.shape[1], 2)
    for focus, context in ((seen.words_focus, sides.voice), (seen.voice_focus, sides.words)):
        most = context.mask.sum(1)[:, None, None]
        assert (focus[..., 0] >= 0).all()
        assert (focus[..., 0] <= most).all()
        assert (focus[..., 1] >= 0.5).all()
