"""Words while somebody speaks: Whisper in the background, as long as it keeps up."""

import logging
import threading
import time

from emotion.audio import Clip
from emotion.errors import BadInput
from emotion.speech import Region
from emotion.transcribe import Transcriber
from emotion.transcript import Word

LONGEST = 10.0  # seconds that are heard at once; more would take longer than the speech
KEPT = 30.0  # seconds for which words are remembered
LATE = 4.0  # seconds after which words are of no use to a reading any more
LATE_AT_MOST = 2  # times in a row that they may be
REST = 1.0  # seconds, at least, between two hearings, so that readings get their turn

log = logging.getLogger(__name__)


class Scribe:
    """Writes down what is said, a stretch at a time, and stops when it falls behind.

    Attributes:
        words: What was said so far in the last half minute, on the clock of the whole sound.
        problem: Why no words come any more, if that is so.
        longest: Seconds that are heard at once.
    """

    longest = LONGEST

    def __init__(self, transcriber: Transcriber) -> None:
        self.words: tuple[Word, ...] = ()
        self.problem = None if transcriber.here else BadInput("words_absent")
        self._transcriber = transcriber
        self._at_work: threading.Thread | None = None
        self._rests_until = 0.0
        self._late = -1  # the first time Whisper is loaded, which is not its own fault
        self._closed = False

    @property
    def ready(self) -> bool:
        """Whether it may begin with the next stretch."""
        busy = self._at_work is not None and self._at_work.is_alive()
        idle = not (self._closed or self.problem or busy)
        return idle and time.monotonic() >= self._rests_until

    def begin(self, start: float, clip: Clip, regions: tuple[Region, ...]) -> None:
        """Hears the words of a stretch in the background.

        Args:
            start: When it begins, on the clock of the whole sound.
            clip: How it sounds.
            regions: Where somebody speaks in it.
        """
        arguments = (start, clip, regions)
        self._at_work = threading.Thread(target=self._hear, args=arguments, daemon=True)
        self._at_work.start()

    def close(self) -> None:
        """Begins nothing any more; what goes on now is not waited for."""
        self._closed = True

    def wait(self, seconds: float) -> None:
        """Waits until what goes on now is done."""
        if self._at_work:
            self._at_work.join(seconds)

    def _hear(self, start: float, clip: Clip, regions: tuple[Region, ...]) -> None:
        begun = time.monotonic()
        try:
            found = self._transcriber.transcribe(clip, regions)
        except BadInput as problem:
            self.problem = problem
            return
        except Exception:  # the readings go on without words
            log.exception("The words could not be heard.")
            self.problem = BadInput("words_behind")
            return
        took = time.monotonic() - begun
        self._note(took)
        self._rests_until = time.monotonic() + max(REST, took)
        new = [Word(w.text, start + (w.start or 0.0), start + (w.end or 0.0)) for w in found.words]
        first = start + (regions[0].start if regions else 0.0)
        forgotten = start + clip.seconds - KEPT
        kept = [word for word in self.words if forgotten < (word.end or 0.0) <= first]
        self.words = (*kept, *new)

    def _note(self, took: float) -> None:
        """Gives up where the words come too late several times in a row."""
        self._late = self._late + 1 if took > LATE or self._late < 0 else 0
        if self._late >= LATE_AT_MOST:
            self.problem = BadInput("words_behind")
