"""Files that do not fit: one clear sentence of a whole file, a note of a row, nothing unsaid."""

import gzip

import pytest

from emotion.body.sessions import alone
from tests.train import corpora as made
from tests.train import trees
from train.corpora import Notes, read
from train.errors import CannotTrain
from train.prepare import gather
from train.word_times import read_times


def by_id(name, folder):
    notes = Notes()
    return {sample.id: sample for sample in read(name, folder, notes)}, notes


def manifest(tmp_path, text, encoding="utf-8"):
    (tmp_path / "mine.csv").write_text(text, encoding=encoding)
    samples, notes = by_id("manifest", tmp_path / "mine.csv")
    return [(each.text, each.label) for each in samples.values()], dict(notes.odd), notes


def test_a_quote_that_is_never_closed_costs_its_own_row_alone(tmp_path):
    rows = ["text,label", "one,sad", '"two,happy', "three,fear", '"four, and\nmore",angry', "five,"]
    said, odd, notes = manifest(tmp_path, "\n".join(rows))
    assert said == [
        ("one", "sad"),
        ("three", "fear"),
        ("four, and\nmore", "angry"),
        ("five", None),
    ]
    assert list(odd) == ["mine.csv:3"]
    assert "quote is never closed" in odd["mine.csv:3"]
    assert dict(notes.funnels[""])["rows in the table"] == 4
    # Where nothing after it closes it either, or what does leaves too few fields.
    said, odd, _ = manifest(tmp_path, 'text,label,speaker\n"two,happy,a\nthree,fear,"b"\nx,sad,"\n')
    assert [text for text, _ in said] == ["three"]
    assert list(odd) == ["mine.csv:2", "mine.csv:4"]
    said, odd, _ = manifest(tmp_path, 'text,label,speaker\n"two,happy,a\nthree,fear,"\nfour,sad,b')
    assert [text for text, _ in said] == ["four"]
    assert list(odd) == ["mine.csv:2", "mine.csv:3"]


def test_a_row_wider_than_the_head_is_left_out_and_a_shorter_one_read(tmp_path):
    rows = ["text,label,speaker", "a, b,sad,kim", "c,sad,lee,,", "d,happy", "e,fear,park"]
    said, odd, _ = manifest(tmp_path, "\n".join(rows))
    assert said == [("c", "sad"), ("d", "happy"), ("e", "fear")]
    assert odd == {"mine.csv:2": "4 fields instead of 3"}


def test_a_table_that_is_not_utf_8_says_how_it_was_read(tmp_path):
    said, _, notes = manifest(tmp_path, "text,label\n좋다,기쁨\n", "cp949")
    assert said == [("좋다", "happy")]
    assert notes.found == ["Tables that are not in UTF-8 are read as cp949."]


def test_a_column_named_twice_is_refused(tmp_path):
    with pytest.raises(CannotTrain, match=r"mine.csv: its first row names text more than once"):
        manifest(tmp_path, "text,label,text\na,sad,b\n")


def write(content, encoding="utf-8"):
    def change(path):
        path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))

    return change


def cut(path):
    path.write_bytes(path.read_bytes()[:-20])


def columns(path):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", newline="") as file:
        head, rest = file.readline(), file.read()
    with opener(path, "wt", encoding="utf-8", newline="") as file:
        file.write(head.upper().replace("A", "O") + rest)


OTHER = "a;b;c\n1;2;3\n"
LATIN = "id\tcafé\t1\n"


@pytest.mark.parametrize(
    ("name", "file", "change", "said"),
    [
        ("nemo", "data.tsv", columns, "does not name file_id, emotion, raw_text"),
        ("nemo", "data.tsv", write(""), "does not name"),
        ("nemo", "data.tsv", write("Zdanie łąk\n", "cp1250"), "not a text in UTF-8: see line 1"),
        ("emobank", "emobank.csv", columns, "does not name id, split, A, text"),
        ("emobank", "emobank.csv", write("id,split,V,A,text\n"), "holds no row of id, split"),
        ("goemotions", "labels.txt", write("anger\njoy\nfear"), "names anger, joy, fear, and not"),
        ("goemotions", "labels.txt", write("admiration\n" * 28), "not each of Ekman's once"),
        ("goemotions", "train.tsv", write("a\t1\nb\t2\n"), "holds no row of text, labels, id"),
        ("goemotions", "dev.tsv", write(LATIN, "latin-1"), "not a text in UTF-8: see line 1"),
        ("kote", "val.tsv", write(OTHER), "holds no row of id, text, feelings"),
        ("kote", "val.tsv", write(LATIN, "utf-16"), "not a text in UTF-8 or CP949"),
        ("nsmc", "ratings.tsv.gz", cut, "no whole gzip file; was it cut short"),
        ("nsmc", "ratings.tsv.gz", write("id\tdocument\trating\n"), "no whole gzip file"),
        ("nsmc", "ratings.tsv.gz", columns, "does not name id, document, rating"),
        ("va_kor", "VA_KOR_annot.csv", columns, "does not name word, A"),
        ("va_kor", "VA_KOR_annot.csv", write(LATIN, "utf-16"), "not a text in UTF-8 or CP949"),
    ],
)
def test_a_file_that_is_no_such_table_is_one_clear_sentence(name, file, change, said, tmp_path):
    rows = [("AB0", "anger", 1)]
    make = getattr(made, f"make_{name}")
    folder = make(tmp_path, rows) if name == "nemo" else make(tmp_path)
    read(name, folder)
    change(folder / file)
    with pytest.raises(CannotTrain, match=said) as raised:
        read(name, folder)
    assert file in str(raised.value)


