"""A GPU that is lent: who asks for it, how long, what goes to another process and comes back."""

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from emotion import audio
from emotion.analysis import Utterance
from emotion.audio import RATE
from emotion.errors import BadInput
from emotion.live import Live
from emotion.model import Row
from emotion.transcript import typed
from emotion.ui import lent
from emotion.ui.lent import around
from emotion.ui.page import Page
from tests.conftest import clip


@pytest.fixture
def elsewhere(analyzer, monkeypatch):
    """The analyzer, with its model in a process of its own, as a lent GPU would have it."""
    judge, predict = analyzer._judge, analyzer.predict_rows

    with ProcessPoolExecutor(1, get_context("fork"), _asked_of, (judge, predict)) as pool:
        both = around(
            analyzer,
            lambda utterance: pool.submit(_ask, 0, utterance).result(),
            lambda rows: pool.submit(_ask, 1, rows).result(),
        )
        monkeypatch.setattr(analyzer, "_judge", both[0])
        monkeypatch.setattr(analyzer, "predict_rows", both[1])
        yield analyzer


_ASKED: list = []


def _asked_of(*functions):
    # A fork of a process that has computed in several threads waits for them for ever.
    torch.set_num_threads(1)
    _ASKED[:] = functions


def _ask(which, given):
    return _ASKED[which](given)


def test_another_process_says_the_same(analyzer, elsewhere):
    given = Utterance(clip(0.6), typed("너무 행복해"))
    rows, told = [elsewhere.row(given)], []
    analysis = elsewhere._judge(given)
    assert analysis.prediction.probabilities == pytest.approx(
        elsewhere.predict_rows(rows, told.append)[0].probabilities, abs=1e-5
    )
    assert analysis.attention is not None
    assert told == [1.0]


def test_what_the_model_cannot_is_refused_before(elsewhere):
    with pytest.raises(BadInput):
        elsewhere._judge(Utterance())


@pytest.fixture
def loans(monkeypatch):
    """The seconds of each loan that was asked for on a host that lends; `said`, who could ask."""
    asked = []

    def gpu(duration):
        def lend(task):
            loans.said.append(task.__name__)

            def borrowed(*given):
                asked.append(duration(*given) if callable(duration) else duration)
                return task(*given)

            return borrowed

        return lend

    config = SimpleNamespace(Config=SimpleNamespace(zero_gpu=True))
    loans = SimpleNamespace(GPU=gpu, config=config, asked=asked, said=[])
    monkeypatch.setitem(sys.modules, "spaces", loans)
    return loans


def test_a_small_model_borrows_nothing_and_the_host_still_hears_what_could(small_checkpoint, loans):
    analyzer, quick = lent.load(small_checkpoint)
    assert analyzer is quick
    assert analyzer.device.type == analyzer.transcriber.device == "cpu"
    assert analyzer.analyze(clip(0.6), "너무 행복해").attention is not None
    assert loans.asked == []
    assert loans.said == ["_judge", "predict_rows"]  # or it would end the page


def test_a_large_model_borrows_for_as_long_as_there_is_to_do(small_checkpoint, loans, monkeypatch):
    monkeypatch.setattr(lent, "SMALL", 1000)
    analyzer, _ = lent.load(small_checkpoint)
    analyzer.analyze(clip(0.6), "너무 행복해")
    analyzer.predict([Utterance(clip(0.6)), Utterance(None, typed("너무 행복해"))])
    assert loans.asked == [10, 10]
    half_a_minute = Row(np.zeros(30 * RATE, np.float32))
    assert [lent.needed([half_a_minute] * n) for n in (1, 20, 1000)] == [10, 16, 60]


def test_live_never_borrows(small_checkpoint, loans, monkeypatch, clips):
    monkeypatch.setattr(lent, "SMALL", 1000)
    analyzer, quick = lent.load(small_checkpoint)
    live = Live(Page(analyzer, quick=quick).live.analyzer, words=False)
    live.hear(RATE, audio.load(clips["ko_happy"]).samples)
    assert any(reading.prediction for reading in live.read())
    assert loans.asked == []


def test_elsewhere_nothing_is_lent(small_checkpoint, loans):
    loans.config.Config.zero_gpu = False
    analyzer, quick = lent.load(small_checkpoint)
    assert analyzer is quick
    assert loans.said == []
