"""Twenty visitors at once: how long each waits, what fails, and whether memory grows.

    python -m tests.visitors [--visitors 20] [--minutes 5]

Runs the real app and, in a thread for each, a client that analyzes an example clip with its words,
reads the answer for one to five seconds, and takes the next. Prints a Markdown table, and what the
app wrote where a question failed.
"""

import argparse
import itertools
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
from gradio_client import Client, handle_file

from tests.ui import driving

EXAMPLES = driving.ROOT / "assets" / "examples"
MIB = 2**20


@dataclass
class Seen:
    """What was seen so far, by all visitors and of the app.

    Attributes:
        waits: Seconds from each question to its answer.
        failures: What went wrong instead of an answer.
        memory: Of the app: when it was looked at, in seconds, and how much it held, in MiB.
    """

    waits: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=5.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with driving.served(folder, **driving.no_whisper(folder)) as address:
            seen = _watched(address, asked.visitors, asked.minutes * 60)
        _report(seen, asked.minutes)
        if seen.failures:
            print((folder / "app.log").read_text(encoding="utf-8"))


def _watched(address: str, n_visitors: int, seconds: float) -> Seen:
    seen, began = Seen(), time.monotonic()
    visitors = [
        threading.Thread(target=_visit, args=(address, number, began + seconds, seen))
        for number in range(n_visitors)
    ]
    for each in visitors:
        each.start()
    app = next(each for each in psutil.Process().children() if "app.py" in each.cmdline())
    while any(each.is_alive() for each in visitors):
        seen.memory.append((time.monotonic() - began, app.memory_info().rss / MIB))
        time.sleep(1)
    return seen


def _visit(address: str, number: int, end: float, seen: Seen) -> None:
    facts = json.loads((EXAMPLES / "examples.json").read_text(encoding="utf-8"))
    chance = np.random.default_rng(number)
    try:
        client = Client(address, verbose=False)
        for example in itertools.islice(itertools.cycle(facts), number % len(facts), None):
            time.sleep(chance.uniform(1, 5))
            if time.monotonic() > end:
                return
            began = time.monotonic()
            clip = handle_file(str(EXAMPLES / example["file"]))
            found = client.predict(clip, example["text"], api_name="/analyze")
            seen.waits.append(time.monotonic() - began)
            assert abs(sum(found["probabilities"].values()) - 1) < 1e-3
    except Exception as error:
        seen.failures.append(repr(error))


def _report(seen: Seen, minutes: float) -> None:
    print("| what | figure |\n|---|---|")
    print(f"| questions answered in {minutes:g} minutes | {len(seen.waits)} |")
    print(f"| failures | {len(seen.failures)} |")
    marks = " / ".join(f"{np.percentile(seen.waits, each):.2f}" for each in (50, 95, 99))
    print(f"| wait, p50 / p95 / p99 | {marks} s |")
    held = [_held(seen.memory, minute) for minute in range(1, int(minutes))]
    each = ", ".join(f"{one:.0f}" for one in held)
    print(f"| memory of the app, from the second minute on | {each} MiB |")
    for failure in sorted(set(seen.failures)):
        print(failure)


def _held(memory: Sequence[tuple[float, float]], minute: int) -> float:
    return statistics.median(held for at, held in memory if minute <= at / 60 < minute + 1)


if __name__ == "__main__":
    main()
