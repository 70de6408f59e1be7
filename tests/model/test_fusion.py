"""MMI against the published equations, and every fusion with every set of sides."""

import numpy as np
import pytest
import torch

from emotion.model import collate
from emotion.model.config import COMBINATIONS, FusionConfig, ModelConfig
from emotion.model.mmi import MMI
from tests.model import made, plain

WIDTH, HEADS = 8, 2
CLOSE = 1e-5
MEETING = ("mmi", "focus", "beside")
EVERY = [
    (kind, sides)
    for kind in ("mmi", "focus", "beside", "concat", "late")
    for sides in made.SETS
    if kind not in MEETING or {"voice", "words"} <= set(sides)
]


def test_mmi_equals_the_equations_written_out():
    torch.manual_seed(3)
    config = ModelConfig(fusion=FusionConfig(layers=1, heads=HEADS), width=WIDTH, dropout=0.5)
    block = MMI(config).eval().double()
    for parameter in block.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    voice = plain.states(WIDTH, [range(5), range(3)], 5)
    words = plain.states(WIDTH, [range(2), range(4)], 4)
    with torch.inference_mode():
        fused_voice, fused_words, weights = block.meet(voice, words, weights=True)
    parts = plain.parts(block)
    for row in range(2):
        a, t = plain.real_rows(voice, row), plain.real_rows(words, row)
        p, to_words = _look(parts, "voice_over_words", a, t)
        r, through = _look(parts, "words_over_mixed", t, p)
        q, direct = _look(parts, "words_over_voice", t, a)
        g = 1 / (1 + np.exp(-plain.linear(parts, "gate", np.hstack([r, q]))))
        expected = plain.linear(parts, "join", np.hstack([r, g * q]))
        assert np.allclose(fused_voice.values[row][voice.mask[row]], p)
        assert np.allclose(fused_words.values[row][words.mask[row]], expected)
        seen = weights.words_to_voice[row].numpy()[..., : len(t), : len(a)]
        assert np.allclose(seen, [direct, through])
        assert np.allclose(weights.voice_to_words[row, 0].numpy()[:, : len(a), : len(t)], to_words)


def _look(parts, encoder, query, context):
    return plain.cross_block(parts, f"{encoder}.blocks.0", query, context, HEADS)


@pytest.mark.parametrize(("kind", "sides"), EVERY)
def test_an_utterance_means_the_same_alone_and_in_a_batch(tokenizer, kind, sides):
    model, rows = made.model(tokenizer, sides, kind), made.rows(tokenizer, sides)
    with torch.inference_mode():
        together = model(collate(rows), attention=True)
        for index, row in enumerate(rows):
            alone = model(collate([row]))
            for part in ("logits", "affect", "embedding"):
                one, many = getattr(alone, part)[0], getattr(together, part)[index]
                assert torch.allclose(one, many, atol=CLOSE), (part, row)
    apart = torch.cdist(together.logits, together.logits) + torch.eye(len(rows))
    assert apart.min() > 100 * CLOSE, "rows differ by more than what is allowed"
    assert (together.weights is not None) == (kind in MEETING)
    there = [COMBINATIONS[each] for each in together.combination]
    assert len(set(there)) == 2 ** len(sides) - 1


def test_beside_the_meeting_each_side_alone_says_what_it_said(tokenizer):
    model, rows = made.model(tokenizer, made.SETS[3], "beside"), made.rows(tokenizer, made.SETS[3])
    with torch.inference_mode():
        sides = model.encode(collate(rows))
        both, voice, words = (
            model.fuse(each) for each in (sides, sides.only("voice"), sides.only("words"))
        )
        model.fusion.meeting.joined.heads.label.weight.zero_()
        model.fusion.meeting.joined.heads.label.bias.zero_()
        unmet = model.fuse(sides)
    meets = sides.voice.present & sides.words.present
    assert torch.allclose(unmet.logits[meets], (voice.logits + words.logits)[meets], atol=CLOSE)
    assert ((both.logits - unmet.logits)[meets].abs() > 100 * CLOSE).any(1).all()
    assert torch.equal(both.logits[~meets], unmet.logits[~meets])


def test_beside_each_other_no_side_counts_for_more_than_it_is_right(tokenizer):
    rows, heat = made.rows(tokenizer, made.SETS[3]), {"voice": 4.0, "words": 0.5}
    plain = made.model(tokenizer, made.SETS[3], "beside")
    heated = made.model(tokenizer, made.SETS[3], "beside", temperatures=heat)
    with torch.inference_mode():
        for each in (plain, heated):
            each.fusion.meeting.joined.heads.label.weight.zero_()
            each.fusion.meeting.joined.heads.label.bias.zero_()
        sides = plain.encode(collate(rows))
        voice, words = (plain.fuse(sides.only(each)).logits for each in ("voice", "words"))
        both = heated.fuse(sides).logits
        alone = heated.fuse(sides.only("voice")).logits
    meets = sides.voice.present & sides.words.present
    assert torch.allclose(both[meets], (voice / 4 + words / 0.5)[meets], atol=CLOSE)
    # What one side says by itself is divided only where probabilities are made of it.
    assert torch.allclose(alone, voice)


LEARNT = [("late", sides, way) for sides in made.SETS[3:] for way in ("weights", "network")]


@pytest.mark.parametrize(
    ("kind", "sides", "combine"), [*((*each, "mean") for each in EVERY), *LEARNT]
)
def test_training_reaches_every_parameter(tokenizer, kind, sides, combine):
    model = made.model(tokenizer, sides, kind, combine=combine).train()
    output = model(collate(made.rows(tokenizer, sides)))
    (output.logits[:, :3].sum() + output.affect.square().sum()).backward()
    idle = [
        name
        for name, parameter in model.named_parameters()
        if parameter.grad is None or not parameter.grad.abs().sum() > 0
    ]
    # A key's bias shifts all scores of a row alike, which softmax does not see.
    assert [name for name in idle if not name.endswith("key.bias")] == []


@pytest.mark.parametrize("kind", MEETING)
@pytest.mark.parametrize("sides", [("voice",), ("words", "body"), ("body",)])
def test_a_fusion_of_voice_and_words_refuses_a_model_without_one(tokenizer, kind, sides):
    with pytest.raises(ValueError, match=r"no (voice|words).*'concat'"):
        made.model(tokenizer, sides, kind)


def test_what_there_is_not_is_refused_by_name(tokenizer):
    with pytest.raises(ValueError, match=r"unknown fusion 'sum'.*mmi.*late"):
        made.model(tokenizer, kind="sum")
    with pytest.raises(ValueError, match=r"unknown pooling 'max'.*ends"):
        made.model(tokenizer, pooling="max")
    with pytest.raises(ValueError, match=r"unknown combine 'vote'.*network"):
        made.model(tokenizer, combine="vote")
    with pytest.raises(ValueError, match="at least one"):
        made.model(tokenizer, sides=())
