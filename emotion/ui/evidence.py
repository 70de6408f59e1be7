"""What a voice does, as a piece of the page: numbers beside what is usual, then what speaks for."""

from collections.abc import Iterable

from emotion import figures
from emotion.cues import NAMES, Cues, Fit, Measures, Reference, compare, nearest, typical, words
from emotion.cues.measures import LEAST
from emotion.labels import BY_NAME
from emotion.ui.cues_text import CUES

AGAINST = ("auto", "female", "male")


def chosen(measures: Measures, against: str) -> Cues:
    """The measures beside what a visitor chose of AGAINST."""
    if against == "auto":
        return compare(measures, nearest(measures))
    return compare(measures, typical(against, measures.rate_by))


def heading(language: str) -> str:
    """What the card is about."""
    return f"<h2>{CUES[language]['title']}</h2><p class='hint'>{CUES[language]['hint']}</p>"


def cues(found: Cues, language: str) -> str:
    """The numbers, and what they are said to fit."""
    text = CUES[language]
    if not found.measures.some:
        return f"<p class='hint' data-state='nothing'>{text['nothing'].format(least=LEAST)}</p>"
    apart = "" if "intensity" in found.reference.spreads else f" {text['loudness']}"
    return (
        f"<p class='hint'>{_beside(found.reference, language)}{apart}</p>"
        + _numbers(found, language)
        + f"<h3>{text['fits']}</h3><ul class='fits'>"
        + "".join(_fit(fit, language) for fit in found.fits)
        + f"</ul><p class='hint'>{text['fits_hint']}</p>"
    )


def _beside(reference: Reference, language: str) -> str:
    guessed = "guessed_" if reference.guessed else ""
    return CUES[language][f"beside_{guessed}{reference.kind}"].format(n=reference.n)


def _numbers(found: Cues, language: str) -> str:
    text = CUES[language]
    head = "".join(f"<th scope='col'>{text[each]}</th>" for each in ("measure", "here", "usual"))
    rows = "".join(
        f"<tr data-cue='{name}' data-level='{found.levels.get(name, '')}'>"
        f"<th scope='row'>{words.name_of(name, language)}</th>"
        f"<td>{_here(found, name, language)}</td>"
        f"<td>{words.usual(found, name, language) or text['none']}</td></tr>"
        for name in NAMES
    )
    return (
        f"<table class='numbers cues'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _here(found: Cues, name: str, language: str) -> str:
    number = words.value(found.measures, name, language)
    level = words.level(found, name, language)
    return number if number == level else f"{number}<span class='level'>{level}</span>"


def _fit(fit: Fit, language: str) -> str:
    text = CUES[language]
    count = text["count"].format(n_for=len(fit.speaking_for), n_against=len(fit.against))
    sides = {"for": fit.speaking_for, "versus": fit.against}
    lines = "".join(
        f"<div><b>{text[side]}</b> {_rows(fit.label, rows, language)}</div>"
        for side, rows in sides.items()
        if rows
    )
    return (
        f"<li data-label='{fit.label}' style='--emotion: {BY_NAME[fit.label].color}'>"
        f"<div class='name'>{figures.name(fit.label, language)}"
        f"<span class='share'>{count}</span></div>"
        f"{lines}</li>"
    )


def _rows(label: str, rows: Iterable[str], language: str) -> str:
    """Rows of the table with what it says there of an emotion."""
    return ", ".join(
        CUES[language]["said"].format(
            row=words.ROWS[language][row], said=words.TALK[language][label][row]
        )
        for row in rows
    )
