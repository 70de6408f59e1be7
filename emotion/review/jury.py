"""Several models, of which each clip is judged by one that its speaker did not teach.

A model that cannot judge a clip's sides, as one of voices a clip of words alone, is not asked.
"""

from collections.abc import Sequence

from emotion import checkpoint
from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.model.config import combination
from emotion.model.folder import SPLIT
from emotion.review.clips import Entry
from emotion.review.taught import Teachers
from emotion.transcript import typed


class Jury:
    """Models, the first of which is asked wherever nothing speaks against it.

    Attributes:
        models: The models.
    """

    def __init__(self, models: Sequence[Analyzer]) -> None:
        """Reads who taught each of them.

        Raises:
            BadInput: It is not written as training writes it.
        """
        self.models = tuple(models)
        self._teachers = [_teachers(each) for each in models]

    def judge(self, entry: Entry) -> Analyzer:
        """The first able model that a clip's speaker did not teach, or the first able one."""
        return self.models[self._asked(entry)]

    def knows(self, entry: Entry) -> bool:
        """Whether a clip's speaker taught the first model, or may have."""
        return self._teachers[0].include(entry)

    def taught(self, entry: Entry) -> bool:
        """Whether a clip's speaker taught the very model that judges it, or may have."""
        return self._teachers[self._asked(entry)].include(entry)

    def _asked(self, entry: Entry) -> int:
        every = range(len(self.models))
        # Where none is able, the first one says why.
        able = [place for place in every if _able(self.models[place], entry)] or every
        free = (place for place in able if not self._teachers[place].include(entry))
        return next(free, able[0])


def _able(model: Analyzer, entry: Entry) -> bool:
    """Whether a model judges the sides of a clip that it has; Analyzer.row refuses the others."""
    config = model.model.config
    there = {"voice": bool(entry.audio), "words": bool(typed(entry.text).words)}
    read = {side: each and side in config.sides for side, each in there.items()}
    return any(read.values()) and combination(**read) in config.able


def _teachers(model: Analyzer) -> Teachers:
    try:
        return Teachers.of(model.split)
    except (AttributeError, KeyError, TypeError) as error:
        reason = f"{SPLIT} does not say who taught it as training writes that"
        raise BadInput("broken_checkpoint", name=model.name, reason=reason) from error


def with_twin(analyzer: Analyzer) -> list[Analyzer]:
    """A model, and its twin where one lies in its folder.

    Raises:
        BadInput: The twin cannot be loaded.
    """
    folder = checkpoint.twin(analyzer.folder, analyzer.name) if analyzer.folder else None
    if folder is None:
        return [analyzer]
    found = Analyzer.load(folder, str(analyzer.device), analyzer.transcriber)
    found.name = f"{analyzer.name}/{folder.name}"
    return [analyzer, found]
