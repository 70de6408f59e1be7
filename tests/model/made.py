"""Small untrained models of any sides and fusion, and rows for them."""

import itertools

import numpy as np
import torch

from emotion.model import EmotionModel, ModelConfig, Row
from emotion.model.config import (
    COMBINATIONS,
    SIDES,
    CompactVoice,
    CompactWords,
    DenseBody,
    FusionConfig,
)
from tests.conftest import TEXTS, voice

N_FEATURES = 5
SETS = [sides for n in (1, 2, 3) for sides in itertools.combinations(SIDES, n)]


def model(
    tokenizer, sides=SIDES, kind="concat", seed=0, features=N_FEATURES, **settings
) -> EmotionModel:
    """A model of some sides; `settings` go to the fusion or, where it has none such, the model."""
    torch.manual_seed(seed)
    own = {name: settings.pop(name) for name in ("pooling", "combine") if name in settings}
    encoders = {
        "voice": CompactVoice(width=16, layers=1, heads=2, channels=4, mels=20),
        "words": CompactWords(vocabulary=tokenizer.size, width=16, layers=1, heads=2),
        "body": DenseBody(width=8, features=features),
    }
    config = ModelConfig(
        **{side: encoders[side] if side in sides else None for side in SIDES},
        fusion=FusionConfig(kind=kind, layers=2, heads=2, **own),
        **{"width": 16, "combinations": COMBINATIONS, **settings},
    )
    made = EmotionModel(config).eval()
    # As made, it answers nearly evenly; larger heads make every difference visible, those too
    # that begin at nothing.
    for name, parameter in made.named_parameters():
        if ".label." in name or ".affect." in name:
            parameter.data = parameter.data * 10 if parameter.any() else torch.randn_like(parameter)
    return made


def rows(tokenizer, sides=SIDES) -> list[Row]:
    """Utterances of very different lengths with every combination of some sides."""
    found = []
    for index, there in enumerate(itertools.product((True, False), repeat=len(sides))):
        names = [side for side, is_there in zip(sides, there, strict=True) if is_there]
        if names:
            found.append(row(tokenizer, names, index))
    return [*found, row(tokenizer, sides, 7)]


def row(tokenizer, sides, seed=0) -> Row:
    """An utterance with all of some sides."""
    rng = np.random.default_rng(seed)
    body = rng.normal(size=N_FEATURES).astype(np.float32)
    body[seed % N_FEATURES] = np.nan
    texts = itertools.cycle(TEXTS)
    text = next(itertools.islice(texts, seed, None)).split() * (1 + seed % 3)
    whole = Row(voice(0.3 + 0.25 * seed, seed), tokenizer.encode(text), body)
    return Row(**{side: getattr(whole, side) for side in sides})
