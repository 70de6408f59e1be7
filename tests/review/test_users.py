"""Who may log in: what lies on the disk, and what it takes to come in."""

import io
import json

import pytest

from emotion.__main__ import main
from emotion.errors import BadInput
from emotion.review.users import Users


@pytest.fixture
def users(tmp_path):
    users = Users(tmp_path / "users.json")
    users.put("kim", "correct horse", "adjudicator")
    users.put("이영희", "battery staple")
    return users


def test_only_the_right_password_of_somebody_known_opens(users):
    assert users.right("kim", "correct horse")
    assert not users.right("kim", "battery staple")
    assert not users.right("nobody", "correct horse")
    assert not users.right("nobody", "")
    assert (users.role("kim"), users.role("이영희")) == ("adjudicator", "annotator")
    assert users.role("nobody") is None


def test_no_password_lies_in_the_file_and_nobody_else_may_read_it(users):
    written = users.path.read_text("utf-8")
    assert "horse" not in written
    assert "staple" not in written
    users.put("lee", "correct horse")
    found = json.loads(users.path.read_text("utf-8"))
    assert found["kim"]["hash"] != found["lee"]["hash"]  # each with its own salt
    assert users.path.stat().st_mode & 0o077 == 0
    assert [path.name for path in users.path.parent.iterdir()] == ["users.json"]


def test_the_command_enters_gives_another_password_and_shuts_out(users, monkeypatch, capsys):
    def typed(password, *arguments):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return main(["user", str(users.path), *arguments])

    assert typed("another one", "kim") == 0
    assert users.right("kim", "another one")
    assert not users.right("kim", "correct horse")
    assert users.role("kim") == "annotator"
    assert typed("another one", "park", "--adjudicator") == 0
    assert users.role("park") == "adjudicator"
    assert main(["user", str(users.path), "park", "--remove"]) == 0
    assert not users.right("park", "another one")
    assert typed("short", "park") == 2
    assert typed("long enough", "a b") == 2
    assert capsys.readouterr().err.count("\n") == 2


@pytest.mark.parametrize("content", ["[]", "{", '{"kim": {"role": "king"}}'])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    (tmp_path / "users.json").write_text(content)
    with pytest.raises(BadInput, match="cannot be used as a list of users"):
        Users(tmp_path / "users.json").role("kim")


def test_somebody_without_a_password_in_the_file_is_told_of(tmp_path):
    (tmp_path / "people.json").write_text('{"kim": {"role": "annotator"}}')
    with pytest.raises(BadInput, match="no password"):
        Users(tmp_path / "people.json").right("kim", "correct horse")
