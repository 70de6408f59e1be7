"""A zip of clips, with or without a table of them, or of tables alone, made ready to be read."""

import csv
import shutil
import tempfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from emotion.containers import last_part
from emotion.errors import BadInput, unopened
from emotion.manifest import EMPTY, ZIP, is_spreadsheet

MANIFEST = "manifest.csv"
GIGABYTE = 10**9
MOST_TIMES = 200  # a file may grow; speech does not, and silence is what bombs are made of
HARMLESS = 10_000_000  # bytes up to which it may grow more
# What zipfile raises for a zip that is damaged, encrypted or packed in a way it does not know.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError)


@dataclass(frozen=True)
class Limits:
    """What a zip may hold.

    Attributes:
        files: How many files.
        gigabytes: How much in all, once unpacked.
        member: How much in one of them, in gigabytes.
    """

    files: int
    gigabytes: int
    member: int


# Nine hours of WAV at 32 kB a second, and as much again.
UPLOAD = Limits(10_000, 2, 2)


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
        if is_zip(path):
            for _ in unpack(path, folder, UPLOAD):
                pass
            yield _manifest(folder, path.name)
        else:
            copy = folder / path.name
            try:
                shutil.copyfile(path, copy)
            except OSError as error:
                raise unopened(path, error) from error
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
    if not is_zip(path):
        yield [path]
        return
    with tempfile.TemporaryDirectory(prefix="emotion-") as scratch:
        for _ in unpack(path, Path(scratch), UPLOAD):
            pass
        found = sorted(each for each in Path(scratch).rglob("*") if each.suffix.lower() == ".csv")
        if not found:
            raise BadInput("bad_bundle", name=path.name, reason="there is no table (.csv) in it")
        if len(found) > most:
            reason = f"there are {len(found)} tables in it, of which up to {most} are read"
            raise BadInput("bad_bundle", name=path.name, reason=reason)
        yield found


def is_zip(path: Path) -> bool:
    """Whether a file is a zip.

    Raises:
        BadInput: It is called one, or begins as one, and is none; or it is a spreadsheet's.
    """
    if is_spreadsheet(path):
        raise BadInput("spreadsheet", name=path.name)
    if zipfile.is_zipfile(path):
        return True
    try:
        with path.open("rb") as file:
            begin = file.read(len(ZIP))
    except OSError:  # which whoever reads it says better
        return False
    if begin == ZIP:
        raise BadInput("bad_bundle", name=path.name, reason="it was cut off")
    if path.suffix.lower() == ".zip":
        raise BadInput("bad_bundle", name=path.name, reason="it is no zip" if begin else EMPTY)
    return False


def unpack(path: Path, folder: Path, limits: Limits) -> Iterator[tuple[int, int]]:
    """Unpacks a zip into a folder, and tells how many files are done, and of how many.

    Raises:
        BadInput: It is refused, before anything is written; or it cannot be unpacked.
    """
    try:
        with _opened(path) as bundle:
            members = [each for each in bundle.infolist() if _wanted(each)]
            for member in members:  # a Mac's names are in parts of letters, which nobody types
                member.filename = unicodedata.normalize("NFC", member.filename)
            refuse(members, path.name, limits, folder)
            folder.mkdir(parents=True, exist_ok=True)
            for done, member in enumerate(members, 1):
                place = folder / member.filename
                # What an earlier time, cut short, has unpacked already stays.
                if not (place.is_file() and place.stat().st_size == member.file_size):
                    bundle.extract(member, folder)
                yield done, len(members)
    except BadInput:
        raise
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise BadInput("bad_bundle", name=path.name, reason=reason) from error
    except BROKEN as error:
        reason = " ".join(str(error).split())[:200] or "it is cut off"
        raise BadInput("bad_bundle", name=path.name, reason=reason) from error


def refuse(members: Sequence[zipfile.ZipInfo], name: str, limits: Limits, folder: Path) -> None:
    """Refuses what would do harm, or too much, once unpacked into a folder.

    Raises:
        BadInput: Why.
    """
    for member in members:
        called, size = last_part(member.filename), member.file_size
        if _climbs(member.filename):
            raise BadInput("climbing_bundle", name=name, member=called)
        if size > limits.member * GIGABYTE:
            gigabytes = f"{size / GIGABYTE:.1f}"
            raise BadInput(
                "large_member", name=name, member=called, gigabytes=gigabytes, most=limits.member
            )
        times = size // max(1, member.compress_size)
        if times > MOST_TIMES and size > HARMLESS:
            raise BadInput("bomb_bundle", name=name, member=called, times=times)
    size = sum(member.file_size for member in members)
    if len(members) > limits.files or size > limits.gigabytes * GIGABYTE:
        raise BadInput("large_bundle", name=name, files=limits.files, gigabytes=limits.gigabytes)
    there = next(each for each in (folder, *folder.parents) if each.exists())
    if size > shutil.disk_usage(there).free:
        raise BadInput("no_room", name=name, gigabytes=f"{size / GIGABYTE:.1f}")


def _climbs(name: str) -> bool:
    """Whether a path leads out of where it is unpacked, on any system."""
    path = PureWindowsPath(name)  # whose separators are both kinds
    return bool(path.anchor) or ".." in path.parts


def _opened(path: Path) -> zipfile.ZipFile:
    """A zip, whose names may be in UTF-8 unsaid, as of a Mac, or in a Korean Windows' code page."""
    for encoding in ("utf-8", "cp949"):
        with suppress(UnicodeDecodeError):
            return zipfile.ZipFile(path, metadata_encoding=encoding)
    return zipfile.ZipFile(path)


def _wanted(member: zipfile.ZipInfo) -> bool:
    """Whether it is a file that somebody put there, and not a system's own."""
    parts = PurePosixPath(member.filename).parts
    climbing = ".." in parts
    return not member.is_dir() and (climbing or not any(map(_hidden, parts)))


def _manifest(folder: Path, name: str) -> Path:
    """The one table among the unpacked files; a new one where there is none."""
    table, files = contents(folder, name)
    if table:
        return table
    manifest = folder / MANIFEST
    with manifest.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["audio"])
        writer.writerows([path] for path in files)
    return manifest


def contents(folder: Path, name: str) -> tuple[Path | None, list[str]]:
    """The one table of a folder, if it has one, and the paths of its files within it.

    Raises:
        BadInput: There are several tables and none is called MANIFEST, or there is no file.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not _hidden(path.name))
    tables = [path for path in files if path.suffix.lower() == ".csv"]
    named = [path for path in tables if path.name.lower() == MANIFEST]
    if len(named or tables) > 1:
        raise BadInput("bad_bundle", name=name, reason=f"which table is meant? Name it {MANIFEST}")
    if not files:
        raise BadInput("bad_bundle", name=name, reason="there is no file in it")
    table = (named or tables)[0] if tables else None
    return table, [path.relative_to(folder).as_posix() for path in files]


def _hidden(part: str) -> bool:
    return part.startswith(".") or part == "__MACOSX"
