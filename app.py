"""The browser demo: `python app.py`, then open the address it prints."""

import os
import sys
from contextlib import suppress

with suppress(ImportError):
    import spaces  # noqa: F401 - before torch, where a host lends GPUs: it stands in for CUDA

from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.ui import address

address.check()  # before Gradio is imported, which reads the same settings

from emotion.ui.lent import lend  # noqa: E402
from emotion.ui.page import build, launch  # noqa: E402

try:
    analyzer = Analyzer.load(os.environ.get("EMOTION_CHECKPOINT") or "default")
except BadInput as problem:
    sys.exit(str(problem))
lend(analyzer)
page = build(analyzer)
demo = page.blocks

if __name__ == "__main__":
    launch(page)
