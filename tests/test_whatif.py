import numpy as np
import pytest

from emotion import acoustics, figures
from emotion.__main__ import main
from emotion.analysis import Prediction
from emotion.audio import RATE, Clip
from emotion.errors import BadInput
from emotion.labels import EMOTIONS
from emotion.tables import change_as_dict
from emotion.whatif import Changes, change, changed_voice
from tests.conftest import clip, voice, write_wav

WORDS = "I am so happy to see you"


def same(one: Prediction, other: Prediction) -> bool:
    return one.probabilities == pytest.approx(other.probabilities, abs=1e-5) and (
        one.valence,
        one.arousal,
    ) == pytest.approx((other.valence, other.arousal), abs=1e-5)


def level(samples):
    return 10 * np.log10(np.square(samples.astype(float)).mean())


def test_no_change_changes_nothing(analyzer):
    found = analyzer.analyze(clip(1.3), WORDS)
    again = change(analyzer, found, Changes())
    assert same(again.prediction, found.prediction)
    assert again.clip is found.clip
    assert again.transcript == found.transcript


def test_all_muted_is_silence_of_the_same_length(analyzer):
    found = analyzer.analyze(clip(1.3), WORDS)
    still = analyzer.analyze(Clip(np.zeros(len(found.clip.samples), np.float32), "still"), WORDS)
    muted = change(analyzer, found, Changes(mute=(0, found.clip.seconds)))
    assert same(muted.prediction, still.prediction)
    assert not same(muted.prediction, found.prediction)
    assert same(muted.alone["words"], found.alone["words"])


def test_only_the_muted_stretch_is_silent():
    before = clip(2.0)
    after = changed_voice(before, Changes(mute=(0.5, 0.75))).samples
    first, last = RATE // 2, 3 * RATE // 4
    assert not after[first:last].any()
    assert np.array_equal(after[:first], before.samples[:first])
    assert np.array_equal(after[last:], before.samples[last:])
    to_the_end = changed_voice(before, Changes(mute=(1.5, 9))).samples
    assert not to_the_end[3 * RATE // 2 :].any()


def test_a_stretch_behind_the_end_is_refused():
    with pytest.raises(BadInput, match="from second 50 to second 60"):
        changed_voice(clip(2.0), Changes(mute=(50, 60)))


def test_the_command_says_what_is_to_be_known_of_the_numbers(small_checkpoint, tmp_path, capsys):
    sound = str(write_wav(tmp_path / "a.wav", voice(1.0)))
    given = ["whatif", sound, "--mute", "0", "1e9", "--checkpoint", str(small_checkpoint)]
    assert main(given) == 0
    out, err = capsys.readouterr()
    assert "happy" in out
    assert err == "No speech was found in this clip, so there are no words to write down.\n"


def test_the_command_says_that_nothing_is_changed(small_checkpoint, capsys):
    assert main(["whatif", "--text", WORDS, "--checkpoint", str(small_checkpoint)]) == 0
    out, err = capsys.readouterr()
    assert "+0.00" in out
    assert err == "Nothing is changed: give --instead, --mute, --pitch or --loudness.\n"


def test_louder_and_softer_by_so_many_decibels_and_never_beyond_full_scale():
    before = clip(1.0)
    for decibels in (-30, -6, 3):
        after = changed_voice(before, Changes(loudness=decibels)).samples
        assert level(after) - level(before.samples) == pytest.approx(decibels, abs=0.01)
    loudest = changed_voice(before, Changes(loudness=40)).samples
    assert np.abs(loudest).max() == pytest.approx(1, abs=1e-6)
    # The same shape, and not cut off at the edges.
    assert np.corrcoef(loudest, before.samples)[0, 1] == pytest.approx(1, abs=1e-6)
    assert not changed_voice(
        Clip(np.zeros(RATE, np.float32), "still"), Changes(loudness=40)
    ).samples.any()


@pytest.mark.parametrize("semitones", [-4, 0.5, 7])
def test_the_pitch_moves_by_so_many_semitones_and_length_and_loudness_stay(
    clips, analyzer, semitones
):
    found = analyzer.analyze(clips["ko_happy"], words=False)
    after = changed_voice(found.clip, Changes(pitch=semitones))
    assert len(after.samples) == len(found.clip.samples)
    heard, before = acoustics.curves(after), acoustics.curves(found.clip)
    both = ~np.isnan(heard.pitch) & ~np.isnan(before.pitch)
    assert both.sum() > 0.8 * (~np.isnan(before.pitch)).sum()
    moved = 12 * np.log2(np.median(heard.pitch[both] / before.pitch[both]))
    assert moved == pytest.approx(semitones, abs=0.1)
    assert level(after.samples) == pytest.approx(level(found.clip.samples), abs=0.5)


def test_another_pitch_is_the_same_throat():
    """A buzz through one resonance: its harmonics move, the resonance stays where it was."""
    time = np.arange(RATE) / RATE
    center = 1500.0
    buzz = sum(
        np.exp(-(((k * 150 - center) / 300) ** 2)) * np.sin(2 * np.pi * 150 * k * time)
        for k in range(1, 40)
    )
    after = changed_voice(Clip((0.1 * buzz).astype(np.float32), "buzz"), Changes(pitch=6)).samples
    power = np.square(np.abs(np.fft.rfft(after)))
    middle = (power * np.fft.rfftfreq(RATE, 1 / RATE)).sum() / power.sum()
    assert middle == pytest.approx(center, rel=0.08)  # moved along, it would be 2121 Hz


@pytest.mark.parametrize("n", [1600, 1601, 5000])
def test_short_clips_keep_their_length(n):
    for semitones in (-12, 12):
        after = changed_voice(Clip(voice(1.0)[:n], "short"), Changes(pitch=semitones)).samples
        assert len(after) == n
        assert np.isfinite(after).all()


def test_another_word_changes_the_side_of_the_words_alone(analyzer):
    found = analyzer.analyze(clip(1.3), WORDS)
    after = change(analyzer, found, Changes(text=WORDS.replace("happy", "angry")))
    assert same(after.alone["voice"], found.alone["voice"])
    assert not same(after.alone["words"], found.alone["words"])
    assert not same(after.prediction, found.prediction)


@pytest.mark.parametrize(
    "text", ["I am so very very happy to see you here", "happy", "나 지금 화나"]
)
def test_words_of_another_number_are_read_as_if_they_had_been_said(analyzer, text):
    found = analyzer.analyze(clip(1.3), WORDS)
    after = change(analyzer, found, Changes(text=text))
    assert same(after.prediction, analyzer.analyze(clip(1.3), text).prediction)
    assert after.transcript.text == text


def test_no_words_left_is_the_voice_alone_and_words_come_to_a_voice(analyzer):
    found = analyzer.analyze(clip(1.3), WORDS)
    voice_alone = change(analyzer, found, Changes(text=" "))
    assert same(voice_alone.prediction, found.alone["voice"])
    with_words = change(analyzer, voice_alone, Changes(text=WORDS))
    assert same(with_words.prediction, found.prediction)
    # Where nobody knows the words, Whisper is not asked for them.
    assert change(analyzer, voice_alone, Changes(loudness=-3)).transcript is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (Changes(pitch=13), "bad_change"),
        (Changes(loudness=float("nan")), "bad_change"),
        (Changes(mute=(2, 1)), "bad_mute"),
        (Changes(mute=(0, float("inf"))), "bad_mute"),
        (Changes(text=""), "no_input"),
        (Changes(pitch=1), "no_voice"),
    ],
)
def test_what_cannot_be_changed_is_one_sentence(analyzer, changes, code):
    with pytest.raises(BadInput) as problem:
        change(analyzer, analyzer.analyze(text=WORDS), changes)
    assert problem.value.code == code


