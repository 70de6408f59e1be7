"""Work comes into a project from the page: it is stopped, goes on, and is told of."""

import shutil

import pytest

from emotion import checkpoint
from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.model.folder import HELD_OUT
from emotion.review.office import BROUGHT, Office
from emotion.ui.review.intake import Intake
from tests.conftest import small_model
from tests.ui.desks import N, lay_out


@pytest.fixture
def intake(tmp_path, analyzer):
    lay_out(tmp_path)
    office = Office(tmp_path / "desk")
    office.begin("work")
    yield Intake(office, analyzer)
    office.close()


def test_what_was_stopped_goes_on_and_bad_rows_are_listed(intake, tmp_path):
    project = intake.office.project("work")
    first = intake.run("work", None, "twelve")
    assert next(first).step is None
    (tmp_path / "sent.csv").write_text("text\nyes\n")
    for work in ((str(tmp_path / "sent.csv"), None), (None, "twelve")):
        with pytest.raises(BadInput, match="right now"):
            next(intake.run("work", *work))
    assert not (intake.office.folder / BROUGHT).exists()  # what is refused is not kept
    assert intake.stop("work")
    told = list(first)[-1]
    assert told.over
    assert told.stopped
    assert not intake.stop("work")
    told = list(intake.run("work", None, "twelve"))[-1]
    assert (told.step.stage, told.step.done, told.stopped) == ("judge", N, False)
    assert [fault.name for fault in project.clips.faults()] == ["gone.wav"]
    assert len(project.clips) == len(project.judged.all()) == N
    # Nothing new: those who ask again change nothing.
    assert list(intake.run("work", None, None))[-1].step.of == N


def test_whoever_goes_away_leaves_the_way_free(intake):
    first = intake.run("work", None, "twelve")
    next(first)
    first.close()
    assert list(intake.run("work", None, "twelve"))[-1].over


def test_a_zip_that_was_sent_is_not_kept_twice(intake, tmp_path):
    sent = shutil.make_archive(str(tmp_path / "sent"), "zip", tmp_path / "desk" / "twelve")
    assert list(intake.run("work", sent, None))[-1].step.done == N
    assert list((intake.office.folder / BROUGHT).iterdir()) == []
    assert intake.office.works() == ["twelve"]
    with pytest.raises(BadInput, match="not in the folder"):
        list(intake.run("work", None, "../elsewhere"))


def test_nothing_chosen_is_told(intake):
    with pytest.raises(BadInput, match="nothing to bring in"):
        list(intake.run("work", None, None))


def test_probabilities_that_are_dropped_judge_the_clips_from_then_on(intake, tmp_path):
    list(intake.run("work", None, "twelve"))
    table = tmp_path / "predictions.csv"
    table.write_text("id,p_happy,p_sad\nc0.wav,0,0\n", encoding="utf-8")
    with pytest.raises(BadInput, match=r"Row 1 of predictions\.csv"):
        list(intake.run("work", str(table), None))
    table.write_text("id,p_happy,p_sad\nc0.wav,.1,.9\nc1.wav,.5,.5\n", encoding="utf-8")
    assert list(intake.run("work", str(table), None))[-1].step.stage == "judge"
    assert list((intake.office.folder / BROUGHT).iterdir()) == []
    project = intake.office.project("work")
    judged = project.judged.all()
    assert {name for name in judged if judged[name].by == "given"} == {"c0.wav", "c1.wav"}
    assert any("sad 90%" in each.sentence() for each in judged["c0.wav"].reasons)
    intake.office.close()
    list(intake.run("work", None, None))  # opened again: they still stand above the model's
    assert intake.office.project("work").judged["c0.wav"].by == "given"


def test_a_model_and_its_twin_judge_together(intake, tokenizer, tmp_path):
    folder = tmp_path / "model"
    for each, taught_by in ((folder, "=1"), (folder / HELD_OUT, "")):
        sides = {side: {"rows": 1, "speakers": [taught_by]} for side in ("train", "dev", "test")}
        checkpoint.save(small_model(tokenizer), tokenizer, each, "# Small\n",
                        {"sources": {"plays": sides}})  # fmt: skip
    intake.analyzer = Analyzer.load(folder, "cpu")
    list(intake.run("work", None, "twelve"))
    heard = intake.office.project("work").heard.all()
    assert {each.checkpoint for each in heard.values()} == {f"{folder}/{HELD_OUT}"}
