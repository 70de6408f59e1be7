"""What a hub or a folder may hold, and what of it is refused with one clear line."""

import json
import shutil
from functools import reduce
from operator import getitem

import pytest
import tokenizers
import torch
import transformers
from tokenizers import models, pre_tokenizers, processors, trainers
from transformers import AutoModel, PreTrainedTokenizerFast

from emotion import checkpoint
from emotion.errors import BadInput
from emotion.model import Tokenizer, collate, hub
from emotion.model.config import Pretrained
from emotion.model.tokens import NO_WORD
from tests.model import sources as tiny


@pytest.fixture
def copy(sources, tmp_path):
    shutil.copytree(sources / "bert", tmp_path / "bert")
    return tmp_path / "bert"


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """The hub's real client, without a network; its cache's folder."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    return tmp_path


def test_an_encoder_is_had_by_its_hubs_name(sources, offline):
    commit = "0" * 40
    cached = offline / "models--somebody--bert"
    shutil.copytree(sources / "bert", cached / "snapshots" / commit)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(commit)
    model = tiny.untaught("somebody/bert", "words")
    hub.take_weights(model.words, "somebody/bert")
    by_folder = tiny.made(sources, "bert")
    for name, value in model.words.state_dict().items():
        assert torch.equal(value, by_folder.words.state_dict()[name])
    assert hub.tokenizer_of("somebody/bert").encode(["so"]).words == (NO_WORD, 0, 0, NO_WORD)


def test_a_hub_that_cannot_be_reached_is_said_to_be(offline):
    with pytest.raises(BadInput, match="nobody/nothing is not on this machine") as problem:
        hub.from_source(Pretrained(source="nobody/nothing"), "voice")
    assert problem.value.code == "hub_unreachable"


@pytest.mark.parametrize("source", ["/no/such/folder", "./missing", "two words"])
def test_what_is_no_folder_and_no_hubs_name_is_unknown(offline, source):
    with pytest.raises(BadInput) as problem:
        hub.from_source(Pretrained(source=source), "voice")
    assert problem.value.code == "unknown_checkpoint"


def test_what_is_no_encoder_of_the_side_is_named(sources, tmp_path):
    with pytest.raises(BadInput, match="roberta is no encoder of voice"):
        hub.from_source(Pretrained(source=str(sources / "roberta")), "voice")
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(BadInput, match="cannot be loaded") as problem:
        hub.from_source(Pretrained(source=str(tmp_path)), "words")
    assert "\n" not in str(problem.value)


def test_weights_that_would_be_unpickled_are_refused(copy):
    (copy / "model.safetensors").unlink()
    torch.save(AutoModel.from_config(tiny.WORDS["bert"]).state_dict(), copy / "pytorch_model.bin")
    model = tiny.untaught(copy, "words")
    with pytest.raises(BadInput, match="safetensors"):
        hub.take_weights(model.words, str(copy))


def test_a_source_without_all_weights_is_refused(copy, tmp_path):
    short = transformers.BertConfig(**{**tiny.TEXT, "num_hidden_layers": 2})
    AutoModel.from_config(short).save_pretrained(tmp_path / "short")
    shutil.copy(tmp_path / "short" / "model.safetensors", copy)
    model = tiny.untaught(copy, "words")
    with pytest.raises(BadInput, match="it lacks"):
        hub.take_weights(model.words, str(copy))


def test_a_source_in_half_size_floats_becomes_a_model_in_whole_ones(copy):
    AutoModel.from_pretrained(copy).half().save_pretrained(copy)
    model = tiny.untaught(copy, "words")
    hub.take_weights(model.words, str(copy))
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    row = tiny.rows_of(copy.parent, "bert")[0]
    assert model(collate([row])).logits.isfinite().all()


def test_a_program_in_a_source_is_not_run_nor_asked_for(copy, tmp_path, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda *_: "y")
    trap = f"open({str(tmp_path / 'sprung')!r}, 'w')\nclass Own: pass\n"
    (copy / "own.py").write_text(trap)
    settings = {"auto_map": {"AutoTokenizer": ["own.Own", None]}, "tokenizer_class": "Own"}
    (copy / "tokenizer_config.json").write_text(json.dumps(settings))
    with pytest.raises(BadInput, match="program of its own"):
        hub.tokenizer_of(str(copy))
    settings = {"model_type": "own", "auto_map": {"AutoConfig": "own.Own"}}
    (copy / "config.json").write_text(json.dumps(settings))
    with pytest.raises(BadInput, match="program of its own"):
        hub.from_source(Pretrained(source=str(copy)), "words")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("name", ["attn_implementation", "_attn_implementation"])
def test_a_program_named_for_attention_is_not_fetched(copy, tmp_path, offline, name):
    tokenizer = hub.tokenizer_of(str(copy))
    checkpoint.save(tiny.untaught(copy, "words"), tokenizer, tmp_path / "saved", "# A\n")
    for path, inner in ((copy, ()), (tmp_path / "saved", ("words", "architecture"))):
        whole = json.loads((path / "config.json").read_text())
        reduce(getitem, inner, whole)[name] = "somebody/program"
        (path / "config.json").write_text(json.dumps(whole))
    model = tiny.untaught(copy, "words")
    hub.take_weights(model.words, str(copy))
    for each in (model, checkpoint.load(tmp_path / "saved").model):
        assert each.words.encoder.config._attn_implementation == "sdpa"


def test_pieces_that_need_another_program_are_refused(copy):
    """As of KoBERT, which would come out as a tokenizer that knows hardly any word."""
    for file in copy.glob("tokenizer*"):
        file.unlink()
    (copy / "vocab.txt").write_text("[UNK]\n[PAD]\n[CLS]\n[SEP]\n[MASK]\n▁정\n말\n▁행복\n해\n")
    with pytest.raises(BadInput, match="is a program"):
        hub.tokenizer_of(str(copy))


def test_a_source_without_a_tokenizer_is_refused(copy):
    for file in copy.glob("tokenizer*"):
        file.unlink()
    with pytest.raises(BadInput, match=r"no tokenizer\.json"):
        hub.tokenizer_of(str(copy))


def test_a_tokenizer_that_knows_more_than_its_model_is_refused(copy):
    config = transformers.BertConfig(**{**tiny.TEXT, "vocab_size": 20})
    AutoModel.from_config(config).save_pretrained(copy)
    with pytest.raises(BadInput, match="more tokens than its model"):
        hub.tokenizer_of(str(copy))


def test_tokens_know_their_words_and_the_rest_belong_to_none(sources):
    tokenizer = hub.tokenizer_of(str(sources / "bert"))
    encoded = tokenizer.encode(["so", "happy", "정말"])
    assert encoded.words == (NO_WORD, 0, 0, 1, 2, 2, NO_WORD)
    long = tokenizer.encode(["so"] * 100)
    assert len(long.tokens) == 32
    assert (long.words[0], long.words[-1]) == (NO_WORD, NO_WORD)


def test_every_word_has_a_token_also_where_its_letters_are_stripped(sources):
    tokenizer = hub.tokenizer_of(str(sources / "bert"))
    encoded = tokenizer.encode(["so", " ", "happy", ""])
    assert set(encoded.words) == {NO_WORD, 0, 1, 2, 3}
    assert encoded.tokens[encoded.words.index(1)] == tokenizer.unknown == 3
    assert tokenizer.encode([]).tokens == ()


def test_bytes_of_roberta_begin_each_word_as_in_a_sentence(tmp_path):
    """Else "happy" after a space would be another token than the one that it was taught."""
    inner = tokenizers.Tokenizer(models.BPE())
    inner.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=["<s>", "<pad>", "</s>", "<unk>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    inner.train_from_iterator(["so happy to see you so happy"] * 5, trainer)
    inner.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    names = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    PreTrainedTokenizerFast(tokenizer_object=inner, **names).save_pretrained(tmp_path)
    settings = json.loads((tmp_path / "tokenizer_config.json").read_text())
    settings["tokenizer_class"] = "RobertaTokenizer"
    (tmp_path / "tokenizer_config.json").write_text(json.dumps(settings))
    config = transformers.RobertaConfig(**{**tiny.TEXT, "vocab_size": 320})
    AutoModel.from_config(config).save_pretrained(tmp_path)
    tokenizer = hub.tokenizer_of(str(tmp_path))
    encoded = tokenizer.encode(["so", "happy"])
    pieces = [tokenizer.inner.id_to_token(token) for token in encoded.tokens]
    assert pieces == ["<s>", "Ġso", "Ġhappy", "</s>"]
    assert encoded.words == (NO_WORD, 0, 1, NO_WORD)


def test_a_saved_tokenizer_reads_the_same(sources, tmp_path):
    tokenizer = hub.tokenizer_of(str(sources / "electra"))
    tokenizer.save(tmp_path / "tokenizer.json")
    again = Tokenizer.load(tmp_path / "tokenizer.json")
    for text in (*tiny.TEXTS, "so " * 100):
        assert again.encode(text.split()) == tokenizer.encode(text.split())
