"""The whole way: a voice, words, or both go in; an Analysis comes out."""

from dataclasses import dataclass, field

import numpy as np

from emotion.audio import Clip, Region
from emotion.transcribe import Transcript


@dataclass(frozen=True)
class Prediction:
    """What a voice, words, or both feel.

    Attributes:
        probabilities: One for each label, summing to 1.
        valence: Between unpleasant (-1) and pleasant (1).
        arousal: Between calm (-1) and excited (1).
    """

    probabilities: dict[str, float]
    valence: float
    arousal: float

    @property
    def label(self) -> str:
        """The most probable emotion."""
        return max(self.probabilities, key=lambda name: self.probabilities[name])


@dataclass(frozen=True)
class Attention:
    """Which words met which moments of the voice.

    Attributes:
        words: The words that the model read.
        frames: Start and end second of each state of the voice, `[frames, 2]`.
        words_to_voice: How much each word looked at each moment, `[layers, heads, words, frames]`;
            each row over the moments sums to 1.
        voice_to_words: How much each moment looked at each word, `[layers, heads, frames, words]`;
            each row over the words sums to 1.
    """

    words: tuple[str, ...]
    frames: np.ndarray
    words_to_voice: np.ndarray
    voice_to_words: np.ndarray


@dataclass(frozen=True)
class Analysis:
    """Everything that was found out about one utterance.

    Attributes:
        source: What the utterance was called.
        prediction: What voice and words say together, or the one that is there.
        alone: What "voice" and "words" each say alone; only the sides that are there.
        attention: Words against moments; None unless both sides are there.
        clip: The voice, if there is one.
        regions: Where speech was found in it.
        transcript: The words, if there are any.
        notice: A BadInput code that explains why words are missing, or "".
        seconds: How long each stage took.
        checkpoint: The name of the model that spoke.
    """

    source: str
    prediction: Prediction
    alone: dict[str, Prediction]
    attention: Attention | None = None
    clip: Clip | None = None
    regions: tuple[Region, ...] = ()
    transcript: Transcript | None = None
    notice: str = ""
    seconds: dict[str, float] = field(default_factory=dict)
    checkpoint: str = ""
