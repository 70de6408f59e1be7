"""All that a program finds out of a project before anybody decides: heard, judged, kept."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field

from emotion.analyze import Analyzer
from emotion.review.bring import Step
from emotion.review.listen import listen
from emotion.review.quality import RaterQuality
from emotion.review.store import Project
from emotion.review.suspicion import judge
from emotion.review.taught import Taught, taught


@dataclass(frozen=True)
class Found:
    """What was found of a project as a whole.

    Attributes:
        checkpoint: The model's name.
        hash: What tells its weights from others.
        taught: Which clips are of speakers who taught it.
        raters: What is found of each rater.
        given: How many clips had probabilities from elsewhere.
    """

    checkpoint: str
    hash: str
    taught: Taught = field(default_factory=Taught)
    raters: Mapping[str, RaterQuality] = field(default_factory=dict)
    given: int = 0


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
    project.settings.set(found=json.dumps(asdict(found), default=sorted))
    yield Step("judge", len(entries), len(entries))


def found(project: Project) -> Found | None:
    """What was found of a project the last time; None before the first."""
    said = project.settings.found
    if said is None:
        return None
    facts = json.loads(said)
    known = facts["taught"]
    return Found(
        facts["checkpoint"],
        facts["hash"],
        Taught(frozenset(known["clips"]), tuple(known["speakers"]), known["sure"]),
        {who: RaterQuality(**each) for who, each in facts["raters"].items()},
        facts["given"],
    )
