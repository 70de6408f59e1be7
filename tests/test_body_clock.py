"""When the rows of a table of body signals were taken, however its clock is written."""

import pytest

from emotion.body import look, read, told
from emotion.errors import BadInput


@pytest.fixture
def table(tmp_path):
    """A table of a row of names and rows of fields, written."""

    def table(names, *columns):
        path = tmp_path / "body.csv"
        rows = [names, *(",".join(map(str, row)) for row in zip(*columns, strict=True))]
        path.write_text("\n".join(rows), encoding="utf-8")
        return path

    return table


@pytest.mark.parametrize(
    ("times", "rate"),
    [
        ([f"2026-05-03 14:{n // 60:02}" for n in range(20, 400)], 1),  # to the minute
        ([f"5/3/2026 14:{n // 60:02}" for n in range(20, 400)], 1),
        ([f"{0.5615 * (n // 73):.4f}" for n in range(2000)], 130),  # once a packet
        ([f"{0.4 * (n // 50) + 7 * (n > 700):.1f}" for n in range(1500)], 125),  # with a gap
        ([n // 500 for n in range(250, 5000)], 500),
        ([0] * 30 + [60] * 60, 1),
        ([f"{int(n / 1.5) / 1000}" for n in range(9000)], 1500),  # one or two rows a step
    ],
)
def test_a_clock_may_stand_still(table, times, rate):
    values = [4 + n % 7 / 10 for n in range(len(times))]
    body = read([table("time (s),ecg", times, values)]).body
    assert body.ecg.rate == pytest.approx(rate, rel=0.002)


@pytest.mark.parametrize(
    ("name", "scale", "rate"),
    [
        ("Time (min)", 1 / 60, 250),
        ("min", 1 / 60, 250),
        ("time_h", 1 / 3600, 250),
        ("time_us", 1e6, 250),
        ("time [µs]", 1e6, 250),
        ("time_ns", 1e9, 250),
        ("sensor timestamp [ns]", 1e9, 250),
        ("측정시간(ms)", 1e3, 250),
    ],
)
def test_the_unit_of_the_time_stands_in_its_name(table, name, scale, rate):
    times = [round(n / rate * scale, 9) for n in range(500)]
    assert read([table(f"{name},ecg", times, times)]).body.ecg.rate == pytest.approx(rate, rel=1e-3)


def test_a_clock_counts_nanoseconds_since_it_was_switched_on(table):
    times = [3 * 10**14 + 4_000_000 * n for n in range(500)]
    assert read([table("time_ns,ecg", times, times)]).body.ecg.rate == pytest.approx(250)


def test_a_rate_that_no_body_is_measured_at_asks_for_the_unit_of_the_time(table):
    path = table("time,eda", [n / 250_000 for n in range(500)], range(500))
    with pytest.raises(BadInput, match=r"2\.5e\+05 values of eda a second\. Tell the unit .* us,"):
        read([path])
    times = [n * 4000 for n in range(500)]
    path = table("time,ecg", times, times)
    for unit, rate in {"us": 250, "s": 1 / 4000, "min": 1 / 240_000}.items():
        assert read([path], told(unit=unit)).body.ecg.rate == pytest.approx(rate)


@pytest.mark.parametrize(
    ("names", "step", "rate", "unit"),
    [
        ("time,ecg", 4, 250, None),  # which no ECG has in seconds
        ("time,ecg", 1, 1000, None),
        ("time,ecg", 1000, 1, "ms"),
        ("time,temp", 1, 1, None),
        ("time,temp", 10, 1 / 10, "s"),
        ("time,skin temp", 60, 1 / 60, "s"),
        ("time,eda", 250, 4, "ms"),
        ("time,eda", 50, 20, "ms"),
    ],
)
def test_whole_numbers_are_seconds_or_milliseconds(table, names, step, rate, unit):
    found = read([table(names, [n * step for n in range(100)], [33] * 100)])
    [signal] = found.body.there.values()
    assert signal.rate == pytest.approx(rate)
    assert [each.facts["unit"] for each in found.notices] == ([unit] if unit else [])


@pytest.mark.parametrize("name", ["RR", "RR-interval [ms]", "nn", "NN interval", "rri", "IBI (s)"])
@pytest.mark.parametrize("scale", [1, 1000])
def test_intervals_between_beats_are_seconds_or_milliseconds(table, name, scale):
    scale = 1000 if "ms" in name else 1 if "(s)" in name else scale
    ibi = read([table(name, [0.8 * scale, 0.9 * scale])]).body.ibi
    assert ibi.values == pytest.approx([0.8, 0.9])
    assert ibi.seconds == pytest.approx([0.8, 1.7])


def test_what_stands_beside_each_value_of_an_ecg_is_no_interval_between_beats(table):
    path = table("time,ecg,RR", [n / 250 for n in range(500)], range(500), [14] * 500)
    assert set(read([path]).body.there) == {"ecg"}


def test_a_unit_is_a_time_where_there_is_no_other(table):
    assert look([table("min,max,time,eda", *[[1, 2]] * 4)]).time == "time"
    assert look([table("min,eda", *[[1, 2]] * 2)]).time == "min"


@pytest.mark.parametrize(
    "written",
    [
        "5/3/2026 {h12}:{m:02}:{s:02} PM",
        "05/03/2026 {h12:02}:{m:02}:{s:02} PM",
        "2026-05-03 오후 {h12}:{m:02}:{s:02}",
        "2026. 5. 3. {h}:{m:02}:{s:02}",
        "2026. 5. 3. 오후 {h12}:{m:02}:{s:02}",
        "2026/5/3 {h}:{m:02}:{s:02}",
        "5/3/2026 {h}:{m:02}:{s:02}",
        "{h12}:{m:02}:{s:02} PM",
        "오후 {h12}:{m:02}:{s:02}",
        "{h}:{m:02}:{s:02}:000",
        "{h}:{m:02}:{s:02},000",
        "{m:02}:{s:02}.0",
    ],
)
@pytest.mark.filterwarnings("error")
def test_times_as_spreadsheets_write_them(table, written):
    at = range(13 * 3600 + 59 * 60, 14 * 3600 + 60)
    times = [written.format(h=s // 3600, h12=s // 3600 - 12, m=s // 60 % 60, s=s % 60) for s in at]
    eda = read([table("time;eda", [f"{time};4.1" for time in times])]).body.eda
    assert (eda.rate, len(eda.values)) == (1, 120)


def test_the_minutes_of_a_day(table):
    times = [f"{13 + n // 3600}:{n // 60 % 60:02}" for n in range(3500, 3900)]
    assert read([table("time,eda", times, [4.1] * 400)]).body.eda.rate == 1
    noon = ["11:59:59 AM", "12:00:00 PM", "12:00:01 PM", "12:00:02 PM"]
    assert read([table("time,eda", noon, [4.1] * 4)]).body.eda.rate == 1


def test_the_parts_of_a_second_stand_after_a_colon(table):
    times = [f"14:02:{n // 4:02}:{n % 4 * 250:03}" for n in range(40)]
    assert read([table("time,eda", times, [4.1] * 40)]).body.eda.rate == 4


def test_a_time_that_is_none_is_told_how_to_write_one(table):
    with pytest.raises(BadInput, match=r"Write seconds, or as 14:02:00\.250"):
        read([table("time,eda", ["noon", "later"], [4, 5])])


@pytest.mark.parametrize("scale", [1, 1000])
def test_whole_seconds_of_an_ecg_are_told_from_milliseconds(table, scale):
    times = [n // 130 * scale for n in range(1300)]
    assert read([table("time,ecg", times, times)]).body.ecg.rate == pytest.approx(130)
