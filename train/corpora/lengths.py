"""How long a clip is, by its header alone."""

import wave
from pathlib import Path


def seconds(path: Path) -> float | None:
    """The length that a clip's header states; None where it cannot be read."""
    try:
        with wave.open(str(path), "rb") as file:
            return file.getnframes() / file.getframerate()
    except (wave.Error, EOFError, ZeroDivisionError):
        return _by_container(path)
    except OSError:
        return None


def _by_container(path: Path) -> float | None:
    # Imported here so that a machine that brings its cache along needs no decoder.
    import av

    try:
        with av.open(str(path)) as container:
            return container.duration / av.time_base if container.duration else None
    except av.FFmpegError:
        return None
