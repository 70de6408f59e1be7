import json
import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml
from safetensors.torch import load_file
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from emotion import checkpoint
from emotion.model.config import WaveVoice
from tests.train import corpora as made
from train import recipe
from train.__main__ import main
from train.errors import CannotTrain

RECIPE = {
    "about": "A tiny model.",
    "model": {
        "width": 16,
        "dropout": 0.1,
        "voice": {"width": 16, "layers": 1, "heads": 2, "channels": 4, "stripes": 0.2},
        "words": {"width": 16, "layers": 1, "heads": 2, "vocabulary": 200},
        "fusion": {"heads": 2},
    },
    "voice": {"ravdess": 1.0, "emotiontts/emotional-to-emotional": 1.0},
    "words": {"kote": 1.0, "va_kor": 1.0},
    "pairs": {"agreeing": 1.0, "as_spoken": 1.0},
    "plain_text": ["ravdess"],
    "warm_words": 40,
    "warm_voices": 20,
    "epochs": 2,
    "steps": {"voice": 2, "words": 2, "pairs": 2},
    "batch": {"voice": 4, "words": 4, "pairs": 4},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    made.make_ravdess(folder / "ravdess")
    made.make_emotiontts(folder / "emotiontts")
    made.make_kote(folder / "kote")
    made.make_va_kor(folder / "va_kor")
    (folder / "recipe.yaml").write_text(yaml.safe_dump(RECIPE), encoding="utf-8")
    return folder


def command(home, *arguments, names=("ravdess", "emotiontts", "kote", "va_kor")):
    data = [part for name in names for part in ("--data", f"{name}={home / name}")]
    return [*map(str, arguments), *data, "--cache", str(home / "cache")]


def train(home, *arguments, **how):
    whole = [sys.executable, "-m", "train", *command(home, *arguments)]
    return subprocess.run(whole, capture_output=True, text=True, check=False, **how)


def error_of(capsys, home, *arguments, **names):
    """The one line that the command says in this process before it returns 2."""
    capsys.readouterr()
    assert main(command(home, *arguments, **names)) == 2
    said = capsys.readouterr().err
    lines = [line for line in said.splitlines() if "error: " in line]
    assert len(lines) == 1, said
    return lines[0]


@pytest.fixture(scope="module")
def whole(home):
    done = train(home, "fit", home / "recipe.yaml", "--out", home / "whole")
    assert done.returncode == 0, done.stderr
    return home / "whole"


def test_a_run_leaves_everything_that_tells_how_it_went(whole):
    names = {path.name for path in whole.iterdir()}
    assert names >= {"recipe.yaml", "split.json", "log.jsonl", "report.json", "checkpoint"}
    log = [json.loads(line) for line in (whole / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in log] == [1, 2]
    report = json.loads((whole / "report.json").read_text())
    assert {row["test"] for row in report["results"]} >= {"RAVDESS, voice", "KOTE, words"}
    assert {row["test"] for row in report["baseline"]} >= {"RAVDESS, voice", "KOTE, words"}
    [began] = json.loads((whole / "environment.json").read_text())
    assert began["versions"]["numpy"] == np.__version__
    assert began["command"].startswith("python -m train fit ")


def test_curves_can_be_looked_at(whole):
    curves = EventAccumulator(str(whole / "tensorboard")).Reload()
    assert [each.step for each in curves.Scalars("rate")] == list(range(1, 13))
    assert len(curves.Scalars("loss/voice")) == 4
    assert [each.step for each in curves.Scalars("dev/score")] == [6, 12]


def test_the_checkpoint_loads_and_its_card_holds_its_figures(whole):
    loaded = checkpoint.load(whole / "checkpoint")
    assert set(loaded.model.config.temperatures) >= {"voice", "words", "both"}
    assert loaded.model.config.temperatures["voice"] != 1.0
    card = (whole / "checkpoint" / "README.md").read_text(encoding="utf-8")
    uar = json.loads((whole / "report.json").read_text())["results"][0]["figures"]["uar"]
    assert f"{uar:.3f}" in card
    assert "CC BY-NC-SA 4.0" in card
    assert "python -m train fit" in card
    assert str(whole.parent) not in card.replace(str(whole.parent / "recipe.yaml"), "")


def test_a_run_is_never_overwritten_or_gone_on_with_by_another_recipe(capsys, home, whole):
    again = ("fit", home / "recipe.yaml", "--out", whole)
    assert "--resume" in error_of(capsys, home, *again)
    assert "another recipe" in error_of(capsys, home, *again, "--resume", "--set", "rate=0.1")


def test_a_run_goes_on_with_the_data_it_was_begun_with_or_not_at_all(capsys, home, tmp_path):
    begun = ("fit", home / "recipe.yaml", "--out", tmp_path / "run")
    assert main(command(home, *begun, "--stop-after", 1)) == 0
    fewer = ("ravdess", "emotiontts", "kote")
    assert "begun with other data" in error_of(capsys, home, *begun, "--resume", names=fewer)


def limited():
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))


