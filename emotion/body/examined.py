"""A body's signals beside a voice: measured, and judged where the model can."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from emotion import audio as hearing
from emotion.audio import Clip
from emotion.biosignals import features
from emotion.body.recorded import Recorded, read
from emotion.body.told import Told
from emotion.errors import BadInput
from emotion.speech import Region, speech_regions

if TYPE_CHECKING:
    from emotion.analysis import Analysis
    from emotion.analyze import Analyzer
    from emotion.model import ModelConfig

WITH_BODY = {"body", "voice+body", "words+body", "all"}  # of config.COMBINATIONS


@dataclass(frozen=True, eq=False)
class Examined:
    """What was found of a body.

    Attributes:
        recorded: Its signals, on the voice's clock where there is a voice.
        features: What was measured of them, in the order of biosignals.FEATURES.
        clip: The voice.
        regions: Where there is speech in it.
        analysis: What is felt, where the model takes signals of a body.
        notice: Why there is no analysis.
    """

    recorded: Recorded
    features: np.ndarray
    clip: Clip | None = None
    regions: tuple[Region, ...] = ()
    analysis: "Analysis | None" = None
    notice: BadInput | None = None


def takes_body(config: "ModelConfig") -> bool:
    """Whether a model can be asked with signals of a body."""
    return bool(WITH_BODY & set(config.able))


def recorded_beside(
    paths: Sequence[str | Path],
    told: Told | None = None,
    offset: float = 0.0,
    voice: Clip | None = None,
) -> Recorded:
    """The signals of some files while a voice was heard; all of them without a voice.

    Args:
        paths: The files.
        told: What is known of them; whatever is not is found out.
        offset: The second of the signals at which the voice begins.
        voice: The voice; a session's segment that is called as it is read.
    """
    if voice is None:
        return read(paths, told)
    return read(paths, told, Path(voice.source).stem).beside(voice.seconds, offset)


def examine(
    analyzer: "Analyzer",
    paths: Sequence[str | Path],
    audio: str | Path | None = None,
    text: str | None = None,
    *,
    told: Told | None = None,
    offset: float = 0.0,
    words: bool = True,
    language: str | None = None,
    progress: Callable[[str], None] | None = None,
) -> Examined:
    """Measures a body, and finds what is felt where the model takes its signals.

    Args:
        analyzer: The model.
        paths: The files of the signals.
        audio: The voice that was heard meanwhile.
        text: What was said; None asks Whisper, for a model that reads words.
        told: What is known of the files; whatever is not is found out.
        offset: The second of the signals at which the voice begins.
        words: False leaves the words out.
        language: "ko", "en", or None to find out.
        progress: Called with each stage's name as it begins.

    Raises:
        BadInput: The files or the voice cannot be read.
    """
    if not paths:
        raise BadInput("no_body")
    clip = hearing.load(audio) if audio else None
    recorded = recorded_beside(paths, told, offset, clip)
    measured = features(recorded.body)
    analysis, notice = None, None
    if np.isnan(measured).all():
        notice = BadInput("no_measures")
    elif not takes_body(analyzer.model.config):
        notice = BadInput("body_unread")
    else:
        try:
            analysis = analyzer.analyze(
                clip, text, body=measured, words=words, language=language, progress=progress
            )
        except BadInput as wrong:
            notice = wrong
    regions = analysis.regions if analysis else speech_regions(clip) if clip else ()
    return Examined(recorded, measured, clip, regions, analysis, notice)
