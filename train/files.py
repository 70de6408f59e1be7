"""Files that are written whole or not at all, whenever a run is cut off."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from train.errors import CannotTrain


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file to write that takes its place only when it is whole.

    What another process has open of that name stays as it was for it.
    """
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield fresh
        fresh.replace(path)
    except OSError as error:
        raise CannotTrain(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        with suppress(OSError):  # there may be no such folder
            fresh.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Writes a text."""
    with whole(path) as fresh:
        fresh.write_text(text, encoding="utf-8")
