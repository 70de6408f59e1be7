import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from emotion.analyze import Analyzer
from emotion.audio import Clip, load
from emotion.errors import BadInput
from emotion.labels import LABELS
from emotion.review import Project, Rating, twins
from emotion.review.bring import bring
from emotion.review.clips import Entry
from emotion.review.heard import Heard, clipped, differing
from emotion.review.learned import features, learned
from emotion.review.listen import listen
from emotion.review.reasons import SAY, WEIGHTS
from emotion.review.suspicion import judge
from emotion.transcribe import Transcriber
from tests.conftest import voice, write_wav

NAMES = ("happy", "sad", "angry")


def shares(label, sure=0.8):
    rest = (1 - sure) / (len(NAMES) - 1)
    return {name: sure if name == label else rest for name in NAMES}


def heard(label="happy", **facts):
    return Heard("model", "hash", probabilities=shares(label), **facts)


def codes(judged, name):
    return {each.code for each in judged[name].reasons}


def many(n=60):
    """Clips on which labels and model agree, but for clip 7."""
    truth = [NAMES[i % 3] for i in range(n)]
    entries = [Entry(f"c{i}", label="sad" if i == 6 else truth[i]) for i in range(n)]
    return entries, {f"c{i}": heard(label) for i, label in enumerate(truth)}


def test_a_label_that_the_model_doubts_comes_first_and_says_why():
    entries, found = many()
    judged, quality = judge(entries, found)
    assert quality.likely == {"c6"}
    assert max(judged, key=lambda name: judged[name].doubt) == "c6"
    [reason] = judged["c6"].reasons
    assert reason.code == "label"
    assert reason.sentence("en") == (
        "It is labelled sad, but the model gives happy 80% and sad 10%."
    )
    assert "슬픔" in reason.sentence("ko")
    assert codes(judged, "c0") == set()


def test_each_rater_is_known_by_the_care_that_was_taken():
    rng = np.random.default_rng(0)
    truth = [NAMES[i % 3] for i in range(150)]
    care = {"careful": 0.95, "usual": 0.8, "careless": 0.55}

    def said(who, label):
        others = [name for name in NAMES if name != label]
        return Rating((label if rng.random() < care[who] else str(rng.choice(others)),))

    entries = [
        Entry(f"c{i}", label=label, raters={who: said(who, label) for who in care})
        for i, label in enumerate(truth)
    ]
    found = {f"c{i}": heard(label) for i, label in enumerate(truth)}
    judged, quality = judge(entries, found)
    assert sorted(care, key=lambda who: -quality.raters[who].quality) == list(care)
    level = [each for each in entries if len({*each.raters.values()}) == 3]
    asked = [replace(each, label=None) if each in level else each for each in entries]
    assert codes(judge(asked, found)[0], level[0].id) == {"level"}
    right = [quality.consensus[f"c{i}"][0] == label for i, label in enumerate(truth)]
    assert np.mean(right) > 0.95
    wrong = next(each for each in entries if Rating((each.label,)) not in each.raters.values())
    assert "raters" in codes(judged, wrong.id)


def test_what_is_heard_beside_the_label_is_a_reason():
    entries, found = many()
    entries[0] = Entry("c0", label="happy", valence=-0.7, arousal=-0.3)
    entries[3] = Entry("c3", label="happy", text="이것은 전혀 다른 말")
    far = {"voice": shares("sad"), "words": shares("happy")}
    found |= {
        "c1": heard("sad", alone=far),
        "c3": heard("happy", words="오늘 날씨가 좋네"),
        "c9": heard("happy", speech=0.05, clipped=0.2),
        "c12": Heard("model", "hash", fault=BadInput("empty_file", name="a.wav")),
    }
    judged, _ = judge(entries, found)
    assert codes(judged, "c0") == {"place"}
    assert codes(judged, "c1") == {"sides"}
    assert codes(judged, "c3") == {"words"}
    assert codes(judged, "c9") == {"silent", "clipped"}
    assert codes(judged, "c12") == {"unheard"}
    for name in ("c0", "c1", "c3", "c9", "c12"):
        assert judged[name].doubt > judged["c15"].doubt
        for reason in judged[name].reasons:
            assert all("{" not in reason.sentence(language) for language in SAY)


