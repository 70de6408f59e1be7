"""Memory that threads share: without it the app grows with each visitor."""

import subprocess
import sys

import pytest

# Threads that hold what they ask the C library for at once, then how many heaps it has made.
THREADS = """
import ctypes, sys, threading
from emotion.ui import arenas
if sys.argv[1] == "shared":
    arenas.share()
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


@pytest.mark.skipif(sys.platform != "linux", reason="other C libraries have no such heaps")
def test_threads_share_two_heaps(tmp_path):
    heaps = {}
    for way in ("shared", "apart"):
        told = tmp_path / way
        subprocess.run([sys.executable, "-c", THREADS, way, str(told)], check=True)
        heaps[way] = told.read_text().count("<heap ")
    assert heaps["shared"] <= 2 < heaps["apart"]
