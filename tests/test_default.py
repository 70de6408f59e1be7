"""The shipped checkpoint keeps what its card and its figures say of it."""

import json
import re

import numpy as np
import pytest
from huggingface_hub.utils import filter_repo_objects

from emotion.analyze import Analyzer
from tests import default_cases
from tests.default_cases import ROOT, SENTENCES
from train.results import latency

FOLDER = ROOT / "assets" / "default"
LARGEST = 10_000_000  # bytes of a file that many a git host takes without a large-file store
CLOSE = 1e-4


@pytest.fixture(scope="module")
def analyzer():
    return Analyzer.load()


@pytest.fixture(scope="module")
def card():
    return (FOLDER / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", default_cases.names())
def test_it_says_what_it_said_when_it_was_made(analyzer, name):
    wanted = json.loads(default_cases.STORED.read_text("utf-8"))[name]
    said, again = (default_cases.analyzed(analyzer, name).prediction for _ in range(2))
    found = {**said.probabilities, "valence": said.valence, "arousal": said.arousal}
    assert found.keys() == wanted.keys()
    for key, value in found.items():
        assert value == pytest.approx(wanted[key], abs=CLOSE), key
    assert said == again


def test_no_file_is_larger_than_plain_git_takes():
    sizes = {path: path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()}
    assert {name for name, size in sizes.items() if size >= LARGEST} == set()


def test_what_git_ignores_is_not_uploaded_to_a_space_and_the_rest_is():
    patterns = re.findall(r'--exclude "(.+?)"', (ROOT / "README.md").read_text(encoding="utf-8"))
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").replace("*", "x").split()
    own = [f"{each.strip('/')}/x" for each in ignored]
    own += [f"emotion/{each.strip('/')}/x" for each in ignored if "__pycache__" in each]
    kept = ["app.py", "README.md", "requirements.txt", "packages.txt", "emotion/ui/page.css"]
    kept += [f"assets/default/{path.relative_to(FOLDER)}" for path in FOLDER.rglob("*.*")]
    assert list(filter_repo_objects(own + kept, ignore_patterns=patterns)) == kept


def test_the_front_page_tells_the_cards_figures(card):
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    told = re.findall(r"-?0\.\d{3} \(-?0\..+?\)", page)
    assert len(told) > 15
    assert [figure for figure in told if f"| {figure} |" not in card] == []


def test_the_card_names_its_weights_and_its_temperatures(analyzer, card):
    n_weights = sum(each.numel() for each in analyzer.model.parameters())
    assert f"{n_weights / 1e6:.1f} million weights" in card
    for name in analyzer.model.config.able:
        assert f"{name} {analyzer.model.config.temperatures[name]:.2f}" in card


def test_the_card_holds_its_figures_with_intervals_and_a_baseline(card):
    n = r"\d+(?: \(\d+ texts\))?"
    rows = re.findall(
        rf"^\| ([\w -]+), (voice|words|both) \| {n} \| [\w ]+ \| (.+) \| (.+) \|$", card, re.M
    )
    assert {side for _, side, _, _ in rows} == {"voice", "words", "both"}
    for name, side, mine, other in rows:
        figure = r"0\.\d{3} \(-?0\.\d{3}–\d\.\d{3}\)"
        assert re.fullmatch(figure, mine), name
        assert re.fullmatch(figure if side != "both" else "–", other), name


def test_it_takes_a_tenth_of_the_published_shapes_time():
    ours, theirs = latency.medians("default", 3)
    assert ours < theirs / 10


def test_what_nobody_spoke_is_not_taken_for_a_feeling(analyzer):
    found = default_cases.analyzed(analyzer, "noise: ")
    assert found.notice is not None
    assert max(found.prediction.probabilities.values()) < 0.4


def told_of(analyzer, text):
    notice = analyzer.analyze(text=text).notice
    return notice.code if notice else None


@pytest.mark.parametrize(
    "text",
    [
        "Tęsknota to uczucie, które każdy z nas zna.",
        "Estoy muy enojado contigo",
        "Minä olen hyvin surullinen tänään",
        "Это очень грустно",
        "今日はとても嬉しいです",
        "我今天很高兴",
        "أنا سعيد جدا",
        "Na złamaną kończynę często zakłada się gips ㅠㅠ",
    ],
)
def test_words_that_it_never_met_are_said_to_be_strange(analyzer, text):
    assert told_of(analyzer, text) == "words_unknown"


@pytest.mark.parametrize("text", ["?", "0", "112233", "^^", "😂😂", "2014.10.30 !!!"])
def test_signs_and_digits_are_said_to_be_no_words(analyzer, text):
    assert told_of(analyzer, text) == "no_words"


@pytest.mark.parametrize(
    "text",
    [
        *(text for texts in SENTENCES.values() for text in texts),
        *(
            "Confused",  # whose sign's place belongs to a run that is met more often
            "huge",
            "ㅋㅋㅋㅋ",
            "ㅠㅠ",
            "헐 대박ㅋㅋ",
            "빠져들었더라면서요",
            "OST 진짜 좋다",
            "I'm SO happy!!! 😂",
        ),
    ],
)
def test_words_of_its_languages_are_not_strange_however_they_end(analyzer, text):
    assert told_of(analyzer, text) in (None, "unsure")


def test_glad_words_are_not_read_as_sad_ones_in_either_language(analyzer):
    for glad, sad, *_ in SENTENCES.values():
        one, other = (analyzer.analyze(text=text).prediction for text in (glad, sad))
        assert one.valence > other.valence
        assert one.probabilities["happy"] > other.probabilities["happy"]
        assert one.probabilities["sad"] < other.probabilities["sad"]


def test_voice_and_words_count_both(analyzer):
    both = analyzer.analyze(**default_cases.sides_of("both: ko-glad.ogg"))
    assert set(both.alone) == {"voice", "words"}
    for alone in both.alone.values():
        gap = np.subtract(
            list(both.prediction.probabilities.values()), list(alone.probabilities.values())
        )
        assert abs(gap).max() > 0.01
