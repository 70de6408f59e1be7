"""What the page's threads free is kept where each of them finds it again.

The C library gives threads heaps of their own, up to eight a core, and memory freed in one is of no
use to the others. With twenty visitors the app grew by a tenth in twelve minutes that way, although
it held on to nothing (`python -m tests.visitors`).
"""

import ctypes
import sys
from contextlib import suppress

ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
FEW = 2


def share() -> None:
    """Has threads that begin from now on share two heaps. Only glibc gives them more."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library, which has no such setting
            ctypes.CDLL(None).mallopt(ARENA_MAX, FEW)
