"""Trains, from nothing, the tiny Whisper that the tests hear with, and writes their clips.

    python tests/tiny_whisper/make.py           # all of it; goes on where it was stopped
    python tests/tiny_whisper/make.py --score   # only hears the held-out voices again

Fourteen phrases are spoken by espeak-ng in many voices; the network learns to write them down in
Whisper's own manner until the real `whisper.load_model` and `transcribe` get every held-out voice
right. It took 75 minutes on one core of a busy machine, with espeak-ng 1.51 and its library.
"""

import argparse
import ctypes
import ctypes.util
import functools
import itertools
import math
import sys
import time
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
import torchaudio
import whisper
from torch import Tensor, nn
from whisper.model import ModelDimensions, ResidualAttentionBlock, Whisper, sinusoids
from whisper.tokenizer import Tokenizer, get_tokenizer

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))  # so that the command above finds the program

from emotion.audio import Clip  # noqa: E402
from emotion.speech import Region  # noqa: E402
from emotion.transcribe import Transcriber  # noqa: E402

CHECKPOINT = HERE / "tiny.pt"
CLIPS = HERE.parent / "clips"
STATE = ROOT / "runs" / "tiny_whisper.pt"  # not in git

RATE = 16_000  # samples a second
PER_FRAME = 320  # samples of one state of the encoder
FRAMES_PER_SECOND = RATE // PER_FRAME
WINDOW = 1500  # states in Whisper's 30 seconds

PHRASES = {
    "ko": (
        "나 지금 너무 행복해",
        "왜 자꾸 거짓말을 해",
        "오늘 정말 슬퍼",
        "어머 깜짝 놀랐잖아",
        "밤에 혼자 있으면 무서워",
        "냄새가 정말 역겨워",
        "내일 회의는 세 시에 시작해",
    ),
    "en": (
        "I am so happy to see you",
        "leave me alone right now",
        "I miss her every single day",
        "wow I never expected that",
        "I am scared of the dark",
        "this food smells really disgusting",
        "the meeting starts at three",
    ),
}
VOICES = {"ko": "ko", "en": "en-us"}
VARIANTS = ("", *(f"+m{i}" for i in range(1, 8)), *(f"+f{i}" for i in range(1, 6)))
# What is trained on, and what lies between it and is only tested on.
SPEEDS, HELD_OUT_SPEEDS = (110, 125, 140, 155, 170, 185, 200), (147, 178)
PITCHES, HELD_OUT_PITCHES = (25, 35, 45, 55, 65, 75), (40, 60)
RENDITIONS = 120  # of each phrase

# Name: language, phrase, variant, words a minute, pitch, loudest sample.
TEST_CLIPS = {
    "ko_happy": ("ko", 0, "+f2", 178, 60, 0.7),
    "ko_angry": ("ko", 1, "+m3", 178, 40, 0.9),
    "en_happy": ("en", 0, "+f2", 147, 60, 0.7),
    "en_angry": ("en", 1, "+m3", 178, 40, 0.9),
}

DIMENSIONS = ModelDimensions(
    n_mels=80,
    n_audio_ctx=WINDOW,
    n_audio_state=64,
    n_audio_head=4,
    n_audio_layer=2,
    n_vocab=51865,  # the multilingual vocabulary; at this width it is nearly the whole file
    n_text_ctx=448,
    n_text_state=64,
    n_text_head=4,
    n_text_layer=2,
)


@dataclass(frozen=True)
class Stage:
    """A part of the training.

    Attributes:
        steps: How many batches.
        batch: Windows in a batch.
        frames: Length of the window in states of the encoder; attention costs its square.
        most: The most phrases in a window.
        rate: The learning rate at its highest.
    """

    steps: int
    batch: int
    frames: int
    most: int
    rate: float


STAGES = (Stage(4000, 16, 300, 2, 2e-3), Stage(500, 8, WINDOW, 6, 5e-4))


# --- Speaking -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spoken:
    """A phrase in one voice: samples at RATE, its words, and where each of them begins.

    `starts` are in seconds and end with the end of the last word: one more than there are words.
    """

    samples: np.ndarray
    words: tuple[str, ...]
    starts: tuple[float, ...]

    def part(self, first: int, end: int) -> "Spoken":
        """Some of its words, cut where they begin."""
        at = self.starts[first]
        samples = self.samples[round(at * RATE) : round(self.starts[end] * RATE)]
        starts = tuple(start - at for start in self.starts[first : end + 1])
        return Spoken(samples, self.words[first:end], starts)


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("milliseconds", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("name", ctypes.c_char * 8),
    )


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


