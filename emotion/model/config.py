"""What a model is made of: written to config.json beside its weights, and read back from there."""

import dataclasses
from dataclasses import dataclass, field
from typing import Any

from emotion.labels import BY_NAME, LABELS

SIDES = ("voice", "words", "body")
# Which sides are there: the place in this list is the sum of 1 for the voice, 2 for the words and
# 4 for the body, less 1.
COMBINATIONS = ("voice", "words", "both", "body", "voice+body", "words+body", "all")
MOST_SIGNS = 2**23  # so that a place among them and its mark are a number of 31 bits


@dataclass(frozen=True)
class CompactVoice:
    """Log-mel, convolutions, a small transformer: ours."""

    kind: str = "compact"
    """What tells this side's configurations apart."""
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
    norms: bool = False
    """Whether the channels of each convolution are brought to one size, which learns better."""
    stripes: float = 0.0
    """Share of bands and of moments hidden in training, so that no single one is leaned on."""
    usual: bool = False
    """Whether it is a sign of something how far a voice is, by measures of the whole clip, from how
    its speaker usually sounds, or everybody where that is not known."""


@dataclass(frozen=True)
class Pretrained:
    """An encoder of transformers, of voice or of words."""

    kind: str = "pretrained"
    """What tells this side's configurations apart."""
    source: str = ""
    """A hub's id or a folder; where training takes the first weights from."""
    trained: int | None = None
    """How many of the last layers learn; None for all, 0 for none: the whole encoder is frozen."""
    mix: bool = False
    """Whether a learnt mix of all layers is read instead of the last one."""
    prosody: bool = False
    """Whether pitch and loudness are joined to the states of a voice."""
    architecture: dict[str, Any] = field(default_factory=dict)
    """The encoder's own configuration, so that a checkpoint needs no hub; filled when it is
    loaded from its source."""


@dataclass(frozen=True)
class WaveVoice:
    """One-dimensional convolutions on the waveform, then a dense layer."""

    kind: str = "cnn"
    """What tells this side's configurations apart."""
    width: int = 128
    """Width of each state."""
    channels: int = 32
    """Channels of the first convolution."""


@dataclass(frozen=True)
class ShortTermVoice:
    """A BiLSTM over 34 short-term features."""

    kind: str = "short_term"
    """What tells this side's configurations apart."""
    width: int = 128
    """Width of each state: half from each direction."""
    layers: int = 1
    """LSTM layers."""


@dataclass(frozen=True)
class CompactWords:
    """An embedding of our own tokens, then a small transformer: ours."""

    kind: str = "compact"
    """What tells this side's configurations apart."""
    vocabulary: int = 16_000
    """Tokens that the tokenizer knows."""
    width: int = 128
    """Width of each state."""
    layers: int = 4
    """Transformer blocks."""
    heads: int = 4
    """Attention heads in each block."""


@dataclass(frozen=True)
class GramWords:
    """Each word by the runs of its letters, then a small transformer: ours."""

    kind: str = "grams"
    """What tells this side's configurations apart."""
    buckets: int = 65_536
    """Vectors that words and runs of letters are shared out to."""
    vector: int = 64
    """Width of each vector."""
    width: int = 96
    """Width of each state."""
    layers: int = 1
    """Transformer blocks."""
    heads: int = 4
    """Attention heads in each block."""
    signs: int = 0
    """Places of runs of letters that are each a sign of a feeling by itself, as in a linear model;
    0 for none, else a multiple of twice the buckets. What shares a place is told apart by marks."""
    trust: tuple[float, float, float, float] = (0.5, 0.5, 0.5, 0.5)
    """How far signs are believed instead of attention, from 0 to 1: of the label and of the place
    on the plane of a text without Korean in it, then of both of a text with."""

    def __post_init__(self) -> None:
        if self.signs % (2 * self.buckets):
            raise ValueError("signs are a multiple of twice the buckets")
        if self.signs >= MOST_SIGNS:
            raise ValueError(f"signs are fewer than {MOST_SIGNS:,}")
        if not all(0 <= each <= 1 for each in self.trust):
            raise ValueError("trust is four shares, from 0 to 1")


