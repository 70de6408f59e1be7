"""This machine's own microphones, by PortAudio."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import ModuleType
from typing import Any

import numpy as np

from emotion.errors import BadInput

BLOCK = 2048  # samples that are asked for at a time
DIGITS = 6  # of a microphone's number, at most; PortAudio counts them in 32 bits
GOODBYE = 1.0  # seconds for the block that is on its way when it is stopped


def devices() -> list[str]:
    """A line for each microphone of this machine; the one that is taken without --device by *.

    Raises:
        BadInput: There is no PortAudio, or no microphone.
    """
    library = _library()
    own = _default(library)
    lines = [
        f"{'*' if device['index'] == own else ' '} {device['index']}  {device['name']}  "
        f"({device['max_input_channels']} channels, {device['default_samplerate']:.0f} Hz)"
        for device in library.query_devices()
        if device["max_input_channels"] > 0
    ]
    if not lines:
        raise BadInput("no_microphone")
    return lines


class Microphone:
    """A microphone, read by a thread of its own so that nothing it says is lost.

    Attributes:
        name: What the system calls it.
        problem: Why it stopped working, if it did.
        lost: How often the machine was too busy to take what it said.
    """

    def __init__(self, device: str | None = None) -> None:
        """Finds it.

        Args:
            device: Its number or a part of its name; the system's own if left out.

        Raises:
            BadInput: There is no PortAudio, or no such microphone.
        """
        self._library = _library()
        found = _find(self._library, device)
        self.name = str(found["name"])
        self.problem: BadInput | None = None
        self.lost = 0
        self._index, self._rate = found["index"], round(found["default_samplerate"])
        self._stop = threading.Event()

    @property
    def ended(self) -> bool:
        """Whether nothing comes from it any more."""
        return not self._thread.is_alive()

    @contextmanager
    def open(self, hear: Callable[[int, np.ndarray], None]) -> Iterator[None]:
        """Listens, and hands over the rate and the samples of each block.

        Raises:
            BadInput: It cannot be opened.
        """
        settings = {"samplerate": self._rate, "channels": 1, "dtype": "int16", "blocksize": BLOCK}
        try:
            stream = self._library.InputStream(device=self._index, **settings)
            stream.start()
        except self._library.PortAudioError as error:
            raise self._broken(error) from error
        self._thread = threading.Thread(target=self._record, args=(stream, hear), daemon=True)
        self._thread.start()
        try:
            yield
        finally:
            self.stop()
            if self.ended:  # a stream that is being read may not be closed
                stream.close()

    def stop(self) -> None:
        """Takes the block that is on its way, and no more."""
        self._stop.set()
        self._thread.join(GOODBYE)

    def _record(self, stream: Any, hear: Callable[[int, np.ndarray], None]) -> None:  # noqa: ANN401
        try:
            while not self._stop.is_set():
                samples, overflowed = stream.read(BLOCK)
                self.lost += overflowed
                hear(self._rate, samples[:, 0])
        except self._library.PortAudioError as error:
            self.problem = self._broken(error)
        except BadInput as problem:
            self.problem = problem

    def _broken(self, error: Exception) -> BadInput:
        return BadInput("bad_device", name=self.name, reason=_one_line(error))


def _library() -> ModuleType:
    try:
        import sounddevice
    except (ImportError, OSError) as missing:
        raise BadInput("no_portaudio") from missing
    return sounddevice


def _default(library: ModuleType) -> int | None:
    with suppress(library.PortAudioError, ValueError):
        return int(library.query_devices(kind="input")["index"])
    return None


def _find(library: ModuleType, device: str | None) -> dict[str, Any]:
    """What PortAudio knows of a microphone."""
    numbered = device and device.isdecimal() and len(device) <= DIGITS
    wanted: int | str | None = int(device) if device and numbered else device
    if wanted is None and _default(library) is None:
        devices()  # which says where there is none at all
        raise BadInput("no_default_device")
    try:
        return library.query_devices(wanted, "input")
    except (library.PortAudioError, ValueError) as error:
        if "Multiple" in str(error):
            reason = "several are called so; give its number"
            raise BadInput("bad_device", name=device, reason=reason) from error
        raise BadInput("unknown_device", name=device) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()).rstrip(".")[:200]
