"""How far raters agree, as tables of the page: by emotion, rater and session."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from emotion import figures
from emotion.review import Project
from emotion.review.agreement import Agreement, agreement
from emotion.review.found import found
from emotion.review.report_text import TEXT
from emotion.ui.review.text import REVIEW


def accord(project: Project, language: str) -> str:
    """Whatever the report says of it, in numbers."""
    text = TEXT[language]
    if len(project.clips.raters()) < 2:
        return f"<p class='hint'>{text['no_raters']}</p>"
    seen = agreement(project.clips)
    whole = {name: _number(getattr(seen, name)) for name in
             ("labels", "valence", "arousal", "fleiss")}  # fmt: skip
    said = text["alpha"].format(n_fleiss=seen.n_fleiss, n_clips=seen.n_clips, **whole)
    hint = f"<p class='hint'>{REVIEW[language]['agreement_why']}</p>"
    known = found(project)
    quality = {who: each.quality for who, each in known.raters.items()} if known else {}
    return f"<p>{said}</p>{hint}" + "".join(_tables(seen, quality, language))


def _tables(seen: Agreement, quality: Mapping[str, float], language: str) -> Iterable[str]:
    text = TEXT[language]
    classes = {figures.name(label, language): value for label, value in seen.classes.items()}
    pairs = {f"{one} – {other}": each.kappa for (one, other), each in seen.pairs.items()}
    yield _table((text["classes"],), _columns(classes))
    yield _table((text["means"], text["without"]), _columns(seen.raters, seen.without))
    if quality:
        yield _table((f"{text['quality']} (CROWDLAB)",), _columns(quality))
    if len(seen.raters) > 2:  # of two there is one pair, whose kappa stands above
        yield _table((text["pairs"],), _columns(pairs))
    if seen.sessions:
        yield _table((text["sessions"],), _columns(seen.sessions))


def _columns(*figures: Mapping[str, float | None]) -> Iterable[tuple[str, ...]]:
    """A line for each name of which there is a figure."""
    for name in figures[0]:
        values = [each.get(name) for each in figures]
        if any(value is not None for value in values):
            yield name, *map(_number, values)


def _table(head: Sequence[str], lines: Iterable[tuple[str, ...]]) -> str:
    top = "".join(f"<th scope='col'>{escape(each)}</th>" for each in head)
    body = "".join(
        f"<tr><th scope='row'>{escape(name)}</th>"
        + "".join(f"<td>{value}</td>" for value in values)
        + "</tr>"
        for name, *values in lines
    )
    return (
        f"<table class='numbers'><thead><tr><td></td>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table>"
    )


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
