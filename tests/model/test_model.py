import numpy as np
import pytest
import torch

from emotion.errors import BadInput
from emotion.model import EmotionModel, ModelConfig, collate
from emotion.model.config import to_dict
from emotion.model.mel import RATE, LogMel
from emotion.model.settings import from_dict
from tests.conftest import TEXTS, voice

CLOSE = 1e-5


@pytest.fixture
def rows(tokenizer):
    """Every combination of sides, of very different lengths."""
    words = [tokenizer.encode(text.split()) for text in TEXTS]
    return [
        (voice(0.5), words[0]),
        (voice(4.0, 1), None),
        (None, words[2]),
        (voice(0.13, 2), words[3]),
        (voice(2.2, 3), tokenizer.encode(["행복해"])),
    ]


def run(model, rows, attention=False):
    with torch.inference_mode():
        return model(collate(rows), attention)


def test_an_utterance_means_the_same_alone_and_in_a_batch(model, rows):
    together = run(model, rows)
    for index, row in enumerate(rows):
        alone = run(model, [row])
        assert torch.allclose(alone.logits[0], together.logits[index], atol=CLOSE)
        assert torch.allclose(alone.affect[0], together.affect[index], atol=CLOSE)
    assert together.logits.std(0).min() > 10 * CLOSE, "rows differ by more than what is allowed"


def test_what_stands_in_the_padding_is_never_read(model, rows):
    inputs = collate(rows)
    spoiled = collate(rows)
    for index, n in enumerate(inputs.n_samples):
        spoiled.samples[index, n:] = 7.0
    spoiled.tokens[inputs.words < 0] = 5
    with torch.inference_mode():
        clean, dirty = model(inputs), model(spoiled)
    assert torch.allclose(clean.logits, dirty.logits, atol=CLOSE)


def test_attention_sums_to_one_and_never_lands_on_padding(model, rows):
    output = run(model, rows, attention=True)
    to_voice, to_words = output.weights.words_to_voice, output.weights.voice_to_words
    # Two encoders look from words to voice, one from voice to words, two layers and heads each.
    assert to_voice.shape[1:3] == (4, 2)
    assert to_words.shape[1:3] == (2, 2)
    for weights, looked_at in ((to_voice, output.sides.voice), (to_words, output.sides.words)):
        assert torch.allclose(weights.sum(-1), torch.ones_like(weights[..., 0]), atol=CLOSE)
        on_padding = weights * ~looked_at.mask[:, None, None, None, :]
        assert on_padding.abs().max() == 0


def test_the_fast_path_and_the_path_with_weights_agree(model, rows):
    fast, slow = run(model, rows), run(model, rows, attention=True)
    assert fast.weights is None
    assert torch.allclose(fast.logits, slow.logits, atol=CLOSE)
    assert torch.allclose(fast.affect, slow.affect, atol=CLOSE)


def test_each_side_and_the_order_of_words_matter(model, tokenizer):
    sound = voice(1.5)
    words = tokenizer.encode(["I", "am", "so", "happy", "to", "see", "you"])
    turned = tokenizer.encode(["you", "see", "to", "happy", "so", "am", "I"])
    rows = [(sound, words), (sound, None), (None, words), (sound, turned), (voice(1.5, 9), words)]
    logits = run(model, rows).logits
    apart = torch.cdist(logits, logits) + torch.eye(len(rows))
    assert apart.min() > 1e-3


def test_states_have_a_clock(model, rows):
    output = run(model, rows)
    seconds = output.sides.voice.span[1][output.sides.voice.mask[1]]
    assert seconds[0, 0] == 0
    assert (seconds[:, 1] > seconds[:, 0]).all()
    assert torch.allclose(seconds[1:, 0], seconds[:-1, 1])
    assert seconds[-1, 1].item() == pytest.approx(4.0, abs=0.08)
    word_of = output.sides.words.span[0, :, 0][output.sides.words.mask[0]].tolist()
    assert word_of == sorted(word_of)
    assert set(word_of) == {0, 1, 2, 3}


