import csv
import io
import json

import pytest

from emotion.errors import BadInput
from emotion.review import Decision, Project, Rating, Seen
from emotion.review.bring import bring
from emotion.review.label_studio import LAYOUT, as_tasks
from emotion.review.out import as_csv, as_json, events_as_csv, events_as_json
from emotion.review.report import report
from tests.review.made import filled

HARMFUL = ("=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "\tx")


@pytest.fixture
def project(tmp_path):
    with Project(tmp_path / "work.review") as project:
        yield filled(project)


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_table_goes_out_as_it_came_with_what_was_decided_beside(project):
    project.set(copies=2)
    project.log.decide("kim", "c1", Decision("relabel", ("sad", "fear"), -0.5, 0.5, note="네"))
    project.log.decide("lee", "c1", Decision("relabel", ("fear", "sad"), -0.7, 0.5))
    project.log.decide("kim", "c2", Decision("keep"))
    project.log.decide("lee", "c2", Decision("unclear"))
    project.log.decide("kim", "c3", Decision("keep"))
    rows = rows_of(as_csv(project))
    assert list(rows[0])[:3] == ["id", "text", "label"]
    assert [row["id"] for row in rows] == [f"c{i}" for i in range(6)]
    assert [row["label"] for row in rows] == ["happy"] * 6
    found = rows[1]
    assert (found["reviewed"], found["reviewed_label"]) == ("relabel", "sad;fear")
    assert (float(found["reviewed_valence"]), found["reviewed_note"]) == (pytest.approx(-0.6), "네")
    assert [row["reviewed"] for row in rows[2:4]] == ["conflict", ""]
    objects = json.loads(as_json(project))
    assert objects[1]["reviewed_label"] == ["sad", "fear"]
    assert objects[1]["reviewed_by"] == ["kim", "lee"]


def test_no_cell_is_a_formula_and_all_come_back_as_they_were(project, tmp_path):
    lines = [{"id": f"x{i}", "text": text} for i, text in enumerate(HARMFUL)]
    with (tmp_path / "m.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ["id", "text"])
        table.writeheader()
        table.writerows(lines)
    list(bring(project, tmp_path / "m.csv"))
    for i, text in enumerate(HARMFUL):
        project.log.decide(text, f"x{i}", Decision("relabel", ("sad",), -0.5, -0.5, note=text))
    for text in (as_csv(project), events_as_csv(project)):
        cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
        assert {cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))} == {"-0.5"}
    (tmp_path / "again.csv").write_text(as_csv(project), encoding="utf-8", newline="")
    with Project(tmp_path / "other.review") as other:
        list(bring(other, tmp_path / "again.csv"))
        assert [other.clips[f"x{i}"].text for i in range(5)] == [text.strip() for text in HARMFUL]
        assert other.clips.raters() == []


def test_the_log_tells_who_decided_what_when_and_what_was_seen(project):
    project.log.decide("kim", "c1", Decision("keep"), Seen("default", "a1b2", blind=True))
    project.log.undo("kim")
    lines = [json.loads(line) for line in events_as_json(project).splitlines()]
    assert [line["kind"] for line in lines] == ["keep", "undo"]
    assert (lines[0]["hash"], lines[0]["blind"], lines[1]["undoes"]) == ("a1b2", 1, 1)
    assert lines[0]["at"].endswith("+00:00")
    assert [row["who"] for row in rows_of(events_as_csv(project))] == ["kim", "kim"]


def test_tasks_of_label_studio_come_back_as_raters(project, tmp_path):
    project.log.decide("park", "c1", Decision("relabel", ("sad", "fear"), -0.5, 0.25))
    project.log.decide("park", "c2", Decision("skip"))
    (tmp_path / "tasks.json").write_text(as_tasks(project), encoding="utf-8")
    with Project(tmp_path / "other.review") as other:
        list(bring(other, tmp_path / "tasks.json"))
        assert len(other.clips) == 6
        found = other.clips["c1"]
        assert found.raters["park"] == Rating(("sad", "fear"), -0.5, 0.25)
        assert found.raters["kim"] == Rating(("happy",))
        assert "park" not in other.clips["c2"].raters
        assert (found.text, found.label) == ("clip 1", "happy")


