"""What several models say, as pieces of the page: each a Comparison in, HTML out."""

from html import escape

from emotion import figures
from emotion.compare import Comparison, Said
from emotion.errors import BadInput
from emotion.ui.compare_text import COMPARE, FAILURES
from emotion.ui.strings import TEXT, fault, notice


def headline(found: Comparison, language: str) -> str:
    """Whether they agree, and where they differ most."""
    text = COMPARE[language]
    labels = {each.label for each in found.said}
    if not labels:
        return f"<h2>{text['none']}</h2>"
    name = figures.called(found.said[0].label, language)
    key = "single" if len(found.said) == 1 else "agree" if len(labels) == 1 else "disagree"
    lines = f"<h2 data-state='{key}'>{text[key].format(label=name)}</h2>"
    widest = found.widest
    if widest and len(found.said) > 1:
        label, least, most = widest
        line = text["widest"].format(
            label=figures.called(label, language),
            most=escape(most.name),
            high=figures.percent(most.probabilities[label]),
            least=escape(least.name),
            low=figures.percent(least.probabilities[label]),
        )
        lines += f"<p class='hint'>{line}</p>"
    if found.transcript:
        lines += f"<p class='heard'><b>{text['heard']}</b> {escape(found.transcript.text)}</p>"
    return lines


def models(found: Comparison, language: str) -> str:
    """Each model: what it says, how sure it is, what it was given, its time and size."""
    rows = [_model(place, each, language) for place, each in enumerate(found.said)]
    rows += [
        f"<li class='failed' data-model='{escape(name)}'><div class='name'>{escape(name)}</div>"
        f"<div class='message note'>{escape(why(problem, language))}</div></li>"
        for name, problem in found.failed.items()
    ]
    return f"<ul class='rivals'>{''.join(rows)}</ul>"


def why(problem: BadInput, language: str) -> str:
    """Why a model says nothing, to somebody who cannot move its files."""
    said = FAILURES[language].get(problem.code)
    return said.format(**problem.facts) if said else fault(problem.code, problem.facts, language)


def _model(place: int, said: Said, language: str) -> str:
    text = COMPARE[language]
    share = figures.percent(said.probabilities[said.label])
    felt = f"{figures.called(said.label, language)} {share}"
    if said.valence is not None and said.arousal is not None:
        felt += (
            f" · {TEXT[language]['valence']} {figures.signed(said.valence)}"
            f" · {TEXT[language]['arousal']} {figures.signed(said.arousal)}"
        )
    sides = "both" if len(said.sides) > 1 else said.sides[0]
    loading = text["there"] if said.loading is None else text["loaded"].format(seconds=said.loading)
    facts = [
        text.get(f"sides_{sides}", sides),
        text["size"].format(megabytes=f"{said.size / 1e6:.{1 if said.size > 1e5 else 3}f}"),
        text["took"].format(seconds=said.seconds),
        loading,
    ]
    kept = f"<div class='hint'>{escape(notice(said.notice, language))}</div>" if said.notice else ""
    return (
        f"<li data-model='{escape(said.name)}' data-label='{said.label}' "
        f"style='--emotion: {figures.color(place)}'>"
        f"<div class='name'><span class='place'>{place + 1}</span>{escape(said.name)}</div>"
        f"<div class='says'>{felt}</div><div class='hint'>{' · '.join(facts)}</div>{kept}</li>"
    )


def apart(found: Comparison, language: str) -> str:
    """How far each two are apart."""
    text = COMPARE[language]
    rows = "".join(
        f"<tr><th scope='row'>{escape(one)} – {escape(other)}</th>"
        f"<td>{figures.percent(share)}</td></tr>"
        for one, other, share in found.apart
    )
    return (
        f"<h2>{text['apart']}</h2><p class='hint'>{text['apart_hint']}</p>"
        f"<table class='numbers'><tbody>{rows}</tbody></table>"
    )


def table(found: Comparison, language: str) -> str:
    """All probabilities, and what models with other labels call them themselves."""
    text = COMPARE[language]
    head = "".join(f"<th scope='col'>{escape(each.name)}</th>" for each in found.said)
    rows = "".join(
        f"<tr><th scope='row'>{figures.called(label, language)}</th>"
        + "".join(f"<td>{_share(each.probabilities.get(label))}</td>" for each in found.said)
        + "</tr>"
        for label in found.labels
    )
    return (
        f"<table class='numbers'><thead><tr><th scope='col'>{text['emotion']}</th>{head}</tr>"
        f"</thead><tbody>{rows}</tbody></table>"
        + "".join(_own(each, language) for each in found.said if each.own != each.probabilities)
    )


def _own(said: Said, language: str) -> str:
    shares = sorted(said.own.items(), key=lambda each: -each[1])
    listed = "".join(
        f"<li>{escape(label)} {figures.percent(share)}</li>" for label, share in shares[:20]
    )
    title = COMPARE[language]["own"].format(name=escape(said.name))
    return f"<h3>{title}</h3><ul class='times'>{listed}</ul>"


def _share(share: float | None) -> str:
    return "–" if share is None else figures.percent(share)
