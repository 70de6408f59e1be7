"""A table of clips and words in, the same table with predictions out."""

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from emotion import audio as hearing
from emotion.analysis import Utterance
from emotion.analyze import Analyzer
from emotion.audio import Clip
from emotion.biosignals import features
from emotion.body import recorded_beside
from emotion.errors import BadInput
from emotion.export import place
from emotion.labels import BY_NAME
from emotion.manifest import Cells, Reach, read_manifest, spelled
from emotion.model.usual import Speakers, measures
from emotion.speech import speaks, speech_regions
from emotion.tables import as_columns, harmless, plain
from emotion.tables import columns as predicted
from emotion.transcript import Transcript, typed

CHUNK = 64  # rows decoded before the model sees them: enough to batch by length, little to hold
# What may stand in what score writes, and what always does.
OURS = (*predicted(BY_NAME), "notice", "error")
SCORED = (*predicted(()), "error")
READ = ("audio", "text", "speaker", "body")
MEETING = "Getting to know voices"  # what is done before the first row is judged
T = TypeVar("T")
U = TypeVar("U")


class Stopped(KeyboardInterrupt):
    """Ctrl-C, before all rows were scored.

    Attributes:
        done: How many rows are in the output; of none, it was not written.
        rows: How many there are in all.
    """

    def __init__(self, done: int, rows: int) -> None:
        super().__init__()
        self.done = done
        self.rows = rows


def score(
    analyzer: Analyzer,
    manifest: str | Path,
    output: str | Path,
    transcribe: bool = False,
    progress: Callable[[int, int], None] | None = None,
    within: Path | None = None,
    say: Callable[[BadInput], None] | None = None,
    met: Callable[[int, int], None] | None = None,
) -> tuple[int, int]:
    """Scores each row of a manifest; a bad row gets its error and the rest go on.

    Args:
        analyzer: The model.
        manifest: A CSV with columns audio, text, label, speaker, by which voices are heard against
            the speaker's others, and body for a table of the signals that were measured from the
            clip's beginning on (or several, with ; between them), any of which may be missing or
            empty; paths are relative to it.
        output: The CSV to write: the row's columns, then what is predicted, notice (what to be
            careful about) and error. A column of the table's own that is called as one of these is
            kept as given_NAME; of a table that was scored before, these are replaced.
        transcribe: Whether to ask Whisper for the words of rows that have none; where it cannot be
            had, the voice alone is judged by a model that can.
        progress: Called with the rows done and all rows.
        within: The folder out of which no row may lead, for a manifest of a stranger's.
        say: Called once with why no row's words can be heard, and once where there are signals of a
            body and the model takes none.
        met: Called with how many clips of named speakers were heard, and how many there are; all
            are, before the first row is judged.

    Returns:
        How many rows there were, and how many have an error.

    Raises:
        BadInput: The manifest cannot be read or the output cannot be written.
        Stopped: Ctrl-C came; the rows that were done are in the output.
    """
    manifest, output = Path(manifest), Path(output)
    columns, rows = read_manifest(manifest)
    refuse_itself(output, manifest)
    _refuse_twice(columns, manifest)
    kept = _kept(columns)
    fresh = (*predicted(analyzer.model.config.labels), "notice", "error")
    failed = done = 0
    ear = _Ear(analyzer, Reach(manifest.parent, within), transcribe, say)
    ended: BaseException | None = None
    # With the mark by which a spreadsheet knows the encoding.
    with place(output) as scratch, scratch.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, [*kept.values(), *fresh])
        writer.writeheader()
        try:
            ear.learn_speakers(rows, met)
            for chunk, heard in one_ahead(ear.hear, _chunks(rows)):
                for row, found in zip(chunk, _judged(analyzer, heard), strict=True):
                    own = {kept[name]: _cell(row[name]) for name in kept}
                    writer.writerow({**own, **found})
                    failed += bool(found["error"])
                    done += 1
                file.flush()
                if progress:
                    progress(done, len(rows))
        except OSError:  # which place tells of
            raise
        except BaseException as stop:
            ended = Stopped(done, len(rows)) if isinstance(stop, KeyboardInterrupt) else stop
            if not done:  # what was there before stays
                raise ended from None
    if ended:  # what was done before that is kept
        raise ended
    return len(rows), failed


def refuse_itself(output: Path, manifest: Path) -> None:
    """Refuses to write over what is read.

    Raises:
        BadInput: Both are the same file.
    """
    if output.exists() and output.resolve() == manifest.resolve():
        raise BadInput("bad_output", name=output.name, reason="it is the manifest itself")


