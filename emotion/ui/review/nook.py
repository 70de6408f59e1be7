"""Where one visitor's files of the desk lie: the clip to be played, and what is taken out."""

import hashlib
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from gradio.utils import get_upload_folder

from emotion.errors import unwritten
from emotion.ui.review.voices import Voice

SECRET = secrets.token_bytes(16)  # so that nobody can tell a folder from the session it belongs to
KEPT = 3  # clips: the one that is heard, and those that a slow line may still be fetching


class Nook:
    """A folder that goes with its visitor."""

    def __init__(self, session: str) -> None:
        name = hashlib.sha256(SECRET + session.encode()).hexdigest()
        self.folder = Path(get_upload_folder()) / name

    def voice(self, sound: Voice, name: str) -> str:
        """Writes a voice as a file, and gives its address.

        Raises:
            BadInput: The disk has no room for what is called so, or is gone.
        """
        path = self.folder / f"{secrets.token_hex(8)}.wav"
        with _told(name):
            self.folder.mkdir(parents=True, exist_ok=True)
            former = sorted(self.folder.glob("*.wav"), key=lambda path: path.stat().st_mtime_ns)
            for each in former[: 1 - KEPT]:
                each.unlink(missing_ok=True)
            path.write_bytes(sound.wav)
        return f"gradio_api/file={quote(str(path))}"

    def written(self, name: str, content: str) -> str:
        """Writes a file to be taken out, in place of the one before, and gives its path.

        Raises:
            BadInput: The disk has no room for it, or is gone.
        """
        folder = self.folder / "out"
        path = folder / name
        # With a mark in front of a table, so that spreadsheets read Korean as what it is.
        encoding = "utf-8-sig" if path.suffix == ".csv" else "utf-8"
        with _told(name):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            path.write_text(content, encoding=encoding, newline="")
        return str(path)

    def leave(self) -> None:
        """Deletes everything."""
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """What the disk says against writing a file, as a sentence."""
    try:
        yield
    except OSError as fault:
        raise unwritten(Path(name), fault) from fault
