"""What one visitor's recording has given: its utterances, their voices, the files to download."""

import secrets
import shutil
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gradio.utils import get_upload_folder

from emotion.analyze import Analyzer
from emotion.audio import RATE
from emotion.export import FORMATS
from emotion.timeline import Spoken, Stretch, Timeline
from emotion.transcript import Transcript, Word


class Reel:
    """The timeline of a recording, with each utterance's voice on the disk as 16-bit samples.

    Attributes:
        timeline: What was found so far.
        folder: Where the voices and the files to download lie, for this visitor alone.
        gone: Whether it was deleted, because nobody wants it any more.
    """

    def __init__(self, analyzer: Analyzer, path: str) -> None:
        self.timeline = Timeline.empty(analyzer, Path(path).name)
        self.folder = Path(get_upload_folder()) / secrets.token_hex(16)
        self.folder.mkdir(parents=True)
        self.gone = False
        self._tape = self.folder / "tape"
        self._ends = [0]  # bytes of the tape after each utterance

    def add(self, stretch: Stretch) -> None:
        """Takes in what was found next; what was there before does not change."""
        with self._tape.open("ab") as tape:
            for clip in stretch.clips:
                written = tape.write((clip.samples * 32767).astype("<i2").tobytes())
                self._ends.append(self._ends[-1] + written)
        self.timeline.add(stretch)

    def voice(self, number: int) -> Path:
        """A WAV of one utterance, by its place."""
        spoken = self.timeline.spoken[number]
        path = self.folder / f"{self._stem}-{spoken.start:.1f}s.wav"
        if not path.exists():
            start, end = self._ends[number : number + 2]
            samples = np.fromfile(self._tape, "<i2", (end - start) // 2, offset=start)
            with wave.open(str(path), "wb") as file:
                file.setparams((1, 2, RATE, 0, "NONE", ""))
                file.writeframes(samples.tobytes())
        return path

    def file(self, ending: str) -> str:
        """The path of a file to download."""
        return str(self.folder / f"{self._stem}.{ending}")

    def files(self) -> dict[str, str]:
        """The files to download by their endings: all of them, or none where that failed."""
        found = {ending: self.file(ending) for ending in FORMATS}
        return found if all(Path(path).exists() for path in found.values()) else {}

    def write(self) -> None:
        """Writes every file to download."""
        for ending, made in FORMATS.items():
            # With a mark in front, so that spreadsheets read Korean as what it is.
            encoding = "utf-8-sig" if ending == "csv" else "utf-8"
            Path(self.file(ending)).write_text(made(self.timeline), encoding, newline="")

    def forget(self) -> None:
        """Deletes all that lies on the disk."""
        self.gone = True
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _stem(self) -> str:
        return Path(self.timeline.source).stem or "recording"


@dataclass(frozen=True, eq=False)  # each is a news of its own
class News:
    """How far a visitor's recording has been heard.

    Attributes:
        reel: What was found; it may know more by now.
        n: How many utterances there were.
        over: Whether nothing more will come.
        problem: What has ended it before its end, as a sentence; "" where nothing did.
    """

    reel: Reel
    n: int
    over: bool = False
    problem: str = ""

    @property
    def spoken(self) -> list[Spoken]:
        """The utterances that this tells of."""
        return self.reel.timeline.spoken[: self.n]


def forget(news: News | None) -> None:
    """Deletes what somebody who has left had on the disk."""
    if news:
        news.reel.forget()


def transcript(spoken: Spoken) -> Transcript | None:
    """The words of an utterance on its own clock; None where there are none."""
    if not spoken.words:
        return None
    words = tuple(
        Word(word.text, _since(word.start, spoken), _since(word.end, spoken))
        for word in spoken.words
    )
    return Transcript(words, spoken.language, "whisper")


def _since(second: float | None, spoken: Spoken) -> float | None:
    return None if second is None else round(max(second - spoken.start, 0.0), 3)
