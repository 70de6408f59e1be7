"""Nothing that was acknowledged is lost, however the process ends."""

import os
import random
import signal
import subprocess
import sys
import time

from emotion.review import Project
from tests.review.made import filled

TIMES = 50
MOST = 8  # decisions that one process may acknowledge before it is killed


def acknowledged_by(path):
    """Each decision that TIMES processes have acknowledged until they were killed."""
    dice = random.Random(0)
    command = [sys.executable, "-m", "tests.review.settles", str(path), str(TIMES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as nursery:
        pid = left = 0
        for line in nursery.stdout:
            first, second, *who = line.split()
            if first == "ready":
                pid, left = int(second), dice.randint(0, MOST)
            else:
                yield int(first), second, *who
                left -= 1
            if left == 0:
                time.sleep(dice.uniform(0, 0.004))  # somewhere within the next decision
                os.kill(pid, signal.SIGKILL)


def test_each_acknowledged_decision_is_there_after_fifty_sudden_ends(tmp_path):
    path = tmp_path / "work.review"
    with Project(path) as project:
        filled(project, 1_000)
    acknowledged = list(acknowledged_by(path))
    assert len({clip for _, clip, _ in acknowledged}) == len(acknowledged) >= TIMES
    with Project(path) as project:
        # By whom, because whoever comes after a loss would decide of the same clip anew.
        kept = {(event.number, event.clip, event.who) for event in project.log}
        assert kept.issuperset(acknowledged)
        # The state is that which the events tell, as if nobody had been interrupted.
        standing = project.log.standing()
        assert {clip for clip, [event] in standing.items() if event} == {
            clip for _, clip, _ in kept
        }
        project.log.derive()
        assert project.log.standing() == standing
