"""The Body tab: with a model that takes a body and one that does not, and in a real browser."""

import itertools

import gradio as gr
import pytest

from emotion.analyze import Analyzer
from emotion.biosignals import FEATURES
from emotion.checkpoint import Checkpoint
from emotion.ui.page import Page
from emotion.ui.strings import fault
from emotion.ui.visit import hold_several, release_several
from tests.conftest import voice, write_wav
from tests.model import made
from tests.ui import driving
from tests.ui.bodies import give, write_table
from tests.ui.driving import ANSWER


@pytest.fixture
def table(tmp_path):
    return write_table(tmp_path / "my body.csv", 8.0)


@pytest.fixture
def page(tokenizer, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "visitors"))

    def page(*sides, **settings):
        model = made.model(tokenizer, sides, "late", features=len(FEATURES), **settings)
        return Page(Analyzer(Checkpoint(model, tokenizer, "/srv/models/mine"), "cpu"))

    return page


def measured(page, language="en", **given):
    """What the tab shows after its button was pressed, by the component's name."""
    tab = page.body
    values = {part: getattr(part, "value", None) for part in tab.bench.parts.values()}
    values |= {tab.bench.parts[name]: value for name, value in given.items()}
    shown = tab.measure({**values, page.language: language}, gr.Progress())
    if tab.examined in shown:
        shown |= tab.show(shown[tab.examined], language)
    return {name: shown[part] for name, part in tab.bench.parts.items() if part in shown}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_late_model_judges_the_body_apart_and_together(page, table, tmp_path, language):
    clip = write_wav(tmp_path / "a.wav", voice(3.0))
    given = {"files": [str(table)], "voice": str(clip), "words": "너무 행복해", "offset": 1.0}
    shown = measured(page("voice", "words", "body"), language, **given)
    assert shown["judged"]["visible"]
    for side in ("together", "voice", "words", "body"):
        assert f"data-side='{side}'" in shown["sides"]
    assert shown["notice"] == ""
    assert shown["features"].count("<tr data-feature=") == len(FEATURES) + 1
    assert shown["sources"].count("<li data-signal=") == 3


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_model_without_a_body_measures_and_draws_and_says_so(page, table, language):
    shown = measured(page("voice", "words"), language, files=[str(table)])
    assert not shown["judged"]["visible"]
    assert fault("body_unread", {}, language) in shown["notice"]
    assert '"beats"' in shown["figure"].plot
    assert "data-feature='rr_mean'" in shown["features"]


def test_what_the_model_lacks_is_said_beside_the_figure(page, table):
    shown = measured(page("voice", "words", "body", combinations=("all",)), files=[str(table)])
    assert "mine" in shown["notice"]
    assert "/srv/models" not in shown["notice"]
    assert '"beats"' in shown["figure"].plot


@pytest.mark.parametrize(
    ("text", "given", "code"),
    [
        ("a,b\n1,2\n", {}, "no_signals"),
        ("ecg\n1\n2\n", {}, "no_rate"),
        ("time,eda\n0,1\n1,2\n", {"rates": "quick"}, "bad_telling"),
    ],
)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_is_wrong_is_one_sentence_and_nothing_else_changes(
    page, table, text, given, code, language
):
    table.write_text(text)
    shown = measured(page("voice"), language, files=[str(table)], **given)
    assert set(shown) == {"message"}
    facts = {"name": table.name, "columns": "a, b", "column": "ecg", "said": "quick"}
    assert fault(code, facts, language) in shown["message"]
    assert fault("no_body", {}, language) in measured(page("voice"), language)["message"]


