"""What one visitor of the Live tab is heard with, and what of it lies on the disk."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

from emotion import audio
from emotion.errors import BadInput
from emotion.live import Live
from emotion.ui.visit import hold, release, sweep_later

Noted = dict[str, Any]  # which recording it is, and its last chunks: [number, path]

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Ear:
    """What one visitor is heard with, from a press of the button on.

    Attributes:
        take: Which press it was.
        live: What listens; None where the model cannot.
        held: The chunks on the disk.
        number: That of the last chunk which was heard.
        problem: What is wrong with what came, if anything is.
        lost: Whether some of the chunks never came, as over a line that was away for long.
    """

    take: int
    live: Live | None = None
    held: tuple[str, ...] = ()
    number: int = 0
    problem: BadInput | None = None
    lost: bool = False

    def hear(self, chunks: Sequence[tuple[int, str]]) -> None:
        """Takes those of the chunks that the browser has recorded since it was last asked."""
        for number, path in chunks:
            if number > self.number:
                self.lost |= number > self.number + 1
                self.number = number
                self.held = hold(self.held, path)
                self._hear(Path(path))

    def _hear(self, chunk: Path) -> None:
        try:
            for rate, samples in audio.pieces(chunk.read_bytes()):
                if self.live:
                    self.live.hear(rate, samples)
            self.problem = None if self.live else self.problem
        except BadInput as wrong:
            self.problem = wrong
        except OSError:  # the very same silence was heard before, and deleted
            log.warning("A chunk of sound was no longer there.")


def forget(ear: Ear | None) -> None:
    """Ends what listens to somebody who has left, and deletes what they said."""
    if ear:
        if ear.live:
            ear.live.close()
        release(ear.held)
        sweep_later()


def uploaded(noted: Noted | None) -> list[tuple[int, str]]:
    """The chunks, less what is none: the list comes from the browser, and could name any file."""
    uploads = Path(get_upload_folder()).resolve()
    return [
        (number, path)
        for number, path in (noted or {}).get("chunks", ())
        if uploads in Path(path).resolve().parents and Path(path).suffix == ".wav"
    ]
