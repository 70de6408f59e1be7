"""Settles clip after clip of a project and acknowledges each on a line of its own.

    python -m tests.review.settles PROJECT TIMES

Each time in a process of its own, which goes on until tests/review/test_kill.py ends it without a
warning; then the next one begins.
"""

import os
import sys

from emotion.review import Decision, Project


def say(line):
    # In one piece: of a line whose end is written by itself, a kill may leave the next one's start.
    os.write(sys.stdout.fileno(), f"{line}\n".encode())


def settle(path, who):
    with Project(path, make=False) as project:
        say(f"ready {os.getpid()}")
        while clip := project.queue.next(who):
            event = project.log.decide(who, clip, Decision("relabel", ("sad",), note=f"by {who}"))
            say(f"{event.number} {clip} {who}")


if __name__ == "__main__":
    path, times = sys.argv[1], int(sys.argv[2])
    for each in range(times):
        if os.fork() == 0:
            settle(path, f"worker{each}")
            os._exit(0)
        os.wait()