@dataclass(frozen=True)
class WordVectors:
    """A BiLSTM over a vector for each word, such as Speech2Vec's."""

    kind: str = "vectors"
    """What tells this side's configurations apart."""
    source: str = ""
    """A file of vectors; where training takes the first ones from. Empty: learnt from nothing."""
    vocabulary: int = 16_000
    """Words that have a vector."""
    dimensions: int = 50
    """Width of a word's vector."""
    width: int = 128
    """Width of each state: half from each direction."""
    layers: int = 1
    """LSTM layers."""


@dataclass(frozen=True)
class DenseBody:
    """Three dense layers over what was measured of heart, skin and temperature."""

    kind: str = "dense"
    """What tells this side's configurations apart."""
    width: int = 64
    """Width of each layer."""
    features: int = 1
    """Measurements of an utterance; how many there are in emotion.biosignals.FEATURES."""


@dataclass(frozen=True)
class FusionConfig:
    """How the sides meet."""

    kind: str = "mmi"
    """A name in fusion.FUSIONS."""
    layers: int = 1
    """Blocks in each cross-modal encoder."""
    heads: int = 4
    """Attention heads in each block."""
    pooling: str = "moments"
    """A name in pooling.POOLINGS: how states become one vector."""
    combine: str = "mean"
    """For late fusion: "mean", "weights" (learnt) or "network" (a small one)."""


Voice = CompactVoice | Pretrained | WaveVoice | ShortTermVoice
Words = CompactWords | GramWords | Pretrained | WordVectors


@dataclass(frozen=True)
class ModelConfig:
    """A whole model."""

    system: str = "compact"
    """Which published system it follows, or "compact", ours."""
    voice: Voice | None = field(default_factory=CompactVoice)
    """The voice's encoder; None for a model without."""
    words: Words | None = field(default_factory=CompactWords)
    """The words' encoder; None for a model without."""
    body: DenseBody | None = None
    """The body signals' encoder; None for a model without."""
    fusion: FusionConfig = field(default_factory=FusionConfig)
    """How the sides meet."""
    width: int = 128
    """Width of the states in the fusion and before the heads."""
    dropout: float = 0.1
    """Share of activations dropped in training."""
    labels: tuple[str, ...] = LABELS
    """The order of the class head's outputs."""
    combinations: tuple[str, ...] = ("voice", "words", "both")
    """What it was trained for, out of COMBINATIONS."""
    temperatures: dict[str, float] = field(default_factory=lambda: dict.fromkeys(COMBINATIONS, 1.0))
    """What the logits of each combination are divided by, so that probabilities mean what they
    say."""

    def __post_init__(self) -> None:
        if self.width < 1:
            raise ValueError("a width is 1 or more")
        if not 0 <= self.dropout < 1:
            raise ValueError("dropout is a share, from 0 to below 1")
        signs = isinstance(self.words, GramWords) and self.words.signs
        told = "signs are" if signs else "what is usual is" if self.knows_usual else ""
        if told and (self.labels != LABELS or self.fusion.kind not in ("late", "beside")):
            raise ValueError(
                f"{told} told of the seven labels, for a fusion that judges sides apart"
            )
        strange = [label for label in self.labels if label not in BY_NAME]
        if strange:
            raise ValueError(f"unknown label {strange[0]!r}: there are {', '.join(BY_NAME)}")

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides that it has an encoder for."""
        return tuple(side for side in SIDES if getattr(self, side) is not None)

    @property
    def knows_usual(self) -> bool:
        """Whether it hears how far a voice is from how its speaker usually sounds."""
        return isinstance(self.voice, CompactVoice) and self.voice.usual

    @property
    def able(self) -> tuple[str, ...]:
        """What it can be asked: of the combinations it was trained for, those of its own sides."""
        own = sum(1 << bit for bit, side in enumerate(SIDES) if side in self.sides)
        places = (COMBINATIONS.index(name) + 1 for name in self.combinations)
        return tuple(COMBINATIONS[place - 1] for place in places if place & ~own == 0)


def to_dict(config: ModelConfig) -> dict[str, Any]:
    """Turns a configuration into what JSON can hold."""
    return dataclasses.asdict(config)


def combination(voice: bool = False, words: bool = False, body: bool = False) -> str:
    """The name of the sides that are there; at least one is."""
    return COMBINATIONS[voice + 2 * words + 4 * body - 1]
