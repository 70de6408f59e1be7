"""Tiny untrained encoders of transformers, in folders such as a hub would send."""

import tokenizers
import torch
import transformers
from tokenizers import models, pre_tokenizers, processors
from transformers import AutoModel, PreTrainedTokenizerFast

from emotion.model import EmotionModel, ModelConfig, Row, hub
from emotion.model.config import FusionConfig, Pretrained
from tests.conftest import voice

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
TEXT = {**SIZES, "intermediate_size": 32, "max_position_embeddings": 34, "vocab_size": 60}
WINDOW = 2  # seconds that the tiny Whisper sees at once; the real ones see 30
WHISPER = {"d_model": 16, "num_mel_bins": 20, "vocab_size": 40, "max_source_positions": 50 * WINDOW}
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
    "bert": transformers.BertConfig(**TEXT),
    "roberta": transformers.RobertaConfig(**TEXT),
    "xlm-roberta": transformers.XLMRobertaConfig(**TEXT),
    "electra": transformers.ElectraConfig(**TEXT, embedding_size=8),
}
# As a hub has them: with the head that they were taught with, and without what it did not need.
TAUGHT_AS = {
    "wav2vec2-xls-r": transformers.Wav2Vec2ForCTC,
    "whisper": transformers.WhisperForConditionalGeneration,
    "roberta": transformers.RobertaForMaskedLM,
    "electra": transformers.ElectraForPreTraining,
}
TEXTS = ("so happy to see you", "no", "정말 행복해 오늘은 so so happy")
SPECIAL = ("[CLS]", "[PAD]", "[SEP]", "[UNK]")


def save(home):
    """Writes a folder for each, with weights, and for words with a tokenizer."""
    for name, config in (VOICES | WORDS).items():
        torch.manual_seed(3)
        model = TAUGHT_AS[name](config) if name in TAUGHT_AS else AutoModel.from_config(config)
        for parameter in model.parameters():
            parameter.data += 0.05 * torch.randn_like(parameter)
        model.save_pretrained(home / name)
        if name in WORDS:
            tokenizer().save_pretrained(home / name)


def tokenizer():
    """A fast one of pieces of words."""
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


def side_of(name):
    return "voice" if name in VOICES else "words"


def untaught(source, side, **settings):
    """A model of one side in the shape of a source, at random."""
    torch.manual_seed(5)
    shaped = hub.from_source(Pretrained(source=str(source), **settings), side)
    config = ModelConfig(
        **{"voice": None, "words": None, side: shaped},
        fusion=FusionConfig(kind="concat"),
        width=16,
    )
    return EmotionModel(config).eval()


def made(home, name, **settings):
    """A model of one side with the weights of its source."""
    model = untaught(home / name, side_of(name), **settings)
    hub.take_weights(getattr(model, side_of(name)), str(home / name))
    for key, parameter in model.named_parameters():
        if ".label." in key:
            parameter.data *= 10  # as made, it answers nearly evenly
    return model


def rows_of(home, name):
    """Utterances of very different lengths."""
    if name in VOICES:
        lengths = (0.31, 1.6, 0.01, 3.3, 2.7)
        return [Row(voice(seconds, seed)) for seed, seconds in enumerate(lengths)]
    tokenizer = hub.tokenizer_of(str(home / name))
    return [Row(words=tokenizer.encode(text.split())) for text in TEXTS]
