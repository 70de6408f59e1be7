"""Time and peak memory of Timeline on a long recording against a shorter one.

    EMOTION_WHISPER=tests/tiny_whisper/tiny.pt python -m tests.long_recording --no-words
    python -m tests.long_recording --minutes 60 --against 10

The example clips are strung together with pauses into a recording of each length, written a clip
at a time. Each is then heard in a process of its own, from which the seconds to load the model and
to hear a first clip are left out. Prints a Markdown table, and the ratio of the times per minute.
"Each" is what an utterance takes that is kept: its words, its prediction and its measures.
"""

import argparse
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterable
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "assets" / "examples"


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--against", type=float, default=10.0)
    parser.add_argument("--no-words", action="store_true")
    parser.add_argument("--hear", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.hear:
        print(json.dumps(_hear(asked.hear, not asked.no_words)))
        return
    print(
        "| recording | utterances | seconds | seconds a minute | peak memory | of that, before "
        "| each |"
    )
    print("|---|---|---|---|---|---|---|")
    rates = [_measured(minutes, asked.no_words) for minutes in (asked.against, asked.minutes)]
    print(f"\nTime a minute, the longer against the shorter: {rates[1] / rates[0]:.3f}")


def _measured(minutes: float, no_words: bool) -> float:
    """Seconds that a minute of the recording takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long.wav"
        _synthesize(path, minutes * 60)
        command = [sys.executable, "-m", "tests.long_recording", "--hear", str(path)]
        command += ["--no-words"] if no_words else []
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    found = json.loads(told)
    rate = found["took"] / minutes
    print(
        f"| {minutes:g} min | {found['utterances']} | {found['took']:.1f} | {rate:.2f} | "
        f"{found['peak']:.0f} MiB | {found['before']:.0f} MiB | "
        f"{found['each'] / 1000:.1f} kB |",
        flush=True,
    )
    return rate


def _synthesize(path: Path, seconds: float) -> None:
    from emotion.audio import RATE, load

    clips = [load(clip).samples for clip in sorted(EXAMPLES.glob("*.ogg"))]
    pauses, left = np.random.default_rng(0), round(seconds * RATE)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        for clip in itertools.cycle(clips):
            pause = np.zeros(round(pauses.uniform(0.3, 4.0) * RATE), np.float32)
            piece = np.concatenate([clip, pause])[:left]
            file.writeframes((piece * 32767).astype("<i2").tobytes())
            left -= len(piece)
            if not left:
                return


def _hear(path: Path, words: bool) -> dict[str, float]:
    from emotion.analyze import Analyzer
    from emotion.timeline import follow

    analyzer = Analyzer.load()
    for _ in follow(analyzer, next(EXAMPLES.glob("*.ogg")), words=words):
        pass
    before, start = _peak(), time.perf_counter()
    # What was found is counted and let go, as by a program that writes it as it comes.
    n = size = 0
    for stretch in follow(analyzer, path, words=words):
        n += len(stretch.spoken)
        size += bytes_of(stretch.spoken)
    took = time.perf_counter() - start
    return {
        "utterances": n, "took": took, "peak": _peak(), "before": before, "each": size / max(n, 1),
    }  # fmt: skip


def bytes_of(thing: Any, seen: set[int] | None = None) -> int:
    """Memory that plain values and dataclasses of them take, each object once."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return 0
    seen.add(id(thing))
    inside: Iterable[Any] = ()
    if isinstance(thing, dict):
        inside = itertools.chain(thing, thing.values())
    elif isinstance(thing, tuple | list):
        inside = thing
    elif is_dataclass(thing):
        inside = [vars(thing)]
    return sys.getsizeof(thing) + sum(bytes_of(each, seen) for each in inside)


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
