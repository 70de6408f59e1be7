"""Words by their letters: a number for each word and for each run of its letters, by hashing.

No vocabulary has to be learnt or kept, no word is unknown, and words that share a stem or an ending
share most of their numbers, which is what little data needs.
"""

import re
import unicodedata
import zlib
from collections.abc import Sequence
from functools import lru_cache

from emotion.model.tokens import Encoded

PIECES = re.compile(r"\w+|[^\w\s]+")  # "happy!!" is a word and a sign
RUNS = (2, 3, 4)  # letters, the beginning and the end of a piece counting as one each
MOST_WORDS = 128  # of one utterance; what comes after is not read
REMEMBERED = 200_000  # words whose numbers are kept
MARKS = 256  # that tell apart the runs of letters which share a sign's place

KOREAN = "\u3131", "\ud7a3"  # from the first to the last


class Grams:
    """Reads words as numbers below `size`, or, where runs are signs, below `signs * MARKS`.

    Such a number's remainder by `signs` is its place among them, which it shares with other runs;
    what else there is of it, a mark, tells most of these apart. Of the places one half is for texts
    with Korean in them and one for the others: a full stop would else mean in one language what it
    does in the other.
    """

    def __init__(self, size: int, signs: int = 0) -> None:
        self.size, self.half = size, signs // 2

    def encode(self, words: Sequence[str]) -> Encoded:
        """Turns words into numbers; each word has at least one."""
        tokens: list[int] = []
        places: list[int] = []
        first = self.half if any(map(_is_korean, words[:MOST_WORDS])) else 0
        for index, word in enumerate(words[:MOST_WORDS]):
            found = [self._number(each, first) for each in _hashes(word)]
            tokens += found
            places += [index] * len(found)
        return Encoded(tuple(tokens), tuple(places))

    def whole(self, piece: str) -> int:
        """The number that a piece as a whole has in a text without Korean."""
        return self._number(_hash(_bounded(piece)), 0)

    def _number(self, value: int, first: int) -> int:
        if not self.half:
            return value % self.size
        place, mark = value % self.half + first, value // self.half % MARKS
        return place + 2 * self.half * mark


def pieces(word: str) -> list[str]:
    """The runs of letters, and of signs, that make a word."""
    return PIECES.findall(unicodedata.normalize("NFC", word).casefold())


@lru_cache(REMEMBERED)
def _hashes(word: str) -> tuple[int, ...]:
    return tuple(_hash(gram) for piece in pieces(word) or [word] for gram in _grams(piece))


def _grams(piece: str) -> list[str]:
    """The piece as a whole, its runs of letters, and each letter that may be a word by itself."""
    bounded = _bounded(piece)
    runs = [
        bounded[start : start + size]
        for size in RUNS
        for start in range(len(bounded) - size + 1)
        if size < len(bounded)
    ]
    # A Korean syllable says much, a Latin letter nothing.
    syllables = [letter for letter in piece if not letter.isascii()]
    return [bounded, *runs, *syllables]


def _bounded(piece: str) -> str:
    return f"<{piece}>"


def _hash(gram: str) -> int:
    return zlib.crc32(gram.encode())


def _is_korean(word: str) -> bool:
    composed = unicodedata.normalize("NFC", word)
    return any(KOREAN[0] <= letter <= KOREAN[1] for letter in composed)
