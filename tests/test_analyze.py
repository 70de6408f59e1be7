import json

import numpy as np
import pytest
import torch

from emotion import checkpoint, tables
from emotion.analysis import Utterance
from emotion.analyze import Analyzer
from emotion.audio import RATE, Clip
from emotion.checkpoint import Checkpoint
from emotion.errors import BadInput
from emotion.explain import occlude
from emotion.labels import LABELS
from emotion.model.manner import N_MEASURES
from emotion.score import score
from emotion.transcript import Transcript, Word, typed
from tests.conftest import clip, small_model, voice
from tests.model import made

WORDS = "I am so happy to see you"


def same(one, other, within=1e-5):
    return all(abs(one.probabilities[name] - other.probabilities[name]) < within for name in LABELS)


def test_a_model_that_finds_nothing_it_knows_says_so(tokenizer):
    model = small_model(tokenizer)
    for weights in model.fusion.joined.heads.label.parameters():
        torch.nn.init.zeros_(weights)
    lost = Analyzer(Checkpoint(model, tokenizer, "small"), device="cpu").analyze(text=WORDS)
    assert lost.notice.code == "unsure"
    assert not lost.prediction.stands_out


def test_voice_and_words_are_judged_together_and_apart(analyzer):
    both = analyzer.analyze(clip(2.0), WORDS)
    heard = analyzer.analyze(clip(2.0), words=False)
    read = analyzer.analyze(text=WORDS)
    assert sum(both.prediction.probabilities.values()) == pytest.approx(1, abs=1e-5)
    assert set(both.alone) == {"voice", "words"}
    assert same(both.alone["voice"], heard.prediction)
    assert same(both.alone["words"], read.prediction)
    assert not same(both.prediction, heard.prediction, within=1e-3)
    assert heard.transcript is None
    assert heard.attention is None
    assert read.clip is None
    assert read.attention is None
    assert set(read.alone) == {"words"}
    assert -1 <= both.prediction.valence <= 1
    assert -1 <= both.prediction.arousal <= 1


def test_attention_is_in_words_and_seconds(analyzer):
    seen = analyzer.analyze(clip(2.0), WORDS).attention
    n_words, n_frames = 7, 25
    assert seen.words == tuple(WORDS.split())
    assert seen.frames.shape == (n_frames, 2)
    assert seen.frames[-1, 1] == pytest.approx(2.0)
    assert seen.words_to_voice.shape == (4, 2, n_words, n_frames)
    assert seen.voice_to_words.shape == (2, 2, n_frames, n_words)
    for weights in (seen.words_to_voice, seen.voice_to_words):
        assert np.allclose(weights.sum(-1), 1, atol=1e-5)
        assert weights.min() >= 0


def test_what_was_decoded_is_not_decoded_again(analyzer):
    first = analyzer.analyze((RATE, voice(1.0)), WORDS)
    again = analyzer.analyze(first.clip, first.transcript.edited("I am so sad to see you"))
    assert again.clip is first.clip
    assert "transcribe" not in again.seconds
    assert not same(first.prediction, again.prediction, within=1e-3)


def test_stages_are_told_as_they_begin_and_timed(analyzer):
    told = []
    found = analyzer.analyze(clip(1.0), WORDS, progress=told.append)
    assert told == ["decode", "speech", "model"] == list(found.seconds)
    assert all(took >= 0 for took in found.seconds.values())


def test_nothing_is_refused(analyzer):
    for nothing in ({}, {"text": "  "}, {"text": "hello", "words": False}):
        with pytest.raises(BadInput) as problem:
            analyzer.analyze(**nothing)
        assert problem.value.code == "no_input"


def test_a_clip_without_speech_says_so_and_is_still_judged(analyzer):
    found = analyzer.analyze(Clip(np.zeros(RATE, np.float32), "silence"))
    assert found.notice.code == "no_speech"
    assert found.transcript is None
    assert sum(found.prediction.probabilities.values()) == pytest.approx(1, abs=1e-5)


def test_more_words_than_the_model_reads_are_said_to_be_cut(analyzer):
    found = analyzer.analyze(text="행복해 " * 400)
    assert found.notice.code == "words_cut"
    whole = analyzer.analyze(clip(1.0), "행복해 " * 400)
    assert 0 < len(whole.attention.words) < 400


def test_many_are_judged_as_each_alone_in_the_order_given(analyzer):
    utterances = [
        Utterance(clip(3.0, 1), typed("너무 행복해")),
        Utterance(clip(0.2, 2)),
        Utterance(None, typed("leave me alone")),
        Utterance(clip(1.0, 3)),
        Utterance(clip(29.0, 4), typed("왜")),
    ]
    together = analyzer.predict(utterances)
    for utterance, prediction in zip(utterances, together, strict=True):
        assert same(prediction, analyzer.predict([utterance])[0])


