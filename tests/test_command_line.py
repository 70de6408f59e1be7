import csv
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from emotion.__main__ import main
from emotion.analyze import Analyzer
from emotion.audio import load
from emotion.bundle import unpacked
from emotion.errors import FORMATS, BadInput
from emotion.labels import LABELS
from emotion.tables import columns
from tests.conftest import CLIPS, voice, write_wav


@pytest.fixture
def folder(tmp_path):
    write_wav(tmp_path / "a voice.wav", voice(1.0))
    write_wav(tmp_path / "silence.wav", np.zeros(16_000, np.float32))
    (tmp_path / "text.wav").write_text("no sound at all")
    return tmp_path


def run(*arguments, checkpoint):
    return main([*map(str, arguments), "--checkpoint", str(checkpoint)])


def test_predict_prints_one_object_a_line(folder, small_checkpoint, capsys):
    clips = [folder / "a voice.wav", folder / "silence.wav"]
    assert run("predict", *clips, "--no-words", "--json", checkpoint=small_checkpoint) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["source"] for line in lines] == ["a voice.wav", "silence.wav"]


def test_predict_takes_words_alone_and_words_with_a_clip(folder, small_checkpoint, capsys):
    assert run("predict", "--text", "너무 행복해", "--json", checkpoint=small_checkpoint) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["transcript"]["text"] == "너무 행복해"
    assert set(said["alone"]) == {"words"}
    clip = folder / "a voice.wav"
    assert run("predict", clip, "--text", "너무 행복해", checkpoint=small_checkpoint) == 0
    out = capsys.readouterr().out
    assert "voice alone" in out
    assert "words alone" in out


def test_words_of_another_encoding_are_read_as_far_as_they_are_letters(small_checkpoint, capsys):
    typed = b"happy \xc7\xe0".decode("utf-8", "surrogateescape")  # as a shell hands it over
    assert run("predict", "--text", typed, "--json", checkpoint=small_checkpoint) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["transcript"]["text"] == "happy ??"


def test_a_bad_clip_gets_one_line_and_the_others_go_on(folder, small_checkpoint, capsys):
    clips = [folder / "text.wav", folder / "a voice.wav"]
    assert run("predict", *clips, "--no-words", "--json", checkpoint=small_checkpoint) == 2
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1
    assert err.count("\n") == 1
    assert "text.wav" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ["predict"],
        ["predict", "--text", " "],
        ["predict", "a.wav", "b.wav", "--text", "one"],
        ["predict", "nowhere.wav", "--no-words"],
        ["score", "nowhere.csv", "-o", "out.csv"],
    ],
)
def test_bad_input_is_one_line_and_exit_2(arguments, small_checkpoint, capsys):
    assert run(*arguments, checkpoint=small_checkpoint) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "told",
    [
        ("--columns", "ecg=HEART"),
        ("--rates", "250"),
        ("--time-unit", "ms"),
        ("--segment", "S1"),
        ("--offset", "2"),
    ],
)
def test_what_is_told_of_a_body_that_is_not_given_is_one_line(told, small_checkpoint, capsys):
    assert run("predict", "--text", "hello", *told, checkpoint=small_checkpoint) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{told[0]} tell of signals of the body: give these with --body")
    assert said.count("\n") == 1


@pytest.mark.parametrize("name", ["nobody", "nobody" * 1000], ids=["short", "long"])
def test_an_unknown_checkpoint_is_one_line_and_exit_2(name, capsys):
    assert run("predict", "--text", "hello", checkpoint=name) == 2
    assert "nobody" in capsys.readouterr().err


def test_help_does_not_wait_for_torch():
    code = "import sys, emotion.__main__ as m; m._parser(); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("command", ["predict", "whatif", "compare", "timeline"])
def test_help_names_the_formats_that_are_heard(command, capsys):
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert FORMATS in " ".join(capsys.readouterr().out.split())


def score(folder, checkpoint, table, *more):
    (folder / "in.csv").write_bytes(table)
    code = run("score", folder / "in.csv", "-o", folder / "out.csv", *more, checkpoint=checkpoint)
    assert code == 0
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_score_keeps_columns_predicts_and_names_each_bad_row(folder, small_checkpoint, capsys):
    table = (
        "audio,text,label,note\n"
        "a voice.wav,,happy,one\n"
        "a voice.wav,너무 행복해,,\n"
        ',"two lines,\nquoted",sad,\n'
        ",,sad,\n"
        "text.wav,,,\n"
        "missing.wav,words are there,,\n"
    ).encode()
    rows = score(folder, small_checkpoint, table)
    assert [bool(row["error"]) for row in rows] == [False, False, False, True, True, True]
    assert rows[0]["note"] == "one"
    assert rows[2]["text"] == "two lines,\nquoted"
    for row in rows[:3]:
        assert row["predicted"] in LABELS
        assert sum(float(row[f"p_{name}"]) for name in LABELS) == pytest.approx(1, abs=1e-4)
        assert -1 <= float(row["valence"]) <= 1
    assert rows[4]["predicted"] == ""
    assert "6 rows, 3 with an error" in capsys.readouterr().err


