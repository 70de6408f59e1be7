"""Corpora that need an agreement, on made trees in exactly their layouts."""

from collections import Counter

import pytest

from tests.train import trees
from train.corpora import Notes, read
from train.errors import CannotTrain


def by_id(name, folder):
    notes = Notes()
    return {sample.id: sample for sample in read(name, folder, notes)}, notes


@pytest.fixture(scope="module")
def kemdy19(tmp_path_factory):
    return trees.make_kemdy19(tmp_path_factory.mktemp("kemdy19"))


def test_kemdy19_takes_what_was_rated_for_the_speaker(kemdy19):
    samples, _ = by_id("kemdy19", kemdy19)
    assert samples["Sess01_script01_F001"].label == "happy"
    assert samples["Sess01_script01_M001"].label == "surprise"  # and not the listener's fear
    assert trees.HEARD not in {each.label for each in samples.values()}
    assert "Sess01_script01_F002" not in samples  # a tie in its speaker's row
    assert samples["Sess01_script01_M002"].label == "disgust"


def test_kemdy19_as_published_takes_the_first_row_without_a_tie(kemdy19):
    samples, _ = by_id("kemdy19:first", kemdy19)
    assert samples["Sess01_script01_F001"].label == "happy"
    assert samples["Sess01_script01_M001"].label == trees.HEARD
    assert samples["Sess01_script01_F002"].label == trees.HEARD  # its tied row is gone first
    assert samples["Sess01_script01_M002"].label == "disgust"


def test_kemdy19_reports_both_funnels_step_by_step(kemdy19):
    _, notes = by_id("kemdy19", kemdy19)
    speaker, first = (dict(steps) for steps in notes.funnels.values())
    # 5 sessions, 2 files, 5 segments: 50, less the row that session 03 lacks.
    assert list(speaker.values()) == [49, 24, 23, 23, 22, 21]
    assert list(first.values()) == [49, 47, 25, 24, 23]
    assert list(first)[2:] == ["segments", "with both files", "shorter than 25 s"]


def test_kemdy19_says_what_is_odd_or_missing(kemdy19):
    _, notes = by_id("kemdy19", kemdy19)
    odd = {(where, why) for where, why in notes.odd}
    assert ("Sess02_script01_F001", "its transcript is missing") in odd
    assert ("Sess02_script01_F099", "a voice that is not rated") in odd
    assert ("Sess03_impro03_F001", "not rated for its own speaker") in odd
    assert any(where == "Session03_F_res.csv:7" for where, _ in odd)  # joyful is none of the seven
    assert ("Sess02M", "a file of temperature") in notes.missing
    assert ("Sess01_impro03_F001", "times of eda in its annotation") in notes.missing


def test_kemdy19_strips_marks_and_keeps_each_raters_word(kemdy19):
    sample = by_id("kemdy19", kemdy19)[0]["Sess04_script01_F001"]
    assert sample.text == "네 그래요 정말 좋네요"
    assert (sample.speaker, sample.sex, sample.session) == ("Sess04F", "female", "04")
    assert (sample.valence, sample.arousal) == (-0.5, 0.5)
    assert len(sample.raters) == 10
    assert Counter(rating.labels for rating in sample.raters) == {
        ("happy",): 7,
        ("neutral",): 3,
    }
    assert {(rating.valence, rating.arousal) for rating in sample.raters} == {(0.5, -0.5)}
    assert sample.votes == {"happy": 0.7, "neutral": 0.3}


def test_kemdy20_reads_cp949_and_knows_the_typo(tmp_path):
    samples, notes = by_id("kemdy20", trees.make_kemdy20(tmp_path))
    typo = samples["Sess01_script01_User001F_002"]
    assert (typo.label, typo.text) == ("disgust", "안녕하세요 2")
    assert typo.votes == {"disgust": 0.7, "sad": 0.3}
    assert (typo.speaker, typo.sex, typo.session) == ("User001F", "female", "01")
    assert len({each.speaker for each in samples.values()}) == 10
    assert notes.funnels[""][-1] == ("with both files", 30)  # of 40, ten are ties
    assert ("Sess01_script01_User001F_001", "a file of ibi") in notes.missing


def test_iemocap_joins_excited_to_happy_in_four_classes(tmp_path):
    samples, notes = by_id("iemocap", trees.make_iemocap(tmp_path))
    assert Counter(each.label for each in samples.values()) == {
        "neutral": 5,
        "happy": 10,
        "angry": 5,
        "sad": 5,
    }
    excited = samples["Ses01M_impro01_M000"]
    assert (excited.label, excited.fine) == ("happy", "excited")
    assert [left for _, left in notes.funnels[""]] == [40, 40, 35, 30, 25]


