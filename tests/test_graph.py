"""A model drawn as a graph says what the model says, in a runtime that is not ours."""

import json
import subprocess
import sys

import numpy as np
import onnxruntime
import pytest
import torch

from emotion import checkpoint
from emotion.export.__main__ import main
from emotion.export.graph import feed
from emotion.labels import LABELS
from emotion.model import EmotionModel, ModelConfig, Row, collate
from emotion.model.config import CompactWords, FusionConfig, GramWords, WaveVoice
from emotion.model.grams import Grams
from emotion.model.mel import RATE
from tests.conftest import voice


def of_words(tokenizer, tmp_path):
    """A folder with a tiny model of words alone, whose answers differ."""
    torch.manual_seed(0)
    config = ModelConfig(
        voice=None,
        words=CompactWords(vocabulary=tokenizer.size, width=16, layers=1, heads=2),
        fusion=FusionConfig(kind="concat"),
        width=16,
        temperatures={"words": 0.7},
    )
    model = EmotionModel(config)
    for name, parameter in model.named_parameters():
        if ".label." in name:
            parameter.data = parameter.data * 10
    checkpoint.save(model.eval(), tokenizer, tmp_path / "model", "# Tiny\n")
    return tmp_path / "model"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["of words", "shipped"])
def test_the_graph_agrees_on_every_combination_of_sides(kind, tokenizer, tmp_path):
    folder = "default" if kind == "shipped" else of_words(tokenizer, tmp_path)
    path = tmp_path / "model.onnx"
    asked = [sys.executable, "-m", "emotion.export", "--onnx", path, "--checkpoint", folder]
    drawn = subprocess.run(asked, capture_output=True, text=True)
    assert (drawn.returncode, drawn.stdout, drawn.stderr) == (0, "", "")
    loaded = checkpoint.load(folder)
    said, model = loaded.tokenizer.encode(["너무", "너무", "행복해", "I", "am"]), loaded.model
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    facts = session.get_modelmeta().custom_metadata_map
    assert tuple(json.loads(facts["labels"])) == LABELS
    silence = np.zeros(RATE, np.float32)
    quiet = np.concatenate([np.zeros(8000, np.float32), voice(1.3, 2)])
    sides = {
        "both": [Row(voice(1.7), said)],
        "voice": [Row(quiet)],
        "words": [Row(None, said)],
        "silence": [Row(silence)],
        "silence and words": [Row(silence, said)],
        "mixed with silence": [Row(voice(1.3)), Row(silence, said), Row(None, said)],
        "mixed": [Row(voice(2.1), said), Row(voice(0.4, 1)), Row(None, said)],
    }
    for name, rows in sides.items() if model.config.voice else [("words", sides["words"])]:
        with torch.inference_mode():
            output = model(collate(rows))
            wanted = model.probabilities(output), output.affect
        for found, right in zip(session.run(None, feed(rows)), wanted, strict=True):
            np.testing.assert_allclose(found, right.numpy(), atol=1e-4, rtol=0, err_msg=name)


def test_a_model_that_cannot_be_drawn_is_one_line_and_leaves_nothing(tmp_path, tokenizer, capsys):
    model = EmotionModel(
        ModelConfig(voice=WaveVoice(width=16, channels=2), words=GramWords(buckets=50))
    )
    checkpoint.save(model, Grams(50), tmp_path / "wave", "# Wave\n")
    before = sorted(tmp_path.iterdir())
    out = str(tmp_path / "model.onnx")
    assert main(["--onnx", out, "--checkpoint", str(tmp_path / "wave")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before