def test_a_side_it_was_not_trained_for_is_refused_and_not_shown_alone(tokenizer):
    made = small_model(tokenizer, combinations=("voice", "both"))
    analyzer = Analyzer(Checkpoint(made, tokenizer, "hears only"), device="cpu")
    assert set(analyzer.analyze(clip(1.0), WORDS).alone) == {"voice"}
    with pytest.raises(BadInput, match="hears only"):
        analyzer.analyze(text=WORDS)


def test_json_says_what_the_contract_names(analyzer):
    said = tables.as_dict(analyzer.analyze(clip(1.0), WORDS))
    assert {"source", "label", "probabilities", "valence", "arousal", "seconds"} <= set(said)
    assert list(said["probabilities"]) == list(LABELS)
    assert said["label"] == max(said["probabilities"], key=said["probabilities"].get)
    assert said["transcript"]["words"][0] == {"text": "I", "start": None, "end": None}
    seen = said["attention"]
    assert len(seen["words_to_voice"]) == len(seen["words"]) == 7
    assert len(seen["voice_to_words"]) == len(seen["frame_seconds"]) == 13
    assert sum(seen["words_to_voice"][0]) == pytest.approx(1, abs=1e-3)
    alone = tables.as_dict(analyzer.analyze(text=WORDS))
    assert alone["attention"] is None
    assert set(alone["alone"]) == {"words"}


def test_rows_are_together_and_each_side_alone(analyzer):
    rows = tables.as_rows(analyzer.analyze(clip(1.0), WORDS))
    assert [row["heard"] for row in rows] == ["together", "voice", "words"]
    assert rows[0]["predicted"] in LABELS
    assert sum(rows[1][f"p_{name}"] for name in LABELS) == pytest.approx(1, abs=1e-4)


def test_words_with_times_keep_them(analyzer):
    timed = Transcript((Word("너무", 0.1, 0.4), Word("행복해", 0.4, 0.9)), "ko", "whisper")
    found = analyzer.analyze(clip(1.0), timed)
    assert found.transcript == timed


def made_analyzer(tokenizer, sides, kind="concat", **settings):
    model = made.model(tokenizer, sides, kind, **settings)
    return Analyzer(Checkpoint(model, tokenizer if "words" in sides else None, "made"), "cpu")


FEATURES = np.linspace(-1, 1, made.N_FEATURES, dtype=np.float32)


def test_a_model_of_the_voice_alone_hears_it_and_says_what_it_left(tokenizer):
    hears = made_analyzer(tokenizer, ("voice",))
    found = hears.analyze(clip(1.0), WORDS)
    assert found.notice.code == "words_unread"
    assert (found.sides, set(found.alone), found.transcript) == (("voice",), {"voice"}, None)
    assert same(found.prediction, hears.analyze(clip(1.0)).prediction)
    assert hears.analyze(clip(1.0)).notice is None
    assert "transcribe" not in hears.analyze(clip(1.0)).seconds
    with pytest.raises(BadInput, match="needs voice; it was given words"):
        hears.analyze(text=WORDS)


def test_a_model_of_words_alone_reads_them_and_says_what_it_left(tokenizer):
    reads = made_analyzer(tokenizer, ("words",))
    found = reads.analyze(clip(1.0), WORDS)
    assert found.notice.code == "voice_unheard"
    assert (found.sides, set(found.alone), found.attention) == (("words",), {"words"}, None)
    assert same(found.prediction, reads.analyze(text=WORDS).prediction)
    with pytest.raises(BadInput, match="needs words; it was given voice"):
        reads.analyze(clip(1.0), words=False)
    # What kept the words out says more than that they are needed.
    with pytest.raises(BadInput) as problem:
        reads.analyze(Clip(np.zeros(RATE, np.float32), "silence"))
    assert problem.value.code == "no_speech"


@pytest.mark.parametrize("kind", ["late", "concat", "focus"])
def test_every_fusion_judges_each_side_and_all_together(tokenizer, kind):
    whole = made_analyzer(tokenizer, ("voice", "words", "body"), kind)
    found = whole.analyze(clip(1.0), WORDS, body=FEATURES)
    assert found.sides == tuple(found.alone) == ("voice", "words", "body")
    assert (found.attention is None) == (kind != "focus")
    assert same(found.alone["voice"], whole.analyze(clip(1.0), words=False).prediction)
    assert same(found.alone["body"], whole.analyze(body=FEATURES).prediction)
    said = json.loads(json.dumps(tables.as_dict(found)))
    assert set(said["alone"]) == {"voice", "words", "body"}


