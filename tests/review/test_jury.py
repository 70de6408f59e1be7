"""Out of fold: whose probabilities judge the clips of speakers who taught a model."""

import csv
import json
from dataclasses import replace

import pytest
import torch

from emotion import checkpoint
from emotion.__main__ import main
from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.labels import LABELS
from emotion.model import EmotionModel
from emotion.model.config import FusionConfig
from emotion.model.folder import HELD_OUT
from emotion.review import Project
from emotion.review.bring import bring
from emotion.review.clips import Entry
from emotion.review.desk import suspect
from emotion.review.found import found
from emotion.review.jury import Jury, with_twin
from emotion.review.out import doubts_as_csv
from emotion.review.report import report
from emotion.review.suspicion import judge
from emotion.review.taught import Taught, Teachers
from tests.conftest import small_model, voice, write_wav
from tests.review.test_suspicion import NAMES, codes, shares, voices_of


def split(*speakers, corpus="plays", dev=()):
    """What a checkpoint knows of who taught it."""
    sides = {"train": speakers, "dev": dev, "test": ("zoe",)}
    return {
        "sources": {
            f"{corpus}/first": {
                side: {"rows": len(who), "speakers": list(who)} for side, who in sides.items()
            }
        }
    }


def save(tokenizer, folder, seed, *speakers):
    """A checkpoint that these speakers taught, told from others by its weights."""
    model = small_model(tokenizer)
    with torch.no_grad():
        next(model.fusion.joined.heads.label.parameters()).mul_(1 + seed)
    checkpoint.save(model, tokenizer, folder, "# Small\n", split(*speakers))
    return folder


@pytest.fixture
def folder(tmp_path, tokenizer):
    """Three clips of ann, bob and cy, and a model that ann and bob taught; its twin knows ann."""
    save(tokenizer, tmp_path / "model", 0, "ann", "bob")
    save(tokenizer, tmp_path / "model" / HELD_OUT, 1, "ann")
    lines = ["id,audio,text,label,speaker,corpus\n"]
    for i, who in enumerate(("ann", "bob", "cy")):
        write_wav(tmp_path / f"{i}.wav", voice(0.5, i))
        lines.append(f"{who},{i}.wav,너무 행복해,happy,{who},plays\n")
    (tmp_path / "m.csv").write_text("".join(lines), encoding="utf-8")
    return tmp_path


def test_who_taught_a_model_is_told_by_corpus_and_by_name():
    teachers = Teachers.of(split("ann", dev=("bob",)))
    asked = {
        "ann of it": Entry("", speaker="ann", corpus="Plays"),
        "bob of its dev side": Entry("", speaker="bob", corpus="plays"),
        "zoe, who tested it": Entry("", speaker="zoe", corpus="plays"),
        "ann of another corpus": Entry("", speaker="ann", corpus="films"),
        "ann of who knows where": Entry("", speaker="ann"),
        "somebody of it": Entry("", corpus="plays"),
        "somebody": Entry(""),
    }
    known = [name for name, entry in asked.items() if teachers.include(entry)]
    assert known == ["ann of it", "bob of its dev side", "ann of who knows where", "somebody of it"]
    assert not Teachers.of({}).include(asked["ann of it"])


def test_each_clip_is_heard_by_the_first_model_that_its_speaker_did_not_teach(folder):
    models = with_twin(Analyzer.load(folder / "model", "cpu"))
    assert [each.name for each in models] == [f"{folder}/model", f"{folder}/model/{HELD_OUT}"]
    one, twin = models
    with Project(folder / "work.review") as project:
        list(bring(project, folder / "m.csv"))
        list(suspect(project, one, [twin]))
        heard, judged = project.heard.all(), project.judged.all()
        hashes = {name: each.hash for name, each in heard.items()}
        assert hashes == {"ann": one.digest, "bob": twin.digest, "cy": one.digest}
        assert {name: each.by for name, each in judged.items()} == {
            "ann": "taught", "bob": "model", "cy": "model"}  # fmt: skip
        assert [name for name, each in judged.items() if each.known] == ["ann"]
        kept = found(project)
        assert kept.hash == f"{one.digest}, {twin.digest}"
        assert kept.taught == Taught(("ann", "bob"), True, spared=1, low=1)
        said = kept.taught.sentence("en")
        assert said in report(project, "en")
        assert "2 clips (ann, bob) taught the model: 1 are judged by a model that they" in said
        assert "the doubts of 1 are too low" in said
        assert kept.taught.sentence("ko") in report(project, "ko")
        # Heard once, also where two models take turns; and anew without the twin.
        assert [step.done for step in suspect(project, one, [twin])] == [3, 3]
        assert [step.done for step in suspect(project, one)] == [2, 3, 3]
        assert project.heard["bob"].hash == one.digest
        assert "bob" in doubts_as_csv(project)


