import csv
import json
import os
import shutil
import struct
import zipfile

import pytest

from emotion.errors import BadInput
from emotion.review import Project, Rating
from emotion.review.bring import CHUNK, bring
from emotion.review.out import as_csv
from tests.conftest import voice, write_wav

COLUMNS = ("id", "audio", "text", "label", "label_kim", "label_lee", "valence_kim", "arousal_kim",
           "speaker", "note")  # fmt: skip


def table(path, rows, columns=COLUMNS):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def project(tmp_path):
    with Project(tmp_path / "work.review") as project:
        yield project


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    write_wav(folder / "a.wav", voice(0.3))
    (folder / "text.wav").write_text("no sound at all")
    return folder


def test_a_row_comes_in_with_all_that_it_says(project, folder):
    row = {"id": "1", "audio": "a.wav", "text": "'-네", "label": "기쁨", "label_kim": "happy; sad",
           "label_lee": "Anger", "valence_kim": "5", "arousal_kim": "1", "speaker": "s1",
           "note": "kept"}  # fmt: skip
    list(bring(project, table(folder / "m.csv", [row])))
    found = project.clips["1"]
    assert (found.label, found.text, found.speaker) == ("happy", "-네", "s1")
    assert found.raters == {"kim": Rating(("happy", "sad"), 1.0, -1.0), "lee": Rating(("angry",))}
    assert (found.valence, found.arousal) == (1.0, -1.0)
    assert found.cells == row
    assert project.clips.path("1") == folder / "a.wav"
    assert project.clips.faults() == []


@pytest.mark.parametrize("between", [";", "\t"])
def test_a_table_comes_in_as_spreadsheets_of_other_countries_write_it(project, folder, between):
    rows = (("id", "text", "label_kim"), ("1", "yes, well", "happy"))
    (folder / "m.csv").write_text("\n".join(map(between.join, rows)))
    list(bring(project, folder / "m.csv"))
    assert project.clips["1"].text == "yes, well"
    assert project.clips["1"].raters == {"kim": Rating(("happy",))}


def test_bad_rows_are_listed_with_their_reasons_and_the_rest_go_on(project, folder):
    rows = [
        {"id": "1", "text": "yes", "label": "happy"},
        {"id": "2"},
        {"id": "3", "audio": "gone.wav"},
        {"id": "4", "audio": "text.wav"},
        {"id": "1", "text": "again"},
        {"id": "6", "text": "odd", "label": "bored", "valence_kim": "much"},
        {"id": "7", "text": "votes", "label_kim": "sad", "label_lee": "sad"},
        {"id": "8", "text": "level", "label_kim": "sad", "label_lee": "fear"},
    ]
    list(bring(project, table(folder / "m.csv", rows)))
    assert [each.id for each in project.clips] == ["1", "6", "7", "8"]
    assert [project.clips[name].label for name in "678"] == [None, "sad", None]
    said = [(each.line, each.problem.code, each.kept) for each in project.clips.faults()]
    assert said == [
        (2, "row_empty", False),
        (3, "missing_file", False),
        (4, "not_media", False),
        (5, "row_twice", False),
        (6, "row_number", True),
        (6, "row_label", True),
    ]


def test_what_was_stopped_goes_on_where_it_was(project, folder):
    n = 2 * CHUNK + 7
    place = table(folder / "m.csv", [{"id": f"{i}", "text": "words"} for i in range(n)])
    coming = bring(project, place)
    assert [next(coming).done, next(coming).done] == [0, CHUNK]
    coming.close()
    assert len(project.clips) == CHUNK
    assert [step.done for step in bring(project, place)] == [CHUNK, 2 * CHUNK, n]
    assert len(project.clips) == n
    assert [step.done for step in bring(project, place)] == [n]
    assert project.clips.faults() == []


def test_a_folder_without_a_table_is_brought_in_file_by_file(project, folder):
    list(bring(project, folder))
    assert [each.id for each in project.clips] == ["a.wav"]
    assert [each.name for each in project.clips.faults()] == ["text.wav"]


def test_a_zip_is_unpacked_beside_the_project_and_no_row_leads_out_of_it(project, folder):
    outside = write_wav(folder.parent / "outside.wav", voice(0.3))
    rows = [{"id": "1", "audio": "../clips/하나.wav"}, {"id": "2", "audio": str(outside)}]
    with zipfile.ZipFile(folder / "work.zip", "w") as bundle:
        bundle.write(table(folder / "m.csv", rows), "batch/tables/m.csv")
        bundle.write(folder / "a.wav", "batch/clips/하나.wav")
    list(bring(project, folder / "work.zip"))
    assert [each.id for each in project.clips] == ["1"]
    assert project.clips.path("1").read_bytes() == (folder / "a.wav").read_bytes()
    assert [each.problem.code for each in project.clips.faults()] == ["missing_file"]


