"""How long the desk takes with ten thousand clips: python -m tests.review.desk_times [CLIPS].

Opening a project with its queue is to take less than a second, and the next clip less than 150 ms.
"""

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import gradio as gr

from emotion.review import Decision, Project
from emotion.review.seat import Seat, Way
from emotion.review.twins import near
from emotion.ui.review import lookout
from emotion.ui.review.booth import Booth
from tests.review.made import filled

N = 10_000
DECISIONS = 300


@contextmanager
def timed(what: str, times: int = 1) -> Iterator[None]:
    start = time.perf_counter()
    yield
    took = 1000 * (time.perf_counter() - start) / times
    print(f"{what:<48}{took:>10.1f} ms", flush=True)


def as_the_page_does(project: Project) -> None:
    """The next clip with all that is said of it, without the network and the sound's decoding."""
    with gr.Blocks():
        booth = Booth("en")
    seat = Seat(project, "kim")
    turn = seat.next(Way())
    with timed("next clip, decided and written as the page", DECISIONS):
        for _ in range(DECISIONS):
            turn = seat.decide(turn, Decision("relabel", ("sad",)))
            lookout.words(booth, project, turn, "kim", True, "en")


def main(n: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "work.review"
        with timed(f"bringing in {n:,} clips"), Project(path) as project:
            filled(project, n)
            project.set(copies=2)
        with timed("opening, the first clip and the progress"):
            project = Project(path)
            project.queue.next("kim")
            project.queue.progress("kim")
        # The hardest there is: one annotator is far ahead, and nobody else has begun.
        for clip in [each.id for each in project.clips][-DECISIONS:]:
            project.log.decide("kim", clip, Decision("keep"))
        with timed("next clip, decided and acknowledged", DECISIONS):
            for _ in range(DECISIONS):
                clip = project.queue.next("kim")
                project.log.decide("kim", clip, Decision("relabel", ("sad",)))
        as_the_page_does(project)
        for way in ({"order": "random"}, {"label": "happy"}, {"rater": "lee"}):
            with timed(f"next clip, {way}", 20):
                for _ in range(20):
                    project.queue.next("kim", **way)
        with timed("progress"):
            project.queue.progress("kim")
        with timed("all that was decided"):
            project.log.outcomes()
        with timed("deriving what stands from the events"):
            project.log.derive()
        project.close()
    dice = random.Random(0)
    prints = [dice.randbytes(64) + b"\0\0\0\0\0\0\xf0?" for _ in range(n)]
    with timed("all pairs of fingerprints"):
        list(near(prints))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else N)
