"""What stops training or judging, as one clear sentence."""

import sys
from collections.abc import Callable

from emotion.errors import BadInput


class CannotTrain(Exception):
    """Something is wrong that only the person who started this can put right."""


def run_script(main: Callable[[], None]) -> int:
    """Runs a script; 0 if it did, 2 with one clear line if the input is bad."""
    try:
        main()
    except (CannotTrain, BadInput) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0
