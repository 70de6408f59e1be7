"""Words to tokens and back to words: a small vocabulary of our own for Korean and English."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

UNKNOWN = "[unknown]"
UNKNOWNS = (UNKNOWN, "[UNK]", "<unk>")  # ours, and as pretrained encoders call it
MASK = "[mask]"
NO_WORD = -2  # the word index of a token that belongs to no word, such as a beginning's
MOST_TOKENS = 256  # tokens of one utterance; what comes after is not read


@dataclass(frozen=True)
class Encoded:
    """One utterance's tokens, and the index of the word that each belongs to."""

    tokens: tuple[int, ...]
    words: tuple[int, ...]

    def without(self, word: int) -> "Encoded | None":
        """The same less one word; None where only marks that belong to no word are left."""
        kept = [pair for pair in zip(self.tokens, self.words, strict=True) if pair[1] != word]
        if all(index < 0 for _, index in kept):
            return None
        tokens, words = zip(*kept, strict=True)
        return Encoded(tokens, words)


class Reader(Protocol):
    """Turns words into the numbers that an encoder reads."""

    def encode(self, words: Sequence[str]) -> Encoded: ...  # noqa: D102


class Tokenizer:
    """Byte pairs over letters, where a Korean syllable is its two or three letters.

    Taking syllables apart lets endings that differ by one letter share their tokens.
    """

    def __init__(self, inner: tokenizers.Tokenizer) -> None:
        self.inner = inner
        # Where none of these names is known, the first token stands in.
        self.unknown: int = next(filter(None, map(inner.token_to_id, UNKNOWNS)), 0)
        # A pretrained encoder's own tokenizer, which reads a sentence as a whole, says how much of
        # it at most; ours does not.
        self.reads_whole = inner.truncation is not None

    @classmethod
    def train(cls, texts: Iterable[str], size: int) -> "Tokenizer":
        """Learns `size` tokens from texts."""
        inner = tokenizers.Tokenizer(models.BPE(unk_token=UNKNOWN))
        inner.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.Lowercase()])
        inner.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Metaspace(prepend_scheme="always"),
                pre_tokenizers.Punctuation(),
                pre_tokenizers.Digits(individual_digits=True),
            ]
        )
        inner.decoder = decoders.Metaspace()
        trainer = trainers.BpeTrainer(
            vocab_size=size,
            special_tokens=[UNKNOWN, MASK],
            limit_alphabet=1000,
            show_progress=False,
        )
        inner.train_from_iterator(texts, trainer)
        return cls(inner)

    @classmethod
    def load(cls, path: str | Path) -> "Tokenizer":
        """Reads a tokenizer.json; one that cannot be read is a ValueError."""
        try:
            return cls(tokenizers.Tokenizer.from_file(str(path)))
        except Exception as error:  # the library raises nothing narrower
            raise ValueError(f"tokenizer.json: {error}") from error

    def save(self, path: str | Path) -> None:
        """Writes a tokenizer.json."""
        self.inner.save(str(path))

    @property
    def size(self) -> int:
        """How many tokens it knows."""
        return self.inner.get_vocab_size()

    def encode(self, words: Sequence[str]) -> Encoded:
        """Turns words into tokens, at most as many as are read; each word has at least one."""
        if self.reads_whole:
            return self._encode_whole(words)
        tokens: list[int] = []
        places: list[int] = []
        for index, word in enumerate(words):
            ids = self.inner.encode(word, add_special_tokens=False).ids or [self.unknown]
            tokens += ids
            places += [index] * len(ids)
        return Encoded(tuple(tokens[:MOST_TOKENS]), tuple(places[:MOST_TOKENS]))

    def _encode_whole(self, words: Sequence[str]) -> Encoded:
        if not words:
            return Encoded((), ())
        # A word of nothing but signs that it strips would be missing from the attention's rows.
        unknown = self.inner.id_to_token(self.unknown) or ""
        said = [word if self._says(word) else unknown for word in words]
        read = self.inner.encode(said, is_pretokenized=True)
        places = [NO_WORD if word is None else word for word in read.word_ids]
        return Encoded(tuple(read.ids), tuple(places))

    def _says(self, word: str) -> bool:
        return bool(self.inner.encode([word], is_pretokenized=True, add_special_tokens=False).ids)
