"""One visitor: what they gave, what was found for them, and what they leave on the disk."""

import atexit
import csv
import json
import os
import secrets
import shutil
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from gradio.utils import get_upload_folder

from emotion import tables
from emotion.analysis import Analysis
from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.transcript import Transcript

FORGOTTEN = 120  # seconds after which an upload that no event has named will not be named any more
LATE = 30  # seconds that an upload may still take after whoever sent it has left

# How many visitors have given each voice: Gradio stores equal uploads as one file.
_HOLDERS: Counter[str] = Counter()
_LOCK = threading.Lock()


@dataclass(frozen=True, eq=False)  # each analysis is one of its own
class Visit:
    """What one visitor was told last; in memory until they leave.

    Attributes:
        asked: What was given: the voice's path, the words, whether they were left out, and the
            language spoken.
        analysis: What was found.
        heard: The words that belong to the voice, with their times.
        folder: Where the files to download lie.
        former: Where those of the analysis before lie, which may still be on their way.
    """

    asked: tuple[str | None, str, bool, str | None]
    analysis: Analysis
    heard: Transcript | None
    folder: Path
    former: Path | None = None

    @property
    def audio(self) -> str | None:
        """The path of the voice."""
        return self.asked[0]

    @property
    def unheard(self) -> BadInput | None:
        """Why no words could be heard, if that is so: another time they may be."""
        problem = self.analysis.notice
        return problem if problem and problem.code.startswith("whisper") else None

    @property
    def words(self) -> str:
        """What belongs into the box of words."""
        transcript = self.analysis.transcript
        return transcript.text if transcript else self.asked[1]

    def file(self, kind: str) -> str:
        """The path of the file to download, "json" or "csv"."""
        return str(self.folder / f"emotion.{kind}")


def read(
    analyzer: Analyzer,
    before: Visit | None,
    audio: str | None,
    text: str,
    *,
    voice_alone: bool = False,
    spoken: str | None = None,
    heard: Transcript | None = None,
    progress: Callable[[str], None] | None = None,
) -> Visit:
    """Analyzes what a visitor gave, without decoding or transcribing anything twice.

    Args:
        analyzer: The model.
        before: What this visitor has so far; given back where nothing has changed since.
        audio: The path of the voice; None where there is only text.
        text: What was said; empty to have it written down.
        voice_alone: Whether the words are left out.
        spoken: The language spoken, None to find out.
        heard: Words of this voice whose times are known from elsewhere.
        progress: Called with each stage's name.
    """
    asked = (audio, text, voice_alone, spoken)
    if before and before.asked == asked and not before.unheard:
        return before
    known = before if before and before.audio == audio else None
    words: str | Transcript | None = text.strip() or None
    timed = heard or (known.heard if known else None)
    if words and timed:
        words = timed.edited(text)
    analysis = analyzer.analyze(
        known.analysis.clip if known and known.analysis.clip else audio,
        None if voice_alone else words,
        words=not voice_alone,
        language=spoken,
        progress=progress,
    )
    kept = analysis.transcript or timed
    former = before.folder if before else None
    after = Visit(asked, analysis, kept, write(analysis), former)
    _remove(before.former if before else None)
    return after


def write(analysis: Analysis) -> Path:
    """Writes the files to download into a folder of their own, and says where it is."""
    folder = Path(get_upload_folder()) / secrets.token_hex(16)
    folder.mkdir(parents=True)
    content = json.dumps(tables.as_dict(analysis), ensure_ascii=False, indent=1)
    (folder / "emotion.json").write_text(content, encoding="utf-8")
    rows = tables.as_rows(analysis)
    # With a mark in front, so that spreadsheets read Korean as what it is.
    with (folder / "emotion.csv").open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]))
        table.writeheader()
        table.writerows(rows)
    return folder


def forget(visit: Visit | None) -> None:
    """Deletes the files to download of somebody who has left."""
    if visit:
        _remove(visit.folder)
        _remove(visit.former)


def hold(held: tuple[str, ...], audio: str | None) -> tuple[str, ...]:
    """Keeps a voice that was given, and the one before, which may still be waiting to be read.

    Args:
        held: The paths of the voices that this visitor has on the disk.
        audio: The path of the one given now, None where it was taken away.

    Returns:
        The paths of the voices that this visitor has on the disk from now on.
    """
    if audio is None:
        return held
    if audio not in held:
        with _LOCK:
            _HOLDERS[audio] += 1
    held = (*(path for path in held if path != audio), audio)
    release(held[:-2])
    return held[-2:]


def release(held: tuple[str, ...]) -> None:
    """Deletes a visitor's voices, but for those that another visitor has given too."""
    for path in held:
        with _LOCK:
            _HOLDERS[path] -= 1
            last = _HOLDERS[path] <= 0
            if last:
                del _HOLDERS[path]
        if last and Path(get_upload_folder()).resolve() in Path(path).resolve().parents:
            Path(path).unlink(missing_ok=True)


Held = tuple[tuple[str, ...], ...]


def hold_several(held: Held, files: list[str] | None) -> Held:
    """Keeps files that were given together, and those before, which may still be being read.

    Args:
        held: The paths of those that this visitor has on the disk, given together each.
        files: The paths of those given now.
    """
    with _LOCK:
        _HOLDERS.update(files or ())
    release_several(held[:-1])
    return (*held[-1:], tuple(files or ()))


def release_several(held: Held) -> None:
    """Deletes a visitor's files, but for those that another visitor has given too."""
    for files in held:
        release(files)


def sweep_later() -> None:
    """Deletes, once nothing more can name it, the sound that was on its way as somebody left."""
    timer = threading.Timer(FORGOTTEN + LATE, _sweep)
    timer.daemon = True
    timer.start()


def _sweep() -> None:
    for path in Path(get_upload_folder()).glob("*/audio.wav"):
        with _LOCK, suppress(OSError):
            if str(path) not in _HOLDERS and path.stat().st_mtime < time.time() - FORGOTTEN:
                path.unlink()


def _remove(folder: Path | None) -> None:
    if folder:
        shutil.rmtree(folder, ignore_errors=True)


def prepare() -> None:
    """Gives the visitors' files a folder that no other user of the machine can read."""
    if not os.environ.get("GRADIO_TEMP_DIR"):
        os.environ["GRADIO_TEMP_DIR"] = folder = tempfile.mkdtemp(prefix="emotion-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
