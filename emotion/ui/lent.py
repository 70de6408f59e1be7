"""A GPU that a host lends for seconds at a time, as Spaces' ZeroGPU does.

What asks the model then runs in another process: what goes there and comes back is plain values,
and what can be refused is refused before.
"""

from collections.abc import Callable, Sequence

from emotion.analysis import Analysis, Prediction, Utterance
from emotion.analyze import Analyzer
from emotion.model import Row
from emotion.transcribe import Transcriber

# Seconds that are asked for: short ones come sooner.
ONE, MANY = 10, 30


def lend(analyzer: Analyzer) -> bool:
    """Has a model ask for the GPU each time, and says whether there is one to be lent."""
    try:
        import spaces
    except ImportError:
        return False
    if not spaces.config.Config.zero_gpu:
        return False
    # Whisper stays on the CPU: it is loaded when it is first needed, which is too late for a loan.
    analyzer.transcriber = Transcriber(analyzer.transcriber.size or "base", "cpu")
    judge = spaces.GPU(duration=ONE)(analyzer._judge)
    predict = spaces.GPU(duration=MANY)(analyzer.predict_rows)
    analyzer._judge, analyzer.predict_rows = around(analyzer, judge, predict)  # type: ignore[method-assign]
    return True


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
