"""What the page's threads free is used again, or goes back to the machine.

The C library gives threads heaps of their own, up to eight a core, and memory freed in one is of no
use to the others. With twenty visitors the app grew by a tenth in twelve minutes that way, although
it held on to nothing. And of each heap it gives back the end alone: whenever a few more clips than
before were worked on at once, the app stayed that much larger (`python -m tests.visitors`).

Only glibc does so, and only it has these settings.
"""

import ctypes
import sys
import threading
import time

ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
FEW = 2
EVERY = 10.0  # seconds; giving back takes some milliseconds


def keep_small() -> None:
    """Has threads that begin from now on share two heaps, and gives back what is free in them."""
    if sys.platform != "linux":
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt") and hasattr(library, "malloc_trim"):
        library.mallopt(ARENA_MAX, FEW)
        threading.Thread(target=_give_back, args=(library,), daemon=True).start()


def _give_back(library: ctypes.CDLL) -> None:
    while True:
        time.sleep(EVERY)
        library.malloc_trim(0)
