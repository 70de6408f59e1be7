"""What an annotator sees of a clip, as pieces of the page: plain values in, HTML out."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from emotion import figures
from emotion.errors import BadInput
from emotion.labels import BY_NAME
from emotion.review import Project
from emotion.review.clips import Entry, Fault
from emotion.review.heard import Heard
from emotion.review.opinion import Event
from emotion.review.queue import Progress
from emotion.review.seat import Turn
from emotion.review.step import Step
from emotion.ui.review.text import REVIEW
from emotion.ui.strings import TEXT, fault

BEST = 3  # labels of each opinion
FAULTS = 200  # rows that are listed
SURE = 0.005  # share below which a label is not worth its name


def clip(entry: Entry, turn: Turn, language: str) -> str:
    """What the clip is called, who speaks, and what was said."""
    text = REVIEW[language]
    facts = {name: escape(getattr(entry, name)) for name in ("speaker", "session", "corpus")}
    known = (text[f"of_{name}"].format(fact) for name, fact in facts.items() if fact)
    about = " · ".join(known)
    words = escape(entry.text) if entry.text else f"<span class='hint'>{text['no_words']}</span>"
    note = f"<p class='message note'>{text['settling']}</p>" if turn.settling else ""
    drawn = "hidden" if turn.hidden else "0"
    return (
        f"<div id='review_clip' tabindex='-1' data-clip='{escape(entry.id)}' data-drawn='{drawn}'"
        f"{_former(turn.former)} data-said='{int(turn.said is not None)}'>"
        f"<h2>{escape(entry.id)}</h2><p class='hint'>{about}</p>"
        f"<p class='said-words'>{words}</p>{note}{_verdict(turn, language)}</div>"
    )


def _former(event: Event | None) -> str:
    """Where a decision that was taken back had placed it, for the plane."""
    if event is None:
        return ""
    placed = f" data-valence='{event.valence}' data-arousal='{event.arousal}'"
    return f" data-former='{event.number}'{placed if event.valence is not None else ''}"


def _verdict(turn: Turn, language: str) -> str:
    text = REVIEW[language]
    for title, event in (("you_said", turn.said), ("before", turn.former)):
        if event:
            said = f"<b>{text[title]}</b> {decided(event, language)}"
            return f"<p class='message calm' role='status'>{said}</p>"
    return ""


def decided(event: Event, language: str) -> str:
    """A decision in a few words."""
    said = ", ".join(figures.name(label, language) for label in event.labels)
    if event.kind in ("unclear", "skip", "keep"):
        kind = REVIEW[language][f"kind_{event.kind}"]
        said = f"{kind} ({said})" if said else kind
    elif not said:
        said = REVIEW[language]["kind_unclear"]
    note = f" “{escape(event.note)}”" if event.note else ""
    return said + _place(event.valence, event.arousal, language) + note


def opinions(project: Project, entry: Entry, turn: Turn, language: str) -> str:
    """What its label is, what raters, annotators and the model say, and why it is doubted."""
    text = REVIEW[language]
    rows = [_row(text["given"], _label(entry.label, language), entry.label)]
    rows += [
        _row(
            escape(who),
            _labels(each.labels, language) + _place(each.valence, each.arousal, language),
            *each.labels[:1],
        )
        for who, each in entry.raters.items()
    ]
    if turn.settling:
        said = project.log.said(entry.id)
        rows += [_row(escape(each.who), decided(each, language), *each.labels[:1]) for each in said]
    if turn.hidden:
        return _table(rows, language) + f"<p class='message calm'>{text['hidden']}</p>"
    heard = project.heard[entry.id]
    model = list(_model(heard, language)) if heard else []
    return (
        _table(rows + model, language)
        + _compared(turn, heard, language)
        + _why(project, entry, heard, language)
    )


def _model(heard: Heard, language: str) -> Iterable[str]:
    text = REVIEW[language]
    if heard.probabilities:
        place = _place(heard.valence, heard.arousal, language)
        yield _shares(text["model"], heard.probabilities, language, place, "model")
    for side, shares in heard.alone.items():
        yield _shares(text[side], shares, language, "", side)


def _shares(title: str, shares: Mapping[str, float], language: str, place: str, side: str) -> str:
    best = sorted(shares, key=lambda name: -shares[name])[:BEST]
    said = ", ".join(
        f"{figures.name(name, language)} {figures.percent(shares[name])}"
        for name in best
        if shares[name] > SURE
    )
    return _row(title, said + place, best[0], side=side)


def _compared(turn: Turn, heard: Heard | None, language: str) -> str:
    """Whether somebody who decided blind said the same as the model."""
    if turn.said is None or heard is None or not heard.probabilities:
        return ""
    best = max(heard.probabilities, key=lambda name: heard.probabilities[name])
    key = "same" if turn.said.labels == (best,) else "other"
    return f"<p class='message calm' data-state='{key}'>{REVIEW[language][key]}</p>"


def _why(project: Project, entry: Entry, heard: Heard | None, language: str) -> str:
    text, judged = REVIEW[language], project.judged[entry.id]
    if judged is None:
        return f"<p class='message calm'>{text['not_heard']}</p>" if heard is None else ""
    lines = "".join(f"<li>{escape(each.sentence(language))}</li>" for each in judged.reasons)
    if judged.likely:  # which no reason says: it is of all labels together
        lines = f"<li data-likely='1'>{text['likely']}</li>{lines}"
    share = text["doubt_is"].format(share=figures.percent(judged.doubt))
    found = f"<ul class='reasons'>{lines}</ul>" if lines else f"<p>{text['no_reasons']}</p>"
    if judged.known and judged.by:
        found += f"<p class='hint' data-by='{judged.by}'>{text[f'known_{judged.by}']}</p>"
    return f"<h3>{text['why']} <span class='share'>· {share}</span></h3>{found}"


def wrong(problem: BadInput, language: str) -> str:
    """What is wrong with a clip, to somebody who cannot record it again."""
    if problem.code == "missing_file":
        return REVIEW[language]["missing"].format(**problem.facts)
    return fault(problem.code, problem.facts, language)


def _label(label: str | None, language: str) -> str:
    return figures.name(label, language) if label else REVIEW[language]["none"]


def _labels(labels: Sequence[str], language: str) -> str:
    return ", ".join(figures.name(each, language) for each in labels) or "–"


def _place(valence: float | None, arousal: float | None, language: str) -> str:
    if valence is None or arousal is None:
        return ""
    text = TEXT[language]
    return (
        f" <span class='hint'>{text['valence']} {figures.signed(valence)} · "
        f"{text['arousal']} {figures.signed(arousal)}</span>"
    )


def _row(title: str, said: str, label: str | None = None, side: str = "") -> str:
    color = BY_NAME[label].color if label in BY_NAME else "transparent"
    return (
        f"<tr data-side='{side}'><th scope='row'>{title}</th><td style='--emotion: {color}'>"
        f"{said}</td></tr>"
    )


def _table(rows: Iterable[str], language: str) -> str:
    text = REVIEW[language]
    return (
        f"<table class='numbers opinions'><thead class='only-read'><tr><th>{text['who']}</th>"
        f"<th>{text['says']}</th></tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def progress(found: Progress, language: str) -> str:
    """How far the work is, how fast it goes, and how much is left."""
    text = REVIEW[language]
    lines = [
        text["progress"].format(**{k: f"{v:,}" for k, v in vars(found).items() if k != "pace"})
    ]
    if found.pace is not None:
        minutes = f"{found.pace * found.left / 60:,.0f}"
        lines.append(text["pace"].format(seconds=f"{found.pace:.0f}", minutes=minutes))
    if found.conflicts:
        lines.append(text["conflicts_n"].format(n=f"{found.conflicts:,}"))
    share = found.settled / max(1, found.clips)
    said = "".join(f"<p class='hint'>{line}</p>" for line in lines)
    return (
        f"<div class='course-bar' aria-hidden='true'><i style='width: {share:.1%}'></i></div>"
        f"<div id='review_counts' data-left='{found.left}' data-mine='{found.mine}' "
        f"data-settled='{found.settled}' data-conflicts='{found.conflicts}'>{said}</div>"
    )


def faults(found: Sequence[Fault], language: str) -> str:
    """What was wrong with rows, the first ones."""
    text = REVIEW[language]
    if not found:
        return f"<p class='hint'>{text['no_faults']}</p>"
    lines = "".join(
        f"<li data-kept='{int(each.kept)}'><b>"
        f"{escape(text['fault_line'].format(line=each.line, name=each.name or '–'))}</b> "
        f"{escape(wrong(each.problem, language))} "
        f"{text['kept' if each.kept else 'left_out']}</li>"
        for each in found[:FAULTS]
    )
    more = len(found) - FAULTS
    after = f"<p class='hint'>{text['more_faults'].format(n=more)}</p>" if more > 0 else ""
    title = text["faults"].format(n=f"{len(found):,}")
    return f"<h3>{title}</h3><ul class='reasons'>{lines}</ul>{after}"


def heading(key: str, language: str) -> str:
    """What stands where a clip would be."""
    text = REVIEW[language]
    return f"<h2 data-state='{key}'>{text[key]}</h2><p class='hint'>{text[f'{key}_hint']}</p>"


def conflicts(told: Mapping[str, Sequence[Event]], language: str) -> str:
    """Clips in dispute, and who says what of each."""
    if not told:
        return f"<p class='hint'>{REVIEW[language]['no_conflicts']}</p>"
    lines = "".join(
        f"<li><b>{escape(clip)}</b> "
        + "; ".join(f"{escape(each.who)}: {decided(each, language)}" for each in events)
        + "</li>"
        for clip, events in told.items()
    )
    return f"<ul class='reasons'>{lines}</ul>"


def coming(step: Step | None, stopped: bool, language: str) -> str:
    """How far work is that comes in."""
    text = REVIEW[language]
    if step is None:
        return ""
    share = step.done / max(1, step.of)
    line = text[step.stage].format(done=f"{step.done:,}", of=f"{step.of:,}")
    more = f"<p class='message note'>{text['stopped']}</p>" if stopped else ""
    return (
        f"<div class='course-bar' aria-hidden='true'><i style='width: {share:.1%}'></i></div>"
        f"<p class='hint' role='status' data-stage='{step.stage}' data-stopped='{int(stopped)}'>"
        f"{line}</p>{more}"
    )


def title(who: str, language: str) -> str:
    """Where projects are chosen, and by whom; nobody has a name where nobody logs in."""
    text = REVIEW[language]
    hint = f"<p class='hint'>{text['project_hint'].format(who=escape(who))}</p>" if who else ""
    return f"<h2>{text['project_step']}</h2>{hint}"
