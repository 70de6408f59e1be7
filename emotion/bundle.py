"""A zip of clips, with or without a table of them, or of tables alone, made ready to be read."""

import csv
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from emotion.errors import BadInput

MANIFEST = "manifest.csv"
MOST_FILES = 10_000
MOST_BYTES = 2_000_000_000  # unpacked: nine hours of WAV at 32 kB a second and as much again
# What zipfile raises for a zip that is damaged, encrypted or packed in a way it does not know.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)


@contextmanager
def unpacked(path: str | Path) -> Iterator[Path]:
    """A zip's or a lone table's manifest, in a folder that is deleted afterwards.

    Of a zip without a table, each file is a row. Nothing outside that folder is named in it:
    emotion.score.score keeps to it with `within`.

    Args:
        path: A zip, or a CSV.

    Raises:
        BadInput: It cannot be unpacked, holds too much, or holds more than one table.
    """
    path = Path(path)
    with tempfile.TemporaryDirectory(prefix="emotion-") as scratch:
        folder = Path(scratch)
        if zipfile.is_zipfile(path):
            _unpack(path, folder)
            yield _manifest(folder, path.name)
        else:
            copy = folder / path.name
            try:
                shutil.copyfile(path, copy)
            except OSError as error:
                reason = error.strerror or "it cannot be opened"
                raise BadInput("bad_manifest", name=copy.name, reason=reason) from error
            yield copy


@contextmanager
def tables(path: str | Path, most: int) -> Iterator[list[Path]]:
    """The tables in a zip, in a folder that is deleted afterwards; any other file as it is.

    Args:
        path: A zip, or a table.
        most: How many tables there may be in it.

    Raises:
        BadInput: It cannot be unpacked, or holds no table or too many.
    """
    path = Path(path)
    if not zipfile.is_zipfile(path):
        yield [path]
        return
    with tempfile.TemporaryDirectory(prefix="emotion-") as scratch:
        _unpack(path, Path(scratch))
        found = sorted(each for each in Path(scratch).rglob("*") if each.suffix.lower() == ".csv")
        if not 0 < len(found) <= most:
            reason = f"there are {len(found)} tables in it, of which 1 to {most} are read"
            raise BadInput("bad_bundle", name=path.name, reason=reason)
        yield found


def _unpack(path: Path, folder: Path) -> None:
    try:
        with _opened(path) as bundle:
            members = [each for each in bundle.infolist() if _wanted(each)]
            size = sum(each.file_size for each in members)
            if len(members) > MOST_FILES or size > MOST_BYTES:
                raise BadInput(
                    "large_bundle", name=path.name, files=MOST_FILES, gigabytes=MOST_BYTES // 10**9
                )
            for member in members:
                bundle.extract(member, folder)  # which leads no path out of the folder
    except BadInput:
        raise
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise BadInput("bad_bundle", name=path.name, reason=reason) from error
    except BROKEN as error:
        reason = " ".join(str(error).split())[:200] or "it is cut off"
        raise BadInput("bad_bundle", name=path.name, reason=reason) from error


def _opened(path: Path) -> zipfile.ZipFile:
    """A zip, whose names may be in the code page of a Korean Windows."""
    try:
        return zipfile.ZipFile(path, metadata_encoding="cp949")
    except UnicodeDecodeError:
        return zipfile.ZipFile(path)


def _wanted(member: zipfile.ZipInfo) -> bool:
    """Whether it is a file that somebody put there, and not a system's own."""
    parts = PurePosixPath(member.filename).parts
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not member.is_dir() and not hidden


def _manifest(folder: Path, name: str) -> Path:
    """The one table among the unpacked files; a new one where there is none."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    tables = [path for path in files if path.suffix.lower() == ".csv"]
    named = [path for path in tables if path.name.lower() == MANIFEST]
    if len(named or tables) > 1:
        raise BadInput("bad_bundle", name=name, reason=f"which table is meant? Name it {MANIFEST}")
    if tables:
        return (named or tables)[0]
    if not files:
        raise BadInput("bad_bundle", name=name, reason="there is no file in it")
    manifest = folder / MANIFEST
    with manifest.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["audio"])
        table.writerows([path.relative_to(folder).as_posix()] for path in files)
    return manifest