def test_the_difference_of_every_number_is_told(analyzer):
    found = analyzer.analyze(clip(1.3), WORDS)
    changes = Changes(text="leave me alone", pitch=2)
    after = change(analyzer, found, changes)
    told = change_as_dict(changes, found, after)
    assert told["changes"] == {"text": "leave me alone", "mute": (0, 0), "pitch": 2, "loudness": 0}
    assert set(told["difference"]) == {*found.prediction.probabilities, "valence", "arousal"}
    for name, difference in told["difference"].items():
        before, now = (side["probabilities"] | side for side in (told["before"], told["after"]))
        assert difference == pytest.approx(now[name] - before[name], abs=2e-6)
    assert any(told["difference"].values())


def test_the_figure_holds_both_in_the_order_of_before(analyzer):
    found = analyzer.analyze(clip(1.3), WORDS).prediction
    other = Prediction(dict.fromkeys(found.probabilities, 1 / 7), -1.0, 1.0)
    figure = figures.changed(found, other, "ko")
    before, after = figure.data[:2]
    assert list(before.x) == sorted(found.probabilities.values(), reverse=True)
    assert list(after.x) == [1 / 7] * 7
    names = {emotion.name: emotion.korean for emotion in EMOTIONS}
    order = sorted(found.probabilities, key=lambda label: -found.probabilities[label])
    assert [text.strip() for text in figure.layout.yaxis.ticktext] == [names[n] for n in order]
    lines = [tuple(trace.x) for trace in figure.data if trace.xaxis == "x2"]
    assert lines == [(found.valence, -1.0), (found.arousal, 1.0)]
