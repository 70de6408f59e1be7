"""The browser demo: `python app.py`, then open the address it prints."""

import os
import sys

from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.ui.page import build, launch

try:
    demo = build(Analyzer.load(os.environ.get("EMOTION_CHECKPOINT", "default")))
except BadInput as problem:
    sys.exit(str(problem))

if __name__ == "__main__":
    launch(demo)
