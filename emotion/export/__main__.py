"""python -m emotion.export --onnx OUT: a model for programs that have no PyTorch."""

import argparse
import sys
from collections.abc import Sequence

from emotion.errors import BadInput


def main(arguments: Sequence[str] | None = None) -> int:
    """Writes a graph; 0, or 2 with one clear line for bad input."""
    parser = argparse.ArgumentParser(prog="python -m emotion.export", description=__doc__)
    parser.add_argument("--onnx", required=True, metavar="OUT", help="the file to write")
    parser.add_argument("--checkpoint", default="default", help="a name, a folder or a hub id")
    options = parser.parse_args(arguments)
    try:
        write(options.checkpoint, options.onnx)
    except BadInput as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0


def write(checkpoint: str, path: str) -> None:
    """Writes a checkpoint's graph, whole or not at all.

    Raises:
        BadInput: There is no such checkpoint, it cannot be drawn, or nothing can be written there.
    """
    # Late, so that --help and a wrong option answer at once.
    from emotion import checkpoint as checkpoints
    from emotion.export import place
    from emotion.export.graph import graph

    with place(path) as scratch:
        scratch.write_bytes(graph(checkpoints.load(checkpoint).model, checkpoint))


if __name__ == "__main__":
    sys.exit(main())
