"""What the page has acknowledged is kept, however the server ends."""

from tests import kill_desk


def test_each_decision_that_was_acknowledged_survives_the_server(tmp_path):
    # python -m tests.kill_desk does it fifty times.
    acknowledged = []
    with kill_desk.nursery(tmp_path, kill_desk.prepared(tmp_path)) as nurse:
        for seconds in (0.4, 0.8):
            acknowledged += kill_desk.killed(nurse, seconds)
    assert {who for _, who in acknowledged} == set(kill_desk.PEOPLE)
    assert kill_desk.lost(tmp_path, acknowledged) == set()
