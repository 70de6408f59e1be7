"""Long recordings: what is found in them, how they fail, and that length costs no memory."""

import itertools
import tracemalloc

import av
import numpy as np
import pytest

from emotion.analyze import Analyzer
from emotion.audio import RATE, load
from emotion.checkpoint import Checkpoint
from emotion.errors import BadInput
from emotion.recording import Recording
from emotion.timeline import STRETCH, Timeline, clock, follow
from emotion.transcribe import Transcriber
from emotion.utterances import LONGEST
from tests.conftest import write_wav
from tests.long_recording import bytes_of
from tests.make_media import silent_video, tone, write
from tests.model import made
from tests.ui.driving import ROOT, whisper

CLIPS = ROOT / "tests" / "clips"


def spoken(*parts):
    """Clips by name and silences by seconds, strung together, and where each clip begins."""
    samples, starts, at = [], [], 0
    for part in parts:
        if isinstance(part, str):
            starts.append(at / RATE)
            part = load(CLIPS / f"{part}.wav").samples
            loud = np.flatnonzero(np.abs(part) > 0.02)
            part = part[loud[0] : loud[-1]]
        else:
            part = np.zeros(round(part * RATE), np.float32)
        samples.append(part)
        at += len(part)
    return np.concatenate(samples), starts


@pytest.fixture(scope="module")
def hearing(small_checkpoint):
    return Analyzer.load(small_checkpoint, "cpu", Transcriber(whisper()))


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    """A minute and a half with eight utterances, and the seconds at which they begin."""
    names = ("en_happy", "ko_angry", "en_angry", "ko_happy")
    pauses = (1.0, 2.5, 9.0, 14.0, 4.0, 22.0, 8.5, 9.5)
    parts = itertools.chain.from_iterable(zip(itertools.cycle(names), pauses, strict=False))
    samples, starts = spoken(0.7, *parts)
    return write_wav(tmp_path_factory.mktemp("talk") / "talk.wav", samples), starts


def test_each_utterance_is_found_where_it_was_said(hearing, talk):
    path, starts = talk
    found = hearing.timeline(path, words=False)
    assert [one.start for one in found.spoken] == pytest.approx(starts, abs=0.4)
    assert all(one.end > one.start for one in found.spoken)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found.spoken))
    assert found.whole
    assert found.seconds == pytest.approx(load(path, longest=999).seconds, abs=0.01)
    assert found.notices == []


def test_an_utterance_is_judged_as_when_it_is_heard_alone(hearing, talk):
    for stretch in follow(hearing, talk[0], words=False):
        for one, clip in zip(stretch.spoken, stretch.clips, strict=True):
            assert clip.seconds == pytest.approx(one.end - one.start, abs=0.002)
            alone = hearing.analyze(clip, words=False).prediction
            assert one.prediction.valence == pytest.approx(alone.valence, abs=1e-4)
            assert one.prediction.label == alone.label


def test_words_come_with_their_times_on_the_clock_of_the_recording(hearing, tmp_path):
    samples, starts = spoken(2.0, "en_happy", 28.0, "ko_happy", 1.0)
    found = hearing.timeline(write_wav(tmp_path / "two.wav", samples)).spoken
    assert [one.text for one in found] == ["I am so happy to see you", "나 지금 너무 행복해"]
    assert [one.language for one in found] == ["en", "ko"]
    for one in found:
        times = [second for word in one.words for second in (word.start, word.end)]
        assert times == sorted(times)
        assert one.start - 0.01 <= times[0] <= times[-1] <= one.end + 0.01
    assert found[1].start == pytest.approx(starts[1], abs=0.4)
    heard = hearing.timeline(tmp_path / "two.wav", words=False).spoken[0]
    assert heard.prediction.probabilities != found[0].prediction.probabilities


def test_what_is_known_comes_before_the_end(hearing, talk):
    stretches = list(follow(hearing, talk[0], words=False))
    shares = [stretch.share for stretch in stretches]
    assert len(shares) >= 3
    assert shares == sorted(shares)
    assert shares[-2] < 1 == shares[-1]
    assert stretches[0].spoken
    # To stop is to ask no further: what was found stays.
    some = Timeline.empty(hearing, "talk.wav")
    some.add(next(follow(hearing, talk[0], words=False)))
    assert some.spoken == list(stretches[0].spoken)
    assert not some.whole