@pytest.mark.parametrize(
    ("name", "file", "row", "why"),
    [
        ("nemo", "data.tsv", "x.wav\tanger", "2 fields instead of 7"),
        ("emobank", "emobank.csv", "9,train,inf,3,3,So", "'inf' is not a number from 1 to 5"),
        ("emobank", "emobank.csv", '9,train,3,3,3,"So', "never closed"),
        ("goemotions", "train.tsv", "Only\t4", "2 fields instead of 3"),
        ("goemotions", "train.tsv", "Much\t7\ta9", "'7' are not numbers of labels"),
        ("kote", "val.tsv", "990\t글\t99", "'99' are not numbers of feelings"),
        ("kote", "val.tsv", '990\t"글\t42', "never closed"),
        ("va_kor", "VA_KOR_annot.csv", "민,말,nan,1,뜻", "'nan' is not a number from -3 to 3"),
    ],
)
def test_an_odd_row_is_noted_and_the_others_are_read(name, file, row, why, tmp_path):
    make = getattr(made, f"make_{name}")
    folder = make(tmp_path, [("AB0", "anger", 1)]) if name == "nemo" else make(tmp_path)
    whole, before = by_id(name, folder)
    path = folder / file
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    at = 0 if name in ("goemotions", "kote") else 1
    path.write_text("\n".join([*lines[:at], row, *lines[at:]]) + "\n", encoding="utf-8")
    samples, notes = by_id(name, folder)
    assert len(samples) == len(whole)
    assert len(notes.odd) == len(before.odd) + 1
    assert any(where == f"{file}:{at + 1}" and why in said for where, said in notes.odd)


def test_a_rating_without_a_review_is_noted(tmp_path):
    samples, notes = by_id("nsmc", made.make_nsmc(tmp_path))
    assert notes.odd == [("3", "neither a voice nor words")]
    assert len(samples) == 2


def test_korean_tables_may_be_in_cp949(tmp_path):
    for name, file in (("kote", "val.tsv"), ("va_kor", "VA_KOR_annot.csv")):
        folder = getattr(made, f"make_{name}")(tmp_path / name)
        before, _ = by_id(name, folder)
        text = (folder / file).read_text(encoding="utf-8-sig")
        (folder / file).write_text(text, encoding="cp949")
        assert by_id(name, folder)[0] == before


def test_a_clip_that_lies_there_twice_counts_once_and_what_a_mac_leaves_never(tmp_path):
    folder = made.make_ravdess(tmp_path, actors=(1, 2))
    first = next(folder.rglob("*.wav"))
    made.write_clip(folder / "copy" / first.name)
    (first.parent / f"._{first.name}").write_bytes(b"\x00\x05")
    made.write_clip(folder / "Actor_01" / "03-01-05-03-01-01-01.wav")  # no such intensity
    samples, notes = by_id("ravdess", folder)
    assert len(samples) == 14
    assert [where for where, _ in notes.odd] == ["03-01-05-03-01-01-01.wav", first.stem]


def test_emotiontts_goes_on_where_a_transcript_or_a_number_is_odd(tmp_path):
    folder = made.make_emotiontts(tmp_path)
    next(folder.rglob("nea00101.txt")).write_bytes(b"\xff\xfe\x00")
    made.write_clip(folder / "Emotional/plain-to-emotional/ema/wav/ema00701.wav")
    samples, notes = by_id("emotiontts", folder)
    assert samples["nea00101"].text == ""
    assert "nea00101.txt is not a text" in dict(notes.missing)["nea00101"]
    assert samples["ema00701"].label is None
    assert ("ema00701", "an emotion: 7 stands for none of the four") in notes.missing


