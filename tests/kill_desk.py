"""Kills the real app again and again while people decide: python -m tests.kill_desk [TIMES].

Each time two annotators press on until the process is gone without a warning. What the page has
acknowledged to either must be in the project's file; it prints how many there were. The app is
imported once and served by a copy of that process each time, or most of the time would go there.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
        "GRADIO_TEMP_DIR": str(folder / "visitors"),
        "OMP_NUM_THREADS": "1",  # a copy of a process has but one of its threads
        **driving.no_whisper(folder / "cache"),
    }


@contextmanager
def nursery(folder: Path, settings: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """The process that serves the app as often as it is told a port."""
    command = [sys.executable, "-m", "tests.kill_desk", "--serve"]
    with (folder / "app.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=driving.ROOT, env={**os.environ, **settings}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
        )  # fmt: skip
        with process:
            try:
                yield process
            finally:  # with whatever it still serves
                os.killpg(process.pid, signal.SIGKILL)


def serve() -> None:
    """Serves the app on each port that comes in, in a process of its own whose number goes out."""
    import app
    from emotion.ui.serving import launch

    for port in sys.stdin:
        pid = os.fork()
        if not pid:
            os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
            os.environ["GRADIO_SERVER_PORT"] = port.strip()
            launch(app.page)
            os._exit(0)
        print(pid, flush=True)
        os.waitpid(pid, 0)


def killed(nurse: subprocess.Popen[str], seconds: float) -> list[tuple[str, str]]:
    """Has the app served, kills it in the midst of decisions, and gives those it acknowledged."""
    port = driving.free_port()
    print(port, file=nurse.stdin, flush=True)
    pid = int(nurse.stdout.readline())
    acknowledged: list[tuple[str, str]] = []
    begun = threading.Barrier(len(PEOPLE) + 1)
    address = f"http://127.0.0.1:{port}/"
    wait_for(address)
    threads = [
        threading.Thread(target=work, args=(address, who, begun, acknowledged)) for who in PEOPLE
    ]
    for thread in threads:
        thread.start()
    begun.wait(START)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    for thread in threads:
        thread.join()
    return acknowledged


def work(
    address: str, who: str, begun: threading.Barrier, acknowledged: list[tuple[str, str]]
) -> None:
    """Decides of one clip after the other until the app is gone."""
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


def wait_for(address: str) -> None:
    """Waits until the app answers."""
    end = time.monotonic() + START
    while True:
        try:
            httpx.get(address, timeout=START)
            return
        except httpx.HTTPError:
            assert time.monotonic() < end, "The app did not start."
            time.sleep(0.05)


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
        with nursery(folder, prepared(folder)) as nurse:
            for number in range(1, times + 1):
                acknowledged += killed(nurse, dice.uniform(0.1, 2))
                gone = lost(folder, acknowledged)
                print(f"{number}: {len(acknowledged)} acknowledged, {len(gone)} lost", flush=True)
                if gone:
                    return 1
    return 0


if __name__ == "__main__":
    if "--serve" in sys.argv:
        serve()
    else:
        sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES))
