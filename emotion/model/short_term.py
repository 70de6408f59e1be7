"""The 34 short-term features of a voice, measured for every tenth of a second.

The set is pyAudioAnalysis' (Giannakopoulos, 2015): how the waveform, the spectrum's shape, the
cepstrum and the pitch classes stand in one window.
"""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.audio_utils import mel_filter_bank

from emotion.model.states import lengths_to_mask

RATE = 16_000  # samples a second
WINDOW = RATE // 10  # samples of a window, and from one to the next: 100 ms
MOST_STEPS = 200  # windows that are measured: 20 s
PARTS = 10  # of a window, and of a spectrum, whose entropies are taken
N_BINS = WINDOW // 2  # frequencies from RATE / WINDOW to RATE / 2; that of 0 Hz says nothing
ROLL_OFF = 0.9  # share of the power that lies below the roll-off
# Auditory Toolbox's bands: 200/3 Hz apart below 1 kHz, by 6.4 ** (1 / 27) above.
N_BANDS, LOWEST_BAND, HIGHEST_BAND = 40, 400 / 3, 1000 * 6.4 ** (28 / 27)
N_CEPSTRA = 13
N_CLASSES = 12  # of pitch: semitones of an octave
LOWEST_CLASS = 27.5  # Hz; the lowest A of a piano
# What is added where a sum may be zero: a millionth of the clip's loudest sample.
LITTLE = 1e-6

NAMES = (
    *("zero_crossings", "energy", "energy_entropy", "centroid", "spread"),
    *("spectral_entropy", "flux", "roll_off"),
    *(f"mfcc_{index}" for index in range(N_CEPSTRA)),
    *("chroma_a", "chroma_a#", "chroma_b", "chroma_c", "chroma_c#", "chroma_d", "chroma_d#"),
    *("chroma_e", "chroma_f", "chroma_f#", "chroma_g", "chroma_g#"),
    "chroma_deviation",
)

# The mean and the deviation of each over 25,002 windows of 722 clips of RAVDESS, nEMO and
# emotiontts, so that an encoder can bring all of them to one size without fitting anything.
USUAL = (
    *((0.13, 0.13), (0.02, 0.028), (2.7, 0.62), (0.22, 0.11), (0.21, 0.058)),
    *((0.87, 0.79), (0.011, 0.012), (0.21, 0.23)),
    *((-27.0, 5.2), (2.2, 1.5), (0.25, 0.74), (0.66, 0.71), (0.07, 0.52), (0.21, 0.38)),
    *((0.0, 0.38), (-0.05, 0.34), (0.02, 0.28), (0.0, 0.26), (0.02, 0.24), (0.02, 0.22)),
    (0.03, 0.22),
    *[(1 / N_CLASSES, 0.1)] * N_CLASSES,
    (0.098, 0.052),
)


