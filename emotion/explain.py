"""Why: occlusion, as the check of whether the attention means anything."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from emotion.analysis import Analysis, Utterance
from emotion.analyze import Analyzer
from emotion.attention import Attention
from emotion.audio import RATE

MOMENT = 0.25  # seconds that are muted at a time
FEWEST = 4  # parts, below which a rank correlation says nothing
Span = tuple[float, float]


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


def occlude(
    analyzer: Analyzer, analysis: Analysis, progress: Callable[[float], None] | None = None
) -> Occlusion:
    """Takes each word, and mutes each quarter second, and watches the found label's probability.

    Args:
        analyzer: The one that made the analysis.
        analysis: What to check.
        progress: Called with the share that is done, 0 to 1.
    """
    row = analyzer.row(Utterance(analysis.clip, analysis.transcript, analysis.body))
    spans = _quarters(row.voice)
    read = row.words
    places = range(max(read.words) + 1) if read else ()
    without_word = [row._replace(words=read.without(word)) for word in places if read]
    without_moment = [
        row._replace(voice=muted(row.voice, span)) for span in spans if row.voice is not None
    ]
    label = analysis.prediction.label
    left = [
        prediction.probabilities[label]
        for prediction in analyzer.predict_rows(without_word + without_moment, progress)
    ]
    lost = [analysis.prediction.probabilities[label] - probability for probability in left]
    words, moments = lost[: len(without_word)], lost[len(without_word) :]
    seen = analysis.attention
    return Occlusion(
        label=label,
        words=tuple(words),
        moments=tuple((*span, loss) for span, loss in zip(spans, moments, strict=True)),
        words_agreement=_agreement(received_by_words(seen), words) if seen else None,
        voice_agreement=_agreement(received_by_spans(seen, spans), moments) if seen else None,
    )


def received_by_words(attention: Attention) -> np.ndarray:
    """The share of the voice's attention that each word receives, summing to 1, `[words]`."""
    share = attention.voice_to_words.sum((0, 1, 2))
    return share / share.sum()


def received_by_spans(attention: Attention, spans: Sequence[Span]) -> np.ndarray:
    """The share of the words' attention that each span of the voice receives, `[spans]`."""
    share = attention.words_to_voice.mean((0, 1, 2))
    middle = attention.frames.mean(1)
    return np.array([share[(middle >= start) & (middle < end)].sum() for start, end in spans])


def _quarters(samples: np.ndarray | None) -> list[Span]:
    if samples is None:
        return []
    seconds = len(samples) / RATE
    starts = np.arange(0, seconds, MOMENT)
    return [(float(start), float(min(start + MOMENT, seconds))) for start in starts]


def muted(samples: np.ndarray, span: Span) -> np.ndarray:
    """Samples with silence from one second to another, `[n]`."""
    quiet = samples.copy()
    quiet[round(span[0] * RATE) : round(span[1] * RATE)] = 0
    return quiet


def _agreement(received: np.ndarray, lost: Sequence[float]) -> float | None:
    from scipy.stats import spearmanr  # here, for it takes the demo a second to import

    if len(lost) < FEWEST or np.ptp(lost) == 0 or np.ptp(received) == 0:
        return None
    return float(spearmanr(received, lost).statistic)
