"""Kills the real app again and again while people decide: python -m tests.kill_desk [TIMES].

Each time two annotators press on until the process is gone without a warning. What the page has
acknowledged to either must be in the project's file; it prints how many there were.
"""

import random
import signal
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

from emotion.review import Project
from emotion.review.users import Users
from tests.review.made import filled
from tests.ui import driving
from tests.ui.annotators import Annotator

TIMES = 50
START = 120  # seconds that a busy machine may need until both are at work
PEOPLE = ("kim", "lee")
PASSWORD = "correct horse"
CLIPS = 5_000


def prepared(folder: Path) -> dict[str, str]:
    """Makes a desk with a project and two annotators, and gives the app's settings for it."""
    users = Users(folder / "users.json")
    for who in PEOPLE:
        users.put(who, PASSWORD, "adjudicator")
    (folder / "desk").mkdir()
    with Project(folder / "desk" / "work.review") as project:
        filled(project, CLIPS)
    return {
        "EMOTION_DESK": str(folder / "desk"),
        "EMOTION_USERS": str(users.path),
        **driving.no_whisper(folder / "cache"),
    }


def killed(folder: Path, settings: dict[str, str], seconds: float) -> list[tuple[str, str]]:
    """Runs the app, kills it in the midst of decisions, and gives those it acknowledged."""
    acknowledged: list[tuple[str, str]] = []
    begun = threading.Barrier(len(PEOPLE) + 1)

    def work(address: str, who: str) -> None:
        annotator = Annotator(address, who, PASSWORD)
        annotator.open("work")
        begun.wait(START)
        try:
            while clip := annotator.clip:
                annotator.decide("relabel", ("sad",), note=f"by {who}")
                if annotator.clip == clip:
                    return  # which the test takes for what it is: nothing acknowledged
                acknowledged.append((clip, who))
        except httpx.HTTPError:
            return

    with driving.served(folder, signal.SIGKILL, **settings) as address:
        threads = [threading.Thread(target=work, args=(address, who)) for who in PEOPLE]
        for thread in threads:
            thread.start()
        begun.wait(START)
        time.sleep(seconds)
    for thread in threads:
        thread.join()
    return acknowledged


def lost(folder: Path, acknowledged: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """What was acknowledged and is not there."""
    with Project(folder / "desk" / "work.review", make=False) as project:
        kept = {(event.clip, event.who) for event in project.log}
        standing = project.log.standing()
        project.log.derive()  # from nothing but the events
        assert project.log.standing() == standing
    assert len({clip for clip, _ in kept}) == len(kept), "A clip was decided twice unasked."
    return set(acknowledged) - kept


def main(times: int) -> int:
    """Kills as often as is asked; 0 where nothing was lost."""
    dice, acknowledged = random.Random(0), []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = prepared(folder)
        for number in range(1, times + 1):
            acknowledged += killed(folder, settings, dice.uniform(0.5, 3))
            gone = lost(folder, acknowledged)
            print(f"{number}: {len(acknowledged)} acknowledged, {len(gone)} lost", flush=True)
            if gone:
                return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES))
