"""How many syllables there are: counted in words, or heard in the sound."""

import re

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import butter, find_peaks, sosfilt

from emotion.audio import RATE
from emotion.transcript import Transcript

VOWELS = (300, 3300)  # Hz, between which vowels are loud and most consonants are not
SMOOTH = 0.025  # seconds: shorter waves of loudness are no syllables
FINER = 4  # times the frames, at which loudness is smoothed, or a low voice's cycles would beat
DIP = 2.0  # dB between two syllables
FAINT = 25.0  # dB below the loudest, where no syllable is heard any more
QUIETEST = 1e-10  # power of silence

HANGUL = re.compile(r"[가-힣]")
LATIN = re.compile(r"[a-zà-öø-ÿ][a-zà-öø-ÿ']*")
NUCLEUS = re.compile(r"[aeiouy]+")
# A last e is silent but after a consonant and l (table), a last -es and -ed after most letters.
SILENT = re.compile(r"(?<=[^aeiouy])(?<![^aeiouy]l)e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyscxzgh])es$")


def in_words(transcript: Transcript) -> int | None:
    """Syllables of Korean and English words; None where some could not be counted, as digits."""
    total = 0
    for word in transcript.text.lower().split():
        hangul, latin = len(HANGUL.findall(word)), LATIN.findall(word)
        if re.search(r"\d", word) or not (hangul or latin or re.fullmatch(r"\W+", word)):
            return None
        total += hangul + sum(map(_english, latin))
    return total or None


def _english(word: str) -> int:
    letters = word.replace("'", "")
    return max(len(NUCLEUS.findall(SILENT.sub("", letters))), 1)


def nuclei(samples: np.ndarray, voiced: np.ndarray, hop: int) -> np.ndarray:
    """The frames in which the sound has a syllable: loud, with a pitch, and a dip on each side.

    Args:
        samples: At RATE, `[n]`.
        voiced: Whether each frame has a pitch, `[frames]`.
        hop: Samples from one frame to the next.
    """
    if not voiced.any():
        return np.zeros(0, int)
    vowels = sosfilt(butter(4, VOWELS, "bandpass", fs=RATE, output="sos"), samples)
    whole = np.pad(np.square(vowels), (0, len(voiced) * hop - len(vowels)))
    step = hop // FINER
    power = gaussian_filter1d(whole.reshape(-1, step).mean(1), SMOOTH * RATE / step)
    level = 10 * np.log10(np.maximum(power[FINER // 2 :: FINER], QUIETEST))
    # With silence around it, so that the first and the last syllable have two sides as well.
    edged = np.pad(level, 1, constant_values=-100.0)
    peaks, _ = find_peaks(edged, height=level.max() - FAINT, prominence=DIP)
    return peaks[voiced[peaks - 1]] - 1
