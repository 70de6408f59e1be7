"""Commands that set one result beside another: whatif and compare."""

import argparse
import json
import sys
from contextlib import suppress
from typing import Any

from emotion.errors import FORMATS

LARGEST = 1e6  # gigabytes; no machine has as many


def add(commands: Any) -> None:  # noqa: ANN401 - argparse hides its type
    """Adds both to a command line."""
    _add_whatif(commands.add_parser("whatif", help="what a clip would feel, something changed"))
    _add_compare(commands.add_parser("compare", help="what several models say of the same clip"))


def gigabytes(said: str) -> int:
    """So many gigabytes in bytes, for an argument parser.

    Raises:
        ArgumentTypeError: It is no size.
    """
    with suppress(ValueError):
        if 0 < (number := float(said)) < LARGEST:
            return int(number * 10**9)
    raise argparse.ArgumentTypeError(f"{said} is no size: give a number of gigabytes above 0")


def _add_whatif(command: argparse.ArgumentParser) -> None:
    command.add_argument("audio", nargs="?", metavar="AUDIO", help=f"a clip: {FORMATS}")
    command.add_argument("--text", help="what was said; left out, the voice alone is judged")
    command.add_argument("--instead", metavar="TEXT", help="what would be said")
    seconds = {"type": float, "nargs": 2, "metavar": ("START", "END"), "default": (0.0, 0.0)}
    command.add_argument("--mute", help="seconds without voice", **seconds)  # type: ignore[arg-type]
    command.add_argument("--pitch", type=float, default=0.0, help="semitones up, or down below 0")
    command.add_argument("--loudness", type=float, default=0.0, help="decibels up, or down below 0")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.add_argument("--checkpoint", default="default", help="a name, a folder or a hub id")
    command.set_defaults(run=_whatif)


def _add_compare(command: argparse.ArgumentParser) -> None:
    command.add_argument("audio", nargs="?", metavar="AUDIO", help=f"a clip: {FORMATS}")
    command.add_argument(
        "--checkpoint",
        action="append",
        required=True,
        metavar="NAME",
        help="one of ours, or an audio classification model of transformers: a folder or a hub id",
    )
    words = command.add_mutually_exclusive_group()
    words.add_argument("--text", help="what was said; Whisper is then not asked")
    words.add_argument("--no-words", action="store_true", help="judge the voice alone")
    command.add_argument("--language", choices=("ko", "en"), help="of the speech")
    command.add_argument(
        "--gigabytes", type=gigabytes, default="2", help="held at once: 2 if not told"
    )
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.set_defaults(run=_compare)


def _whatif(options: argparse.Namespace) -> int:
    # Late, so that --help and a wrong option answer at once.
    from emotion.analyze import Analyzer
    from emotion.tables import change_as_dict, differences
    from emotion.whatif import Changes, change

    analyzer = Analyzer.load(options.checkpoint)
    before = analyzer.analyze(options.audio, options.text, words=options.text is not None)
    start, end = options.mute
    changes = Changes(options.instead, (start, end), options.pitch, options.loudness)
    after = change(analyzer, before, changes)
    if changes == Changes():
        print("Nothing is changed: give --instead, --mute, --pitch or --loudness.", file=sys.stderr)
    if after.notice:
        print(after.notice, file=sys.stderr)
    if options.json:
        print(json.dumps(change_as_dict(changes, before, after), ensure_ascii=False))
        return 0
    for name, since, to in differences(before.prediction, after.prediction):
        print(f"{name:<9}{since:6.2f} -> {to:5.2f}  {to - since:+.2f}")
    return 0


def _compare(options: argparse.Namespace) -> int:
    from emotion.compare import compare
    from emotion.shelf import Shelf
    from emotion.tables import comparison_as_dict, comparison_as_lines

    found = compare(
        Shelf(limit=options.gigabytes),
        options.checkpoint,
        options.audio,
        options.text,
        words=not options.no_words,
        language=options.language,
    )
    if options.json:
        print(json.dumps(comparison_as_dict(found), ensure_ascii=False))
    elif found.said:
        print("\n".join(comparison_as_lines(found)))
    for said in found.said:
        if said.notice:
            print(f"{said.name}: {said.notice}", file=sys.stderr)
    for problem in found.failed.values():
        print(problem, file=sys.stderr)
    return 2 if found.failed else 0
