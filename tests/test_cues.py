"""Made voices of known pitch, evenness, noise and rate; then what they are set against."""

import json

import numpy as np
import pytest
from scipy.signal import decimate

from emotion import tables
from emotion.__main__ import main
from emotion.audio import RATE, Clip
from emotion.cues import (
    NAMES,
    Measures,
    Reference,
    Spread,
    compare,
    measure,
    nearest,
    of_others,
    typical,
    words,
)
from emotion.cues.evidence import TABLE
from emotion.cues.reference import SEXES
from emotion.cues.syllables import in_words
from emotion.export import FORMATS
from emotion.speech import Region
from emotion.transcript import typed
from tests.conftest import write_wav

FINER = 4  # times the sampling rate, at which cycles begin
SWING = 2 / np.pi**0.5  # mean difference of two numbers of a bell curve, in its deviation


def made(pitch, seconds=3.0, jitter=0.0, shimmer=0.0, noise=None, seed=0) -> np.ndarray:
    """A throat's pulses through a mouth's resonances.

    Args:
        pitch: Hz, a number or a function of the second.
        seconds: How long.
        jitter: Deviation of the periods, as a share.
        shimmer: Deviation of the pulses, as a share.
        noise: Harmonics to noise, in dB.
        seed: Of what is random.
    """
    rng, rate = np.random.default_rng(seed), RATE * FINER
    time = np.arange(rate // 50) / rate
    mouth = sum(
        weight * np.exp(-np.pi * width * time) * np.sin(2 * np.pi * hertz * time)
        for hertz, width, weight in ((600, 250, 1), (1200, 300, 0.6), (2500, 350, 0.3))
    )
    samples, at = np.zeros(round(seconds * rate)), 0.01
    while at < seconds - 0.03:
        first = round(at * rate)
        samples[first : first + len(mouth)] += mouth * (1 + shimmer * rng.standard_normal())
        at += (1 + jitter * rng.standard_normal()) / (pitch(at) if callable(pitch) else pitch)
    samples = decimate(samples, FINER)
    if noise is not None:
        power = np.square(samples).mean() / 10 ** (noise / 10)
        samples = samples + power**0.5 * rng.standard_normal(len(samples))
    return 0.3 * samples / np.abs(samples).max()


def heard(samples: np.ndarray, transcript=None, regions=None) -> Measures:
    clip = Clip(samples.astype(np.float32), "made")
    return measure(clip, regions or [Region(0.0, clip.seconds)], transcript)


def in_syllables(samples: np.ndarray, a_second: float) -> np.ndarray:
    time = np.arange(len(samples)) / RATE
    return samples * (0.03 + 0.97 * np.sin(np.pi * a_second * time) ** 2)


# What is measured


@pytest.mark.parametrize("hertz", [90, 130, 210, 320])
def test_the_pitch_of_a_steady_voice(hertz):
    found = heard(made(hertz))
    assert found.pitch == pytest.approx(hertz, rel=0.005)
    assert found.pitch_range < 0.1
    assert abs(found.direction) < 0.2
    assert abs(found.ending) < 0.2


@pytest.mark.parametrize("a_second", [-12.0, 6.0])
def test_the_way_the_pitch_goes(a_second):
    found = heard(made(lambda second: 180 * 2 ** (a_second * second / 12), seconds=1.5))
    assert found.direction == pytest.approx(a_second, rel=0.05)
    assert found.abruptness == pytest.approx(abs(a_second), rel=0.15)
    assert found.ending == pytest.approx(0.4 * a_second, rel=0.1)
    # Eight tenths of the way lie between the outer tenths.
    assert found.pitch_range == pytest.approx(0.8 * 1.5 * abs(a_second), rel=0.06)
    assert found.high / found.low == pytest.approx(2 ** (found.pitch_range / 12))


def test_a_voice_that_changes_abruptly_is_steeper_than_one_that_glides():
    def steps(second):
        return 160 + 10 * np.tanh(3 * np.sin(2 * np.pi * second / 0.6))

    def waves(second):
        return 160 + 10 * np.sin(2 * np.pi * second / 0.6)

    assert heard(made(steps)).abruptness > 1.3 * heard(made(waves)).abruptness


@pytest.mark.parametrize("hertz", [110, 180])
@pytest.mark.parametrize("percent", [1.0, 2.0])
def test_jitter_as_it_was_made(hertz, percent):
    even = heard(made(hertz))
    uneven = heard(made(hertz, jitter=percent / 100 / SWING))
    assert even.jitter < 0.25
    assert uneven.jitter == pytest.approx(percent, rel=0.25)


@pytest.mark.parametrize("hertz", [110, 180])
@pytest.mark.parametrize("percent", [4.0, 10.0])
def test_shimmer_as_it_was_made(hertz, percent):
    assert heard(made(hertz)).shimmer < 1
    uneven = heard(made(hertz, shimmer=percent / 100 / SWING))
    assert uneven.shimmer == pytest.approx(percent, rel=0.25)


@pytest.mark.parametrize("hertz", [110, 210])
@pytest.mark.parametrize("decibels", [5, 10, 20])
def test_harmonics_to_noise_as_they_were_made(hertz, decibels):
    assert heard(made(hertz, noise=decibels)).harmonicity == pytest.approx(decibels, abs=1.5)


def test_intensity_in_decibels():
    voice = made(150)
    loud, soft = heard(voice), heard(voice / 10)
    level = 10 * np.log10(np.square(voice).mean())
    assert loud.intensity == pytest.approx(level, abs=0.2)
    assert loud.intensity - soft.intensity == pytest.approx(20, abs=0.1)
    assert heard(in_syllables(voice, 3)).intensity_range > loud.intensity_range + 5


@pytest.mark.parametrize("hertz", [110, 220])
@pytest.mark.parametrize("a_second", [2, 4, 6])
def test_syllables_are_heard_in_the_sound(hertz, a_second):
    found = heard(in_syllables(made(hertz), a_second))
    assert found.rate == pytest.approx(a_second, abs=0.4)
    assert found.rate_by == "sound"


def test_syllables_are_counted_in_words_where_there_are_any():
    voice = in_syllables(made(200, seconds=2.0), 3)
    found = heard(voice, typed("나 지금 너무 행복해"))
    assert (found.rate, found.rate_by) == (4.0, "ko")
    found = heard(voice, typed("I am so happy to see you"))
    assert (found.rate, found.rate_by) == (4.0, "en")
    # Words of another voice, digits, and letters that nobody here can count.
    for text in ("너무 " * 40, "1987년 6월", "これは何ですか"):
        assert heard(voice, typed(text)).rate_by == "sound"


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("I am so happy to see you", 8),
        ("leave me alone right now", 6),
        ("the table moved, and he wanted it!", 9),
        ("don't — ‘ssh’ '", 2),
        ("오늘 OK?", 3),
        ("", None),
        ("3 apples", None),
    ],
)
def test_the_syllables_of_words(text, n):
    assert in_words(typed(text)) == n


