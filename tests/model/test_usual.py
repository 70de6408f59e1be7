"""How far a voice is from its speaker's others, and what a model makes of that."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from emotion.audio import load
from emotion.model import EmotionModel, ModelConfig, Row, collate
from emotion.model.config import CompactVoice, CompactWords, FusionConfig
from emotion.model.manner import HEARD, N_MEASURES, SPOKEN
from emotion.model.tokens import Encoded
from emotion.model.usual import FARTHEST, Speakers, measures

CONFIG = ModelConfig(
    voice=CompactVoice(width=16, layers=1, heads=2, channels=4, mels=40, usual=True),
    words=CompactWords(vocabulary=50, width=16, layers=1, heads=2),
    fusion=FusionConfig(kind="beside"),
    width=16,
)
RATE = 16_000


def sound(seconds=1.0, seed=0):
    return 0.1 * np.random.default_rng(seed).standard_normal(int(RATE * seconds)).astype(np.float32)


def buzz(pitch, seconds=1.0):
    """A voice without a mouth: all harmonics, each weaker than the one below."""
    time = np.arange(int(RATE * seconds)) / RATE
    tones = [np.sin(2 * np.pi * pitch * k * time) / k for k in range(1, int(4000 / pitch))]
    return (0.1 * np.sum(tones, 0)).astype(np.float32)


# What a clip without a pitch lacks: what is told of it, and of the rest while there is one.
PITCHLESS = 3 * SPOKEN + 2 * HEARD


def of(*clips):
    known = Speakers()
    for number, clip in enumerate(clips):
        known.add("somebody", number, clip)
    return known


def test_a_clip_is_beside_the_others_of_its_speaker_and_nobody_elses():
    clips = [np.full(N_MEASURES, each, np.float32) for each in (1.0, 2.0, 3.0, 10.0)]
    known = of(*clips)
    known.add("somebody else", 0, clips[0])
    assert known.unusual("somebody", 3) == pytest.approx(np.full(N_MEASURES, 8.0))
    assert known.unusual("somebody", 0) == pytest.approx(np.full(N_MEASURES, -4.0))
    assert known.unusual("somebody else", 0) is None
    assert known.unusual("nobody", 0) is None


def test_two_others_do_not_tell_what_is_usual():
    clips = [measures(buzz(pitch)) for pitch in (100, 110, 120, 130)]
    assert of(*clips[:3]).unusual("somebody", 0) is None
    assert of(*clips).unusual("somebody", 0) is not None


def test_clips_in_which_nothing_is_heard_tell_nothing_of_who_is_silent():
    silent = measures(np.zeros(RATE, np.float32))
    known = of(silent, silent, silent, *(measures(buzz(pitch)) for pitch in (100, 110)))
    assert known.unusual("somebody", 0) is None
    assert known.unusual("somebody", 4) is None


def test_one_pitch_does_not_tell_which_is_usual():
    whispers = [measures(sound(seed=seed)) for seed in range(3)]
    far = of(measures(buzz(100)), measures(buzz(110)), *whispers).unusual("somebody", 0)
    assert far is not None
    assert np.isnan(far).sum() >= PITCHLESS


def test_a_clip_without_a_pitch_is_unusual_in_all_else():
    whisper = measures(sound())
    assert np.isnan(whisper).sum() == PITCHLESS
    far = of(whisper, *(measures(buzz(pitch)) for pitch in (100, 110, 120))).unusual("somebody", 0)
    assert far is not None
    assert np.isfinite(far).sum() > 0.4 * N_MEASURES


def test_what_is_measured_hangs_neither_on_loudness_nor_on_waiting(clips):
    clip = load(clips["ko_happy"]).samples
    found = measures(clip)
    assert np.isfinite(found).all()
    waited = np.concatenate([np.zeros(RATE, np.float32), clip])
    for other in (measures(0.2 * clip), measures(waited)):
        # A frame or two may be heard an octave off, where that is a matter of rounding.
        assert (np.abs(other - found) < 0.02).mean() > 0.9
        assert other == pytest.approx(found, abs=0.5)


@pytest.mark.parametrize(
    "samples", [np.zeros(0), np.ones(10), np.zeros(RATE), np.eye(1, RATE, 99)[0]]
)
def test_nothing_to_hear_is_measured_as_nothing_and_no_error(samples):
    found = measures(samples.astype(np.float32))
    assert found.shape == (N_MEASURES,)
    assert not np.isinf(found).any()


@pytest.fixture
def model():
    torch.manual_seed(0)
    made = EmotionModel(CONFIG).eval()
    for each in (made.voice.usual.beside, made.voice.usual.alone):
        torch.nn.init.normal_(each.weight)
        torch.nn.init.normal_(each.bias)
    torch.nn.init.uniform_(made.voice.usual.spread, 0.5, 2.0)
    return made


@torch.no_grad()
def logits(model, *rows):
    return model(collate(rows)).logits


def test_who_is_known_is_judged_beside_himself_and_others_beside_everybody(model):
    far = np.random.default_rng(1).standard_normal(N_MEASURES).astype(np.float32)
    usual = model.voice.usual
    voice, words = sound(), Encoded((4, 5, 6), (0, 1, 2))
    known, unknown, read = Row(voice, unusual=far), Row(voice), Row(None, words, unusual=far)
    both = logits(model, known, unknown, read)
    beside = usual.beside(torch.from_numpy(far) / usual.spread)
    apart = np.nan_to_num((measures(voice) - usual.mean.numpy()) / usual.spread.numpy())
    alone = usual.alone(torch.from_numpy(apart).clamp(-FARTHEST, FARTHEST).float())
    assert torch.allclose(both[0] - both[1], beside - alone, atol=1e-3)
    assert torch.allclose(both[1:2], logits(model, unknown), atol=1e-3)
    assert torch.allclose(both[2:3], logits(model, Row(None, words)), atol=1e-5)


def test_what_was_found_in_the_rows_that_teach_is_silent_while_they_do(model):
    samples, n_samples = torch.from_numpy(sound())[None], torch.tensor([RATE])
    inputs = collate([Row(sound())])
    assert model.encode(inputs).voice.more is not None
    assert model.train().encode(inputs).voice.more is None
    assert not any(each.requires_grad for each in model.voice.usual.parameters())
    assert model.voice.usual.manner(samples, n_samples).shape == (1, N_MEASURES)


def test_neither_silence_nor_next_to_no_sound_is_a_sign_of_anything(model):
    for samples in (np.zeros(RATE, np.float32), buzz(100, 0.05)):
        more = model.encode(collate([Row(samples)])).voice.more
        assert not more.any()


def test_a_sound_like_no_voice_says_no_more_than_the_farthest_voice(model):
    usual = model.voice.usual
    usual.spread.fill_(1e-6)
    said = usual.of_strangers(torch.full((1, N_MEASURES), 1e3))
    most = usual.alone.weight.abs().sum(1) * FARTHEST + usual.alone.bias.abs()
    assert (said.abs() <= most + 1e-3).all()


def test_a_measure_that_is_missing_counts_as_usual(model):
    far = np.zeros(N_MEASURES, np.float32)
    gone = np.where(np.arange(N_MEASURES) < 5, np.nan, far).astype(np.float32)
    one, other = logits(model, Row(sound(), unusual=far), Row(sound(), unusual=gone))
    assert torch.allclose(one, other, atol=1e-5)


def test_a_fusion_that_does_not_judge_sides_apart_is_refused():
    with pytest.raises(ValueError, match="what is usual is told of the seven labels"):
        replace(CONFIG, fusion=FusionConfig(kind="mmi"))
    with pytest.raises(ValueError, match="seven labels"):
        replace(CONFIG, labels=("happy", "sad"))
