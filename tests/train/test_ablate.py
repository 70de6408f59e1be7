"""A table of two small variants on two folds, through the real command."""

import csv
import json
from pathlib import Path

import pytest
import yaml

from emotion.labels import LABELS
from emotion.model.settings import from_dict
from tests.train import corpora as made
from train import ablate as tables
from train.__main__ import main
from train.questions import EVERY, Question
from train.recipe import Recipe, to_json
from train.run import decides

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
    assert "Go on with the same command" in capsys.readouterr().err
    assert not (home / "runs" / "table.md").exists()
    assert ablate(home) == 0
    page = capsys.readouterr().out
    assert page.strip() == (home / "runs" / "table.md").read_text().strip()
    rows = json.loads((home / "runs" / "table.json").read_text())["rows"]
    assert [row["name"] for row in rows] == ["plain", "wide"]
    for row in rows:
        assert row["cells"] == 2
        assert len(row["figures"]["uar"]["each"]) == 2
        assert f"| {row['name']} | " in page
    assert "difference" not in rows[0]
    assert rows[1]["against"] == "plain"
    assert rows[1]["difference"]["low"] <= rows[1]["difference"]["high"]
    assert "0.623" in page
    starts = {
        path.parent: len(json.loads(path.read_text()))
        for path in (home / "runs").rglob("environment.json")
    }
    stopped = home / "runs" / "plain" / "seed-1" / "fold-0"
    assert starts == {cell: 2 if cell == stopped else 1 for cell in starts}
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


def test_a_table_never_compares_runs_on_other_data(home, capsys):
    ablate(home)
    split = home / "runs" / "wide" / "seed-1" / "fold-1" / "split.json"
    facts = json.loads(split.read_text())
    told = json.loads((split.parent / "checkpoint" / "split.json").read_text())
    assert facts == told
    facts["sources"]["ravdess"]["train"]["ids"] = "of other clips"
    split.write_text(json.dumps(facts))
    capsys.readouterr()
    assert ablate(home) == 2
    assert "were made from other data" in capsys.readouterr().err
    split.write_text(json.dumps(told))


def test_the_card_of_a_tables_run_tells_the_tables_command_and_which_run_it_is(home):
    ablate(home)
    card = home / "runs" / "wide" / "seed-1" / "fold-1" / "checkpoint" / "README.md"
    [line] = [line for line in card.read_text().splitlines() if line.startswith("python -m train")]
    assert " ablate " in line
    assert line.endswith("# wide, seed 1, fold 1")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reference": "nobody"}, "as its reference"),
        ({"figures": ["beauty"]}, "can show"),
        ({"against": {"wide": "narrow"}}, "'narrow'"),
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


def finish_by_hand(cell, rows, note):
    """What a finished run leaves behind, with what it said written by hand."""
    (cell.folder / "checkpoint").mkdir(parents=True)
    (cell.folder / "checkpoint" / "model.safetensors").touch()
    text = yaml.safe_dump(to_json(cell.recipe), allow_unicode=True)
    (cell.folder / "recipe.yaml").write_text(text, encoding="utf-8")
    (cell.folder / "report.json").write_text(json.dumps({"note": note}), encoding="utf-8")
    (cell.folder / "split.json").write_text(json.dumps({"fold": cell.fold}))
    (cell.folder / "log.jsonl").write_text('{"seconds": 90}\n{"seconds": 30}\n')
    with (cell.folder / "predictions.csv").open("w", newline="") as file:
        columns = ["question", "source", "id", "speaker", "truth", "predicted"]
        table = csv.DictWriter(file, [*columns, *(f"p_{name}" for name in LABELS)])
        table.writeheader()
        for row in rows:
            chances = {row["truth"]: 0.3} | {row["predicted"]: 0.6}
            table.writerow({f"p_{name}": chances.get(name, 0.01) for name in LABELS} | row)


def rows_by_hand(cell, good):
    """Utterances of two sources: the first eight of ten are right, or all of the second source."""
    for source, n_right in (("ravdess", 8), ("iemocap", 10 if good else 5)):
        for clip in range(10):
            truth, wrong = ("happy", "sad") if (clip + cell.fold) % 2 else ("sad", "happy")
            row = {"source": source, "id": str(clip), "speaker": f"{cell.fold} {clip}"}
            row |= {"truth": truth, "predicted": truth if clip < n_right else wrong}
            # Each stands under its own source, and again under all of them.
            yield {**row, "question": f"{source}, voice"}
            yield {**row, "question": "every corpus, voice"}


def ablate_by_hand(folder, rows_of, **change):
    """The command on finished runs of five folds, and what it says of each row."""
    (folder / "table.yaml").write_text(yaml.safe_dump({**TABLE, "folds": 5, **change}))
    for cell in tables.cells_of(tables.load(folder / "table.yaml"), folder / "runs"):
        note = f"random-80-20, fold {cell.fold} (of 5, from 0): ravdess. Speakers are trained on."
        finish_by_hand(cell, rows_of(cell), note)
    out = ["--out", str(folder / "runs")]
    return main(["ablate", str(folder / "table.yaml"), "--data", "ravdess=.", *out])


