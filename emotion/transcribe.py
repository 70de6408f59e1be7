"""Words and their times: what was said, by Whisper or by hand."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Word:
    """One word, and when it was said; both times are None where nobody knows."""

    text: str
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True)
class Transcript:
    """What was said.

    Attributes:
        words: The words in order; their times never decrease and lie within the clip.
        language: "ko", "en", or another code of Whisper's; "" where nobody knows.
        source: "whisper", "typed" or "edited".
    """

    words: tuple[Word, ...]
    language: str = ""
    source: str = "typed"

    @property
    def text(self) -> str:
        """The words with spaces between them."""
        return " ".join(word.text for word in self.words)
