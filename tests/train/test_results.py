"""The scripts that stand beside the tables."""

import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from emotion import checkpoint
from emotion.checkpoint import Checkpoint
from emotion.model import EmotionModel, ModelConfig, Row, collate
from emotion.model.config import CompactVoice, FusionConfig, GramWords
from emotion.model.grams import Grams
from emotion.model.manner import N_MEASURES
from tests.conftest import small_model, voice
from tests.train.corpora import (
    make_emotiontts,
    make_goemotions,
    make_kote,
    make_nemo,
    make_ravdess,
)
from train import ablate
from train.corpora import Sample
from train.errors import run_script
from train.results import five_lines, folds, known, pairs


def test_each_speakers_clips_are_standardized_among_themselves():
    """Two who differ in nothing but where they begin, and how far they go, come out alike."""
    clips = [Sample(str(n), "ravdess", speaker=who) for n, who in enumerate("abab")]
    heard = np.array([[1.0], [100.0], [3.0], [140.0]])
    found = five_lines.beside_speakers(heard, clips)
    assert np.allclose(found, [[-1], [-1], [1], [1]], atol=1e-4)


class Measured:
    """Clips of which the first measure is known, and all others are alike."""

    def __init__(self, first):
        self.first = first

    def measures(self, sample):
        return np.eye(1, N_MEASURES, dtype=np.float32)[0] * self.first[sample.id]


def test_a_clip_is_beside_as_many_others_of_its_speaker_as_are_asked_for():
    first = {"a0": 0.0, "a1": 1.0, "a2": 2.0, "a3": 3.0, "b0": 50.0}
    labels = dict(zip(first, ("neutral", "neutral", "neutral", "sad", "sad"), strict=True))
    clips = [Sample(name, "nemo", speaker=name[0], label=labels[name]) for name in first]
    every = known._unusual(clips, Measured(first), 10, "")
    assert np.allclose(every[:4, 0], [-2, -2 / 3, 2 / 3, 2])
    assert np.isnan(every[4]).all()
    assert np.isnan(known._unusual(clips, Measured(first), 2, "")).all()  # these tell nothing
    neutral = known._unusual(clips, Measured(first), 10, "neutral")
    assert neutral[3, 0] == 2  # its others are the three, of which itself would be none
    assert np.isnan(neutral[:3]).all()


@pytest.mark.parametrize("begun", [False, True])
def test_where_runs_are_missing_it_is_said_how_they_are_made(begun, tmp_path, monkeypatch, capsys):
    if begun:
        (tmp_path / "voice/seed-1/fold-0").mkdir(parents=True)
    monkeypatch.setattr(sys, "argv", ["known", str(tmp_path), "--data", f"nemo={tmp_path}"])
    assert run_script(known.main) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {tmp_path} lacks the run voice, seed 1, fold 0: make it by ")
    assert said.count("\n") == 1


def test_where_no_voice_is_asked_about_it_is_said_whose_are(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["known", str(tmp_path), "--data", f"kote={tmp_path}"])
    monkeypatch.setattr(known, "cells", lambda runs: [])
    assert run_script(known.main) == 2
    assert capsys.readouterr().err.startswith("error: Voices of ravdess, nemo and emotiontts are")


def small_sides():
    """A voice by itself, and voice and words beside each other, of one shape."""
    heard = CompactVoice(width=16, layers=1, heads=2, channels=4, mels=20)
    read = GramWords("grams", 20, 8, 16, 1, 2)
    models = [
        EmotionModel(ModelConfig(voice=heard, words=words, fusion=FusionConfig(kind), width=16))
        for kind, words in (("concat", None), ("beside", read))
    ]
    for name, weight in (pair for model in models for pair in model.named_parameters()):
        if ".label." in name:  # also of what was learnt of the meeting, which is to be forgotten
            torch.nn.init.normal_(weight)
    return [model.eval() for model in models]


