"""Pieces of the page that are text: each is an Analysis in, HTML out."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from emotion import figures
from emotion.analysis import Analysis, Prediction
from emotion.attention import Attention
from emotion.explain import Occlusion
from emotion.labels import BY_NAME
from emotion.live import Reading
from emotion.model import ModelConfig
from emotion.transcript import Word
from emotion.ui.about_text import ABOUT, STEPS
from emotion.ui.strings import TEXT, notice

EVEN = 1.5  # times the mean, below which the strongest cell of a heatmap is no peak
# Whose saying it is, and the name of that in TEXT.
SIDES = {"together": "together", "voice": "voice", "words": "only_words", "body": "only_body"}


def header(language: str) -> str:
    """The title and what the page is for."""
    text = TEXT[language]
    return f"<h1>{text['title']}</h1><p class='lead'>{text['lead']}</p>"


def step(number: str, key: str, language: str, hint: str = "") -> str:
    """The heading of one step, with what to do there."""
    below = f"<p class='hint'>{TEXT[language][hint]}</p>" if hint else ""
    return f"<h2><span class='number'>{number}</span>{TEXT[language][key]}</h2>{below}"


def heading(key: str, language: str, hint: str = "") -> str:
    """The heading of one card, with how to read it."""
    below = f"<p class='hint'>{TEXT[language][hint]}</p>" if hint else ""
    return f"<h2>{TEXT[language][key]}</h2>{below}"


def able(config: ModelConfig) -> str:
    """The name in TEXT of what a model can be asked with a voice and words."""
    names: list[str] = [name for name in ("voice", "words", "both") if name in config.able]
    return "_".join(["able", *(names or ["none"])])


def welcome(language: str, config: ModelConfig) -> str:
    """What stands where the results will be, and what the model can be asked."""
    text = TEXT[language]
    reads = "words" in config.sides
    lines = [line for line in STEPS[language] if reads or line != STEPS[language][1]]
    steps = "".join(f"<li>{line}</li>" for line in lines)
    return (
        f"<div class='welcome'><h2>{text['welcome_title']}</h2><ol>{steps}</ol>"
        f"<p class='hint'>{text[able(config)]}</p></div>"
    )


def footer(language: str, checkpoint: str, desk: bool = False) -> str:
    """What happens to voices, also where there is a desk, and which model speaks."""
    text = TEXT[language]
    model = text["checkpoint"].format(name=escape(Path(checkpoint).name))
    kept = text["privacy_desk" if desk else "privacy"]
    return f"<p class='foot'>{kept} · {model}</p>"


def message(sentence: str, kind: str = "") -> str:
    """A sentence to the visitor: "fault" is read out at once, "note" when there is time."""
    if not sentence:
        return ""
    role = "alert" if kind == "fault" else "status"
    return f"<p class='message {kind}' role='{role}'>{escape(sentence)}</p>"


def headline(analysis: Analysis, language: str) -> str:
    """The emotion, how sure it is, and whether words and voice agree."""
    text, found = TEXT[language], analysis.prediction
    problem = analysis.notice
    # What is wrong with the recognizer is said beside the box for the words.
    aside = problem is not None and problem.code.startswith("whisper")
    kept = [notice(problem, language)] if problem and not aside else []
    if analysis.clip and analysis.clip.truncated:
        kept.append(text["truncated"])
    notes = "".join(f"<p class='message note'>{escape(sentence)}</p>" for sentence in kept)
    return f"<h2 class='only-read'>{text['result']}</h2>" + felt(
        found, figures.verdict(analysis, language), language, notes
    )


def felt(found: Prediction, verdict: str, language: str, below: str = "", second: str = "") -> str:
    """An emotion in large letters, and how sure it is.

    Args:
        found: What is felt.
        verdict: The sentence below it, as HTML.
        language: "ko" or "en".
        below: What comes after that, as HTML.
        second: When it was felt, for those who read the page by a program.
    """
    return (
        f"<div class='headline' data-second='{second}' data-label='{found.label}' "
        f"style='--emotion: {BY_NAME[found.label].color}'>"
        f"<p class='emotion' data-label='{found.label}'>{figures.name(found.label, language)}"
        f"<span class='share'>{figures.percent(found.confidence)}</span></p>"
        f"<p class='verdict'>{verdict}</p>{below}</div>"
    )


def affect(found: Prediction, language: str) -> str:
    """Valence and arousal in one line."""
    text = TEXT[language]
    return (
        f"{text['valence']} {figures.signed(found.valence)} · "
        f"{text['arousal']} {figures.signed(found.arousal)}"
    )


def sides(analysis: Analysis, language: str) -> str:
    """What both say together, beside what each says alone."""
    text = TEXT[language]
    said = {"together": analysis.prediction, **analysis.alone}
    tiles = "".join(_tile(text[SIDES[side]], each, side, language) for side, each in said.items())
    return f"<h2>{text['sides']}</h2><div class='tiles'>{tiles}</div>"


def _tile(title: str, found: Prediction, side: str, language: str) -> str:
    share = found.confidence
    return (
        f"<div class='tile' data-side='{side}' data-label='{found.label}' "
        f"style='--emotion: {BY_NAME[found.label].color}'><h3>{title}</h3>"
        f"<p class='name'>{figures.name(found.label, language)}</p>"
        f"<p class='share'>{figures.percent(share)}</p>"
        f"<div class='meter' aria-hidden='true'><i style='width: {share:.0%}'></i></div>"
        f"<p class='hint'>{affect(found, language)}</p></div>"
    )


def plane_summary(analysis: Analysis, language: str) -> str:
    """The place on the plane, in words."""
    found = analysis.prediction
    line = TEXT[language]["plane_summary"].format(
        valence=figures.signed(found.valence), arousal=figures.signed(found.arousal)
    )
    return f"<p class='hint'>{line}</p>"


def moments_summary(
    analysis: Analysis, language: str, view: figures.View, meeting: bool = True
) -> str:
    """How to read the heatmap, and its strongest cells for those who cannot see it.

    Args:
        analysis: What was found.
        language: "ko" or "en".
        view: Which of the attention is shown.
        meeting: Whether the model lets words and moments look at each other.
    """
    text = TEXT[language]
    if analysis.clip is None:
        return ""
    if analysis.attention is None:
        hint = text["moments_voice_hint" if meeting else "moments_apart_hint"]
        return f"<p class='hint'>{hint}</p>"
    pairs = ", ".join(
        text["pair"].format(word=escape(word), second=second)
        for word, second in strongest(analysis.attention, view)
    )
    line = text["moments_summary"].format(seconds=analysis.clip.seconds, pairs=pairs)
    hint = text[f"{view.direction}_hint"]
    if analysis.transcript and any(word.start is not None for word in analysis.transcript.words):
        hint += " " + text["frames_hint"]
    if figures.focus_curves(analysis.attention, view) is not None:
        hint += " " + text[f"{view.direction.split('_')[0]}_focus_hint"]
    weights = figures.attention_map(analysis.attention, view)
    if weights.max() < EVEN * weights.mean():
        hint += " " + text["moments_even"]
    return f"<p class='hint'>{hint}</p><p class='only-read'>{line}</p>"


def strongest(attention: Attention, view: figures.View, n: int = 3) -> list[tuple[str, float]]:
    """The words with the strongest cells, and the second of each one's strongest."""
    weights = figures.attention_map(attention, view)
    order = sorted(range(len(weights)), key=lambda row: -weights[row].max())[:n]
    middles = attention.frames.mean(1)
    return [(attention.words[row], float(middles[weights[row].argmax()])) for row in order]


