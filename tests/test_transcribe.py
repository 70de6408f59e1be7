"""Hearing words: the real Whisper on the tiny checkpoint, and what is typed by hand."""

import base64
import gzip
import hashlib
import itertools
import socket
import subprocess
import sys
import threading
import unicodedata
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
import torchaudio
import whisper
from hypothesis import given
from hypothesis import strategies as st

from emotion import transcribe
from emotion.audio import RATE, Clip, load
from emotion.errors import BadInput
from emotion.speech import Region, speech_regions
from emotion.transcribe import Transcriber
from emotion.transcript import Transcript, Word, typed

HERE = Path(__file__).parent
TINY = str(HERE / "tiny_whisper" / "tiny.pt")
SAID = {
    "ko_happy": ("ko", "나 지금 너무 행복해"),
    "ko_angry": ("ko", "왜 자꾸 거짓말을 해"),
    "en_happy": ("en", "I am so happy to see you"),
    "en_angry": ("en", "leave me alone right now"),
}
NOTHING = Transcript((), "", "whisper")
NOISE = Clip(np.random.default_rng(1).normal(0, 0.2, RATE).astype(np.float32), "noise")


def clip_of(name: str) -> Clip:
    return load(HERE / "clips" / f"{name}.wav")


def transcriber() -> Transcriber:
    return Transcriber(TINY, "cpu")


def assert_in_order(words: tuple[Word, ...], first: float, last: float) -> None:
    times = [time for word in words for time in (word.start, word.end)]
    assert all(a <= b for a, b in itertools.pairwise(times))
    assert first <= times[0]
    assert times[-1] <= last


@pytest.fixture
def nothing_loaded(monkeypatch):
    monkeypatch.setattr(transcribe, "_MODELS", {})


