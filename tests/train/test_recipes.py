"""Every recipe of a published system trains here, small, through the real command."""

import json
from pathlib import Path

import numpy as np
import pytest
import tokenizers
import torch
from tokenizers import models, pre_tokenizers, processors
from transformers import (
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaModel,
    Wav2Vec2Config,
    Wav2Vec2Model,
)

from emotion.analyze import Analyzer
from emotion.biosignals import FEATURES
from emotion.model import EmotionModel
from emotion.model.vectors import write_vectors
from emotion.ui.page import Page
from tests.conftest import clip
from tests.train import trees
from tests.train.corpora import make_emotiontts, make_kote, make_ravdess
from tests.ui.test_kinds import analyze
from train.__main__ import main

SPEECH, TEXT = "model.voice.source={home}/speech", "model.words.source={home}/text"
SMALL = ("model.width=16", "epochs=1", "accumulate=1", "batch.spoken=4")
TINY = (
    "model.voice.channels=4",
    "model.words.buckets=500",
    "model.words.signs=1000",
    "voice={ravdess: 1, emotiontts/emotional-to-emotional: 1}",
    "words={kote: 1}",
    "stages=[{learns: [voice], sides: [voice], steps: {voice: 2}}, "
    "{learns: [words], sides: [words], steps: {words: 2}}, {learns: [fusion], steps: {pairs: 2}}]",
    "batch={voice: 4, words: 4, pairs: 4}",
)
RECIPES = {
    "mmi": ("kemdy19:first", SPEECH, TEXT, "model.fusion.heads=2", "rate=0.001"),
    "mmi-voice": ("kemdy19", SPEECH, "protocol=session-5-fold"),
    "mmi-words": ("kemdy19", TEXT, "protocol=session-5-fold"),
    "late": ("kemdy19", TEXT, "model.voice.channels=4", "model.voice.width=16"),
    "focus": ("iemocap", SPEECH, TEXT, "model.fusion.heads=2", "model.fusion.layers=1"),
    "frozen": ("aihub", SPEECH, TEXT),
    "lstm": ("iemocap", "model.words.source={home}/vectors.txt"),
    "ravdess": ("ravdess", "model.voice.layers=1", "warm_voices=20"),
    "mmi-concat": ("kemdy19:first", SPEECH, TEXT, "rate=0.001"),
    "compact": ("ravdess", "model.voice.channels=4", "model.words.vocabulary=200"),
    "default": ("ravdess kote emotiontts", *TINY),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    make_ravdess(folder / "ravdess", actors=range(1, 11))
    trees.make_kemdy19(folder / "kemdy19")
    trees.make_iemocap(folder / "iemocap")
    trees.make_aihub(folder / "aihub")
    write_vectors(folder / "vectors.txt", ["yes", "no", "well"], np.eye(3, 6))
    make_kote(folder / "kote")
    make_emotiontts(folder / "emotiontts")
    make_encoders(folder)
    return folder


def make_encoders(folder):
    """A speech and a text encoder as a hub has them, but tiny and untrained."""
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
    speech = Wav2Vec2Config(
        **sizes,
        conv_dim=[8, 8],
        conv_kernel=[10, 40],
        conv_stride=[8, 40],
        num_feat_extract_layers=2,
        intermediate_size=16,
        num_conv_pos_embeddings=4,
        num_conv_pos_embedding_groups=2,
    )
    Wav2Vec2Model(speech).save_pretrained(folder / "speech")
    text = RobertaConfig(**sizes, vocab_size=40, intermediate_size=16, max_position_embeddings=70)
    RobertaModel(text).save_pretrained(folder / "text")
    known = {name: place for place, name in enumerate(["<s>", "<pad>", "</s>", "<unk>", "네"])}
    inner = tokenizers.Tokenizer(models.WordLevel(known, unk_token="<unk>"))
    inner.pre_tokenizer = pre_tokenizers.Whitespace()
    inner.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    whole = PreTrainedTokenizerFast(tokenizer_object=inner, unk_token="<unk>", pad_token="<pad>")
    whole.save_pretrained(folder / "text")


def test_every_recipe_that_comes_with_this_is_among_them():
    # What the published ones share is no recipe by itself, and the last has a test of its own.
    others = {"published", "default-all"}
    assert {path.stem for path in Path("train/recipes").glob("*.yaml")} == {*RECIPES} | others


def fit(home, name, changes, out):
    corpora, *more = RECIPES[name.removesuffix("-all")]
    command = ["fit", f"train/recipes/{name}.yaml", "--out", str(out)]
    for corpus in corpora.split():
        command += ["--data", f"{corpus}={home / corpus.partition(':')[0]}"]
    for change in (*SMALL, *more, *changes):
        command += ["--set", change.replace("{home}", str(home))]
    return main([*command, "--cache", str(home / "cache")])


@pytest.mark.parametrize("name", RECIPES)
def test_a_published_system_trains_and_its_checkpoint_is_used(home, clips, name, monkeypatch):
    assert fit(home, name, (), home / name) == 0
    analyzer = Analyzer.load(home / name / "checkpoint", device="cpu")
    sides = analyzer.model.config.sides
    given = {"audio": clip(1.0) if "voice" in sides else None}
    given |= {"text": "네 no"} if "words" in sides else {"words": False}
    given |= {"body": np.ones(len(FEATURES), np.float32)} if "body" in sides else {}
    said = analyzer.analyze(**given).prediction
    assert set(said.probabilities) == set(analyzer.model.config.labels)
    assert sum(said.probabilities.values()) == pytest.approx(1)
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(home / "page"))
    shown, visit = analyze(Page(analyzer).analyze, clips, "네 no", "en")
    assert visit.analysis.prediction.label in shown["headline"]


def test_weights_that_everything_taught_are_judged_by_those_that_held_some_out(home, capsys):
    held, whole = home / "held" / "checkpoint", home / "whole" / "checkpoint"
    assert fit(home, "default", (), home / "held") == 0
    figures = capsys.readouterr().out
    assert fit(home, "default-all", (f"held_out={held}",), home / "whole") == 0
    facts = json.loads((whole / "split.json").read_text())["sources"]
    assert all(not each["test"]["rows"] and not each["dev"]["rows"] for each in facts.values())
    one, other = (EmotionModel.from_folder(each) for each in (held, whole))
    assert one.config == other.config  # temperatures too
    assert not torch.equal(one.words.signs.table, other.words.signs.table)
    card = (whole / "README.md").read_text()
    assert "All rows taught the weights that ship" in card
    assert "last epoch" in card
    capsys.readouterr()
    data = [f"{name}={home / name}" for name in ("ravdess", "kote", "emotiontts")]
    asked = ["evaluate", str(whole), "--cache", str(home / "cache")]
    assert main([*asked, *(part for each in data for part in ("--data", each))]) == 0
    said = capsys.readouterr()
    assert "measured with those in `held-out`" in said.err
    row = next(line for line in figures.splitlines() if line.startswith("| RAVDESS, voice"))
    assert row.split("|")[:5] == next(
        line for line in said.out.splitlines() if line.startswith("| RAVDESS, voice")
    ).split("|")[:5]  # fmt: skip


def test_everything_teaches_only_beside_a_model_that_held_some_out(home, capsys):
    assert fit(home, "default-all", ("held_out=''",), home / "alone") == 2
    assert "needs held_out" in capsys.readouterr().err
    assert fit(home, "default-all", (f"held_out={home}/none",), home / "alone") == 2
    assert "none" in capsys.readouterr().err