def occlusion_summary(analysis: Analysis, found: Occlusion, language: str) -> str:
    """What taking parts away showed, and how well attention foretold it."""
    text, lines = TEXT[language], []
    words = analysis.transcript.words if analysis.transcript else ()
    pairs = {"words": "“{}”", "voice": "{:.2f}–{:.2f}"}
    if found.words:
        best = max(range(len(found.words)), key=lambda row: found.words[row])
        part = pairs["words"].format(escape(words[best].text))
        lines.append((text["occlusion_words"], part, found.words[best], found.words_agreement))
    if found.moments:
        start, end, loss = max(found.moments, key=lambda moment: moment[2])
        unit = figures.SAY[language]["second"]
        part = pairs["voice"].format(start, end) + ("" if language == "ko" else " ") + unit
        lines.append((text["occlusion_voice"], part, loss, found.voice_agreement))
    return "".join(
        f"<p class='found'><b>{title}</b> "
        + _most(part, loss, found.label, language)
        + (
            " " + figures.occlusion_agreement(rho, language)
            if analysis.attention is not None
            else ""
        )
        + "</p>"
        for title, part, loss, rho in lines
    )


def _most(part: str, loss: float, label: str, language: str) -> str:
    """What cost most, unless nothing cost anything that would be seen when printed."""
    text, name, points = TEXT[language], figures.name(label, language), 100 * loss
    if points < 0.05:
        return text["occlusion_none"].format(label=name)
    return text["occlusion_summary"].format(
        part=part, loss=text["loss"].format(label=name, points=points)
    )


