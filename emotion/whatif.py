"""What if: other words, a stretch without voice, another pitch or loudness, judged once more."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from emotion.analysis import Analysis
from emotion.analyze import Analyzer
from emotion.audio import RATE, Clip
from emotion.errors import BadInput
from emotion.explain import Span, muted
from emotion.resample import Resampler
from emotion.transcript import typed, uttered

if TYPE_CHECKING:
    from torch import Tensor

PITCH = 12  # semitones up or down at the most; an octave further no voice sounds like one
LOUDNESS = 40  # dB up or down at the most
N_FFT = 1024  # samples; short enough for a syllable, long enough to tell a man's harmonics apart
HOP = N_FFT // 8  # a voice glides, and at wider steps its harmonics would lose each other
FORMANTS = 32  # of the cepstrum; beyond this lies the pitch of a high voice
QUIET = 1e-4  # of a spectrum, below which there is only noise to shape


@dataclass(frozen=True)
class Changes:
    """What would be different; as it is made, nothing is.

    Attributes:
        text: All the words as they would be, none of them for ""; None leaves them.
        mute: From which second to which there would be silence.
        pitch: Semitones up, or down below 0.
        loudness: Decibels up, or down below 0; no further up than full scale.
    """

    text: str | None = None
    mute: Span = (0.0, 0.0)
    pitch: float = 0.0
    loudness: float = 0.0

    @property
    def of_the_voice(self) -> bool:
        """Whether the voice would be another one."""
        return self.mute[0] < self.mute[1] or self.pitch != 0 or self.loudness != 0


def change(analyzer: Analyzer, analysis: Analysis, changes: Changes) -> Analysis:
    """Judges what was analyzed as it would be with some changes.

    Args:
        analyzer: The one that made the analysis.
        analysis: What to change.
        changes: What would be different.

    Returns:
        All that would be found, on the same clock.

    Raises:
        BadInput: A change cannot be made, or leaves nothing that the model can judge.
    """
    transcript = analysis.transcript
    if changes.text is not None:
        transcript = transcript.edited(changes.text) if transcript else typed(uttered(changes.text))
    return analyzer.analyze(
        changed_voice(analysis.clip, changes),
        transcript,
        body=analysis.body,
        words=transcript is not None,
    )


def changed_voice(clip: Clip | None, changes: Changes) -> Clip | None:
    """The voice with another pitch, then another loudness, then silence; as long as before.

    Raises:
        BadInput: A change cannot be made, or there is no voice to change.
    """
    _check(changes)
    if not changes.of_the_voice:
        return clip
    if clip is None:
        raise BadInput("no_voice")
    start, end = changes.mute
    if clip.seconds <= start < end:
        seconds = f"{clip.seconds:.1f}"
        raise BadInput("mute_outside", seconds=seconds, start=f"{start:.6g}", end=f"{end:.6g}")
    samples = louder(shifted(clip.samples, changes.pitch), changes.loudness)
    return Clip(muted(samples, changes.mute), clip.source, clip.truncated)


def louder(samples: np.ndarray, decibels: float) -> np.ndarray:
    """Samples made louder, no further than full scale, or softer."""
    loudest = float(np.abs(samples).max(initial=0))
    most = max(1 / loudest, 1.0) if loudest else 1.0
    return (samples * min(10 ** (decibels / 20), most)).astype(np.float32)


def shifted(samples: np.ndarray, semitones: float) -> np.ndarray:
    """A voice of another pitch, as long as before and of the same throat.

    It is drawn out and then played faster, or the other way round, which would make another
    speaker of it; so each moment is given back the resonances and the power that it had.

    Args:
        samples: Mono float32 at RATE, `[n]`.
        semitones: How far up; down below 0.
    """
    if not semitones or not len(samples):
        return samples
    import torch
    from torchaudio.functional import phase_vocoder

    ratio = 2 ** (semitones / 12)
    voice = torch.from_numpy(samples)
    spectrum = _spectrum(voice)
    advance = torch.linspace(0, math.pi * HOP, N_FFT // 2 + 1)[:, None]
    drawn_out = _sound(phase_vocoder(spectrum, 1 / ratio, advance), round(len(samples) * ratio))
    resampler = Resampler()
    played = [resampler.feed(round(RATE * ratio), drawn_out.numpy()), resampler.end()]
    other = _spectrum(torch.from_numpy(_as_long(np.concatenate(played), len(samples))))
    other *= (_resonances(spectrum) - _resonances(other)).exp()
    other *= (_power(spectrum) / _power(other)).sqrt()
    return _sound(other, len(samples)).numpy().clip(-1, 1)


def _spectrum(samples: "Tensor") -> "Tensor":
    """`[bins, frames]`."""
    import torch

    window = torch.hann_window(N_FFT)
    # Zeros before and behind, for a clip may be shorter than a window.
    return torch.stft(samples, N_FFT, HOP, window=window, pad_mode="constant", return_complex=True)


def _sound(spectrum: "Tensor", n: int) -> "Tensor":
    import torch

    return torch.istft(spectrum, N_FFT, HOP, window=torch.hann_window(N_FFT), length=n)


def _resonances(spectrum: "Tensor") -> "Tensor":
    """The smooth outline of each moment's spectrum, as a logarithm, `[bins, frames]`."""
    import torch

    cepstrum = torch.fft.irfft(spectrum.abs().clamp(min=QUIET).log(), dim=0)
    cepstrum[FORMANTS : N_FFT - FORMANTS + 1] = 0
    return torch.fft.rfft(cepstrum, dim=0).real


def _power(spectrum: "Tensor") -> "Tensor":
    """Of each moment, `[frames]`."""
    return spectrum.abs().clamp(min=QUIET).square().sum(0)


def _as_long(samples: np.ndarray, n: int) -> np.ndarray:
    return np.pad(samples[:n], (0, max(0, n - len(samples))))


def _check(changes: Changes) -> None:
    limits = {"pitch": PITCH, "loudness": LOUDNESS}
    for name, most in limits.items():
        value = getattr(changes, name)
        if not -most <= value <= most:  # which is also true of what is no number
            raise BadInput("bad_change", name=name, value=value, least=-most, most=most)
    start, end = changes.mute
    if not 0 <= start <= end < math.inf:
        raise BadInput("bad_mute", start=start, end=end)
