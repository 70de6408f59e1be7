"""The command line: python -m emotion, and what it is to do."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from emotion import beside
from emotion.errors import BadInput

if TYPE_CHECKING:
    from emotion.analysis import Analysis
    from emotion.analyze import Analyzer
    from emotion.timeline import Stretch, Timeline

STOPPED = 130  # what a shell expects of a command that Ctrl-C has ended


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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m emotion", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    predict = commands.add_parser("predict", help="what clips, or typed words, feel")
    predict.add_argument("audio", nargs="*", metavar="AUDIO", help="clips, in any format")
    words = predict.add_mutually_exclusive_group()
    words.add_argument("--text", help="what was said; Whisper is then not asked")
    words.add_argument("--no-words", action="store_true", help="judge the voice alone")
    predict.add_argument("--language", choices=("ko", "en"), help="of the speech; found out if not")
    _add_body(predict)
    predict.add_argument("--json", action="store_true", help="print one JSON object a line")
    predict.set_defaults(run=_predict)
    beside.add(commands)
    score = commands.add_parser("score", help="a CSV of clips and words, row by row")
    score.add_argument("manifest", metavar="MANIFEST", help="CSV with columns audio, text, label")
    score.add_argument("-o", "--output", required=True, metavar="OUT", help="CSV to write")
    score.add_argument("--transcribe", action="store_true", help="ask Whisper for missing words")
    score.set_defaults(run=_score)
    timeline = commands.add_parser("timeline", help="a long recording, utterance by utterance")
    timeline.add_argument("audio", metavar="AUDIO", help="sound or video of any length")
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
    for command in (predict, score, timeline, review, listen):
        command.add_argument("--checkpoint", default="default", help="a name, a folder or a hub id")
    return parser


def _add_body(predict: argparse.ArgumentParser) -> None:
    body = predict.add_argument_group("signals of the body")
    body.add_argument(
        "--body", nargs="+", metavar="TABLE", help="CSV of ECG, EDA, temperature; KEMDy's files"
    )
    body.add_argument("--columns", default="", help="which is which, as ecg=HEART,time=t")
    body.add_argument("--rates", default="", help="values a second, as 250 or ecg=250,eda=4")
    body.add_argument("--time-unit", choices=("s", "ms"), default="auto", help="of its times")
    body.add_argument("--segment", default="", help="of a session's files; by default the clip's")
    body.add_argument("--offset", type=float, default=0.0, help="second at which the voice begins")


def _predict(options: argparse.Namespace) -> int:
    if len(options.audio) > 1 and options.text is not None:
        raise BadInput("text_for_several")
    if not options.audio and not (options.text or "").strip() and not options.body:
        raise BadInput("no_input")
    # Late, so that --help and a wrong option answer at once.
    from emotion.analyze import Analyzer

    analyzer = Analyzer.load(options.checkpoint)
    failed = False
    for audio in options.audio or [None]:
        try:
            analysis = _analyze(analyzer, audio, options)
        except BadInput as problem:
            _say(str(problem))
            failed = True
            continue
        _print(analysis, options.json)
    return 2 if failed else 0


def _analyze(analyzer: "Analyzer", audio: str | None, options: argparse.Namespace) -> "Analysis":
    words = {"words": not options.no_words, "language": options.language}
    if not options.body:
        return analyzer.analyze(audio, options.text, **words)
    from emotion.audio import load
    from emotion.biosignals import features
    from emotion.body import recorded_beside, told

    clip = load(audio) if audio else None
    known = told(options.columns, options.rates, options.time_unit, options.segment)
    recorded = recorded_beside(options.body, known, options.offset, clip)
    for notice in recorded.notices:
        _say(str(notice))
    return analyzer.analyze(clip, options.text, body=features(recorded.body), **words)


def _print(analysis: "Analysis", as_json: bool) -> None:
    from emotion.tables import as_dict

    values = as_dict(analysis)
    if analysis.notice:
        _say(f"{analysis.source}: {analysis.notice}")
    if as_json:
        print(json.dumps(values, ensure_ascii=False), flush=True)
        return
    print(f"{analysis.source}: {_line(values)}")
    for side, said in values["alone"].items():
        print(f"  {side} alone: {_line(said)}")
    if analysis.transcript:
        print(f"  words: {analysis.transcript.text}")
    if analysis.body is not None:
        from emotion.body.words import line

        print(f"  body: {line(analysis.body)}")
    if analysis.cues and analysis.cues.measures.some:
        from emotion.cues.words import lines

        beside = analysis.cues.reference.kind
        print(f"  voice, beside typical {beside} ones: {'; '.join(lines(analysis.cues))}")
    sys.stdout.flush()


def _line(said: dict) -> str:
    p = said["probabilities"][said["label"]]
    return (
        f"{said['label']} {p:.2f}, valence {said['valence']:+.2f}, arousal {said['arousal']:+.2f}"
    )


def _score(options: argparse.Namespace) -> int:
    from emotion.analyze import Analyzer
    from emotion.score import score

    analyzer = Analyzer.load(options.checkpoint)
    rows, failed = score(
        analyzer, options.manifest, options.output, options.transcribe, _show_progress
    )
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
    from emotion.export import format_of, place
    from emotion.timeline import clock

    made = format_of(options.output) if options.output else None
    with ExitStack() as stack:
        scratch = stack.enter_context(place(options.output)) if made else None
        timeline, code = _follow(options)
        if made and scratch:
            scratch.write_text(made(timeline), encoding="utf-8", newline="")
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
        _say(str(notice))
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


def _show_progress(done: int, rows: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {rows}", end="\n" if done == rows else "", file=sys.stderr, flush=True)


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
