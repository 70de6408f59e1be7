import wave
from pathlib import Path

import numpy as np
import pytest
import torch

from emotion import checkpoint
from emotion.analyze import Analyzer
from emotion.audio import RATE, Clip
from emotion.model import EmotionModel, ModelConfig, Tokenizer
from emotion.model.config import CompactVoice, CompactWords, FusionConfig

CLIPS = Path(__file__).parent / "clips"
TEXTS = [
    "나 지금 너무 행복해",
    "왜 자꾸 거짓말을 해",
    "I am so happy to see you",
    "leave me alone right now",
    "그날 비가 왔다",
]


def pytest_collection_modifyitems(items):
    """Keeps the tests of a file together, for what it makes once it uses often."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(str(item.path)))


@pytest.fixture(scope="session")
def clips():
    """Synthesized speech, by what it says and how."""
    return {path.stem: path for path in sorted(CLIPS.glob("*.wav"))}


@pytest.fixture(scope="session")
def tokenizer():
    return Tokenizer.train(TEXTS * 3, 200)


def small_model(tokenizer, **settings) -> EmotionModel:
    """A real model, small and untrained, the same each time."""
    torch.manual_seed(0)
    config = ModelConfig(
        voice=CompactVoice(width=32, layers=2, heads=2, channels=8, mels=40),
        words=CompactWords(vocabulary=tokenizer.size, width=32, layers=2, heads=2),
        fusion=FusionConfig(layers=2, heads=2),
        width=32,
        **settings,
    )
    model = EmotionModel(config).eval()
    # As made, the heads answer nearly evenly; larger weights make every difference visible.
    for parameter in model.fusion.joined.heads.label.parameters():
        parameter.data *= 20
    return model


@pytest.fixture
def model(tokenizer):
    return small_model(tokenizer)


@pytest.fixture(scope="session")
def small_checkpoint(tokenizer, tmp_path_factory):
    """A folder with a small untrained checkpoint."""
    folder = tmp_path_factory.mktemp("checkpoint")
    checkpoint.save(small_model(tokenizer), tokenizer, folder, card="# Small and untrained\n")
    return folder


@pytest.fixture(scope="session")
def analyzer(small_checkpoint):
    return Analyzer.load(small_checkpoint, device="cpu")


def small_classifier(folder: Path, labels=("neu", "hap", "ang", "Bored"), rate=RATE, **settings):
    """An audio classification model of transformers, small and untrained, in a folder."""
    from transformers import (
        Wav2Vec2Config,
        Wav2Vec2FeatureExtractor,
        Wav2Vec2ForSequenceClassification,
    )

    torch.manual_seed(1)
    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    sizes |= {"intermediate_size": 16, "classifier_proj_size": 8, "num_conv_pos_embeddings": 8}
    sizes |= {"num_conv_pos_embedding_groups": 2, "num_feat_extract_layers": 2}
    convolutions = {"conv_dim": (8, 8), "conv_kernel": (10, 3), "conv_stride": (5, 2)}
    names = {"id2label": dict(enumerate(labels)), "label2id": {n: i for i, n in enumerate(labels)}}
    config = Wav2Vec2Config(**sizes, **convolutions, **names, **settings)
    model = Wav2Vec2ForSequenceClassification(config)
    model.classifier.weight.data *= 20  # as made, it would answer nearly evenly
    model.save_pretrained(folder)
    Wav2Vec2FeatureExtractor(sampling_rate=rate).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def classifier(tmp_path_factory):
    """A folder with a small audio classification model of transformers."""
    return small_classifier(tmp_path_factory.mktemp("models") / "four-emotions")


def voice(seconds: float, seed: int = 0) -> np.ndarray:
    """A made voice: a gliding buzz with noise, never the same in two places."""
    rng = np.random.default_rng(seed)
    time = np.arange(round(seconds * RATE)) / RATE
    pitch = 120 + 60 * np.sin(2 * np.pi * 0.7 * time + seed)
    phase = 2 * np.pi * np.cumsum(pitch) / RATE
    buzz = sum(np.sin(k * phase) / k for k in range(1, 9))
    loud = 0.5 + 0.5 * np.sin(2 * np.pi * 1.3 * time)
    return (0.1 * loud * buzz + 0.005 * rng.standard_normal(len(time))).astype(np.float32)


def write_wav(path: Path, samples: np.ndarray, rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


def clip(seconds: float, seed: int = 0) -> Clip:
    return Clip(voice(seconds, seed), "made voice")
