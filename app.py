"""The browser demo: `python app.py`, then open the address it prints."""

import argparse
import os
import sys
from contextlib import suppress

with suppress(ImportError):
    import spaces  # noqa: F401 - before torch, where a host lends GPUs: it stands in for CUDA

from emotion.beside import gigabytes
from emotion.errors import BadInput
from emotion.review.office import desk
from emotion.ui import address, lent

address.check()  # before Gradio is imported, which reads the same settings

from emotion.ui.offer import offer  # noqa: E402
from emotion.ui.serving import build, launch  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument(
    "--compare", nargs="+", metavar="NAME", default=os.environ.get("EMOTION_COMPARE", "").split(),
    help="models that visitors may set beside the page's own: a folder, or a hub's id",
)  # fmt: skip
parser.add_argument(
    "--any-of-the-hub", action="store_true", help="and whatever the hub has",
    default=os.environ.get("EMOTION_ANY_OF_THE_HUB") == "1",
)  # fmt: skip
parser.add_argument(
    "--gigabytes", type=gigabytes, default=os.environ.get("EMOTION_GIGABYTES") or "2",
    help="held of them at once: 2",
)  # fmt: skip
parser.add_argument(
    "--desk", metavar="FOLDER", default=os.environ.get("EMOTION_DESK"),
    help="where labels are reviewed: its projects, and what may be brought into them",
)  # fmt: skip
parser.add_argument(
    "--users", metavar="FILE", default=os.environ.get("EMOTION_USERS"),
    help="who may log in; python -m emotion user FILE NAME enters somebody",
)  # fmt: skip
options = parser.parse_args(None if __name__ == "__main__" else [])

try:
    office = desk(options.desk, options.users, address.alone())
    analyzer, quick = lent.load(os.environ.get("EMOTION_CHECKPOINT") or "default")
except BadInput as problem:
    sys.exit(str(problem))
device = "cpu" if lent.lender() else None  # a GPU is lent to the page's own model alone
beside = offer(analyzer, options.compare, options.gigabytes, options.any_of_the_hub, device)
page = build(analyzer, beside, office, quick)
demo = page.blocks

if __name__ == "__main__":
    launch(page)