class Speaker:
    """espeak-ng's library, which unlike its command tells when each word begins."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(ctypes.util.find_library("espeak-ng"))
        self._rate = self._library.espeak_Initialize(2, 500, None, 0)  # 2: hand the samples over
        self._sound: list[np.ndarray] = []
        self._events: list[tuple[int, int, float]] = []
        self._callback = _Callback(self._receive)
        self._library.espeak_SetSynthCallback(self._callback)

    def _receive(self, samples: "ctypes._Pointer", count: int, events: "ctypes._Pointer") -> int:
        if samples and count:
            self._sound.append(np.ctypeslib.as_array(samples, (count,)).copy())
        for event in itertools.takewhile(lambda event: event.type, iter(events)):
            self._events.append((event.type, event.text_position, event.milliseconds / 1000))
        return 0

    def say(self, phrase: str, voice: str, speed: int, pitch: int) -> Spoken:
        """Speaks a phrase."""
        self._sound.clear()
        self._events.clear()
        self._library.espeak_SetVoiceByName(voice.encode())
        self._library.espeak_SetParameter(1, speed, 0)
        self._library.espeak_SetParameter(3, pitch, 0)
        text = phrase.encode() + b"\0"
        self._library.espeak_Synth(text, len(text), 0, 1, 0, 1, None, None)  # 1: UTF-8
        sound = torch.from_numpy(np.concatenate(self._sound).astype(np.float32))
        samples = torchaudio.functional.resample(sound / 2**15, self._rate, RATE).numpy()
        return Spoken(samples, tuple(phrase.split()), self._starts(phrase))

    def _starts(self, phrase: str) -> tuple[float, ...]:
        """Where the words begin; the few that espeak-ng runs together share by their letters."""
        end = next(second for kind, _, second in self._events if kind == 5)
        known = {0: 0.0, len(phrase): end}
        for kind, position, second in self._events:
            if kind == 1 and 0 < second < end:
                known[position - 1] = second
        first_letters = [0, *(i + 1 for i, letter in enumerate(phrase) if letter == " ")]
        places = [*first_letters, len(phrase)]
        return tuple(np.interp(places, sorted(known), [known[i] for i in sorted(known)]).tolist())


def speak_all(speeds: tuple[int, ...], pitches: tuple[int, ...], each: int, seed: int) -> dict:
    """Every phrase in `each` voices drawn by chance: `{language: [Spoken, ...]}`."""
    draw, speaker = np.random.default_rng(seed), Speaker()
    return {
        language: [
            speaker.say(
                phrase,
                VOICES[language] + str(draw.choice(VARIANTS)),
                int(draw.choice(speeds)),
                int(draw.choice(pitches)),
            )
            for phrase in phrases
            for _ in range(each)
        ]
        for language, phrases in PHRASES.items()
    }


# --- Windows to learn from ----------------------------------------------------------------------


@dataclass
class Lesson:
    """One window: what is heard, what is to be written, and where to look for it.

    Attributes:
        mel: `[80, 2 * frames]`.
        tokens: From <|startoftranscript|> to <|endoftext|>.
        looks: For each token but the last, the first and the end state to look at while writing
            the next one; None where it may look anywhere.
    """

    mel: Tensor
    tokens: list[int]
    looks: list[tuple[int, int] | None]


@functools.cache
def tokenizer(language: str) -> Tokenizer:
    """Whisper's own tokens for a language."""
    return get_tokenizer(True, language=language, task="transcribe")


