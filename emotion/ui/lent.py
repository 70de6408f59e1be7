"""A GPU that a host lends for seconds at a time, as Spaces' ZeroGPU does.

Each loan is paid out of a visitor's few minutes a day, and takes seconds to begin. So only a model
too large for a CPU borrows, and Live, which asks twice a second, never does.

What asks the model then runs in another process: what goes there and comes back is plain values,
and what can be refused is refused before.
"""

import math
from collections.abc import Callable, Sequence
from types import ModuleType

from emotion.analysis import Analysis, Prediction, Utterance
from emotion.analyze import Analyzer
from emotion.batches import seconds
from emotion.model import Row
from emotion.transcribe import Transcriber

SMALL = 50_000_000  # weights: with no more of them, a CPU has judged before a loan would begin
# Seconds that are asked for: short ones come sooner, and ask less to be left of a visitor's day.
ONE, MOST = 10, 60
PACE = 100.0  # seconds of voice that a lent GPU hears in one


def lender() -> ModuleType | None:
    """What lends a GPU here; None where there is nothing of the kind."""
    try:
        import spaces
    except ImportError:
        return None
    return spaces if spaces.config.Config.zero_gpu else None


def load(checkpoint: str) -> tuple[Analyzer, Analyzer]:
    """The page's model, and the one that Live asks: the same, unless the page's borrows.

    Args:
        checkpoint: See Analyzer.load.
    """
    spaces = lender()
    if spaces is None:
        analyzer = Analyzer.load(checkpoint)
        return analyzer, analyzer
    # Whisper stays on the CPU: it is loaded when it is first needed, which is too late for a loan.
    whisper = Transcriber(Transcriber().size or "base", "cpu")
    own = Analyzer.load(checkpoint, "cpu", whisper)
    small = sum(each.numel() for each in own.model.parameters()) <= SMALL
    lent = own if small else Analyzer.load(checkpoint, transcriber=whisper)
    # Also where nothing will borrow: such a host ends a page that never says what would.
    judge = spaces.GPU(duration=ONE)(lent._judge)
    predict = spaces.GPU(duration=needed)(lent.predict_rows)
    if not small:
        lent._judge, lent.predict_rows = around(lent, judge, predict)  # type: ignore[method-assign]
    return lent, own


def needed(rows: Sequence[Row]) -> int:
    """Seconds of a GPU to ask for."""
    return min(MOST, ONE + math.floor(sum(map(seconds, rows)) / PACE))


def around(
    analyzer: Analyzer,
    judge: Callable[[Utterance], Analysis],
    predict: Callable[[Sequence[Row]], list[Prediction]],
) -> tuple[Callable[..., Analysis], Callable[..., list[Prediction]]]:
    """The two that ask the model, with nothing passed on that cannot leave the process."""

    def judged(utterance: Utterance) -> Analysis:
        analyzer.row(utterance)  # what it refuses would come back as another error
        return judge(utterance)

    def predicted(
        rows: Sequence[Row], progress: Callable[[float], None] | None = None
    ) -> list[Prediction]:
        found = predict(rows)
        if progress:
            progress(1.0)
        return found

    return judged, predicted