def test_an_uploaded_table_leads_nowhere_else(project, folder):
    list(bring(project, table(folder / "m.csv", [{"audio": "../../etc/passwd"}]), folder))
    assert [each.problem.code for each in project.clips.faults()] == ["missing_file"]


def climbing(path):
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("a.csv", "text\nhello\n")
        bundle.writestr("../../out.wav", b"RIFF")


def windows(path):
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("C:\\out.wav", b"RIFF")


def bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("a.wav", bytes(20_000_000))


def huge(path):
    """A member that says that it holds 4 GB."""
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("a.wav", b"RIFF")
    data = path.read_bytes()
    entry = data.index(b"PK\x01\x02")
    said = struct.pack("<I", 4_000_000_000)
    path.write_bytes(data[: entry + 24] + said + data[entry + 28 :])


def many(path):
    """More members of a gigabyte than a disk or a desk can hold."""
    with zipfile.ZipFile(path, "w") as bundle:
        for i in range(25):
            bundle.writestr(f"{i}.wav", b"RIFF")
    data, said = path.read_bytes(), struct.pack("<II", 999_999_999, 999_999_999)
    parts = data.split(b"PK\x01\x02")
    path.write_bytes(b"PK\x01\x02".join([parts[0], *(p[:16] + said + p[24:] for p in parts[1:])]))


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (climbing, "climbing_bundle"),
        (windows, "climbing_bundle"),
        (bomb, "bomb_bundle"),
        (huge, "large_member"),
        (many, "large_bundle"),
    ],
)
def test_a_harmful_zip_is_refused_before_anything_is_written(project, tmp_path, make, code):
    make(tmp_path / "sent.zip")
    before = set(tmp_path.parent.rglob("*"))
    with pytest.raises(BadInput, match=r"sent\.zip") as refused:
        list(bring(project, tmp_path / "sent.zip"))
    assert refused.value.code == code
    assert set(tmp_path.parent.rglob("*")) == before
    assert len(project.clips) == 0


def test_what_is_no_work_is_one_sentence(project, tmp_path):
    (tmp_path / "m.csv").write_text("name,value\n1,2\n")
    for place in (tmp_path / "m.csv", tmp_path / "nowhere.csv"):
        with pytest.raises(BadInput, match=place.name):
            list(bring(project, place))


def test_a_column_without_a_name_says_nothing_and_no_cell_too_many_stops_the_rest(project, folder):
    rows = ",text,label_kim,label_lee\n0,yes,happy,sad\n1,hello, there,happy,sad\n2,no,sad,sad\n"
    (folder / "m.csv").write_text(rows)
    list(bring(project, folder / "m.csv"))
    found = list(project.clips)
    assert [each.text for each in found] == ["yes", "hello", "no"]
    assert found[0].raters == {"kim": Rating(("happy",)), "lee": Rating(("sad",))}
    assert found[2].raters["kim"] == Rating(("sad",))


def test_a_name_that_no_disk_knows_costs_its_own_row(project, folder):
    rows = [{"id": "1", "audio": "a\0.wav"}, {"id": "2", "audio": "a.wav"}]
    tasks = [{"data": row} for row in rows]
    (folder / "tasks.json").write_text(json.dumps(tasks))
    list(bring(project, folder / "tasks.json"))
    assert [each.id for each in project.clips] == ["2"]


def test_folders_with_the_same_names_in_them_are_two(project, folder, tmp_path):
    other = tmp_path / "second"
    other.mkdir()
    (folder / "text.wav").unlink()
    for each in (folder, other):
        write_wav(each / "a.wav", voice(0.3))
        list(bring(project, each))
    assert project.clips.path(next(iter(project.clips)).id) == folder / "a.wav"
    assert project.clips.faults()


def test_one_slip_of_the_pen_does_not_turn_the_scale(project, folder):
    rows = [
        {"id": str(n), "text": "yes", "valence_kim": v} for n, v in enumerate(("-1", ".5", "3"))
    ]
    list(bring(project, table(folder / "m.csv", rows)))
    assert [project.clips[str(n)].raters["kim"].valence for n in (0, 1)] == [-1, 0.5]
    assert [fault.problem.code for fault in project.clips.faults()] == ["row_number"]


