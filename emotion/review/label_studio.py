"""Tasks of Label Studio: brought in as clips with raters, taken out with what was decided.

Its task format keeps the clip's facts in `data`, what people said in `annotations` and what models
say in `predictions`; each result names the control that it was made with, which LAYOUT describes.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from emotion.errors import BadInput, unopened
from emotion.labels import BY_NAME, LABELS
from emotion.manifest import spelled
from emotion.review.found import found
from emotion.review.opinion import Event
from emotion.review.rows import Table
from emotion.review.store import Project

CHOICE, PLACES = "emotion", ("valence", "arousal")
SERVED = "/data/local-files/?d="  # before the path of a file out of a folder
# By whom an annotation is, without asking that they have an account: as `completed_by` does, or
# nothing can be imported.
WHO = "created_username"
ABOUT = ("id", "audio", "text", "label", "speaker", "session", "corpus")
CHOICES = "\n".join(f'    <Choice value="{each}"/>' for each in LABELS)
NUMBERS = "\n".join(
    f'  <Number name="{each}" toName="audio" min="-1" max="1" step="0.05"/>' for each in PLACES
)
# What a project of Label Studio is set up with, so that it shows these tasks.
LAYOUT = f"""<View>
  <Audio name="audio" value="$audio"/>
  <Text name="text" value="$text"/>
  <Choices name="{CHOICE}" toName="audio" choice="multiple">
{CHOICES}
  </Choices>
{NUMBERS}
</View>
"""


def as_tasks(project: Project) -> str:
    """Every clip as a task: what raters and annotators said of it, and what the model says."""
    return json.dumps(list(_tasks(project)), ensure_ascii=False, indent=1) + "\n"


def read_tasks(path: Path) -> Table:
    """Tasks as a manifest: each annotator is a rater.

    Raises:
        BadInput: These are no tasks of Label Studio.
    """
    try:
        tasks = json.loads(path.read_text(encoding="utf-8-sig"))
        rows = [_row(task) for task in tasks]
    except OSError as error:
        raise unopened(path, error) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        reason = "it holds no tasks of Label Studio"
        raise BadInput("bad_manifest", name=path.name, reason=reason) from error
    return Table(tuple(dict.fromkeys(name for row in rows for name in row)), rows)


def _row(task: Mapping[str, Any]) -> dict[str, str]:
    data = task["data"]
    row = {
        _whole(name): _whole(str(value))
        for name, value in data.items()
        if isinstance(value, (str, int, float))
    }
    here = {spelled(name): name for name in row}
    if "id" not in here:
        row["id"] = str(task.get("id", ""))
    audio = here.get("audio", "audio")
    row[audio] = _local(row.get(audio, ""))
    for annotation in task.get("annotations", ()):
        if annotation.get("was_cancelled"):
            continue
        who = _who(annotation.get("completed_by") or annotation.get(WHO))
        for name, value in _said(annotation.get("result", ())):
            row[f"{name}_{who}"] = _whole(value)
    return row


def _whole(text: str) -> str:
    """A text without halves of letters, as of one that was cut off within a sign."""
    return text.encode(errors="replace").decode()


def _local(address: str) -> str:
    """The path in the address of a file that Label Studio serves from a folder."""
    _, local, path = address.partition(SERVED)
    return unquote(path) if local else address


def _address(path: str | None) -> dict[str, str]:
    """Where Label Studio finds a clip, if the clips' folder is the root of its local files."""
    return {"audio": SERVED + quote(path)} if path else {}


def _who(by: object) -> str:
    """Whom an annotation is by: a number, or what is known of the account."""
    if isinstance(by, Mapping):
        by = by.get("email") or by.get("id")
    return _whole(str(by or "")) or "1"


def _said(results: object) -> Iterator[tuple[str, str]]:
    chosen: dict[str, str] = {}  # by the control
    for result in results if isinstance(results, list) else ():
        value = result["value"]
        if result["type"] == "choices":
            chosen[result["from_name"]] = ";".join(value["choices"])
        elif result["type"] == "number" and result["from_name"] in PLACES:
            yield result["from_name"], str(value["number"])
    if chosen:
        yield "label", chosen.get(CHOICE) or ";".join(chosen.values())


def _tasks(project: Project) -> Iterator[dict[str, Any]]:
    standing, heard = project.log.standing(), project.heard.all()
    known = found(project)
    for entry in project.clips:
        annotations = [
            {WHO: who, "result": _results(each.labels, vars(each))}
            for who, each in entry.raters.items()
        ]
        annotations += [_annotation(each) for each in standing.get(entry.id, ())]
        task: dict[str, Any] = {
            "data": {name: getattr(entry, name) or "" for name in ABOUT} | _address(entry.audio),
            "annotations": annotations,
        }
        one = heard.get(entry.id)
        if one and one.probabilities and known:
            best = max(one.probabilities, key=lambda name: one.probabilities[name])
            task["predictions"] = [
                {
                    "model_version": f"{known.checkpoint} {known.hash}",
                    "score": one.probabilities[best],
                    "result": _results((best,), vars(one)),
                }
            ]
        yield task


def _annotation(event: Event) -> dict[str, Any]:
    return {
        WHO: event.who,
        "was_cancelled": event.kind == "skip",
        "ground_truth": event.kind == "settle",
        "result": _results(event.labels, vars(event)),
    }


def _results(labels: tuple[str, ...], places: Mapping[str, Any]) -> list[dict[str, Any]]:
    known = [label for label in labels if label in BY_NAME]
    results: list[dict[str, Any]] = []
    if known:
        results.append(_result(CHOICE, "choices", known))
    results += [
        _result(name, "number", places[name]) for name in PLACES if places[name] is not None
    ]
    return results


def _result(name: str, kind: str, value: object) -> dict[str, Any]:
    return {"from_name": name, "to_name": "audio", "type": kind, "value": {kind: value}}