def voices_of(n, speakers, noise=1.0):
    """Clips of speakers with a voice of their own, in which each label sounds otherwise."""
    rng = np.random.default_rng(0)
    kinds, own = rng.standard_normal((3, 93)), 10 * rng.standard_normal((speakers, 93))
    entries, found = [], {}
    for i in range(n):
        label, speaker = i % 3, int(rng.integers(speakers))
        sound = kinds[label] + own[speaker] + noise * rng.standard_normal(93)
        entries.append(Entry(f"c{i}", label=NAMES[label], speaker=f"s{speaker}"))
        even = dict.fromkeys(NAMES, 1 / 3)
        features = sound.astype(np.float32).tobytes()
        found[f"c{i}"] = Heard("model", "hash", probabilities=even, features=features)
    return entries, found


def test_the_other_labels_teach_where_the_model_knows_nothing():
    entries, found = voices_of(240, 6)
    entries[4] = replace(entries[4], label="sad" if entries[4].label != "sad" else "angry")
    judged, quality = judge(entries, found)
    assert quality.likely == {"c4"}
    assert max(judged, key=lambda name: judged[name].doubt) == "c4"
    assert codes(judged, "c4") == {"label_here"}


def test_no_clip_is_judged_by_its_own_label_or_its_speakers():
    entries, found = voices_of(240, 6)
    # Of each speaker all labels are one: whoever had heard the speaker would know the label.
    known = [replace(each, label=NAMES[int(each.speaker[1]) % 3]) for each in entries]
    shares = learned(known, found)
    right = [shares[each.id].argmax() == LABELS.index(each.label) for each in known]
    assert np.mean(right) < 0.5
    assert learned(entries[:50], found) == {}
    assert learned([replace(each, speaker="s0") for each in entries], found) == {}


def test_a_label_that_the_model_does_not_know_is_not_held_against_the_clip():
    entries, found = many()
    entries[0] = Entry("c0", label="disgust")
    entries[1] = Entry("c1", label=None)
    judged, _ = judge(entries, found)
    assert codes(judged, "c0") == {"unknown"}
    assert judged["c0"].quality is None
    assert judged["c0"].doubt < judged["c6"].doubt
    assert codes(judged, "c1") == {"unlabelled"}


def test_probabilities_from_elsewhere_stand_above_the_models():
    entries, found = many()
    _, quality = judge(entries, found, {"c6": shares("sad"), "c0": shares("angry")})
    assert quality.likely == {"c0"}


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_a_handful_of_clips_is_judged_too(n):
    entries, found = many(n)
    judged, _ = judge(entries, found)
    assert len(judged) == n


def test_every_reason_is_said_in_both_languages():
    assert set(SAY["ko"]) == set(SAY["en"]) >= set(WEIGHTS)


def recoded(clip):
    """The same through a phone's ears: 24 kbit/s Opus, softer, with half a second of silence."""
    samples = np.concatenate([np.zeros(8_000, np.float32), 0.3 * clip.samples])
    made = io.BytesIO()
    with av.open(made, "w", format="ogg") as file:
        stream = file.add_stream("libopus", rate=16_000, layout="mono", bit_rate=24_000)
        frame = av.AudioFrame.from_ndarray(
            (samples[None] * 32767).astype(np.int16), format="s16", layout="mono"
        )
        frame.sample_rate = 16_000
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout="mono", rate=16_000,
            frame_size=stream.codec_context.frame_size,
        )  # fmt: skip
        for each in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(each))
        file.mux(stream.encode(None))
    return load(made.getvalue())


def test_recordings_are_known_again_after_another_codec_and_others_are_not(clips):
    voices = [load(path) for path in clips.values()]
    voices += [
        recoded(voices[0]),
        Clip(voices[1].samples[800:], "cut"),
        Clip(np.zeros(99), "short"),
    ]
    prints = [twins.fingerprint(each) for each in voices]
    assert prints[-1] is None
    pairs = [(one, other) for one, other, _ in twins.near(prints)]
    n = len(clips)
    assert pairs == [(0, n), (1, n + 1)]
    assert twins.exact(voices[0]) != twins.exact(voices[n])