def test_columns_are_offered_as_they_are_found(page, table, tmp_path):
    tab = page("voice").body
    p, offered = tab.bench.parts, tab.look([str(table)], "en")
    values = {name: offered[p[name]]["value"] for name in ("ecg", "eda", "temperature", "time")}
    assert values == {
        "ecg": "ECG",
        "eda": "GSR (uS)",
        "temperature": "skin temperature",
        "time": "time",
    }
    assert "open" not in offered[p["told"]]
    strange = tmp_path / "strange.csv"
    strange.write_text("a,b\n1,2\n3,4\n")
    asked = tab.look([str(strange)], "en")
    assert asked[p["told"]]["open"]
    assert ("a", "a") in asked[p["ecg"]]["choices"]
    assert p["message"] not in asked  # a press may have been told what is wrong meanwhile
    # Those that were chosen otherwise are taken.
    shown = measured(page("voice"), files=[str(table)], eda="", temperature="GSR (uS)")
    assert "data-signal='eda'" not in shown["sources"]
    assert "GSR (uS)" in shown["sources"]


def test_files_are_deleted_once_two_others_were_given_and_nobody_holds_them(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    paths = [tmp_path / f"{name}.csv" for name in "abcd"]
    for path in paths:
        path.write_text("x")
    a, b, c, d = map(str, paths)
    held = ()
    for files in ([a, b], [b, c], None, [d]):
        held = hold_several(held, files)
    assert [path.exists() for path in paths] == [False, False, False, True]
    release_several(held)
    assert not paths[3].exists()


# In a browser

ROW = "#body_features tr[data-feature={}] td"


@pytest.mark.browser
def test_a_visitor_sees_the_beats_under_the_voice_and_what_was_measured(visitor, table, clips):
    someone = visitor()
    someone.page.click(driving.tab("body"))
    give(someone, "files", table)
    someone.page.click("#body_told button")
    someone.wait("document.querySelector('#body_eda input')?.value === 'GSR (uS)'")
    give(someone, "voice", clips["ko_happy"])
    someone.page.fill("#body_offset input", "1")
    someone.page.click("#body_go")
    someone.page.wait_for_selector("#body_figure .js-plotly-plot .main-svg", timeout=ANSWER)
    drawn = "document.querySelector('#body_figure .js-plotly-plot').data"
    someone.wait(f"{drawn}?.length === 5")
    assert someone.page.evaluate(f"{drawn}.map((each) => each.name).slice(1)") == [
        "ecg",
        "beats",
        "eda",
        "temperature",
    ]
    beats = someone.page.evaluate(f"Array.from({drawn}[2].x)")
    assert all(0.6 < second - first < 1.0 for first, second in itertools.pairwise(beats))
    assert "ms" in someone.page.wait_for_selector(ROW.format("rr_mean")).inner_text()
    someone.page.wait_for_selector("#body_notice:has-text('takes no signals of the body')")
    someone.page.click("#language label >> nth=0")
    someone.page.wait_for_selector("#body_notice:has-text('몸의 신호를 받지 않아')", timeout=ANSWER)
    someone.page.wait_for_selector("#body_sources:has-text('심전도')")


@pytest.mark.browser
def test_a_wrong_table_is_one_sentence_and_the_next_one_goes(visitor, table, tmp_path):
    (tmp_path / "strange.csv").write_text("a,b\n1,2\n3,4\n")
    someone = visitor(language="ko-KR", width=390)
    someone.page.click(driving.tab("body"))
    give(someone, "files", tmp_path / "strange.csv")
    someone.page.click("#body_go")
    said = someone.page.wait_for_selector("#body_message .fault", timeout=ANSWER).inner_text()
    assert "strange.csv의 열(a, b)" in said
    someone.page.click("#body_files .top-panel button >> nth=-1")
    someone.page.wait_for_selector("#body_files .file-preview", state="detached", timeout=ANSWER)
    someone.page.wait_for_selector("#body_message .fault", state="detached", timeout=ANSWER)
    give(someone, "files", table)
    someone.page.click("#body_go")
    someone.page.wait_for_selector("#body_figure .js-plotly-plot .main-svg", timeout=ANSWER)
    wide = "document.documentElement.scrollWidth <= innerWidth"
    assert someone.page.evaluate(wide)
