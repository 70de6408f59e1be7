"""Memory that threads share and give back: without it the app grows with each visitor."""

import subprocess
import sys

import pytest

# Threads that hold what they ask the C library for at once, then how many heaps it has made.
THREADS = """
import ctypes, sys, threading
from emotion.ui import arenas
if sys.argv[1] == "shared":
    arenas.keep_small()
libc = ctypes.CDLL(None)
together = threading.Barrier(8)
def hold():
    together.wait()
    libc.malloc(1000)
    together.wait()
threads = [threading.Thread(target=hold) for _ in range(8)]
for each in threads:
    each.start()
for each in threads:
    each.join()
libc.fopen.restype = ctypes.c_void_p
told = libc.fopen(sys.argv[2].encode(), b"w")
libc.malloc_info(0, ctypes.c_void_p(told))
libc.fclose(ctypes.c_void_p(told))
"""

# As many small pieces as fill a hundred megabytes, freed but for the last, which keeps the heap's
# end where it is; then how much is held soon after, at least.
PIECES = """
import ctypes, psutil, sys, time
from emotion.ui import arenas
arenas.EVERY = 0.1
if sys.argv[1] == "given back":
    arenas.keep_small()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
pieces = [ctypes.c_void_p(libc.malloc(5000)) for _ in range(20_000)]
for piece in pieces:
    ctypes.memset(piece, 1, 5000)
full = psutil.Process().memory_info().rss
for piece in pieces[:-1]:
    libc.free(piece)
held = []
while len(held) < 20 and min(held, default=full) > full - 80e6:
    time.sleep(0.1)
    held.append(psutil.Process().memory_info().rss)
print(full - min(held))
"""

linux = pytest.mark.skipif(sys.platform != "linux", reason="other C libraries have no such heaps")


@linux
def test_threads_share_two_heaps(tmp_path):
    heaps = {}
    for way in ("shared", "apart"):
        told = tmp_path / way
        subprocess.run([sys.executable, "-c", THREADS, way, str(told)], check=True)
        heaps[way] = told.read_text().count("<heap ")
    assert heaps["shared"] <= 2 < heaps["apart"]


@linux
def test_what_is_free_within_a_heap_is_given_back():
    given = {}
    for way in ("given back", "kept"):
        run = [sys.executable, "-c", PIECES, way]
        given[way] = int(subprocess.run(run, check=True, capture_output=True).stdout)
    assert given["kept"] < 10e6 < 80e6 < given["given back"]
