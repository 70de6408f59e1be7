"""The command predict: what clips, typed words and signals of a body feel."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emotion.errors import FORMATS, BadInput

if TYPE_CHECKING:
    from emotion.analysis import Analysis
    from emotion.analyze import Analyzer
    from emotion.body import Examined
    from emotion.cues import Cues


def add(commands: Any) -> None:  # noqa: ANN401 - argparse hides its type
    """Adds it to a command line."""
    predict = commands.add_parser("predict", help="what clips, or typed words, feel")
    predict.add_argument("audio", nargs="*", metavar="AUDIO", help=f"clips: {FORMATS}")
    words = predict.add_mutually_exclusive_group()
    words.add_argument("--text", help="what was said; Whisper is then not asked")
    words.add_argument("--no-words", action="store_true", help="judge the voice alone")
    predict.add_argument("--language", choices=("ko", "en"), help="of the speech; found out if not")
    predict.add_argument(
        "--beside",
        choices=("female", "male"),
        help="whose typical voices the voice is set against; by its pitch if not told",
    )
    _add_body(predict)
    predict.add_argument("--json", action="store_true", help="print one JSON object a line")
    predict.add_argument("--checkpoint", default="default", help="a name, a folder or a hub id")
    predict.set_defaults(run=_predict)


def _add_body(predict: argparse.ArgumentParser) -> None:
    body = predict.add_argument_group("signals of the body")
    body.add_argument(
        "--body", nargs="+", metavar="TABLE", help="CSV of ECG, EDA, temperature; KEMDy's files"
    )
    body.add_argument("--columns", default="", help="which is which, as ecg=HEART,time=t")
    body.add_argument("--rates", default="", help="values a second, as 250 or ecg=250,eda=4")
    body.add_argument("--time-unit", default="auto", help="of its times: ns us ms s min or h")
    body.add_argument("--segment", default="", help="of a session's files; by default the clip's")
    body.add_argument("--offset", type=float, default=0.0, help="second at which the voice begins")


def _predict(options: argparse.Namespace) -> int:
    several = len(options.audio) > 1
    if several and options.text is not None:
        raise BadInput("text_for_several")
    if not options.audio and not (options.text or "").strip() and not options.body:
        raise BadInput("no_input")
    _refuse_without_body(options)
    # Late, so that --help and a wrong option answer at once.
    from emotion.analyze import Analyzer

    if several and options.body and not _has_a_segment_for_each(options):
        raise BadInput("body_for_several")
    analyzer = Analyzer.load(options.checkpoint)
    failed = False
    for audio in options.audio or [None]:
        try:
            _judge(analyzer, audio, options)
        except BadInput as problem:
            _say(str(problem))
            failed = True
    return 2 if failed else 0


def _refuse_without_body(options: argparse.Namespace) -> None:
    told = {
        "--columns": options.columns,
        "--rates": options.rates,
        "--time-unit": options.time_unit != "auto",
        "--segment": options.segment,
        "--offset": options.offset,
    }
    alone = [name for name, given in told.items() if given]
    if alone and not options.body:
        raise BadInput("body_options", options=", ".join(alone))


def _has_a_segment_for_each(options: argparse.Namespace) -> bool:
    from emotion.body import look

    return not options.segment and bool(look(options.body, _told(options)).segments)


def _judge(analyzer: "Analyzer", audio: str | None, options: argparse.Namespace) -> None:
    if options.body:
        examined = _examine(analyzer, audio, options)
        _print(examined.analysis, examined, options)
        return
    words = {"words": not options.no_words, "language": options.language}
    _print(analyzer.analyze(audio, options.text, **words), None, options)


def _examine(analyzer: "Analyzer", audio: str | None, options: argparse.Namespace) -> "Examined":
    """What a body says; where there is a voice or there are words, these are judged in any case."""
    from emotion.audio import load
    from emotion.biosignals import features
    from emotion.body import Examined, examine, recorded_beside

    known = _told(options)
    if not audio and not (options.text or "").strip():
        examined = examine(analyzer, options.body, told=known)
        if examined.notice and examined.notice.code == "no_measures":
            raise examined.notice
        return examined
    clip = load(audio) if audio else None
    recorded = recorded_beside(options.body, known, options.offset, clip)
    if audio and len(options.audio) > 1 and not recorded.segment:
        raise BadInput("unknown_segment", segment=Path(audio).stem)
    words = {"words": not options.no_words, "language": options.language}
    measured = features(recorded.body)
    analysis = analyzer.analyze(clip, options.text, body=measured, **words)
    return Examined(recorded, measured, clip, analysis.regions, analysis)


def _told(options: argparse.Namespace) -> Any:  # noqa: ANN401 - its module is slow to import
    from emotion.body import told

    return told(options.columns, options.rates, options.time_unit, options.segment)


def _print(
    analysis: "Analysis | None", examined: "Examined | None", options: argparse.Namespace
) -> None:
    from emotion import tables

    cues = _cues(analysis, options.beside) if analysis else None
    values = tables.as_dict(analysis, cues) if analysis else {"source": "body signals"}
    if analysis and analysis.notice:
        _say(f"{analysis.source}: {analysis.notice}")
    if examined:
        told = tables.examined_as_dict(examined)
        for notice in told["notices"]:
            _say(notice)
        values |= {name: told[name] for name in told if name != "analysis"}
    if options.json:
        print(json.dumps(values, ensure_ascii=False), flush=True)
        return
    if analysis:
        _print_judgement(analysis, values)
    if examined:
        _print_body(examined)
    if cues and cues.measures.some:
        _print_cues(cues)
    sys.stdout.flush()


def _cues(analysis: "Analysis", sex: str | None) -> "Cues | None":
    from emotion.cues import compare, typical

    if not analysis.measures or not sex:
        return analysis.cues
    return compare(analysis.measures, typical(sex, analysis.measures.rate_by))


def _print_judgement(analysis: "Analysis", values: dict) -> None:
    print(f"{analysis.source}: {_line(values)}")
    for side, said in values["alone"].items():
        print(f"  {side} alone: {_line(said)}")
    if analysis.transcript:
        print(f"  words: {analysis.transcript.text}")


def _print_body(examined: "Examined") -> None:
    from emotion.body.words import line

    print(f"  body: {line(examined.features)}")
    beats = examined.recorded.body.beats
    if len(beats):
        print(f"  beats: {len(beats)}, from second {beats[0]:.2f} to second {beats[-1]:.2f}")


def _print_cues(cues: "Cues") -> None:
    from emotion.cues.words import evidence, lines

    guessed = ", as its pitch suggests" if cues.reference.guessed else ""
    print(f"  voice, beside typical {cues.reference.kind} ones{guessed}:")
    for each in lines(cues):
        print(f"    {each}")
    print("  what of that is said to fit an emotion:")
    for each in evidence(cues):
        print(f"    {each}")


def _line(said: dict) -> str:
    p = said["probabilities"][said["label"]]
    return (
        f"{said['label']} {p:.2f}, valence {said['valence']:+.2f}, arousal {said['arousal']:+.2f}"
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
