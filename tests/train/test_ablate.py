"""A table of two small variants on two folds, through the real command."""

import json
from pathlib import Path

import pytest
import yaml

from tests.train import corpora as made
from train import ablate as tables
from train.__main__ import main

TABLE = {
    "about": "Two small voices.",
    "recipe": "ravdess.yaml",
    "set": {
        "model": {"width": 8, "voice": {"width": 8, "layers": 1, "heads": 2, "channels": 2}},
        "epochs": 1,
        "warm_voices": 0,
    },
    "folds": 2,
    "figures": ["uar", "accuracy"],
    "reference": "plain",
    "variants": {
        "plain": {},
        "wide": {"model": {"width": 16}},
    },
    "published": {"plain": {"uar": 0.623}},
}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("home")
    made.make_ravdess(folder / "ravdess", actors=range(1, 11))
    write(folder, TABLE)
    return folder


def write(folder, table):
    (folder / "table.yaml").write_text(yaml.safe_dump(table), encoding="utf-8")


def ablate(home, *more):
    data = ["--data", f"ravdess={home / 'ravdess'}", "--cache", str(home / "cache")]
    out = ["--out", str(home / "runs")]
    return main(["ablate", str(home / "table.yaml"), *data, *out, *map(str, more)])


def test_a_table_stops_goes_on_and_runs_nothing_twice(home, capsys):
    assert ablate(home, "--stop-after", 1) == 0
    assert "Go on" in capsys.readouterr().err
    assert not (home / "runs" / "table.md").exists()
    assert ablate(home) == 0
    page = capsys.readouterr().out
    assert page.strip().endswith((home / "runs" / "table.md").read_text().strip())
    rows = json.loads((home / "runs" / "table.json").read_text())["rows"]
    assert [row["name"] for row in rows] == ["plain", "wide"]
    for row in rows:
        assert row["cells"] == 2
        assert len(row["figures"]["uar"]["each"]) == 2
        assert f"| {row['name']} | " in page
    assert rows[0]["difference"] is None
    assert rows[1]["difference"]["low"] <= rows[1]["difference"]["high"]
    assert "0.623" in page
    ends = {path: path.stat().st_mtime_ns for path in (home / "runs").rglob("predictions.csv")}
    assert len(ends) == 4
    assert ablate(home) == 0
    assert ends == {path: path.stat().st_mtime_ns for path in ends}


def test_a_table_of_other_settings_does_not_take_anothers_runs(home, capsys):
    ablate(home)
    write(home, {**TABLE, "set": {**TABLE["set"], "rate": 0.01}})
    assert ablate(home) == 2
    assert "another recipe" in capsys.readouterr().err
    write(home, TABLE)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reference": "nobody"}, "as its reference"),
        ({"figures": ["beauty"]}, "can show"),
        ({"colour": "red"}, "colour"),
        ({"recipe": "nothing.yaml"}, "nothing.yaml"),
        ({"base": "table.yaml"}, "its own base"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_clear_line(home, capsys, change, said):
    write(home, {**TABLE, **change})
    assert ablate(home) == 2
    lines = [line for line in capsys.readouterr().err.splitlines() if "error" in line]
    assert len(lines) == 1
    assert said in lines[0]
    write(home, TABLE)


def test_every_table_of_the_repository_names_recipes_that_can_be_read():
    found = sorted((Path(tables.__file__).parent / "tables").glob("*.yaml"))
    assert len(found) >= 6
    for path in found:
        table = tables.load(path)
        cells = list(tables.cells_of(table, Path("runs")))
        assert len({cell.folder for cell in cells}) == len(cells)
        assert len({str(cell.recipe) for cell in cells}) == len(cells), path
        assert set(table.published) <= set(table.variants)
