"""What was found of a project as a whole, kept in it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from emotion.review.quality import RaterQuality
from emotion.review.store import Project
from emotion.review.taught import Taught


@dataclass(frozen=True)
class Found:
    """What was found of a project as a whole.

    Attributes:
        checkpoint: The names of the models that heard clips.
        hash: What tells their weights from others.
        taught: What became of the clips whose speakers taught it.
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
    project.settings.set(found=json.dumps(asdict(found)))


def found(project: Project) -> Found | None:
    """What was found of a project the last time; None before the first."""
    said = project.settings.found
    if said is None:
        return None
    facts = json.loads(said)
    return Found(
        facts["checkpoint"],
        facts["hash"],
        _taught(facts["taught"]),
        {who: RaterQuality(**each) for who, each in facts["raters"].items()},
        facts["given"],
    )


def _taught(facts: dict[str, Any]) -> Taught:
    if "clips" in facts:  # as versions before the third of the tables kept it
        return Taught(tuple(facts["speakers"]), facts["sure"], low=len(facts["clips"]))
    return Taught(**facts | {"speakers": tuple(facts["speakers"])})
