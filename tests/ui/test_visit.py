import time

import pytest

from emotion.ui import ear, visit


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Where visitors' files lie."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    return tmp_path


def uploaded(folder, name):
    path = folder / name
    path.write_bytes(b"a voice")
    return str(path)


def test_a_second_press_with_nothing_changed_reads_nothing_again(analyzer, folder):
    first = visit.read(analyzer, None, None, "너무 행복해")
    assert visit.read(analyzer, first, None, "너무 행복해") is first
    assert visit.read(analyzer, first, None, "너무 슬퍼") is not first


def test_files_to_download_stay_while_the_page_may_still_show_them(analyzer, folder):
    first = visit.read(analyzer, None, None, "one")
    second = visit.read(analyzer, first, None, "two")
    assert first.folder.exists()
    third = visit.read(analyzer, second, None, "three")
    assert (first.folder.exists(), second.folder.exists()) == (False, True)
    visit.forget(third)
    assert list(folder.iterdir()) == []


def test_the_voice_before_the_last_is_deleted_and_with_the_visitor_all(folder):
    voices = [uploaded(folder, name) for name in ("one.wav", "two.wav", "three.wav")]
    held = ()
    for voice in voices:
        held = visit.hold(visit.hold(held, voice), None)
    assert [path.name for path in sorted(folder.iterdir())] == ["three.wav", "two.wav"]
    visit.release(held)
    assert list(folder.iterdir()) == []


def test_a_voice_that_two_visitors_gave_stays_until_both_have_left(folder):
    voice = uploaded(folder, "same.wav")
    first, second = visit.hold((), voice), visit.hold((), voice)
    visit.release(first)
    assert list(folder.iterdir()) != []
    visit.release(second)
    assert list(folder.iterdir()) == []


def test_a_voice_that_no_visitor_uploaded_is_not_deleted(folder, tmp_path_factory):
    example = uploaded(tmp_path_factory.mktemp("assets"), "example.ogg")
    visit.release(visit.hold((), example))
    assert list(folder.parent.glob("assets*/example.ogg")) != []


def test_what_was_on_its_way_as_a_live_visitor_left_is_deleted_soon_after(folder, monkeypatch):
    monkeypatch.setattr(visit, "FORGOTTEN", 0.1)
    monkeypatch.setattr(visit, "LATE", 1)
    chunk, kept = folder / "chunk" / "audio.wav", folder / "kept" / "audio.wav"
    for path in (chunk, kept):
        path.parent.mkdir()
        path.write_bytes(b"a voice")
    held = visit.hold((), str(kept))
    ear.forget(ear.Ear(1))
    end = time.monotonic() + 30
    while chunk.exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert (chunk.exists(), kept.exists()) == (False, True)
    visit.release(held)
