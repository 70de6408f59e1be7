import json
import subprocess
import sys

import pytest
import torch
import yaml
from safetensors import safe_open

from tests.train import corpora as made
from train.__main__ import main

# Everything that chance does differently in two processes is left out; every part of the loss, also
# those that compare rows with each other, is in.
RECIPE = {
    "model": {
        "width": 16,
        "dropout": 0.0,
        "voice": {"width": 16, "layers": 1, "heads": 2, "channels": 4},
        "words": {"width": 16, "layers": 1, "heads": 2, "vocabulary": 200},
        "fusion": {"heads": 2},
    },
    "steps": {"spoken": "all"},
    "batch": {"spoken": 7},
    "accumulate": 2,
    "epsilon": 0.0001,
    "clip": 1000.0,
    "drop_side": 0.3,
    "loss": {"cosine": 0.5, "triplet": 0.5, "affect": 0.5},
}
STEPS = 4
LAUNCHERS = {
    "torchrun": "torch.distributed.run --standalone --nproc-per-node=2",
    # Without a GPU accelerate starts several processes only if it is told that there are some.
    "accelerate": "accelerate.commands.launch --multi_gpu --num_processes=2 --num_machines=1"
    " --mixed_precision=no --dynamo_backend=no --main_process_port=0",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    made.make_ravdess(folder / "ravdess", actors=range(1, 13))
    made.make_emotiontts(folder / "emotiontts")
    (folder / "recipe.yaml").write_text(yaml.safe_dump(RECIPE), encoding="utf-8")
    return folder


def command(home, out):
    data = [
        part for name in ("ravdess", "emotiontts") for part in ("--data", f"{name}={home / name}")
    ]
    words = ["fit", home / "recipe.yaml", *data, "--cache", home / "cache", "--out", home / out]
    return [*map(str, words), "--stop-after", str(STEPS)]


def state_of(folder):
    with safe_open(folder / "state.safetensors", "pt") as file:
        place = json.loads(file.metadata()["place"])
        return place, {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


@pytest.fixture(scope="module")
def alone(home):
    assert main(command(home, "one")) == 0
    return state_of(home / "one")


@pytest.mark.parametrize("name", LAUNCHERS)
def test_two_processes_learn_what_one_learns_from_the_same_batches(home, alone, name):
    launcher = [sys.executable, "-m", *LAUNCHERS[name].split()]
    done = subprocess.run(
        [*launcher, "-m", "train", *command(home, name)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("Stopped at step") == 1, "only the first process speaks"
    [began] = json.loads((home / name / "environment.json").read_text())
    assert began["processes"] == 2
    (place, one), (other, two) = alone, state_of(home / name)
    assert place["total"] == other["total"] == STEPS
    assert other["losses"]["spoken"] == pytest.approx(place["losses"]["spoken"], rel=1e-4)
    assert one.keys() == two.keys()
    for each, value in one.items():
        torch.testing.assert_close(
            two[each], value, rtol=1e-3, atol=2e-5, msg=lambda m, n=each: f"{n}: {m}"
        )
