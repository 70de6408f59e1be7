"""One visitor: what they gave, what was found for them, and what they leave on the disk."""

import atexit
import csv
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from gradio.utils import get_upload_folder

from emotion import tables
from emotion.analysis import Analysis
from emotion.analyze import Analyzer
from emotion.explain import Occlusion
from emotion.transcribe import Transcript


@dataclass(frozen=True)
class Visit:
    """What one visitor has on the page; in memory until they leave.

    Attributes:
        audio: The path of the voice that was given last.
        heard: The words that belong to it, with their times.
        analysis: What was found.
        stale: Whether a voice was given after that analysis.
        occlusion: What taking parts away found.
        folder: Where the files to download lie.
    """

    audio: str | None = None
    heard: Transcript | None = None
    analysis: Analysis | None = None
    stale: bool = False
    occlusion: Occlusion | None = None
    folder: Path | None = None

    def file(self, kind: str) -> str | None:
        """The path of the file to download, "json" or "csv"."""
        return str(self.folder / f"emotion.{kind}") if self.folder else None


def read(
    analyzer: Analyzer,
    visit: Visit,
    audio: str | None,
    text: str,
    *,
    voice_alone: bool = False,
    spoken: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Visit:
    """Analyzes what a visitor gave, without decoding or transcribing anything twice.

    Args:
        analyzer: The model.
        visit: What this visitor has so far.
        audio: The path of the voice; None where there is only text.
        text: What was said; empty to have it written down.
        voice_alone: Whether the words are left out.
        spoken: The language spoken, None to find out.
        progress: Called with each stage's name.
    """
    known = visit.analysis if visit.audio == audio and not visit.stale else None
    words: str | Transcript | None = text.strip() or None
    if words and known and visit.heard:
        words = visit.heard.edited(text)
    analysis = analyzer.analyze(
        known.clip if known and known.clip else audio,
        None if voice_alone else words,
        words=not voice_alone,
        language=spoken,
        progress=progress,
    )
    heard = analysis.transcript or (visit.heard if known else None)
    return Visit(audio, heard, analysis, folder=write(analysis))


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
    """Deletes what a visitor left on the disk."""
    if visit is None:
        return
    if visit.folder:
        shutil.rmtree(visit.folder, ignore_errors=True)
    if visit.audio and Path(get_upload_folder()).resolve() in Path(visit.audio).resolve().parents:
        Path(visit.audio).unlink(missing_ok=True)


def prepare() -> None:
    """Gives the visitors' files a folder that no other user of the machine can read."""
    if "GRADIO_TEMP_DIR" not in os.environ:
        os.environ["GRADIO_TEMP_DIR"] = folder = tempfile.mkdtemp(prefix="emotion-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
