"""What was said: words and their times, as heard, typed, or corrected by hand."""

import difflib
import itertools
import unicodedata
from dataclasses import dataclass

from emotion.errors import BadInput

MOST_LETTERS = 2000  # of one utterance; half a minute of speech has a fifth of that


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

    def edited(self, text: str) -> "Transcript":
        """What a reader made of the words by hand.

        Words that stayed keep their times; a changed stretch keeps the time of what it replaces,
        and words put in between share the time between their neighbours.

        Args:
            text: All the words as they now are.

        Returns:
            A transcript whose source is "edited", or this very one where no word has changed.

        Raises:
            BadInput: They are more than one utterance has.
        """
        texts = _split(uttered(text))
        if texts == [word.text for word in self.words]:
            return self
        return Transcript(_retimed(self.words, texts), self.language or _language(text), "edited")


def typed(text: str, language: str = "") -> Transcript:
    """Words that were typed, of any length: nobody knows when they were said.

    Args:
        text: The words, with white space between them.
        language: Their language; guessed from their letters where it is left out.
    """
    words = tuple(Word(word) for word in _split(text))
    return Transcript(words, language or _language(text), "typed")


def uttered(text: str) -> str:
    """A text, if it is no longer than one utterance.

    Raises:
        BadInput: It is longer.
    """
    if len(text) > MOST_LETTERS:
        raise BadInput("long_text", n=f"{len(text):,}", most=f"{MOST_LETTERS:,}")
    return text


def _split(text: str) -> list[str]:
    # What was typed in another encoding comes as halves of letters, which nothing can write down.
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return unicodedata.normalize("NFC", whole).split()


def _language(text: str) -> str:
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in text if letter.isalpha()}
    if "HANGUL" in scripts:
        return "ko"
    return "en" if scripts == {"LATIN"} else ""


def _retimed(old: tuple[Word, ...], texts: list[str]) -> tuple[Word, ...]:
    before = [word.text for word in old]
    words: list[Word] = []
    matcher = difflib.SequenceMatcher(None, before, texts, autojunk=False)
    for kind, first, end, new_first, new_end in matcher.get_opcodes():
        new = texts[new_first:new_end]
        if kind == "equal":
            words += old[first:end]
        elif end - first == len(new):
            words += [
                Word(text, was.start, was.end)
                for text, was in zip(new, old[first:end], strict=True)
            ]
        elif kind == "replace":
            words += _sharing(new, old[first].start, old[end - 1].end)
        elif kind == "insert" and 0 < first < len(old):
            words += _sharing(new, old[first - 1].end, old[first].start)
        else:
            words += [Word(text) for text in new]
    return tuple(words)


def _sharing(texts: list[str], start: float | None, end: float | None) -> list[Word]:
    """Words that share a stretch of time by their lengths."""
    if start is None or end is None:
        return [Word(text) for text in texts]
    lengths = [0, *itertools.accumulate(len(text) for text in texts)]
    seconds = [min(start + (end - start) * length / lengths[-1], end) for length in lengths]
    return [
        Word(text, *times) for text, times in zip(texts, itertools.pairwise(seconds), strict=True)
    ]
