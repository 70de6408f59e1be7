"""A timeline as a table and as JSON, with every number that the model gave."""

import csv
import io
import json
from typing import Any

from emotion.errors import of_many
from emotion.tables import DIGITS, as_columns, columns, cues_as_dict, harmless, measured
from emotion.timeline import Spoken, Timeline


def as_csv(timeline: Timeline) -> str:
    """One row an utterance: start, end, text, what is predicted, and how surely."""
    names = ("start", "end", "text", *columns(timeline.labels), "confidence")
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, names)
    table.writeheader()
    table.writerows(_row(spoken) | {"text": harmless(spoken.text)} for spoken in timeline.spoken)
    return file.getvalue()


def as_json(timeline: Timeline) -> str:
    """What as_dict gives, as a text, and what each voice does beside the others."""
    found = as_dict(timeline)
    for place, utterance in enumerate(found["utterances"]):
        utterance["cues"] = cues_as_dict(timeline.cues(place))
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def as_dict(timeline: Timeline) -> dict[str, Any]:
    """What was heard and how far, and the utterances with each word's time."""
    return {
        "source": timeline.source,
        "checkpoint": timeline.checkpoint,
        "labels": list(timeline.labels),
        "seconds": round(timeline.seconds, 3),
        "whole": timeline.whole,
        "notices": [of_many(notice) for notice in timeline.notices],
        "utterances": [
            _row(spoken)
            | {
                "language": spoken.language,
                "measures": measured(spoken.measures),
                "words": [
                    {"text": word.text, "start": word.start, "end": word.end}
                    for word in spoken.words
                ],
            }
            for spoken in timeline.spoken
        ],
    }


def _row(spoken: Spoken) -> dict[str, object]:
    return {
        "start": spoken.start,
        "end": spoken.end,
        "text": spoken.text,
        **as_columns(spoken.prediction),
        "confidence": round(spoken.confidence, DIGITS),
    }
