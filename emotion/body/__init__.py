"""Body signals of strangers: read from their files, beside a voice, and told in plain words."""

from emotion.body.examined import Examined, examine, recorded_beside, takes_body
from emotion.body.recorded import Files, Recorded, look, read, taken
from emotion.body.told import Told, told

__all__ = [
    "Examined",
    "Files",
    "Recorded",
    "Told",
    "examine",
    "look",
    "read",
    "recorded_beside",
    "taken",
    "takes_body",
    "told",
]