def test_kemdy_goes_on_where_a_row_or_a_transcript_is_odd(tmp_path):
    folder = trees.make_kemdy20(tmp_path, ["01", "02"])
    whole, _ = by_id("kemdy20", folder)
    path = folder / "annotation/Sess01_eval.csv"
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    lines[2] = lines[2].replace(",neutral,", ',"neutral,', 1)
    lines[3] = ",".join([*lines[3].split(",")[:-3], "bored", "3", "9"])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "wav/Session02/Sess02_script01_User003F_001.txt").write_bytes(b"\xff")
    samples, notes = by_id("kemdy20", folder)
    gone = {"Sess01_script01_User001F_001", "Sess02_script01_User003F_001"}
    assert samples.keys() == whole.keys() - gone
    odd = dict(notes.odd)
    assert "never closed" in odd["Sess01_eval.csv:3"]
    assert any("is not a text" in why for where, why in notes.odd if where in gone)
    assert notes.foreign == {"bored": 1}
    path.write_text(text.replace("Sess01", "Sess01,"), encoding="utf-8")
    with pytest.raises(CannotTrain, match=r"Sess01_eval.csv: none of its rows has a segment in"):
        read("kemdy20", folder)


def test_iemocap_goes_on_where_a_line_is_odd(tmp_path):
    folder = trees.make_iemocap(tmp_path, [1])
    path = folder / "Session1/dialog/EmoEvaluation/Ses01M_impro01.txt"
    text = path.read_text(encoding="utf-8")
    text = text.replace("M000\texc\t[2.5000, 4.0000, 3.0000]", "M000\texc\t[2.5]")
    text = text.replace("C-E2:\tHappiness;\t()", "C-E2:\tHappiness;")
    path.write_text(text, encoding="utf-8")
    samples, notes = by_id("iemocap:all", folder)
    assert len(samples) == 7
    # The raters of the odd one are not taken for those of the one before.
    assert len(samples["Ses01M_impro01_F000"].raters) == 4
    assert [where for where, _ in notes.odd] == ["Ses01M_impro01.txt:11"]
    assert any("what a rater said" in what for _, what in notes.missing)


def test_aihub_takes_its_own_tables_and_says_what_else_lies_there(tmp_path):
    folder = trees.make_aihub(tmp_path)
    whole, _ = by_id("aihub:intended", folder)
    (folder / "stray.csv").write_bytes(b"\xff\xfe")
    (folder / "._5차년도.csv").write_bytes(b"\xff\xfe")
    (folder / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    path = folder / "5차년도.csv"
    lines = path.read_text(encoding="cp949").splitlines()
    path.write_text("\n".join([lines[0], '"a8', *lines[1:]]), encoding="cp949")
    samples, notes = by_id("aihub:intended", folder)
    assert samples == whole
    odd = dict(notes.odd)
    assert "is not a text" in odd["stray.csv"]
    assert "does not name wav_id" in odd["other.csv"]
    assert "5차년도.csv:2" in odd
    assert "._5차년도.csv" not in odd


def test_word_times_are_read_past_a_quote_that_is_never_closed(tmp_path):
    path = tmp_path / "words.csv"
    path.write_text('audio,word,start,end\na.wav,"one,0,1\na.wav,two,1,2\n', encoding="utf-8")
    notes = Notes()
    [(_, said)] = read_times(path, notes).items()
    assert [each.word for each in said] == ["two"]
    assert [where for where, _ in notes.odd] == ["words.csv:2"]


def test_a_body_file_with_empty_columns_between_is_read(tmp_path):
    path = tmp_path / "eda.csv"
    path.write_text("".join(f"{n / 4},,,{n % 5}\n" for n in range(20)), encoding="utf-8")
    assert alone(path).rate == 4


def test_a_corpus_of_which_nothing_can_be_used_says_why(tmp_path):
    text = f"audio,label\na.wav,sad\n{'long' * 100}.wav,sad\n"
    (tmp_path / "mine.csv").write_text(text, encoding="utf-8")
    with pytest.raises(CannotTrain, match=r"2 of 2 times for this: mine.csv:2: its voice is miss"):
        read("manifest", tmp_path)


def test_corpora_of_which_no_feeling_is_known_are_refused_before_anything_is_decoded(tmp_path):
    rows = [{"audio": f"a{index}.wav", "label": "wütend"} for index in range(4)]
    folder = trees.make_manifest(tmp_path / "mine" / "a.csv", rows).parent
    with pytest.raises(
        CannotTrain, match=r"None of the 4 utterances.*'wütend' \(4\). To use these"
    ):
        gather({"manifest": folder}, tmp_path / "cache")
    assert not (tmp_path / "cache").exists()