def test_a_table_is_of_the_utterances_of_all_its_folds(tmp_path, capsys):
    def rows_of(cell):
        return rows_by_hand(cell, cell.variant == "wide")

    sources = ["every corpus", "iemocap", "ravdess"]
    assert ablate_by_hand(tmp_path, rows_of, sources=sources) == 0
    page = capsys.readouterr().out
    assert page.count("random-80-20: ravdess. Speakers are trained on.") == 1
    assert "20 minutes of training" in page
    rows = json.loads((tmp_path / "runs" / "table.json").read_text())["rows"]
    found = {(row["source"], row["name"]): row for row in rows}
    assert {key: row["n"] for key, row in found.items()} == {
        key: 100 if key[0] == "every corpus" else 50 for key in found
    }
    accuracy = {key: row["figures"]["accuracy"]["mean"] for key, row in found.items()}
    assert accuracy["every corpus", "plain"] == pytest.approx(0.65)
    assert accuracy["every corpus", "wide"] == pytest.approx(0.9)
    assert found["iemocap", "wide"]["difference"]["figure"] == pytest.approx(0.5)
    assert found["iemocap", "wide"]["difference"]["p"] < 0.01
    same = found["ravdess", "wide"]["difference"]
    assert (same["figure"], same["p"]) == (0, 1)


def test_a_source_that_has_nobody_in_some_fold_is_of_the_other_folds(tmp_path, capsys):
    def rows_of(cell):
        asked = ("ravdess", "iemocap") if cell.fold > 1 else ("ravdess",)
        return [row for row in rows_by_hand(cell, True) if row["source"] in asked]

    assert ablate_by_hand(tmp_path, rows_of, sources=["ravdess", "iemocap"]) == 0
    assert "30 judgements in 3 runs a row" in capsys.readouterr().out
    rows = json.loads((tmp_path / "runs" / "table.json").read_text())["rows"]
    assert [row["cells"] for row in rows] == [5, 5, 3, 3]
    (tmp_path / "none").mkdir()
    assert ablate_by_hand(tmp_path / "none", rows_of, sources=["kemdy19"]) == 2
    assert "No run of plain has an utterance of kemdy19." in capsys.readouterr().err


def test_what_a_source_has_no_emotion_of_may_be_left_out_of_what_is_said(tmp_path, capsys):
    """One of five is called afraid, in a source where everybody is happy or sad."""

    def rows_of(cell):
        for row in rows_by_hand(cell, True):
            afraid = int(row["id"]) < 2 and cell.variant == "plain"
            yield row | {"predicted": "fear" if afraid else row["truth"]}

    figures = ["uar_among", "uar"]
    assert ablate_by_hand(tmp_path, rows_of, sources=["ravdess"], figures=figures) == 0
    plain, wide = json.loads((tmp_path / "runs" / "table.json").read_text())["rows"]
    assert [plain["figures"][name]["mean"] for name in figures] == [1.0, 0.8]
    assert [wide["figures"][name]["mean"] for name in figures] == [1.0, 1.0]
    assert "| +0.000 (+0.000 to +0.000), p 1.000 |" in capsys.readouterr().out


def test_each_fold_may_begin_with_what_was_taught_on_that_fold(tmp_path, monkeypatch):
    start = {"voice": "runs{1}/seed-{seed}/fold-{fold}"}
    own = [f"runs{{1}}/seed-{seed}/fold-{fold}" for seed in (1, 2) for fold in (0, 1)]
    (tmp_path / "begun.yaml").write_text(yaml.safe_dump({"base": "ravdess.yaml", "start": start}))
    (tmp_path / "ravdess.yaml").write_text(yaml.safe_dump({"about": "A base.", "seed": 3}))
    monkeypatch.setattr(tables, "RECIPES", tmp_path)
    for changes in ({"recipe": "ravdess.yaml", "set": {"start": start}}, {"recipe": "begun.yaml"}):
        settings = {**TABLE, "set": {}, "variants": {"plain": {}}, "seeds": [1, 2], **changes}
        cells = tables.cells_of(from_dict(settings, tables.Table), tmp_path)
        assert [cell.recipe.start["voice"] for cell in cells] == own


def test_every_table_of_the_repository_names_recipes_that_can_be_read():
    found = sorted((Path(tables.__file__).parent / "tables").glob("*.yaml"))
    assert len(found) >= 6
    for path in found:
        table = tables.load(path)
        cells = list(tables.cells_of(table, Path("runs")))
        assert len({cell.folder for cell in cells}) == len(cells)
        assert len({str(cell.recipe) for cell in cells}) == len(cells), path
        assert set(table.published) <= set(table.variants)


def test_the_best_epoch_is_chosen_by_what_is_taught_and_by_each_utterance_once():
    """A handful of rows of one source, or valence that nothing teaches, would decide by chance."""
    alone, rated = Question("a", "a", "voice"), Question("a rated", "a", "voice", "affect")
    every = Question("all", EVERY, "voice")

    def deciding(asked, affect):
        stage = from_dict({"loss": {"affect": affect}}, Recipe)
        return [each for each in asked if decides(each, asked, stage)]

    assert deciding([alone, rated], 0.0) == [alone]
    assert deciding([alone, rated], 0.5) == [alone, rated]
    assert deciding([alone, every, rated], 0.5) == [every, rated]
