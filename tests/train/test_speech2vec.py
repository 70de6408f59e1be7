"""Vectors of made words: patterns of tones in sentences of a made grammar, through the command."""

import csv
import itertools
import shutil
from pathlib import Path

import numpy as np
import pytest
from scipy.io import wavfile

from emotion.errors import BadInput
from emotion.model.vectors import plain, read_vectors, write_vectors
from tests.make_media import tone
from train.__main__ import main
from train.corpora import Notes
from train.speech2vec import cut
from train.word_times import read_times

RATE = 16_000
TESTS = Path(__file__).parents[1]
# A sentence is a word of the first and one of the second, or one of the third and of the fourth.
CLASSES = {"noun": "ABC", "verb": "DEF", "article": "GHI", "thing": "JKL"}
SENTENCES = (("noun", "verb"), ("article", "thing"))
CLASS_OF = {word.casefold(): name for name, words in CLASSES.items() for word in words}
PAUSE = 0.03


def say(word, rng):
    """Two tones that are the word's own, a little higher or lower each time, in noise."""
    own = np.random.default_rng(ord(word))
    pitches = np.exp(own.uniform(np.log(300), np.log(4000), 2)) * rng.uniform(0.97, 1.03)
    parts = [tone(hertz, seconds=0.05 * rng.uniform(0.9, 1.1), peak=0.3) for hertz in pitches]
    samples = np.concatenate(parts)
    return samples + 0.003 * rng.standard_normal(len(samples))


def make_sentences(folder, n=150):
    rng = np.random.default_rng(0)
    rows = []
    for index in range(n):
        pieces, now = [np.zeros(800)], 0.05
        for name in SENTENCES[index % 2]:
            word = rng.choice(list(CLASSES[name]))
            said = say(word, rng)
            end = now + len(said) / RATE
            rows.append((f"{index}.wav", f"{word}.", f"{now:.4f}", f"{end:.4f}"))
            pieces += [said, np.zeros(round(PAUSE * RATE))]
            now = end + PAUSE
        whole = np.concatenate(pieces)
        wavfile.write(folder / f"{index}.wav", RATE, (whole * 32767).astype(np.int16))
    return write_table(folder / "words.csv", rows)


def write_table(path, rows, columns=("audio", "word", "start", "end")):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])
    return path


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    return make_sentences(tmp_path_factory.mktemp("sentences"))


def learn(table, out, *more):
    return main(["speech2vec", "--words", str(table), "--out", str(out), "--window", "1", *more])


def margin(words, vectors):
    """How much nearer words of one class are than others, as cosines around the mean."""
    vectors = vectors - vectors.mean(0)
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = vectors @ vectors.T
    classes = np.array([CLASS_OF[word] for word in words])
    same = classes[:, None] == classes
    own = np.eye(len(words), dtype=bool)
    np.fill_diagonal(alike, np.nan)
    nearest = classes[np.nanargmax(alike, axis=1)] == classes
    return alike[same & ~own].mean() - alike[~same].mean(), nearest.mean()


def test_words_with_the_same_neighbours_end_up_near(table, tmp_path, capsys):
    assert learn(table, tmp_path / "vectors.txt", "--epochs", "12") == 0
    assert "12 words, said 300 times" in capsys.readouterr().out
    words, vectors = read_vectors(tmp_path / "vectors.txt")
    assert sorted(words) == sorted(CLASS_OF)
    assert vectors.shape == (12, 50)
    nearer, nearest = margin(words, vectors)
    assert nearer > 0.5
    assert nearest > 0.8
    # How they sound does not tell their class.
    speech = cut(read_times(table, Notes()), Notes())
    heard = np.array([each.mean(0).numpy() for each in speech.frames])
    said = np.array(speech.words)
    assert margin(words, np.array([heard[said == word].mean(0) for word in words]))[0] < 0.2


def test_the_same_seed_gives_the_same_vectors(table, tmp_path):
    for name, seed in (("one", "1"), ("two", "1"), ("other", "2")):
        assert learn(table, tmp_path / name, "--epochs", "1", "--seed", seed) == 0
    one, two, other = ((tmp_path / name).read_bytes() for name in ("one", "two", "other"))
    assert one == two
    assert one != other


def test_odd_rows_are_told_and_left_out(table, tmp_path, capsys):
    shutil.copy(table.parent / "0.wav", tmp_path)
    shutil.copy(table.parent / "1.wav", tmp_path)
    rows = [
        ("0.wav", "한글!", 0.05, 0.15),
        ("0.wav", "Word", 0.18, 0.28),
        ("0.wav", "...", 0.05, 0.15),
        ("0.wav", "late", 7.0, 8.0),
        ("0.wav", "turned", 0.2, 0.1),
        ("0.wav", "empty", "", 0.1),
        ("0.wav", "unfinished"),
        ("none.wav", "gone", 0.0, 0.1),
        ("1.wav", "word", 0.05, 0.15),
    ]
    words = write_table(tmp_path / "words.csv", rows)
    assert learn(words, tmp_path / "new" / "vectors.txt", "--epochs", "1") == 0
    printed = capsys.readouterr()
    assert read_vectors(tmp_path / "new" / "vectors.txt")[0] == ("word", "한글")
    assert printed.err.count("left out: ") == 6
    assert "none.wav does not exist" in printed.err
    assert "said 3 times" in printed.out


