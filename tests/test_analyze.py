import numpy as np
import pytest

from emotion import tables
from emotion.analyze import Analyzer, Utterance, _batches
from emotion.audio import RATE, Clip
from emotion.checkpoint import Checkpoint
from emotion.errors import BadInput
from emotion.model import Row
from emotion.labels import LABELS
from emotion.transcribe import Transcript, Word, typed
from tests.conftest import clip, small_model, voice

WORDS = "I am so happy to see you"


def same(one, other, within=1e-5):
    return all(abs(one.probabilities[name] - other.probabilities[name]) < within for name in LABELS)


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


def test_batches_are_bounded_and_complete():
    rows = [Row(np.zeros(round(s * RATE), np.float32)) for s in (30, 1, 30, 2, 30, 30, 30, 0.5)]
    groups = list(_batches(rows))
    assert sorted(index for group in groups for index in group) == list(range(len(rows)))
    for group in groups:
        assert len(group) * max(len(rows[index].voice) for index in group) <= 120 * RATE


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
