"""Runs every test, with a browser found or installed: python -m tests [pytest's options]."""

import os
import sys

import pytest

from tests import browser

path = browser.find() or browser.install()
if path is None and os.environ.get("EMOTION_NEED_BROWSER"):
    sys.exit("No browser could be found or installed, and EMOTION_NEED_BROWSER asks for one.")
# Two processes of one core each, and each with a browser and an app of its own.
os.environ.setdefault("OMP_NUM_THREADS", "1")
code = pytest.main(["--numprocesses=2", "--dist=loadgroup", *sys.argv[1:]])
if path is None:
    print("No browser could be found or installed: the tests of the page did not run.")
sys.exit(code)
