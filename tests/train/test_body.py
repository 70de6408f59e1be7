import numpy as np
import pytest

from emotion.errors import BadInput
from tests.train import trees
from train.corpora import Notes, Sample, body, read


@pytest.fixture(scope="module")
def kemdy19(tmp_path_factory):
    return trees.make_kemdy19(tmp_path_factory.mktemp("kemdy19"), ("01", "02", "03"))


def sample_of(name, folder, segment):
    return next(each for each in read(name, folder) if each.id == segment)


def expected(kind, begin, n):
    return [trees.value_of(kind, index) for index in range(begin, begin + n)]


@pytest.mark.parametrize("session", ["01", "02"])
def test_a_segments_signals_are_cut_out_whichever_order_the_fields_stand_in(session, kemdy19):
    notes = Notes()
    # The second of what is said by M, so it begins after 1.5 seconds of speech and 0.5 of none.
    measured = body.signals(sample_of("kemdy19", kemdy19, f"Sess{session}_script01_M002"), notes)
    assert measured.ecg.rate == 250
    assert measured.eda.rate == 4
    np.testing.assert_allclose(measured.ecg.values, expected("ECG", 500, 375))
    np.testing.assert_allclose(measured.eda.values, expected("EDA", 8, 6))
    assert (measured.temperature is None) == (session == "02")  # its file is not there
    order = "value, ?, time" if session == "01" else "time, value, timepoint"
    assert any(order in sentence for sentence in notes.found)


def test_a_segment_without_eda_keeps_its_other_signals(kemdy19):
    notes = Notes()
    measured = body.signals(sample_of("kemdy19", kemdy19, "Sess01_impro03_F001"), notes)
    assert measured.eda is None
    assert measured.temperature is None
    assert len(measured.ecg.values) == 375
    assert ("Sess01_impro03_F001", "eda in its file") in notes.missing


def test_a_steady_count_before_the_values_is_not_taken_for_them(tmp_path):
    trees.write_body(tmp_path, "ECG", "01", "F", ["Sess01_script01_F001"], "count_first")
    path = tmp_path / "ECG/Session01/Original/Sess01F.csv"
    recording = body.record(path, body.ORDERS["kemdy19", "ecg"])
    np.testing.assert_allclose(recording.values[:9], expected("ECG", 0, 9))


@pytest.mark.parametrize("order", ["backwards", "no_date", "swapped"])
def test_fields_that_fit_no_order_are_refused(order, tmp_path):
    trees.write_body(tmp_path, "EDA", "01", "F", ["Sess01_script01_F001"], order)
    path = tmp_path / "EDA/Session01/Original/Sess01F.csv"
    with pytest.raises(BadInput, match="may never decrease"):
        body.record(path, body.ORDERS["kemdy19", "eda"])


def test_kemdy20_has_heart_beats_and_rows_before_its_values(tmp_path):
    folder = trees.make_kemdy20(tmp_path, ("01",))
    sample = sample_of("kemdy20", folder, "Sess01_script01_User002M_001")
    measured = body.signals(sample, Notes())
    np.testing.assert_allclose(measured.ibi.values, [0.81, 0.82, 0.83, 0.84])
    np.testing.assert_allclose(measured.eda.values, expected("EDA", 4, 12))
    assert (measured.eda.rate, measured.ecg) == (4, None)


@pytest.mark.parametrize(
    "lines",
    [
        ["1589450400", "4.000", "1", "2", "3"],
        ["time,eda", "0,1", "0.25,2", "0.5,3"],
        ["2020-05-14 10:00:00.00,1", "2020-05-14 10:00:00.25,2", "2020-05-14 10:00:00.50,3"],
    ],
)
def test_a_file_of_ones_own_is_read_with_its_rate(lines, tmp_path):
    path = tmp_path / "eda.csv"
    path.write_text("\n".join(lines) + "\n")
    measured = body.signals(Sample("a", "manifest", body={"eda": path}), Notes()).eda
    assert measured.rate == 4
    assert measured.values.tolist() == [1, 2, 3]


@pytest.mark.parametrize("text", ["a,b,c\n1,2,3\n", ""])
def test_a_file_of_ones_own_that_is_no_signal_is_one_clear_line(text, tmp_path):
    path = tmp_path / "eda.csv"
    path.write_text(text)
    notes = Notes()
    for name in "ab":
        assert body.signals(Sample(name, "manifest", body={"eda": path}), notes).eda is None
    [(where, why)] = notes.odd
    assert where == "a body file"
    assert str(path) in why


def test_a_broken_file_of_a_session_leaves_the_other_signals(tmp_path):
    made = trees.make_kemdy19(tmp_path, ("01", "02", "03"))
    for path in (made / "EDA").rglob("*.csv"):
        path.write_text("")
    notes = Notes()
    measured = body.signals(sample_of("kemdy19", made, "Sess01_script01_M002"), notes)
    assert measured.eda is None
    assert len(measured.ecg.values) == 375
    assert any(where == "a body file" for where, _ in notes.odd)