def test_a_companion_that_cannot_judge_a_clips_sides_is_passed_over(folder, tokenizer):
    """Bob taught the model; its twin reads words alone, and the next one knows nobody."""
    shape = small_model(tokenizer).config
    shape = replace(shape, voice=None, combinations=("words",), fusion=FusionConfig(kind="concat"))
    checkpoint.save(EmotionModel(shape), tokenizer, folder / "deaf", "# Deaf\n", split("ann"))
    checkpoint.save(small_model(tokenizer), tokenizer, folder / "next", "# Next\n", split("zoe"))
    rows = "voice,1.wav,,sad,bob,plays\nboth,1.wav,no,sad,bob,plays\n"
    (folder / "m.csv").write_text("id,audio,text,label,speaker,corpus\n" + rows)
    one, deaf, last = (Analyzer.load(folder / each, "cpu") for each in ("model", "deaf", "next"))
    with Project(folder / "work.review") as project:
        list(bring(project, folder / "m.csv"))
        list(suspect(project, one, [deaf, last]))
        heard = {name: (each.checkpoint, each.fault) for name, each in project.heard.all().items()}
        assert heard == {"voice": (last.name, None), "both": (deaf.name, None)}
        assert {each.by for each in project.judged.all().values()} == {"model"}
        # With nobody else to ask, the one that can is asked, though bob taught it.
        list(suspect(project, one, [deaf]))
        assert project.heard["voice"].hash == one.digest
        assert {name: each.by for name, each in project.judged.all().items()} == {
            "voice": "taught", "both": "model"}  # fmt: skip
        list(suspect(project, deaf))
        assert "needs words" in str(project.heard["voice"].fault)


def test_several_checkpoints_and_their_twins_are_asked_in_turn(folder, tokenizer, capsys):
    save(tokenizer, folder / "other", 2, "bob")
    arguments = ["review", folder / "m.csv", "--report", folder / "out.html"]
    arguments += ["--checkpoint", folder / "model", "--checkpoint", folder / "other"]
    assert main([*map(str, arguments), "--project", str(folder / "w.review")]) == 0
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    assert {row["judged_by"] for row in rows.values()} == {"model"}
    with Project(folder / "w.review") as project:
        asked = {name: each.checkpoint for name, each in project.heard.all().items()}
    assert asked == {
        "ann": f"{folder}/other", "bob": f"{folder}/model/{HELD_OUT}", "cy": f"{folder}/model"
    }  # fmt: skip
    (folder / "model" / HELD_OUT / "model.safetensors").write_bytes(b"no weights")
    assert main([*map(str, arguments)]) == 2
    assert capsys.readouterr().err.count("\n") == 2


def sure_of(entries, found):
    """A model that was taught the very labels, wrong ones too."""
    return {
        each.id: type(found[each.id])(
            "model", "hash", probabilities=shares(each.label, 0.98),
            features=found[each.id].features,
        )
        for each in entries
    }  # fmt: skip


def test_what_a_model_says_of_its_own_speakers_does_not_count_where_others_labels_teach():
    entries, heard = voices_of(240, 6)
    wrong = entries[4]
    label = next(name for name in NAMES if name != wrong.label)
    entries[4] = type(wrong)(wrong.id, label=label, speaker=wrong.speaker)
    heard = sure_of(entries, heard)
    known = {each.id for each in entries}
    judged, quality = judge(entries, heard, known=known)
    assert max(judged, key=lambda name: judged[name].doubt) == "c4"
    assert quality.likely == {"c4"}
    assert codes(judged, "c4") == {"label_others"}
    assert {each.by for each in judged.values()} == {"others"}
    # Whose speaker it does not know, of that it may speak too; what was given stands above all.
    some = {each.id for each in entries if each.speaker == "s1"}
    judged, _ = judge(entries, heard, {"c0": shares("sad")}, known=some)
    assert {each.by for name, each in judged.items() if name in some - {"c0"}} == {"others"}
    assert {each.by for name, each in judged.items() if name not in some | {"c0"}} == {"both"}
    assert judged["c0"].by == "given"
    assert codes(judged, "c0") <= {"label_given"}
    # Too few to learn from: there is nothing but the model, and it is said.
    judged, _ = judge(entries[:40], heard, known=known)
    assert {each.by for each in judged.values()} == {"taught"}


def test_of_a_label_that_no_other_speaker_has_the_others_teach_nothing():
    entries, heard = voices_of(240, 6)
    alone = entries[0].speaker
    entries = [
        type(each)(each.id, label="fear", speaker=alone)
        if each.speaker == alone and each.label == "sad" else each
        for each in entries
    ]  # fmt: skip
    judged, _ = judge(entries, heard, known={each.id for each in entries})
    for each in entries:
        assert judged[each.id].by == ("taught" if each.label == "fear" else "others")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_one_sentence_says_what_became_of_the_clips_of_its_speakers(language):
    said = Taught(("a", "b", "", "d", "e", "last"), True, 11, 22, 33, 44).sentence(language)
    assert all(n in said for n in ("110", "11", "22", "33", "44"))
    assert "last" not in said
    assert "corpus" in Taught(("a",), False, others=1).sentence(language)
    assert Taught(("a",)).sentence(language) == ""


