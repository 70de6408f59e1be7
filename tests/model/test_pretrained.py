"""Encoders of transformers, from tiny local folders such as a hub would send."""

import copy
import shutil

import numpy as np
import pytest
import torch
import transformers
from transformers import AutoModel

from emotion import checkpoint
from emotion.model import EmotionModel, ModelConfig, Row, collate, hub
from emotion.model.config import Pretrained
from emotion.model.inputs import PADDING
from emotion.model.tokens import NO_WORD
from tests.conftest import voice
from tests.model.sources import TEXTS, VOICES, WINDOW, WORDS, made, rows_of, side_of

CLOSE = 1e-5
ALL = {"mix": True, "prosody": True}


def run(model, rows):
    with torch.inference_mode():
        return model(collate(rows))


@pytest.mark.parametrize("settings", [{}, ALL], ids=["plain", "mix and prosody"])
@pytest.mark.parametrize("name", [*VOICES, *WORDS])
def test_an_utterance_means_the_same_alone_and_in_a_batch(sources, name, settings):
    model, rows = made(sources, name, **settings), rows_of(sources, name)
    together = run(model, rows).logits
    for index, row in enumerate(rows):
        assert torch.allclose(run(model, [row]).logits[0], together[index], atol=CLOSE)
    assert torch.pdist(together).min() > 3 * CLOSE


@pytest.mark.parametrize("settings", [{}, ALL], ids=["plain", "mix and prosody"])
@pytest.mark.parametrize("name", [*VOICES, *WORDS])
def test_what_stands_in_the_padding_is_never_read(sources, name, settings):
    model, rows = made(sources, name, **settings), rows_of(sources, name)
    spoiled = collate(rows)
    for index, n in enumerate(spoiled.n_samples):
        spoiled.samples[index, n:] = 3.0
    spoiled.tokens[spoiled.words == PADDING] = 9
    with torch.inference_mode():
        assert torch.allclose(model(spoiled).logits, run(model, rows).logits, atol=CLOSE)


def test_an_encoder_taught_without_standardizing_reads_no_padding_either(sources, tmp_path):
    shutil.copytree(sources / "wavlm", tmp_path / "wavlm")
    extractor = transformers.Wav2Vec2FeatureExtractor(do_normalize=False)
    extractor.save_pretrained(tmp_path / "wavlm")
    model, rows = made(tmp_path, "wavlm"), rows_of(tmp_path, "wavlm")
    loud = [row._replace(voice=2 * row.voice) for row in rows]
    assert (run(model, rows).logits - run(model, loud).logits).abs().max() > 1e-3
    spoiled = collate(rows)
    for index, n in enumerate(spoiled.n_samples):
        spoiled.samples[index, n:] = 3.0
    with torch.inference_mode():
        assert torch.allclose(model(spoiled).logits, run(model, rows).logits, atol=CLOSE)


@pytest.mark.parametrize("name", [*VOICES, *WORDS])
def test_it_says_what_transformers_own_class_says(sources, name):
    model, row = made(sources, name), rows_of(sources, name)[1]
    whole = AutoModel.from_pretrained(sources / name).eval()
    inputs = collate([row])
    with torch.inference_mode():
        if name in WORDS:
            ours = model.words(inputs.tokens, inputs.words)
            theirs = whole(input_ids=inputs.tokens)[0]
        elif name == "whisper":
            extract = transformers.WhisperFeatureExtractor(feature_size=20, chunk_length=WINDOW)
            frames = extract(row.voice, sampling_rate=16_000, return_tensors="pt").input_features
            ours = model.voice(inputs.samples, inputs.n_samples)
            theirs = whole.get_encoder()(frames)[0][:, : ours.values.shape[1]]
        else:
            # So faint that what is added to the deviation counts.
            inputs.samples[:] *= 1e-3 / row.voice.std()
            extract = transformers.Wav2Vec2FeatureExtractor(do_normalize=True)
            heard = extract(inputs.samples[0].numpy(), sampling_rate=16_000, return_tensors="pt")
            ours = model.voice(inputs.samples, inputs.n_samples)
            theirs = whole(heard.input_values)[0]
    assert ours.values.shape == theirs.shape
    assert torch.allclose(ours.values, theirs, atol=2e-4)


def test_whisper_reads_a_long_clip_window_by_window(sources):
    model = made(sources, "whisper")
    clip = voice(WINDOW + 1.3)
    n = WINDOW * 16_000
    whole, first, rest = (
        run(model, [Row(each)]).sides.voice.values for each in (clip, clip[:n], clip[n:])
    )
    assert torch.allclose(whole, torch.cat([first, rest], 1), atol=CLOSE)


@pytest.mark.parametrize("name", VOICES)
def test_states_have_a_clock_and_lie_within_the_clip(sources, name):
    states = run(made(sources, name, prosody=True), [Row(voice(1.2)), Row(voice(3.0))]).sides.voice
    for row, seconds in enumerate((1.2, 3.0)):
        span = states.span[row][states.mask[row]]
        assert torch.allclose(span[1:, 0], span[:-1, 1], atol=1e-4)
        assert span[0, 0] >= 0
        assert seconds - 0.06 < span[-1, 1].item() <= seconds + 1e-3


