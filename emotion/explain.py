"""Why: attention in seconds and words, and occlusion as the check of whether it means anything."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Occlusion:
    """The probability of the found label that goes when a part of the utterance is taken away.

    Attributes:
        label: The label whose probability is watched.
        words: Probability lost without each word; empty when there are no words.
        moments: (start second, end second, probability lost) of each quarter second of the voice.
        words_agreement: Spearman's rank correlation, over the words, of the attention a word gets
            and the probability lost without it; None where too few words make it meaningless.
        voice_agreement: The same over the quarter seconds of the voice.
    """

    label: str
    words: tuple[float, ...]
    moments: tuple[tuple[float, float, float], ...]
    words_agreement: float | None
    voice_agreement: float | None
