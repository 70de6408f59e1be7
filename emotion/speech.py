"""Where somebody speaks in a clip."""

import copy
import functools
import math
import threading
from dataclasses import dataclass, replace
from typing import Any

from emotion.audio import Clip
from emotion.resample import RATE

SPEECH_PAUSE = 300  # ms; a shorter pause does not end a region
SPEECH_LEAST = 100  # ms; a shorter burst is no word
SPEECH_MARGIN = 60  # ms kept before and after a region


@dataclass(frozen=True)
class Region:
    """A stretch of speech, in seconds from the clip's start."""

    start: float
    end: float


def detector() -> Any:  # noqa: ANN401  # the package has no types
    """Silero's detector of speech, which asks for 32 ms at a time and remembers those before."""
    # A shallow copy shares the weights and keeps its own state: visitors may call at once.
    own = copy.copy(_detector())
    own.reset_states()
    return own


def speech_regions(clip: Clip, longest: float = math.inf) -> tuple[Region, ...]:
    """Finds where somebody speaks, in order and apart; nothing in silence or noise.

    Args:
        clip: The voice.
        longest: Seconds after which a region is cut, at a short pause where there is one.
    """
    own = detector()

    import torch
    from silero_vad import get_speech_timestamps

    found = get_speech_timestamps(
        torch.tensor(clip.samples),
        own,
        sampling_rate=RATE,
        min_silence_duration_ms=SPEECH_PAUSE,
        min_speech_duration_ms=SPEECH_LEAST,
        speech_pad_ms=SPEECH_MARGIN,
        max_speech_duration_s=longest,
    )
    return tuple(Region(region["start"] / RATE, region["end"] / RATE) for region in found)


def speaks(clip: Clip) -> bool:
    """Whether speech_regions finds anything in a clip; mostly known long before its end."""
    # What breaks off where a part does may be more of a pause than of a word.
    certain = (SPEECH_LEAST + SPEECH_PAUSE + 2 * SPEECH_MARGIN) / 1000
    heard = RATE
    while heard < len(clip.samples):
        part = speech_regions(replace(clip, samples=clip.samples[:heard]))
        if any(region.end - region.start > certain for region in part):
            return True
        heard *= 2
    return bool(speech_regions(clip))


def _detector() -> Any:  # noqa: ANN401  # the package has no types
    with _LOADING:
        return _loaded_detector()


_LOADING = threading.Lock()


@functools.cache
def _loaded_detector() -> Any:  # noqa: ANN401
    import torch

    threads = torch.get_num_threads()
    from silero_vad import load_silero_vad

    torch.set_num_threads(threads)  # importing it has set 1 for the whole program
    return load_silero_vad(onnx=True)
