"""One utterance of any corpus, and the notes that a reader takes of what it could not use."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


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
        body: The file of each body signal, by its name.
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
    body: Mapping[str, Path] = field(default_factory=dict)
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
    """

    odd: list[tuple[str, str]] = field(default_factory=list)

    def leave(self, where: object, why: str) -> None:
        """Notes that the row or file `where` is left out."""
        self.odd.append((str(where), why))


Reader = Callable[[Path, Notes], list[Sample]]
