import json
from string import Formatter

import pytest

from emotion.body import words
from emotion.errors import MESSAGES, BadInput
from emotion.ui import (
    about_text,
    body_text,
    compare_text,
    cues_text,
    faults_text,
    strings,
    timeline_text,
    whatif_text,
)
from emotion.ui.desk import EXAMPLES
from emotion.ui.review.text import REVIEW


def fields(template):
    return {name for _, name, _, _ in Formatter().parse(template) if name}


@pytest.mark.parametrize("language", strings.LANGUAGES)
def test_every_fault_has_a_sentence(language):
    assert set(faults_text.FAULTS[language]) == set(MESSAGES)


@pytest.mark.parametrize("code", MESSAGES)
def test_no_translation_asks_for_a_fact_that_the_fault_has_not(code):
    facts = dict.fromkeys(fields(MESSAGES[code]), "7")
    for language in strings.LANGUAGES:
        assert fields(faults_text.FAULTS[language][code]) <= set(facts)
        assert strings.fault(code, facts, language)
        assert strings.notice(BadInput(code, **facts), language)


@pytest.mark.parametrize(
    "said",
    [
        strings.TEXT,
        body_text.BODY,
        words.NAMES,
        compare_text.COMPARE,
        compare_text.FAILURES,
        cues_text.CUES,
        REVIEW,
        timeline_text.TIMELINE,
        timeline_text.NOTICES,
        whatif_text.WHATIF,
    ],
)
def test_both_languages_say_the_same_things(said):
    korean, english = said["ko"], said["en"]
    assert set(korean) == set(english)
    for key, said in korean.items():
        if isinstance(said, str):
            assert fields(said) == fields(english[key]), key
        else:
            assert len(said) == len(english[key]), key


def test_every_example_is_named_in_both_languages():
    listed = {row["file"] for row in json.loads((EXAMPLES / "examples.json").read_text("utf-8"))}
    assert listed == set(about_text.EXAMPLE_NAMES["ko"]) == set(about_text.EXAMPLE_NAMES["en"])


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", "ko"),
        ("en-US,en;q=0.9,ko;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,ko;q=0.8,en;q=0.5", "ko"),
        ("de", "en"),
        ("", "en"),
        ("ko;q=nonsense,*", "en"),
    ],
)
def test_the_page_begins_in_the_language_that_the_browser_prefers(header, language):
    assert strings.preferred(header) == language
