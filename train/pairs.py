"""Pairs of voice and words: real ones, and ones joined across corpora.

The rule for a joined pair: the side that feels something decides. Both of the same feeling: that
feeling. Words of no feeling: the voice's. A voice of no feeling: the words'.

A model that has learnt voices and texts by heart finds each side of a pair clear, and would learn
to trust both as it may not in use. So in training a side may be mistaken: it then is of another
feeling than the pair, as a voice never heard before would seem to be.
"""

from collections.abc import Mapping, Sequence, Sized

import numpy as np

from emotion.labels import LABELS
from train import rows
from train.corpora.sample import Sample
from train.rows import Row

NEUTRAL = "neutral"
FEWEST = 10  # texts of one label that a corpus must have to be drawn from for it


class Pairs:
    """Draws pairs.

    Args:
        voices: Voices with a label.
        texts: Written samples, with and without a label.
        plain: Samples whose text has no feeling.
        real: Samples whose own voice and words agree.
        mistaken: How often a side is of another feeling than it should be.
    """

    def __init__(
        self,
        voices: Sequence[Sample],
        texts: Sequence[Sample],
        plain: Sequence[Sample],
        real: Sequence[Sample],
        mistaken: float = 0.0,
    ) -> None:
        self.mistaken = mistaken
        self.voices = {name: [each for each in voices if each.label == name] for name in LABELS}
        self.texts = {name: _pools(texts, name) for name in LABELS}
        self.plain = sorted({each.text for each in plain if each.text})
        self.real = [each for each in real if each.label]

    def draw(self, way: str, rng: np.random.Generator) -> Row | None:
        """Draws a pair in one of WAYS; None if there is nothing to join in that way."""
        return WAYS[way](self, rng)

    def agreeing(self, rng: np.random.Generator) -> Row | None:
        """A voice and words of the same feeling."""
        label = _choose(self._labels(), rng)
        voice, text = self._voice(label, rng), self._text(label, rng)
        return _joined(voice, text, label, _affect(voice, label))

    def voice_decides(self, rng: np.random.Generator) -> Row | None:
        """A voice with words of no feeling."""
        label = _choose([name for name in LABELS if self.voices[name]], rng)
        voice, text = self._voice(label, rng), self._plain_text(rng)
        return _joined(voice, text, label, _affect(voice, label))

    def words_decide(self, rng: np.random.Generator) -> Row | None:
        """A voice of no feeling with words of some."""
        label = _choose(self._labels(), rng)
        voice, text = self._voice(NEUTRAL, rng), self._text(label, rng)
        return _joined(voice, text, label, rows.place_of(label) if label else None)

    def as_spoken(self, rng: np.random.Generator) -> Row | None:
        """A real voice with what it really says."""
        return rows.of_both(_choose(self.real, rng)) if self.real else None

    def _labels(self) -> list[str]:
        return [name for name in LABELS if self.voices[name] and self.texts[name]]

    def _voice(self, label: str | None, rng: np.random.Generator) -> Sample | None:
        label = self._taken_for(label, self.voices, rng)
        return _choose(self.voices[label], rng) if label and self.voices[label] else None

    def _text(self, label: str | None, rng: np.random.Generator) -> str:
        label = self._taken_for(label, self.texts, rng)
        if not label or not self.texts[label]:
            return ""
        return _choose(_choose(self.texts[label], rng), rng).text

    def _taken_for(
        self, label: str | None, met: Mapping[str, Sized], rng: np.random.Generator
    ) -> str | None:
        if label is None or not self.mistaken or rng.random() >= self.mistaken:
            return label
        return _choose([name for name in LABELS if name != label and met[name]], rng) or label

    def _plain_text(self, rng: np.random.Generator) -> str:
        # As often a sentence read aloud as a comment that raters found neutral.
        if self.plain and (rng.random() < 0.5 or not self.texts[NEUTRAL]):
            return _choose(self.plain, rng)
        return self._text(NEUTRAL, rng)


WAYS = {
    "agreeing": Pairs.agreeing,
    "voice_decides": Pairs.voice_decides,
    "words_decide": Pairs.words_decide,
    "as_spoken": Pairs.as_spoken,
}


def _affect(voice: Sample | None, label: str | None) -> tuple[float, float] | None:
    """Where a pair lies whose voice decides: where that does, if it is not mistaken."""
    if voice is None or label is None:
        return None
    return rows.affect_of(voice) if voice.label == label else rows.place_of(label)


def _joined(
    voice: Sample | None, text: str, label: str | None, affect: tuple[float, float] | None
) -> Row | None:
    if voice is None or not text or label is None or affect is None:
        return None
    shares = tuple(float(name == label) for name in LABELS)
    return Row(voice, text, shares, affect, "pairs")


def _pools(texts: Sequence[Sample], label: str) -> list[list[Sample]]:
    """The texts of a label, corpus by corpus, so that a large one does not drown a small one."""
    pools: dict[str, list[Sample]] = {}
    for each in texts:
        if each.label == label and each.text:
            pools.setdefault(each.corpus, []).append(each)
    return [pool for pool in pools.values() if len(pool) >= FEWEST]


def _choose(values, rng: np.random.Generator):  # noqa: ANN001, ANN202 (whatever it is given)
    return values[rng.integers(len(values))] if len(values) else None
