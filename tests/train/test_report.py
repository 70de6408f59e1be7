"""Reports of small models that were never trained: what they hold does not depend on that."""

import argparse
import csv
import json
import re
from dataclasses import replace

import pytest
import torch
from sklearn.metrics import f1_score, recall_score

from emotion import checkpoint
from emotion.labels import LABELS as SEVEN
from emotion.model import EmotionModel, ModelConfig, Tokenizer
from emotion.model.config import CompactVoice, CompactWords, FusionConfig
from tests.train import corpora as made
from train import evaluate
from train.__main__ import main
from train.corpora import Notes
from train.finish import finish
from train.prepare import gather
from train.recipe import Recipe
from train.report import Report

SPOKEN = Recipe(about="Voices of actors.", steps={"spoken": "all"})
LABELS = ("neutral", "calm", "happy", "sad")  # of what is made there is "angry" as well
VOICE = ModelConfig(
    voice=CompactVoice(width=8, layers=1, heads=2, channels=2, mels=20),
    words=None,
    fusion=FusionConfig(kind="concat"),
    width=8,
    labels=LABELS,
    combinations=("voice",),
)
BOTH = replace(
    VOICE,
    words=CompactWords(vocabulary=60, width=8, layers=1, heads=2),
    combinations=("voice", "words", "both"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def data(home):
    folder = made.make_ravdess(home / "ravdess", actors=range(1, 11))
    return gather({"ravdess": folder}, home / "cache", "speaker-5-fold", 0)


def model_of(config, heat=None):
    torch.manual_seed(25)  # says more than one label
    return EmotionModel(replace(config, temperatures=heat or {})).eval()


def predictions(folder):
    with (folder / "predictions.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def told(data, home):
    report = Report(model_of(VOICE, {"voice": 2.0}), None, data, data.split.test, SPOKEN)
    report.write(home / "told")
    return home / "told"


def test_the_figures_are_scikit_learns_of_the_predictions_beside_them(told):
    [result] = json.loads((told / "report.json").read_text())["results"]
    assert (result["test"], result["side"]) == ("ravdess, voice", "voice")
    rows = predictions(told)
    truth, said = [row["truth"] for row in rows], [row["predicted"] for row in rows]
    labels = sorted(set(truth))
    expected = {
        "uar": recall_score(truth, said, labels=labels, average="macro", zero_division=0),
        "macro_f1": f1_score(truth, said, labels=labels, average="macro", zero_division=0),
        "weighted_f1": f1_score(truth, said, labels=labels, average="weighted", zero_division=0),
        "accuracy": sum(map(str.__eq__, truth, said)) / len(rows),
    }
    for name, value in expected.items():
        assert result["figures"][name] == pytest.approx(value, abs=1e-4), name
        low, high = result["intervals"][name]
        assert low <= result["figures"][name] <= high  # rounded as they are
    assert result["figures"].keys() >= {"ece", "ece_before"}
    among = [max(labels, key=lambda name: float(row[f"p_{name}"])) for row in rows]
    told = recall_score(truth, among, labels=labels, average="macro", zero_division=0)
    assert result["figures"]["uar_among"] == pytest.approx(told, abs=1e-4)
    assert [sum(row) for row in result["confusion"]] == [truth.count(name) for name in LABELS]
    for row in rows:
        chances = {name: float(row[f"p_{name}"]) for name in LABELS}
        assert sum(chances.values()) == pytest.approx(1, abs=1e-4)
        assert max(chances, key=chances.get) == row["predicted"]


def test_the_page_says_what_was_left_out_and_its_tables_are_whole(told, data):
    page = (told / "report.md").read_text(encoding="utf-8")
    angry = sum(each.label == "angry" for each in data.split.test)
    assert f"- ravdess, voice: {angry} with a label that the model does not know." in page
    assert data.split.note in page
    assert data.split.note.startswith("speaker-5-fold, fold 0")
    tables = re.findall(r"(?:^\|.*\n)+", page, re.MULTILINE)
    assert len(tables) == 2
    for table in tables:
        assert len({line.count("|") for line in table.splitlines()}) == 1
        assert len(table.splitlines()) == 3


def test_the_figures_can_be_looked_at_without_a_network(told):
    page = (told / "figures.html").read_text(encoding="utf-8")
    assert page.count("Plotly.newPlot(") == 3
    assert not re.findall(r"<(?:script|link)[^>]+(?:src|href)=", page)
    assert page.count("plotly.js v") == 1


def test_a_report_of_nothing_says_why(data):
    def nothing(samples, notes=None):
        told = replace(data, notes=notes or Notes())
        page = Report(model_of(VOICE), None, told, samples, SPOKEN, False).page()
        return re.search(r"There was nothing that the model could be asked: (.*)", page)[1]

    test = data.split.test
    assert nothing([]) == "no utterance is on this side of the split."
    unknown = [replace(each, label=None, valence=None, fine="") for each in test]
    notes = Notes()
    notes.miss_label("a", "froh")
    assert f"None of the {len(test)} utterances has a label" in nothing(unknown, notes)
    assert "'froh' (1)" in nothing(unknown, notes)
    typed = [replace(each, corpus="kote", audio=None, valence=None) for each in test]
    assert nothing(typed) == f"kote, voice: {len(test)} without voice."


def test_an_utterance_goes_by_its_name_whichever_sides_are_shown(data, tmp_path):
    tokenizer = Tokenizer.train([each.text for each in data.split.train], 60)
    model = model_of(BOTH)
    Report(model, tokenizer, data, data.split.test, SPOKEN, with_baseline=False).write(tmp_path)
    rows = predictions(tmp_path)
    of = {
        side: [
            (row["id"], row["speaker"], row["truth"])
            for row in rows
            if row["question"] == f"ravdess, {side}"
        ]
        for side in BOTH.combinations
    }
    assert of["words"] == of["voice"] == of["both"]
    assert len(set(of["words"])) == len(of["words"]) > 5


def test_each_combination_has_its_temperature_unless_rows_are_too_few(data):
    asked = evaluate.questions_for(data.split.train, data.sounds, VOICE, SPOKEN)
    heat = evaluate.temperatures(model_of(VOICE), None, data.sounds, asked)
    assert heat.keys() == {"voice"}
    assert heat["voice"] != 1
    few = [(question, rows[:5]) for question, rows in asked]
    assert evaluate.temperatures(model_of(VOICE), None, data.sounds, few) == {}


def test_a_model_without_words_or_development_side_is_finished_and_judged_again(
    data, home, tmp_path, capsys
):
    bare = replace(data, split=replace(data.split, dev=[]))
    options = argparse.Namespace(
        command="python -m train fit ravdess.yaml",
        checkpoint=None,
        baseline=False,
    )
    tmp_path.joinpath("run").mkdir()
    finish(model_of(VOICE), None, bare, replace(SPOKEN, model=VOICE), tmp_path / "run", options)
    loaded = checkpoint.load(tmp_path / "run" / "checkpoint")
    assert loaded.tokenizer is None
    assert set(loaded.model.config.temperatures.values()) == {1.0}
    card = (tmp_path / "run" / "checkpoint" / "README.md").read_text(encoding="utf-8")
    for said in ("Voices of actors.", "Too few rows", data.split.note, "CC BY-NC-SA 4.0", "Acted"):
        assert said in card
    assert options.command in card
    command = ["evaluate", str(tmp_path / "run" / "checkpoint"), "--out", str(tmp_path / "again")]
    command += ["--data", f"ravdess={home / 'ravdess'}", "--cache", str(home / "cache")]
    capsys.readouterr()
    assert main([*command, "--protocol", "speaker-5-fold", "--fold", "0"]) == 0
    assert data.split.note in capsys.readouterr().out
    assert predictions(tmp_path / "again") == predictions(tmp_path / "run")
    # On another fold, who taught it would judge it.
    for fold, said in ("1", "--protocol speaker-5-fold --fold 0"), ("2", "helped to train"):
        assert main([*command, "--protocol", "speaker-5-fold", "--fold", fold]) == 2
        assert said in capsys.readouterr().err


def test_who_hears_what_is_usual_is_asked_of_speakers_it_knows_too(data, home):
    config = replace(
        VOICE,
        voice=replace(VOICE.voice, usual=True),
        fusion=FusionConfig(kind="late"),
        labels=SEVEN,
    )
    model = model_of(config)
    torch.nn.init.normal_(model.voice.usual.beside.weight)
    report = Report(model, None, data, data.split.test, SPOKEN)
    alone, known = report.results
    assert (alone["test"], known["test"]) == ("ravdess, voice", "ravdess, voice, speaker known")
    assert alone["n"] == known["n"]
    assert alone["confusion"] != known["confusion"]
    assert [row["test"] for row in report.plain] == [alone["test"], known["test"]]
    assert "of which nothing is known but whose they are" in report.page()
    report.write(home / "usual")
    assert {row["question"] for row in predictions(home / "usual")} == {"ravdess, voice"}
