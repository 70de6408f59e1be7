"""The real program on a real ALSA device, which reads what it hears from a pipe."""

import csv
import os
import pty
import resource
import signal
import subprocess
import sys
import threading
import time
import wave

import numpy as np
import pytest

from emotion import audio
from tests import portaudio
from tests.ui.driving import ROOT

DEVICE_RATE = 44_100  # what PortAudio takes for the default of a device that knows every rate
BLOCK = 4096  # bytes written at a time: a whole number of what is read, or ALSA fills it up
PATIENCE = 900  # seconds for a busy machine to start
SYSTEM = "</usr/share/alsa/alsa.conf>\n"  # without which PortAudio does not start
DEVICE = """
pcm.made {{
  type file
  slave.pcm {{ type null }}
  file "/dev/null"
  infile "{pipe}"
  format "raw"
}}
"""


needs_portaudio = pytest.mark.skipif(
    not portaudio.found(), reason="There is no PortAudio with ALSA."
)


class Device:
    """An ALSA device called "made", that speaks a clip after a second and then is silent."""

    def __init__(self, folder, samples):
        self.pipe = folder / "voice"
        os.mkfifo(self.pipe)
        self.settings = folder / "alsa.conf"
        self.settings.write_text(SYSTEM + DEVICE.format(pipe=self.pipe))
        at = np.arange(len(samples) * DEVICE_RATE // audio.RATE) * audio.RATE / DEVICE_RATE
        sound = np.interp(at, np.arange(len(samples)), samples)
        quiet = np.zeros(DEVICE_RATE, np.int16).tobytes()
        self.sound = quiet + (sound * 32767).astype("<i2").tobytes()
        self.over = threading.Event()
        # Open for both, so that neither side waits for the other one to open it.
        self.file = os.open(self.pipe, os.O_RDWR | os.O_NONBLOCK)

    def speak(self):
        """Gives what is heard at the speed of sound, until it is over."""
        start, sent = time.monotonic(), 0
        while not self.over.is_set():
            if sent / 2 / DEVICE_RATE > time.monotonic() - start:
                time.sleep(0.01)
                continue
            block = self.sound[sent : sent + BLOCK].ljust(BLOCK, b"\0")
            try:
                os.write(self.file, block)
                sent += BLOCK
            except BlockingIOError:
                time.sleep(0.01)

    def close(self):
        self.over.set()
        os.close(self.file)


@pytest.fixture
def device(tmp_path):
    made = Device(tmp_path, audio.load(ROOT / "tests" / "clips" / "ko_happy.wav").samples)
    yield made
    made.close()


def listen(*arguments, settings, largest=resource.RLIM_INFINITY):
    """Starts the program, with a terminal of its own to press keys in, and room for files."""
    keyboard, terminal = pty.openpty()
    environment = {**os.environ, "ALSA_CONFIG_PATH": str(settings), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "emotion", "listen", *map(str, arguments)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}

    def make_ready():
        # Where the tests run in the background, Ctrl-C is ignored, and so it would be here.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))

    started = subprocess.Popen(
        command, stdin=terminal, cwd=ROOT, env=environment, preexec_fn=make_ready, **pipes
    )
    os.close(terminal)
    return started, keyboard


def ended(*arguments, settings):
    started, keyboard = listen(*arguments, settings=settings)
    out, err = started.communicate(timeout=PATIENCE)
    os.close(keyboard)
    return started.returncode, out, err


def heard(device, checkpoint, *arguments, stop, **room):
    """What the program says of the clip, stopped once it has been spoken."""
    started, keyboard = listen(
        "--device", "made", "--no-words", "--checkpoint", checkpoint, *arguments,
        settings=device.settings, **room,
    )  # fmt: skip
    said = [started.stderr.readline()]  # that it listens
    threading.Thread(target=device.speak, daemon=True).start()
    lines = []
    while len(lines) < 200 and (line := started.stdout.readline()):
        lines.append(line.rstrip())
        if float(line.split()[0]) >= 4.5:  # the clip is over
            break
    stop(started, keyboard)
    out, err = started.communicate(timeout=PATIENCE)
    os.close(keyboard)
    return started.returncode, lines + out.splitlines(), said[0] + err


def press_q(started, keyboard):
    os.write(keyboard, b"q")


def press_control_c(started, keyboard):
    started.send_signal(signal.SIGINT)


@needs_portaudio
@pytest.mark.parametrize("stop", [press_q, press_control_c])
def test_a_voice_is_read_while_it_speaks_and_kept_as_it_was(
    device, small_checkpoint, tmp_path, stop
):
    file = tmp_path / "kept.wav"
    code, lines, err = heard(device, small_checkpoint, "--save", file, stop=stop)
    assert code == 0, err
    assert err.startswith("Listening to made.")
    assert "Traceback" not in err
    assert "nobody speaks" in lines[0]
    assert any("valence" in line for line in lines)
    with (tmp_path / "kept.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    assert [float(row["second"]) for row in rows] == [float(line.split()[0]) for line in lines]
    assert {row["speaks"] for row in rows} == {"0", "1"}
    for row in rows:
        assert bool(row["predicted"]) == (row["speaks"] == "1")
    with wave.open(str(file)) as kept:
        assert kept.getframerate() == audio.RATE
        assert kept.getnframes() / audio.RATE >= float(rows[-1]["second"])
    assert likeness(audio.load(file).samples, device) > 0.99


@needs_portaudio
def test_a_full_disk_is_one_line_and_what_was_kept_stays(device, small_checkpoint, tmp_path):
    file = tmp_path / "kept.wav"
    code, _, err = heard(
        device, small_checkpoint, "--save", file, stop=lambda *_: None, largest=64_000
    )
    assert code == 2
    assert err.splitlines()[1:] == ["kept.wav cannot be written: file too large."]
    with wave.open(str(file)) as kept:
        assert kept.getnframes() > audio.RATE


def likeness(kept, device):
    """The highest correlation of what was kept with what was spoken."""
    spoken = audio.load((DEVICE_RATE, np.frombuffer(device.sound, "<i2"))).samples[audio.RATE :]
    size = len(kept) + len(spoken)
    cross = np.fft.irfft(np.fft.rfft(kept, size) * np.fft.rfft(spoken, size).conj(), size)
    at = int(cross.argmax())
    part = kept[at : at + len(spoken)]
    return float(cross.max() / np.linalg.norm(part) / np.linalg.norm(spoken))


@needs_portaudio
def test_microphones_are_listed(device):
    code, out, err = ended("--list", settings=device.settings)
    assert (code, err) == (0, "")
    assert "made" in out
    assert "44100 Hz" in out


@needs_portaudio
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--device", "nobody"], "No microphone is called nobody."),
        (["--device", "77"], "No microphone is called 77."),
        (["--device", "9" * 23], f"No microphone is called {'9' * 23}."),
        ([], "This machine has no microphone. Plug one in and try again."),
        (["--list"], "This machine has no microphone. Plug one in and try again."),
    ],
)
def test_no_such_microphone_is_one_line_and_exit_2(tmp_path, device, arguments, said):
    nothing = tmp_path / "none.conf"
    nothing.write_text(SYSTEM)
    settings = device.settings if "--device" in arguments else nothing
    code, out, err = ended(*arguments, settings=settings)
    assert (code, out) == (2, "")
    assert err.startswith(said)
    assert err.count("\n") == 1


