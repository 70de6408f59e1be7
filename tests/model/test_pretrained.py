"""Encoders of transformers, from tiny local folders such as a hub would send."""

import copy
import shutil

import numpy as np
import pytest
import tokenizers
import torch
import transformers
from tokenizers import models, pre_tokenizers, processors
from transformers import AutoModel, PreTrainedTokenizerFast

from emotion import checkpoint
from emotion.errors import BadInput
from emotion.model import EmotionModel, ModelConfig, Row, Tokenizer, collate, hub
from emotion.model.config import FusionConfig, Pretrained
from emotion.model.inputs import PADDING
from emotion.model.tokens import NO_WORD
from tests.conftest import voice

CLOSE = 1e-5
SIZES = {"hidden_size": 16, "num_hidden_layers": 3, "num_attention_heads": 2}
CONVOLUTIONS = {
    "conv_dim": (8, 8, 8),
    "conv_kernel": (10, 8, 8),
    "conv_stride": (5, 8, 8),
    "num_feat_extract_layers": 3,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 4,
    "intermediate_size": 32,
}
STABLE = {"feat_extract_norm": "layer", "do_stable_layer_norm": True, "conv_bias": True}
TEXT = {**SIZES, "intermediate_size": 32, "max_position_embeddings": 34}
WHISPER = {"d_model": 16, "num_mel_bins": 20, "vocab_size": 40, "max_source_positions": 1500}
VOICES = {
    "wav2vec2-base": transformers.Wav2Vec2Config(**SIZES, **CONVOLUTIONS),
    "wav2vec2-xls-r": transformers.Wav2Vec2Config(**SIZES, **CONVOLUTIONS, **STABLE),
    "hubert": transformers.HubertConfig(**SIZES, **CONVOLUTIONS),
    "wavlm": transformers.WavLMConfig(**SIZES, **CONVOLUTIONS),
    "whisper": transformers.WhisperConfig(
        **WHISPER,
        **{f"{part}_layers": 2 for part in ("encoder", "decoder")},
        **{f"{part}_attention_heads": 2 for part in ("encoder", "decoder")},
        **{f"{part}_ffn_dim": 16 for part in ("encoder", "decoder")},
        pad_token_id=0,
        bos_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=1,
    ),
}
WORDS = {
    "bert": transformers.BertConfig(**TEXT, vocab_size=60),
    "roberta": transformers.RobertaConfig(**TEXT, vocab_size=60),
    "electra": transformers.ElectraConfig(**TEXT, vocab_size=60, embedding_size=8),
}
TEXTS = ("so happy to see you", "no", "정말 행복해 오늘은 so so happy")
SPECIAL = ("[CLS]", "[PAD]", "[SEP]", "[UNK]")


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """A folder for each, with weights, and for words with a tokenizer."""
    home = tmp_path_factory.mktemp("hub")
    for name, config in (VOICES | WORDS).items():
        torch.manual_seed(3)
        model = AutoModel.from_config(config)
        for parameter in model.parameters():
            parameter.data += 0.05 * torch.randn_like(parameter)
        model.save_pretrained(home / name)
        if name in WORDS:
            fast_tokenizer().save_pretrained(home / name)
    return home


def fast_tokenizer():
    letters = sorted({letter for text in TEXTS for letter in text if letter != " "})
    pieces = [*SPECIAL, *letters, *(f"##{letter}" for letter in letters), "happy"]
    known = {piece: place for place, piece in enumerate(pieces[:60])}
    inner = tokenizers.Tokenizer(models.WordPiece(known, unk_token="[UNK]"))
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    inner.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 0), ("[SEP]", 2)]
    )
    names = {"cls_token": "[CLS]", "pad_token": "[PAD]", "sep_token": "[SEP]"}
    return PreTrainedTokenizerFast(tokenizer_object=inner, unk_token="[UNK]", **names)


def made(sources, name, **settings):
    side = "voice" if name in VOICES else "words"
    source = str(sources / name)
    torch.manual_seed(5)
    shaped = hub.from_source(Pretrained(source=source, **settings), side)
    config = ModelConfig(
        **{"voice": None, "words": None, side: shaped},
        fusion=FusionConfig(kind="concat"),
        width=16,
        dropout=0.1,
    )
    model = EmotionModel(config).eval()
    hub.take_weights(getattr(model, side), source)
    for key, parameter in model.named_parameters():
        if ".label." in key:
            parameter.data *= 10
    return model


def rows_of(sources, name):
    if name in VOICES:
        return [Row(voice(seconds, seed)) for seed, seconds in enumerate((0.31, 1.6, 0.05, 0.9))]
    tokenizer = hub.tokenizer_of(str(sources / name))
    return [Row(words=tokenizer.encode(text.split())) for text in TEXTS]


def run(model, rows):
    with torch.inference_mode():
        return model(collate(rows))


