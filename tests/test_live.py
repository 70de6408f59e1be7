import numpy as np
import pytest

from emotion import audio
from emotion.analyze import Analyzer
from emotion.audio import RATE
from emotion.checkpoint import Checkpoint
from emotion.errors import BadInput
from emotion.live import KEPT, STEP, Live
from emotion.transcribe import Transcriber
from tests.model import made
from tests.ui.driving import ROOT, whisper

SPOKEN = "나 지금 너무 행복해"


def clip(name="ko_happy"):
    return audio.load(ROOT / "tests" / "clips" / f"{name}.wav").samples


def silence(seconds):
    return np.zeros(round(seconds * RATE), np.float32)


def at_rate(samples, rate):
    """The same sound as a microphone of another rate would give it."""
    at = np.arange(round(len(samples) * rate / RATE)) * RATE / rate
    return np.interp(at, np.arange(len(samples)), samples).astype(np.float32)


def listen(live, samples, rate=RATE, chunk=0.25):
    """Every reading of a sound that comes in chunks of so many seconds."""
    found, size = [], max(1, round(chunk * rate))
    for start in range(0, len(samples), size):
        live.hear(rate, samples[start : start + size])
        found += live.read()
    return found


@pytest.fixture
def live(analyzer):
    return Live(analyzer, words=False)


@pytest.fixture(scope="module")
def speech():
    """Somebody speaks, pauses, and speaks again."""
    return np.concatenate([clip(), silence(1.7), clip("en_angry"), silence(0.3)])


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000])
@pytest.mark.parametrize("chunk", [0.011, 0.25, 0.333, 1.9])
def test_readings_do_not_depend_on_how_the_sound_is_cut(analyzer, speech, rate, chunk):
    sound = at_rate(speech, rate)
    whole = {r.second: r for r in listen(Live(analyzer, words=False), sound, rate, chunk=60)}
    assert list(whole) == [STEP * n for n in range(1, len(whole) + 1)]
    assert {reading.speaks for reading in whole.values()} == {True, False}
    cut = listen(Live(analyzer, words=False), sound, rate, chunk)
    assert len(cut) > 5  # a slow machine may have left some out, of those that came at once
    for reading in cut:
        same = whole[reading.second]
        assert (reading.speaks, reading.clipped) == (same.speaks, same.clipped)
        assert reading.loudness == same.loudness
        if reading.prediction and same.prediction:
            for label, share in same.prediction.probabilities.items():
                assert reading.prediction.probabilities[label] == pytest.approx(share, abs=1e-4)
            assert reading.prediction.valence == pytest.approx(same.prediction.valence, abs=1e-4)


def test_chunks_have_no_seam(live, speech):
    sound, heard = at_rate(speech, 44_100), []
    for start in range(0, len(sound), 1234):
        heard.append(live.hear(44_100, sound[start : start + 1234]))
    heard = np.concatenate(heard)
    whole = audio.load((44_100, sound)).samples
    assert len(whole) - len(heard) < RATE / 500
    assert np.array_equal(heard, whole[: len(heard)])


@pytest.mark.parametrize("sound", ["silence", "noise", "hum"])
def test_where_nobody_speaks_no_emotion_is_made_up(live, sound):
    time = np.arange(4 * RATE) / RATE
    noise = np.random.default_rng(0).normal(0, 0.02, len(time))
    sounds = {"silence": 0 * time, "noise": noise, "hum": 0.1 * np.sin(100 * np.pi * time)}
    readings = listen(live, sounds[sound])
    assert len(readings) == 8
    assert not any(reading.speaks for reading in readings)
    assert {reading.sure for reading in readings} == {0.0}


