"""What goes into an analysis and what comes out of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from emotion.attention import Attention
from emotion.audio import Clip
from emotion.errors import BadInput
from emotion.model.manner import N_MEASURES
from emotion.speech import Region
from emotion.transcript import Transcript

if TYPE_CHECKING:
    from emotion.cues import Cues, Measures

EVEN = 0.95  # of the entropy of all emotions being as likely, from which none stands out


@dataclass(frozen=True)
class Utterance:
    """What the model is given: a voice, words, what was measured of the body, or several.

    Attributes:
        clip: The voice.
        transcript: The words.
        body: The features of emotion.biosignals, NaN where nothing was measured, `[features]`.
        unusual: How far the voice is from how its speaker usually sounds, as
            emotion.model.usual.Speakers tells; None where that is not known.

    Raises:
        BadInput: What is unusual is not as many numbers as Speakers tells.
    """

    clip: Clip | None = None
    transcript: Transcript | None = None
    body: np.ndarray | None = None
    unusual: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.unusual is not None and np.shape(self.unusual) != (N_MEASURES,):
            raise BadInput("bad_unusual", wanted=N_MEASURES, shape=np.shape(self.unusual))


@dataclass(frozen=True)
class Prediction:
    """What an utterance feels.

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

    @property
    def confidence(self) -> float:
        """The probability of the most probable emotion."""
        return max(self.probabilities.values())

    @property
    def stands_out(self) -> bool:
        """Whether the probabilities are anything but even."""
        shares = np.array([share for share in self.probabilities.values() if share > 0])
        entropy = -(shares * np.log(shares)).sum()
        return bool(entropy < EVEN * np.log(len(self.probabilities)))


@dataclass(frozen=True)
class Analysis:
    """Everything that was found out about one utterance.

    Attributes:
        source: What the utterance was called.
        prediction: What all sides that the model was given say together.
        alone: What "voice", "words" and "body" each say alone; only the sides that are there and
            that the model can judge alone.
        sides: Which of the three the model was given.
        attention: Words against moments; None unless both are there and look at each other.
        clip: The voice, if there is one.
        regions: Where speech was found in it.
        transcript: The words, if any were read.
        body: What was measured of the body, if anything was; "body" in sides tells whether the
            model was given it.
        notice: What kept a side out though it was given or wanted, what was strange to the model,
            or that no emotion stands out.
        seconds: How long each stage took.
        checkpoint: The name of the model that spoke.
    """

    source: str
    prediction: Prediction
    alone: dict[str, Prediction]
    sides: tuple[str, ...]
    attention: Attention | None = None
    clip: Clip | None = None
    regions: tuple[Region, ...] = ()
    transcript: Transcript | None = None
    body: np.ndarray | None = None
    notice: BadInput | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    checkpoint: str = ""

    @cached_property
    def measures(self) -> Measures | None:
        """What the voice does, in numbers, measured when first asked for; None without a voice."""
        # Imported here because most who ask for an analysis never ask for this.
        from emotion.cues import measure

        return measure(self.clip, self.regions, self.transcript) if self.clip else None

    @cached_property
    def cues(self) -> Cues | None:
        """The same beside typical voices of the sex whose pitch is nearer; None without a voice.

        emotion.cues.compare sets the measures against another reference.
        """
        from emotion.cues import compare, nearest

        return compare(self.measures, nearest(self.measures)) if self.measures else None
