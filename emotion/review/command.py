"""`python -m emotion review`: a manifest in; a report, and its rows in the order of doubt, out."""

import argparse
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from emotion.errors import BadInput
from emotion.export import place
from emotion.review.bring import bring
from emotion.review.probabilities import read_probabilities
from emotion.review.store import Project


def review(options: argparse.Namespace, progress: Callable[[int, int], None]) -> tuple[int, int]:
    """Does what the command's options ask for.

    Args:
        options: manifest, report, project, probabilities, transcribe, language, and the names of
            one checkpoint or several.
        progress: Called with what is done and what there is, of each stage.

    Returns:
        How many rows could not be used, and how many labels are likely wrong.

    Raises:
        BadInput: Something cannot be read or written.
    """
    page = Path(options.report)
    if page.suffix.lower() not in (".html", ".htm"):  # a clip or a manifest would be written over
        raise BadInput("bad_output", name=page.name or "“”", reason="it is to end in .html")
    table = page.with_suffix(".csv")
    work = Path(options.manifest).resolve()  # a folder's own table must not be written over
    mine = table.exists() and table.resolve().is_relative_to(work)
    if mine:
        raise BadInput("bad_output", name=page.name, reason="a CSV is written beside it; rename it")
    given = read_probabilities(options.probabilities) if options.probabilities else None
    with ExitStack() as stack:
        # That nothing can be written shows before hours of listening.
        pages, tables = (stack.enter_context(place(path)) for path in (page, table))
        path = options.project or _scratch(stack)
        project = stack.enter_context(Project(path))
        for step in bring(project, options.manifest):
            progress(step.done, step.of)
        if given is not None:
            project.given.add(given, Path(options.probabilities).name)
        # Late, so that a manifest that cannot be read is told of at once.
        from emotion.analyze import Analyzer
        from emotion.review.desk import suspect
        from emotion.review.jury import with_twin
        from emotion.review.out import doubts_as_csv
        from emotion.review.report import report

        loaded = (Analyzer.load(name) for name in options.checkpoint or ["default"])
        analyzer, *beside = [model for each in loaded for model in with_twin(each)]
        for step in suspect(project, analyzer, beside, options.transcribe):
            progress(step.done, step.of)
        pages.write_text(report(project, options.language), encoding="utf-8")
        # With the mark by which a spreadsheet knows the encoding.
        tables.write_text(doubts_as_csv(project), encoding="utf-8-sig", newline="")
        left = sum(not each.kept for each in project.clips.faults())
        return left, sum(each.likely for each in project.judged.all().values())


def _scratch(stack: ExitStack) -> Path:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="emotion-"))
    return Path(folder) / "work.review"