def test_iemocap_knows_who_speaks_and_what_each_rater_said(tmp_path):
    samples, _ = by_id("iemocap:all", trees.make_iemocap(tmp_path, [1]))
    first = samples["Ses01M_impro01_F000"]
    assert (first.speaker, first.sex) == ("Ses01F", "female")  # M wears the markers, F speaks
    assert first.text == "Excuse me."
    assert (first.valence, first.arousal) == (-0.25, 0.5)
    raters = {rating.rater: rating for rating in first.raters}
    assert raters["E3"].labels == ("neutral", "sad")
    assert raters["E4"].labels == ()
    assert raters["F1"].labels == ("angry",)  # what she says of herself is no vote
    assert first.votes == {"neutral": 2 / 3, "sad": 1 / 3}
    assert (raters["E3"].valence, raters["E3"].arousal) == (0.0, 0.5)
    none = samples["Ses01M_impro01_F002"]
    assert none.label is None
    assert samples["Ses01M_impro01_M001"].fine == "frustrated"


@pytest.mark.parametrize(
    ("rule", "labels"),
    [
        ("aihub", {"a1": "angry", "a2": "happy", "a3": "neutral", "a6": "angry"}),
        (
            "aihub:weighted",
            {"a1": "angry", "a2": "sad", "a3": "neutral", "a4": "fear", "a6": "angry"},
        ),
        (
            "aihub:intended",
            {
                **{"a1": "angry", "a2": "sad", "a3": "neutral"},
                **{"a4": "fear", "a5": "happy", "a6": "angry"},
            },
        ),
    ],
)
def test_aihub_gives_labels_by_the_rule_that_is_named(rule, labels, tmp_path):
    samples, notes = by_id(rule, trees.make_aihub(tmp_path))
    assert {name: each.label for name, each in samples.items()} == labels
    assert {each.corpus for each in samples.values()} == {"aihub"}
    assert notes.funnels[""][0] == ("rows in the tables", 8)
    assert {where for where, _ in notes.odd} == {"a1", "a9"}  # twice in the tables; no clip


def test_aihub_keeps_votes_and_intensities_whatever_the_columns_spacing(tmp_path):
    samples, notes = by_id("aihub", trees.make_aihub(tmp_path))
    strengths = [rating.strength for rating in samples["a6"].raters]
    assert strengths == [0.5, 0.5, None, 0.5]  # 3 is no intensity, and bored no vote
    assert {what for _, what in notes.missing} == {
        "an intensity of 0 to 2: '3'",
        "a label of the seven: 'bored'",
    }
    # The fourth rater's column has its space in one table, and lacks it in the others.
    assert samples["a2"].raters[3].strength == 0.5
    assert samples["a2"].votes == {"happy": 0.6, "sad": 0.4}
    assert samples["a2"].sex == "female"


def test_a_manifest_takes_its_label_from_the_raters_where_it_has_none(tmp_path):
    path = trees.make_manifest(
        tmp_path / "mine.csv",
        [
            {"audio": "a.wav", "text": "좋다", "label": "기쁨", "speaker": "kim"},
            {"audio": "b.wav", "label_A": "sad", "label_B": "Sadness", "label_C": "화"},
            {"text": "둘 다", "label_A": "sad", "label_B": "angry"},
            {"audio": "gone.wav", "label": "sad"},
            {"speaker": "lee"},
            {},
            {"text": "다시", "label": "neutral", "valence_A": "5", "valence_B": "3"},
        ],
        encoding="cp949",
    )
    samples, notes = by_id("manifest", path)
    assert samples["a.wav"].label == "happy"
    assert samples["b.wav"].label == "sad"
    assert [rating.rater for rating in samples["b.wav"].raters] == ["a", "b"]
    tied = samples["mine.csv:4"]
    assert (tied.label, tied.votes) == (None, {"sad": 0.5, "angry": 0.5})
    assert samples["mine.csv:8"].valence == 0.5  # the mean of 1 and 0, told from 1 to 5
    assert ("mine.csv:5", "its voice is missing") in notes.odd
    assert ("mine.csv:3", "a label of the seven: '화'") in notes.missing
    assert by_id("manifest", tmp_path)[0].keys() == samples.keys()  # its folder will do


@pytest.mark.parametrize("name", ["kemdy19", "kemdy20", "iemocap", "aihub", "manifest"])
def test_a_wrong_folder_is_one_clear_line(name, tmp_path):
    with pytest.raises(CannotTrain, match=r"is this the folder|0 CSV files"):
        read(name, tmp_path)