def test_it_says_when_somebody_begins_and_when_they_have_ended(live):
    readings = listen(live, np.concatenate([silence(2), clip()[RATE * 9 // 10 :], silence(2)]))
    spoken = [reading.second for reading in readings if reading.speaks]
    assert 2.0 < spoken[0] <= 3.0
    assert spoken[-1] < len(readings) * STEP - 0.5
    assert readings[-1].loudness == -80


@pytest.mark.parametrize(("gain", "clipped"), [(1, False), (60, True)])
def test_a_voice_too_loud_for_the_microphone_is_noticed(live, gain, clipped):
    sound = np.clip(clip() * gain, -1, 1)
    readings = listen(live, at_rate(sound, 48_000), 48_000)
    assert any(reading.clipped for reading in readings) == clipped
    assert any(reading.speaks for reading in readings)


def test_what_is_no_number_is_silence(live):
    sound = silence(2)
    sound[::7], sound[1::7], sound[2::7] = np.nan, np.inf, -np.inf
    assert [reading.loudness for reading in listen(live, sound)] == [-80] * 4


def test_the_rate_may_change_while_it_listens(live, speech):
    parts = np.array_split(speech, 3)
    for rate, part in zip((48_000, 16_000, 44_100), parts, strict=True):
        listen(live, at_rate(part, rate), rate)
    assert live.seconds == pytest.approx(len(speech) / RATE, abs=0.005)
    assert {reading.speaks for reading in live.readings} == {True, False}


def test_a_rate_that_is_none_is_refused_and_nothing_is_lost(live):
    live.hear(RATE, clip())
    with pytest.raises(BadInput) as refused:
        live.hear(100, clip())
    assert refused.value.code == "bad_rate"
    assert live.seconds == len(clip()) / RATE
    assert any(reading.speaks for reading in live.read())


@pytest.mark.parametrize("chunk", [0.25, 45])
def test_only_the_last_half_minute_is_kept(live, chunk):
    voice = np.tile(np.concatenate([clip(), silence(0.5)]), 18)
    listen(live, voice[: 45 * RATE], chunk=chunk)
    start, sound, regions = live.window()
    assert sound.seconds <= KEPT
    assert start == pytest.approx(15, abs=0.1)
    assert np.array_equal(sound.samples, voice[round(start * RATE) :][: len(sound.samples)])
    assert all(0 <= region.start < region.end <= KEPT for region in regions)
    assert 50 < len(live.readings) <= KEPT / STEP
    assert live.readings[0].second > 15
    assert live.readings[-1].second == 45


def test_a_model_slower_than_speech_leaves_moments_out_and_is_never_late(live):
    live._cost = 1.0  # seconds that a reading took
    assert [reading.second for reading in listen(live, clip()[: 3 * RATE], chunk=3)] == [3.0]


def test_two_voices_at_once_do_not_hear_each_other(analyzer, speech):
    alone = listen(Live(analyzer, words=False), speech)
    one, other = Live(analyzer, words=False), Live(analyzer, words=False)
    mixed, quiet = [], []
    for start in range(0, len(speech), 4000):
        mixed += listen(one, speech[start : start + 4000])
        quiet += listen(other, silence(0.25))
    assert [reading.speaks for reading in mixed] == [reading.speaks for reading in alone]
    assert not any(reading.speaks for reading in quiet)


@pytest.fixture
def hearing(small_checkpoint):
    """Somebody listens who can also write down the words."""
    live = Live(Analyzer.load(small_checkpoint, "cpu", Transcriber(whisper(), "cpu")))
    yield live
    live.close()


def test_words_join_as_soon_as_they_are_known(hearing):
    first = listen(hearing, np.concatenate([silence(1.3), clip()]), chunk=9)
    assert {reading.words for reading in first} == {0}  # those readings did not wait for Whisper
    hearing.scribe.wait(120)
    assert " ".join(word.text for word in hearing.words) == SPOKEN
    assert 1.3 + 0.8 < hearing.words[0].start < 1.3 + 1.3
    after = listen(hearing, clip()[RATE // 2 : -RATE // 2])
    assert max(reading.words for reading in after) >= 1
    without = Live(hearing.analyzer, words=False)
    listen(without, np.concatenate([silence(1.3), clip()]), chunk=9)
    same = next(r for r in after if r.words and r.speaks)
    other = listen(without, clip()[RATE // 2 : -RATE // 2])
    other = next(reading for reading in other if reading.second == same.second)
    assert same.prediction.probabilities != other.prediction.probabilities


def test_words_that_come_too_late_are_given_up(hearing, monkeypatch):
    monkeypatch.setattr("emotion.scribe.LATE", 0.0)
    monkeypatch.setattr("emotion.scribe.REST", 0.0)
    for _ in range(8):
        listen(hearing, clip()[RATE // 2 :], chunk=9)
        hearing.scribe.wait(120)
        hearing.scribe._rests_until = 0.0
    assert hearing.scribe.problem.code == "words_behind"
    assert hearing.read() == ()
    listen(hearing, clip(), chunk=9)
    assert hearing.readings[-1].speaks


def test_without_whisper_the_voice_is_read_and_it_says_why(small_checkpoint, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    live = Live(Analyzer.load(small_checkpoint, "cpu", Transcriber("base", "cpu")))
    assert any(reading.speaks for reading in listen(live, clip()))
    assert live.scribe.problem.code == "words_absent"
    assert live.words == ()


def test_a_model_that_needs_words_says_so_at_once(tokenizer):
    model = made.model(tokenizer, ("voice", "words"), "mmi", combinations=("both",))
    with pytest.raises(BadInput) as refused:
        Live(Analyzer(Checkpoint(model, tokenizer, "mine"), "cpu"))
    assert refused.value.code == "cannot_without"
