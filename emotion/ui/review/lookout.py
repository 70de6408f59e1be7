"""What lies before an annotator, as changes of the page's components."""

from collections.abc import Sequence

import gradio as gr

from emotion import acoustics, figures
from emotion.analyze import Analyzer
from emotion.labels import LABELS
from emotion.review import Project
from emotion.review.found import found
from emotion.review.label_studio import as_tasks
from emotion.review.office import Office
from emotion.review.out import as_csv, as_json, events_as_csv
from emotion.review.report import report
from emotion.review.report_text import TEXT as REPORT
from emotion.review.seat import Turn
from emotion.ui import parts
from emotion.ui.board import Updates
from emotion.ui.desk import drawn
from emotion.ui.review import accord, sight
from emotion.ui.review.booth import Booth
from emotion.ui.review.text import REVIEW

CONFLICTS = 50  # that are listed


def words(
    booth: Booth, project: Project, turn: Turn, who: str, leads: bool, language: str
) -> Updates:
    """All that is said of a clip, and how far the work is."""
    p = booth.parts
    counted = counts(booth, project, turn, who, language)
    if turn.clip is None:
        key = "done" if len(project.clips) else "empty" if leads else "empty_other"
        return counted | {p["sight"]: sight.heading(key, language), p["opinions"]: ""}
    entry = project.clips[turn.clip]
    return counted | {
        p["sight"]: sight.clip(entry, turn, language),
        p["opinions"]: sight.opinions(project, entry, turn, language),
    }


def counts(booth: Booth, project: Project, turn: Turn, who: str, language: str) -> Updates:
    """How far the work is."""
    far = project.queue.progress(who, turn.way.label, turn.way.rater)
    return {booth.parts["progress"]: sight.progress(far, language)}


def conflicts(booth: Booth, project: Project, language: str) -> Updates:
    """What is in dispute, and who says what."""
    some = project.queue.conflicts()[:CONFLICTS]
    told = {clip: project.log.said(clip) for clip in some}
    return {booth.parts["conflict_list"]: sight.conflicts(told, language)}


def brought(booth: Booth, project: Project, language: str) -> Updates:
    """What was wrong with rows, whether the model knows those who speak, and no agreement yet."""
    known, p = found(project), booth.parts
    told = [known.taught.sentence(language)] if known else []
    if known and known.given:
        told.append(REPORT[language]["given"].format(n=known.given))
    return {
        p["faults"]: sight.faults(project.clips.faults(), language),
        p["taught"]: parts.message(" ".join(filter(None, told)), "note"),
        p["agreement_fold"]: gr.update(open=False),
        p["agreement"]: "",
    }


def agreement(booth: Booth, project: Project, turn: Turn, language: str) -> Updates:
    """How far raters agree, unless somebody is to decide before anything else is said."""
    if turn.hidden:
        said = parts.message(REVIEW[language]["agreement_hidden"], "calm")
    else:
        said = accord.accord(project, language)
    return {booth.parts["agreement"]: said}


def narrowings(
    project: Project, language: str
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The labels and the raters by which the queue may be narrowed."""
    every = [(REVIEW[language]["any"], "")]
    labels = [(figures.name(label, language), label) for label in LABELS]
    return every + labels, every + [(who, who) for who in project.clips.raters()]


def figure(
    booth: Booth,
    models: Sequence[Analyzer],
    office: Office,
    name: str | None,
    turn: Turn,
    language: str,
) -> Updates:
    """The voice, the words and what looked at what, by the model that has heard the clip.

    Raises:
        BadInput: The clip cannot be heard.
    """
    none: Updates = {}
    if turn.clip is None or turn.hidden:
        return none
    project = office.project(name)
    heard, path = project.heard[turn.clip], project.clips.path(turn.clip)
    analyzer = next((each for each in models if heard and each.digest == heard.hash), None)
    if analyzer is None or path is None:
        return none
    text = project.clips[turn.clip].text
    analysis = analyzer.analyze(path, text or None, words=bool(text))
    if analysis.clip is None:
        return none
    made = figures.moments(analysis, acoustics.curves(analysis.clip), language)
    p = booth.parts
    return {p["figure"]: gr.update(value=drawn(made)), p["drawn"]: {"clip": turn.clip}}


def export(project: Project, kind: str, language: str) -> tuple[str, str]:
    """The end of a file's name, and what is in it."""
    ending, made = {
        "csv": (".csv", as_csv),
        "json": (".json", as_json),
        "events": (".events.csv", events_as_csv),
        "report": (".html", lambda project: report(project, language)),
        "studio": (".tasks.json", as_tasks),
    }[kind]
    return ending, made(project)
