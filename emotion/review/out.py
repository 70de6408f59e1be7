"""Work is taken out: the table as it came in with what was decided, doubts, and the log."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from emotion.review.clips import Entry
from emotion.review.opinion import Event, Outcome
from emotion.review.store import Project
from emotion.review.suspicion import Judged
from emotion.tables import DIGITS, harmless

# Named so that no reader takes one for a rater's.
REVIEWED = ("reviewed", "reviewed_label", "reviewed_valence", "reviewed_arousal", "reviewed_by",
            "reviewed_note")  # fmt: skip
DOUBTS = ("doubt", "quality", "likely_wrong", "model_label", "judged_by", "consensus_label",
          "reasons", "why", "why_ko")  # fmt: skip
EVENT = ("number", "at", "who", "clip", "kind", "labels", "valence", "arousal", "note",
         "checkpoint", "hash", "blind", "undoes")  # fmt: skip


def as_csv(project: Project) -> str:
    """The rows as they came in, in their order, with what was decided in columns added."""
    return written(_columns(project, REVIEWED), decided(project))


def as_json(project: Project) -> str:
    """The same as a list of objects; several labels are a list."""
    return json.dumps(list(decided(project, lists=True)), ensure_ascii=False, indent=1) + "\n"


def doubts_as_csv(project: Project) -> str:
    """The rows in the order of doubt, with why."""
    return written(_columns(project, DOUBTS), doubtful(project))


def events_as_csv(project: Project) -> str:
    """Every event, in the order in which it happened."""
    return written(EVENT, (_event(each) for each in project.log))


def events_as_json(project: Project) -> str:
    """The same, one object a line."""
    return "".join(json.dumps(_event(each), ensure_ascii=False) + "\n" for each in project.log)


def decided(project: Project, lists: bool = False) -> Iterator[dict[str, Any]]:
    """Each row as it came in, and what was decided of it.

    Args:
        project: The project.
        lists: Whether several labels and names are lists, as in JSON.
    """
    outcomes = project.log.outcomes()
    for entry in project.clips:
        found = outcomes.get(entry.id, Outcome("open"))
        kept = (found.labels, found.by) if lists else (";".join(found.labels), ";".join(found.by))
        state = found.kind or (found.state if found.state == "conflict" else "")
        values = (state, kept[0], found.valence, found.arousal, kept[1], " / ".join(found.notes))
        yield {**entry.cells, **dict(zip(REVIEWED, values, strict=True))}


def doubtful(project: Project) -> Iterator[dict[str, Any]]:
    """Each row as it came in, the most doubtful first, and why it is doubted."""
    entries = {each.id: each for each in project.clips}
    heard = project.heard.all()
    for name, judged in project.judged.all().items():
        predicted = heard[name].probabilities if name in heard else {}
        yield {**entries[name].cells, **_doubt(judged, predicted)}


def _doubt(judged: Judged, predicted: Mapping[str, float]) -> dict[str, Any]:
    codes = "; ".join(f"{each.code}={each.number:.3f}" for each in judged.reasons)
    said = [" ".join(each.sentence(tongue) for each in judged.reasons) for tongue in ("en", "ko")]
    quality = None if judged.quality is None else round(judged.quality, DIGITS)
    best = max(predicted, key=lambda name: predicted[name]) if predicted else ""
    values = (round(judged.doubt, DIGITS), quality, int(judged.likely), best, judged.by)
    return dict(zip(DOUBTS, (*values, judged.consensus, codes, *said), strict=True))


def _columns(project: Project, fresh: Sequence[str]) -> list[str]:
    came = [name for source in project.clips.sources() for name in source.columns]
    return [*(name for name in dict.fromkeys(came) if name not in fresh), *fresh]


def written(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A CSV of which no spreadsheet takes a cell for a formula."""
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, [harmless(name) for name in columns], extrasaction="ignore")
    table.writeheader()
    for row in rows:
        table.writerow({harmless(name): _cell(row.get(name)) for name in columns})
    return file.getvalue()


def _cell(value: object) -> object:
    return harmless(value) if isinstance(value, str) else value


def _event(event: Event) -> dict[str, Any]:
    at = datetime.fromtimestamp(event.at, UTC).isoformat(timespec="milliseconds")
    labels = ";".join(event.labels)
    seen = (event.seen.checkpoint, event.seen.hash, int(event.seen.blind))
    place = (event.valence, event.arousal)
    values = (event.number, at, event.who, event.clip, event.kind, labels, *place, event.note)
    return dict(zip(EVENT, (*values, *seen, event.undoes), strict=True))


def label_of(entry: Entry, outcome: Outcome | None) -> str | None:
    """A clip's one label as it is now: what was decided, or what it came with."""
    if outcome is None or outcome.state != "settled":
        return entry.label
    return outcome.labels[0] if len(outcome.labels) == 1 else None
