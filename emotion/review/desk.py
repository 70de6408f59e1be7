"""All that a program finds out of a project before anybody decides: heard, judged, kept."""

from collections.abc import Iterator, Mapping

from emotion.analyze import Analyzer
from emotion.review.found import Found, keep
from emotion.review.listen import listen
from emotion.review.step import Step
from emotion.review.store import Project
from emotion.review.suspicion import judge
from emotion.review.taught import taught


def suspect(
    project: Project,
    analyzer: Analyzer,
    given: Mapping[str, Mapping[str, float]] | None = None,
    transcribe: bool = False,
) -> Iterator[Step]:
    """Hears what was not heard, judges every label, and orders the queue by doubt.

    Args:
        project: The project.
        analyzer: The model.
        given: Probabilities from elsewhere that stand above the model's, by the clip's id.
        transcribe: Whether Whisper hears the words too, where it is at hand.

    Yields:
        How far it is; what was heard by then is kept.
    """
    yield from listen(project, analyzer, transcribe)
    entries = list(project.clips)
    given = {each.id: given[each.id] for each in entries if each.id in given} if given else {}
    judged, quality = judge(entries, project.heard.all(), given)
    project.judged.replace(judged)
    # Of clips with probabilities from elsewhere it does not matter who taught the model.
    asked = [each for each in entries if each.id not in given]
    found = Found(
        analyzer.name, analyzer.digest, taught(asked, analyzer.split), quality.raters, len(given)
    )
    keep(project, found)
    yield Step("judge", len(entries), len(entries))
