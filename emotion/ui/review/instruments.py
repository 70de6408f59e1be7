"""What an annotator plays a clip on, and the plane on which they place it, as HTML."""

from html import escape

from emotion import figures
from emotion.labels import EMOTIONS
from emotion.ui.review.text import REVIEW
from emotion.ui.review.voices import POINTS, Voice

# Anger and fear lie almost on each other, so their names go to opposite sides.
BESIDE = {"angry": " x='8' y='3' text-anchor='start'", "fear": " x='-8' y='-6' text-anchor='end'"}
BELOW = " y='15'"


def silent(sentence: str, kind: str) -> str:
    """What stands where there is nothing to be played."""
    return f"<p class='message {kind}'>{escape(sentence)}</p>"


def player(sound: Voice, address: str, language: str) -> str:
    """The waveform, on which a stretch can be marked, and the sound."""
    text = REVIEW[language]
    # It is not drawn anew in another language, for it may be playing.
    seconds = "".join(
        f"<i lang='{code}'>{said['second']}</i>" for code, said in figures.SAY.items()
    )
    return (
        f"<div class='review-player'><button type='button' id='review_play' "
        f"aria-label='{text['play']}'></button>"
        f"<div id='review_wave' role='img' aria-label='{text['player']}' "
        f"data-seconds='{sound.seconds:.3f}'><svg viewBox='0 0 {POINTS} 2' "
        f"preserveAspectRatio='none'><polygon points='{sound.wave}'/></svg>"
        f"<i class='stretch'></i><i class='cursor'></i></div>"
        f"<span class='hint'>{sound.seconds:.1f}{seconds}</span>"
        f"<audio src='{escape(address)}' preload='auto'></audio></div>"
    )


def plane() -> str:
    """Where valence and arousal are placed; names in both languages, of which the page shows one.

    It is never drawn anew, so that what was placed outlives a change of language.
    """
    places = "".join(
        f"<g transform='translate({each.valence * 100:.0f} {-each.arousal * 100:.0f})' "
        f"style='--emotion: {each.color}'><circle r='4'/>"
        f"<text{BESIDE.get(each.name, BELOW)} lang='ko'>{each.korean}</text>"
        f"<text{BESIDE.get(each.name, BELOW)} lang='en'>{each.english}</text></g>"
        for each in EMOTIONS
    )
    return (
        "<svg viewBox='-112 -112 224 224' role='application' tabindex='-1'>"
        "<rect x='-100' y='-100' width='200' height='200' rx='8'/>"
        "<path d='M-100 0H100M0 -100V100'/>"
        f"{places}<circle class='place' r='9' visibility='hidden'/></svg>"
        "<p class='hint' id='review_placed'></p>"
    )
