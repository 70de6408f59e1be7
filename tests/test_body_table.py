"""Where the names and the values of a stranger's table of body signals stand."""

import re

import pytest

from emotion.body import look, read, told
from emotion.body.sessions import text
from emotion.errors import BadInput

ROWS = "".join(f"{n / 250:.3f},{n % 7}.5,{33 + n / 1000:.4f}\n" for n in range(500))


@pytest.fixture
def write(tmp_path):
    def write(text, name="body.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.mark.parametrize(
    ("before", "names"),
    [
        ("", "time,ecg,temp\n"),
        ("\n\n", "time,ecg,temp\n"),
        ("sep=,\n", "time,ecg,temp\n"),
        ("# subject 3\n# 250 Hz\n", "time,ecg,temp\n"),
        ("", "# time,ecg,temp\n"),
        ("측정일: 2026-05-03,,\n", "시간,심전도,피부온도\n"),
        ("Subject,Kim,3\n", "time,ecg,temp\n"),
        ("a.acq\n1 msec/sample\n3 channels\nECG\nmV\n", "sec,ECG,SKT\n,500,500\n"),
        ("", "time,ecg,temp\ns,mV,°C\n"),
        ("B2,B2,B2\n", "Timestamp,ECG LL-RA,Temperature\nCAL,CAL,CAL\ns,mV,Degrees Celsius\n"),
    ],
)
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_the_row_of_names_is_sought(write, before, names, between):
    found = read([write(f"{before}{names}{ROWS}".replace(",", between))])
    assert found.body.ecg.rate == pytest.approx(250)
    assert found.body.ecg.values[[0, 1, -1]].tolist() == [0.5, 1.5, 2.5]
    assert found.body.temperature.values[-1] == 33.499
    assert found.notices == ()


@pytest.mark.parametrize("between", [";", "\t"])
def test_decimals_may_have_commas_where_fields_do_not(write, between):
    text = f"time,ecg,temp\n{ROWS}".replace(",", between).replace(".", ",")
    body = read([write(text)]).body
    assert body.ecg.rate == pytest.approx(250)
    assert body.temperature.values[-1] == 33.499


@pytest.mark.parametrize(
    ("text", "n", "row"),
    [
        ("time,eda\n0,00,4,00\n0,25,4,01\n0,50,4,02\n", 3, 2),
        ("time,eda\n0,4\n0.25,4\n0.5,bad,4\n0.75,4,,1\n", 2, 4),
        ("# made\n\ntime,eda\n0,4\n0.25,4,1\n", 1, 5),
    ],
)
def test_what_has_no_name_is_not_dropped_unsaid(write, text, n, row):
    with pytest.raises(BadInput, match=rf"more fields .* \({n}, .* row {row}\)"):
        read([write(text)])


def test_an_empty_field_at_the_end_is_none(write):
    text = "time,eda\n" + "".join(f"{n / 4},4,\n" for n in range(40))
    assert read([write(text)]).body.eda.rate == 4


@pytest.mark.parametrize("name", ["HR.csv", "BVP.csv", "ACC.csv", "tags.csv"])
def test_what_a_wristband_writes_beside_is_refused_alone(write, name):
    path = write("1576423456.0\n64.0\n" + "1.5\n" * 640, name)
    with pytest.raises(BadInput, match=rf"{name} is what a wristband writes beside"):
        look([path])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp949"])
def test_encodings_of_spreadsheets_are_read(write, encoding):
    path = write(f"시간,심전도,온도\n{ROWS}".replace(",", "\t"), "body.txt", encoding)
    assert set(read([path]).body.there) == {"ecg", "temperature"}


def test_the_row_that_is_told_is_the_row_of_the_file(write):
    with pytest.raises(BadInput, match="in row 6"):
        read([write("# made\ntime,eda\ns,uS\n0,1\n1,2\n0.5,3\n")])


def test_values_below_comments_alone_have_no_names(write):
    with pytest.raises(BadInput):
        read([write("\n#")])
    with pytest.raises(BadInput, match="names no columns above its values"):
        read([write("# OpenSignals\n# {1, 2, 3, 4, 5, 6}\n" + "0\t0\t885\t163\t1\t2\t3\t\n" * 9)])
    assert (
        len(
            read([write("# 250 Hz\n" + "1\n2\n" * 9, "ecg.csv")], told(rates="250")).body.ecg.values
        )
        == 18
    )


@pytest.mark.parametrize(
    ("names", "taken", "others"),
    [
        ("time,EDA_left,EDA_right", "EDA_left", "EDA_right"),
        ("time,eda,eda", "eda", "eda.1"),
        ("time,eda,eda_filtered", "eda", None),
        ("time,eda_quality,eda_raw", "eda_raw", None),
        ("time,room temperature,skin_temperature", "skin_temperature", None),
        ("time,temp,skin temp", "skin temp", None),
        ("time,실내 온도,온도", "온도", None),
        ("time,ambient temp,x", None, None),
    ],
)
def test_of_several_columns_that_fit_one_is_taken_and_said_to_be(write, names, taken, others):
    rows = "".join(f"{n / 4},33,33\n" for n in range(40))
    path = write(f"{names}\n{rows}")
    if taken is None:
        with pytest.raises(BadInput, match="names no ECG"):
            read([path])
        return
    found = read([path])
    assert list(found.columns.values()) == [taken]
    assert [each.facts["others"] for each in found.notices] == ([others] if others else [])
    if others:
        assert read([path], told(f"eda={others}")).notices == ()


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("1e201777816931", "1e20177781"),
        ("1.5E-201777816931ms", "1.5E-20177781ms"),
        ("1,e3000000000", "1,e30000000"),
        ("Phase1234567890", "Phase1234567890"),
    ],
)
def test_no_exponent_is_longer_than_pandas_can_bear(cell, safe):
    """By some it reads memory that is not its own, which ends the program, or does not."""
    assert text(f"time,eda\n0,{cell}\n".encode()) == f"time,eda\n0,{safe}\n"


def test_two_files_of_one_signal_are_said_to_be(write):
    paths = [write(f"time,eda\n0,{n}\n1,{n}\n", f"{n}.csv") for n in (4, 5)]
    [notice] = read(paths).notices
    assert "eda (4.csv) is taken, and eda (5.csv) would fit" in str(notice)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([4e-6] * 9, "the middle one is 4e-06"),
        ([4, 4, -9999] * 9, "33 % of the column eda are values that no skin has, .* -9999,"),
        ([4] * 9 + [-9999], None),
    ],
)
def test_values_that_no_skin_has_are_said_to_be(write, values, said):
    path = write("time,eda\n" + "".join(f"{n / 4},{each}\n" for n, each in enumerate(values)))
    notices = read([path]).notices
    assert len(notices) == (said is not None)
    if said:
        assert re.search(said, str(notices[0]))


@pytest.mark.parametrize(
    "said",
    [{"rates": "250, 4"}, {"rates": "eda=4,eda=8"}, {"columns": "ecg"}, {"columns": "ecg=a,ecg=b"}],
)
def test_what_is_told_twice_or_of_nothing_is_refused(said):
    with pytest.raises(BadInput, match="cannot be understood"):
        told(**said)
    assert told("ecg=").columns == {"ecg": ""}
