"""What is tried before anybody asks, so that the first visitor need not wait for it."""

import logging
import sys

from emotion.analyze import Analyzer
from emotion.ui.desk import EXAMPLES, examples

log = logging.getLogger(__name__)


def warm_up(analyzer: Analyzer) -> None:
    """Analyzes an example, so that the first visitor need not wait for what loads at first use.

    Whisper takes part if nothing has to be fetched for it.
    """
    example = next(iter(examples()), None)
    if example is None:
        return
    text = None if analyzer.transcriber.here else example["text"]
    try:
        notice = analyzer.analyze(EXAMPLES / example["file"], text).notice
    except Exception:
        # The page is open and says itself what is wrong as soon as somebody asks.
        log.exception("The example could not be analyzed.")
        return
    if notice:
        print(notice, file=sys.stderr)
