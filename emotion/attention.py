"""Attention between words and moments, brought from tokens and states to words and seconds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor

from emotion.audio import Clip
from emotion.model import Output
from emotion.model.inputs import PADDING


@dataclass(frozen=True)
class Attention:
    """Which words met which moments of the voice.

    Attributes:
        words: The words that the model read.
        frames: Start and end second of each state of the voice, `[frames, 2]`.
        words_to_voice: How much each word looked at each moment, `[layers, heads, words, frames]`;
            each row over the moments sums to 1.
        voice_to_words: How much each moment looked at each word, `[layers, heads, frames, words]`;
            each row over the words sums to 1, less what fell on marks that belong to no word; 0
            for a moment that is not heard, such as the silence before the first word.
        words_focus: Where in the voice each word leans, for a model with a focus: the second of
            the stretch's centre, and its width in seconds, `[layers, words, 2]`.
        voice_focus: Where in the words each moment leans: the centre, from 0 at the middle of the
            first word, and the width in words; NaN for a moment that is not heard,
            `[layers, frames, 2]`.
    """

    words: tuple[str, ...]
    frames: np.ndarray
    words_to_voice: np.ndarray
    voice_to_words: np.ndarray
    words_focus: np.ndarray | None = None
    voice_focus: np.ndarray | None = None


def attention(output: Output, clip: Clip, words: Sequence[str]) -> Attention | None:
    """What the first row's words and moments made of each other; None if the model shows nothing.

    Args:
        output: What the model says.
        clip: The voice of the first row.
        words: All words of the first row, of which the model may have read only the first ones.
    """
    seen = output.weights
    if seen is None:
        return None
    voice, text = output.sides.voice, output.sides.words
    heard, read = voice.mask[0].cpu().numpy(), text.mask[0].cpu().numpy()
    word_of = np.where(read, text.span[0, :, 0].float().cpu().numpy(), PADDING).astype(int)
    member = (word_of[:, None] == np.arange(word_of.max() + 1)).astype(np.float32)
    frames = voice.span[0].float().cpu().numpy().clip(max=clip.seconds)
    # A word looks as its tokens do on average; what its tokens receive is the word's together.
    mean = (member / member.sum(0)).T
    found = Attention(
        tuple(words[: member.shape[1]]),
        frames,
        mean @ _first(seen.words_to_voice),
        _first(seen.voice_to_words) @ member * heard[:, None],
    )
    if seen.words_focus is None or seen.voice_focus is None:
        return found
    return replace(
        found,
        words_focus=_in_seconds(_first(seen.words_focus), member, frames[heard]),
        voice_focus=_in_words(_first(seen.voice_focus), word_of[read], heard),
    )


def mixed(focus: np.ndarray, axis: int) -> np.ndarray:
    """One stretch for several, as wide as all of them together, without that axis.

    Args:
        focus: Centres and widths, `[..., 2]`.
        axis: Which axis holds the several, counted from the first.
    """
    centre, width = focus[..., 0], focus[..., 1]
    middle = centre.mean(axis)
    return np.stack([middle, np.sqrt((width**2).mean(axis) + centre.var(axis))], -1)


def _first(values: Tensor) -> np.ndarray:
    return values[0].float().cpu().numpy()


def _in_seconds(focus: np.ndarray, member: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """Tokens' places among the heard frames `[n, 2]`, as words' places in seconds."""
    edges = np.append(heard[:, 0], heard[-1, 1])
    centre = np.interp(focus[..., 0], np.arange(len(edges)), edges)
    width = focus[..., 1] * (edges[-1] - edges[0]) / len(heard)
    tokens = np.stack([centre, width], -1)
    return np.stack([mixed(tokens[:, word > 0], 1) for word in member.T], 1)


def _in_words(focus: np.ndarray, word_of: np.ndarray, heard: np.ndarray) -> np.ndarray:
    """Moments' places among the real tokens, as places among the words."""
    n_words = word_of.max() + 1
    # A word's tokens share its place evenly; a mark that belongs to no word takes none.
    widths = np.array([0.0 if w < 0 else 1 / (word_of == w).sum() for w in word_of])
    edges = np.append(0.0, widths.cumsum()) - 0.5
    centre = np.interp(focus[..., 0], np.arange(len(edges)), edges)
    found = np.stack([centre, focus[..., 1] * n_words / len(word_of)], -1)
    found[:, ~heard] = np.nan
    return found