def test_what_was_cut_off_by_loudness_is_told_from_what_is_merely_loud():
    wave = np.sin(np.arange(16_000) * 0.05).astype(np.float32)
    assert clipped(Clip(wave, "a sine")) < 0.15
    assert clipped(Clip((2 * wave).clip(-1, 1), "cut off")) > 0.5
    assert clipped(Clip(voice(1.0), "a voice")) < 0.005
    assert clipped(Clip(np.zeros(16_000, np.float32), "silence")) == 0


@pytest.mark.parametrize(
    ("given", "said", "share"),
    [
        ("나 지금 너무 행복해!", "나지금 너무행복해", 0),
        ("Hello, you", "hello you", 0),
        ("abcd", "abxy", 0.5),
    ],
)
def test_transcripts_differ_by_their_letters_alone(given, said, share):
    assert differing(given, said) == pytest.approx(share)


def test_words_are_held_against_whispers_only_where_it_is_at_hand(
    tmp_path, small_checkpoint, clips, monkeypatch
):
    (tmp_path / "m.csv").write_text(f"id,audio,text\na,{clips['en_happy']},too late\n")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "nothing"))
    with Project(tmp_path / "work.review") as project:
        list(bring(project, tmp_path / "m.csv"))
        absent = Analyzer.load(small_checkpoint, "cpu", Transcriber("base"))
        list(listen(project, [absent], transcribe=True))
        assert project.heard["a"].words is None
        tiny = Path(__file__).parent.parent / "tiny_whisper" / "tiny.pt"
        at_hand = Analyzer.load(small_checkpoint, "cpu", Transcriber(str(tiny)))
        list(listen(project, [at_hand], transcribe=True))
        heard = project.heard["a"]
        assert heard.words == at_hand.analyze(clips["en_happy"]).transcript.text
        judged, _ = judge(list(project.clips), {"a": heard})
        assert "words" in codes(judged, "a")


def test_clips_are_heard_once_and_what_was_stopped_goes_on(tmp_path, analyzer):
    for i in range(3):
        write_wav(tmp_path / f"{i}.wav", voice(0.4, i))
    (tmp_path / "cut.wav").write_bytes((tmp_path / "0.wav").read_bytes()[:44])
    (tmp_path / "m.csv").write_text(
        "id,audio,text\n" + "".join(f"{i},{i}.wav,너무 행복해\n" for i in range(3)) + "w,,hello\n"
        + "cut,cut.wav,\n", encoding="utf-8")  # fmt: skip
    with Project(tmp_path / "work.review") as project:
        list(bring(project, tmp_path / "m.csv"))
        assert [step.done for step in listen(project, [analyzer])][-1] == 5
        found = project.heard.all()
        assert set(found["0"].alone) == {"voice", "words"}
        assert sum(found["0"].probabilities.values()) == pytest.approx(1, abs=1e-4)
        assert set(found["0"].probabilities) == set(LABELS)
        assert found["0"].hash == analyzer.digest
        assert found["0"].features == features(load(tmp_path / "0.wav")).tobytes()
        assert (found["w"].seconds, found["w"].print) == (None, None)
        assert found["cut"].fault.code == "no_samples"
        # What could not be read is tried again, and no other.
        write_wav(tmp_path / "cut.wav", voice(0.4, 3))
        assert [step.done for step in listen(project, [analyzer])] == [4, 5]
        assert project.heard["cut"].probabilities
        assert [step.done for step in listen(project, [analyzer])] == [5]


def test_the_desk_needs_neither_a_page_nor_what_trains_models():
    code = (
        "import sys, pkgutil, importlib, emotion.review as desk\n"
        "for each in pkgutil.iter_modules(desk.__path__):\n"
        "    importlib.import_module(f'emotion.review.{each.name}')\n"
        "sys.exit(bool({'gradio', 'train', 'whisper'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
