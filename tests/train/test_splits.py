from dataclasses import replace
from pathlib import Path

import pytest

from tests.train import corpora as made
from train.corpora import Sample, read
from train.errors import CannotTrain
from train.splits import PROTOCOLS, SIDES, Split, n_folds, refuse_overlap, split


def values(side, name):
    return {getattr(sample, name) for sample in side}


def test_no_speaker_is_on_two_sides_and_each_sex_is_on_each(tmp_path):
    done = split(read("ravdess", made.make_ravdess(tmp_path, range(1, 21))))
    sides = [values(getattr(done, side), "speaker") for side in SIDES]
    assert sum(map(len, sides)) == len(set.union(*sides)) == 20
    assert all(values(getattr(done, side), "sex") == {"male", "female"} for side in SIDES)


def test_sentences_that_give_the_emotion_away_are_split_like_speakers(tmp_path):
    samples = read("emotiontts", made.make_emotiontts(tmp_path))
    telling = [each for each in samples if each.part == "emotional-to-emotional"]
    done = split(telling)
    for name in ("speaker", "sentence"):
        assert not values(done.train, name) & values(done.test, name)
    assert values(done.train, "label") == values(done.test, "label")
    assert len(done.train) + len(done.test) < len(telling)  # who is neither is left out


def test_the_same_text_twice_is_on_one_side():
    texts = [f"comment {number % 50}" for number in range(200)]
    samples = [Sample(str(i), "kote", text=text, label="happy") for i, text in enumerate(texts)]
    done = split(samples)
    assert done.test
    assert not values(done.train, "text") & (values(done.dev, "text") | values(done.test, "text"))


def test_a_text_that_is_tested_teaches_in_no_other_punctuation():
    texts = [f"a comment {number}{end}" for number in range(40) for end in ("", "!!", " .")]
    samples = [Sample(str(i), "kote", text=text, label="happy") for i, text in enumerate(texts)]
    done = split(samples)
    said = [{text.rstrip("! .") for text in values(getattr(done, side), "text")} for side in SIDES]
    assert all(said)
    assert len(set.union(*said)) == sum(map(len, said)) == 40
    # What is tested stays so, and of what only teaches all three stand there.
    assert len(done.test) == round(0.3 * len(texts))
    assert any(text.endswith("!!") for text in values(done.train, "text"))


def test_a_split_does_not_depend_on_the_order_of_its_samples(tmp_path):
    samples = read("ravdess", made.make_ravdess(tmp_path))
    assert values(split(samples).test, "id") == values(split(samples[::-1]).test, "id")


def test_a_published_side_is_kept():
    samples = [Sample(str(i), "goemotions", text=f"t{i}", part="dev") for i in range(9)]
    assert len(split(samples).test) == 9


def test_a_source_with_too_few_to_keep_apart_says_so_and_what_to_do():
    def note(n, **more):
        who = [{"speaker": f"s{i % n}", "audio": Path("a.wav"), **more} for i in range(12)]
        return split([Sample(str(i), "manifest", label="sad", **w) for i, w in enumerate(who)]).note

    assert "Nothing of manifest is developed on or tested, as it has 2 speakers" in note(2)
    assert "has 1 speaker: too few" in note(1)
    assert "or the protocol random-80-20, where speakers leak" in note(1)
    assert "random-80-20" not in note(1, audio=None)  # which is of voices
    assert note(3) == ""


@pytest.mark.parametrize("name", ["speaker", "sentence"])
def test_a_split_that_leaks_is_refused(name, tmp_path):
    samples = read("emotiontts", made.make_emotiontts(tmp_path))
    telling = [each for each in samples if each.part == "emotional-to-emotional"]
    done = split(telling)
    stolen = replace(done.train[0], **{name: getattr(done.test[0], name)})
    with pytest.raises(CannotTrain, match=f"{name}.*both"):
        refuse_overlap(Split([*done.train, stolen], done.dev, done.test))


def voices(corpus, n_sessions=0, n_speakers=0, each=3):
    """Samples of a corpus with two speakers a session, or with so many speakers."""
    if n_sessions:
        who = [(f"{session:02}", sex) for session in range(1, n_sessions + 1) for sex in ("F", "M")]
    else:
        who = [("", f"{'FM'[number % 2]}{number}") for number in range(n_speakers)]
    return [
        Sample(
            f"{session}{name}{index}",
            corpus,
            audio=Path("voice.wav"),
            label=("neutral", "happy", "sad")[index % 3],
            speaker=f"{session}{name}",
            sex={"F": "female", "M": "male"}[name[0]],
            session=session,
        )
        for session, name in who
        for index in range(each)
    ]


def test_five_folds_by_session_test_four_of_twenty_and_develop_on_two_more():
    samples = voices("kemdy19", n_sessions=20)
    assert n_folds("session-5-fold", samples) == 5
    folds = [split(samples, "session-5-fold", fold) for fold in range(5)]
    assert values(folds[0].test, "session") == {"01", "02", "03", "04"}  # in a row, as published
    assert [len(values(fold.test, "session")) for fold in folds] == [4] * 5
    assert set.union(*(values(fold.test, "session") for fold in folds)) == values(
        samples, "session"
    )
    for fold in folds:
        sides = [values(getattr(fold, side), "session") for side in SIDES]
        assert [len(side) for side in sides] == [14, 2, 4]
        assert len(set.union(*sides)) == 20


