"""What the page has acknowledged is kept, however the server ends."""

from tests import kill_desk


def test_each_decision_that_was_acknowledged_survives_the_server(tmp_path):
    # python -m tests.kill_desk does it fifty times.
    settings = kill_desk.prepared(tmp_path)
    acknowledged = kill_desk.killed(tmp_path, settings, 1.5)
    assert {who for _, who in acknowledged} == set(kill_desk.PEOPLE)
    assert kill_desk.lost(tmp_path, acknowledged) == set()
