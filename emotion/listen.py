"""Listening to this machine's microphone in a terminal, until a key is pressed."""

import csv
import select
import sys
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

import numpy as np

from emotion import tables
from emotion.analyze import Analyzer
from emotion.audio import RATE
from emotion.errors import BadInput, unwritten
from emotion.live import Live, Reading
from emotion.microphone import Microphone

LOOK = 0.05  # seconds between two looks for a key and for a reading that is due
STOPS = "q\x1b\r\n"  # the keys that end it: q, Escape, Enter; and Ctrl-C
BAR = 30  # letters of a probability of 1
REDRAW = "\x1b[{}F\x1b[J"  # up by so many lines, and everything below taken away


def listen(
    analyzer: Analyzer, microphone: Microphone, save: str | None = None, words: bool = True
) -> None:
    """Listens until a key is pressed, and prints a reading at a time.

    Args:
        analyzer: The model.
        microphone: What to listen to.
        save: A WAV file to be made of what was heard; the readings go beside it as CSV.
        words: False leaves the words out.

    Raises:
        BadInput: The microphone does not work, or the file cannot be written.
    """
    live = Live(analyzer, words)
    labels = analyzer.model.config.labels
    with ExitStack() as open_:
        open_.callback(live.close)
        book = open_.enter_context(_Book(save, labels)) if save else None
        pressed = open_.enter_context(_keys())

        def hear(rate: int, samples: np.ndarray) -> None:
            heard = live.hear(rate, samples)
            if book:
                book.keep(heard)

        open_.enter_context(microphone.open(hear))
        print(f"Listening to {microphone.name}. Press q to stop.", file=sys.stderr, flush=True)
        screen = _Screen(sys.stdout, live)
        with suppress(KeyboardInterrupt):
            while not pressed() and not microphone.ended:
                _read(live, screen, book)
        microphone.stop()
        _read(live, screen, book)
    if microphone.lost:
        times = f"{microphone.lost} times, so that some of the sound is missing"
        print(f"This machine was too busy {times}.", file=sys.stderr, flush=True)
    if microphone.problem:
        raise microphone.problem


def _read(live: Live, screen: "_Screen", book: "_Book | None") -> None:
    for reading in live.read():
        if book:
            book.note(reading)
        screen.show(reading)


class _Book:
    """What was heard and what was read in it, on the disk at every moment.

    Args:
        path: The WAV file; the CSV lies beside it under the same name.
        labels: The model's labels.
    """

    def __init__(self, path: str, labels: tuple[str, ...]) -> None:
        sound = Path(path)
        self.sound = sound if sound.suffix.lower() == ".wav" else Path(f"{sound}.wav")
        self.table = self.sound.with_suffix(".csv")
        self.labels = labels

    def __enter__(self) -> "_Book":
        with ExitStack() as files:
            for path in (self.sound, self.table):
                if path.exists():
                    raise BadInput("bad_output", name=path.name, reason="it is already there")
            try:
                # Opened here, for wave complains aloud of a file that it could not open itself.
                sound = files.enter_context(self.sound.open("wb"))
                self._wave = files.enter_context(wave.open(sound, "wb"))
                self._file = files.enter_context(
                    self.table.open("w", encoding="utf-8-sig", newline="")
                )
            except OSError as fault:
                raise unwritten(Path(fault.filename or path), fault) from fault
            self._wave.setparams((1, 2, RATE, 0, "NONE", ""))
            names = ["second", "speaks", *tables.columns(self.labels)]
            self._rows = csv.DictWriter(self._file, [*names, "loudness", "clipped", "words"])
            self._rows.writeheader()
            self._files = files.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        with _on_the_disk(self.sound):
            self._files.close()

    def keep(self, heard: np.ndarray) -> None:
        """Adds to the sound."""
        if not self._file.closed:
            with _on_the_disk(self.sound):
                self._wave.writeframes((heard * 32767).astype("<i2").tobytes())

    def note(self, reading: Reading) -> None:
        """Adds a reading, as a row that is nearly empty where nobody speaks."""
        found = tables.as_columns(reading.prediction) if reading.prediction else {}
        row: dict[str, Any] = {"second": reading.second, "speaks": int(reading.speaks), **found}
        row |= {"loudness": round(reading.loudness, 1), "clipped": int(reading.clipped)}
        with _on_the_disk(self.table):
            self._rows.writerow({**row, "words": reading.words})
            self._file.flush()


@contextmanager
def _on_the_disk(path: Path) -> Iterator[None]:
    """Says in one sentence what the disk says, as when it is full."""
    try:
        yield
    except OSError as fault:
        raise unwritten(path, fault) from fault


class _Screen:
    """Readings on a terminal, each in place of the one before; elsewhere one a line."""

    def __init__(self, out: TextIO, live: Live) -> None:
        self._out, self._live = out, live
        self._lines = 0
        self._told = False

    def show(self, reading: Reading) -> None:
        """Prints a reading."""
        self._tell()
        if not self._out.isatty():
            print(line(reading), file=self._out, flush=True)
            return
        shown = [line(reading), *_bars(reading, self._live.analyzer.model.config.labels)]
        shown.append(" ".join(word.text for word in self._live.words)[-70:])
        above = REDRAW.format(self._lines) if self._lines else ""
        print(above + "\n".join(shown), file=self._out, flush=True)
        self._lines = len(shown)

    def _tell(self) -> None:
        """Why there are no words, once."""
        scribe = self._live.scribe
        if scribe and scribe.problem and not self._told:
            print(scribe.problem, file=sys.stderr, flush=True)
            self._told, self._lines = True, 0


def line(reading: Reading) -> str:
    """A reading in one line."""
    loud = "  too loud" if reading.clipped else ""
    if reading.prediction is None:
        return f"{reading.second:6.1f} s  nobody speaks{loud}"
    found = reading.prediction
    return (
        f"{reading.second:6.1f} s  {found.label} {reading.sure:.2f}, "
        f"valence {found.valence:+.2f}, arousal {found.arousal:+.2f}{loud}"
    )


def _bars(reading: Reading, labels: tuple[str, ...]) -> list[str]:
    shares = reading.prediction.probabilities if reading.prediction else {}
    return [
        f"  {label:9} {'█' * round(share * BAR):{BAR}} {share:.0%}"
        for label, share in ((label, shares.get(label, 0.0)) for label in labels)
    ]


@contextmanager
def _keys() -> Iterator[Callable[[], bool]]:
    """Gives a function that waits a moment, and says whether a key that ends it was pressed."""
    try:
        import termios
        import tty
    except ImportError:  # on Windows Ctrl-C has to do
        termios = tty = None  # type: ignore[assignment]
    if termios is None or not sys.stdin.isatty():
        wait = threading.Event().wait
        yield lambda: wait(LOOK)
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield _pressed
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _pressed() -> bool:
    ready, _, _ = select.select([sys.stdin], [], [], LOOK)
    return bool(ready) and sys.stdin.read(1) in STOPS
