"""The command line: python -m emotion, and what it is to do."""

import argparse
import errno
import sys
from collections.abc import Sequence
from contextlib import ExitStack, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from emotion import beside, predict
from emotion.errors import FORMATS, BadInput, of_many, unwritten

if TYPE_CHECKING:
    from emotion.timeline import Stretch, Timeline

STOPPED = 130  # what a shell expects of a command that Ctrl-C has ended
FULL = (errno.ENOSPC, errno.EDQUOT)  # what a disk says of which nothing is left


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command; 0, or 2 with one clear line for bad input."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except BadInput as problem:
        _say(str(problem))
        return 2
    except KeyboardInterrupt:  # before there was anything to keep
        return STOPPED
    except BrokenPipeError:  # whoever read our output has seen enough
        sys.stderr.close()
        return 0
    except OSError as fault:
        if fault.errno not in FULL:
            raise
        with suppress(OSError):
            sys.stdout.close()  # or it would be tried once more at the end
        _say(str(unwritten(Path("stdout"), fault)))
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m emotion", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    predict.add(commands)
    beside.add(commands)
    score = commands.add_parser("score", help="a CSV of clips and words, row by row")
    score.add_argument(
        "manifest",
        metavar="MANIFEST",
        help="a CSV with columns audio, text, speaker, label, or a zip of clips with or without "
        "one",
    )
    score.add_argument("-o", "--output", required=True, metavar="OUT", help="CSV to write")
    score.add_argument("--transcribe", action="store_true", help="ask Whisper for missing words")
    score.set_defaults(run=_score)
    timeline = commands.add_parser("timeline", help="a long recording, utterance by utterance")
    timeline.add_argument("audio", metavar="AUDIO", help=f"sound or video of any length: {FORMATS}")
    timeline.add_argument("-o", "--output", metavar="OUT", help="csv json srt vtt TextGrid or eaf")
    timeline.add_argument("--no-words", action="store_true", help="judge the voice alone")
    timeline.add_argument("--language", choices=("ko", "en"), help="of the speech")
    timeline.set_defaults(run=_timeline)
    review = commands.add_parser("review", help="which labels of a table of clips are doubtful")
    review.add_argument("manifest", metavar="MANIFEST", help="a CSV, a zip or a folder")
    review.add_argument("--report", required=True, metavar="OUT", help="HTML; beside it a CSV")
    review.add_argument("--project", metavar="FILE", help="keep the work here, and go on with it")
    review.add_argument("--probabilities", metavar="FILE", help="a CSV of id and p_LABEL")
    review.add_argument("--transcribe", action="store_true", help="hold words against Whisper's")
    review.add_argument("--language", choices=("ko", "en"), default="en", help="of the report")
    review.set_defaults(run=_review)
    user = commands.add_parser("user", help="who may log in where labels are reviewed")
    user.add_argument("file", metavar="FILE", help="of app.py --users; made where there is none")
    user.add_argument("name", metavar="NAME", help="whose password is asked for")
    what = user.add_mutually_exclusive_group()
    what.add_argument("--adjudicator", action="store_true", help="may also bring work in and out")
    what.add_argument("--remove", action="store_true", help="may not log in any more")
    user.set_defaults(run=_user)
    listen = commands.add_parser("listen", help="this machine's microphone, while you speak")
    listen.add_argument("--list", action="store_true", help="print the microphones, and end")
    listen.add_argument("--device", metavar="NAME", help="a microphone's number or part of a name")
    listen.add_argument("--save", metavar="FILE", help="keep the sound as WAV, the readings as CSV")
    listen.add_argument("--no-words", action="store_true", help="judge the voice alone")
    listen.set_defaults(run=_listen)
    review.add_argument(
        "--checkpoint", action="append", metavar="NAME",
        help="a name, a folder or a hub id; of several, each clip is judged by the first that its "
        "speaker did not teach",
    )  # fmt: skip
    for command in (score, timeline, listen):
        command.add_argument("--checkpoint", default="default", help="a name, a folder or a hub id")
    return parser