@pytest.mark.parametrize("mix", [False, True])
@pytest.mark.parametrize("name", [*VOICES, *WORDS])
def test_an_utterance_means_the_same_alone_and_in_a_batch(sources, name, mix):
    model, rows = made(sources, name, mix=mix), rows_of(sources, name)
    together = run(model, rows).logits
    for index, row in enumerate(rows):
        assert torch.allclose(run(model, [row]).logits[0], together[index], atol=CLOSE)
    assert torch.pdist(together).min() > 3 * CLOSE
    spoiled = collate(rows)
    for index, n in enumerate(spoiled.n_samples):
        spoiled.samples[index, n:] = 3.0
    spoiled.tokens[spoiled.words == PADDING] = 9
    with torch.inference_mode():
        assert torch.allclose(model(spoiled).logits, together, atol=CLOSE)


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
            extract = transformers.WhisperFeatureExtractor(feature_size=20)
            frames = extract(row.voice, sampling_rate=16_000, return_tensors="pt").input_features
            ours = model.voice(inputs.samples, inputs.n_samples)
            theirs = whole.get_encoder()(frames)[0][:, : ours.values.shape[1]]
        else:
            heard = (row.voice - row.voice.mean()) / np.sqrt(row.voice.var() + 1e-7)
            ours = model.voice(inputs.samples, inputs.n_samples)
            theirs = whole(torch.from_numpy(heard)[None])[0]
    assert ours.values.shape == theirs.shape
    assert torch.allclose(ours.values, theirs, atol=2e-4)


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
    moment = np.full(100, 0.1, np.float32)
    states = made(sources, name).encode(collate([Row(moment), Row(np.zeros(9000, np.float32))]))
    assert states.voice.values.isfinite().all()
    assert states.voice.mask.any(1).all()
    absent = made(sources, name).encode(collate([Row(), Row(voice(0.3))])).voice
    assert absent.values.isfinite().all()
    assert absent.mask.any(1).tolist() == [False, True]


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


@pytest.mark.parametrize("name", ["wav2vec2-base", "electra"])
def test_half_size_floats_will_do(sources, name):
    model, rows = made(sources, name), rows_of(sources, name)
    with torch.autocast("cpu", torch.bfloat16):
        assert run(model, rows).logits.isfinite().all()


@pytest.mark.parametrize("names", [("wavlm", "bert"), ("whisper", "electra")])
def test_a_checkpoint_needs_its_sources_no_longer(sources, tmp_path, names):
    here = tmp_path / "hub"
    shutil.copytree(sources, here)
    heard, read = (
        hub.from_source(Pretrained(source=str(here / name)), side)
        for name, side in zip(names, ("voice", "words"), strict=True)
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


def test_tokens_know_their_words_and_the_rest_belong_to_none(sources):
    tokenizer = hub.tokenizer_of(str(sources / "bert"))
    encoded = tokenizer.encode(["so", "happy", "정말"])
    assert encoded.words == (NO_WORD, 0, 0, 1, 2, 2, NO_WORD)
    long = tokenizer.encode(["so"] * 100)
    assert len(long.tokens) == 32
    assert (long.words[0], long.words[-1]) == (NO_WORD, NO_WORD)


def test_tokens_of_no_word_are_read_and_never_looked_at(sources):
    model, rows = made(sources, "roberta"), rows_of(sources, "roberta")
    inputs = collate(rows)
    with torch.inference_mode():
        before = model(inputs)
        inputs.tokens[inputs.words == NO_WORD] = 9
        after = model(inputs)
    assert (before.sides.words.mask.sum(1) == (inputs.words >= 0).sum(1)).all()
    assert (before.logits - after.logits).abs().max() > 1e-3


def test_what_cannot_be_had_is_one_clear_line(sources, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(BadInput, match=r"nobody/nothing is not on this machine"):
        hub.from_source(Pretrained(source="nobody/nothing"), "voice")
    with pytest.raises(BadInput, match="roberta is no encoder of voice"):
        hub.from_source(Pretrained(source=str(sources / "roberta")), "voice")
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(BadInput, match="cannot be loaded"):
        hub.from_source(Pretrained(source=str(tmp_path)), "words")


def test_weights_that_would_be_unpickled_are_refused(sources, tmp_path):
    shutil.copytree(sources / "bert", tmp_path / "bert")
    (tmp_path / "bert" / "model.safetensors").unlink()
    torch.save(
        AutoModel.from_pretrained(sources / "bert").state_dict(),
        tmp_path / "bert" / "pytorch_model.bin",
    )
    shaped = hub.from_source(Pretrained(source=str(tmp_path / "bert")), "words")
    model = EmotionModel(ModelConfig(voice=None, words=shaped, fusion=FusionConfig(kind="concat")))
    with pytest.raises(BadInput, match="safetensors"):
        hub.take_weights(model.words, str(tmp_path / "bert"))


def test_a_source_without_all_weights_is_refused(sources, tmp_path):
    shutil.copytree(sources / "bert", tmp_path / "bert")
    short = AutoModel.from_config(
        transformers.BertConfig(**{**TEXT, "num_hidden_layers": 2}, vocab_size=60)
    )
    weights = tmp_path / "short"
    short.save_pretrained(weights)
    shutil.copy(weights / "model.safetensors", tmp_path / "bert" / "model.safetensors")
    shaped = hub.from_source(Pretrained(source=str(tmp_path / "bert")), "words")
    model = EmotionModel(ModelConfig(voice=None, words=shaped, fusion=FusionConfig(kind="concat")))
    with pytest.raises(BadInput, match="it lacks"):
        hub.take_weights(model.words, str(tmp_path / "bert"))


def test_a_saved_tokenizer_reads_the_same(sources, tmp_path):
    tokenizer = hub.tokenizer_of(str(sources / "electra"))
    tokenizer.save(tmp_path / "tokenizer.json")
    again = Tokenizer.load(tmp_path / "tokenizer.json")
    assert again.encode(TEXTS[2].split()) == tokenizer.encode(TEXTS[2].split())
