"""All that a program finds out of a project before anybody decides: heard, judged, kept."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from emotion.analyze import Analyzer
from emotion.review.clips import Entry
from emotion.review.found import Found, keep
from emotion.review.jury import Jury
from emotion.review.listen import listen
from emotion.review.step import Step
from emotion.review.store import Project
from emotion.review.suspicion import Judged, judge
from emotion.review.taught import Taught


def suspect(
    project: Project,
    analyzer: Analyzer,
    beside: Sequence[Analyzer] = (),
    transcribe: bool = False,
) -> Iterator[Step]:
    """Hears what was not heard, judges every label, and orders the queue by doubt.

    Args:
        project: The project; probabilities that were given to it stand above the models'.
        analyzer: The model.
        beside: Others, for clips whose speakers taught the model: the first that they did not teach
            judges such a clip. See jury.with_twin.
        transcribe: Whether Whisper hears the words too, where it is at hand.

    Yields:
        How far it is; what was heard by then is kept.
    """
    jury = Jury((analyzer, *beside))
    yield from listen(project, jury.models, transcribe)
    entries, given, heard = list(project.clips), project.given.all(), project.heard.all()
    known = {each.id for each in entries if jury.taught(each)}
    judged, quality = judge(entries, heard, given, known)
    project.judged.replace(judged)
    asked = {each.checkpoint: each.hash for each in heard.values()} or {
        analyzer.name: analyzer.digest
    }
    found = Found(
        ", ".join(asked),
        ", ".join(asked.values()),
        _taught(entries, jury, judged),
        quality.raters,
        sum(each.by == "given" for each in judged.values()),
    )
    keep(project, found)
    yield Step("judge", len(entries), len(entries))


def _taught(entries: Sequence[Entry], jury: Jury, judged: Mapping[str, Judged]) -> Taught:
    """What became of the clips whose speakers taught the first model."""
    known = [each for each in entries if jury.knows(each) and judged[each.id].by]
    counts = Counter(judged[each.id].by for each in known)
    return Taught(
        tuple(sorted({each.speaker for each in known})),
        all(each.corpus and each.speaker for each in known),
        spared=counts["model"] + counts["both"],
        others=counts["others"],
        given=counts["given"],
        low=counts["taught"],
    )