def test_only_speech_is_measured():
    voice, other = made(120, seconds=2.0), made(300, seconds=2.0)
    found = heard(np.concatenate([other, voice, other]), regions=[Region(2.0, 4.0)])
    assert found.pitch == pytest.approx(120, rel=0.01)
    assert found.seconds == pytest.approx(2.0)


# What cannot be measured


@pytest.mark.parametrize(
    ("samples", "regions"),
    [
        (np.zeros(0), ()),
        (np.zeros(3 * RATE), ()),
        (made(150, seconds=0.5), [Region(0.0, 0.5)]),
        (made(150), ()),
    ],
    ids=["nothing", "silence", "half a second", "no speech in it"],
)
def test_what_cannot_be_measured(samples, regions):
    found = measure(Clip(samples.astype(np.float32), "made"), regions)
    assert not found.some
    cues = compare(found, nearest(found))
    assert cues.levels == {}
    assert all(fit.speaking_for == fit.against == () for fit in cues.fits)
    for language, said in (("ko", "잴 수 없음"), ("en", "not measurable")):
        assert {words.value(found, name, language) for name in NAMES} == {said}
        assert {words.level(cues, name, language) for name in NAMES} == {said}


@pytest.mark.parametrize("samples", [np.zeros(RATE), np.full(RATE, 0.5), np.ones(RATE)])
def test_what_stands_still_has_neither_pitch_nor_rate(samples):
    found = heard(samples)
    assert found.pitch is found.jitter is found.rate is None


