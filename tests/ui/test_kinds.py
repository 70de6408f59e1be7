"""The page around models of every kind: what it says they can do, and that they go through it."""

import gradio as gr
import pytest

from emotion.analyze import Analyzer
from emotion.checkpoint import Checkpoint
from emotion.labels import LABELS
from emotion.ui.page import Page
from emotion.ui.strings import TEXT, fault
from tests.model import made

EIGHT = (*LABELS, "calm")
KINDS = {
    "voice": (("voice",), "concat", {"labels": EIGHT}, "able_voice"),
    "words": (("words",), "concat", {"labels": ("neutral", "happy", "angry", "sad")}, "able_words"),
    "late": (("voice", "words", "body"), "late", {"labels": EIGHT}, "able_voice_words_both"),
    "focus": (("voice", "words"), "focus", {}, "able_voice_words_both"),
    "both": (("voice", "words"), "mmi", {"combinations": ("both",)}, "able_both"),
    "body": (("voice", "words", "body"), "concat", {"combinations": ("all",)}, "able_none"),
}


@pytest.fixture
def tab(tokenizer):
    def tab(name):
        sides, kind, settings, _ = KINDS[name]
        model = made.model(tokenizer, sides, kind, **settings)
        loaded = Checkpoint(model, tokenizer if "words" in sides else None, "/srv/models/mine")
        return Page(Analyzer(loaded, "cpu")).analyze

    return tab


@pytest.fixture(autouse=True)
def own_files(monkeypatch, tmp_path):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))


def analyze(tab, clips, words, language):
    """What the page shows after a press of the button, by the component's name."""
    given = (None, str(clips["ko_happy"]), words, False, "auto", language)
    shown = tab.analyze(*given, gr.Request(session_hash="visitor"), gr.Progress())
    visit = shown.get(tab.visit)
    shown |= tab.show(visit, language, "words_to_voice", "mean", "mean", "auto")
    found = {name: shown[part] for name, part in tab.desk.parts.items() if part in shown}
    return found, visit


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", KINDS)
def test_it_says_what_the_model_can_do(tab, name, language):
    page, (sides, _, _, able) = tab(name), KINDS[name]
    said = page.desk.speak(language)
    sentence = TEXT[language][able]
    assert sentence in said[page.desk.parts["welcome"]]["value"]
    beside = said[page.desk.parts["words_step"]]["value"]
    assert (sentence in beside) == (able != "able_voice_words_both")
    assert page.desk.parts["words"].visible == ("words" in sides)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("name", ["voice", "words", "late", "focus", "both"])
def test_a_voice_and_its_words_go_through(tab, clips, name, language):
    page, (sides, kind, _, _) = tab(name), KINDS[name]
    shown, visit = analyze(page, clips, "나 지금 너무 행복해", language)
    assert visit.analysis.prediction.label in shown["headline"]
    assert visit.analysis.sides == tuple(side for side in sides if side != "body")
    labels = page.desk.config.labels
    assert shown["table"].count("<th scope='row'>") == len(labels) + 2
    assert ('"y6"' in shown["moments"].plot) == (kind == "focus")
    if name == "words":
        assert fault("voice_unheard", {}, language) in shown["headline"]
    lost = page.check(visit, language, gr.Progress())[page.lost]
    checked = page.show_lost(visit, lost, language)
    assert checked[page.desk.parts["occlusion"]]["visible"]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("ko", "이 모델(mine)에 필요한 것: 목소리와 말과 몸의 신호. 주신 것: 목소리와 말."),
        ("en", "This model (mine) needs a voice, its words and signals of the body;"),
    ],
)
def test_what_it_cannot_do_is_said_in_the_language_of_the_page(tab, clips, language, sentence):
    shown, visit = analyze(tab("body"), clips, "행복해", language)
    assert sentence in shown["message"]
    assert visit is None
