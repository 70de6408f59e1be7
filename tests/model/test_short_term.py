"""The 34 features, each against librosa's, scipy's or plain numpy's own way to it."""

import librosa
import numpy as np
import pytest
import scipy.fft
import scipy.stats
import torch

from emotion.model.short_term import MOST_STEPS, NAMES, ShortTerm
from tests.conftest import voice
from tests.make_media import tone

RATE = 16_000
WINDOW = 1600
FREQUENCIES = np.arange(1, 801) * 10.0  # Hz; 0 Hz is left out
CLASSES = ["a", "a#", "b", "c", "c#", "d", "d#", "e", "f", "f#", "g", "g#"]


@pytest.fixture(scope="module")
def measure():
    return ShortTerm()


@pytest.fixture(scope="module")
def clip():
    """A second of a gliding voice with an offset, then silence, then a louder tone in noise."""
    noise = 0.02 * np.random.default_rng(1).standard_normal(RATE // 2)
    parts = [voice(1) + 0.05, np.full(WINDOW, 0.05), 0.05 + noise + tone(700, seconds=0.5)]
    return np.concatenate(parts).astype(np.float32)


@pytest.fixture(scope="module")
def found(measure, clip):
    features, mask = measure(torch.tensor(clip)[None], torch.tensor([len(clip)]))
    assert mask.all()
    assert features.shape == (1, 16, 34)
    return dict(zip(NAMES, features[0].T.double().numpy(), strict=True))


@pytest.fixture(scope="module")
def windows(clip):
    centred = clip - clip.mean(dtype=np.float64)
    scaled = centred / np.abs(centred).max()
    return scaled.reshape(16, WINDOW)


@pytest.fixture(scope="module")
def spectrum(windows):
    """Magnitudes as librosa wants them, `[frequencies, windows]`."""
    windows = windows - windows.mean(1, keepdims=True)
    return np.abs(scipy.fft.rfft(windows, axis=1)).T[1:] / 800


SILENT = 10  # the window in which nothing sounds


def compare(mine, theirs, **tolerance):
    """Where something sounds; what is defined of silence is tested by itself."""
    sounding = np.arange(16) != SILENT
    np.testing.assert_allclose(mine[sounding], np.ravel(theirs)[sounding], **tolerance)


def test_zero_crossings(found, windows):
    theirs = [np.count_nonzero(np.diff(np.signbit(window))) / (WINDOW - 1) for window in windows]
    compare(found["zero_crossings"], theirs, atol=1e-6)


def test_energy_and_its_entropy(found, windows):
    compare(found["energy"], [np.var(w) + np.mean(w) ** 2 for w in windows], rtol=1e-4)
    parts = (windows.reshape(16, 10, 160) ** 2).sum(2)
    compare(found["energy_entropy"], scipy.stats.entropy(parts, axis=1, base=2), atol=1e-4)


def test_centroid_and_spread(found, spectrum):
    shape = {"S": spectrum, "sr": RATE, "freq": FREQUENCIES}
    compare(found["centroid"] * 8000, librosa.feature.spectral_centroid(**shape), rtol=2e-4)
    compare(found["spread"] * 8000, librosa.feature.spectral_bandwidth(**shape), rtol=2e-4)


def test_roll_off(found, spectrum):
    theirs = librosa.feature.spectral_rolloff(
        S=spectrum**2, sr=RATE, freq=FREQUENCIES, roll_percent=0.9
    )
    # Bins below the roll-off, of 800; librosa names the bin in which it lies.
    compare(found["roll_off"] * 8000 + 10, theirs, atol=1e-2)


def test_spectral_entropy(found, spectrum):
    parts = (spectrum**2).reshape(10, 80, 16).sum(1)
    compare(found["spectral_entropy"], scipy.stats.entropy(parts, axis=0, base=2), atol=1e-4)


def test_flux(found, spectrum):
    shares = np.divide(spectrum, spectrum.sum(0), where=spectrum.sum(0) > 1e-9, out=spectrum * 0)
    theirs = np.square(np.diff(shares, axis=1)).sum(0)
    np.testing.assert_allclose(found["flux"], [0, *theirs], rtol=1e-3, atol=1e-7)
    assert theirs.max() > 0.1


def test_cepstra(found, spectrum):
    # 40 bands of the Auditory Toolbox: every 200/3 Hz to 1 kHz, then ever wider.
    bands = librosa.filters.mel(
        sr=RATE, n_fft=WINDOW, n_mels=40, fmin=133.3333, fmax=6855.4976, dtype=np.float64
    )[:, 1:]
    theirs = scipy.fft.dct(np.log10(bands @ spectrum + 1e-6), axis=0, norm="ortho")
    for index in range(13):
        compare(found[f"mfcc_{index}"], theirs[index], atol=1e-3)


def test_chroma_and_its_deviation(found, spectrum):
    heard = {name: [] for name in CLASSES}
    for hertz, powers in zip(FREQUENCIES, spectrum**2, strict=True):
        if hertz > 27.5:
            # MIDI's note 69 is an A; a note's class is its distance from an A in semitones.
            heard[CLASSES[round(librosa.hz_to_midi(hertz) - 69) % 12]].append(powers)
    means = np.array([np.mean(heard[name], axis=0) for name in CLASSES])
    shares = means / np.maximum(means.sum(0), 1e-30)
    for name, theirs in zip(CLASSES, shares, strict=True):
        compare(found[f"chroma_{name}"], theirs, atol=1e-4)
    compare(found["chroma_deviation"], shares.std(0), atol=1e-4)


def test_silence_is_finite_and_says_so(measure, found):
    features, mask = measure(torch.zeros(1, RATE), torch.tensor([RATE]))
    assert features.isfinite().all()
    assert mask.all()
    for name in ("zero_crossings", "energy", "energy_entropy", "centroid", "flux", "chroma_a"):
        assert features[0, :, NAMES.index(name)].eq(0).all()
    assert found["energy_entropy"][SILENT] == pytest.approx(np.log2(10), abs=1e-3)
    assert found["spectral_entropy"][SILENT] < 1e-3


@pytest.mark.parametrize("hertz", [220, 440, 880, 1760])
def test_an_a_is_an_a_in_every_octave(measure, hertz):
    samples = torch.tensor(tone(hertz), dtype=torch.float32)[None]
    features, _ = measure(samples, torch.tensor([RATE]))
    assert (features[0, :, NAMES.index("chroma_a")] > 0.99).all()
    np.testing.assert_allclose(features[0, :, NAMES.index("centroid")], hertz / 8000, atol=1e-3)


LENGTHS = [1, 700, 1600, 4799, 16_000, 31_999, 48_000]


def test_a_clip_does_not_depend_on_its_batch(measure):
    clips = [voice(3, seed)[:length] for seed, length in enumerate(LENGTHS)]
    clips[4][2000:9000] = 0
    samples = torch.zeros(len(clips), 50_000)
    for row, each in enumerate(clips):
        samples[row, : len(each)] = torch.tensor(each)
    samples[:, 48_000:] = 9.0  # what stands behind a clip is not heard
    together, mask = measure(samples, torch.tensor(LENGTHS))
    assert mask.sum(1).tolist() == [1, 1, 1, 2, 10, 19, 30]
    assert together[~mask].eq(0).all()
    for row, each in enumerate(clips):
        alone, there = measure(torch.tensor(each)[None], torch.tensor([len(each)]))
        assert there.all()
        n_steps = alone.shape[1]
        torch.testing.assert_close(together[row, :n_steps], alone[0], atol=1e-5, rtol=1e-5)


def test_no_sample_is_no_step_and_twenty_seconds_are_the_most(measure):
    features, mask = measure(torch.zeros(2, 22 * RATE), torch.tensor([0, 22 * RATE]))
    assert features.shape == (2, MOST_STEPS, 34)
    assert mask.sum(1).tolist() == [0, 200]


def test_louder_recordings_of_the_same_voice_are_the_same(measure, clip):
    quiet, loud = (
        measure(gain * torch.tensor(clip)[None], torch.tensor([len(clip)]))[0]
        for gain in (0.1, 0.9)
    )
    torch.testing.assert_close(quiet, loud, atol=2e-3, rtol=1e-3)
