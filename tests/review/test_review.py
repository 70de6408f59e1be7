"""The whole way without a page: a manifest in, a report and its rows in the order of doubt out."""

import csv

import pytest

from emotion.__main__ import main
from tests.conftest import voice, write_wav


@pytest.fixture
def folder(tmp_path):
    for i in range(6):
        write_wav(tmp_path / f"{i}.wav", voice(0.6, i))
    rows = [
        {"id": f"c{i}", "audio": f"{i}.wav", "text": text, "label_a": a, "label_b": b,
         "note": "=1+1"}
        for i, (text, a, b) in enumerate(
            [("너무 행복해", "happy", "happy"), ("왜 그래", "angry", "sad"), ("", "sad", "sad"),
             ("비가 왔다", "sad", "sad"), ("hello", "happy", "happy"), ("yes", "angry", "angry")]
        )
    ]  # fmt: skip
    rows += [{"id": "twin", "audio": "0.wav", "label_a": "sad", "label_b": "sad"}, {"id": "gone"}]
    with (tmp_path / "m.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ["id", "audio", "text", "label_a", "label_b", "note"])
        table.writeheader()
        table.writerows(rows)
    return tmp_path


def run(folder, checkpoint, *more):
    arguments = ["review", folder / "m.csv", "--report", folder / "out.html", *more]
    return main([*map(str, arguments), "--checkpoint", str(checkpoint)])


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_report_and_a_table_in_the_order_of_doubt(folder, small_checkpoint, language, capsys):
    assert run(folder, small_checkpoint, "--language", language) == 0
    rows = rows_of(folder / "out.csv")
    assert (folder / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfid,")
    assert {row["id"] for row in rows} == {*(f"c{i}" for i in range(6)), "twin"}
    doubts = [float(row["doubt"]) for row in rows]
    assert doubts == sorted(doubts, reverse=True)
    # The same sound with another label is doubted before all others.
    assert {row["id"] for row in rows[:2]} == {"c0", "twin"}
    assert rows[0]["reasons"].startswith("same_other=1.000")
    assert "라벨" in rows[0]["why_ko"]
    assert {row["note"] for row in rows} == {"'=1+1", ""}
    page = (folder / "out.html").read_text(encoding="utf-8")
    assert page.count("plotly-graph-div") >= 6
    assert "src=" not in page.split("<body>")[1].split("plotly.js")[0]
    assert "gone" in page
    assert "1 rows could not be used" in capsys.readouterr().err


def test_given_probabilities_stand_above_the_models(folder, small_checkpoint):
    labels = ["happy", "sad"] * 6
    lines = [f"c{i},{label} words {i},{label}\n" for i, label in enumerate(labels)]
    (folder / "m.csv").write_text("id,text,label\n" + "".join(lines), encoding="utf-8")
    labels[7] = "happy"  # is what the table says of it
    shares = {"happy": ".9,.1", "sad": ".2,.8"}
    lines = [f"c{i},{shares[label]}\n" for i, label in enumerate(labels)]
    (folder / "p.csv").write_text("id,p_happy,p_sad\n" + "".join(lines), encoding="utf-8")
    assert run(folder, small_checkpoint, "--probabilities", str(folder / "p.csv")) == 0
    first, *others = rows_of(folder / "out.csv")
    assert (first["id"], first["likely_wrong"]) == ("c7", "1")
    assert {row["likely_wrong"] for row in others} == {"0"}


def test_a_project_that_is_kept_is_gone_on_with(folder, small_checkpoint, capsys):
    work = folder / "work.review"
    assert run(folder, small_checkpoint, "--project", str(work)) == 0
    first = (folder / "out.csv").read_text(encoding="utf-8")
    assert run(folder, small_checkpoint, "--project", str(work)) == 0
    assert (folder / "out.csv").read_text(encoding="utf-8") == first


def test_the_table_of_a_folder_is_not_written_over(folder, small_checkpoint, capsys):
    before = (folder / "m.csv").read_bytes()
    arguments = ["review", folder, "--report", folder / "m.html"]
    assert main([*map(str, arguments), "--checkpoint", str(small_checkpoint)]) == 2
    assert (folder / "m.csv").read_bytes() == before


@pytest.mark.parametrize(
    "more",
    [("--report", "m.csv"), ("--report", "0.wav"), ("--report", ""), ("--probabilities", "m.csv"),
     ("--project", "m.csv")],
)  # fmt: skip
def test_bad_input_is_one_line_and_writes_nothing(folder, small_checkpoint, capsys, more):
    before = {path: path.read_bytes() for path in folder.iterdir()}
    name, value = more
    assert run(folder, small_checkpoint, name, str(folder / value)) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
