import json
import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from emotion.audio import LONGEST, RATE, Clip, load
from emotion.containers import BEGINNINGS
from emotion.errors import BadInput
from emotion.speech import speaks, speech_regions
from tests.make_media import CONTAINERS, silent_video, still, tone, write

EXAMPLES = Path(__file__).parent.parent / "assets" / "examples"


def fault(source, **options) -> BadInput:
    with pytest.raises(BadInput) as raised:
        load(source, **options)
    return raised.value


def strongest(samples: np.ndarray) -> float:
    """The frequency that is heard, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return spectrum.argmax() * RATE / len(samples)


def decibels(samples: np.ndarray) -> float:
    """The level of the middle half, over that of the sine that tone() makes."""
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    return 20 * np.log10(np.sqrt(np.mean(middle**2)) / (0.5 / np.sqrt(2)))


# What is heard


@pytest.mark.parametrize(("name", "codec", "rate", "lossy"), CONTAINERS)
def test_every_container_gives_the_tone_that_was_put_in(tmp_path, name, codec, rate, lossy):
    path = write(tmp_path / name, tone(440, rate), rate, codec)
    clip = load(path)
    assert clip.samples.dtype == np.float32
    assert clip.samples.ndim == 1
    assert clip.source == name
    assert not clip.truncated
    assert clip.seconds == pytest.approx(1, abs=0.08 if lossy else 0.001)
    assert strongest(clip.samples) == pytest.approx(440, abs=1.5)
    assert decibels(clip.samples) == pytest.approx(0, abs=1 if lossy else 0.05)
    for source in (path.read_bytes(), bytearray(path.read_bytes()), str(path)):
        np.testing.assert_array_equal(load(source).samples, clip.samples)


@pytest.mark.parametrize("layout", ["mono", "stereo", "5.1"])
def test_channels_become_one_at_the_same_level(tmp_path, layout):
    channels = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    path = write(tmp_path / "a.flac", np.stack([tone()] * channels), RATE, "flac", layout)
    assert decibels(load(path).samples) == pytest.approx(0, abs=0.05)


def test_channels_are_averaged(tmp_path):
    both = np.stack([tone(440), tone(1000, peak=0.1)])
    clip = load(write(tmp_path / "a.wav", both, RATE, "pcm_f32le", "stereo"))
    np.testing.assert_allclose(clip.samples, both.mean(axis=0), atol=1e-6)


@pytest.mark.parametrize("rate", [4_000, 8_000, 11_025, 44_100, 48_000, 96_000, 192_000, 383_999])
def test_every_rate_gives_the_same_sound_at_the_same_time(rate):
    clip = load((rate, tone(440, rate)))
    assert abs(len(clip.samples) - RATE) <= 1
    expected = tone(440)[1000:-1000]
    np.testing.assert_allclose(clip.samples[1000 : len(expected) + 1000], expected, atol=1e-3)


def test_what_16_khz_cannot_hold_does_not_fold_back():
    clip = load((48_000, tone(10_000, 48_000)))
    assert decibels(clip.samples) < -80


@pytest.mark.parametrize(
    ("type_", "scale", "shift"),
    [
        *[(np.int8, 2**7, 0), (np.int16, 2**15, 0), (np.int32, 2**31, 0)],
        *[(np.uint8, 2**7, 2**7), (np.uint16, 2**15, 2**15)],
        *[(np.float16, 1, 0), (np.float32, 1, 0), (np.float64, 1, 0)],
    ],
)
def test_numbers_of_every_type_mean_the_same(type_, scale, shift):
    samples = (tone() * scale + shift).astype(type_)
    atol = {np.int8: 0.01, np.uint8: 0.01, np.float16: 1e-3}.get(type_, 1e-4)
    np.testing.assert_allclose(load((RATE, samples)).samples, tone(), atol=atol)


def test_a_row_or_a_column_may_be_a_channel():
    both = np.stack([tone(), tone(880)])
    in_rows, in_columns = load((RATE, both)), load((RATE, both.T))
    np.testing.assert_array_equal(in_rows.samples, in_columns.samples)
    np.testing.assert_allclose(in_rows.samples, both.mean(axis=0), atol=1e-6)
    assert load((float(RATE), tone()[:, None])).seconds == 1


def test_a_file_and_its_samples_give_the_same_clip(tmp_path):
    samples = (tone(440, 44_100) * 2**15).astype(np.int16)
    path = write(tmp_path / "a.wav", samples / 2**15, 44_100)
    np.testing.assert_array_equal(load(path).samples, load((44_100, samples)).samples)


def test_a_clip_comes_back_as_it_is():
    clip = load((RATE, tone()))
    assert load(clip) is clip


def test_what_is_not_a_number_becomes_silence():
    samples = tone()
    places = [100, 200, 300, 400]
    samples[places] = np.nan, np.inf, -np.inf, 1e30
    clip = load((RATE, samples))
    np.testing.assert_array_equal(clip.samples[places], 0)
    np.testing.assert_allclose(np.delete(clip.samples - tone(), places), 0, atol=1e-6)


@pytest.mark.parametrize("times", [3.0, 32768.0, 1e9])
def test_louder_than_full_scale_is_scaled_to_it(times):
    clip = load((RATE, tone() * times))
    np.testing.assert_allclose(clip.samples, tone(peak=1), atol=1e-4)


def test_full_scale_stays_within_it_after_resampling():
    square = np.sign(tone(440, 44_100)).astype(np.float32)
    assert np.abs(load((44_100, square)).samples).max() <= 1


def test_silence_is_a_clip():
    clip = load((RATE, np.zeros(RATE, np.int16)))
    assert clip.seconds == 1
    assert not clip.samples.any()


def test_a_wrong_name_does_not_matter(tmp_path):
    path = write(tmp_path / "a.mp3", tone(440, 44_100), 44_100, "libmp3lame")
    clip = load(path.rename(tmp_path / "a.wav"))
    assert strongest(clip.samples) == pytest.approx(440, abs=1.5)


def test_a_tag_in_an_old_encoding_does_not_matter(tmp_path):
    wav = write(tmp_path / "a.wav", tone(), RATE).read_bytes()
    tag = b"INFOIART" + (6).to_bytes(4, "little") + b"Andr\xe9\0"
    listed = b"LIST" + len(tag).to_bytes(4, "little") + tag
    assert load(wav[:36] + listed + wav[36:]).seconds == 1


def test_the_first_track_that_can_be_heard_is_taken(tmp_path):
    path = write(tmp_path / "video.mp4", tone(440, 48_000), 48_000, "aac")
    with av.open(path) as container:
        assert [stream.type for stream in container.streams] == ["video", "audio"]
    assert strongest(load(path).samples) == pytest.approx(440, abs=1.5)


# What is not heard


@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a.flac", "a.ogg", "a.webm", "a.aac"])
def test_half_a_file_gives_what_can_be_decoded(tmp_path, name):
    codec = {"wav": "pcm_s16le", "mp3": "libmp3lame", "flac": "flac", "aac": "aac"}
    rate = 48_000
    path = write(tmp_path / name, tone(440, rate, 4), rate, codec.get(name[2:], "libopus"))
    whole = path.read_bytes()
    clip = load(whole[: len(whole) // 2])
    assert 1 < clip.seconds < 3
    assert not clip.truncated
    assert strongest(clip.samples) == pytest.approx(440, abs=1.5)


def test_a_damaged_stretch_costs_only_itself(tmp_path):
    path = write(tmp_path / "a.mp3", tone(440, 44_100, 4), 44_100, "libmp3lame")
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2 : len(whole) // 2 + 2000] = bytes(2000)
    clip = load(whole)
    assert clip.seconds > 3.5
    assert strongest(clip.samples[-RATE:]) == pytest.approx(440, abs=1.5)


def test_a_file_that_cannot_be_read_on_gives_what_came_before(tmp_path):
    path = write(tmp_path / "a.aac", tone(440, 48_000, 4), 48_000, "aac")
    whole = bytearray(path.read_bytes())
    frame = whole.index(whole[:3], len(whole) // 2)  # each frame begins alike
    whole[frame + 3] &= 0xFC  # and says its length in 13 bits: none
    whole[frame + 4] = 0
    whole[frame + 5] &= 0x1F
    assert 1 < load(whole).seconds < 3


def test_faults_of_files(tmp_path):
    (tmp_path / "words.wav").write_text("There is nothing to hear in here. " * 100)
    (tmp_path / "page.mp3").write_bytes(
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + b"1 0 obj << >> endobj\n" * 99
    )
    (tmp_path / "still.wav").write_bytes(still())
    avi = b"RIFF\xf2\x0f\0\0AVI LIST" + bytes(4096)  # a whole one is not cut off
    (tmp_path / "film.avi").write_bytes(avi)
    (tmp_path / "nothing.wav").touch()
    os.mkfifo(tmp_path / "pipe.wav")
    silent_video(tmp_path / "silent.mp4")
    codes = {
        "absent.wav": "missing_file",
        "bad\0name.wav": "missing_file",
        ".": "unreadable_file",
        "pipe.wav": "unreadable_file",
        "a" * 300 + ".wav": "unreadable_file",
        "nothing.wav": "empty_file",
        "words.wav": "not_media",
        "page.mp3": "not_media",
        "still.wav": "not_media",
        "film.avi": "not_media",
        "silent.mp4": "no_audio_stream",
    }
    assert {name: fault(tmp_path / name).code for name in codes} == codes


def test_a_file_without_permission(tmp_path):
    tmp_path.chmod(0o755)
    path = write(tmp_path / "a.wav", tone(), RATE)
    path.chmod(0)
    me = os.geteuid()
    os.seteuid(me or 65534)  # root may read everything, nobody may not
    try:
        found = fault(path)
    finally:
        os.seteuid(me)
    assert found.code == "unreadable_file"
    assert "permission denied" in str(found)


def test_a_file_cut_off_in_its_header(tmp_path):
    wav = write(tmp_path / "a.wav", tone(), RATE).read_bytes()
    mp4 = write(tmp_path / "a.m4a", tone(), RATE, "aac").read_bytes()
    for cut in (wav[:20], wav[:44], mp4[: len(mp4) // 2]):  # an MP4's table comes last
        assert fault(cut).code == "no_samples"


def test_nothing_and_too_little():
    assert fault(None).code == "no_input"
    assert fault("").code == "no_input"
    assert fault(b"").code == "empty_file"
    assert fault((RATE, np.zeros(0))).code == "no_samples"
    assert fault((RATE, np.zeros((0, 2)))).code == "no_samples"
    assert fault((RATE, np.full(RATE, np.nan))).code == "no_samples"
    short = fault((44_100, tone(440, 44_100, 0.0101)))
    assert short.code == "too_short"
    assert "10 ms" in str(short)
    assert fault((44_100, tone(440, 44_100, 0.0999))).code == "too_short"
    assert load((44_100, tone(440, 44_100, 0.1))).seconds == pytest.approx(0.1)


@pytest.mark.parametrize("rate", [0, -16_000, 3_999, 384_001, 44_100.5, np.nan, "16000", None, 1j])
def test_rates_that_cannot_be(rate):
    assert fault((rate, tone())).code == "bad_rate"


@pytest.mark.parametrize(
    "samples",
    [
        np.array([None, "a", 3.0]),
        np.ones(RATE, bool),
        np.ones(RATE, complex),
        np.ones(RATE, np.int64),
        np.ones((2, 2, RATE)),
        np.float64(1),
        np.ones((200, 300)),
        [[1.0, 2.0], [3.0]],
        "words",
        None,
    ],
)
def test_samples_that_cannot_be(samples):
    assert fault((RATE, samples)).code == "bad_samples"


@pytest.mark.parametrize("source", [3, {}, (RATE,), (RATE, tone(), 3), tone(), object()])
def test_things_that_are_no_sound(source):
    assert fault(source).code == "bad_samples"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("/srv/uploads/9f/voice.wav", "voice.wav"),
        ("C:\\Users\\me\\목소리.wav", "목소리.wav"),
        ("two\nlines\udcff.wav", "two\ufffdlines\ufffd.wav"),
        ("///", "recording"),
    ],
)
def test_only_the_last_part_of_a_name_is_shown(name, shown):
    assert str(fault(b"words", name=name)).startswith(f"{shown} is not")
    assert load((RATE, tone()), name=name).source == shown


def test_a_path_is_not_shown(tmp_path):
    for name in ("absent.wav", "."):
        assert str(tmp_path.parent) not in str(fault(tmp_path / name))
    assert load((RATE, tone())).source == "recording"


# What nobody may do


def test_lists_that_would_open_other_files_are_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    secret = write(tmp_path / "secret.wav", tone(), RATE)
    segment = write(tmp_path / "segment.aac", tone(), RATE, "aac")
    concat, hls = tmp_path / "concat.wav", tmp_path / "list.m3u8"
    concat.write_text(f"ffconcat version 1.0\nfile {secret.name}\n")
    hls.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1.0,\n{segment}\n#EXT-X-ENDLIST\n")
    session = tmp_path / "session.sdp"
    session.write_text("v=0\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n")
    for path in (concat, hls):  # the danger is real: FFmpeg itself plays the other file
        with av.open(str(path)) as container:
            assert sum(frame.samples for frame in container.decode(audio=0)) >= RATE
    for path in (concat, hls, session):
        assert fault(path).code == "not_media"
        assert fault(path.read_bytes(), name=path.name).code == "not_media"


MEMORY = """
import sys
from pathlib import Path
from emotion.audio import load
from emotion.errors import BadInput

