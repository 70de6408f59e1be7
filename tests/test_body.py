"""Tables of body signals as strangers write them: beside a voice, in a figure, in a judgement."""

import csv
import json
import zipfile

import numpy as np
import pytest

from emotion import checkpoint
from emotion.__main__ import main
from emotion.analyze import Analyzer
from emotion.audio import Clip
from emotion.biosignals import FEATURES, Biosignals, Signal, features
from emotion.body import examine, look, read, told
from emotion.body.words import line
from emotion.body.words import told as in_words
from emotion.errors import BadInput
from emotion.figures import body as drawn
from emotion.figures.body import PIXELS, thinned
from emotion.score import score
from tests.conftest import voice, write_wav
from tests.model import made
from tests.test_biosignals import INTERVALS, heart
from tests.train import trees

BEATS = 0.6 + np.concatenate([[0], np.cumsum(INTERVALS)])
ECG = heart(INTERVALS)


@pytest.fixture
def write(tmp_path):
    def write(text, name="body.csv", encoding="utf-8"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((text if isinstance(text, str) else "\n".join(text)).encode(encoding))
        return path

    return write


@pytest.fixture
def whole(write):
    """Six seconds of an ECG, an EDA of a known rise and a temperature that falls, in one table."""
    rows = [
        f"{n / 250:.3f},{beat:.5f},{n / 250 if n % 50 == 0 else ''},{34 - n / 2500:.4f}"
        for n, beat in enumerate(ECG)
    ]
    return write(["time,ecg,eda,temperature", *rows])


@pytest.fixture(scope="module")
def late(tokenizer, tmp_path_factory):
    """A small untrained checkpoint of voice, words and body."""
    folder = tmp_path_factory.mktemp("late")
    model = made.model(tokenizer, kind="late", features=len(FEATURES))
    checkpoint.save(model, tokenizer, folder, card="# Late and untrained\n")
    return folder


# What is found out


def steps(rate, n, scale=1.0, digits=3):
    return [round(scale * index / rate, digits) for index in range(n)]


@pytest.mark.parametrize(
    ("names", "times", "rate"),
    [
        ("Time,EDA", steps(4, 40), 4),
        ("time_ms,GSR (uS)", steps(4, 40, 1000), 4),
        ("t;심전도", steps(256, 512, 1000, 0), 256),  # no unit, rounded to milliseconds
        ("시간\tECG_raw", steps(250, 500), 250),
        ("timestamp,Skin Temperature [°C]", [1589450400 + each for each in steps(4, 40)], 4),
        ("timestamp,st", [1589450400000 + each for each in steps(4, 40, 1000)], 4),
        ("datetime,피부전도도", [f"2020-05-14 23:59:{s:05.2f}" for s in steps(4, 40)], 4),
        ("시각,체온", [f"05/14/2020 10:00:{s:09.6f}" for s in steps(4, 40)], 4),
        ("time,temp", ["23:59:59.50", "23:59:59.75", "00:00:00.00", "00:00:00.25"], 4),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949"])
def test_columns_and_clocks_are_found_out(write, names, times, rate, encoding):
    if encoding == "cp949" and "°" in names:
        names = names.replace("°", "")
    between = next(each for each in ",;\t" if each in names)
    rows = [f"{time}{between}{index % 7}" for index, time in enumerate(times)]
    found = read([write([names, *rows], encoding=encoding)])
    [signal] = found.body.there.values()
    assert signal.rate == pytest.approx(rate, rel=0.002)
    assert signal.start == 0
    assert signal.values.tolist() == [index % 7 for index in range(len(times))]
    assert {notice.code for notice in found.notices} <= {"odd_values"}  # 3 degrees are no skin's


def test_signals_of_different_rates_stand_in_one_table(whole):
    found = read([whole])
    assert found.columns == {"ecg": "ecg", "eda": "eda", "temperature": "temperature"}
    assert [each.rate for each in found.body.there.values()] == pytest.approx([250, 5, 250])
    np.testing.assert_allclose(found.body.beats, BEATS, atol=0.01)


def test_a_gap_of_the_clock_and_words_in_cells_are_missing_values(write, whole):
    lines = whole.read_text().splitlines()
    lines[11] = lines[11].replace(lines[11].split(",")[1], "lost")
    del lines[501:551]  # a fifth of a second
    found = read([write(lines)])
    ecg = found.body.ecg
    assert len(ecg.values) == len(ECG)
    assert np.flatnonzero(np.isnan(ecg.values)).tolist() == [10, *range(500, 550)]
    [notice] = found.notices
    assert (notice.code, notice.facts["n"]) == ("cells_missing", 1)
    np.testing.assert_allclose(found.body.beats, BEATS, atol=0.01)


def test_what_is_told_goes_before_what_is_found(write):
    path = write(["time,HEART,ecg", *(f"{1000 * n},{n % 5},{n % 3}" for n in range(500))])
    found = read([path], told("ecg=HEART", "ecg=250"))
    assert found.columns == {"ecg": "HEART"}
    assert (found.body.ecg.rate, found.body.ecg.values[4]) == (250, 4)
    assert read([path], told("time=", "100")).body.ecg.rate == 100
    assert read([path], told(unit="ms")).body.ecg.rate == 1


def test_columns_of_different_length_have_their_own_rates(write):
    path = write(["ecg,eda", *(f"{n % 7},{n if n < 16 else ''}" for n in range(1000))])
    body = read([path], told(rates="ecg=250, eda=4")).body
    assert (body.ecg.rate, len(body.ecg.values)) == (250, 1000)
    assert (body.eda.rate, body.eda.values.tolist()) == (4, list(range(16)))


def test_a_bare_column_is_called_by_its_file_and_needs_a_rate(write):
    path = write([str(n % 7) for n in range(900)], "my ecg.csv")
    with pytest.raises(BadInput, match=r"how fast my ecg\.csv was"):
        read([path])
    body = read([path], told(rates="250")).body
    assert (body.ecg.rate, len(body.ecg.values)) == (250, 900)


def test_a_unit_alone_makes_no_column_a_time(write):
    path = write(["ecg,RR (ms)", *(f"{n % 7},{n}" for n in range(900))])
    assert look([path]).time is None


def test_beats_from_a_sensor_need_no_clock(write):
    body = read([write("ibi\n0.8\n0.9\n")]).body
    assert features(body)[0] == pytest.approx(0.85)
    assert body.ibi.seconds == pytest.approx([0.8, 1.7])


def test_a_file_for_each_signal_begins_at_its_own_second(write):
    eda = write(["1589450400.0", "4.0", *["0.5"] * 40], "EDA.csv")
    warm = write(["1589450402.0", "4.0", *["33.1"] * 40], "TEMP.csv")
    ecg = write(["time,value", *(f"{n / 250},{n % 9}" for n in range(999))], "ECG.csv")
    body = read([eda, warm, ecg]).body
    starts = {name: (each.rate, each.start) for name, each in body.there.items()}
    assert starts == {"ecg": (250, 0), "eda": (4, 0), "temperature": (4, 2)}


# KEMDy's files of a session


@pytest.fixture
def session(tmp_path):
    """Three files of one name in three folders."""
    ids = ["Sess01_script01_F001", "Sess01_script01_F002"]
    for kind in trees.RATES:
        trees.write_body(tmp_path, kind, "01", "F", ids)
    return [tmp_path / f"{kind}/Session01/Original/Sess01F.csv" for kind in trees.RATES]


def test_a_segment_of_a_session_is_read_by_the_name_of_its_voice(session):
    found = read(session, voice="Sess01_script01_F002")
    assert found.segment == "Sess01_script01_F002"
    ecg, eda, warm = found.body.there.values()
    assert (len(ecg.values), len(eda.values), len(warm.values)) == (375, 6, 6)
    expected = [trees.value_of("ECG", index) for index in range(500, 875)]
    np.testing.assert_allclose(ecg.values, expected)
    assert ecg.start == eda.start == 0
    # The whole of it, where no voice says which.
    assert read(session).segment == ""
    assert len(read(session).body.ecg.values) == 1000
    assert look(session).segments == ["Sess01_script01_F001", "Sess01_script01_F002"]


def test_files_of_one_name_are_told_apart_by_rate_and_values(session, write, tmp_path):
    """As a browser sends them: without their folders."""
    paths = []
    for index, path in enumerate(session):
        text = path.read_text()
        if index == 1:  # a conductance; the made values are all those of a temperature
            cells = [row.split(",") for row in text.splitlines()]
            text = "\n".join(",".join([f"{float(row[0]) / 60}", *row[1:]]) for row in cells)
        paths.append(write(text, f"{index}/Sess01F.csv"))
    found = read(paths)
    assert found.body.ecg.rate == 250
    assert np.median(found.body.eda.values) < 1
    assert np.median(found.body.temperature.values) > 25
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as bundle:
        for path in session:
            bundle.write(path, path.relative_to(tmp_path))
    assert set(read([tmp_path / "all.zip"]).body.there) == {"ecg", "eda", "temperature"}


def test_what_a_wristband_writes_beside_its_signals_is_passed_over(tmp_path):
    """An Empatica E4's zip: three axes, a pulse wave, marks of a button that nobody pressed."""
    start = "1576423456.0"
    files = {
        "ACC": f"{start},{start},{start}\n32.0,32.0,32.0\n" + "1,2,60\n" * 320,
        "BVP": f"{start}\n64.0\n" + "1.5\n" * 640,
        "EDA": f"{start}\n4.0\n" + ".5\n.6\n" * 20,
        "HR": "1576423466.0\n1.0\n" + "70\n" * 10,
        "IBI": f"{start}, IBI\n0.5,0.8\n1.3,0.82\n",
        "TEMP": f"{start}\n4.0\n" + "33.1\n" * 40,
        "tags": "",
    }

    def there(**others):
        with zipfile.ZipFile(tmp_path / "band.zip", "w") as bundle:
            for name, content in (files | others).items():
                bundle.writestr(f"{name}.csv", content)
        return set(read([tmp_path / "band.zip"]).body.there)

    assert there() == {"eda", "temperature", "ibi"}
    assert there(IBI=f"{start}, IBI\n") == {"eda", "temperature"}  # which met no beat
    files.clear()
    with pytest.raises(BadInput, match="fewer than two rows"):
        there(EDA=f"{start}\n4.0\n", tags="")


# What is wrong


@pytest.mark.parametrize(
    ("text", "telling", "code"),
    [
        ("", {}, "empty_signals"),
        ("time,eda\n", {}, "few_rows"),
        ("a,b\n1,2\n", {}, "no_signals"),
        ("time\n1\n2\n", {}, "no_signals"),
        ("14:02\n14:03\n", {}, "no_signals"),
        ("time\n1\n2\n", {"columns": "ecg=ECG"}, "no_signals"),
        ("ecg\n1\n2\n", {}, "no_rate"),
        ("time,ecg\n,1\n,2\n", {}, "no_rate"),
        ("time,ecg\n0,x\n1,y\n", {}, "few_values"),
        ("time,eda\n0,1\n", {}, "few_rows"),
        ("time,eda\n0,1\n1,x\n", {}, "few_values"),
        ("1576423456.0\n4.0\n", {}, "few_rows"),
        ("1576423456.0, IBI\n", {}, "few_rows"),
        ("\0\0ecg", {}, "bad_signals"),
        ("time,eda\nnoon,1\nhigh,2\n", {}, "bad_time"),
        ("time,eda\n0,1\n1,2\n0.5,3\n", {}, "falling_time"),
        ("time,eda\n1,1\n1,2\n1,3\n", {}, "standing_time"),
        ("time,eda\n0,1\n1,2\n", {"columns": "eda=skin"}, "unknown_column"),
        ("time,eda\n0,1\n1,2\n", {"columns": "time=clock"}, "unknown_column"),
        ("time,eda\n0,1\n1,2\n", {"segment": "Sess01"}, "unknown_segment"),
        ("t,eda\n0,1\n0.001,2\n0.002,2\n900000,2\n", {}, "signals_apart"),
        ("1,2,3,4,5,6\n1,2,3,4,5,6\n", {}, "unknown_order"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_sentence(write, text, telling, code):
    with pytest.raises(BadInput) as wrong:
        read([write(text)], told(**telling))
    assert wrong.value.code == code
    assert "\n" not in str(wrong.value)


def test_a_unit_of_time_that_nobody_knows_is_one_sentence():
    with pytest.raises(BadInput, match="fortnights is no unit of time"):
        told(unit="fortnights")


@pytest.mark.parametrize("said", [{"rates": "fast"}, {"rates": "-1"}, {"columns": "heart=a"}])
def test_what_is_told_in_another_way_is_one_sentence(said):
    with pytest.raises(BadInput, match="cannot be understood"):
        told(**said)


def test_no_text_a_large_file_and_none_are_one_sentence(write, tmp_path, monkeypatch):
    path = write("time,eda\n0,1\n1,2\n")
    monkeypatch.setattr("emotion.body.table.LARGEST", 0)
    with pytest.raises(BadInput, match="too large"):
        read([path])
    monkeypatch.undo()
    path.write_bytes(b"\xff\xfe\x00\x80ecg")
    for paths, said in (
        ([path], "it is no text"),
        ([tmp_path / "none.csv"], r"none\.csv does not"),
    ):
        with pytest.raises(BadInput, match=said):
            read(paths)


# Beside a voice


def test_the_signals_are_cut_to_the_voice_and_stand_on_its_clock(whole):
    found = read([whole]).beside(3.0, 2.0)
    assert found.body.ecg.seconds[[0, -1]] == pytest.approx([0, 2.996], abs=1e-6)
    heard = BEATS[(BEATS > 2) & (BEATS < 5)] - 2
    np.testing.assert_allclose(found.body.beats, heard, atol=0.02)
    assert found.body.eda.values[0] == pytest.approx(2.0)
    with pytest.raises(BadInput, match=r"signals last from second 0\.0 to 6\."):
        read([whole]).beside(3.0, 60.0)


def test_the_figure_has_the_voice_its_body_and_every_beat_on_one_clock(whole):
    body = read([whole]).body
    figure = drawn(body, Clip(voice(6.0), "a voice"))
    ecg, beats, eda, warm = figure.data[1:]
    assert [each.name for each in (ecg, beats, eda, warm)] == [
        "ecg",
        "beats",
        "eda",
        "temperature",
    ]
    np.testing.assert_allclose(beats.x, BEATS, atol=0.01)
    assert min(beats.y) > 0.7  # on the peaks
    assert len({each.yaxis for each in (ecg, eda, warm)}) == 3
    assert {each.xaxis for each in figure.data} == {None}  # one for all
    assert "7" in str(figure.layout.annotations)


def test_a_long_signal_is_thinned_and_keeps_every_peak():
    values = np.zeros(200_000)
    values[[777, 100_003, 199_999]] = 1.0, -2.0, 3.0
    values[50_000:52_000] = np.nan
    seconds, few = thinned(np.arange(200_000) / 250, values)
    assert len(few) <= 2 * PIXELS
    assert (np.diff(seconds) > 0).all() or (np.diff(seconds) >= 0).all()
    assert {1.0, -2.0, 3.0} <= set(few.tolist())
    assert np.isnan(few).any()
    signal = Signal(values, 250)
    assert len(drawn(Biosignals(eda=signal, temperature=signal)).to_json()) < 200_000


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_feature_is_told_in_words(whole, language):
    said = {each.key: each for each in in_words(features(read([whole]).body), language)}
    assert list(said)[1:] == list(FEATURES)
    assert said["heart_rate"].number.startswith("74")  # 60 / .81
    assert said["rr_mean"].number[:3] in ("809", "810", "811")
    assert said["temperature_slope"].number.startswith("-6.00")
    assert said["eda_2_5"].number in ("잴 수 없음", "not measurable")
    assert len({each.name for each in said.values()}) == len(said)


# Judged


@pytest.fixture(scope="module")
def hearing(late):
    return Analyzer.load(late, "cpu")


def test_a_body_joins_a_voice_and_words_where_the_model_takes_it(hearing, whole, tmp_path):
    clip = write_wav(tmp_path / "a.wav", voice(3.0))
    found = examine(hearing, [whole], clip, "너무 행복해", offset=1.0)
    assert found.analysis.sides == ("voice", "words", "body")
    assert set(found.analysis.alone) == {"voice", "words", "body"}
    np.testing.assert_array_equal(found.analysis.body, found.features)
    without = hearing.analyze(clip, "너무 행복해").prediction.probabilities
    assert found.analysis.prediction.probabilities != without
    assert set(examine(hearing, [whole]).analysis.alone) == {"body"}


def test_a_model_without_a_body_measures_and_says_so(analyzer, whole):
    found = examine(analyzer, [whole])
    assert found.analysis is None
    assert found.notice.code == "body_unread"
    assert found.features[0] == pytest.approx(0.81, abs=0.005)


def test_signals_too_short_for_any_measure_are_said_to_be(hearing, write):
    found = examine(hearing, [write("time,ecg\n0,1\n0.004,2\n0.008,1\n")])
    assert (found.analysis, found.notice.code) == (None, "no_measures")


def test_signals_too_short_are_said_to_be_by_a_model_without_a_body_too(analyzer, write):
    found = examine(analyzer, [write("time,ecg\n0,1\n0.004,2\n0.008,1\n")])
    assert (found.analysis, found.notice.code) == (None, "no_measures")


def test_predict_joins_a_table(late, small_checkpoint, whole, tmp_path, capsys):
    clip = write_wav(tmp_path / "a.wav", voice(3.0))
    given = ["predict", str(clip), "--no-words", "--body", str(whole), "--offset", "1"]
    assert main([*given, "--json", "--checkpoint", str(late)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert set(said["alone"]) == {"voice", "body"}
    assert said["body"]["temperature_mean"] == pytest.approx(33.75, abs=0.01)
    assert main([*given, "--checkpoint", str(small_checkpoint)]) == 0
    out, err = capsys.readouterr()
    assert "heart rate 7" in out
    assert "takes no signals of the body" in err
    assert main([*given, "--columns", "ecg=HEART", "--checkpoint", str(late)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_values_that_no_skin_has_are_said_to_be(write, whole):
    assert read([whole]).notices == ()
    rows = [f"{n / 4},0,{91.4 + n / 100}" for n in range(40)]
    odd = read([write(["time,eda,temperature", *rows], "odd.csv")]).notices
    assert [notice.code for notice in odd] == ["odd_values"] * 2
    assert "column temperature: the middle one is 91.59, where 10 to 45 °C" in str(odd[1])


def test_the_column_of_the_times_is_no_signal_and_a_far_offset_is_short(whole):
    with pytest.raises(BadInput, match="The column time holds the times"):
        read([whole], told(columns="ecg=time"))
    with pytest.raises(BadInput, match=r"begins at second 1e\+300\."):
        read([whole]).beside(2.0, 1e300)


def test_predict_measures_a_body_that_the_model_does_not_take(small_checkpoint, whole, capsys):
    given = ["predict", "--body", str(whole), "--checkpoint", str(small_checkpoint)]
    assert main(given) == 0
    out, err = capsys.readouterr()
    assert "heart rate 7" in out
    assert "beats: 7, from second 0.60" in out
    assert err.startswith("This model takes no signals of the body")
    assert main([*given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["features"]["temperature_mean"] == pytest.approx(33.7, abs=0.1)
    assert len(told["beats"]) == 7


def test_one_stretch_of_signals_belongs_to_one_clip(small_checkpoint, whole, tmp_path, capsys):
    clips = [str(write_wav(tmp_path / f"{name}.wav", voice(1.0))) for name in "ab"]
    given = ["predict", *clips, "--no-words", "--body", str(whole)]
    assert main([*given, "--checkpoint", str(small_checkpoint)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("One stretch of body signals")


def test_each_clip_has_its_own_segment(small_checkpoint, session, tmp_path, capsys):
    names = ["Sess01_script01_F001", "Sess01_script01_F002", "other"]
    clips = [str(write_wav(tmp_path / f"{name}.wav", voice(1.0))) for name in names]
    given = ["predict", *clips, "--no-words", "--json", "--body", *map(str, session)]
    assert main([*given, "--checkpoint", str(small_checkpoint)]) == 2
    out, err = capsys.readouterr()
    assert [json.loads(each)["segment"] for each in out.splitlines()] == names[:2]
    assert "have no segment other" in err


def test_score_takes_a_column_of_tables(hearing, whole, tmp_path):
    write_wav(tmp_path / "a.wav", voice(3.0))
    rows = [
        "audio,text,body",
        f"a.wav,,{whole.name}",
        "a.wav,,",
        f",,{whole.name}",
        "a.wav,,none.csv",
    ]
    (tmp_path / "rows.csv").write_text("\n".join(rows))
    assert score(hearing, tmp_path / "rows.csv", tmp_path / "out.csv") == (4, 1)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig") as file:
        joined, alone, body, wrong = csv.DictReader(file)
    assert len({each["p_happy"] for each in (joined, alone, body)}) == 3
    assert "none.csv does not exist" in wrong["error"]


def test_nothing_measured_is_no_line():
    assert line(np.full(len(FEATURES), np.nan, np.float32)) == ""
