"""The tokens that a run's model reads, and what it knows of words before it learns."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from emotion.checkpoint import Checkpoint
from emotion.model import EmotionModel, Reader, Tokenizer, hub
from emotion.model.config import CompactWords, GramWords, Pretrained, WordVectors
from emotion.model.grams import Grams
from emotion.model.vectors import most_frequent, read_vectors
from emotion.model.vectors import tokenizer_of as tokenizer_of_words
from train.corpora.sample import Sample
from train.recipe import Recipe


def tokenizer_of(
    folder: Path, recipe: Recipe, samples: Sequence[Sample], starts: dict[str, Checkpoint]
) -> Reader | None:
    """What reads the words of the run in a folder, made when it begins; None without words."""
    settings = recipe.model.words
    if settings is None:
        return None
    if isinstance(settings, GramWords):
        return Grams(settings.buckets, settings.signs)
    path = folder / "tokenizer.json"
    if not path.is_file():
        own = starts["words"].tokenizer if "words" in starts else _fresh(recipe, samples)
        assert isinstance(own, Tokenizer)  # a checkpoint with such words has one
        own.save(path)
    return Tokenizer.load(path)


def shaped(recipe: Recipe, tokenizer: Reader | None) -> Recipe:
    """The recipe with as many vectors of words, as wide, as there are."""
    settings = recipe.model.words
    if not isinstance(settings, WordVectors) or not isinstance(tokenizer, Tokenizer):
        return recipe
    width = read_vectors(settings.source)[1].shape[1] if settings.source else settings.dimensions
    words = replace(settings, vocabulary=tokenizer.size, dimensions=width)
    return replace(recipe, model=replace(recipe.model, words=words))


def give_vectors(model: EmotionModel) -> None:
    """Gives a fresh model the vectors of its source, after that of what is unknown."""
    settings = model.config.words
    if isinstance(settings, WordVectors) and settings.source:
        model.words.take(read_vectors(settings.source)[1])


def _fresh(recipe: Recipe, samples: Sequence[Sample]) -> Tokenizer:
    """What belongs to the words' encoder, or is learnt from the training side."""
    settings = recipe.model.words
    if isinstance(settings, WordVectors):
        known = read_vectors(settings.source)[0] if settings.source else None
        texts = _texts(recipe, samples)
        return tokenizer_of_words(known or most_frequent(texts, settings.vocabulary - 1))
    if isinstance(settings, Pretrained):
        return hub.tokenizer_of(settings.source)
    assert isinstance(settings, CompactWords)
    return Tokenizer.train(_texts(recipe, samples), settings.vocabulary)


def _texts(recipe: Recipe, samples: Sequence[Sample]) -> list[str]:
    """The training side's words."""
    wanted = {name for part in recipe.parts() for name in (*part.words, *part.plain_text)}
    spoken = any(part.steps.get("spoken") for part in recipe.parts())
    return [each.text for each in samples if each.text and (spoken or each.source in wanted)]