def test_somebody_who_never_pauses_is_cut_into_utterances(hearing, tmp_path):
    clip = load(CLIPS / "en_happy.wav").samples
    voiced = clip[round(0.3 * RATE) : round(1.5 * RATE)]
    path = write_wav(tmp_path / "flood.wav", np.tile(voiced, 35))
    found = hearing.timeline(path, words=False).spoken
    assert len(found) >= 3
    assert max(one.end - one.start for one in found) <= LONGEST + 0.2
    assert all(b.start - a.end < 0.7 for a, b in itertools.pairwise(found))
    assert found[-1].end == pytest.approx(42, abs=1)


def test_silence_and_hum_say_that_nobody_speaks(hearing, tmp_path):
    rng = np.random.default_rng(0)
    for name, samples in {
        "silence": np.zeros(32 * RATE),
        "noise": rng.normal(0, 0.02, 5 * RATE),
        "chord": sum(tone(hertz, seconds=5, peak=0.1) for hertz in (262, 330, 392)),
    }.items():
        found = hearing.timeline(write_wav(tmp_path / f"{name}.wav", samples))
        assert found.spoken == []
        assert [notice.code for notice in found.notices] == ["silent_recording"]
        assert found.whole


def test_three_seconds_are_a_recording_too(hearing, tmp_path):
    samples, _ = spoken(0.5, "en_happy", 0.5)
    found = hearing.timeline(write_wav(tmp_path / "short.wav", samples))
    assert [one.text for one in found.spoken] == ["I am so happy to see you"]


def test_without_whisper_the_voice_alone_is_judged_and_that_is_said_once(small_checkpoint, talk):
    deaf = Analyzer.load(small_checkpoint, "cpu", Transcriber("/nowhere/whisper.pt"))
    found = deaf.timeline(talk[0])
    assert [notice.code for notice in found.notices] == ["whisper_unknown"]
    assert len(found.spoken) == 8
    assert {one.words for one in found.spoken} == {()}


def test_a_model_of_words_alone_cannot_go_on_without_them(tokenizer, talk):
    model = made.model(tokenizer, ("words",), "concat")
    reads = Analyzer(Checkpoint(model, tokenizer, "reads"), "cpu", Transcriber("/nowhere.pt"))
    with pytest.raises(BadInput) as problem:
        reads.timeline(talk[0])
    assert problem.value.code == "whisper_unknown"
    with pytest.raises(BadInput) as problem:
        reads.timeline(talk[0], words=False)
    assert problem.value.code == "cannot_without"


def test_a_model_of_the_voice_alone_asks_nobody_for_words(tokenizer, talk):
    model = made.model(tokenizer, ("voice",), "concat")
    found = Analyzer(Checkpoint(model, None, "hears"), "cpu", Transcriber("/nowhere")).timeline(
        talk[0]
    )
    assert len(found.spoken) == 8
    assert found.notices == []


def test_what_cannot_be_heard_is_one_sentence(hearing, tmp_path):
    (tmp_path / "letter.wav").write_text("Dear reader, this is not a sound. " * 99)
    (tmp_path / "empty.wav").touch()
    faults = {
        tmp_path / "letter.wav": "not_media",
        tmp_path / "empty.wav": "empty_file",
        tmp_path / "nowhere.wav": "missing_file",
        tmp_path: "unreadable_file",
        silent_video(tmp_path / "mute.mp4"): "no_audio_stream",
    }
    for path, code in faults.items():
        with pytest.raises(BadInput) as problem:
            hearing.timeline(path)
        assert problem.value.code == code