@pytest.fixture
def no_network(monkeypatch, tmp_path):
    """Every request goes to a port where nobody listens, on machines with a network too."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("no_proxy", "")
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    monkeypatch.setattr(urllib.request, "_opener", None)  # urllib remembers the last proxy
    monkeypatch.setattr(transcribe, "_MISSED", {})
    return tmp_path / "whisper"


# --- Hearing


@pytest.mark.parametrize("name", SAID)
def test_words_language_and_times_of_a_voice(name):
    clip = clip_of(name)
    heard = transcriber().transcribe(clip, speech_regions(clip))
    assert (heard.language, heard.text) == SAID[name]
    assert heard.source == "whisper"
    assert_in_order(heard.words, 0.7, clip.seconds - 0.2)  # a second of silence, half a second
    starts = [word.start for word in heard.words]
    assert all(a < b for a, b in itertools.pairwise(starts))


@pytest.mark.parametrize("name", ["ko_angry", "en_happy"])
def test_a_voice_at_48_khz(name):
    samples = torchaudio.functional.resample(torch.tensor(clip_of(name).samples), RATE, 48_000)
    clip = load((48_000, (samples.numpy() * 30_000).astype(np.int16)))
    assert transcriber().transcribe(clip, speech_regions(clip)).text == SAID[name][1]


@pytest.mark.parametrize("name", ["ko_happy", "en_angry"])
def test_a_language_that_was_chosen(name):
    clip = clip_of(name)
    language, text = SAID[name]
    heard = transcriber().transcribe(clip, speech_regions(clip), language)
    assert (heard.language, heard.text) == (language, text)
    other = "en" if language == "ko" else "ko"
    assert transcriber().transcribe(clip, speech_regions(clip), other).language == other


def test_where_nobody_speaks_nothing_is_heard_or_loaded():
    silence = Clip(np.zeros(5 * RATE, dtype=np.float32), "silence")
    nobody = Transcriber("a size that would be refused")
    assert nobody.transcribe(silence, ()) == NOTHING
    assert nobody.transcribe(silence, (Region(2, 2), Region(9, 12))) == NOTHING
    assert nobody.transcribe(silence, (), "ko").language == "ko"


def test_only_the_regions_are_heard():
    happy, angry = clip_of("en_happy"), clip_of("en_angry")
    regions = speech_regions(happy)
    alone = transcriber().transcribe(happy, regions)
    samples = np.concatenate([happy.samples, angry.samples])
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, len(samples)).astype(np.float32)
    for region in regions:
        here = slice(round(region.start * RATE), round(region.end * RATE))
        noise[here] = samples[here]
    assert transcriber().transcribe(Clip(noise, "noise around it"), regions) == alone


def test_words_behind_a_long_pause_have_the_times_of_the_clip():
    happy, angry = clip_of("ko_happy"), clip_of("ko_angry")
    pause = np.zeros(4 * RATE, dtype=np.float32)
    clip = Clip(np.concatenate([happy.samples, pause, angry.samples]), "both")
    first, second = speech_regions(clip)
    heard = transcriber().transcribe(clip, (second, first))
    assert heard.text == f"{SAID['ko_happy'][1]} {SAID['ko_angry'][1]}"
    assert_in_order(heard.words[:4], first.start, first.end)
    assert_in_order(heard.words[4:], second.start, second.end)


def test_regions_that_overlap_or_leave_the_clip():
    clip = clip_of("en_happy")
    regions = (Region(-1, 1.2), Region(0.9, clip.seconds + 9), Region(1, 1.1))
    heard = transcriber().transcribe(clip, regions)
    assert heard.text == SAID["en_happy"][1]
    assert_in_order(heard.words, 0, clip.seconds)


def test_what_is_no_speech_gives_the_same_twice():
    torch.manual_seed(5)
    first = transcriber().transcribe(NOISE, (Region(0, 0.5),))
    after = torch.rand(1)
    second = transcriber().transcribe(NOISE, (Region(0, 0.5),))
    assert first == second
    torch.manual_seed(5)
    assert torch.rand(1) == after  # the dice of others were not touched


def test_a_whisper_that_does_not_end_is_ended(monkeypatch, tmp_path):
    monkeypatch.setattr(transcribe, "TEMPERATURES", (0.0,))  # a third of the time
    tokens = whisper.tokenizer.get_tokenizer(True)
    checkpoint = torch.load(TINY, weights_only=True)
    rows = checkpoint["model_state_dict"]["decoder.token_embedding.weight"]
    rows[[tokens.eot, *range(tokens.timestamp_begin, len(rows))]] = rows[
        0
    ].clone()  # a token never written
    torch.save(checkpoint, tmp_path / "endless.pt")
    endless = Transcriber(str(tmp_path / "endless.pt"), "cpu")
    heard = endless.transcribe(clip_of("en_happy"), (Region(1, 1.1),))
    most = transcribe.TOKENS_AT_LEAST + transcribe.TOKENS_PER_SECOND / 10
    assert 0 < len(tokens.encode(heard.text)) <= most


def test_words_of_whisper_that_are_out_of_order_empty_or_cut_off():
    clip = Clip(np.zeros(6 * RATE, dtype=np.float32), "six seconds")
    pieces = transcribe._pieces(clip, (Region(1, 2), Region(4, 5)))  # heard at 0..1 and 1.5..2.5
    heard = [(" 나", 0, 0.6), (" 지\ufffd", 0.4, 1.5), ("  ", 1.4, 1.5), ("\ufffd", 1.4, 1.5)]
    heard += [(" 너무", 1.2, 1.9), (" 기뻐", 1.9, 9.9)]
    words = [{"word": text, "start": start, "end": end} for text, start, end in heard]
    assert transcribe._on_the_clip(words, pieces) == (
        Word("나", 1, 1.6),
        Word("지", 1.6, 2),
        Word("너무", 4, 4.4),
        Word("기뻐", 4.4, 5),
    )


# --- Loading


def test_importing_is_quick():
    heavy = "{'torch', 'whisper', 'gradio'} & set(sys.modules)"
    code = f"import sys, emotion.transcribe; sys.exit(len({heavy}))"
    assert subprocess.run([sys.executable, "-c", code], cwd=HERE.parent).returncode == 0


@pytest.mark.usefixtures("nothing_loaded")
def test_loaded_once_for_all_who_ask_at_once(monkeypatch):
    loads, load_model = [], whisper.load_model
    monkeypatch.setattr(whisper, "load_model", lambda *all_: loads.append(1) or load_model(*all_))
    together = threading.Barrier(2)

    def hear(name: str) -> Transcript:
        clip = clip_of(name)
        regions = speech_regions(clip)
        together.wait()
        return transcriber().transcribe(clip, regions)

    with ThreadPoolExecutor(2) as threads:
        heard = list(threads.map(hear, ["ko_angry", "en_angry"]))
    assert [one.text for one in heard] == [SAID["ko_angry"][1], SAID["en_angry"][1]]
    assert len(loads) == 1


def test_the_setting_names_the_recognizer(monkeypatch):
    monkeypatch.setenv("EMOTION_WHISPER", TINY)
    clip = clip_of("ko_happy")
    assert Transcriber().transcribe(clip, speech_regions(clip)).text == SAID["ko_happy"][1]


def refused(size: str) -> BadInput:
    with pytest.raises(BadInput) as caught:
        Transcriber(size, "cpu").transcribe(NOISE, (Region(0, 1),))
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_size_that_cannot_be_fetched(no_network):
    assert refused("tiny").code == "whisper_unreachable"
    assert "Type what was said" in str(refused("tiny"))


def test_the_default_is_a_size_of_whisper(no_network, monkeypatch):
    monkeypatch.delenv("EMOTION_WHISPER", raising=False)
    with pytest.raises(BadInput, match=r"\(base\) cannot be fetched"):
        Transcriber(device="cpu").transcribe(NOISE, (Region(0, 1),))


def test_a_server_that_never_answers_is_given_up(no_network, monkeypatch):
    monkeypatch.setattr(transcribe, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        assert refused("tiny").code == "whisper_unreachable"
    assert socket.getdefaulttimeout() is None


def test_one_that_could_not_be_fetched_is_not_waited_for_by_each_visitor(no_network, monkeypatch):
    loads = []
    load_model = whisper.load_model
    monkeypatch.setattr(whisper, "load_model", lambda *which: loads.append(1) or load_model(*which))
    for _ in range(3):
        assert refused("tiny").code == "whisper_unreachable"
    assert len(loads) == 1
    monkeypatch.setattr(transcribe, "RESPITE", 0)
    refused("tiny")
    assert len(loads) == 2


@pytest.mark.usefixtures("nothing_loaded")
@pytest.mark.filterwarnings("ignore:.*SHA256 checksum does not match")
def test_a_download_that_was_cut_off_is_fetched_again(no_network, monkeypatch, tmp_path):
    checkpoint = Path(TINY).read_bytes()
    server = tmp_path / hashlib.sha256(checkpoint).hexdigest() / "small-one.pt"
    heads = base64.b85encode(gzip.compress(np.array([[0] * 4, [1] * 4], dtype=bool).tobytes()))
    monkeypatch.setitem(whisper._MODELS, "small-one", server.as_uri())
    monkeypatch.setitem(whisper._ALIGNMENT_HEADS, "small-one", heads)
    no_network.mkdir()
    (no_network / "small-one.pt").write_bytes(checkpoint[:1000])
    assert refused("small-one").code == "whisper_unreachable"
    monkeypatch.setattr(transcribe, "RESPITE", 0)
    server.parent.mkdir()
    server.write_bytes(checkpoint)
    clip = clip_of("en_angry")
    heard = Transcriber("small-one", "cpu").transcribe(clip, speech_regions(clip))
    assert heard.text == SAID["en_angry"][1]


def test_a_size_that_does_not_exist(tmp_path):
    for size in ("enormous", str(tmp_path), str(tmp_path / "gone.pt")):
        error = refused(size)
        assert error.code == "whisper_unknown"
        assert "turbo" in str(error)


def test_a_checkpoint_that_is_broken(tmp_path):
    file = tmp_path / "broken.pt"
    whole = Path(TINY).read_bytes()
    other = torch.load(TINY, weights_only=True)
    del other["model_state_dict"]["decoder.ln.weight"]
    torch.save(other, tmp_path / "other.pt")
    torch.save([1, 2], tmp_path / "list.pt")
    for content in (b"", b"no checkpoint", whole[: len(whole) // 2], None, None):
        if content is None:
            file = tmp_path / ("list.pt" if file.name == "other.pt" else "other.pt")
        else:
            file.write_bytes(content)
        assert refused(str(file)).code == "whisper_broken"


# --- Writing by hand


def test_typed_words():
    assert typed(" I  am\tglad\n") == Transcript((Word("I"), Word("am"), Word("glad")), "en")
    assert typed("").words == ()
    apart = unicodedata.normalize("NFD", "행복해")
    assert typed(apart).words == (Word("행복해"),)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("나 지금 happy 해", "ko"),
        ("ㅋㅋㅋ", "ko"),
        ("it's a café, no 7!", "en"),
        ("ありがとう", ""),
        ("I am привет", ""),
        ("7 !", ""),
        ("", ""),
    ],
)
def test_the_language_of_typed_words(text, language):
    assert typed(text).language == language
    assert typed(text, "fr").language == "fr"


HEARD = Transcript(
    (Word("I", 1.0, 1.2), Word("am", 1.2, 1.5), Word("sad", 2.0, 2.6), Word("now", 2.6, 3.0)),
    "en",
    "whisper",
)


def times(transcript: Transcript) -> list[tuple[str, float | None, float | None]]:
    return [(word.text, word.start, word.end) for word in transcript.words]


def test_a_corrected_word_keeps_the_time_of_the_wrong_one():
    edited = HEARD.edited("I am glad now")
    assert times(edited)[2] == ("glad", 2.0, 2.6)
    assert edited.words[:2] + edited.words[3:] == HEARD.words[:2] + HEARD.words[3:]
    assert (edited.language, edited.source) == ("en", "edited")


def test_new_words_share_the_time_between_their_neighbours():
    edited = HEARD.edited("I am so not sad now")
    assert edited.words[:2] + edited.words[4:] == HEARD.words
    assert times(edited)[2:4] == [("so", 1.5, 1.7), ("not", 1.7, 2.0)]


def test_a_word_in_place_of_several_takes_all_their_time():
    assert times(HEARD.edited("I'm sad now"))[0] == ("I'm", 1.0, 1.5)


def test_nobody_knows_when_words_around_the_rest_were_said():
    edited = HEARD.edited("oh I am sad now really")
    assert times(edited)[0] == ("oh", None, None)
    assert times(edited)[-1] == ("really", None, None)
    assert edited.words[1:-1] == HEARD.words
    assert typed("I am sad").edited("I am very sad").words[2] == Word("very")


def test_words_taken_away():
    assert HEARD.edited("sad now").words == HEARD.words[2:]
    assert HEARD.edited("  ") == Transcript((), "en", "edited")


def test_what_was_not_changed_stays_as_it_was_heard():
    assert HEARD.edited(" I am sad  now ") is HEARD


def test_words_typed_where_none_were_heard_have_a_language():
    assert NOTHING.edited("나 기뻐").language == "ko"


some_words = st.lists(st.sampled_from(["a", "b", "cc", "행복", "e\u0301"]), max_size=8)


@given(some_words, some_words, st.lists(st.floats(0, 30), min_size=16, max_size=16))
def test_edited_words_are_the_text_in_order(before, after, seconds):
    ordered = sorted(seconds)
    pairs = zip(ordered[::2], ordered[1::2], strict=True)
    heard = Transcript(tuple(Word(w, *p) for w, p in zip(before, pairs, strict=False)), "ko")
    edited = heard.edited(" ".join(after))
    assert edited.text == unicodedata.normalize("NFC", " ".join(after))
    known = [time for word in edited.words for time in (word.start, word.end) if time is not None]
    assert known == sorted(known)
    if known:
        assert heard.words[0].start <= known[0]
        assert known[-1] <= heard.words[-1].end