def test_a_folds_voice_and_other_words_say_what_they_said_and_their_sum():
    alone, both = (Checkpoint(model, None, "") for model in small_sides())
    joined = pairs.beside(both, alone)
    sound, words = voice(0.5), Grams(20).encode(["so", "happy"])

    def said(model, row):
        with torch.inference_mode():
            return model(collate([row])).logits[0]

    hear, see = said(alone.model, Row(sound)), said(both.model, Row(None, words))
    for row, expected in (
        (Row(sound), hear),
        (Row(None, words), see),
        (Row(sound, words), hear + see),
    ):
        assert torch.allclose(said(joined, row), expected, atol=1e-5)


def test_a_checkpoint_that_was_taught_what_is_tested_is_refused(tokenizer, monkeypatch, capsys):
    small = Checkpoint(small_model(tokenizer), tokenizer, "")
    load = checkpoint.load
    monkeypatch.setattr(checkpoint, "load", lambda name: small if name == "small" else load(name))
    for name, said in (("default", "was taught every text"), ("small", "does not judge voice")):
        monkeypatch.setattr(sys, "argv", ["pairs", "runs", name, "--data", "nemo=DIR"])
        assert run_script(pairs.main) == 2
        assert said in capsys.readouterr().err


def by_fold(said, name):
    return [line for line in said.splitlines() if f"{name[2:]}:" in line]


def test_pairs_of_every_fold_are_told_with_their_sum(tmp_path, monkeypatch, capsys):
    alone, both = small_sides()
    config = replace(both.config, voice=replace(both.config.voice, usual=True))
    torch.manual_seed(0)
    both = EmotionModel(config).eval()
    means, ask = [], pairs._asked

    def asked_of(model, *rest):
        means.append(model.voice.usual.mean.clone())
        return ask(model, *rest)

    monkeypatch.setattr(pairs, "_asked", asked_of)
    for cell in ablate.cells_of(ablate.load(folds.TABLE), tmp_path / "runs"):
        checkpoint.save(alone, None, cell.folder / "checkpoint", "")
    checkpoint.save(both, Grams(20), tmp_path / "words", "", {"protocol": "default"})
    stage = "{name: meeting, learns: [fusion], steps: {pairs: 1}, epochs: 1}"
    short = tmp_path / "short.yaml"
    short.write_text(f"base: {pairs.RECIPE.resolve()}\nstages: [{stage}]\n", encoding="utf-8")
    monkeypatch.setattr(pairs, "RECIPE", short)
    people = ["AB", "CD", "EF", "GH", "IJ", "KL", "MN"]
    feelings = ("anger", "fear", "happiness", "neutral", "sadness", "surprise")
    made = {
        "ravdess": make_ravdess(tmp_path / "ravdess"),
        "nemo": make_nemo(
            tmp_path / "nemo", [(who, feeling, 1) for who in people for feeling in feelings]
        ),
        "emotiontts": make_emotiontts(tmp_path / "emotiontts"),
        "goemotions": make_goemotions(tmp_path / "goemotions", more=30),
        "kote": make_kote(tmp_path / "kote"),
    }
    asked = [word for name, folder in made.items() for word in ("--data", f"{name}={folder}")]
    named = [str(tmp_path / "runs"), str(tmp_path / "words"), "--cache", str(tmp_path / "cache")]
    monkeypatch.setattr(sys, "argv", ["pairs", *named, *asked])
    assert run_script(pairs.main) == 0
    told = capsys.readouterr()
    lines = [line.split(" | ") for line in told.out.splitlines()[2:]]
    sums = [line[0] for line in lines if line[0].endswith(pairs.SUM)]
    assert len(lines) == 2 + 2 * len(sums)
    assert len(sums) == len(pairs.PAIRS)
    # Not what the words' own voice was told, maybe by those who are tested, but each fold's.
    assert all(each.any() for each in means)
    assert len({tuple(each.tolist()) for each in means}) == len(by_fold(told.err, lines[0][0]))
    for name, *figures in lines:
        values_of = [line[-12:].split(", ") for line in by_fold(told.err, name)]
        each = np.array([[float(part) for part in values] for values in values_of])
        for figure, values in zip(figures, each.T, strict=True):
            mean, spread = map(float, figure.rstrip(" |").split(" ± "))
            assert np.allclose([mean, spread], [values.mean(), values.std()], atol=2e-3)
