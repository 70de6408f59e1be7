"""Runs every test, with a browser found or installed: python -m tests [pytest's options]."""

import os
import sys

import pytest

from tests import browser

path = browser.find() or browser.install()
if path is None and os.environ.get("EMOTION_NEED_BROWSER"):
    sys.exit("No browser could be found or installed, and EMOTION_NEED_BROWSER asks for one.")
code = pytest.main(sys.argv[1:])
if path is None:
    print("No browser could be found or installed: the tests of the page did not run.")
sys.exit(code)
