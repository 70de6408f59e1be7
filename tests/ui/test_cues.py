"""What the voice does, on the page: as it is made, and in a real browser."""

import numpy as np
import pytest

from emotion.audio import RATE
from emotion.cues import NAMES, Measures, compare, nearest, of_others
from emotion.labels import BY_NAME
from emotion.ui import cues_text, evidence
from tests.conftest import write_wav
from tests.ui.driving import ANSWER

VOICE = Measures(rate=5.0, pitch=240.0, pitch_range=9.0, intensity=-20.0, low=190.0, high=300.0)


def test_the_numbers_stand_beside_what_is_usual_in_both_languages():
    found = compare(VOICE, nearest(VOICE))
    korean, english = (evidence.cues(found, language) for language in ("ko", "en"))
    assert "초당 5.0음절" in korean
    assert "5.0 syllables/s" in english
    assert "9.0 semitones (190 to 300 Hz)" in english
    assert "177~240Hz" in korean
    assert "초당 -12.7 ~ -2.1반음" in korean  # and no "~-"
    assert "not measurable" in english
    assert "잴 수 없음" in korean
    for told in (korean, english):
        assert told.count("data-cue=") == len(NAMES)
        assert told.count("<li data-label=") == 5
    assert BY_NAME["angry"].english in english
    assert "valence" not in english


def test_whose_voices_it_is_set_against_is_said():
    guessed = evidence.cues(evidence.chosen(VOICE, "auto"), "en")
    assert "only because the pitch is nearer to women" in guessed
    chosen = evidence.cues(evidence.chosen(VOICE, "male"), "en")
    assert "of men with no emotion in them." in chosen
    assert "microphone" in chosen
    others = of_others([VOICE] * 6)
    beside = evidence.cues(compare(VOICE, others), "en")
    assert "the other 6 utterances of this recording. Speakers are not told apart." in beside
    assert "microphone" not in beside  # of one recording, loudness can be compared
    assert "이 녹음의 다른 발화 6개와 견줍니다. 말하는 사람은" in evidence.cues(
        compare(VOICE, others), "ko"
    )


@pytest.mark.parametrize(("language", "said"), [("ko", "잴 수 없습니다"), ("en", "not measurable")])
def test_what_cannot_be_measured_is_one_sentence(language, said):
    shown = evidence.cues(evidence.chosen(Measures(), "auto"), language)
    assert said in shown
    assert "<table" not in shown


# In the browser


def shown(someone):
    """The level of each cue on the page, by its name."""
    someone.page.wait_for_selector("#cues tr[data-cue]", timeout=ANSWER)
    return someone.page.eval_on_selector_all(
        "#cues tr[data-cue]", "all => Object.fromEntries(all.map(r => Object.values(r.dataset)))"
    )


def hear(someone, path):
    someone.upload(path)
    someone.page.check("#voice_alone input")
    someone.press()
    someone.result()


@pytest.mark.browser
def test_a_voice_is_measured_and_set_against_whom_the_visitor_chooses(visitor, clips):
    someone = visitor()
    hear(someone, clips["ko_happy"])
    women = shown(someone)
    assert set(women) == set(NAMES)
    assert women["intensity"] == ""
    someone.press("#against label >> nth=2")
    someone.wait("document.querySelector('#cues').innerText.includes('clips of men with no')")
    men = shown(someone)
    assert int(men["pitch"]) == 3 > int(women["pitch"])
    # In the other language it is still what was chosen.
    someone.press("#language label >> nth=0")
    someone.wait("document.querySelector('#cues').innerText.includes('남성 목소리')")
    assert shown(someone) == men
    text = someone.text("#cues_card")
    assert cues_text.CUES["ko"]["fits"] in text
    assert "semitones" not in text


@pytest.mark.browser
def test_the_cues_are_no_wider_than_a_phone(visitor, clips):
    someone = visitor(width=390, theme="dark")
    hear(someone, clips["en_angry"])
    shown(someone)
    assert someone.page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.browser
def test_silence_is_not_measurable_and_words_alone_have_no_voice(visitor, tmp_path):
    someone = visitor()
    hear(someone, write_wav(tmp_path / "still.wav", np.zeros(RATE)))
    assert "not measurable" in someone.text("#cues")
    assert not someone.page.is_visible("#against")
    alone = visitor()
    alone.write("I am so happy to see you")
    alone.press()
    alone.result()
    assert not alone.page.is_visible("#cues_card")
