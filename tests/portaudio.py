"""Finds PortAudio for the tests of the terminal's microphone, or installs it."""

import os
import shutil
import subprocess
import sys

PATIENCE = 300  # seconds for an installation


def found() -> bool:
    """Whether there is one that knows ALSA, of which the tests make a device."""
    try:
        import sounddevice  # noqa: F401
    except (ImportError, OSError):
        return False
    return sys.platform == "linux"


def install() -> bool:
    """Installs it with apt where we are root."""
    if os.geteuid() or not shutil.which("apt-get"):
        return False
    for command in (["update", "--quiet"], ["install", "--yes", "--quiet", "libportaudio2"]):
        try:
            subprocess.run(["apt-get", *command], check=True, timeout=PATIENCE, stdout=sys.stderr)
        except (OSError, subprocess.SubprocessError) as error:
            print(error, file=sys.stderr)
    return found()
