"""Encoders that a hub or a folder holds: their shape, their first weights, their tokenizers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import tokenizers
import torch
from huggingface_hub.errors import (
    HFValidationError,
    LocalEntryNotFoundError,
    OfflineModeIsEnabled,
    RepositoryNotFoundError,
)
from transformers import AutoConfig, AutoModel, AutoTokenizer, FeatureExtractionMixin
from transformers.models.auto.tokenization_auto import get_tokenizer_config

from emotion.errors import BadInput
from emotion.model.config import Pretrained
from emotion.model.pretrained import STANDARDIZE, Layers
from emotion.model.tokens import MOST_TOKENS, Tokenizer

KINDS = {
    "voice": ("wav2vec2", "hubert", "wavlm", "whisper"),
    "words": ("bert", "roberta", "xlm-roberta", "electra"),
}
# Left unsaid, transformers asks at the terminal whether to run a program that a source brings.
OURS = {"trust_remote_code": False}
PROGRAM = "it brings a program of its own, and none is run here"


def from_source(settings: Pretrained, side: str) -> Pretrained:
    """The settings with the architecture of their source.

    Raises:
        BadInput: The source cannot be had, or is no encoder of this side.
    """
    with clear(settings.source):
        config = AutoConfig.from_pretrained(settings.source, **OURS)
    if config.model_type not in KINDS[side]:
        kinds = ", ".join(KINDS[side])
        reason = f"{config.model_type} is no encoder of {side} known here: {kinds}"
        raise _broken(settings.source, reason)
    architecture = {"model_type": config.model_type, **config.to_diff_dict()}
    if side == "voice" and config.model_type != "whisper":
        architecture[STANDARDIZE] = _standardizes(settings.source)
    return replace(settings, architecture=architecture)


def take_weights(layers: Layers, source: str) -> None:
    """Gives an encoder the weights of its source.

    Raises:
        BadInput: The source cannot be had, has no safetensors, or lacks weights.
    """
    with clear(source):
        model, facts = AutoModel.from_pretrained(
            source,
            config=layers.encoder.config,
            use_safetensors=True,
            output_loading_info=True,
            dtype=torch.float32,
            **OURS,
        )
    if layers.encoder.config.model_type == "whisper":
        model = model.get_encoder()
    wanted, given = layers.encoder.state_dict(), model.state_dict()
    lacking = sorted((wanted.keys() - given.keys()) | (set(facts["missing_keys"]) & {*wanted}))
    if lacking:
        raise _broken(source, f"it lacks {lacking[0]}")
    layers.encoder.load_state_dict({name: given[name] for name in wanted})


def tokenizer_of(source: str) -> Tokenizer:
    """The tokenizer of a source of words.

    Raises:
        BadInput: It cannot be had, or only as a program, which is not run.
    """
    with clear(source):
        config = AutoConfig.from_pretrained(source, **OURS)
        if "AutoTokenizer" in get_tokenizer_config(source).get("auto_map", {}):
            raise _broken(source, PROGRAM)
        whole = AutoTokenizer.from_pretrained(source, add_prefix_space=True, **OURS)
    inner = getattr(whole, "backend_tokenizer", None)
    if inner is None or set(inner.get_vocab()) <= set(whole.all_special_tokens):
        raise _broken(source, "it has no tokenizer.json")
    _check_pieces(inner, source)
    if inner.get_vocab_size() > config.vocab_size:
        raise _broken(source, "its tokenizer knows more tokens than its model")
    inner.no_padding()
    # RoBERTa's places begin behind its token for padding.
    inner.enable_truncation(min(MOST_TOKENS, config.max_position_embeddings - 2))
    return Tokenizer(inner)


def _check_pieces(inner: tokenizers.Tokenizer, source: str) -> None:
    """Refuses SentencePiece's pieces in a WordPiece tokenizer, to which nearly all is unknown.

    So some KoBERTs come out whose own tokenizer is a program.
    """
    wordpiece = isinstance(inner.model, tokenizers.models.WordPiece)
    if wordpiece and any(piece.startswith("▁") for piece in inner.get_vocab()):
        raise _broken(
            source, "its vocab.txt is for a tokenizer that is a program; none is run here"
        )


def _standardizes(source: str) -> bool:
    """Whether an encoder was taught with clips of unit deviation; most were."""
    with clear(source):
        try:
            facts, _ = FeatureExtractionMixin.get_feature_extractor_dict(source)
        except OSError:
            return True
    return bool(facts.get("do_normalize", True))


@contextmanager
def clear(source: str) -> Iterator[None]:
    """Turns what the hub's client and transformers raise into one clear line."""
    try:
        yield
    except BadInput:
        raise
    except Exception as error:
        # transformers wraps what the hub's client raises in errors that say less.
        causes = list(_causes(error))
        if _any(causes, HFValidationError, RepositoryNotFoundError):
            raise BadInput("unknown_checkpoint", name=source) from error
        if _any(causes, LocalEntryNotFoundError, OfflineModeIsEnabled):
            raise BadInput("hub_unreachable", name=source) from error
        reason = " ".join(str(error).split())[:200]
        raise _broken(source, PROGRAM if "custom code" in reason else reason) from error


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error:
        yield error
        error = error.__cause__ or error.__context__


def _any(errors: list[BaseException], *kinds: Any) -> bool:  # noqa: ANN401
    return any(isinstance(error, kinds) for error in errors)


def _broken(source: str, reason: str) -> BadInput:
    return BadInput("broken_checkpoint", name=source, reason=reason.rstrip("."))
