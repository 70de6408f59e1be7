import sqlite3

import pytest

from emotion.errors import BadInput
from emotion.review import Decision, Project, schema
from tests.review.made import filled


@pytest.fixture
def old(tmp_path, monkeypatch):
    """A project as the first version made it, with a decision in it."""
    monkeypatch.setattr(schema, "STEPS", (schema.FIRST,))
    monkeypatch.setattr(schema, "VERSION", 1)
    path = tmp_path / "old.review"
    with Project(path) as project:
        filled(project)
        project.log.decide("kim", "c1", Decision("relabel", ("sad",), note="네"))
    monkeypatch.undo()
    return path


def tables(path):
    connection = sqlite3.connect(path)
    found = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
    versions = [row[0] for row in connection.execute("SELECT number FROM versions")]
    connection.close()
    return found, versions


def test_an_older_project_is_brought_up_with_all_that_is_in_it(old):
    assert tables(old)[1] == [1]
    assert "heard" not in tables(old)[0]
    with Project(old) as project:
        assert project.log.outcome("c1").labels == ("sad",)
        assert [event.note for event in project.log] == ["네"]
        assert len(project.clips) == 6
        assert project.judged.all() == project.heard.all() == {}
        assert project.queue.next("kim") == "c5"
    found, versions = tables(old)
    assert {"heard", "judged"} <= found
    assert versions == list(range(1, schema.VERSION + 1))


def test_a_migration_that_fails_leaves_the_old_project_as_it_was(old, monkeypatch):
    broken = (schema.FIRST, schema.SECOND + "CREATE TABLE clips (a);\n")
    monkeypatch.setattr(schema, "STEPS", broken)
    with pytest.raises(BadInput, match=r"old\.review"):
        Project(old)
    monkeypatch.undo()
    assert tables(old)[1] == [1]
    assert "heard" not in tables(old)[0]
    with Project(old) as project:
        assert project.log.outcome("c1").labels == ("sad",)
