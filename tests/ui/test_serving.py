"""Where the page is served, and what is tried before anybody asks."""

import socket

import pytest

from emotion.transcribe import Transcriber
from emotion.ui import address
from emotion.ui.warm import warm_up
from tests.ui.driving import served, whisper


@pytest.fixture
def told(monkeypatch):
    """What the program says as it ends, with these settings."""

    def told(**settings):
        for name in (address.NAME, address.PORT):
            monkeypatch.delenv(name, raising=False)
        for name, value in settings.items():
            monkeypatch.setenv(f"GRADIO_SERVER_{name}", value)
        with pytest.raises(SystemExit) as ended:
            address.check()
        return str(ended.value)

    return told


@pytest.mark.parametrize("port", ["abc", "0", "99999", "-1", "7.5"])
def test_a_port_that_is_none_gives_one_line(told, port):
    assert told(PORT=port) == f"GRADIO_SERVER_PORT is '{port}': give a number from 1 to 65535."


def test_a_port_in_use_gives_one_line(told):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        assert told(PORT=str(port)).startswith(f"Port {port} is in use: stop what runs there")


def test_a_name_that_is_not_of_this_machine_gives_one_line(told):
    assert "no address of this machine: give 127.0.0.1" in told(NAME="203.0.113.1")


def test_an_empty_setting_is_none(monkeypatch):
    monkeypatch.setenv(address.PORT, "")
    monkeypatch.setenv(address.NAME, "")
    address.check()
    assert address.chosen_port() is None


def test_a_stopped_service_leaves_nothing_behind(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    with served(tmp_path, TMPDIR=str(disk), GRADIO_TEMP_DIR=""):
        assert len(list(disk.glob("emotion-*"))) == 1
    assert list(disk.glob("emotion-*")) == []


@pytest.mark.parametrize(
    ("size", "said"),
    [("nobody", "no speech recognizer called nobody"), (__file__, "cannot be loaded")],
)
def test_a_wrong_recognizer_is_told_at_the_start(analyzer, capsys, monkeypatch, size, said):
    monkeypatch.setattr(analyzer, "transcriber", Transcriber(size))
    warm_up(analyzer)
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1


def test_nothing_is_fetched_that_nobody_has_asked_for(analyzer, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(analyzer, "transcriber", Transcriber("base"))
    warm_up(analyzer)
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr().err == ""
    (tmp_path / "whisper").mkdir()
    (tmp_path / "whisper" / "base.pt").touch()
    assert analyzer.transcriber.here
    assert Transcriber(whisper()).here
