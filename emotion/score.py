"""A table of clips and words in, the same table with predictions out."""

import csv
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TextIO, TypeVar

from emotion import audio as hearing
from emotion.analysis import Utterance
from emotion.analyze import Analyzer
from emotion.biosignals import features
from emotion.body import recorded_beside
from emotion.errors import BadInput, unwritten
from emotion.labels import BY_NAME
from emotion.manifest import Cells, Reach, read_manifest
from emotion.speech import speech_regions
from emotion.tables import as_columns
from emotion.tables import columns as predicted
from emotion.transcript import typed

CHUNK = 64  # rows decoded before the model sees them: enough to batch by length, little to hold
T = TypeVar("T")
U = TypeVar("U")


def score(
    analyzer: Analyzer,
    manifest: str | Path,
    output: str | Path,
    transcribe: bool = False,
    progress: Callable[[int, int], None] | None = None,
    within: Path | None = None,
) -> tuple[int, int]:
    """Scores each row of a manifest; a bad row gets its error and the rest go on.

    Args:
        analyzer: The model.
        manifest: A CSV with columns audio, text, label, and body for a table of the signals that
            were measured from the clip's beginning on (or several, with ; between them), any of
            which may be missing or empty; paths are relative to it.
        output: The CSV to write: the row's columns, then what is predicted, and error.
        transcribe: Whether to ask Whisper for the words of rows that have none.
        progress: Called with the rows done and all rows.
        within: The folder out of which no row may lead, for a manifest of a stranger's.

    Returns:
        How many rows there were, and how many have an error.

    Raises:
        BadInput: The manifest cannot be read or the output cannot be written.
    """
    manifest, output = Path(manifest), Path(output)
    columns, rows = read_manifest(manifest)
    if output.exists() and output.resolve() == manifest.resolve():
        raise BadInput("bad_output", name=output.name, reason="it is the manifest itself")
    fresh = (*predicted(analyzer.model.config.labels), "error")
    # What another model predicted goes too.
    fields = [name for name in columns if name not in (*predicted(BY_NAME), "error")]
    failed = done = 0
    reach = Reach(manifest.parent, within)
    with _open_to_write(output) as file:
        writer = csv.DictWriter(file, [*fields, *fresh], extrasaction="ignore")
        writer.writeheader()

        def hear(chunk: list[Cells]) -> list[Utterance | BadInput]:
            return [_heard(analyzer, row, reach, transcribe) for row in chunk]

        for chunk, heard in one_ahead(hear, _chunks(rows)):
            for row in _judged(analyzer, chunk, heard):
                failed += bool(row["error"])
                writer.writerow(row)
            file.flush()
            done += len(chunk)
            if progress:
                progress(done, len(rows))
    return len(rows), failed


def _open_to_write(path: Path) -> TextIO:
    try:
        return path.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise unwritten(path, error) from error


def _chunks(rows: list[Cells]) -> Iterator[list[Cells]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def one_ahead(work: Callable[[T], U], items: Iterable[T]) -> Iterator[tuple[T, U]]:
    """Each item with what work makes of it; the next one is under way in a thread meanwhile.

    Decoding and the model then share the machine instead of waiting for each other.
    """
    with ThreadPoolExecutor(1) as pool:
        begun: list[tuple[T, Future[U]]] = []
        for item in items:
            begun.append((item, pool.submit(work, item)))
            if len(begun) > 1:
                first, result = begun.pop(0)
                yield first, result.result()
        yield from ((item, result.result()) for item, result in begun)


def _heard(analyzer: Analyzer, row: Cells, reach: Reach, transcribe: bool) -> Utterance | BadInput:
    """What the model will be asked about, or why it cannot be."""
    try:
        utterance = _utterance(analyzer, row, reach, transcribe)
        analyzer.row(utterance)
    except BadInput as problem:
        return problem
    return utterance


def _judged(
    analyzer: Analyzer, rows: list[Cells], heard: list[Utterance | BadInput]
) -> Iterator[dict[str, object]]:
    predictions = iter(analyzer.predict([each for each in heard if isinstance(each, Utterance)]))
    for row, each in zip(rows, heard, strict=True):
        if isinstance(each, BadInput):
            yield {**row, "error": str(each)}
        else:
            yield {**row, "error": "", **as_columns(next(predictions))}


def _utterance(analyzer: Analyzer, row: Cells, reach: Reach, transcribe: bool) -> Utterance:
    audio, text = (row.get("audio") or "").strip(), (row.get("text") or "").strip()
    clip = hearing.load(reach.path(audio)) if audio else None
    transcript = typed(text) if text else None
    tables = [each.strip() for each in (row.get("body") or "").split(";") if each.strip()]
    body = (
        features(recorded_beside(list(map(reach.path, tables)), voice=clip).body)
        if tables
        else None
    )
    if clip and not transcript and transcribe:
        transcript = analyzer.transcriber.transcribe(clip, speech_regions(clip))
    return Utterance(clip, transcript if transcript and transcript.words else None, body)
