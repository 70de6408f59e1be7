"""Runs every test, with a browser found or installed: python -m tests [pytest's options]."""

import os
import sys

import pytest

from tests import browser, portaudio

path = browser.find() or browser.install()
heard = portaudio.found() or portaudio.install()
if os.environ.get("EMOTION_NEED_ALL") and not (path and heard):
    lacking = "PortAudio" if path else "browser"
    sys.exit(f"No {lacking} could be found or installed, and EMOTION_NEED_ALL asks for one.")
# Two processes of one core each, and each with a browser and an app of its own.
os.environ.setdefault("OMP_NUM_THREADS", "1")
code = pytest.main(["--numprocesses=2", "--dist=loadgroup", *sys.argv[1:]])
if path is None:
    print("No browser could be found or installed: the tests of the page did not run.")
if not heard:
    print("No PortAudio could be found or installed: the tests of `listen` did not run.")
sys.exit(code)