def test_a_spreadsheet_knows_the_encoding_of_what_score_writes(folder, small_checkpoint):
    score(folder, small_checkpoint, "text\n너무 행복해\n".encode())
    assert (folder / "out.csv").read_bytes().startswith(b"\xef\xbb\xbftext,")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_score_reads_what_spreadsheets_write(folder, small_checkpoint, encoding):
    rows = score(folder, small_checkpoint, "Text \r\n너무 행복해\r\n".encode(encoding))
    assert rows[0]["Text "] == "너무 행복해"
    assert rows[0]["error"] == ""


@pytest.mark.parametrize("between", [";", "\t"])
def test_score_reads_what_spreadsheets_of_other_countries_write(folder, small_checkpoint, between):
    table = f"audio{between}text\n{between}well, then, hello\n".encode()
    (row,) = score(folder, small_checkpoint, table)
    assert (row["text"], row["error"]) == ("well, then, hello", "")


def test_score_agrees_with_predict(folder, small_checkpoint, capsys):
    table = "audio,text\na voice.wav,너무 행복해\nsilence.wav,\n".encode()
    scored = score(folder, small_checkpoint, table)[0]
    clip = folder / "a voice.wav"
    capsys.readouterr()
    run("predict", clip, "--text", "너무 행복해", "--json", checkpoint=small_checkpoint)
    said = json.loads(capsys.readouterr().out)
    for name in LABELS:
        assert float(scored[f"p_{name}"]) == pytest.approx(said["probabilities"][name], abs=1e-4)


def test_a_scored_table_can_be_scored_again(folder, small_checkpoint):
    once = score(folder, small_checkpoint, b"text\nhello\n")
    again = score(folder, small_checkpoint, (folder / "out.csv").read_bytes())
    assert once == again


def test_what_a_table_says_itself_is_kept_beside_what_the_model_says(folder, small_checkpoint):
    table = b"audio,text,Valence,p_happy,given_p_happy\n,hello,0.71,0.9,1\nnope.wav,,0.5,0.1,2\n"
    right, wrong = score(folder, small_checkpoint, table)
    assert [row["given_Valence"] for row in (right, wrong)] == ["0.71", "0.5"]
    assert (right["given_p_happy"], right["given_given_p_happy"]) == ("1", "0.9")
    assert right["valence"] != "0.71"
    assert "Valence" not in right
    assert wrong["error"]
    assert {wrong[name] for name in columns(LABELS)} == {""}
    again = score(folder, small_checkpoint, (folder / "out.csv").read_bytes())
    assert again == [right, wrong]


@pytest.mark.parametrize("table", [b"", b"\xff\xfe\x00", b"name,value\n1,2\n", b'text\n"a\x00b'])
def test_a_table_that_is_none_is_one_line(folder, small_checkpoint, table, capsys):
    (folder / "in.csv").write_bytes(table)
    arguments = ("score", folder / "in.csv", "-o", folder / "out.csv")
    code = run(*arguments, checkpoint=small_checkpoint)
    if code == 2:
        assert capsys.readouterr().err.count("\n") == 1
    else:
        assert table.startswith(b"text")


def test_a_table_of_other_columns_and_one_that_is_missing_are_told_what_to_do(
    folder, small_checkpoint, capsys
):
    (folder / "in.csv").write_text("path,sentence\na.wav,hello\n")
    for name in ("in.csv", "nowhere.csv"):
        asked = ("score", folder / name, "-o", folder / "out.csv")
        assert run(*asked, checkpoint=small_checkpoint) == 2
    columns, missing = capsys.readouterr().err.splitlines()
    assert "names neither a column audio nor a column text nor a column body. Name" in columns
    assert missing == "nowhere.csv does not exist. Check the path."


def test_two_columns_of_one_name_are_one_line(folder, small_checkpoint, capsys):
    out = folder / "out.csv"
    for head in ("Audio,audio,text", "text,note,note"):
        (folder / "in.csv").write_text(f"{head}\na voice.wav,nix.wav,hello\n")
        assert run("score", folder / "in.csv", "-o", out, checkpoint=small_checkpoint) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith("two of its columns are called audio. Rename one of them.")
    assert second.endswith("two of its columns are called note. Rename one of them.")
    assert not out.exists()
    assert len(score(folder, small_checkpoint, b"text,,\nhello,,\n")) == 1


