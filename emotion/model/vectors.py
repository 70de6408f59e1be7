"""Vectors of words in Speech2Vec's text format: a line `count width`, then `word v1 … v50`."""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import tokenizers
from tokenizers import models, normalizers

from emotion.errors import BadInput
from emotion.model.tokens import UNKNOWN, Tokenizer


def plain(word: str) -> str:
    """A word as its vector is called: in small letters, without what is no letter at its ends.

    Empty for a word that is nothing but signs.
    """
    word = unicodedata.normalize("NFC", word).casefold()
    spoken = [place for place, letter in enumerate(word) if letter.isalnum()]
    return word[spoken[0] : spoken[-1] + 1] if spoken else ""


def tokenizer_of(words: Sequence[str]) -> Tokenizer:
    """A tokenizer that gives each word one token: its place among the words and one unknown."""
    known = {UNKNOWN: 0} | {word: place for place, word in enumerate(words, 1)}
    inner = tokenizers.Tokenizer(models.WordLevel(known, unk_token=UNKNOWN))
    inner.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Lowercase(),
            normalizers.Replace(tokenizers.Regex(r"^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$"), ""),
        ]
    )
    return Tokenizer(inner)


def most_frequent(texts: Iterable[str], most: int) -> list[str]:
    """The words that texts have most often, for vectors that are learnt from nothing."""
    counts = Counter(plain(word) for text in texts for word in text.split())
    del counts[""]
    return sorted(counts, key=lambda word: (-counts[word], word))[:most]


def read_vectors(path: str | Path) -> tuple[tuple[str, ...], np.ndarray]:
    """Reads a file of vectors.

    Args:
        path: The file, in UTF-8.

    Returns:
        The words as they are written there, each once, and their vectors, float32 `[words, width]`.

    Raises:
        BadInput: It is not such a file.
    """
    path = Path(path)
    try:
        first, *lines = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, getattr(error, "strerror", None) or str(error)) from error
    count, width = _header(first, path)
    if len(lines) != count:
        raise _unreadable(path, f"its first line promises {count} words, and {len(lines)} follow")
    vectors: dict[str, np.ndarray] = {}
    for number, line in enumerate(lines, 2):
        word, *values = line.split()[: width + 2] or [""]
        if word in vectors:
            raise _unreadable(path, f"line {number} gives {word} a second vector")
        vectors[word] = _vector(values, width, number, path)
    return tuple(vectors), np.stack(list(vectors.values()))


def write_vectors(path: str | Path, words: Sequence[str], vectors: np.ndarray) -> None:
    """Writes vectors `[words, width]`, so that `read_vectors` finds the same again."""
    lines = [f"{len(words)} {vectors.shape[1]}"]
    for word, vector in zip(words, vectors.astype(np.float32), strict=True):
        lines.append(" ".join([word, *map(str, vector)]))
    Path(path).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _header(line: str, path: Path) -> tuple[int, int]:
    try:
        count, width = (int(part) for part in line.split())
    except ValueError as error:
        reason = "its first line does not give the number of words and the width of a vector"
        raise _unreadable(path, reason) from error
    if count < 1 or width < 1:
        raise _unreadable(path, "it holds no vector")
    return count, width


def _vector(values: list[str], width: int, number: int, path: Path) -> np.ndarray:
    try:
        numbers = [float(value) for value in values]
    except ValueError as error:
        raise _unreadable(path, f"line {number} holds something other than numbers") from error
    if len(numbers) != width:
        raise _unreadable(path, f"line {number} has not {width} numbers after its word")
    if not all(map(math.isfinite, numbers)):
        raise _unreadable(path, f"line {number} holds a number that is not finite")
    return np.array(numbers, np.float32)


def _unreadable(path: Path, reason: str) -> BadInput:
    return BadInput("bad_vectors", name=path.name, reason=reason)
