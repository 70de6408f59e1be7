import pytest

from tests.train import corpora as made
from tests.train import trees
from train.__main__ import main


def told(capsys, *arguments):
    assert main(["inspect", *map(str, arguments)]) == 0
    return " ".join(capsys.readouterr().out.split())


def test_inspect_tells_both_funnels_the_tables_and_the_divisions(tmp_path, capsys):
    said = told(capsys, "kemdy19", trees.make_kemdy19(tmp_path))
    assert "Funnel, by the speaker's row rows in the annotation files 49" in said
    assert "Funnel, by the first row, as published" in said
    assert "happy 8 38.1%" in said
    assert "Speakers: 10, in 5 sessions" in said
    assert "Sess01M male session 01 2" in said
    assert "Raters: 10 for 21 samples" in said
    assert "ecg 21, 250 Hz eda 20, 4 Hz" in said
    assert "1 × eda in its file: Sess01_impro03_F001" in said
    assert "time, value, timepoint, segment" in said
    assert "value, ?, time, segment" in said
    assert "session-5-fold" in said
    assert "in 5 folds" in said
    assert "speakers tested in kemdy19 are also trained on, as in the published split" in said


def test_inspect_goes_on_where_a_body_file_fits_no_order(tmp_path, capsys):
    folder = trees.make_kemdy19(tmp_path)
    trees.write_body(folder, "EDA", "05", "F", ["Sess05_script01_F001"], "no_date")
    said = told(capsys, "kemdy19", folder)
    assert "Sess05F.csv: its fields are not" in said
    assert "Divisions" in said


def test_inspect_warns_where_accuracy_misleads(tmp_path, capsys):
    rows = [{"text": f"t{index}", "label": "neutral"} for index in range(9)]
    path = trees.make_manifest(tmp_path / "a.csv", [*rows, {"text": "so", "label": "sad"}])
    assert "accuracy misleads; read the macro F1" in told(capsys, "manifest", path)


def test_inspect_says_why_nothing_of_a_manifest_can_be_learnt_or_tested(tmp_path, capsys):
    rows = [
        {"text": f"t{index}", "label": ("wütend", "froh")[index % 3 > 0], "speaker": "kim"}
        for index in range(9)
    ]
    said = told(capsys, "manifest", trees.make_manifest(tmp_path / "a.csv", rows))
    assert "None of the 9 utterances has a label of the seven or a valence." in said
    assert (
        "none of the seven: 'froh' (6), 'wütend' (3). To use these, write each as one of neutral,"
        in said
    )
    assert "Nothing of manifest is developed on or tested, as it has 1 speaker: too few" in said


def test_inspect_counts_what_an_open_corpus_leaves_out(tmp_path, capsys):
    said = told(capsys, "kote", made.make_kote(tmp_path))
    assert "rows or clips 64 that can be read 62" in said
    assert "2 fields instead of 3: val.tsv:65" in said
    assert "Speakers: none are named" in said


def test_inspect_tells_calm_from_neutral_and_why_a_protocol_does_not_apply(tmp_path, capsys):
    said = told(capsys, "ravdess", made.make_ravdess(tmp_path, range(1, 11), ("01", "02", "05")))
    assert "neutral (calm) 20" in said
    assert "session-5-fold no: it does not name every session" in said
    assert "speaker-5-fold 35 / 5 / 10 in 5 folds" in said


@pytest.mark.parametrize("name", ["kemdy18", "kemdy19:last"])
def test_an_unknown_corpus_is_one_clear_line(name, tmp_path, capsys):
    assert main(["inspect", name, str(tmp_path)]) == 2
    assert capsys.readouterr().err.startswith(f"error: No corpus is called {name}; there are kem")