def test_score_never_writes_over_its_manifest(folder, small_checkpoint, capsys):
    (folder / "in.csv").write_text("text\nhello\n")
    arguments = ("score", folder / "in.csv", "-o", folder / "in.csv")
    assert run(*arguments, checkpoint=small_checkpoint) == 2
    assert (folder / "in.csv").read_text() == "text\nhello\n"


@pytest.mark.parametrize(
    ("heard", "lines", "said"),
    [(64, 65, "64 of 70 rows are in {}.\n"), (0, 1, "No row was done: {} was not written.\n")],
)
def test_what_was_scored_until_ctrl_c_stays_and_is_counted(
    folder, small_checkpoint, capsys, monkeypatch, heard, lines, said
):
    def judged(analyzer, utterances):
        nonlocal left
        left -= len(utterances)
        if left < 0:
            raise KeyboardInterrupt
        return predict(analyzer, utterances)

    left, predict = heard, Analyzer.predict
    monkeypatch.setattr(Analyzer, "predict", judged)
    out = folder / "out.csv"
    out.write_text("what was there before\n")
    (folder / "in.csv").write_text("text\n" + "hello\n" * 70)
    before = {*folder.iterdir()}
    assert run("score", folder / "in.csv", "-o", out, checkpoint=small_checkpoint) == 130
    assert len(out.read_text("utf-8").splitlines()) == lines
    assert capsys.readouterr().err == said.format(out)
    assert {*folder.iterdir()} == before


def test_what_was_scored_before_a_breakdown_stays(folder, small_checkpoint, monkeypatch):
    def judged(analyzer, utterances):
        if len(utterances) < 64:
            raise MemoryError
        return predict(analyzer, utterances)

    predict, out = Analyzer.predict, folder / "out.csv"
    monkeypatch.setattr(Analyzer, "predict", judged)
    (folder / "in.csv").write_text("text\n" + "hello\n" * 70)
    with pytest.raises(MemoryError):
        run("score", folder / "in.csv", "-o", out, checkpoint=small_checkpoint)
    assert len(out.read_text("utf-8").splitlines()) == 65


def test_an_output_stays_until_the_new_one_is_there(folder, small_checkpoint, monkeypatch):
    def judged(analyzer, utterances):
        assert out.read_text() == "what was there before\n"
        return predict(analyzer, utterances)

    predict, out = Analyzer.predict, folder / "out.csv"
    monkeypatch.setattr(Analyzer, "predict", judged)
    out.write_text("what was there before\n")
    assert len(score(folder, small_checkpoint, b"text\nhello\n")) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_a_full_disk_is_one_line(folder, small_checkpoint, capsys):
    (folder / "in.csv").write_text("text\nhello\n")
    arguments = ("score", folder / "in.csv", "-o", "/dev/full")
    assert run(*arguments, checkpoint=small_checkpoint) == 2
    assert capsys.readouterr().err == "full cannot be written: no space left on device.\n"
    assert Path("/dev/full").is_char_device()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk that is always full")
