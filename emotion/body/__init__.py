"""Body signals of strangers: read from their files, and told in plain words."""

from emotion.body.recorded import Files, Recorded, look, read, taken
from emotion.body.told import Told, told

__all__ = ["Files", "Recorded", "Told", "look", "read", "taken", "told"]