@needs_portaudio
def test_nothing_is_written_over(device, small_checkpoint, tmp_path):
    (tmp_path / "mine.csv").write_text("mine")
    arguments = ("--device", "made", "--checkpoint", small_checkpoint, "--no-words")
    code, _, err = ended(*arguments, "--save", tmp_path / "mine", settings=device.settings)
    assert code == 2
    assert err == "mine.csv cannot be written: it is already there.\n"
    assert (tmp_path / "mine.csv").read_text() == "mine"
    assert not (tmp_path / "mine.wav").exists()


@needs_portaudio
def test_a_folder_that_is_not_there_is_one_line(device, small_checkpoint, tmp_path):
    arguments = ("--device", "made", "--checkpoint", small_checkpoint, "--no-words")
    code, _, err = ended(*arguments, "--save", tmp_path / "no" / "x.wav", settings=device.settings)
    assert code == 2
    assert err == "x.wav cannot be written: no such file or directory.\n"


def test_without_portaudio_it_says_what_to_install():
    # The system's list of libraries, from which PortAudio is left out.
    code = "import ctypes.util as u; u.find_library = lambda name: None; "
    code += "import sys; from emotion.__main__ import main; sys.exit(main(['listen']))"
    ended = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "PortAudio is missing" in ended.stderr
    assert ended.stderr.count("\n") == 1
