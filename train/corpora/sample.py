"""One utterance of any corpus, and the notes that a reader takes of what it could not use."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from emotion.labels import LABELS

FOREIGN = 5  # labels that are named


@dataclass(frozen=True)
class Rating:
    """What one rater said of a sample.

    Attributes:
        labels: Which of the seven; several where a rater may choose several, none where what was
            chosen is none of the seven.
        valence: Between unpleasant (-1) and pleasant (1); None where not asked.
        arousal: Between calm (-1) and excited (1); None where not asked.
        strength: How strong the feeling is, between 0 and 1; None where not asked.
        rater: Who, where the corpus tells; else the number of the column, from 1.
    """

    labels: tuple[str, ...] = ()
    valence: float | None = None
    arousal: float | None = None
    strength: float | None = None
    rater: str = ""


@dataclass(frozen=True)
class Sample:
    """One utterance: what was said, how it sounds, and what people heard in it.

    Attributes:
        id: Its name within the corpus; unique there.
        corpus: The corpus's key in the registry.
        audio: The file of the voice, if there is one.
        text: What was said or written; empty if unknown.
        label: One of the seven; None where the corpus gives none or several.
        votes: How much each of the seven was chosen, summing to 1, where raters or rows name
            several.
        valence: Between unpleasant (-1) and pleasant (1); None where unknown.
        arousal: Between calm (-1) and excited (1); None where unknown.
        raters: What each rater said, where the corpus tells.
        fine: The corpus's own label where it is finer than ours, else empty: RAVDESS's "calm",
            IEMOCAP's "excited" and "frustrated"; `fine or label` are RAVDESS's published eight.
        strength: How strongly the feeling is meant or heard, between 0 and 1; None where unknown.
        body: The file of each body signal, by its name: "ecg", "eda", "temperature", "ibi".
        segment: Which stretch of the body files is its own; the whole files where empty.
        speaker: Who speaks; unique within the corpus.
        sex: "female", "male" or empty.
        session: The recording session.
        sentence: Which sentence is read, where a script is read by many; spelling may vary.
        part: The corpus's own part or published split.
        language: ISO 639-1 code.
    """

    id: str
    corpus: str
    audio: Path | None = None
    text: str = ""
    label: str | None = None
    votes: Mapping[str, float] | None = None
    valence: float | None = None
    arousal: float | None = None
    raters: tuple[Rating, ...] = ()
    fine: str = ""
    strength: float | None = None
    body: Mapping[str, Path] = field(default_factory=dict)
    segment: str = ""
    speaker: str = ""
    sex: str = ""
    session: str = ""
    sentence: str = ""
    part: str = ""
    language: str = ""

    @property
    def source(self) -> str:
        """The corpus and, where it has parts that differ in kind, the part."""
        return f"{self.corpus}/{self.part}" if self.audio and self.part else self.corpus


@dataclass
class Notes:
    """What a reader found odd; it goes on without those rows.

    Attributes:
        odd: Where it was and what is wrong, one for each row or file left out.
        missing: Where it was and what is not there, one for each sample that is kept without it.
        foreign: Labels that are none of the seven, as they were written, and how often.
        funnels: How many are left after each step, by the name of the rule that is followed.
        found: What the reader found out from the data, or chose, in sentences.
    """

    odd: list[tuple[str, str]] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    foreign: Counter[str] = field(default_factory=Counter)
    funnels: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)

    def leave(self, where: object, why: str) -> None:
        """Notes that the row or file `where` is left out."""
        self.odd.append((str(where), why))

    def lack(self, where: object, what: str) -> None:
        """Notes that `where` is kept, though `what` is not there."""
        self.missing.append((str(where), what))

    def miss_label(self, where: object, label: str) -> None:
        """Notes that `where` is kept, though its label is none of the seven."""
        self.foreign[label] += 1
        self.lack(where, f"a label of the seven: {label!r}")

    def count(self, step: str, left: int, rule: str = "") -> None:
        """Notes how many are left after a step of a rule's funnel."""
        self.funnels.setdefault(rule, []).append((step, left))

    def find(self, sentence: str) -> None:
        """Notes what was found out from the data, once."""
        if sentence not in self.found:
            self.found.append(sentence)

    @property
    def strangers(self) -> str:
        """Which labels are none of the seven, as a sentence; empty where all are."""
        if not self.foreign:
            return ""
        named = [f"{label!r} ({n:,})" for label, n in self.foreign.most_common(FOREIGN)]
        more = ", …" if len(self.foreign) > FOREIGN else ""
        return (
            f"Labels that are none of the seven: {', '.join(named)}{more}. "
            f"To use these, write each as one of {', '.join(LABELS)}."
        )


def why_unknown(samples: Sequence[Sample], notes: Notes) -> str:
    """Why nothing can be learnt from samples or asked of them; empty where something can."""
    if any(each.label or each.votes or each.valence is not None for each in samples):
        return ""
    said = f"None of the {len(samples):,} utterances has a label of the seven or a valence."
    return f"{said} {notes.strangers}".strip()


Reader = Callable[[Path, Notes], list[Sample]]
