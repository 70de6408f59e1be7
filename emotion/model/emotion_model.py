"""The model: one forward for voice, words, or both."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from emotion.errors import BadInput
from emotion.model import fusion, voice, words
from emotion.model.blocks import pool
from emotion.model.config import ModelConfig
from emotion.model.inputs import Inputs
from emotion.model.states import States


@dataclass(frozen=True)
class Output:
    """What the model says of a batch.

    Attributes:
        logits: In the order of the configuration's labels, `[batch, labels]`.
        affect: Valence and arousal in -1..1, `[batch, 2]`.
        combination: Which of config.COMBINATIONS each row had, `[batch]`.
        voice: The voice's states, as the fusion read them.
        words: The words' states, as the fusion read them.
        weights: Attention between the two, if it was asked for.
    """

    logits: Tensor
    affect: Tensor
    combination: Tensor
    voice: States
    words: States
    weights: fusion.Weights | None = None


class EmotionModel(nn.Module):
    """Encoders of voice and words, their fusion, and the heads.

    A side that is absent stands in the fusion as one learnt state, so that a missing voice or
    missing words are a mask and never another path.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        self.voice = voice.ENCODERS[config.voice.kind](config.voice, config.dropout)
        self.words = words.ENCODERS[config.words.kind](config.words, config.dropout)
        self.voice_in = nn.Linear(self.voice.width, width)
        self.words_in = nn.Linear(self.words.width, width)
        self.no_voice = nn.Parameter(torch.randn(width) * 0.02)
        self.no_words = nn.Parameter(torch.randn(width) * 0.02)
        self.fusion = fusion.FUSIONS[config.fusion.kind](config.fusion, width, config.dropout)
        self.before_heads = nn.Sequential(
            nn.Linear(4 * width, width), nn.GELU(), nn.Dropout(config.dropout)
        )
        self.class_head = nn.Linear(width, len(config.labels))
        self.affect_head = nn.Linear(width, 2)

    def hear(self, inputs: Inputs) -> States:
        """The voice's states, before they meet the words'."""
        heard = self.voice(inputs.samples, inputs.n_samples)
        return replace(heard, values=self.voice_in(heard.values))

    def read(self, inputs: Inputs) -> States:
        """The words' states, before they meet the voice's."""
        read = self.words(inputs.tokens, inputs.words)
        return replace(read, values=self.words_in(read.values))

    def fuse(self, heard: States, read: States, attention: bool = False) -> Output:
        """Lets the two sides meet, and judges."""
        # 0: the voice, 1: the words, 2: both; -1: neither.
        combination = heard.present.long() + 2 * read.present.long() - 1
        heard = _fill_absent(heard, self.no_voice)
        read = _fill_absent(read, self.no_words)
        fused_voice, fused_words, weights = self.fusion(heard, read, attention)
        pooled = self.before_heads(torch.cat([pool(fused_voice), pool(fused_words)], -1))
        logits = self.class_head(pooled).float()
        affect = self.affect_head(pooled).float().tanh()
        return Output(logits, affect, combination, heard, read, weights)

    def forward(self, inputs: Inputs, attention: bool = False) -> Output:
        """Judges a batch; attention weights come back on request."""
        return self.fuse(self.hear(inputs), self.read(inputs), attention)

    def probabilities(self, output: Output) -> Tensor:
        """Calibrated probabilities, `[batch, labels]`."""
        heat = [self.config.temperatures[name] for name in ("voice", "words", "both")]
        heat_of = torch.tensor(heat, device=output.logits.device)[output.combination]
        return (output.logits / heat_of[:, None]).softmax(-1)

    def refuse_untrained(self, name: str, has_voice: bool, has_words: bool) -> None:
        """Raises BadInput for a combination of sides that this model was not trained for."""
        given = "both" if has_voice and has_words else "voice" if has_voice else "words"
        if given not in self.config.combinations:
            needs = " or ".join(self.config.combinations)
            raise BadInput("cannot_without", name=name, needs=needs, given=given)


def _fill_absent(states: States, absent: Tensor) -> States:
    """Puts the learnt state where a row has none, so that attention always has a place to go."""
    first = torch.zeros_like(states.mask)
    first[:, 0] = True
    filled = first & ~states.present[:, None]
    values = torch.where(filled[..., None], absent.to(states.values.dtype), states.values)
    return States(values, states.mask | filled, states.span)