def test_tasks_as_label_studio_writes_them_are_read(project, tmp_path):
    """Its own export: numbers for accounts, addresses for files, and results of other controls."""
    task = {
        "id": 17,
        "data": {"audio": "/data/local-files/?d=%EC%9D%8C.wav", "text": "네", "extra": {"a": 1}},
        "annotations": [
            {"id": 1, "completed_by": 3, "was_cancelled": False, "result": [
                {"id": "x", "from_name": "mood", "to_name": "audio", "type": "choices",
                 "value": {"choices": ["Happy"]}},
                {"id": "y", "from_name": "part", "to_name": "audio", "type": "labels",
                 "value": {"start": 0, "end": 1, "labels": ["Speech"]}}]},
            {"id": 2, "completed_by": {"id": 4, "email": "lee@example.org"}, "result": []},
        ],
    }  # fmt: skip
    (tmp_path / "tasks.json").write_text(json.dumps([task]), encoding="utf-8")
    with Project(tmp_path / "other.review") as other:
        list(bring(other, tmp_path / "tasks.json"))
        [fault] = other.clips.faults()
        assert (fault.name, fault.problem.facts["name"]) == ("17", "음.wav")
    task["data"]["audio"] = ""
    (tmp_path / "tasks.json").write_text(json.dumps([task]), encoding="utf-8")
    with Project(tmp_path / "third.review") as other:
        list(bring(other, tmp_path / "tasks.json"))
        assert other.clips["17"].raters == {"3": Rating(("happy",))}
    assert 'value="surprise"' in LAYOUT


def test_of_several_choices_the_emotion_is_the_one_that_is_so_called(project, tmp_path):
    def choice(control, *values):
        return {"from_name": control, "type": "choices", "value": {"choices": list(values)}}

    said = ([choice("emotion", "Sad"), choice("noise", "none")],
            [choice("mood", "happy"), choice("room", "fear")])  # fmt: skip
    tasks = [{"id": 1, "data": {"text": "yes"}, "annotations": [
        {"completed_by": who, "result": result} for who, result in enumerate(said, 1)
    ]}]  # fmt: skip
    (tmp_path / "tasks.json").write_text(json.dumps(tasks))
    list(bring(project, tmp_path / "tasks.json"))
    assert project.clips["1"].raters == {"1": Rating(("sad",)), "2": Rating(("happy", "fear"))}
    assert project.clips.faults() == []


def test_two_tables_that_spell_a_column_apart_come_back_from_one(tmp_path):
    for name, head in (("a", "id,text,Label_Kim,label"), ("b", "ID,text,label kim,Label")):
        (tmp_path / f"{name}.csv").write_text(f"{head}\n{name},yes,sad,happy\n")
    with Project(tmp_path / "work.review") as one, Project(tmp_path / "other.review") as other:
        for name in "ab":
            list(bring(one, tmp_path / f"{name}.csv"))
        (tmp_path / "both.csv").write_text(as_csv(one))
        list(bring(other, tmp_path / "both.csv"))
        for each in (one, other):
            assert [(clip.id, clip.label) for clip in each.clips] == [
                ("a", "happy"),
                ("b", "happy"),
            ]
            for clip in each.clips:
                assert list(clip.raters.values()) == [Rating(("sad",))]


@pytest.mark.parametrize("text", ["", "{}x", '{"a": 1}', "[1]", '[{"id": 1}]', "3", "[" * 99_999])
def test_what_holds_no_tasks_is_one_sentence(project, tmp_path, text):
    (tmp_path / "tasks.json").write_text(text)
    with pytest.raises(BadInput, match=r"tasks\.json"):
        list(bring(project, tmp_path / "tasks.json"))


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_report_tells_what_was_decided_and_escapes_what_was_typed(project, language):
    project.log.decide("kim", "c1", Decision("relabel", ("sad",)), Seen(blind=True))
    project.log.decide("kim", "c2", Decision("keep"))
    page = report(project, language)
    assert ("2 of" if language == "en" else "2개를") in page
    project.log.decide("<script>x</script>", "c3", Decision("keep"))
    assert "<script>x" not in report(project, language)
