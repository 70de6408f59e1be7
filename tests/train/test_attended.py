"""Whether taking away the most attended word is told from taking away any."""

import numpy as np
import pytest
import torch

from emotion.analyze import Analyzer
from emotion.audio import RATE
from emotion.checkpoint import Checkpoint
from emotion.explain import occlude, received_by_words
from emotion.model import EmotionModel, ModelConfig, Tokenizer
from emotion.model.config import CompactVoice, CompactWords, FusionConfig
from tests.train import corpora as made
from train.attended import FEWEST_ROWS, attended
from train.evaluate import answer, questions_for
from train.prepare import gather
from train.recipe import Recipe

SPOKEN = Recipe(steps={"spoken": "all"})


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    return gather({"ravdess": made.make_ravdess(home / "ravdess")}, home / "cache")


@pytest.fixture(scope="module")
def tokenizer(data):
    return Tokenizer.train([each.text for each in data.split.train], 60)


def model_of(fusion):
    torch.manual_seed(3)
    config = ModelConfig(
        voice=CompactVoice(width=8, layers=1, heads=2, channels=2, mels=20),
        words=CompactWords(vocabulary=60, width=8, layers=1, heads=2),
        fusion=FusionConfig(kind=fusion, heads=2),
        width=8,
    )
    return EmotionModel(config).eval()


def found(model, tokenizer, data):
    asked = questions_for(data.split.train, data.sounds, model.config, SPOKEN)
    return attended(
        model, tokenizer, data.sounds, list(answer(model, tokenizer, data.sounds, asked))
    )


def test_it_is_what_the_page_shows_of_each_utterance(data, tokenizer):
    model = model_of("mmi")
    told = found(model, tokenizer, data)
    assert told.n >= FEWEST_ROWS
    assert told.low <= told.most - told.random <= told.high
    analyzer = Analyzer(Checkpoint(model, tokenizer, "small"), device="cpu")
    pairs = []
    for sample in data.split.train:
        shown = analyzer.analyze((RATE, data.sounds[sample]), sample.text)
        lost = np.abs(occlude(analyzer, shown).words)
        pairs.append((lost[received_by_words(shown.attention).argmax()], lost.mean()))
    assert (told.most, told.random) == pytest.approx(np.mean(pairs, 0), abs=1e-4)


def test_a_model_whose_sides_do_not_look_at_each_other_has_no_such_figure(data, tokenizer):
    assert found(model_of("concat"), tokenizer, data) is None
