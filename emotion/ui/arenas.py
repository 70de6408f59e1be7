"""What the page's threads free is used again, or goes back to the machine.

The C library gives threads heaps of their own, up to eight a core, and memory freed in one is of no
use to the others. With twenty visitors the app grew by a tenth in twelve minutes that way, although
it held on to nothing. And of each heap it gives back the end alone: what a few clips more than ever
before left free between small things stayed, until large things lay apart from them
(`python -m tests.visitors`). An analysis pays some ten milliseconds for fresh pages, twenty
visitors wait no longer.
"""

import ctypes
import sys
from contextlib import suppress

# M_ARENA_MAX and M_MMAP_THRESHOLD of glibc's malloc.h
ARENA_MAX, APART = -8, -3
FEW = 2
LARGE = 256 * 1024  # bytes; by itself, glibc comes to take a hundred times as much for small


def keep_small() -> None:
    """Has threads that begin from now on share two heaps, and keeps large things out of them."""
    if sys.platform == "linux":
        with suppress(AttributeError):  # another C library, which has no such settings
            library = ctypes.CDLL(None)
            library.mallopt(ARENA_MAX, FEW)
            library.mallopt(APART, LARGE)
