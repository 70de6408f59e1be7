"""A corpus written as a manifest is the same corpus when it is read."""

import csv

import pytest

from emotion.review import Project
from emotion.review.bring import bring
from tests.train import corpora, trees
from train.__main__ import main
from train.corpora import Notes, read

MADE = {
    "kemdy19": trees.make_kemdy19,
    "iemocap": trees.make_iemocap,
    "aihub": trees.make_aihub,
    "emotiontts": corpora.make_emotiontts,
}


@pytest.mark.parametrize("name", MADE)
def test_a_corpus_is_the_same_after_it_was_a_manifest(tmp_path, name):
    MADE[name](tmp_path / "corpus")
    out = tmp_path / "tables" / "out.csv"
    assert main(["manifest", name, str(tmp_path / "corpus"), "-o", str(out)]) == 0
    before = {each.id: each for each in read(name, tmp_path / "corpus")}
    after = {each.id: each for each in read("manifest", out, Notes())}
    assert after.keys() == before.keys()
    for key, old in before.items():
        new = after[key]
        assert new.audio.resolve() == old.audio.resolve()
        assert (new.text, new.speaker, new.session) == (old.text, old.speaker, old.session)
        assert new.label == old.label or old.label is None
        assert {each.rater.lower(): each.labels for each in new.raters if each.labels} == {
            each.rater.lower(): each.labels for each in old.raters if each.labels
        }
        assert new.valence == pytest.approx(old.valence, abs=1e-4)


def test_the_desk_takes_it_with_raters_and_all(tmp_path):
    trees.make_kemdy19(tmp_path / "corpus")
    out = tmp_path / "out.csv"
    main(["manifest", "kemdy19", str(tmp_path / "corpus"), "-o", str(out)])
    samples = {each.id: each for each in read("kemdy19", tmp_path / "corpus")}
    with Project(tmp_path / "work.review") as project:
        list(bring(project, out))
        assert [fault for fault in project.clips.faults() if not fault.kept] == []
        for each in project.clips:
            old = samples[each.id]
            assert (each.label, each.corpus, len(each.raters)) == (old.label, "kemdy19", 10)
            assert each.raters["1"].labels == old.raters[0].labels
            assert each.raters["1"].valence == pytest.approx(old.raters[0].valence)


def test_words_that_a_spreadsheet_would_run_come_back_as_they_were(tmp_path):
    texts = ["=1+1", "-네", "@you", "+", "'quoted", "'=odd", "plain"]
    given = [{"id": f"{i}", "text": text, "label": "sad"} for i, text in enumerate(texts)]
    trees.make_manifest(tmp_path / "in.csv", given)
    # As a table of one's own may hold them, harmless or not.
    old = {each.id: each.text for each in read("manifest", tmp_path / "in.csv")}
    main(["manifest", "manifest", str(tmp_path / "in.csv"), "-o", str(tmp_path / "out.csv")])
    assert {each.id: each.text for each in read("manifest", tmp_path / "out.csv")} == old
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert not any(cell.startswith(tuple("=+-@")) for row in csv.reader(file) for cell in row)


def test_what_cannot_be_written_is_one_line(tmp_path, capsys):
    trees.make_manifest(tmp_path / "in.csv", [{"text": "so", "label": "sad"}])
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" / "out.csv"
    assert main(["manifest", "manifest", str(tmp_path / "in.csv"), "-o", str(out)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