def times(analysis: Analysis, language: str) -> str:
    """How long each stage took."""
    text = TEXT[language]
    chips = "".join(
        f"<li data-stage='{stage}'>"
        + text["time"].format(stage=text.get(stage, stage), seconds=f"{took:.2f}")
        + "</li>"
        for stage, took in analysis.seconds.items()
    )
    return f"<h3>{text['times']}</h3><ul class='times'>{chips}</ul>"


def table(analysis: Analysis, language: str) -> str:
    """All probabilities as a table, which a screen reader can walk through."""
    text = TEXT[language]
    alone = list(analysis.alone.items())
    said = (
        alone if alone and len(analysis.sides) == 1 else [("together", analysis.prediction), *alone]
    )
    head = "".join(f"<th scope='col'>{text[SIDES[side]]}</th>" for side, _ in said)
    rows = [
        (
            figures.name(label, language),
            [figures.percent(found.probabilities[label]) for _, found in said],
        )
        for label in analysis.prediction.probabilities
    ]
    rows += [
        (text[name], [figures.signed(getattr(found, name)) for _, found in said])
        for name in ("valence", "arousal")
    ]
    body = "".join(
        f"<tr><th scope='row'>{title}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
        for title, cells in rows
    )
    return (
        f"<table class='numbers'><thead><tr><th scope='col'>{text['emotion']}</th>{head}</tr>"
        f"</thead><tbody>{body}</tbody></table>"
    )


def now(reading: Reading | None, language: str) -> str:
    """What is felt at this moment, and how sure that is; or that nobody speaks."""
    text = TEXT[language]
    second = f"{reading.second:.1f}" if reading else ""
    if reading is None or reading.prediction is None:
        said = text["live_silent" if reading else "live_before"]
        return (
            f"<div class='headline silent' data-second='{second}' data-label=''>"
            f"<p class='emotion'>{said}</p></div>"
        )
    found = reading.prediction
    sides = text["live_both" if reading.words else "live_voice"]
    below = f"<p class='hint'>{sides} · {affect(found, language)}</p>"
    return felt(found, figures.confidence(found, language), language, below, second)


def heard(words: Sequence[Word], language: str) -> str:
    """The words of the last half minute."""
    said = " ".join(word.text for word in words)
    title = TEXT[language]["words_step"]
    return f"<p class='heard'><b>{title}</b> {escape(said)}</p>" if said else ""


def about(language: str) -> str:
    """What the page does, how to read it, what it cannot do, and where voices go."""
    sections = "".join(
        f"<section><h2>{title}</h2><p>{paragraph}</p></section>"
        for title, paragraph in ABOUT[language]
    )
    return f"<div class='about'>{sections}</div>"
