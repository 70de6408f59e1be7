"""What a model reads of pitch and loudness; the curves themselves are in test_acoustics."""

import numpy as np
import pytest
import torch

from emotion.model.prosody import measure, prosody
from tests.conftest import voice
from tests.make_media import tone

RATE = 16_000
HOP = 320


def read(samples, hop=HOP):
    """Pitch, voicing and loudness of one clip."""
    row = torch.tensor(np.asarray(samples), dtype=torch.float32)[None]
    found = prosody(row, torch.tensor([row.shape[1]]), hop)
    assert found.dtype == torch.float32
    return found[0].T.numpy()


def test_the_pitch_is_in_octaves_from_the_clips_own_median():
    up_and_down = [tone(hertz, seconds=0.5) for hertz in (200, 400, 200, 100, 200)]
    pitch, voiced, _ = read(np.concatenate(up_and_down))
    middles = [12, 37, 62, 87, 112]  # of the five tones, in frames of 20 ms
    np.testing.assert_allclose(pitch[middles], [0, 1, 0, -1, 0], atol=0.01)
    assert voiced[middles].all()


def test_voices_an_octave_apart_read_alike():
    low, high = (
        read(np.concatenate([tone(share * hertz, seconds=0.5) for share in (1, 1.2, 1.5)]))
        for hertz in (100, 200)
    )
    steady = [12, 37, 62]
    np.testing.assert_allclose(low[0][steady], np.log2(np.array([1, 1.2, 1.5]) / 1.2), atol=0.01)
    np.testing.assert_allclose(low[0][steady], high[0][steady], atol=0.01)


def test_what_has_no_pitch_is_unvoiced_at_the_median():
    noise = 0.1 * np.random.default_rng(0).standard_normal(RATE)
    pitch, voiced, _ = read(np.concatenate([tone(200), noise, np.zeros(RATE)]))
    assert voiced[2:48].all()
    assert voiced[53:].mean() < 0.03
    assert (pitch[voiced == 0] == 0).all()


def test_the_loudness_has_no_mean_and_unit_deviation_at_any_gain():
    samples = voice(2)
    _, _, quiet = read(0.1 * samples)
    _, _, loud = read(samples)
    np.testing.assert_allclose(quiet, loud, atol=1e-3)
    assert abs(loud.mean()) < 1e-5
    assert loud.std() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("samples", [np.zeros(RATE), np.full(RATE, 0.2), np.zeros(1)])
def test_silence_is_zeros(samples):
    np.testing.assert_allclose(read(samples), 0, atol=1e-5)


@pytest.mark.parametrize("hop", [160, 320, 1280])
def test_a_clip_does_not_depend_on_its_batch(hop):
    lengths = [0, 1, 700, 9_999, 16_000, 31_999]
    samples = torch.full((len(lengths), 33_000), 9.0)  # what stands behind a clip is not heard
    for row, length in enumerate(lengths):
        samples[row, :length] = torch.tensor(voice(2, row)[:length]) + 0.01
    together = prosody(samples, torch.tensor(lengths), hop)
    assert together.isfinite().all()
    assert together[0].eq(0).all()
    for row, length in list(enumerate(lengths))[1:]:
        n_frames = -(-length // hop)
        alone = prosody(samples[row : row + 1, :length], torch.tensor([length]), hop)[0]
        assert len(alone) == n_frames
        torch.testing.assert_close(together[row, :n_frames], alone, atol=1e-5, rtol=0)
        assert together[row, n_frames:].eq(0).all()


def test_the_units_of_what_is_measured():
    pitch, loudness = measure(torch.tensor(tone(261.6))[None], torch.tensor([RATE]), HOP)
    np.testing.assert_allclose(pitch[0, 3:-3], 261.6, rtol=0.005)
    np.testing.assert_allclose(loudness[0], 20 * np.log10(0.5 / 2**0.5), atol=0.1)
