import pytest

from tests.train import corpora as made
from train.corpora import Notes, read
from train.errors import CannotTrain


def by_id(name, folder):
    notes = Notes()
    return {sample.id: sample for sample in read(name, folder, notes)}, notes


def test_ravdess_reads_its_names_and_calm_is_neutral(tmp_path):
    made.make_ravdess(tmp_path, actors=(1, 2), emotions=("02", "05"))
    made.write_clip(tmp_path / "Actor_01" / "03-02-05-01-01-01-01.wav")  # sung, not spoken
    samples, notes = by_id("ravdess", tmp_path)
    calm, angry = samples["03-01-02-01-01-01-01"], samples["03-01-05-02-01-01-02"]
    assert (calm.label, angry.label) == ("neutral", "angry")
    assert (calm.sex, angry.sex) == ("male", "female")
    assert (calm.fine, angry.fine) == ("calm", "")  # for the published eight classes
    assert samples["03-01-05-01-01-01-02"].arousal < angry.arousal
    assert samples["03-01-05-01-01-01-02"].strength < angry.strength
    assert len(samples) == 8
    assert [where for where, _ in notes.odd] == ["03-02-05-01-01-01-01.wav"]


def test_nemo_takes_label_and_speaker_from_its_table(tmp_path):
    made.make_nemo(tmp_path, [("AB0", "anger", 1), ("CD0", "surprised", 1), ("CD0", "boredom", 2)])
    (tmp_path / "samples" / "AB0_anger_1.wav").unlink()
    samples, notes = by_id("nemo", tmp_path)
    assert {each.label for each in samples.values()} == {"surprise"}
    assert samples["CD0_surprised_1"].speaker == "CD0"
    assert samples["CD0_surprised_1"].text == "„Zdanie 1”."
    assert {where for where, _ in notes.odd} == {"AB0_anger_1", "CD0_boredom_2"}


def test_emotiontts_numbers_two_as_sad_and_three_as_angry(tmp_path):
    made.make_emotiontts(tmp_path)
    samples, _ = by_id("emotiontts", tmp_path)
    labels = [samples[f"ema00{digit}01"].label for digit in range(4)]
    assert labels == ["neutral", "happy", "sad", "angry"]
    telling = samples["nea00304"]
    assert telling.text == "문장 3 4."  # its byte order mark is gone
    assert (telling.speaker, telling.sentence) == ("nea", "304")
    # A plain sentence is the same whatever it is acted as.
    assert samples["ema00001"].sentence == samples["ema00301"].sentence


def test_emotiontts_keeps_a_voice_whose_transcript_is_missing(tmp_path):
    made.make_emotiontts(tmp_path)
    next(tmp_path.rglob("nea00101.txt")).unlink()
    samples, notes = by_id("emotiontts", tmp_path)
    assert samples["nea00101"].text == ""
    assert samples["nea00101"].label == "happy"
    assert ("nea00101", "its transcript") in notes.missing


def test_kote_has_a_label_only_when_one_group_is_touched(tmp_path):
    made.make_kote(tmp_path)
    samples, notes = by_id("kote", tmp_path)
    labels = [samples[f"val-{number}"].label for number in range(4)]
    assert labels == ["happy", "angry", "sad", "neutral"]
    quoted = samples["val-900"]
    assert quoted.text == '그는 "좋다"고\n했다'
    assert quoted.label == "happy"  # trust belongs to none of the seven
    assert samples["val-901"].label is None
    assert samples["val-901"].votes == {"happy": 0.5, "sad": 0.5}
    assert len(notes.odd) == 2


def test_goemotions_keeps_quotes_and_several_labels(tmp_path):
    samples, notes = by_id("goemotions", made.make_goemotions(tmp_path))
    assert samples["a1"].text == 'She said "hello'
    assert samples["a1"].label == "neutral"
    assert samples["a2"].label is None
    assert samples["a2"].votes == {"happy": 0.5, "surprise": 0.5}
    assert samples["b1"].part == "dev"
    assert [where for where, _ in notes.odd] == ["train.tsv:4"]


def test_ratings_come_to_lie_between_minus_one_and_one(tmp_path):
    bank, notes = by_id("emobank", made.make_emobank(tmp_path / "emobank"))
    assert (bank["1"].valence, bank["1"].arousal) == (1, -1)
    assert bank["1"].text == 'He said, "so"'
    assert len(notes.odd) == 1
    films, _ = by_id("nsmc", made.make_nsmc(tmp_path / "nsmc"))
    assert {name: each.valence for name, each in films.items()} == {"1": 1, "2": -1}
    words, _ = by_id("va_kor", made.make_va_kor(tmp_path / "va_kor"))
    assert len(words) == 30  # definitions with line breaks are one row
    assert {each.valence for each in words.values()} >= {-1, 1}


@pytest.mark.parametrize("name", ["ravdess", "nemo", "emotiontts", "kote", "goemotions", "nsmc"])
def test_a_wrong_folder_is_one_clear_line(name, tmp_path):
    with pytest.raises(CannotTrain, match=r"folder|does not exist|GoEmotions"):
        read(name, tmp_path)