def test_a_louder_recording_of_the_same_voice_is_the_same_voice(model):
    sound = voice(1.5)
    quiet, loud = run(model, [(0.05 * sound, None)]), run(model, [(sound, None)])
    assert torch.allclose(quiet.logits, loud.logits, atol=1e-2)


def test_how_long_somebody_waits_before_and_after_speaking_changes_nothing(model):
    sound = voice(1.6)
    once = run(model, [(np.pad(sound, (RATE * 8 // 10, RATE)), None)])
    longer = run(model, [(np.pad(sound, (RATE * 24 // 10, 2 * RATE)), None)])
    assert torch.allclose(once.logits, longer.logits, atol=CLOSE)
    heard = [output.sides.voice for output in (once, longer)]
    began = [states.span[0][states.mask[0]][0, 0].item() for states in heard]
    assert began == [pytest.approx(0.64), pytest.approx(2.24)]


def test_silence_is_finite(model):
    output = run(model, [(np.zeros(8000, np.float32), None)])
    assert output.logits.isfinite().all()


def test_log_mel_against_its_definition():
    """One frame in the middle, by numpy's transform and the same bank."""
    sound = voice(0.3)
    features = LogMel(40)
    frames, heard = features(torch.from_numpy(sound)[None], torch.tensor([len(sound)]))
    assert heard.sum() == 30
    window = np.hanning(401)[:400]
    power = []
    for frame in range(30):
        middle = frame * 160 + 80
        padded = np.pad(sound, 400)[middle + 200 : middle + 600] * window
        power.append(np.abs(np.fft.rfft(padded, 512)) ** 2)
    log = np.log(np.array(power) @ features.bank.numpy() + 1e-10)
    log = np.maximum(log, log.max() - 14)
    log = log - log.mean(0)
    expected = log / (np.sqrt(np.mean(log**2)) + 1e-3)
    assert np.allclose(frames[0].numpy(), expected, atol=2e-3)


def test_a_combination_it_was_not_trained_for_is_refused_by_name(tokenizer):
    from tests.conftest import small_model

    model = small_model(tokenizer, combinations=("both",))
    with pytest.raises(BadInput, match=r"needs both; it was given voice"):
        model.refuse_untrained("mine", voice=True)
    model.refuse_untrained("mine", voice=True, words=True)


def test_temperature_belongs_to_the_combination(tokenizer, rows):
    from tests.conftest import small_model

    hot = small_model(tokenizer, temperatures={"voice": 4.0, "words": 1.0, "both": 1.0})
    output = run(hot, rows)
    found, plain = hot.probabilities(output), output.logits.softmax(-1)
    assert torch.allclose(found[1], (output.logits[1] / 4).softmax(-1))
    assert torch.allclose(found[[0, 2, 3, 4]], plain[[0, 2, 3, 4]])


def test_a_configuration_survives_json_and_refuses_what_it_does_not_know(model):
    values = to_dict(model.config)
    assert from_dict(values, ModelConfig) == model.config
    values["voice"]["hieght"] = 3
    with pytest.raises(ValueError, match="hieght"):
        from_dict(values, ModelConfig)


def test_training_reaches_every_parameter(tokenizer, rows):
    from tests.conftest import small_model

    model = small_model(tokenizer).train()
    output = model(collate(rows))
    (output.logits.square().sum() + output.affect.square().sum()).backward()
    idle = [
        name
        for name, parameter in model.named_parameters()
        if parameter.grad is None or not parameter.grad.abs().sum() > 0
    ]
    # A key's bias shifts all scores of a row alike, which softmax does not see.
    assert [name for name in idle if not name.endswith("key.bias")] == []


def test_the_shipped_size_fits_its_file():
    parameters = sum(p.numel() for p in EmotionModel(ModelConfig()).parameters())
    assert parameters * 2 < 10_000_000