def test_a_whisper_has_a_loudness_and_no_pitch():
    whisper = in_syllables(0.1 * np.random.default_rng(0).standard_normal(3 * RATE), 4)
    found = heard(whisper)
    known = {name for name in NAMES if getattr(found, name) is not None}
    assert known == {"intensity"}
    assert compare(found, nearest(found)).levels == {}


# What it is set against


def reference(kind="female", **spreads) -> Reference:
    return Reference(kind, {name: Spread(*each) for name, each in spreads.items()}, 50)


def test_how_far_from_usual():
    usual = reference(jitter=(1.0, 2.0, 4.0))
    for value, level in ((2.0, 0), (3.0, 0), (3.9, 1), (4.1, 2), (5.2, 3), (1.4, -1), (0.3, -3)):
        assert compare(Measures(jitter=value), usual).levels == {"jitter": level}
    # In semitones, and less than one is nothing even where a reference hardly varies.
    narrow = reference(pitch=(199.0, 200.0, 201.0))
    assert compare(Measures(pitch=200 * 2 ** (0.6 / 12)), narrow).levels == {"pitch": 0}
    assert compare(Measures(pitch=400.0), narrow).levels == {"pitch": 3}


def test_typical_voices_are_known_of_every_measure_but_intensity():
    for sex in SEXES:
        found = typical(sex)
        assert set(found.spreads) == set(NAMES) - {"intensity"}
        assert all(each.low < each.middle < each.high for each in found.spreads.values())
    women, men = (typical(sex).spreads for sex in SEXES)
    assert women["pitch"].low > men["pitch"].high
    rates = {typical("male", by).spreads["rate"].middle for by in ("sound", "ko", "en")}
    assert len(rates) == 3


def test_the_nearer_sex_is_taken_and_called_a_guess():
    for hertz, sex in ((100, "male"), (230, "female")):
        found = nearest(Measures(pitch=float(hertz)))
        assert (found.kind, found.guessed) == (sex, True)
    assert not typical("male").guessed


def test_the_other_utterances_of_a_recording():
    others = [Measures(rate=5.0 + n, pitch=200.0 + n, intensity=-20.0 - n) for n in range(6)]
    found = of_others(others)
    assert (found.kind, found.n) == ("recording", 6)
    loud = compare(Measures(rate=7.5, pitch=203.0, intensity=-10.0), found)
    assert loud.levels == {"rate": 0, "pitch": 0, "intensity": 3}
    assert of_others(others[:4]) is None
    assert "rate" not in of_others(others, rate_by="ko").spreads  # no words to count in the others


# What it is said to fit


def said(name: str, level: int) -> dict[str, int]:
    """1 where a level of one measure speaks for an emotion, -1 where against it."""
    deviations = np.sign(level) * (0, 0.9, 1.6, 2.5)[abs(level)]
    if name == "pitch":
        usual = reference(pitch=(100.0, 200.0, 400.0))
        value = 200 * 2 ** (deviations / 1.2816)
    else:
        usual, value = reference(**{name: (-12.816, 0.0, 12.816)}), 10 * deviations
    found = compare(Measures(**{name: float(value)}), usual)
    assert found.levels == {name: level}
    return {fit.label: fit.balance for fit in found.fits}


def test_a_low_slow_soft_clear_falling_voice_is_said_to_be_sad():
    voice = {"rate": -1.0, "pitch": 180.0, "pitch_range": 4.0, "intensity": -31.0}
    voice |= {"harmonicity": 20.0, "direction": -12.0, "abruptness": 20.0, "ending": -2.0}
    usual = reference(
        rate=(-1.0, 0.0, 1.0), pitch=(170.0, 200.0, 240.0), pitch_range=(3.5, 5.0, 8.0),
        intensity=(-27.0, -24.0, -20.0), harmonicity=(12.0, 14.0, 16.0),
        direction=(-8.0, -4.0, 0.0), abruptness=(15.0, 20.0, 40.0), ending=(-4.0, -2.0, 0.0),
    )  # fmt: skip
    fits = compare(Measures(**voice), usual).fits
    assert fits[0].label == "sad"
    assert set(fits[0].speaking_for) == {*TABLE["sad"]}
    assert fits[0].against == ()
    fear = next(fit for fit in fits if fit.label == "fear")
    assert {"rate", "pitch", "range", "intensity"} <= set(fear.against)


