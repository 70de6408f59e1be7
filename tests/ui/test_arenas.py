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

# Large things that are freed while a small one lies behind each, then how much of them is held. The
# first two are what teaches glibc to take such things for small.
PIECES = """
import ctypes, psutil, sys
from emotion.ui import arenas
if sys.argv[1] == "given back":
    arenas.keep_small()
libc = ctypes.CDLL(None)
libc.malloc.restype = ctypes.c_void_p
def ask(size):
    piece = ctypes.c_void_p(libc.malloc(size))
    ctypes.memset(piece, 1, size)
    return piece
for _ in range(2):
    libc.free(ask(10_000_000))
before = psutil.Process().memory_info().rss
pieces = [(ask(2_000_000), ask(1000)) for _ in range(50)]
for large, _ in pieces:
    libc.free(large)
print(psutil.Process().memory_info().rss - before)
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
def test_large_things_are_given_back_wherever_they_lay():
    held = {}
    for way in ("given back", "kept"):
        run = [sys.executable, "-c", PIECES, way]
        held[way] = int(subprocess.run(run, check=True, capture_output=True).stdout)
    assert held["given back"] < 10e6 < 50e6 < held["kept"]
