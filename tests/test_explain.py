import numpy as np
import pytest

from emotion.analysis import Utterance
from emotion.attention import Attention
from emotion.audio import RATE, Clip
from emotion.explain import occlude, received_by_spans, received_by_words
from emotion.transcript import typed
from tests.conftest import clip

WORDS = "I am so happy to see you"


def test_each_loss_is_what_taking_the_part_away_does(analyzer):
    found = analyzer.analyze(clip(1.1), WORDS)
    checked = occlude(analyzer, found)
    label = found.prediction.label
    whole = found.prediction.probabilities[label]
    assert checked.label == label
    without_happy = Utterance(found.clip, typed("I am so to see you"))
    left = analyzer.predict([without_happy])[0].probabilities[label]
    assert checked.words[3] == pytest.approx(whole - left, abs=1e-4)
    muted = found.clip.samples.copy()
    muted[RATE // 4 : RATE // 2] = 0
    left = analyzer.predict([Utterance(Clip(muted, "muted"), found.transcript)])[0]
    assert checked.moments[1][2] == pytest.approx(whole - left.probabilities[label], abs=1e-4)


def test_moments_cover_the_clip_and_words_are_all_there(analyzer):
    checked = occlude(analyzer, analyzer.analyze(clip(1.1), WORDS))
    assert len(checked.words) == 7
    starts = [start for start, _, _ in checked.moments]
    ends = [end for _, end, _ in checked.moments]
    assert starts == [0, 0.25, 0.5, 0.75, 1.0]
    assert ends == [*starts[1:], pytest.approx(1.1)]
    assert -1 <= checked.words_agreement <= 1
    assert -1 <= checked.voice_agreement <= 1


def test_one_side_alone_has_no_agreement(analyzer):
    heard = occlude(analyzer, analyzer.analyze(clip(1.0), words=False))
    assert heard.words == ()
    assert len(heard.moments) == 4
    assert heard.voice_agreement is None
    read = occlude(analyzer, analyzer.analyze(text=WORDS))
    assert read.moments == ()
    assert len(read.words) == 7
    assert read.words_agreement is None


def test_the_only_word_taken_away_leaves_even_odds(analyzer):
    found = analyzer.analyze(text="행복해")
    lost = occlude(analyzer, found).words[0]
    assert lost == pytest.approx(found.prediction.probabilities[found.prediction.label] - 1 / 7)


def test_progress_grows_to_one(analyzer):
    told = []
    occlude(analyzer, analyzer.analyze(clip(20.0), WORDS), told.append)
    assert told == sorted(told)
    assert len(told) > 1
    assert told[-1] == 1


def test_attention_received_is_shared_out():
    attention = Attention(
        words=("a", "b"),
        frames=np.array([[0, 0.5], [0.5, 1.0]]),
        words_to_voice=np.array([[[[0.2, 0.8], [0.6, 0.4]]]]),
        voice_to_words=np.array([[[[0.9, 0.1], [0.5, 0.5]]]]),
    )
    assert np.allclose(received_by_words(attention), [0.7, 0.3])
    spans = [(0, 0.5), (0.5, 1.0)]
    assert np.allclose(received_by_spans(attention, spans), [0.4, 0.6])