def test_neighbouring_steps_fit_and_opposite_ones_do_not():
    assert [said("rate", level)["fear"] for level in range(-3, 4)] == [-1, -1, -1, -1, 1, 1, 1]
    assert [said("pitch", level)["sad"] for level in range(-3, 4)] == [0, 1, 1, 0, -1, -1, -1]
    assert [said("intensity", level)["fear"] for level in range(-3, 4)] == [-1, -1, 0, 1, 0, -1, -1]
    assert [said("rate", level)["happy"] for level in range(-3, 4)] == [1, 1, 1, 0, 1, 1, 1]
    # Of what cannot be compared, nothing speaks either way.
    assert said("ending", -3) == {"disgust": 1, "fear": 0, "angry": 0, "sad": 0, "happy": 0}


def test_every_cell_of_the_table_is_worded():
    for language in ("ko", "en"):
        assert set(words.TALK[language]) == set(TABLE)
        for label, rows in TABLE.items():
            assert set(words.TALK[language][label]) == set(rows) == set(words.ROWS[language])
        assert set(words.CUES[language]) == set(words.WAYS[language]) == set(NAMES)


# Where it is told


def test_an_analysis_tells_in_python_and_in_json(analyzer, clips):
    analysis = analyzer.analyze(clips["ko_happy"], words=False)
    assert analysis.measures.pitch == pytest.approx(209, abs=5)
    assert analysis.cues.reference.kind == "female"
    told = json.loads(json.dumps(tables.as_dict(analysis)))["cues"]
    assert told["measures"]["pitch"] == pytest.approx(analysis.measures.pitch)
    usual = told["reference"].pop("usual")
    assert told["reference"] == {"kind": "female", "guessed": True, "n": 76}
    assert usual["pitch"]["low"] < usual["pitch"]["middle"] < usual["pitch"]["high"]
    assert told["levels"] == analysis.cues.levels
    assert {fit["label"] for fit in told["said_to_fit"]} == set(TABLE)
    alone = analyzer.analyze(text="나 지금 너무 행복해")
    assert alone.measures is alone.cues is tables.as_dict(alone)["cues"] is None


def test_a_recording_sets_each_utterance_beside_the_others(analyzer, tmp_path, monkeypatch):
    voices = [made(hertz, seconds=1.5) for hertz in (100, 102, 104, 99, 101, 200)]
    gap = np.zeros(RATE)
    regions, at = [], 0.0
    for _ in voices:
        regions.append(Region(at, at + 1.5))
        at += 2.5
    # Silero hears no speech in pulses; where the voices are is known here.
    monkeypatch.setattr("emotion.timeline.speech_regions", lambda *_: tuple(regions))
    samples = np.concatenate([part for voice in voices for part in (voice, gap)])
    timeline = analyzer.timeline(write_wav(tmp_path / "talk.wav", samples), words=False)
    cues = [timeline.cues(place) for place in range(6)]
    assert {each.reference.kind for each in cues} == {"recording"}
    written = json.loads(FORMATS["json"](timeline))["utterances"][0]["cues"]["reference"]
    assert (written["kind"], written["n"]) == ("recording", 5)
    assert [each.levels["pitch"] for each in cues] == [0, 0, 0, 0, 0, 3]
    assert "intensity" in cues[0].levels
    del timeline.spoken[3:]
    assert timeline.cues(0).reference.kind == "male"


def test_predict_prints_what_json_holds(small_checkpoint, clips, capsys):
    given = ["predict", str(clips["ko_happy"]), "--no-words", "--beside", "male"]
    given += ["--checkpoint", str(small_checkpoint)]
    assert main(given) == 0
    out = capsys.readouterr().out
    assert "pitch, median: 2" in out
    assert "usual 92 to 147 Hz" in out
    assert "    disgust: for it " in out
    assert main([*given, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["cues"]
    assert told["reference"]["kind"] == "male"
    assert told["levels"]["pitch"] == 3
