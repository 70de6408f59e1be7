"""When the rows of a table of body signals were taken, however its clock is written."""

import pytest

from emotion.body import read, told


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
        ([f"{int(n / 1.5) / 1000}" for n in range(9000)], 1500),  # one or two rows a step
    ],
)
def test_a_clock_may_stand_still(table, times, rate):
    values = [4 + n % 7 / 10 for n in range(len(times))]
    body = read([table("time (s),ecg", times, values)]).body
    assert body.ecg.rate == pytest.approx(rate, rel=0.002)