def _refuse_twice(columns: list[str], manifest: Path) -> None:
    """Of two columns of one name nobody knows which is meant, and only one would be kept."""
    named = Counter(spelled(name) for name in columns if name.strip())
    if twice := [name for name, n in named.items() if n > 1]:
        raise BadInput("columns_twice", name=manifest.name, columns=", ".join(twice))


def _kept(columns: list[str]) -> dict[str, str]:
    """What each of a table's own columns is called in what is written.

    What score wrote before goes, another model's too; of any other table nothing is lost.
    """
    names = set(map(spelled, columns))
    if names.issuperset(SCORED):
        return {name: name for name in columns if spelled(name) not in OURS}
    return {name: _given(name, names) if spelled(name) in OURS else name for name in columns}


def _given(name: str, taken: set[str]) -> str:
    given = f"given_{name.strip()}"
    return _given(given, taken) if spelled(given) in taken else given


def _cell(value: str) -> str:
    return harmless(plain(value))


def _read(row: Cells) -> Cells:
    """What a row has of the columns that are read, by their names."""
    cells = {spelled(name): cell for name, cell in row.items()}
    return {name: plain(cells.get(name) or "").strip() for name in READ}


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


@dataclass(frozen=True)
class _Heard:
    """A row that can be judged, and whether somebody speaks in its clip."""

    utterance: Utterance
    spoken: bool


def _judged(analyzer: Analyzer, heard: list[_Heard | BadInput]) -> Iterator[dict[str, float | str]]:
    asked = [each.utterance for each in heard if isinstance(each, _Heard)]
    predictions = iter(analyzer.predict(asked))
    for each in heard:
        if isinstance(each, BadInput):
            yield {"error": _cell(str(each))}
        else:
            prediction = next(predictions)
            notice = analyzer.notice(each.utterance, prediction, each.spoken)
            yield {**as_columns(prediction), "notice": str(notice or ""), "error": ""}


@dataclass
class _Ear:
    """Hears the rows of a manifest, one after the other.

    Attributes:
        speakers: How the voices of those sound whom the manifest names.
        unread: Whether it was said that no body is.
    """

    analyzer: Analyzer
    reach: Reach
    transcribe: bool
    say: Callable[[BadInput], None] | None
    speakers: Speakers = field(default_factory=Speakers)
    unread: bool = False

    def learn_speakers(
        self, rows: list[Cells], met: Callable[[int, int], None] | None = None
    ) -> None:
        """Hears all clips of named speakers once, for a model that asks what is usual of them."""
        if not self.analyzer.model.config.knows_usual:
            return
        named = [row for row in map(_read, rows) if row["speaker"] and row["audio"]]
        for done, row in enumerate(named, 1):
            with suppress(BadInput):  # which its row will tell of
                path = self.reach.path(row["audio"])
                self.speakers.add(row["speaker"], path, measures(hearing.load(path).samples))
            if met:
                met(done, len(named))

    def hear(self, rows: list[Cells]) -> list[_Heard | BadInput]:
        """What the model will be asked about, or why it cannot be."""
        return [self._heard(row) for row in rows]

    def _heard(self, row: Cells) -> _Heard | BadInput:
        try:
            heard = self._utterance(row)
            self.analyzer.row(heard.utterance)
        except BadInput as problem:
            return problem
        return heard

    def _utterance(self, row: Cells) -> _Heard:
        row = _read(row)
        audio, text = row["audio"], row["text"]
        path = self.reach.path(audio) if audio else None
        clip = hearing.load(path) if path else None
        transcript = typed(text) if text else None
        tables = [each.strip() for each in row["body"].split(";") if each.strip()]
        body = None
        if tables:
            self._take_a_body()
            body = features(recorded_beside(list(map(self.reach.path, tables)), voice=clip).body)
        if clip and not transcript and self.transcribe:
            transcript = self._words(clip)
        said = transcript if transcript and transcript.words else None
        unusual = self.speakers.unusual(row["speaker"], path)
        given = Utterance(clip, said, body, unusual)
        return _Heard(given, clip is not None and speaks(clip))

    def _take_a_body(self) -> None:
        if "body" in self.analyzer.model.config.sides or self.unread:
            return
        self.unread = True
        if self.say:
            self.say(BadInput("body_unread"))

    def _words(self, clip: Clip) -> Transcript | None:
        """The words of a voice; without Whisper there are none, and it is asked no more."""
        try:
            return self.analyzer.transcriber.transcribe(clip, speech_regions(clip))
        except BadInput as problem:
            if "voice" not in self.analyzer.model.config.able:
                raise  # nothing can be judged without them
            self.transcribe = False
            if self.say:
                self.say(problem)
            return None
