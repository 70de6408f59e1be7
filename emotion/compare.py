"""Several models on the same clip: what each says, how far apart they are, how long each takes."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from emotion import audio as hearing
from emotion.analysis import Prediction
from emotion.analyze import Analyzer, Audio
from emotion.audio import Clip
from emotion.errors import BadInput
from emotion.labels import LABELS, OTHER, known
from emotion.shelf import Held, Shelf
from emotion.transcript import Transcript, uttered


@dataclass(frozen=True)
class Said:
    """What one model says.

    Attributes:
        name: What the model is called.
        probabilities: Of those of the seven that it knows, and of "other": all that its other
            labels mean; summing to 1.
        own: The same under its own labels.
        sides: Which of "voice", "words" it was given.
        size: Bytes of its weights.
        seconds: How long it judged, hearing the words not counted.
        loading: How many seconds it took to load; None where it was there before.
        valence: See Prediction; None for a model that does not tell.
        arousal: See Prediction; None for a model that does not tell.
        notice: What kept a side out, or that no emotion stands out.
    """

    name: str
    probabilities: dict[str, float]
    own: dict[str, float]
    sides: tuple[str, ...]
    size: int
    seconds: float
    loading: float | None = None
    valence: float | None = None
    arousal: float | None = None
    notice: BadInput | None = None

    @property
    def label(self) -> str:
        """The most probable emotion, or "other"."""
        return max(self.probabilities, key=lambda name: self.probabilities[name])


@dataclass(frozen=True, eq=False)  # each comparison is one of its own
class Comparison:
    """What several models say of the same clip.

    Attributes:
        source: What the clip was called.
        said: What each says, in the order asked.
        failed: Why a model says nothing, by its name.
        transcript: The words, if any were read.
    """

    source: str
    said: tuple[Said, ...]
    failed: dict[str, BadInput] = field(default_factory=dict)
    transcript: Transcript | None = None

    @property
    def labels(self) -> tuple[str, ...]:
        """What any of them can say: of the seven, and "other"."""
        return tuple(
            label
            for label in (*LABELS, OTHER)
            if any(label in each.probabilities for each in self.said)
        )

    @property
    def apart(self) -> list[tuple[str, str, float]]:
        """Of each two, the share of the probability that they give to different emotions."""
        return [
            (one.name, other.name, self._apart(one, other))
            for one, other in combinations(self.said, 2)
        ]

    @property
    def widest(self) -> tuple[str, Said, Said] | None:
        """The emotion on which two differ most, who gives it least, who most; None for one."""
        spans = [
            (label, *self._ends(label)) for label in self.labels if len(self._knowing(label)) > 1
        ]
        return max(
            spans,
            key=lambda span: span[2].probabilities[span[0]] - span[1].probabilities[span[0]],
            default=None,
        )

    def _knowing(self, label: str) -> list[Said]:
        return [each for each in self.said if label in each.probabilities]

    def _ends(self, label: str) -> tuple[Said, Said]:
        order = sorted(self._knowing(label), key=lambda each: each.probabilities[label])
        return order[0], order[-1]

    def _apart(self, one: Said, other: Said) -> float:
        shares = [(one.probabilities.get(n, 0), other.probabilities.get(n, 0)) for n in self.labels]
        return sum(abs(p - q) for p, q in shares) / 2


def compare(
    shelf: Shelf,
    names: Sequence[str],
    audio: Audio | None = None,
    text: str | Transcript | None = None,
    *,
    words: bool = True,
    language: str | None = None,
    of_a_hub: Sequence[str] = (),
    progress: Callable[[str], None] | None = None,
) -> Comparison:
    """Asks several models about the same clip, one after the other.

    A model that cannot be had or cannot judge it is told of, and the others go on.

    Args:
        shelf: Where the models are kept.
        names: Shipped ones, folders, or a hub's ids.
        audio: A path, the bytes of a file, samples as (rate, array), or a Clip.
        text: What was said; None asks Whisper once, where a model reads words.
        words: False leaves the words out.
        language: "ko", "en", or None to find out.
        of_a_hub: Further names, which can only be a hub's ids and no folders of this machine.
        progress: Called with each model's name as it begins.

    Raises:
        BadInput: The sound cannot be used, the text is too long, or there is nothing at all.
    """
    clip = hearing.load(audio) if audio is not None else None
    if clip is None and not (text and words):
        raise BadInput("no_input")
    if isinstance(text, str):
        uttered(text)
    asked = [(name, False) for name in dict.fromkeys(names)]
    asked += [(name, True) for name in dict.fromkeys(of_a_hub) if name not in names]
    round_ = _Round(clip, text if words else None, words, language)
    said: list[Said] = []
    failed: dict[str, BadInput] = {}
    for name, hub in asked:
        if progress:
            progress(name)
        try:
            with shelf.taken(name, hub) as (held, there):
                said.append(round_.ask(name, held, there))
        except BadInput as problem:
            failed[name] = problem
    source = clip.source if clip else "typed words"
    return Comparison(source, tuple(said), failed, round_.transcript)


@dataclass
class _Round:
    """What all models are asked; the words that one has heard are those of the next."""

    clip: Clip | None
    text: str | Transcript | None
    words: bool
    language: str | None
    transcript: Transcript | None = None

    def ask(self, name: str, held: Held, there: bool) -> Said:
        loading = None if there else held.seconds
        judge = held.judge
        if isinstance(judge, Analyzer):
            return self._ask_ours(judge, name, held.size, loading)
        if self.clip is None:
            raise BadInput("cannot_without", name=name, needs="voice", given="words")
        start = time.perf_counter()
        own = judge.judge(self.clip)
        took = time.perf_counter() - start
        return Said(name, ours(own), own, ("voice",), held.size, took, loading)

    def _ask_ours(self, judge: Analyzer, name: str, size: int, loading: float | None) -> Said:
        found = judge.analyze(self.clip, self.text, words=self.words, language=self.language)
        if found.transcript:
            self.text = self.transcript = found.transcript
        elif found.notice and found.notice.code.startswith("whisper"):
            self.words = False  # the next model would wait for it as long, and in vain
        prediction: Prediction = found.prediction
        own = prediction.probabilities
        return Said(
            name,
            ours(own),
            own,
            found.sides,
            size,
            found.seconds["model"],
            loading,
            prediction.valence,
            prediction.arousal,
            found.notice,
        )


def ours(shares: dict[str, float]) -> dict[str, float]:
    """Shares of a model's own labels as shares of our seven, and of "other" for the rest."""
    found: dict[str, float] = {}
    for label, share in shares.items():
        name = known(label) or OTHER
        found[name] = found.get(name, 0.0) + share
    return {name: found[name] for name in (*LABELS, OTHER) if name in found}