class ShortTerm(nn.Module):
    """Samples in, the features of NAMES out; nothing in it learns."""

    bands: Tensor
    cepstra: Tensor
    classes: Tensor
    hertz: Tensor

    def __init__(self) -> None:
        super().__init__()
        bands = mel_filter_bank(
            *(N_BINS + 1, N_BANDS, LOWEST_BAND, HIGHEST_BAND, RATE),
            norm="slaney",
            mel_scale="slaney",
        )
        hertz = torch.arange(1, N_BINS + 1) * (RATE / WINDOW)
        tables = {
            "bands": torch.tensor(bands[1:], dtype=torch.float32),
            "cepstra": _cosines(N_BANDS)[:, :N_CEPSTRA],
            "classes": _classes(hertz),
            "hertz": hertz / (RATE / 2),
        }
        for name, table in tables.items():
            self.register_buffer(name, table, persistent=False)

    def forward(self, samples: Tensor, n_samples: Tensor) -> tuple[Tensor, Tensor]:
        """Measures each window.

        A clip is taken around its mean and relative to its loudest sample. A last window that is
        not full is left out, unless it is the only one.

        Args:
            samples: `[batch, n]`.
            n_samples: How many of them are real, `[batch]`.

        Returns:
            Features `[batch, steps, 34]`, zero where no window is, and where one is
            `[batch, steps]`.
        """
        # In half precision a spectrum has neither the range nor the digits.
        with torch.autocast(samples.device.type, enabled=False):
            windows, mask = _windows(samples.float(), n_samples)
            centred = windows - windows.mean(-1, keepdim=True)
            spectrum = torch.fft.rfft(centred).abs()[..., 1:] / N_BINS
            features = torch.cat(
                [_of_waveform(windows), self._of_spectrum(spectrum), self._of_tones(spectrum)], -1
            )
        return features.masked_fill(~mask[..., None], 0.0), mask

    def _of_spectrum(self, spectrum: Tensor) -> Tensor:
        """Centroid, spread, entropy, flux and roll-off, `[batch, steps, 5]`."""
        power = spectrum.square()
        shares = spectrum / (spectrum.sum(-1, keepdim=True) + LITTLE)
        centroid = shares @ self.hertz
        apart = (self.hertz - centroid[..., None]).square()
        spread = (shares * apart).sum(-1).sqrt()
        before = torch.cat([shares[:, :1], shares[:, :-1]], 1)
        flux = (shares - before).square().sum(-1)
        so_far = power.cumsum(-1)
        below = so_far < ROLL_OFF * so_far[..., -1:]
        roll_off = below.sum(-1) / N_BINS
        return torch.stack([centroid, spread, _entropy(power), flux, roll_off], -1)

    def _of_tones(self, spectrum: Tensor) -> Tensor:
        """Cepstrum, pitch classes and their deviation, `[batch, steps, 26]`."""
        cepstra = (spectrum @ self.bands + LITTLE).log10() @ self.cepstra
        chroma = spectrum.square() @ self.classes
        chroma = chroma / (chroma.sum(-1, keepdim=True) + LITTLE**2)
        return torch.cat([cepstra, chroma, chroma.std(-1, correction=0, keepdim=True)], -1)


def _windows(samples: Tensor, n_samples: Tensor) -> tuple[Tensor, Tensor]:
    """The windows `[batch, steps, WINDOW]` of the clips made alike, and which there are."""
    samples = samples[:, : MOST_STEPS * WINDOW]
    n_samples = n_samples.clamp(max=samples.shape[1])
    real = lengths_to_mask(n_samples, samples.shape[1])
    # In double precision, or the rounding of the mean would let a silent sample cross zero in one
    # batch and not in another.
    total = (samples.double() * real).sum(1, keepdim=True)
    samples = (samples - (total / n_samples.clamp(min=1)[:, None]).to(samples.dtype)) * real
    samples = samples / (samples.abs().amax(1, keepdim=True) + LITTLE)
    n_steps = max(samples.shape[1] // WINDOW, 1)
    samples = F.pad(samples, (0, max(WINDOW - samples.shape[1], 0)))[:, : n_steps * WINDOW]
    steps = (n_samples // WINDOW).clamp(min=1) * (n_samples > 0)
    return samples.unflatten(1, (n_steps, WINDOW)), lengths_to_mask(steps, n_steps)


def _of_waveform(windows: Tensor) -> Tensor:
    """Zero crossings, energy and its entropy, `[batch, steps, 3]`."""
    below = windows < 0
    crossings = (below[..., 1:] != below[..., :-1]).float().mean(-1)
    power = windows.square()
    return torch.stack([crossings, power.mean(-1), _entropy(power)], -1)


def _entropy(power: Tensor) -> Tensor:
    """How evenly power lies over PARTS equal parts of the last axis, in bits."""
    parts = power.unflatten(-1, (PARTS, -1)).sum(-1)
    shares = parts / (parts.sum(-1, keepdim=True) + LITTLE**2)
    return -torch.special.xlogy(shares, shares).sum(-1) / math.log(2)


def _cosines(size: int) -> Tensor:
    """The orthonormal discrete cosine transform of `size` values, `[size, size]`."""
    place = (torch.arange(size, dtype=torch.float64) + 0.5) * torch.pi / size
    cosines = (place[:, None] * torch.arange(size)).cos() * (2 / size) ** 0.5
    cosines[:, 0] /= 2**0.5
    return cosines.float()


def _classes(hertz: Tensor) -> Tensor:
    """The mean of each pitch class over all octaves, as a table `[bins, N_CLASSES]`."""
    semitone = (N_CLASSES * (hertz / LOWEST_CLASS).log2()).round().long()
    classes = F.one_hot(semitone % N_CLASSES, N_CLASSES) * (hertz >= LOWEST_CLASS)[:, None]
    return classes / classes.sum(0)
