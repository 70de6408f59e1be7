import json
import subprocess
import sys

import pytest
import yaml
from safetensors.torch import load_file

from emotion import checkpoint
from tests.train import corpora as made
from train import recipe
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


def train(home, *arguments, names=("ravdess", "emotiontts", "kote", "va_kor")):
    data = [part for name in names for part in ("--data", f"{name}={home / name}")]
    command = [sys.executable, "-m", "train", *map(str, arguments)]
    if arguments[0] != "inspect":
        command += [*data, "--cache", str(home / "cache")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def whole(home):
    done = train(home, "fit", home / "recipe.yaml", "--out", home / "whole")
    assert done.returncode == 0, done.stderr
    return home / "whole"


def error_of(done):
    assert done.returncode == 2, done.stderr
    lines = [line for line in done.stderr.splitlines() if "error: " in line]
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    return lines[0]


def test_a_run_leaves_everything_that_tells_how_it_went(whole):
    names = {path.name for path in whole.iterdir()}
    assert names >= {"recipe.yaml", "split.json", "log.jsonl", "report.json", "checkpoint"}
    log = [json.loads(line) for line in (whole / "log.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in log] == [1, 2]
    report = json.loads((whole / "report.json").read_text())
    assert {row["test"] for row in report["results"]} >= {"RAVDESS, voice", "KOTE, words"}
    assert {row["test"] for row in report["baseline"]} >= {"RAVDESS, voice", "KOTE, words"}


def test_the_checkpoint_loads_and_its_card_holds_its_figures(whole):
    loaded = checkpoint.load(whole / "checkpoint")
    assert set(loaded.model.config.temperatures) == {"voice", "words", "both"}
    assert loaded.model.config.temperatures["voice"] != 1.0
    card = (whole / "checkpoint" / "README.md").read_text(encoding="utf-8")
    uar = json.loads((whole / "report.json").read_text())["results"][0]["figures"]["uar"]
    assert f"{uar:.3f}" in card
    assert "CC BY-NC-SA 4.0" in card
    assert "python -m train fit" in card
    assert str(whole.parent) not in card.replace(str(whole.parent / "recipe.yaml"), "")


def test_a_resumed_run_ends_with_the_same_weights(home, whole):
    once = train(home, "fit", home / "recipe.yaml", "--out", home / "halves", "--stop-after", 4)
    assert once.returncode == 0
    assert "--resume" in once.stderr
    again = train(home, "fit", home / "recipe.yaml", "--out", home / "halves", "--resume")
    assert again.returncode == 0, again.stderr
    one, two = (load_file(run / "state.safetensors") for run in (whole, home / "halves"))
    assert one.keys() == two.keys()
    assert all(one[name].equal(two[name]) for name in one)


def test_a_run_is_never_overwritten_or_gone_on_with_by_another_recipe(home, whole):
    assert "--resume" in error_of(train(home, "fit", home / "recipe.yaml", "--out", whole))
    other = home / "other.yaml"
    other.write_text(yaml.safe_dump(RECIPE | {"rate": 0.1}), encoding="utf-8")
    assert "another recipe" in error_of(train(home, "fit", other, "--out", whole, "--resume"))


def test_evaluate_prints_the_figures_of_the_report(home, whole):
    done = train(home, "evaluate", whole / "checkpoint", "--out", home / "judged")
    assert done.returncode == 0, done.stderr
    report = json.loads((whole / "report.json").read_text())["results"]
    assert json.loads((home / "judged" / "report.json").read_text())["results"] == report
    assert f"{report[0]['figures']['uar']:.3f}" in done.stdout


def test_a_loss_that_is_no_number_stops_with_one_line(home):
    wild = home / "wild.yaml"
    wild.write_text(yaml.safe_dump(RECIPE | {"rate": 1e20, "warmup": 0.0}), encoding="utf-8")
    line = error_of(train(home, "fit", wild, "--out", home / "wild"))
    assert "not a number" in line


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"speed": 3}, "speed"),
        ({"model": {"widht": 3}}, "widht"),
        ({"pairs": {"hope": 1}}, "hope"),
        ({"steps": {"body": 3}}, "body"),
        ({"epochs": 0}, "no step"),
    ],
)
def test_a_recipe_with_an_unknown_key_is_refused(tmp_path, change, said):
    path = tmp_path / "odd.yaml"
    path.write_text(yaml.safe_dump(RECIPE | change), encoding="utf-8")
    with pytest.raises(CannotTrain, match=said):
        recipe.load(path)


def test_a_missing_folder_is_one_line(home):
    done = train(home, "fit", home / "recipe.yaml", "--out", home / "none", names=["nowhere"])
    assert "nowhere" in error_of(done)
    done = train(
        home, "fit", home / "recipe.yaml", "--out", home / "none", "--data", "kote=/no", names=[]
    )
    assert "/no does not exist" in error_of(done)


def test_inspect_counts_labels_and_speakers_and_shows_what_is_odd(home):
    done = train(home, "inspect", "kote", home / "kote")
    assert done.returncode == 0
    assert "62 samples" in done.stdout
    assert "2 odd" in done.stdout
    assert "val.tsv:65: 2 fields instead of 3" in done.stdout
    voices = train(home, "inspect", "ravdess", home / "ravdess").stdout
    assert "12 speakers" in voices
    assert "neutral" in voices