def test_results_that_a_full_disk_does_not_take_are_one_line(small_checkpoint):
    asked = [sys.executable, "-m", "emotion", "predict", "--text", "hello", "--checkpoint"]
    with Path("/dev/full").open("w") as full:
        told = subprocess.run(
            [*asked, str(small_checkpoint)], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert told.returncode == 2
    assert told.stderr == "stdout cannot be written: no space left on device.\n"


def test_score_goes_on_without_whisper_says_so_once_and_asks_no_more(
    folder, small_checkpoint, capsys, monkeypatch
):
    monkeypatch.setenv("EMOTION_WHISPER", "/nowhere/whisper.pt")
    spoken = load(CLIPS / "en_happy.wav").samples
    for name in ("one.wav", "two.wav"):
        write_wav(folder / name, spoken)
    table = b"audio\none.wav\nmissing.wav\ntwo.wav\n"
    rows = score(folder, small_checkpoint, table, "--transcribe")
    assert [bool(row["predicted"]) for row in rows] == [True, False, True]
    said, count = capsys.readouterr().err.splitlines()
    assert said.startswith("There is no speech recognizer called /nowhere/whisper.pt. There are no")
    assert count == "3 rows, 1 with an error"


def test_score_says_once_that_a_model_takes_no_body(folder, small_checkpoint, capsys):
    beats = [f"{n / 50},{n % 40 == 0:d}" for n in range(500)]
    (folder / "b.csv").write_text("\n".join(["time,ecg", *beats]))
    rows = score(folder, small_checkpoint, b"text,body\nhello,b.csv\nhello,b.csv\nhello,\n")
    assert [row["error"] for row in rows] == ["", "", ""]
    said, count = capsys.readouterr().err.splitlines()
    assert said.startswith("This model takes no signals of the body")
    assert count == "3 rows, 0 with an error"


def test_a_row_to_be_careful_about_has_its_notice(folder, capsys):
    rows = score(folder, "default", b"audio,text\nsilence.wav,\n,I am so happy\nnope.wav,\n")
    assert rows[0]["notice"].startswith("No speech was found in this clip")
    assert [row["notice"] for row in rows[1:]] == ["", ""]


def test_a_sound_that_nobody_makes_has_its_notice_however_sure_it_is(
    folder, small_checkpoint, capsys
):
    (row,) = score(folder, small_checkpoint, b"audio\nsilence.wav\n")
    assert max(float(row[name]) for name in row if name.startswith("p_")) > 0.5
    assert row["notice"].startswith("No speech was found in this clip")
    capsys.readouterr()
    assert run("predict", folder / "silence.wav", checkpoint=small_checkpoint) == 0
    assert capsys.readouterr().err == f"silence.wav: {row['notice']}\n"


def test_strange_words_are_told_of_one_by_one_as_in_a_table(folder, capsys):
    rows = score(folder, "default", "text\n?\nTęsknota to uczucie\n".encode())
    capsys.readouterr()
    for row, said in zip(rows, ("no word in this text", "not met most"), strict=True):
        assert said in row["notice"]
        assert run("predict", "--text", row["text"], checkpoint="default") == 0
        assert capsys.readouterr().err == f"typed words: {row['notice']}\n"


def test_no_cell_that_score_writes_is_a_formula(folder, small_checkpoint):
    table = b"text,label\n=1+1 happy,-0.5\n"
    rows = score(folder, small_checkpoint, table)
    assert (rows[0]["text"], rows[0]["label"]) == ("'=1+1 happy", "-0.5")
    assert score(folder, small_checkpoint, (folder / "out.csv").read_bytes()) == rows


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a voice.wav", "read as a table: it is no text in UTF-8 or cp949, as a CSV is."),
        ("cut.zip", "unpacked: it was cut off."),
    ],
)
def test_another_kind_of_file_is_called_so(folder, small_checkpoint, capsys, name, said):
    (folder / "cut.zip").write_bytes(b"PK\x03\x04" + bytes(range(256)))
    out = folder / "out.csv"
    assert run("score", folder / name, "-o", out, checkpoint=small_checkpoint) == 2
    assert capsys.readouterr().err == f"{name} cannot be {said}\n"


def test_a_zip_of_clips_is_scored_and_not_written_over(folder, small_checkpoint, capsys):
    with zipfile.ZipFile(folder / "clips.zip", "w") as zipped:
        zipped.write(folder / "a voice.wav", "하나.wav")
        zipped.writestr("table.csv", f"audio\n하나.wav\n{folder / 'a voice.wav'}\n")
    given = ("score", folder / "clips.zip", "-o")
    assert run(*given, folder / "out.csv", checkpoint=small_checkpoint) == 0
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        inside, outside = csv.DictReader(file)
    assert (inside["audio"], inside["error"]) == ("하나.wav", "")
    assert "does not exist" in outside["error"]  # no row leads out of a zip
    capsys.readouterr()
    assert run(*given, folder / "clips.zip", checkpoint=small_checkpoint) == 2
    assert "it is the manifest itself" in capsys.readouterr().err
    assert zipfile.is_zipfile(folder / "clips.zip")


@pytest.mark.parametrize(
    "command",
    [
        ("score", "book.xlsx", "-o", "out.csv"),
        ("review", "book.xlsx", "--report", "out.html"),
        ("predict", "--body", "book.xlsx"),
    ],
)
def test_a_spreadsheets_file_is_told_how_to_be_saved(
    folder, small_checkpoint, capsys, command, monkeypatch
):
    monkeypatch.chdir(folder)
    with zipfile.ZipFile("book.xlsx", "w") as book:
        book.writestr("[Content_Types].xml", "<Types/>")
        book.writestr("xl/workbook.xml", "<workbook/>")
    assert run(*command, checkpoint=small_checkpoint) == 2
    said = "book.xlsx is a spreadsheet's file: save it as CSV (UTF-8).\n"
    assert capsys.readouterr().err == said


def test_a_zip_that_was_cut_off_cannot_be_unpacked(folder):
    (folder / "cut.zip").write_bytes(b"PK\x03\x04" + bytes(range(256)))
    cannot = pytest.raises(BadInput, match=r"cut\.zip cannot be unpacked: it was cut off")
    with cannot, unpacked(folder / "cut.zip"):
        pass
