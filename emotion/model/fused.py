"""What comes of the sides' meeting."""

from dataclasses import dataclass

from torch import Tensor

from emotion.model.heads import Said


@dataclass(frozen=True)
class Weights:
    """Attention weights, before they are brought from tokens to words.

    Attributes:
        words_to_voice: `[batch, layers, heads, tokens, frames]`.
        voice_to_words: `[batch, layers, heads, frames, tokens]`.
        words_focus: Where each token's attention leans in the voice, if the fusion has a focus:
            the centre and the width of a stretch, counted in real states from the first one's
            beginning, `[batch, layers, tokens, 2]`.
        voice_focus: Where each frame's attention leans in the words, the same in real tokens,
            `[batch, layers, frames, 2]`.
    """

    words_to_voice: Tensor
    voice_to_words: Tensor
    words_focus: Tensor | None = None
    voice_focus: Tensor | None = None


@dataclass(frozen=True)
class Fused:
    """What came of the sides' meeting.

    Attributes:
        said: What the heads say of it.
        weights: Attention between voice and words, if it was asked for and there is any.
    """

    said: Said
    weights: Weights | None = None
