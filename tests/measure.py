"""Measures this machine: each stage on a 5-second clip, start-up, memory, size.

    EMOTION_WHISPER=tests/tiny_whisper/tiny.pt .venv/bin/python -m tests.measure

Prints a Markdown table. Without EMOTION_WHISPER it takes Whisper's default size, which must then
have been downloaded before.
"""

import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import numpy as np

from emotion.errors import BadInput

ROOT = Path(__file__).parent.parent
RUNS = 20  # of each stage; the median is told
CLIPS = 500  # scored
STARTS = 5  # of the app, in turn with the other side
SECONDS = 5.0  # of the clip
PATIENCE = 120.0  # seconds until a start counts as failed


def main() -> None:
    """Prints every figure."""
    print("| what | figure |\n|---|---|")
    for name, milliseconds in _stages().items():
        print(f"| {name}, {SECONDS:.0f} s of speech, median of {RUNS} | {milliseconds:.1f} ms |")
    for name, seconds in _scoring().items():
        print(f"| {CLIPS} clips, {name} | {seconds:.1f} s |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| peak memory of that process | {peak:.0f} MiB |")
    app, memory, other = _starts()
    pairs = [mine / theirs for mine, theirs in zip(app, other, strict=True)]
    print(f"| app.py until its page answers, median of {STARTS} | {statistics.median(app):.1f} s |")
    print(f'| python -c "import gradio", in turn with it | {statistics.median(other):.1f} s |')
    spread = f"{min(pairs):.2f} to {max(pairs):.2f}"
    print(f"| ratio, pair by pair | {statistics.median(pairs):.2f} ({spread}) |")
    print(f"| peak memory of the app at its start | {memory:.0f} MiB |")
    for path in sorted((ROOT / "assets/default").glob("*.safetensors")):
        print(f"| assets/default/{path.name} | {path.stat().st_size / 1e6:.2f} MB |")


def _stages() -> dict[str, float]:
    from emotion import acoustics, audio, explain
    from emotion.analyze import Analyzer
    from emotion.speech import speech_regions

    analyzer = Analyzer.load()
    clip = audio.load(_five_seconds())
    regions = speech_regions(clip)
    transcript = analyzer.transcriber.transcribe(clip, regions)
    analysis = analyzer.analyze(clip, transcript)
    stages: dict[str, Callable[[], object]] = {
        "decode": lambda: audio.load(_five_seconds()),
        "speech": lambda: speech_regions(clip),
        "transcribe": lambda: analyzer.transcriber.transcribe(clip, regions),
        "model": lambda: analyzer._judge(_utterance(clip, transcript)),
        "pitch and loudness": lambda: acoustics.curves(clip),
        "occlusion": lambda: explain.occlude(analyzer, analysis),
    }
    words = f"{len(transcript.words)} words"
    return {f"{name} ({words})": _median_ms(stage) for name, stage in stages.items()}


def _scoring() -> dict[str, float]:
    """Seconds for CLIPS examples at once, and one at a time in two ways."""
    from emotion.analyze import Analyzer, Utterance
    from emotion.audio import load
    from emotion.score import score
    from emotion.transcript import typed

    analyzer, text = Analyzer.load(), "I am so happy to see you"
    clips = sorted((ROOT / "assets/examples").glob("*.ogg"))
    clips = [clips[index % len(clips)] for index in range(CLIPS)]
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder) / "manifest.csv"
        manifest.write_text("audio,text\n" + "".join(f"{clip},{text}\n" for clip in clips))
        ways: dict[str, Callable[[], object]] = {
            "score": lambda: score(analyzer, manifest, Path(folder) / "scored.csv"),
            "Analyzer.analyze in a loop": lambda: [analyzer.analyze(clip, text) for clip in clips],
            "decoded and predicted in a loop": lambda: [
                analyzer.predict([Utterance(load(clip), typed(text))]) for clip in clips
            ],
        }
        return {name: _seconds(way) for name, way in ways.items()}


def _seconds(way: Callable[[], object]) -> float:
    start = time.perf_counter()
    way()
    return time.perf_counter() - start


def _utterance(clip: object, transcript: object) -> object:
    from emotion.analyze import Utterance

    return Utterance(clip, transcript)


def _five_seconds() -> Path:
    """A synthesized example, repeated to 5 seconds, as a 16-bit WAV at 48 kHz."""
    path = Path(tempfile.gettempdir()) / "emotion-five-seconds.wav"
    if not path.exists():
        from emotion import audio
        from tests.conftest import write_wav

        samples = audio.load(ROOT / "tests/clips/en_happy.wav").samples
        samples = np.resize(samples, round(SECONDS * audio.RATE))
        write_wav(path, np.repeat(samples, 3), rate=3 * audio.RATE)
    return path


def _median_ms(stage: Callable[[], object]) -> float:
    stage()
    took = []
    for _ in range(RUNS):
        took.append(_seconds(stage))
    return statistics.median(took) * 1000


def _starts() -> tuple[list[float], float, list[float]]:
    """Seconds of each start of the app, its peak memory in MiB, and the other side's seconds."""
    app, other, memory = [], [], 0.0
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import gradio"], check=True)
        other.append(time.perf_counter() - start)
        took, peak = _start_app()
        app.append(took)
        memory = max(memory, peak)
    return app, memory, other


def _start_app() -> tuple[float, float]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "GRADIO_SERVER_PORT": str(port)}
    start = time.perf_counter()
    app = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for_page(f"http://127.0.0.1:{port}/", start + PATIENCE)
        took = time.perf_counter() - start
        status = Path(f"/proc/{app.pid}/status").read_text()
        peak = next(int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line)
        return took, peak / 1024
    finally:
        app.terminate()
        app.wait()


def _wait_for_page(address: str, deadline: float) -> None:
    while time.perf_counter() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{address} did not answer within {PATIENCE:.0f} s")


if __name__ == "__main__":
    try:
        main()
    except BadInput as problem:  # as where there is no Whisper
        sys.exit(f"{problem} Or set EMOTION_WHISPER: python -m pydoc tests.measure")
