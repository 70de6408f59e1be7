import numpy as np
import pytest

from tests.train import corpora as made
from train.corpora import Notes, read
from train.errors import CannotTrain
from train.sounds import prepare


def table_of(folder, pitch):
    made.write_clip(folder / "a.wav", pitch)
    (folder / "rows.csv").write_text("audio,label\na.wav,happy\n", encoding="utf-8")
    return read("manifest", folder)


def heard(samples, cache, notes=None):
    sounds = prepare({"manifest": samples}, cache, notes or Notes())
    return sounds[samples[0]]


def test_two_tables_with_clips_of_one_name_keep_their_own_voices(tmp_path):
    one, other = (table_of(tmp_path / name, pitch) for name, pitch in (("a", 100), ("b", 300)))
    first = heard(one, tmp_path / "cache")
    second = heard(other, tmp_path / "cache")
    assert not np.allclose(first, second)
    # What was opened before is what it was, though another command has written since.
    assert np.allclose(first, heard(one, tmp_path / "cache"))


def test_a_clip_that_is_recorded_again_is_heard_again(tmp_path):
    before = heard(table_of(tmp_path / "a", 100), tmp_path / "cache")
    assert not np.allclose(before, heard(table_of(tmp_path / "a", 300), tmp_path / "cache"))


def test_a_clip_that_cannot_be_decoded_is_said_each_time_until_it_can(tmp_path):
    samples = table_of(tmp_path / "a", 100)
    made.write_clip(tmp_path / "a" / "b.wav")
    (tmp_path / "a" / "rows.csv").write_text("audio,label\na.wav,happy\nb.wav,sad\n")
    whole = (tmp_path / "a" / "b.wav").read_bytes()
    (tmp_path / "a" / "b.wav").write_bytes(b"no sound")
    samples = read("manifest", tmp_path / "a")
    for _ in range(2):
        heard(samples, tmp_path / "cache", notes := Notes())
        assert [where for where, _ in notes.odd] == [samples[1].id]
    (tmp_path / "a" / "b.wav").write_bytes(whole)
    assert samples[1] in prepare({"manifest": samples}, tmp_path / "cache", notes := Notes())
    assert not notes.odd


def test_a_cache_that_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path):
    samples = table_of(tmp_path / "a", 100)
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(CannotTrain, match="cannot be written"):
        heard(samples, tmp_path / "cache")
