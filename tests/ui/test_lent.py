"""A model on a GPU that is lent: what goes to another process and what comes back."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest
import torch

from emotion.analysis import Utterance
from emotion.errors import BadInput
from emotion.transcript import typed
from emotion.ui.lent import around
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