def _score(options: argparse.Namespace) -> int:
    from emotion.analyze import Analyzer
    from emotion.bundle import is_zip, unpacked
    from emotion.score import MEETING, Stopped, refuse_itself, score

    given = Path(options.manifest)
    refuse_itself(Path(options.output), given)
    zipped = is_zip(given)
    analyzer = Analyzer.load(options.checkpoint)
    try:
        with unpacked(given) if zipped else nullcontext(given) as manifest:
            rows, failed = score(
                analyzer,
                manifest,
                options.output,
                options.transcribe,
                _show_progress,
                within=manifest.parent if zipped else None,
                say=lambda problem: _say(of_many(problem)),
                met=lambda done, clips: _show_progress(done, clips, f"{MEETING}: "),
            )
    except Stopped as stopped:
        if stopped.done:
            _say(f"{stopped.done} of {stopped.rows} rows are in {options.output}.")
        else:
            _say(f"No row was done: {options.output} was not written.")
        return STOPPED
    _say(f"{rows} rows, {failed} with an error")
    return 0


def _review(options: argparse.Namespace) -> int:
    from emotion.review.command import review

    left, doubtful = review(options, _show_progress)
    _say(f"{doubtful} labels are likely wrong; {left} rows could not be used")
    return 0


def _user(options: argparse.Namespace) -> int:
    from emotion.review.users import ROLES, Users, enter

    if options.remove:
        Users(options.file).remove(options.name)
    else:
        enter(options.file, options.name, ROLES[options.adjudicator])
    return 0


def _timeline(options: argparse.Namespace) -> int:
    from emotion.export import FORMATS, format_of, place
    from emotion.timeline import clock

    made = format_of(options.output) if options.output else None
    if made and Path(options.output).resolve() == Path(options.audio).resolve():
        reason = "it is the recording itself"
        raise BadInput("bad_output", name=Path(options.output).name, reason=reason)
    with ExitStack() as stack:
        scratch = stack.enter_context(place(options.output)) if made else None
        timeline, code = _follow(options)
        if made and scratch:
            # With the mark by which a spreadsheet knows the encoding.
            encoding = "utf-8-sig" if made is FORMATS["csv"] else "utf-8"
            scratch.write_text(made(timeline), encoding=encoding, newline="")
    end = "" if timeline.whole else "; it was not heard to its end"
    _say(f"{len(timeline.spoken)} utterances in {clock(timeline.seconds)}{end}")
    return code


def _follow(options: argparse.Namespace) -> tuple["Timeline", int]:
    """Listens to the end, or as far as it goes: what was heard until then stays."""
    from emotion.analyze import Analyzer
    from emotion.containers import last_part
    from emotion.timeline import Timeline, follow

    analyzer = Analyzer.load(options.checkpoint)
    timeline = Timeline.empty(analyzer, last_part(options.audio))
    heard = follow(analyzer, options.audio, words=not options.no_words, language=options.language)
    try:
        for stretch in heard:
            timeline.add(stretch)
            _tell(stretch, in_full=not options.output)
    except KeyboardInterrupt:
        if options.output and not timeline.spoken:
            _say(f"Stopped before anything was heard: {options.output} was not written.")
            raise
        return timeline, STOPPED
    except BadInput as problem:
        if not timeline.spoken:
            raise
        _say(str(problem))
        return timeline, 2
    return timeline, 0


def _tell(stretch: "Stretch", in_full: bool) -> None:
    from emotion.timeline import clock

    for notice in stretch.notices:
        _say(of_many(notice))
    for spoken in stretch.spoken if in_full else ():
        found = spoken.prediction
        print(
            f"{clock(spoken.start, 1)}-{clock(spoken.end, 1)}  {found.label} "
            f"{spoken.confidence:.2f}  {found.valence:+.2f} {found.arousal:+.2f}  {spoken.text}",
            flush=True,
        )
    if not in_full and sys.stderr.isatty():
        end = "\n" if stretch.share == 1 else ""
        print(f"\r{stretch.share:.0%}", end=end, file=sys.stderr, flush=True)


def _listen(options: argparse.Namespace) -> int:
    from emotion.microphone import Microphone, devices

    if options.list:
        print("\n".join(devices()))
        return 0
    microphone = Microphone(options.device)
    from emotion.analyze import Analyzer
    from emotion.listen import listen

    listen(Analyzer.load(options.checkpoint), microphone, options.save, not options.no_words)
    return 0


def _show_progress(done: int, rows: int, doing: str = "") -> None:
    if sys.stderr.isatty():
        end = "\n" if done == rows else ""
        print(f"\r{doing}{done} of {rows}", end=end, file=sys.stderr, flush=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