def test_leaving_one_session_out_has_a_fold_a_session():
    samples = voices("iemocap", n_sessions=5)
    assert n_folds("leave-one-session-out", samples) == 5
    done = split(samples, "leave-one-session-out", 4)
    assert values(done.test, "session") == {"05"}
    assert values(done.dev, "session") == {"01"}
    assert values(done.train, "session") == {"02", "03", "04"}


def test_five_folds_by_speaker_hear_both_sexes_and_everyone_once():
    samples = voices("ravdess", n_speakers=24)
    folds = [split(samples, "speaker-5-fold", fold) for fold in range(5)]
    tested = [speaker for fold in folds for speaker in values(fold.test, "speaker")]
    assert len(tested) == len(set(tested)) == 24
    for fold in folds:
        assert values(fold.test, "sex") == values(fold.dev, "sex") == {"female", "male"}
        assert not values(fold.dev, "speaker") & values(fold.train, "speaker")
        assert fold.note == f"speaker-5-fold, fold {folds.index(fold)} (of 5, from 0): ravdess."


def test_without_a_development_side_whoever_is_not_tested_teaches():
    samples = voices("ravdess", n_speakers=24)
    for fold in range(5):
        done = split(samples, "speaker-5-fold-no-dev", fold)
        usual = split(samples, "speaker-5-fold", fold)
        assert values(done.test, "speaker") == values(usual.test, "speaker")
        assert not done.dev
        assert len(done.train) == len(usual.train) + len(usual.dev)


def test_folds_by_speaker_keep_telling_sentences_apart_too(tmp_path):
    samples = read("emotiontts", made.make_emotiontts(tmp_path))
    for fold in range(5):
        done = split(samples, "speaker-5-fold", fold)
        sides = [
            [each for each in side if each.part == "emotional-to-emotional"]
            for side in (done.train, done.test)
        ]
        assert all(sides)
        assert not values(sides[0], "sentence") & values(sides[1], "sentence")
        assert values(sides[0], "label") == values(sides[1], "label")


def test_the_published_random_split_alone_may_leak_and_says_so():
    samples = voices("kemdy19", n_sessions=20, each=10)
    done = split(samples, "random-80-20")
    assert [len(getattr(done, side)) for side in SIDES] == [288, 32, 80]
    shared = values(done.train, "speaker") & values(done.test, "speaker")
    n_tested = len(values(done.test, "speaker"))
    assert f"{len(shared)} of the {n_tested} speakers tested in kemdy19 are also" in done.note
    assert split(samples).note == ""
    with pytest.raises(CannotTrain, match=r"speaker .* both"):
        refuse_overlap(done)


def test_a_speaker_who_comes_to_two_sessions_is_refused_by_session():
    samples = voices("manifest", n_sessions=10)
    moved = replace(samples[0], speaker=samples[-1].speaker)
    with pytest.raises(CannotTrain, match=r"speaker '10M' of manifest is on both"):
        split([moved, *samples[1:]], "session-5-fold")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_no_fold_of_a_protocol_loses_or_doubles_a_sample(protocol):
    samples = voices("kemdy19", n_sessions=7)
    for fold in range(n_folds(protocol, samples)):
        done = split(samples, protocol, fold)
        ids = [each.id for side in SIDES for each in getattr(done, side)]
        assert sorted(ids) == sorted(each.id for each in samples)
        assert done.train
        assert done.dev or protocol.endswith("no-dev")
        assert done.test


def test_other_corpora_go_by_their_own_plan_and_the_note_says_which(tmp_path):
    texts = read("kote", made.make_kote(tmp_path))
    done = split([*voices("ravdess", n_speakers=10), *texts], "speaker-5-fold")
    assert done.note.endswith("By their own plans: kote.")
    plain = split(texts)
    assert {each.id for each in plain.test} <= values(done.test, "id")


@pytest.mark.parametrize(
    ("protocol", "fold", "said"),
    [
        ("speaker-10-fold", 0, "No protocol is called speaker-10-fold"),
        ("session-5-fold", 0, "ravdess: it does not name every session"),
        ("speaker-5-fold", 5, "has 5 folds, from 0; 5 is none"),
    ],
)
def test_a_protocol_that_cannot_be_is_one_clear_line(protocol, fold, said):
    with pytest.raises(CannotTrain, match=said):
        split(voices("ravdess", n_speakers=6), protocol, fold)


def test_rows_of_ones_own_without_speakers_are_split_by_their_words_with_a_note():
    rows = [
        Sample(f"{index}", "manifest", audio=Path("v.wav"), text=f"t{index % 10}", label="sad")
        for index in range(40)
    ]
    done = split(rows)
    sides = [values(getattr(done, side), "text") for side in SIDES]
    assert [len(side) for side in sides] == [7, 1, 2]
    assert "manifest does not name every speaker" in done.note
