"""Several models, of which each clip is judged by one that its speaker did not teach."""

from collections.abc import Sequence

from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.model.folder import CONFIG, SPLIT
from emotion.review.clips import Entry
from emotion.review.taught import Teachers

HELD_OUT = "held-out"  # in a model's folder: its twin, taught without some of its speakers


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
        """The first model that a clip's speaker did not teach, or the first of all."""
        free = (
            model
            for model, teachers in zip(self.models, self._teachers, strict=True)
            if not teachers.include(entry)
        )
        return next(free, self.models[0])

    def knows(self, entry: Entry) -> bool:
        """Whether a clip's speaker taught the first model, or may have."""
        return self._teachers[0].include(entry)

    def all_know(self, entry: Entry) -> bool:
        """Whether a clip's speaker taught all of them, or may have."""
        return all(each.include(entry) for each in self._teachers)


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
    folder = analyzer.folder / HELD_OUT if analyzer.folder else None
    if folder is None or not (folder / CONFIG).is_file():
        return [analyzer]
    found = Analyzer.load(folder, str(analyzer.device), analyzer.transcriber)
    found.name = f"{analyzer.name}/{HELD_OUT}"
    return [analyzer, found]