@pytest.mark.parametrize("name", VOICES)
def test_silence_a_moment_and_an_absent_voice_are_finite(sources, name):
    model = made(sources, name, **ALL)
    moment = np.full(100, 0.1, np.float32)
    states = model.encode(collate([Row(moment), Row(np.zeros(9000, np.float32))]))
    assert states.voice.values.isfinite().all()
    assert states.voice.mask.any(1).all()
    for rows in ([Row(), Row(voice(0.3))], [Row(), Row()]):
        absent = model.encode(collate(rows)).voice
        assert absent.values.isfinite().all()
        assert absent.mask.any(1).tolist() == [row.voice is not None for row in rows]


@pytest.mark.parametrize("name", ["wav2vec2-base", "wavlm", "whisper", "roberta"])
@pytest.mark.parametrize("trained", [None, 0, 1])
def test_what_is_frozen_stays_and_the_rest_learns(sources, name, trained):
    model = made(sources, name, trained=trained).train()
    side = model.voice if name in VOICES else model.words
    before = copy.deepcopy(side.encoder.state_dict())
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], 1.0)
    model(collate(rows_of(sources, name))).logits.square().sum().backward()
    optimizer.step()
    moved = {
        key for key, value in side.encoder.state_dict().items() if (value != before[key]).any()
    }
    last = [key for key in moved if f".{len(side.blocks) - 1}." in key]
    first = [key for key in moved if ".0." in key and "conv_layers" not in key]
    assert not any("feature_extractor" in key for key in moved)
    assert bool(last) == (trained != 0)
    assert bool(first) == (trained is None)
    assert all(not module.training for module in side.frozen())


@pytest.mark.parametrize("name", ["hubert", "electra"])
def test_a_frozen_encoder_says_in_training_what_it_says_in_use(sources, name):
    model, inputs = made(sources, name, trained=0), collate(rows_of(sources, name))
    used = getattr(model.encode(inputs), side_of(name)).values
    assert torch.equal(getattr(model.train().encode(inputs), side_of(name)).values, used)


def test_more_layers_than_there_are_cannot_be_trained(sources):
    with pytest.raises(ValueError, match="4 layers cannot be trained of 3"):
        made(sources, "roberta", trained=4)


def test_pitch_and_loudness_reach_the_states(sources):
    model = made(sources, "wav2vec2-base", prosody=True)
    row = [Row(voice(1.0))]
    before = run(model, row).logits
    model.voice.prosody.dense.weight.data *= 3
    assert (run(model, row).logits - before).abs().max() > 1e-3


def test_a_mix_reads_every_layer(sources):
    model = made(sources, "hubert", mix=True).train()
    model(collate([Row(voice(0.7))])).logits.sum().backward()
    assert (model.voice.shares.grad != 0).all()


@pytest.mark.parametrize("name", [*VOICES, *WORDS])
def test_half_size_floats_will_do(sources, name):
    model, rows = made(sources, name, **ALL), rows_of(sources, name)
    whole = run(model, rows).logits
    with torch.autocast("cpu", torch.bfloat16):
        half = run(model, rows).logits
    assert half.isfinite().all()
    assert (half - whole).abs().mean() < 0.1 * whole.abs().mean()


@pytest.mark.parametrize("names", [("wavlm", "bert"), ("whisper", "electra")])
def test_a_checkpoint_needs_its_sources_no_longer(sources, tmp_path, names):
    here = tmp_path / "hub"
    shutil.copytree(sources, here)
    heard, read = (
        hub.from_source(Pretrained(source=str(here / name)), side_of(name)) for name in names
    )
    tokenizer = hub.tokenizer_of(str(here / names[1]))
    model = EmotionModel(ModelConfig(voice=heard, words=read, width=16)).eval()
    hub.take_weights(model.voice, str(here / names[0]))
    checkpoint.save(model, tokenizer, tmp_path / "saved", card="# Large\n")
    shutil.rmtree(here)
    again = checkpoint.load(tmp_path / "saved")
    row = Row(voice(0.8), tokenizer.encode(TEXTS[0].split()))
    assert again.tokenizer.encode(TEXTS[0].split()) == row.words
    assert torch.allclose(run(model, [row]).logits, run(again.model, [row]).logits, atol=0.02)


def test_tokens_of_no_word_are_read_and_never_looked_at(sources):
    model, rows = made(sources, "roberta"), rows_of(sources, "roberta")
    inputs = collate(rows)
    with torch.inference_mode():
        before = model(inputs)
        inputs.tokens[inputs.words == NO_WORD] = 9
        after = model(inputs)
    assert (before.sides.words.mask.sum(1) == (inputs.words >= 0).sum(1)).all()
    assert (before.logits - after.logits).abs().max() > 1e-3