class Teacher:
    """Puts phrases into windows, with silence, noise and gain by chance."""

    def __init__(self, spoken: dict[str, list[Spoken]], seed: int) -> None:
        self.spoken = spoken
        self.draw = np.random.default_rng(seed)

    def lesson(self, frames: int, most: int) -> Lesson:
        """One window of so many states."""
        language = str(self.draw.choice(list(self.spoken)))
        sound = np.zeros(frames * PER_FRAME, dtype=np.float32)
        if self.draw.random() < 0.03:
            return self._nothing(sound)
        said = self._say(sound, language, most)
        end = min(said[-1][0] + said[-1][1].starts[-1] + self.draw.uniform(0, 1), frames / 50)
        mel = self._mel(sound, round(end * RATE))
        write = _with_times if self.draw.random() < 0.6 else _without_times
        return Lesson(mel, *write(said, tokenizer(language)))

    def _say(self, sound: np.ndarray, language: str, most: int) -> list[tuple[float, Spoken]]:
        """Puts phrases into `sound`; returns the second at which each begins."""
        count = 1 if self.draw.random() < 0.6 else int(self.draw.integers(1, most + 1))
        clock = float(self.draw.choice([0.0, self.draw.uniform(0, 0.3), self.draw.uniform(0, 1.2)]))
        said: list[tuple[float, Spoken]] = []
        for _ in range(count):
            spoken = self._some_words(self.spoken[language])
            first = round(clock * RATE)
            if said and first + len(spoken.samples) > len(sound):
                break
            sound[first : first + len(spoken.samples)] = spoken.samples
            if self.draw.random() < 0.2:  # as where speech is found a little late
                sound[first : first + int(self.draw.integers(RATE // 25))] = 0
            said.append((clock, spoken))
            clock += spoken.starts[-1] + self.draw.uniform(0.2, 0.9)
        return said

    def _some_words(self, spoken: list[Spoken]) -> Spoken:
        """A phrase, or now and then a part of one: so each word is learnt for itself."""
        phrase = spoken[self.draw.integers(len(spoken))]
        if self.draw.random() < 0.75:
            return phrase
        first = int(self.draw.integers(len(phrase.words)))
        return phrase.part(first, int(self.draw.integers(first + 1, len(phrase.words) + 1)))

    def _mel(self, sound: np.ndarray, end: int) -> Tensor:
        """What the encoder gets: Whisper pads before the spectrogram, or after it with zeros."""
        sound *= self.draw.uniform(0.1, 1)
        if self.draw.random() < 0.7:
            noise = self.draw.standard_normal(end).astype(np.float32)
            if self.draw.random() < 0.4:  # as between stretches of speech that were joined
                noise[sound[:end] == 0] = 0
            sound[:end] += noise * np.abs(sound).max() * 10 ** self.draw.uniform(-3.5, -1.2)
        mel = whisper.log_mel_spectrogram(sound)
        mel = mel + self.draw.normal(0, 0.05) * torch.linspace(-1, 1, 80)[:, None]  # a microphone
        if self.draw.random() < 0.75:
            mel[:, end // 160 :] = 0
        return mel

    def _nothing(self, sound: np.ndarray) -> Lesson:
        """No speech at all, which Whisper says in place of a language."""
        sound += self.draw.standard_normal(len(sound)) * 10 ** self.draw.uniform(-5, -1)
        tokens = tokenizer("en")
        mel = self._mel(sound, int(self.draw.integers(RATE, len(sound) + 1)))
        return Lesson(mel, [tokens.sot, tokens.no_speech], [None])


def _frame(second: float) -> int:
    return round(second * FRAMES_PER_SECOND)


def _texts(at: float, spoken: Spoken, tokens: Tokenizer) -> Iterator[tuple[int, tuple[int, int]]]:
    """Every token of a phrase, with the states in which its word is spoken."""
    for word, (start, end) in zip(spoken.words, itertools.pairwise(spoken.starts), strict=True):
        look = (_frame(at + start), max(_frame(at + end), _frame(at + start) + 1))
        for token in tokens.encode(" " + word):
            yield token, look


def _opening(said: list[tuple[float, Spoken]]) -> list[tuple[int, int] | None]:
    """<|startoftranscript|> looks anywhere, the language at the silence behind the speech.

    A row that takes the silence keeps the other rows out of it when Whisper aligns words.
    """
    at, spoken = said[-1]
    behind = _frame(at + spoken.starts[-1])
    return [None, (behind + 2, behind + 25)]


def _without_times(
    said: list[tuple[float, Spoken]], tokens: Tokenizer
) -> tuple[list[int], list[tuple[int, int] | None]]:
    """The words alone, as Whisper reads them once more to find their times."""
    written = [pair for at, spoken in said for pair in _texts(at, spoken, tokens)]
    behind = written[-1][1][1]
    ids = [*tokens.sot_sequence, tokens.no_timestamps, *(token for token, _ in written)]
    looks = [*_opening(said), None, *(look for _, look in written), (behind, behind + 15)]
    return [*ids, tokens.eot], looks


def _with_times(
    said: list[tuple[float, Spoken]], tokens: Tokenizer
) -> tuple[list[int], list[tuple[int, int] | None]]:
    """The words of each phrase between the times at which it begins and ends."""
    ids: list[int] = list(tokens.sot_sequence)
    looks = _opening(said)
    for at, spoken in said:
        start, end = _frame(at), _frame(at + spoken.starts[-1])
        written = list(_texts(at, spoken, tokens))
        ids += [
            tokens.timestamp_begin + start,
            *(token for token, _ in written),
            tokens.timestamp_begin + end,
        ]
        looks += [(start, start + 5), *(look for _, look in written), (max(end - 5, 0), end)]
    return [*ids, tokens.eot], [*looks, None]


# --- The network --------------------------------------------------------------------------------


class Vocabulary(nn.Module):
    """Whisper's 51,865 tokens by the few hundred rows that are ever written.

    All the others share one row, counted as often as they are; the times are one linear map of
    the sinusoids that the encoder adds to its states. So a step costs a thirtieth, a time that
    was never written is known too, and git stores the file small.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        tokens = tokenizer("en")
        words = {word for phrases in PHRASES.values() for p in phrases for word in p.split()}
        texts = {token for word in words for token in tokens.encode(" " + word)}
        self.ids = sorted(texts | set(range(tokens.eot, tokens.timestamp_begin)))
        self.n_rest = tokens.timestamp_begin - len(self.ids)
        self.rows = nn.Parameter(torch.randn(len(self.ids), width) * width**-0.5)
        self.rest = nn.Parameter(torch.zeros(1, width))
        self.times = nn.Linear(width, width)
        self.clock: Tensor
        self.number: Tensor
        self.register_buffer("clock", sinusoids(1501, width), persistent=False)
        number = torch.full((DIMENSIONS.n_vocab,), -1)
        number[self.ids] = torch.arange(len(self.ids))
        number[tokens.timestamp_begin :] = len(self.ids) + torch.arange(1501)
        self.register_buffer("number", number, persistent=False)

    def table(self) -> Tensor:
        """Rows of the used tokens, of the 1501 times, and the shared one, `[n, width]`."""
        return torch.cat([self.rows, self.times(self.clock), self.rest])

    def logits(self, states: Tensor, table: Tensor) -> Tensor:
        """Scores of the rows; that of the shared one stands for all who share it."""
        logits = states @ table.T
        return torch.cat([logits[..., :-1], logits[..., -1:] + math.log(self.n_rest)], dim=-1)

    def whole(self) -> Tensor:
        """The table that Whisper stores, `[51865, width]`."""
        table = self.table()
        return table[self.number]  # -1 is the last row: the shared one


def encode(model: Whisper, mel: Tensor) -> Tensor:
    """Whisper's encoder for a window of any length, `[batch, frames, width]`."""
    encoder = model.encoder
    x = F.gelu(encoder.conv2(F.gelu(encoder.conv1(mel)))).permute(0, 2, 1)
    x = x + encoder.positional_embedding[: x.shape[1]]
    for block in encoder.blocks:
        x = block(x)
    return encoder.ln_post(x)


def look(block: ResidualAttentionBlock, x: Tensor, heard: Tensor) -> tuple[Tensor, Tensor]:
    """Whisper's cross attention, with scores `[batch, heads, tokens, frames]` that can learn."""
    attention = block.cross_attn
    split = functools.partial(Tensor.unflatten, dim=-1, sizes=(attention.n_head, -1))
    query, key, value = (
        split(project(states)).transpose(1, 2)
        for project, states in (
            (attention.query, block.cross_attn_ln(x)),
            (attention.key, heard),
            (attention.value, heard),
        )
    )
    scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
    found = (scores.softmax(-1) @ value).transpose(1, 2).flatten(2)
    return attention.out(found), scores


def decode(model: Whisper, x: Tensor, heard: Tensor) -> tuple[Tensor, Tensor]:
    """Whisper's decoder on embedded tokens: its states and the scores of its last layer."""
    decoder = model.decoder
    x = x + decoder.positional_embedding[: x.shape[1]]
    for block in decoder.blocks:
        x = x + block.attn(block.attn_ln(x), mask=decoder.mask)[0]
        found, scores = look(block, x, heard)
        x = x + found
        x = x + block.mlp(block.mlp_ln(x))
    return decoder.ln(x), scores


# --- Learning -----------------------------------------------------------------------------------


@dataclass
class Batch:
    """Lessons side by side.

    Attributes:
        mel: `[batch, 80, 2 * frames]`.
        tokens: Rows of the table, `[batch, tokens]`.
        targets: The next row, and for times its six neighbours, `[batch, tokens, 7]`.
        weights: How much each of the seven counts, summing to 1, or to 0 behind the end.
        looks: Where to look, each row summing to 1, or to 0 where it is free.
    """

    mel: Tensor
    tokens: Tensor
    targets: Tensor
    weights: Tensor
    looks: Tensor


# A time that is a fiftieth of a second off is nearly right.
_NEAR = torch.arange(-3, 4)
_NEAR_WEIGHTS = torch.softmax(-(_NEAR**2) / 4.5, dim=0)


def collate(lessons: list[Lesson], vocabulary: Vocabulary) -> Batch:
    """Pads lessons to the longest one."""
    count = max(len(lesson.looks) for lesson in lessons)
    frames = lessons[0].mel.shape[1] // 2
    n_rows, first_time = len(vocabulary.ids) + 1501, len(vocabulary.ids)
    tokens = torch.zeros(len(lessons), count, dtype=torch.long)
    targets = torch.zeros(len(lessons), count, 7, dtype=torch.long)
    weights = torch.zeros(len(lessons), count, 7)
    looks = torch.zeros(len(lessons), count, frames)
    for i, lesson in enumerate(lessons):
        numbers = vocabulary.number[torch.tensor(lesson.tokens)]
        n = len(numbers) - 1
        tokens[i, :n] = numbers[:-1]
        is_time = (numbers[1:] >= first_time)[:, None]
        near = (numbers[1:, None] + _NEAR).clamp(first_time, n_rows - 1)
        targets[i, :n] = torch.where(is_time, near, numbers[1:, None])
        weights[i, :n] = _NEAR_WEIGHTS
        for j, place in enumerate(lesson.looks):
            if place and place[0] < frames:
                looks[i, j, place[0] : place[1]] = 1
    looks = looks / looks.sum(-1, keepdim=True).clamp(min=1)
    mel = torch.stack([lesson.mel for lesson in lessons])
    return Batch(mel, tokens, targets, weights, looks)


def losses(model: Whisper, vocabulary: Vocabulary, batch: Batch) -> tuple[Tensor, Tensor]:
    """How wrong the writing is, and the looking."""
    table = vocabulary.table()
    states, scores = decode(model, table[batch.tokens], encode(model, batch.mel))
    chances = vocabulary.logits(states, table).log_softmax(-1)
    writing = -(chances.gather(-1, batch.targets) * batch.weights).sum() / batch.weights.sum()
    mass = scores.log_softmax(-1).mean(1)
    looking = -(mass * batch.looks).sum() / batch.looks.sum()
    return writing, looking


def _rate(step: int) -> float:
    """The learning rate at a step: a rise, then half a cosine, in every stage."""
    for stage in STAGES:
        if step < stage.steps:
            rise = min(1.0, (step + 1) / min(300, stage.steps / 4))
            return stage.rate * rise * (0.52 + 0.48 * math.cos(math.pi * step / stage.steps))
        step -= stage.steps
    return 0.0


def train() -> Whisper:
    """Learns, from where it was stopped if it was."""
    torch.manual_seed(0)
    model, vocabulary = Whisper(DIMENSIONS), Vocabulary(DIMENSIONS.n_text_state)
    nn.init.normal_(model.decoder.positional_embedding, std=0.02)
    learns = nn.ModuleDict({"model": model, "vocabulary": vocabulary})
    optimizer = torch.optim.AdamW(learns.parameters(), weight_decay=0.01, betas=(0.9, 0.98))
    first = _resume(learns, optimizer)
    teacher = Teacher(speak_all(SPEEDS, PITCHES, RENDITIONS, seed=1), seed=first)
    began, sums = time.perf_counter(), np.zeros(2)
    plan = [stage for stage in STAGES for _ in range(stage.steps)]
    for step in range(first, len(plan)):
        stage = plan[step]
        lessons = [teacher.lesson(stage.frames, stage.most) for _ in range(stage.batch)]
        writing, looking = losses(model, vocabulary, collate(lessons, vocabulary))
        optimizer.param_groups[0]["lr"] = _rate(step)
        optimizer.zero_grad()
        (writing + 0.3 * looking).backward()
        nn.utils.clip_grad_norm_(learns.parameters(), 1.0)
        optimizer.step()
        sums += (writing.item(), looking.item())
        if (step + 1) % 100 == 0:
            minutes = (time.perf_counter() - began) / 60
            writing_mean, looking_mean = sums / 100
            print(
                f"{step + 1}: writing {writing_mean:.4f}, looking {looking_mean:.3f}, "
                f"{minutes:.1f} min",
                flush=True,
            )
            sums[:] = 0
            _keep(learns, optimizer, step + 1)
    with torch.no_grad():
        model.decoder.token_embedding.weight.copy_(vocabulary.whole())
    return model


def _keep(learns: nn.Module, optimizer: torch.optim.Optimizer, step: int) -> None:
    STATE.parent.mkdir(exist_ok=True)
    state = {"learns": learns.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
    torch.save(state, STATE.with_suffix(".new"))
    STATE.with_suffix(".new").replace(STATE)


def _resume(learns: nn.Module, optimizer: torch.optim.Optimizer) -> int:
    if not STATE.exists():
        return 0
    state = torch.load(STATE, weights_only=True)
    learns.load_state_dict(state["learns"])
    optimizer.load_state_dict(state["optimizer"])
    return state["step"]


def save(model: Whisper) -> None:
    """Writes the checkpoint in Whisper's own format, in half precision."""
    weights = {name: tensor.half() for name, tensor in model.state_dict().items()}
    torch.save({"dims": vars(DIMENSIONS), "model_state_dict": weights}, CHECKPOINT)
    print(f"{CHECKPOINT.name}: {CHECKPOINT.stat().st_size / 1e6:.1f} MB")


# --- Examination --------------------------------------------------------------------------------


def with_silence(spoken: Spoken, loudest: float) -> np.ndarray:
    """The phrase with a second of silence before it and half a second after it."""
    peak = np.abs(spoken.samples).max()
    return np.pad(spoken.samples * (loudest / peak), (RATE, RATE // 2)).astype(np.float32)


def examine() -> bool:
    """Hears held-out voices as the program does; tells whether every word was right."""
    transcriber = Transcriber(str(CHECKPOINT), "cpu")
    spoken = speak_all(HELD_OUT_SPEEDS, HELD_OUT_PITCHES, each=10, seed=2)
    off: list[float] = []
    wrong = 0
    for language, phrase in ((name, one) for name, all_ in spoken.items() for one in all_):
        clip = Clip(with_silence(phrase, 0.7), "held out")
        regions = (Region(0.95, 1.05 + phrase.starts[-1]),)
        heard = transcriber.transcribe(clip, regions)
        if (heard.text, heard.language) != (" ".join(phrase.words), language):
            wrong += 1
            print("said", " ".join(phrase.words), "heard", heard.text, heard.language)
            continue
        # The first word begins where the region does, which says nothing.
        off += [
            abs((word.start or 0) - 1 - start)
            for word, start in zip(heard.words[1:], phrase.starts[1:-1], strict=True)
        ]
    total = sum(map(len, spoken.values()))
    print(f"held-out voices: {total - wrong} of {total} right")
    print(f"words begin {np.median(off):.3f} s from the truth (median of {len(off)})")
    print(f"and {max(off, default=0):.3f} s at worst")
    return wrong == 0


def write_clips() -> bool:
    """Writes the clips of the tests; tells whether each is heard right."""
    speaker, right = Speaker(), True
    transcriber = Transcriber(str(CHECKPOINT), "cpu")
    CLIPS.mkdir(exist_ok=True)
    for name, (language, number, variant, speed, pitch, loudest) in TEST_CLIPS.items():
        spoken = speaker.say(PHRASES[language][number], VOICES[language] + variant, speed, pitch)
        samples = with_silence(spoken, loudest)
        with wave.open(str(CLIPS / f"{name}.wav"), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((samples * (2**15 - 1)).astype("<i2").tobytes())
        heard = transcriber.transcribe(Clip(samples, name), (Region(0.9, 1.1 + spoken.starts[-1]),))
        print(name, heard.language, [(w.text, w.start, w.end) for w in heard.words])
        right &= (heard.text, heard.language) == (" ".join(spoken.words), language)
    return right


def main() -> None:
    """Trains unless told not to, and examines."""
    parser = argparse.ArgumentParser(description="Makes the tiny Whisper of the tests.")
    parser.add_argument("--score", action="store_true", help="only examine the one that is there")
    torch.set_num_threads(1)
    only_score = parser.parse_args().score
    if not only_score:
        save(train())
    right = examine()
    if not only_score:
        right &= write_clips()
    sys.exit(0 if right else 1)


if __name__ == "__main__":
    main()
