"""Encoders that a hub or a folder holds: their shape, their first weights, their tokenizers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModel, AutoTokenizer, FeatureExtractionMixin

from emotion.errors import BadInput
from emotion.model.config import Pretrained
from emotion.model.pretrained import STANDARDIZE, Layers
from emotion.model.tokens import MOST_TOKENS, Tokenizer

KINDS = {
    "voice": ("wav2vec2", "hubert", "wavlm", "whisper"),
    "words": ("bert", "roberta", "xlm-roberta", "electra"),
}


def from_source(settings: Pretrained, side: str) -> Pretrained:
    """The settings with the architecture of their source.

    Raises:
        BadInput: The source cannot be had, or is no encoder of this side.
    """
    with _clear(settings.source):
        config = AutoConfig.from_pretrained(settings.source)
    if config.model_type not in KINDS[side]:
        kinds = ", ".join(KINDS[side])
        reason = f"{config.model_type} is no encoder of {side} known here: {kinds}"
        raise BadInput("broken_checkpoint", name=settings.source, reason=reason)
    architecture = {"model_type": config.model_type, **config.to_diff_dict()}
    if side == "voice" and config.model_type != "whisper":
        architecture[STANDARDIZE] = _standardizes(settings.source)
    return replace(settings, architecture=architecture)


def take_weights(layers: Layers, source: str) -> None:
    """Gives an encoder the weights of its source.

    Raises:
        BadInput: The source cannot be had, has no safetensors, or lacks weights.
    """
    with _clear(source):
        model, facts = AutoModel.from_pretrained(
            source, use_safetensors=True, output_loading_info=True, dtype=torch.float32
        )
    if layers.encoder.config.model_type == "whisper":
        model = model.get_encoder()
    wanted, given = layers.encoder.state_dict(), model.state_dict()
    lacking = sorted((wanted.keys() - given.keys()) | (set(facts["missing_keys"]) & {*wanted}))
    if lacking:
        raise BadInput("broken_checkpoint", name=source, reason=f"it lacks {lacking[0]}")
    layers.encoder.load_state_dict({name: given[name] for name in wanted})


def tokenizer_of(source: str) -> Tokenizer:
    """The tokenizer of a source of words.

    Raises:
        BadInput: It cannot be had, or only as a program, which is not run.
    """
    with _clear(source):
        most = getattr(AutoConfig.from_pretrained(source), "max_position_embeddings", 512)
        whole = AutoTokenizer.from_pretrained(source, add_prefix_space=True)
    inner = getattr(whole, "backend_tokenizer", None)
    if inner is None:
        reason = "its tokenizer is a program and no tokenizer.json"
        raise BadInput("broken_checkpoint", name=source, reason=reason)
    inner.no_padding()
    # RoBERTa's places begin behind its token for padding.
    inner.enable_truncation(min(MOST_TOKENS, most - 2))
    return Tokenizer(inner)


def _standardizes(source: str) -> bool:
    """Whether an encoder was taught with clips of unit deviation; most were."""
    with _clear(source):
        try:
            facts, _ = FeatureExtractionMixin.get_feature_extractor_dict(source)
        except OSError:
            return True
    return bool(facts.get("do_normalize", True))


@contextmanager
def _clear(source: str) -> Iterator[None]:
    """Turns what the hub's client and transformers raise into one clear line."""
    try:
        yield
    except BadInput:
        raise
    except Exception as error:
        # Where there is no network, they raise many kinds that mean the same.
        if not Path(source).exists():
            raise BadInput("hub_unreachable", name=source) from error
        reason = " ".join(str(error).split())[:200]
        raise BadInput("broken_checkpoint", name=source, reason=reason) from error
