"""What was found of a project as a whole, kept in it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from emotion.review.quality import RaterQuality
from emotion.review.store import Project
from emotion.review.taught import Taught


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


def keep(project: Project, found: Found) -> None:
    """Keeps what was found, and forgets what was found before."""
    project.settings.set(found=json.dumps(asdict(found), default=sorted))


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
