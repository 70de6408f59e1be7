import numpy as np
import pytest
import torch

from emotion.model import Row, collate
from emotion.model.config import COMBINATIONS, SIDES
from emotion.model.late import side_prefixes, side_tensors
from tests.model import made

COMBINES = ("mean", "weights", "network")


def run(model, rows):
    with torch.inference_mode():
        return model(collate(rows))


def taken(model, tensors):
    """Loads what fits, and says what did."""
    own = model.state_dict()
    assert {name: value.shape for name, value in tensors.items()}.items() <= {
        name: value.shape for name, value in own.items()
    }.items()
    model.load_state_dict({**own, **tensors})
    return model


def parts_of(tokenizer, kind):
    return {
        side: made.model(tokenizer, (side,), kind, seed=seed)
        for seed, side in enumerate(SIDES, start=1)
    }


@pytest.mark.parametrize("combine", COMBINES)
@pytest.mark.parametrize("kind", ["late", "concat"])
def test_separately_trained_models_speak_on_in_the_one_made_of_them(tokenizer, kind, combine):
    apart = parts_of(tokenizer, kind)
    whole = made.model(tokenizer, SIDES, "late", combine=combine)
    for side, model in apart.items():
        taken(whole, side_tensors(model.state_dict(), side))
    for side, model in apart.items():
        row = made.row(tokenizer, (side,), 3)
        alone, there = run(model, [row]), run(whole, [row])
        assert torch.equal(there.logits, alone.logits.log_softmax(-1))
        assert torch.equal(there.affect, alone.affect)
        assert torch.equal(there.embedding, alone.embedding)


def test_the_mean_is_of_the_probabilities_of_the_sides_that_are_there(tokenizer):
    model, rows = made.model(tokenizer, kind="late"), made.rows(tokenizer)
    output = run(model, rows)
    assert torch.allclose(output.logits.exp().sum(1), torch.ones(len(rows)))
    for index, row in enumerate(rows):
        there = [side for side in SIDES if getattr(row, side) is not None]
        each = [run(model, [row._replace(**dict.fromkeys(set(SIDES) - {side}))]) for side in there]
        mean = np.mean([one.logits.softmax(1)[0].numpy() for one in each], 0)
        assert np.allclose(output.logits[index].exp(), mean, atol=1e-5)
        affect = np.mean([one.affect[0].numpy() for one in each], 0)
        assert np.allclose(output.affect[index], affect, atol=1e-5)
        assert COMBINATIONS[output.combination[index]] == COMBINATIONS[
            sum(1 << SIDES.index(side) for side in there) - 1
        ]  # fmt: skip


def test_learnt_weights_are_shared_out_among_those_that_are_there(tokenizer):
    model = made.model(tokenizer, kind="late", combine="weights")
    model.fusion.scores.data = torch.log(torch.tensor([1.0, 3.0, 4.0]))
    row = made.row(tokenizer, SIDES, 2)
    said = {side: run(model, [Row(**{side: getattr(row, side)})]) for side in SIDES}
    p = {side: one.logits[0].exp() for side, one in said.items()}
    for sides, weights in (
        (SIDES, (1 / 8, 3 / 8, 4 / 8)),
        (("voice", "words"), (1 / 4, 3 / 4)),
        (("voice", "body"), (1 / 5, 4 / 5)),
    ):
        both = run(model, [Row(**{side: getattr(row, side) for side in sides})])
        expected = sum(weight * p[side] for weight, side in zip(weights, sides, strict=True))
        assert torch.allclose(both.logits[0].exp(), expected, atol=1e-6)


def test_a_network_weighs_the_sides_by_what_they_say(tokenizer):
    model = made.model(tokenizer, kind="late", combine="network")
    for parameter in model.fusion.network.parameters():
        parameter.data *= 9
    rows = [made.row(tokenizer, ("voice", "words"), seed) for seed in range(4)]
    output = run(model, rows)
    shares = []
    for row, together in zip(rows, output.logits.exp(), strict=True):
        voice, words = (
            run(model, [Row(**{side: getattr(row, side)})]).logits[0].exp()
            for side in ("voice", "words")
        )
        share = (together - words) @ (voice - words) / (voice - words).square().sum()
        assert torch.allclose(together, share * voice + (1 - share) * words, atol=1e-5)
        shares.append(float(share))
    assert 0 < min(shares) < max(shares) < 1
    assert np.std(shares) > 0.01


def test_an_absent_side_has_no_say_whatever_it_would_have_said(tokenizer):
    model = made.model(tokenizer, kind="late", combine="network")
    row = made.row(tokenizer, ("voice",), 1)
    before = run(model, [row, made.row(tokenizer, SIDES, 2)])
    for name, parameter in model.named_parameters():
        if name.startswith(("fusion.heads.words", "fusion.heads.body", "words.", "body.")):
            parameter.data += 1
    after = run(model, [row, made.row(tokenizer, SIDES, 2)])
    assert torch.equal(before.logits[0], after.logits[0])
    assert not torch.allclose(before.logits[1], after.logits[1])


def test_training_one_side_leaves_the_others_as_they_are(tokenizer):
    model = made.model(tokenizer, kind="late").train()
    output = model(collate([made.row(tokenizer, ("voice",), 1)]))
    (output.logits[:, 0] + output.affect.sum(1)).sum().backward()
    for name, parameter in model.named_parameters():
        moved = parameter.grad is not None and bool(parameter.grad.any())
        if not name.endswith("key.bias"):
            assert moved == name.startswith(side_prefixes("voice")), name


def test_a_part_of_a_whole_model_is_its_encoder_without_the_common_heads(tokenizer):
    whole = made.model(tokenizer, kind="concat")
    part = side_tensors(whole.state_dict(), "words")
    assert {name.split(".")[0] for name in part} == {"words", "words_in"}
    other = made.model(tokenizer, ("voice", "words"), "mmi", seed=4)
    taken(other, part)
    row = made.row(tokenizer, ("words",), 1)
    with torch.inference_mode():
        states = [each.encode(collate([row])).words.values for each in (whole, other)]
    assert torch.equal(*states)
