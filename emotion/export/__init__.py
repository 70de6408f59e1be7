"""A timeline as another program's file: a table, subtitles, annotations."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from emotion.errors import BadInput, unwritten
from emotion.export.elan import eaf
from emotion.export.praat import textgrid
from emotion.export.rows import as_csv, as_json
from emotion.export.subtitles import srt, vtt
from emotion.timeline import Timeline

# By a file's ending.
FORMATS: dict[str, Callable[[Timeline], str]] = {
    "csv": as_csv,
    "json": as_json,
    "srt": srt,
    "vtt": vtt,
    "TextGrid": textgrid,
    "eaf": eaf,
}

__all__ = ["FORMATS", "format_of", "place"]


def format_of(path: str | Path) -> Callable[[Timeline], str]:
    """What makes the content of a file of this ending, in capitals or not.

    Raises:
        BadInput: No format has this ending.
    """
    path = Path(path)
    for ending, made in FORMATS.items():
        if path.suffix[1:].lower() == ending.lower():
            return made
    raise BadInput("unknown_ending", name=path.name, choices=", ".join(FORMATS))


@contextmanager
def place(path: str | Path) -> Iterator[Path]:
    """A file beside a path that takes its place in the end, or never if something goes wrong.

    That nothing can be written there shows at once, and not after an hour of listening. A device
    such as /dev/stdout is written as it is.

    Raises:
        BadInput: Nothing can be written there.
    """
    path = Path(path)
    if path.is_dir():
        raise BadInput("bad_output", name=path.name, reason="it is a folder")
    if path.exists() and not path.is_file():
        try:
            yield path
        except OSError as fault:
            raise unwritten(path, fault) from fault
        return
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        scratch.touch(exist_ok=False)
    except OSError as fault:
        raise unwritten(path, fault) from fault
    try:
        yield scratch
        scratch.replace(path)
    except OSError as fault:
        raise unwritten(path, fault) from fault
    finally:
        scratch.unlink(missing_ok=True)
