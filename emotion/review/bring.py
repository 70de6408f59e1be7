"""Work is brought in: a manifest, a zip with its clips, or a folder, a few rows at a time."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from emotion.bundle import Limits, contents, is_zip, unpack
from emotion.errors import BadInput, unopened
from emotion.manifest import Reach, read_manifest
from emotion.review.clips import Entry, Fault, Source
from emotion.review.label_studio import read_tasks
from emotion.review.probabilities import holds_probabilities, read_probabilities
from emotion.review.rows import Reader, Table
from emotion.review.step import Step
from emotion.review.store import Project

CHUNK = 100  # rows that are kept together; what was cut off costs no more
TASKS = ".json"
DESK = Limits(files=100_000, gigabytes=20, member=1)


@dataclass(frozen=True)
class _Work:
    """What is to be brought in."""

    table: Table
    reach: Reach
    name: str
    digest: str


def bring(project: Project, place: str | Path, inside: Path | None = None) -> Iterator[Step]:
    """Brings work into a project, and tells how far it is after each few rows.

    Whoever stops to ask keeps what has come; asking anew with the same work goes on there. Rows
    that cannot be used are left out, and project.clips.faults() lists them.

    Args:
        project: Where to.
        place: A manifest (CSV), tasks of Label Studio (JSON), a zip with or without a manifest, or
            a folder of this machine's. Columns:
            audio (relative to the manifest) or text, label or label_WHO for each rater, valence
            and arousal or valence_WHO and arousal_WHO, speaker, session, corpus, id. Or a CSV of
            probabilities, see read_probabilities, of clips that are there already.
        inside: For a stranger's table, the folder in which its paths begin and out of which none
            leads. Paths of any other begin where the table lies, and may lead anywhere.

    Raises:
        BadInput: It cannot be read, or is refused before anything is written.
    """
    place = Path(place)
    folder = None
    if place.is_file() and is_zip(place):
        digest = _digest(place)
        folder = project.path.with_name(f"{project.path.name}.clips") / digest[:16]
        yield from _unpacked(place, folder)
        work = _of_folder(folder, place.name, digest, within=True)
    elif place.is_dir():
        work = _of_folder(place, place.name)
    elif place.suffix.lower() != TASKS and holds_probabilities(place):
        project.given.add(read_probabilities(place), place.name)
        return
    else:
        work = _of_table(place, Reach(inside or place.parent, inside))
    yield from _read(project, work)


def _unpacked(place: Path, folder: Path) -> Iterator[Step]:
    for done, of in unpack(place, folder, DESK):
        yield Step("unpack", done, of)


def _of_folder(folder: Path, name: str, digest: str = "", within: bool = False) -> _Work:
    table, files = contents(folder, name)
    if table:
        return _of_table(table, Reach(table.parent, folder if within else None), digest)
    rows = [{"audio": path} for path in files]
    # Sessions in folders of their own often have the same names in them.
    named = [str(folder.resolve()), *files]
    digest = digest or hashlib.sha256(json.dumps(named).encode()).hexdigest()
    return _Work(Table(("audio",), rows), Reach(folder, folder if within else None), name, digest)


def _of_table(path: Path, reach: Reach, digest: str = "") -> _Work:
    tasks = path.suffix.lower() == TASKS
    table = read_tasks(path) if tasks else Table(*read_manifest(path))
    if table.twice:
        raise BadInput("columns_twice", name=path.name, columns=", ".join(table.twice))
    return _Work(table, reach, path.name, digest or _digest(path))


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise unopened(path, error) from error


def _read(project: Project, work: _Work) -> Iterator[Step]:
    n_rows = len(work.table.rows)
    source = project.clips.begin(
        work.name, work.digest, tuple(work.table.columns), n_rows, work.reach
    )
    reader = Reader(work.table, work.reach, work.name)
    yield Step("read", source.done, n_rows)
    for start in range(source.done, n_rows, CHUNK):
        end = min(start + CHUNK, n_rows)
        _add(project, source, reader, range(start + 1, end + 1))
        yield Step("read", end, n_rows)


def _add(project: Project, source: Source, reader: Reader, lines: range) -> None:
    entries: list[tuple[int, Entry]] = []
    faults: list[Fault] = []
    for line in lines:
        try:
            entry, odd = reader.read(line)
        except BadInput as problem:
            faults.append(Fault(line, reader.called(line), problem, False))
            continue
        entries.append((line, entry))
        faults += [Fault(line, entry.id, each, kept=True) for each in odd]
    project.clips.add(source, entries, faults, lines.stop - 1)