def test_the_same_table_from_elsewhere_takes_no_voices_away(project, folder, tmp_path):
    here = table(folder / "m.csv", [{"id": "1", "audio": "a.wav"}])
    list(bring(project, here))
    other = tmp_path / "elsewhere"
    other.mkdir()
    shutil.copy(here, other)
    list(bring(project, other / "m.csv"))
    assert project.clips.path("1") == folder / "a.wav"
    shutil.move(folder / "a.wav", other)
    shutil.rmtree(folder)
    list(bring(project, other / "m.csv"))
    assert project.clips.path("1") == other / "a.wav"


def test_columns_are_found_whatever_their_case_and_go_out_as_they_came(project, folder):
    columns = ("ID", " Audio", "Text", "Label", "Label_Kim", "VALENCE_kim", "Arousal kim")
    cells = ("1", "a.wav", "yes", "happy", "sad", "-.5", ".5")
    list(bring(project, table(folder / "m.csv", [dict(zip(columns, cells, strict=True))], columns)))
    found = project.clips["1"]
    assert (found.audio, found.text, found.label) == ("a.wav", "yes", "happy")
    assert found.raters == {"Kim": Rating(("sad",), -0.5, 0.5)}
    assert as_csv(project).splitlines()[0].startswith("ID, Audio,Text,Label,Label_Kim,VALENCE_kim")
    (folder / "p.csv").write_text("Id,P_happy,p_sad\n 1 ,.2,.8\n")
    list(bring(project, folder / "p.csv"))
    assert project.given.all() == {"1": {"happy": 0.2, "sad": 0.8}}


@pytest.mark.parametrize("head", ["text,label_kim,Label Kim", "text,Label,label", "text,id,id"])
def test_two_columns_of_one_name_are_refused_and_not_guessed_between(project, folder, head):
    (folder / "m.csv").write_text(f"{head}\nyes,happy,sad\n")
    with pytest.raises(BadInput, match="two of its columns are called"):
        list(bring(project, folder / "m.csv"))
    (folder / "m.csv").write_text("text,note,note\nyes,1,2\n")  # which nobody reads
    list(bring(project, folder / "m.csv"))
    assert len(project.clips) == 1


def test_several_labels_are_read_of_a_rater_and_told_of_where_one_is_reviewed(project, folder):
    rows = [
        {"id": "1", "text": "yes", "label": "happy;sad"},
        {"id": "2", "text": "yes", "label": "happy; Happy"},
        {"id": "3", "text": "a", "label": "sad|fear", "label_kim": "sad;fear", "label_lee": "sad"},
    ]
    list(bring(project, table(folder / "m.csv", rows)))
    assert [each.label for each in project.clips] == [None, "happy", "sad"]
    assert project.clips["3"].raters["kim"] == Rating(("sad", "fear"))
    told = [(each.line, str(each.problem), each.kept) for each in project.clips.faults()]
    assert [(line, kept) for line, _, kept in told] == [(1, True), (3, True)]
    assert told[0][1].startswith("happy;sad names several labels")


@pytest.mark.parametrize("letter", ["\r", "\n", "\t", "\0", "\x1b", "\x85", "\ud83d"])
def test_a_name_that_no_page_hands_back_costs_its_own_row(project, folder, letter):
    tasks = [
        {"data": {"id": f"a{letter}b", "text": f"cut {letter}", f"key{letter}": "x"}},
        {"data": {"id": "2", "text": f"cut {letter}", "label": letter}},
    ]
    (folder / "tasks.json").write_text(json.dumps(tasks))
    list(bring(project, folder / "tasks.json"))
    if letter == "\ud83d":  # half of a sign, of which a mark is left
        assert [each.id for each in project.clips] == ["a?b", "2"]
        return
    assert [each.id for each in project.clips] == ["2"]
    fault = project.clips.faults()[0]
    assert (fault.name, fault.problem.code, fault.kept) == ("a\ufffdb", "row_id", False)


def test_a_file_whose_name_is_in_another_encoding_costs_its_own_row(project, folder):
    try:
        shutil.copy(folder / "a.wav", os.fsencode(folder) + "/가.wav".encode("cp949"))
    except OSError:
        pytest.skip("The names of this disk are all in UTF-8.")
    list(bring(project, folder))
    assert [each.id for each in project.clips] == ["a.wav"]
    assert {each.problem.code for each in project.clips.faults()} == {"row_id", "not_media"}