@pytest.mark.parametrize(
    ("rows", "columns", "said"),
    [
        (None, (), "does not exist"),
        ([], (), "does not name"),
        ([("0.wav", "a", 0)], ("audio", "word", "start"), "does not name"),
        ([("none.wav", "a", 0, 1)], ("audio", "word", "start", "end"), "no word to learn from"),
        ([("0.wav", "a", 0, 0.1)], ("audio", "word", "start", "end"), "no word has a neighbour"),
    ],
)
def test_what_cannot_be_learnt_from_is_one_line(table, tmp_path, capsys, rows, columns, said):
    shutil.copy(table.parent / "0.wav", tmp_path)
    if rows is not None:
        write_table(tmp_path / "words.csv", rows, columns)
    assert learn(tmp_path / "words.csv", tmp_path / "vectors.txt") == 2
    errors = [line for line in capsys.readouterr().err.splitlines() if "error: " in line]
    assert len(errors) == 1
    assert said in errors[0]
    assert not (tmp_path / "vectors.txt").exists()


def test_neither_times_nor_a_corpus_is_one_line(tmp_path, capsys):
    assert main(["speech2vec", "--out", str(tmp_path / "vectors.txt")]) == 2
    assert "--words" in capsys.readouterr().err


def test_whisper_finds_the_words_of_a_corpus(tmp_path, monkeypatch):
    monkeypatch.setenv("EMOTION_WHISPER", str(TESTS / "tiny_whisper" / "tiny.pt"))
    clips = TESTS / "clips"
    # The corpus's own spelling stays, with the times of what was heard in its place.
    said = "I am sooo happy to see you"
    happy_words = said.lower().split()
    rows = [(clips / "en_happy.wav", said, "en")]
    rows += [(clips / "ko_angry.wav", "", "ko"), (clips / "no.wav", "", "")]
    manifest = write_table(tmp_path / "corpus.csv", rows, ("audio", "text", "language"))
    arguments = ["--data", f"manifest={manifest}", "--out", str(tmp_path / "out" / "vectors.txt")]
    assert main(["speech2vec", *arguments, "--epochs", "1"]) == 0
    words, _ = read_vectors(tmp_path / "out" / "vectors.txt")
    assert set(words) == {*happy_words, "왜", "자꾸", "거짓말을", "해"}
    times = read_times(tmp_path / "out" / "vectors.words.csv", Notes())
    happy = next(said for audio, said in times.items() if audio.name == "en_happy.wav")
    assert [each.word for each in happy] == happy_words
    assert all(one.end <= two.start + 0.1 for one, two in itertools.pairwise(happy))


def test_a_words_plain_form():
    assert [plain(word) for word in ("“Don't”,", "ABC!", "가.", "…", "")] == [
        "don't",
        "abc",
        "가",
        "",
        "",
    ]


def test_vectors_come_back_as_they_were_written(tmp_path):
    vectors = np.random.default_rng(0).standard_normal((3, 50)).astype(np.float32)
    write_vectors(tmp_path / "v.txt", ["하나", "two", "don't"], vectors)
    assert (tmp_path / "v.txt").read_text(encoding="utf-8").startswith("3 50\n하나 ")
    words, found = read_vectors(tmp_path / "v.txt")
    assert words == ("하나", "two", "don't")
    np.testing.assert_array_equal(found, vectors)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "first line"),
        ("2\na 1\n", "first line"),
        ("0 50\n", "no vector"),
        ("2 2\na 1 2\n", "promises 2 words, and 1 follow"),
        ("1 2\na 1\n", "line 2 has not 2 numbers"),
        ("1 2\na 1 2 3\n", "line 2 has not 2 numbers"),
        ("1 2\na 1 x\n", "line 2 holds something"),
        ("1 2\na 1 nan\n", "not finite"),
        ("2 1\na 1\na 2\n", "second vector"),
        ("2 1\na 1\n\n", "promises 2 words"),
        ("2 1\n\na 1\n", "line 2 has not 1 numbers"),
    ],
)
def test_a_file_that_holds_no_vectors_is_one_sentence(tmp_path, text, said):
    (tmp_path / "v.txt").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_vectors(tmp_path / "v.txt")
    with pytest.raises(BadInput, match=r"none\.txt"):
        read_vectors(tmp_path / "none.txt")
