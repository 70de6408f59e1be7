"""How far work is that takes a while."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """How far work is that takes a while.

    Attributes:
        stage: "unpack" or "read" as work is brought in, "listen" or "judge" as it is doubted.
        done: How much is done.
        of: How much there is.
    """

    stage: str
    done: int
    of: int
