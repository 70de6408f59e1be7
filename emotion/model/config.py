"""What a model is made of: written to config.json beside its weights, and read back from there."""

import dataclasses
import typing
from dataclasses import dataclass, field
from typing import Any

from emotion.labels import LABELS

SIDES = ("voice", "words")
COMBINATIONS = (*SIDES, "both")


@dataclass(frozen=True)
class VoiceConfig:
    """The voice's encoder."""

    kind: str = "compact"
    """A name in voice.ENCODERS."""
    width: int = 128
    """Width of each state."""
    layers: int = 4
    """Transformer blocks."""
    heads: int = 4
    """Attention heads in each block."""
    channels: int = 32
    """Channels of the first convolution; the later ones have twice as many."""
    mels: int = 80
    """Bands of the log-mel spectrogram."""
    stripes: float = 0.0
    """Share of bands and of moments hidden in training, so that no single one is leaned on."""


@dataclass(frozen=True)
class WordsConfig:
    """The words' encoder."""

    kind: str = "compact"
    """A name in words.ENCODERS."""
    vocabulary: int = 16_000
    """Tokens that the tokenizer knows."""
    width: int = 128
    """Width of each state."""
    layers: int = 4
    """Transformer blocks."""
    heads: int = 4
    """Attention heads in each block."""


@dataclass(frozen=True)
class FusionConfig:
    """How voice and words meet."""

    kind: str = "mmi"
    """A name in fusion.FUSIONS."""
    layers: int = 1
    """Blocks in each cross-modal encoder."""
    heads: int = 4
    """Attention heads in each block."""


@dataclass(frozen=True)
class ModelConfig:
    """A whole model."""

    system: str = "compact"
    """Which published system it follows, or "compact", ours."""
    voice: VoiceConfig = field(default_factory=VoiceConfig)
    """The voice's encoder."""
    words: WordsConfig = field(default_factory=WordsConfig)
    """The words' encoder."""
    fusion: FusionConfig = field(default_factory=FusionConfig)
    """How the two meet."""
    width: int = 128
    """Width of the states in the fusion and before the heads."""
    dropout: float = 0.1
    """Share of activations dropped in training."""
    labels: tuple[str, ...] = LABELS
    """The order of the class head's outputs."""
    combinations: tuple[str, ...] = COMBINATIONS
    """What it was trained for: the voice alone, the words alone, both."""
    temperatures: dict[str, float] = field(default_factory=lambda: dict.fromkeys(COMBINATIONS, 1.0))
    """What the logits of each combination are divided by, so that probabilities mean what they
    say."""


def to_dict(config: ModelConfig) -> dict[str, Any]:
    """Turns a configuration into what JSON can hold."""
    return dataclasses.asdict(config)


def from_dict(values: dict[str, Any], kind: type = ModelConfig) -> Any:  # noqa: ANN401
    """Builds a dataclass from a dictionary, nested ones too; an unknown key is a ValueError."""
    hints = typing.get_type_hints(kind)
    unknown = sorted(set(values) - set(hints))
    if unknown:
        raise ValueError(f"unknown {kind.__name__} setting: {', '.join(unknown)}")
    return kind(**{name: _convert(value, hints[name]) for name, value in values.items()})


def _convert(value: Any, kind: Any) -> Any:  # noqa: ANN401
    if dataclasses.is_dataclass(kind) and isinstance(value, dict):
        return from_dict(value, typing.cast(type, kind))
    return tuple(value) if typing.get_origin(kind) is tuple else value
