"""Tables that name who speaks: each voice is heard against that speaker's others."""

import csv
import sys

import numpy as np
import pytest

from emotion.__main__ import main
from emotion.analyze import Analyzer
from emotion.score import score


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer.load()


@pytest.fixture(scope="module")
def scored(analyzer, clips, tmp_path_factory):
    def scored(rows):
        folder = tmp_path_factory.mktemp("table")
        for path in clips.values():
            (folder / path.name).symlink_to(path)
        (folder / "broken.wav").write_bytes(b"no sound")
        with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, list(rows[0]))
            table.writeheader()
            table.writerows(rows)
        score(analyzer, folder / "table.csv", folder / "out.csv")
        with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    return scored


def said(rows):
    """The probabilities of each row."""
    return np.array([[float(row[name]) for name in row if name.startswith("p_")] for row in rows])


def same(rows, others):
    """Whether each row says what its other does: who shares a batch moves the last digit."""
    return said(rows).shape == said(others).shape and abs(said(rows) - said(others)).max() < 2e-6


def test_who_speaks_tells_what_is_unusual(scored, clips):
    names = [path.name for path in clips.values()][:5]
    alone = scored([{"audio": name} for name in names])
    known = scored([{"audio": name, "Speaker": "kim"} for name in names])
    assert all(row["Speaker"] == "kim" for row in known)
    assert not any(same([one], [other]) for one, other in zip(alone, known, strict=True))


def test_of_few_clips_and_of_nobody_each_is_heard_by_itself(scored, clips):
    names = [path.name for path in clips.values()][:4]
    alone = scored([{"audio": name} for name in names])
    few = scored([{"audio": name, "speaker": f"s{n // 3}"} for n, name in enumerate(names)])
    nobody = scored([{"audio": name, "speaker": ""} for name in names])
    twice = [{"audio": f"{'./' * (n // 3)}{names[n % 3]}", "speaker": "kim"} for n in range(6)]
    for rows in (few, nobody):
        assert same(rows, alone)
    assert same(scored(twice), alone[:3] * 2)


def test_a_clip_that_cannot_be_heard_leaves_its_speakers_others_alone(scored, clips):
    names = [path.name for path in clips.values()][:4]
    whole = scored([{"audio": name, "speaker": "kim"} for name in names])
    rows = scored(
        [{"audio": name, "speaker": "kim"} for name in ["broken.wav", *names, "nope.wav"]]
    )
    assert rows[0]["error"]
    assert rows[-1]["error"]
    assert same(rows[1:-1], whole)


def test_how_many_voices_are_known_is_told_before_the_first_row_is_done(analyzer, clips, tmp_path):
    names = [str(path) for path in clips.values()][:3]
    rows = [
        "audio,speaker,text",
        *(f"{name},kim," for name in names),
        f"{names[0]},,",
        ",kim,hello",
    ]
    (tmp_path / "rows.csv").write_text("\n".join(rows), encoding="utf-8")
    told = []
    score(
        analyzer,
        tmp_path / "rows.csv",
        tmp_path / "out.csv",
        progress=lambda *far: told.append(("rows", *far)),
        met=lambda *far: told.append(("clips", *far)),
    )
    assert told == [*(("clips", n, 3) for n in (1, 2, 3)), ("rows", 5, 5)]


def test_a_terminal_shows_what_is_counted(clips, tmp_path, monkeypatch, capsys):
    name = next(iter(clips.values()))
    (tmp_path / "rows.csv").write_text(f"audio,speaker\n{name},kim\nnope.wav,kim\n")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["score", str(tmp_path / "rows.csv"), "-o", str(tmp_path / "out.csv")]) == 0
    shown = capsys.readouterr().err
    meeting = "\rGetting to know voices: "
    assert shown == f"{meeting}1 of 2{meeting}2 of 2\n\r2 of 2\n2 rows, 1 with an error\n"
