"""The command line: `python -m train fit RECIPE --data NAME=DIR …` and more."""

import argparse
import os
import sys
from pathlib import Path

from emotion.errors import BadInput
from train import commands
from train.errors import CannotTrain
from train.fit import Stopped
from train.prepare import CACHE


def main(arguments: list[str] | None = None) -> int:
    """Runs a command; 0 if it did, 2 with one clear line if the input is bad."""
    options = _parser().parse_args(arguments)
    try:
        options.run(options)
    except Stopped as stopped:
        if os.environ.get("RANK", "0") == "0":  # of several processes, the first speaks
            print(f"{stopped} Go on with {options.go_on}.", file=sys.stderr)
    except (CannotTrain, BadInput) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:  # before there was anything to keep, or while judging
        print("error: interrupted", file=sys.stderr)
        return 2
    except OSError as error:  # a full disk, a file that went away
        what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        print(f"error: {what}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m train", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    fit = verbs.add_parser("fit", help="train a model by a recipe, and judge it")
    fit.add_argument("recipe", type=Path)
    fit.add_argument("--out", type=Path, help="the run folder; runs/RECIPE if left out")
    fit.add_argument("--checkpoint", type=Path, help="where the finished checkpoint goes as well")
    fit.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="replace a recipe's value"
    )
    fit.add_argument("--resume", action="store_true", help="go on where the run was stopped")
    fit.add_argument("--stop-after", type=int, help="stop, to go on later, after so many steps")
    fit.set_defaults(run=commands.fit, baseline=True, go_on="--resume")
    table = verbs.add_parser("ablate", help="train and compare all that a table names")
    table.add_argument("table", type=Path)
    table.add_argument("--out", type=Path, required=True, help="the folder of all its runs")
    table.add_argument("--stop-after", type=int, help="stop the run under way after so many steps")
    table.set_defaults(run=commands.ablate, go_on="the same command")
    judge = verbs.add_parser("evaluate", help="print a checkpoint's figures on the test side")
    judge.add_argument("checkpoint")
    judge.add_argument("--side", choices=("dev", "test"), default="test")
    judge.add_argument("--baseline", action="store_true", help="compute the baseline beside it")
    judge.add_argument("--protocol", help="a published division, each utterance as spoken")
    judge.add_argument("--fold", type=int, default=0, help="which of its folds is judged")
    judge.add_argument("--out", type=Path, help="a folder for the report and its figures")
    judge.set_defaults(run=commands.evaluate)
    for each in (fit, judge, table):
        each.add_argument("--data", action="append", default=[], metavar="NAME=DIR", required=True)
        each.add_argument("--cache", type=Path, default=CACHE, help="decoded voices")
        each.add_argument("--threads", type=int, default=1, help="CPU threads")
    speech = verbs.add_parser("speech2vec", help="learn vectors of words from how they sound")
    speech.add_argument("--words", type=Path, help="a CSV: audio, word, start, end")
    speech.add_argument(
        "--data", action="append", default=[], metavar="NAME=DIR", help="for Whisper to hear"
    )
    speech.add_argument("--out", type=Path, required=True, help="the file of vectors")
    speech.add_argument("--window", type=int, default=3, help="words to each side that are told")
    speech.add_argument("--epochs", type=int, default=50)
    speech.add_argument("--seed", type=int, default=0)
    speech.add_argument("--threads", type=int, default=1, help="CPU threads")
    speech.set_defaults(run=commands.speech2vec)
    look = verbs.add_parser("inspect", help="print what a corpus holds and what is odd in it")
    look.add_argument("corpus")
    look.add_argument("folder", type=Path)
    look.set_defaults(run=commands.inspect)
    table = verbs.add_parser("manifest", help="write a corpus as a table to review or to keep")
    table.add_argument("corpus")
    table.add_argument("folder", type=Path)
    table.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help="a CSV")
    table.set_defaults(run=commands.manifest)
    return parser


if __name__ == "__main__":
    sys.exit(main())