def test_the_focus_is_in_the_answer(tokenizer):
    found = made_analyzer(tokenizer, ("voice", "words"), "focus").analyze(clip(2.0), WORDS)
    seen, said = found.attention, tables.as_dict(found)["attention"]
    assert seen.words_focus.shape == (2, 7, 2)
    assert seen.voice_focus.shape == (2, len(seen.frames), 2)
    assert 0 <= seen.words_focus[..., 0].min() <= seen.words_focus[..., 0].max() <= 2
    assert len(said["focus"]) == len(said["words"]) == 7
    plain = made_analyzer(tokenizer, ("voice", "words"), "mmi").analyze(clip(2.0), WORDS)
    assert "focus" not in tables.as_dict(plain)["attention"]


def test_the_body_is_judged_in_many_as_in_one(tokenizer):
    whole = made_analyzer(tokenizer, ("voice", "words", "body"))
    utterances = [
        Utterance(clip(1.0), None, FEATURES),
        Utterance(body=FEATURES),
        Utterance(clip(1.0), typed(WORDS)),
        Utterance(clip(1.0), typed(WORDS), np.full(made.N_FEATURES, np.nan)),
    ]
    together = whole.predict(utterances)
    assert same(together[1], whole.analyze(body=FEATURES).prediction)
    assert not same(together[0], whole.predict([Utterance(clip(1.0))])[0], within=1e-3)
    assert same(together[2], together[3])
    with pytest.raises(BadInput, match="2 features and the model needs 5"):
        whole.analyze(body=FEATURES[:2])
    with pytest.raises(BadInput, match="nothing to read"):
        whole.analyze(body=np.full(made.N_FEATURES, np.nan))


@pytest.mark.parametrize("shape", [(), (1,), (N_MEASURES - 1,), (1, N_MEASURES)])
def test_what_is_unusual_in_another_shape_is_one_sentence(shape):
    with pytest.raises(BadInput, match=r"is 136 numbers.*Let emotion\.model\.usual\.Speakers"):
        Utterance(clip(1.0), unusual=np.zeros(shape))


def test_taking_parts_away_leaves_the_body_as_it_is(tokenizer):
    analyzer = made_analyzer(
        tokenizer, ("voice", "words", "body"), combinations=("all", "voice+body")
    )
    found = analyzer.analyze(clip(0.5), "행복해 너무", body=FEATURES)
    lost = occlude(analyzer, found)
    (left,) = analyzer.predict([Utterance(found.clip, typed("너무"), FEATURES)])
    label = found.prediction.label
    gone = found.prediction.probabilities[label] - left.probabilities[label]
    assert lost.words[0] == pytest.approx(gone, abs=1e-5)


@pytest.mark.parametrize("labels", [("neutral", "happy", "angry", "sad"), (*LABELS, "calm")])
def test_other_labels_than_the_seven_load_and_are_said(tokenizer, labels, tmp_path):
    model = made.model(tokenizer, ("words",), labels=labels)
    checkpoint.save(model, tokenizer, tmp_path, "# made")
    analyzer = Analyzer.load(tmp_path, "cpu")
    found = analyzer.analyze(text=WORDS)
    assert tuple(found.prediction.probabilities) == labels
    assert list(tables.as_rows(found)[0])[3 : 3 + len(labels)] == [f"p_{name}" for name in labels]


def test_a_label_that_nobody_knows_is_refused_by_name(tokenizer, tmp_path):
    checkpoint.save(made.model(tokenizer, ("voice",)), None, tmp_path, "# made")
    config = (tmp_path / "config.json").read_text("utf-8")
    (tmp_path / "config.json").write_text(config.replace('"disgust"', '"hunger"'), "utf-8")
    with pytest.raises(BadInput, match="unknown label 'hunger'"):
        Analyzer.load(tmp_path)


def test_a_table_scored_again_has_the_labels_of_the_model_that_scored_it(tokenizer, tmp_path):
    table, out = tmp_path / "table.csv", tmp_path / "out.csv"
    before = "predicted,p_fear,p_calm,valence,arousal,error"
    rows = f"text,p_mine,{before}\nhello there,7,fear,0.5,0.5,0,0,\n"
    table.write_text(rows, encoding="utf-8")
    labels = ("neutral", "happy", "calm")
    score(made_analyzer(tokenizer, ("words",), labels=labels), table, out)
    columns = out.read_text("utf-8-sig").splitlines()[0].split(",")
    assert columns == [
        *("text", "p_mine", "predicted", "p_neutral", "p_happy", "p_calm"),
        *("valence", "arousal", "notice", "error"),
    ]