def test_a_full_disk_or_a_sudden_end_costs_no_more_than_the_steps_since(home, whole, tmp_path):
    begun = ("fit", home / "recipe.yaml", "--out", tmp_path / "run")
    assert main(command(home, *begun, "--stop-after", 7)) == 0
    state = tmp_path / "run" / "state.safetensors"
    kept = state.read_bytes()
    assert len(kept) > 60_000
    full = train(home, *begun, "--resume", preexec_fn=limited)
    assert full.returncode == 2
    [line] = [line for line in full.stderr.splitlines() if "error: " in line]
    assert "cannot be written" in line
    assert state.read_bytes() == kept
    arguments = [sys.executable, "-m", "train", *command(home, *begun, "--resume")]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as running:
        while "step" not in (running.stderr.readline()):
            pass
        running.kill()
    assert main(command(home, *begun, "--resume")) == 0
    ends = [
        load_file(out / "checkpoint" / "model.safetensors") for out in (whole, tmp_path / "run")
    ]
    assert ends[0].keys() == ends[1].keys()
    assert all(value.equal(ends[1][name]) for name, value in ends[0].items())
    assert {path.name for path in (tmp_path / "run").iterdir()} == {p.name for p in whole.iterdir()}


def test_evaluate_prints_the_figures_of_the_report(capsys, home, whole):
    asked = command(home, "evaluate", whole / "checkpoint", "--out", home / "judged")
    assert main(asked) == 0
    report = json.loads((whole / "report.json").read_text())["results"]
    assert json.loads((home / "judged" / "report.json").read_text())["results"] == report
    assert f"{report[0]['figures']['uar']:.3f}" in capsys.readouterr().out


def test_a_loss_that_is_no_number_stops_with_one_line(capsys, home):
    wild = ("--set", "rate=1.0e+20", "--set", "warmup=0.0", "--set", "warm_words=0")
    line = error_of(capsys, home, "fit", home / "recipe.yaml", "--out", home / "wild", *wild)
    assert "not a number" in line


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"speed": 3}, "speed"),
        ({"model": {"widht": 3}}, "widht"),
        ({"pairs": {"hope": 1}}, "hope"),
        ({"steps": {"body": 3}}, "body"),
        ({"steps": {"voice": "all"}}, "spoken"),
        ({"epochs": 0}, "epochs is below 1"),
        ({"rate": "1e-3"}, "rate is .1e-3., and not a number"),
        ({"rate": float("nan")}, "rate is nan"),
        ({"epochs": 1.5}, "not a whole number"),
        ({"batch": RECIPE["batch"] | {"voice": 2.5}}, "voice is 2.5, and not a whole"),
        ({"mix": 2}, "mix is a share"),
        ({"seconds": 0}, "above 0"),
        ({"betas": [0.9]}, "betas has 1 values, and not 2"),
        ({"votes": 3}, "votes is 3, and not true or false"),
        ({"pairs": None}, "pairs is None, where names"),
        ({"sides": "voice"}, "where a list belongs"),
        ({"voice": {"ravdess": -1}}, "below 0"),
        ({"loss": {"cross_entropy": -1}}, "below 0"),
        ({"model": {"width": 0}}, "width is 1 or more"),
        ({"model": {"voice": 3}}, "voice is 3, where settings belong"),
        ({"stages": [{"model": {"width": 3}}]}, "stages share"),
        ({"stages": [{"learns": ["voice", "taste"]}]}, "taste"),
        ({"model": {"words": None}}, "'mmi' lets voice and words meet"),
        ({"base": "odd.yaml"}, "its own base"),
    ],
)
def test_a_recipe_with_what_does_not_fit_is_refused(tmp_path, change, said):
    path = tmp_path / "odd.yaml"
    path.write_text(yaml.safe_dump(RECIPE | change), encoding="utf-8")
    with pytest.raises(CannotTrain, match=said):
        recipe.load(path)


def test_a_variant_is_what_differs_from_its_base(tmp_path):
    (tmp_path / "base.yaml").write_text(yaml.safe_dump(RECIPE), encoding="utf-8")
    variant = {"base": "base.yaml", "seed": 7, "model": {"voice": {"layers": 3}}}
    (tmp_path / "variant.yaml").write_text(yaml.safe_dump(variant), encoding="utf-8")
    base, found = recipe.load(tmp_path / "base.yaml"), recipe.load(tmp_path / "variant.yaml")
    assert (found.seed, found.model.voice.layers, found.model.voice.width) == (7, 3, 16)
    assert found.words == base.words
    alone = {"model": {"words": None, "fusion": {"kind": "concat"}}, "steps": {"voice": 2}}
    found = recipe.load(tmp_path / "variant.yaml", alone)
    assert (found.model.sides, found.model.combinations) == (("voice",), ("voice",))
    # Another encoder keeps nothing of the one before.
    found = recipe.load(tmp_path / "variant.yaml", {"model": {"voice": {"kind": "cnn"}}})
    assert found.model.voice == WaveVoice()


@pytest.mark.parametrize("path", sorted(Path("train/recipes").glob("*.yaml")), ids=lambda p: p.stem)
def test_recipes_that_come_with_this_can_be_read(path):
    assert recipe.load(path).about


def test_a_missing_folder_is_one_line(capsys, home):
    fit = ("fit", home / "recipe.yaml", "--out", home / "none")
    assert "nowhere" in error_of(capsys, home, *fit, names=["nowhere"])
    assert "/no does not exist" in error_of(capsys, home, *fit, "--data", "kote=/no", names=[])