def given(folder, shares):
    path = folder / "p.csv"
    lines = [f"{name},{happy},{1 - happy}\n" for name, happy in shares.items()]
    path.write_text("id,p_happy,p_sad\n" + "".join(lines), encoding="utf-8")
    return path


def test_given_probabilities_are_kept_in_the_project_and_stand_above_the_models(folder):
    analyzer = Analyzer.load(folder / "model", "cpu")
    with Project(folder / "work.review") as project:
        with pytest.raises(BadInput, match="no clip of this project"):
            list(bring(project, given(folder, {"ann": 0.9})))
        list(bring(project, folder / "m.csv"))
        with pytest.raises(BadInput, match="no clip of this project"):
            list(bring(project, given(folder, {"dora": 0.9})))
        assert project.given.all() == {}
        list(bring(project, given(folder, {"ann": 0.9, "bob": 0.8, "dora": 0.1})))
    with Project(folder / "work.review") as project:
        assert set(project.given.all()) == {"ann", "bob"}
        list(suspect(project, analyzer))
        by = {name: each.by for name, each in project.judged.all().items()}
        assert by == {"ann": "given", "bob": "given", "cy": "model"}
        kept = found(project)
        assert (kept.given, kept.taught.given, kept.taught.low) == (2, 2, 0)
        list(bring(project, given(folder, {"bob": 0.3})))
        assert project.given.all()["bob"] == {"happy": 0.3, "sad": 0.7}
        assert project.given.all()["ann"]["happy"] == 0.9
    # The command goes on with what a project was given.
    arguments = ["review", folder / "m.csv", "--report", folder / "out.html"]
    arguments += ["--checkpoint", folder / "model", "--project", folder / "work.review"]
    assert main(list(map(str, arguments))) == 0
    with (folder / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        by = {row["id"]: row["judged_by"] for row in csv.DictReader(file)}
    assert by == {"ann": "given", "bob": "given", "cy": "model"}


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("id,p_happy\nann,1\n", "two or more"),
        ("name,p_happy,p_sad\nann,1,0\n", "a column id"),
        ("id,p_happy,p_bored\nann,1,0\n", "two or more"),
        ("id,p_happy,p_sad\nann,.5,.5\nbob,-1,2\n", "Row 2"),
        ("id,p_happy,p_sad\nann,much,0\n", "Row 1"),
        ("id,p_happy,p_sad\nann,0,0\n", "Row 1"),
        ("id,p_happy,p_sad\nann,nan,1\n", "Row 1"),
        ("id,p_happy,p_sad\nann,1e308,1e308\n", "Row 1"),
        ("id,p_happy,p_sad\n", "no clip"),
    ],
)
def test_a_table_of_no_probabilities_is_refused_in_one_sentence(folder, table, said, capsys):
    (folder / "p.csv").write_text(table, encoding="utf-8")
    with Project(folder / "work.review") as project:
        list(bring(project, folder / "m.csv"))
        with pytest.raises(BadInput, match=said):
            list(bring(project, folder / "p.csv"))
        assert project.given.all() == {}
    arguments = ["review", folder / "m.csv", "--report", folder / "out.html"]
    arguments += ["--probabilities", folder / "p.csv", "--checkpoint", folder / "model"]
    assert main(list(map(str, arguments))) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert not (folder / "out.html").exists()


def test_what_an_older_version_found_is_still_said(folder):
    with Project(folder / "work.review") as project:
        facts = {"checkpoint": "old", "hash": "abc", "raters": {}, "given": 0}
        taught = {"clips": ["ann", "bob"], "speakers": ["ann", "bob"], "sure": True}
        project.settings.set(found=json.dumps(facts | {"taught": taught}))
        assert found(project).taught == Taught(("ann", "bob"), low=2)


def test_a_jury_of_models_that_know_everybody_asks_the_first(folder):
    one, twin = with_twin(Analyzer.load(folder / "model", "cpu"))
    jury = Jury([one, twin])
    ann = Entry("", speaker="ann", corpus="plays")
    assert jury.judge(ann) is one
    assert jury.taught(ann)
    assert with_twin(twin) == [twin]
    assert set(one.model.config.labels) == set(LABELS)


@pytest.mark.parametrize(
    "facts", ["[1]", '{"sources": {"plays": {"train": {}}}}', '{"sources": 1}']
)
def test_a_model_that_says_nonsense_of_its_teachers_is_refused(folder, facts, capsys):
    (folder / "model" / "split.json").write_text(facts)
    arguments = ["review", folder / "m.csv", "--report", folder / "out.html"]
    assert main([*map(str, arguments), "--checkpoint", str(folder / "model")]) == 2
    assert "cannot be loaded: split.json" in capsys.readouterr().err