@pytest.mark.parametrize(
    ("name", "codec"), [("a.mp3", "libmp3lame"), ("a.ogg", "libopus"), ("a.flac", "flac")]
)
def test_damage_in_the_middle_costs_only_itself_and_is_said(hearing, tmp_path, name, codec):
    samples, starts = spoken(1.0, "en_happy", 20.0, "en_angry", 20.0, "ko_angry", 1.0)
    path = write(tmp_path / name, np.repeat(samples, 3), 48_000, codec)
    whole = bytearray(path.read_bytes())
    rng = np.random.default_rng(0)
    middle = len(whole) * 2 // 5
    whole[middle : middle + 5000] = rng.integers(0, 256, 5000, dtype=np.uint8).tobytes()
    path.write_bytes(whole)
    found = hearing.timeline(path, words=False)
    assert "damaged_recording" in [notice.code for notice in found.notices]
    assert found.spoken[0].start == pytest.approx(starts[0], abs=0.5)
    assert found.spoken[-1].start == pytest.approx(starts[-1], abs=1.0)


def test_a_clock_that_jumps_again_and_again_makes_no_endless_silence(tmp_path):
    with av.open(str(tmp_path / "a.mka"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for number in range(60):
            frame = av.AudioFrame.from_ndarray(np.ones((1, RATE), np.int16), "s16", "mono")
            frame.sample_rate, frame.pts = RATE, number * 400 * RATE
            container.mux(stream.encode(frame))
    seconds = sum(len(block) for block in Recording(tmp_path / "a.mka").blocks()) / RATE
    assert 60 + 399 <= seconds <= 600 + 2 * 60


def test_half_a_file_gives_its_half(hearing, tmp_path):
    samples, _ = spoken("en_happy", 5.0, "ko_angry", 5.0, "en_angry", 9.0)
    path = write(tmp_path / "a.mp3", np.repeat(samples, 3), 48_000, "libmp3lame")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert len(hearing.timeline(path, words=False).spoken) == 2


@pytest.mark.parametrize(("name", "codec"), [("a.wav", "pcm_s16le"), ("video.mp4", "aac")])
def test_blocks_are_the_whole_sound_without_a_seam(tmp_path, name, codec):
    path = write(tmp_path / name, tone(440, 44_100, 20), 44_100, codec)
    blocks = list(Recording(path).blocks())
    assert len(blocks) > 3
    heard = np.concatenate(blocks)
    expected = load(path).samples
    assert len(heard) == pytest.approx(len(expected), abs=2)
    n = min(len(heard), len(expected)) - 50
    np.testing.assert_allclose(heard[50:n], expected[50:n], atol=1e-3)


def test_length_costs_no_memory(tmp_path):
    def peak(minutes):
        path = write_wav(tmp_path / "long.wav", np.zeros(minutes * 60 * RATE, np.float32))
        tracemalloc.start()
        for _ in Recording(path).blocks():
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(1) < 8e6
    assert peak(8) < 1.2 * peak(1)


def test_what_an_utterance_takes_is_counted_as_the_machine_counts_it():
    # So many that it does not matter how many of them Python had at hand from before.
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    kept = [
        (f"word {n}", {f"name {n}": n / 3, "is": (n + 0.5, n + 0.25)}, ["x" * (n % 1000)] * 2)
        for n in range(20_000)
    ]
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert bytes_of(kept) == pytest.approx(taken, rel=0.1)


def test_no_more_than_a_stretch_and_a_block_is_held(hearing, talk, monkeypatch):
    from emotion import timeline

    lengths, find = [], timeline.speech_regions
    monkeypatch.setattr(
        timeline,
        "speech_regions",
        lambda clip, longest: lengths.append(clip.seconds) or find(clip, longest),
    )
    list(follow(hearing, talk[0], words=False))
    assert max(lengths) < STRETCH + 5
    # Little is heard twice.
    assert sum(lengths) < 1.5 * sum(len(block) for block in Recording(talk[0]).blocks()) / RATE


@pytest.mark.parametrize(
    ("seconds", "digits", "read"),
    [(0, 0, "0:00"), (3599.96, 1, "1:00:00.0"), (61.24, 1, "1:01.2"), (7322, 0, "2:02:02")],
)
def test_times_are_written_as_people_read_them(seconds, digits, read):
    assert clock(seconds, digits) == read
