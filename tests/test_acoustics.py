import numpy as np
import pytest

from emotion.acoustics import curves, outline
from emotion.audio import RATE, Clip
from emotion.model.prosody import QUIETEST
from tests.make_media import tone


def heard(samples: np.ndarray):
    return curves(Clip(samples.astype(np.float32), "made"))


def buzz(hertz: float, seconds: float = 1.0) -> np.ndarray:
    """A voice's many harmonics, each weaker than the one below."""
    count = int(7000 // hertz)
    return sum(tone(hertz * k, seconds=seconds, peak=0.2 / k) for k in range(1, count + 1))


@pytest.mark.parametrize("sound", [tone, buzz])
@pytest.mark.parametrize("hertz", [60, 75, 100, 130, 200, 261.6, 330, 400, 500])
def test_the_pitch_of_a_steady_tone(sound, hertz):
    pitch = heard(sound(hertz)).pitch[4:-4]  # the window of the outer frames is half empty
    np.testing.assert_allclose(pitch, hertz, rtol=0.005)


def test_the_pitch_in_noise():
    noise = 0.03 * np.random.default_rng(0).standard_normal(RATE)
    pitch = heard(buzz(150) + noise).pitch[4:-4]
    np.testing.assert_allclose(pitch, 150, rtol=0.02)


def test_a_missing_fundamental_is_still_heard():
    samples = sum(tone(120 * k, peak=0.1) for k in (2, 3, 4, 5))
    np.testing.assert_allclose(heard(samples).pitch[4:-4], 120, rtol=0.02)


def test_a_glide_is_followed():
    time = np.arange(RATE // 2) / RATE
    glide = 100 + 400 * time  # Hz: from 100 to 300 in half a second
    found = heard(0.3 * np.sin(2 * np.pi * np.cumsum(glide) / RATE))
    expected = 100 + 400 * found.seconds
    np.testing.assert_allclose(found.pitch[5:-5], expected[5:-5], rtol=0.02)


def test_the_pitch_starts_where_the_voice_does():
    found = heard(np.concatenate([np.zeros(RATE), buzz(200), np.zeros(RATE)]))
    voiced = found.seconds[~np.isnan(found.pitch)]
    assert voiced[0] == pytest.approx(1, abs=0.03)
    assert voiced[-1] == pytest.approx(2, abs=0.03)


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(RATE),
        np.full(RATE, 0.3),
        1e-4 * buzz(150),
        0.1 * np.random.default_rng(0).standard_normal(RATE),
    ],
    ids=["silence", "constant", "inaudible", "noise"],
)
def test_what_has_no_pitch(samples):
    assert np.isnan(heard(samples).pitch).mean() > 0.98


def test_loudness_in_decibels_of_full_scale():
    # The root mean square of a sine is its peak over the root of two.
    for peak, level in [(1.0, -3.01), (0.5, -9.03), (0.01, -43.01)]:
        np.testing.assert_allclose(heard(tone(1000, peak=peak)).loudness, level, atol=0.1)
    np.testing.assert_allclose(heard(np.ones(RATE)).loudness, 0, atol=1e-6)
    np.testing.assert_array_equal(heard(np.zeros(RATE)).loudness, QUIETEST)


def test_loudness_changes_when_the_voice_does():
    found = heard(np.concatenate([tone(1000, peak=0.01), tone(1000, peak=1)]))
    assert found.loudness[found.seconds < 0.98].max() < -40
    assert found.loudness[found.seconds > 1.02].min() > -4


@pytest.mark.parametrize("n", [0, 1, 159, 160, 161, 1600, 16_001])
def test_every_length_has_frames_within_it(n):
    found = heard(np.full(n, 0.1))
    assert len(found.seconds) == len(found.pitch) == len(found.loudness) == -(-n // 160)
    np.testing.assert_allclose(found.seconds, 0.005 + 0.01 * np.arange(len(found.seconds)))
    assert np.isfinite(found.loudness).all()


def test_the_outline_is_the_lowest_and_highest_of_each_stretch():
    samples = np.array([0, 0.5, -0.5, 0.1, 0.2, 0.3, -1, 1], np.float32)
    expected = [[-0.5, 0.5], [-1, 1]]
    np.testing.assert_allclose(outline(Clip(samples, "made"), 2), expected)
    np.testing.assert_allclose(outline(Clip(samples, "made"), 8), np.stack([samples] * 2, axis=1))


@pytest.mark.parametrize("n_samples", [0, 1, 3, 7, 1000])
def test_the_outline_has_as_many_stretches_as_asked(n_samples):
    samples = np.random.default_rng(0).uniform(-1, 1, n_samples).astype(np.float32)
    drawn = outline(Clip(samples, "made"), 10)
    assert drawn.shape == (10, 2)
    assert (drawn[:, 0] <= drawn[:, 1]).all()
    if n_samples:
        assert drawn.min() == samples.min()
        assert drawn.max() == samples.max()