def peak():  # MB
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024

load(sys.argv[2])
before = peak()
try:
    clip = load(sys.argv[1])
    print(round(clip.seconds, 3), clip.truncated, peak() - before)
except BadInput as bad:
    print(bad.code, "-", peak() - before)
"""


def loaded_alone(path: Path) -> tuple[str, str, int]:
    """Loads in a process of its own: what came, and by how many MB its memory grew."""
    plain = write(path.with_name("plain.wav"), tone(), RATE)
    command = [sys.executable, "-c", MEMORY, path, plain]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    assert done.stderr == ""
    first, second, grown = done.stdout.split()
    return first, second, int(grown)


def test_two_hours_stop_at_the_longest_duration(tmp_path):
    second = write(tmp_path / "a.mp3", tone(440, 44_100), 44_100, "libmp3lame").read_bytes()
    bomb = tmp_path / "hours.mp3"
    bomb.write_bytes(second * 7200)
    seconds, truncated, grown = loaded_alone(bomb)
    assert (seconds, truncated) == (str(LONGEST), "True")
    assert grown < 60


def test_gigabytes_of_wav_stop_at_the_longest_duration(tmp_path):
    path = write(tmp_path / "a.wav", np.zeros((2, 48_000)), 48_000, "pcm_s16le", "stereo")
    data = bytearray(path.read_bytes())
    size = data.index(b"data") + 4
    data[size : size + 4] = b"\xff" * 4
    path.write_bytes(data)
    os.truncate(path, 2 << 30)  # zeros that take no room on the disk
    seconds, truncated, grown = loaded_alone(path)
    assert (seconds, truncated) == (str(LONGEST), "True")
    assert grown < 60


def test_a_gigabyte_of_nothing_after_the_sound_is_not_waited_for(tmp_path):
    path = write(tmp_path / "a.wav", tone(), RATE)
    os.truncate(path, 2 << 30)  # to be skipped eight bytes at a time, for minutes
    assert loaded_alone(path)[:2] == ("1.0", "False")


def test_a_tag_that_claims_gigabytes_does_not_get_them(tmp_path):
    wav = write(tmp_path / "a.wav", tone(), RATE).read_bytes()
    tag = b"LIST\xff\xff\xff\x7fINFOISFT\xff\xff\xff\x70Lavf"
    claim = tmp_path / "claim.wav"
    claim.write_bytes(wav[:36] + tag + wav[36:])
    assert loaded_alone(claim)[2] < 60


def test_hours_of_samples_stop_too():
    hours = np.broadcast_to(np.zeros(1, np.int16), (3600 * 48_000, 2))
    clip = load((48_000, hours), longest=2)
    assert clip.seconds == 2
    assert clip.truncated
    assert not load((48_000, hours[: 48_000 * 2]), longest=2).truncated


def test_nothing_is_said_on_stderr_and_nothing_stays_open(tmp_path, capfd):
    mp3 = write(tmp_path / "a.mp3", tone(440, 44_100), 44_100, "libmp3lame")
    damaged = bytearray(mp3.read_bytes())
    damaged[3000:3400] = bytes(400)
    (tmp_path / "bad.mp3").write_bytes(damaged)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        load(mp3, longest=0.5)
        load(tmp_path / "bad.mp3")
        fault(b"ID3" + bytes(100))
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert capfd.readouterr().err == ""


@pytest.fixture(scope="module")
def real_files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real")
    return [
        write(folder / name, tone(440, rate, 0.2), rate, codec).read_bytes()
        for name, codec, rate, _ in CONTAINERS
    ]


def check_result(data: bytes) -> None:
    try:
        clip = load(data)
    except BadInput:
        return
    assert clip.samples.dtype == np.float32
    assert 0 < len(clip.samples) <= LONGEST * RATE
    assert np.abs(clip.samples).max() <= 1


@given(st.one_of(st.just(b""), *map(st.just, (*BEGINNINGS, b"\0\0\0 ftypM4A "))), st.binary())
@settings(max_examples=300, deadline=None)
def test_random_bytes_give_a_clip_or_our_own_error(beginning, rest):
    check_result(beginning + rest)


@given(data=st.data())
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_mutated_files_give_a_clip_or_our_own_error(real_files, data):
    file = bytearray(data.draw(st.sampled_from(real_files)))
    places = st.one_of(st.integers(0, 200), st.integers(0, len(file) - 1))
    for _ in range(data.draw(st.integers(1, 8))):
        place = min(data.draw(places), len(file))
        file[place : place + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    check_result(bytes(file[: data.draw(st.integers(len(file) // 2, len(file)))]))


@given(
    st.one_of(st.integers(), st.floats(), st.none(), st.text()),
    st.lists(st.floats(width=32), max_size=50),
)
@settings(max_examples=200, deadline=None)
def test_random_samples_give_a_clip_or_our_own_error(rate, few):
    try:
        clip = load((rate, np.resize(np.array(few, np.float32), 400 * len(few))))
    except BadInput:
        return
    assert np.isfinite(clip.samples).all()
    assert np.abs(clip.samples).max() <= 1


# Where somebody speaks


@pytest.fixture(scope="module")
def sentence():
    """A synthetic sentence without a pause, as long as the region found in it."""
    clip = load(EXAMPLES / "en-glad.ogg")
    (region,) = speech_regions(clip)
    return clip.samples[round(region.start * RATE) : round(region.end * RATE)]


def joined(*parts: float | np.ndarray) -> Clip:
    """Seconds of near silence and samples, one after the other."""
    rng = np.random.default_rng(0)
    quiet = [
        1e-4 * rng.standard_normal(round(part * RATE)) if isinstance(part, float) else part
        for part in parts
    ]
    return Clip(np.concatenate(quiet).astype(np.float32), "joined")


def test_every_example_speaks():
    listed = json.loads((EXAMPLES / "examples.json").read_text(encoding="utf-8"))
    assert {entry["file"] for entry in listed} == {path.name for path in EXAMPLES.glob("*.ogg")}
    assert sorted(entry["language"] for entry in listed) == ["en"] * 3 + ["ko"] * 3
    for entry in listed:
        path = EXAMPLES / entry["file"]
        clip = load(path)
        found = speech_regions(clip)
        assert sum(region.end - region.start for region in found) > 2
        assert 3 < clip.seconds < 7
        assert path.stat().st_size < 60_000
        assert entry["text"]
        assert "Synthetic" in entry["note"]


def test_sentences_are_found_where_they_are(sentence):
    spoken = len(sentence) / RATE
    clip = joined(1.0, sentence, 1.5, sentence, 1.0)
    first, second = speech_regions(clip)
    assert 0.8 < first.start < 1  # a margin before the first sound
    assert first.end == pytest.approx(1 + spoken, abs=0.3)
    assert second.start == pytest.approx(2.5 + spoken, abs=0.2)
    assert second.end == pytest.approx(2.5 + 2 * spoken, abs=0.3)
    assert second.end <= clip.seconds


def test_a_breath_does_not_part_a_region(sentence):
    assert len(speech_regions(joined(0.5, sentence, 0.1, sentence, 0.5))) == 1


@pytest.mark.parametrize("before", [0.3, 0.97, 2.5, 6.0])
def test_speech_is_heard_wherever_it_begins(sentence, before):
    assert speaks(joined(before, sentence))
    assert speaks(joined(before, sentence, 3.0))


def test_a_click_is_no_speech_where_a_part_ends_either(sentence):
    clicks = [joined(0.85 + late / 100, sentence[1600:2400], 2.0) for late in range(12)]
    assert not any(map(speech_regions, clicks))
    assert not any(map(speaks, clicks))


@pytest.mark.parametrize(
    "samples",
    [
        np.zeros(3 * RATE),
        np.zeros(10),
        np.zeros(0),
        0.1 * np.random.default_rng(0).standard_normal(3 * RATE),
        0.005 * np.random.default_rng(1).standard_normal(3 * RATE),
        tone(440, seconds=3),
        tone(150, seconds=3),
    ],
    ids=["silence", "short", "empty", "noise", "hiss", "sine", "hum"],
)
def test_nobody_speaks(samples):
    quiet = Clip(samples.astype(np.float32), "quiet")
    assert speech_regions(quiet) == ()
    assert not speaks(quiet)


def test_visitors_at_once_hear_the_same_as_one_by_one(tmp_path, sentence):
    paths = [
        write(tmp_path / f"{i}.flac", joined(0.3 * i + 0.2, sentence, 0.5).samples, RATE, "flac")
        for i in range(6)
    ]
    alone = [speech_regions(load(path)) for path in paths]
    assert len(set(alone)) == len(alone)
    started = threading.Barrier(6)

    def visit(path: Path) -> list:
        started.wait()
        return [speech_regions(load(path)) for _ in range(3)]

    with ThreadPoolExecutor(6) as visitors:
        assert list(visitors.map(visit, paths)) == [[regions] * 3 for regions in alone]


def test_the_detector_is_loaded_late_and_leaves_torch_its_threads():
    code = """
import sys, emotion.audio, emotion.acoustics, emotion.speech
assert not {"torch", "silero_vad", "onnxruntime"} & set(sys.modules)
import numpy, torch
torch.set_num_threads(3)
emotion.speech.speech_regions(emotion.audio.Clip(numpy.zeros(16000, "f4"), "quiet"))
assert torch.get_num_threads() == 3, torch.get_num_threads()
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert torch.get_num_threads() >= 1
