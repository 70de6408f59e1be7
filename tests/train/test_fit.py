import json
import os
import signal
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from emotion import checkpoint
from emotion.biosignals import FEATURES
from emotion.model import EmotionModel, ModelConfig, Tokenizer
from emotion.model.config import (
    CompactVoice,
    CompactWords,
    DenseBody,
    FusionConfig,
)
from tests.train import corpora as made
from train import begin, fit
from train.batches import Feed
from train.corpora import Notes, read
from train.errors import CannotTrain
from train.losses import LossSettings
from train.predict import say
from train.recipe import Recipe
from train.rows import of_sides
from train.sounds import prepare
from train.state import FILE, place_in
from train.step import clear_about_memory

MODEL = ModelConfig(
    voice=CompactVoice(width=16, layers=1, heads=2, channels=4, mels=20),
    words=CompactWords(vocabulary=100, width=16, layers=1, heads=2),
    fusion=FusionConfig(kind="concat", pooling="mean"),
    width=16,
    dropout=0.2,
)
# As the papers train: a corpus from end to end, nothing changed by chance.
PLAIN = Recipe(
    model=MODEL,
    steps={"spoken": "all"},
    batch={"spoken": 4},
    epochs=2,
    rate=3e-3,
    average=0.0,
    augment=False,
    drop_word=0.0,
    drop_side=0.0,
    loss=LossSettings(affect=0.0, adjusted=False, smoothing=0.0),
)
STILL = replace(MODEL, dropout=0.0)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    samples = read("ravdess", made.make_ravdess(folder / "ravdess", actors=range(1, 4)))
    sounds = prepare({"ravdess": samples}, folder / "cache", Notes())
    return samples, sounds, Tokenizer.train([each.text for each in samples], 100)


def judge(model, stage):
    """A figure that depends on every weight and goes up and down, to tell one run from another."""
    values = [each.detach().double().sin().sum() for each in model.parameters()]
    return {"made": float(torch.sin(100 * sum(values)))}


def keep_the_last(model, stage):
    return {}


def train(corpus, folder, recipe, judge=judge, stop_after=None, resume=False, cache=None, n=None):
    folder.mkdir(exist_ok=True)
    samples, sounds, tokenizer = corpus
    stages = [(part, Feed(part, samples[:n], sounds, tokenizer)) for part in recipe.parts()]
    run = fit.Run(stages, judge, folder, cache, stop_after)
    return fit.fit(run, begin.empty(recipe), resume)


def assert_alike(one, other, **close):
    assert one.keys() == other.keys()
    for name, value in one.items():
        torch.testing.assert_close(value, other[name], **(close or {"rtol": 0, "atol": 0}))


def weights(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def log_of(folder):
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [{name: value for name, value in line.items() if name != "seconds"} for line in lines]


STAGES = replace(
    PLAIN,
    batch={"spoken": 7},
    accumulate=2,
    epochs=3,
    patience=1,
    average=0.9,
    augment=True,
    drop_word=0.3,
    drop_side=0.2,
    stages=({"name": "voice", "learns": ["voice"], "sides": ["voice"]}, {"name": "all"}),
)


def test_a_run_stopped_at_every_step_ends_with_the_very_same_weights(corpus, tmp_path):
    whole = train(corpus, tmp_path / "whole", STAGES)
    stops = 0
    while True:
        try:
            again = train(corpus, tmp_path / "bits", STAGES, stop_after=stops + 1, resume=stops > 0)
            break
        except fit.Stopped:
            stops += 1
    assert stops > 6
    assert_alike(weights(whole), weights(again))
    assert_alike(*(load_file(tmp_path / name / FILE) for name in ("whole", "bits")))
    assert log_of(tmp_path / "bits") == log_of(tmp_path / "whole")
    assert {line["stage"] for line in log_of(tmp_path / "bits")} == {"voice", "all"}


def test_a_signal_stops_after_the_step_and_nothing_is_lost(corpus, tmp_path):
    def ask_to_stop(model, stage):
        os.kill(os.getpid(), signal.SIGTERM)
        return judge(model, stage)

    with pytest.raises(fit.Stopped):
        train(corpus, tmp_path / "bits", PLAIN, ask_to_stop)
    again = train(corpus, tmp_path / "bits", PLAIN, resume=True)
    assert_alike(weights(train(corpus, tmp_path / "whole", PLAIN)), weights(again))


def test_accumulating_and_cutting_long_batches_take_the_step_of_the_whole_batch(corpus, tmp_path):
    whole = replace(PLAIN, model=STILL, batch={"spoken": 32}, epochs=3, epsilon=1e-4)
    one = weights(train(corpus, tmp_path / "whole", whole, keep_the_last))
    start = weights(begin.empty(whole))
    assert max((one[name] - start[name]).abs().max() for name in one) > 1e-3
    for name, change in (
        ("lots", {"batch": {"spoken": 8}, "accumulate": 4}),
        ("short", {"padded_seconds": 2.0}),
    ):
        other = train(corpus, tmp_path / name, replace(whole, **change), keep_the_last)
        assert_alike(one, weights(other), rtol=0, atol=2e-5)


def test_the_best_epoch_by_the_development_side_is_kept_and_patience_ends(corpus, tmp_path):
    scores = iter([0.1, 0.9, 0.2, 0.3, 1.0])
    steady = replace(PLAIN, schedule="constant", epochs=5, patience=2)
    best = train(corpus, tmp_path / "best", steady, lambda model, sides: {"made": next(scores)})
    assert [line["score"] for line in log_of(tmp_path / "best")] == [0.1, 0.9, 0.2, 0.3]
    # The warm-up is a share of all steps, so that two epochs alone would begin otherwise.
    seen = []

    def watch(model, sides):
        seen.append(weights(model))
        return {"made": len(seen)}

    train(corpus, tmp_path / "watched", steady, watch)
    assert_alike(weights(best), seen[1])


def test_what_is_frozen_stays_and_what_it_said_is_remembered(corpus, tmp_path):
    frozen = replace(PLAIN, learns=("fusion",))
    plain = train(corpus, tmp_path / "plain", frozen, keep_the_last)
    kept = train(corpus, tmp_path / "kept", frozen, keep_the_last, cache=tmp_path / "cache")
    start = weights(begin.empty(frozen))
    moved = {name for name, value in weights(kept).items() if not value.equal(start[name])}
    assert moved == {name for name in start if name.startswith("fusion.joined.heads")} - {
        name
        for name in start
        if ".affect." in name  # whose loss weighs nothing here
    }
    assert_alike(weights(plain), weights(kept), rtol=0, atol=2e-3)
    assert len(list((tmp_path / "cache").glob("states/*/*.states"))) == 2
    again = train(corpus, tmp_path / "again", frozen, keep_the_last, cache=tmp_path / "cache")
    assert_alike(weights(kept), weights(again))


def test_a_remembered_utterance_is_not_encoded_again(corpus, tmp_path):
    calls = []

    def judge(model, stage):
        model.voice.encoder.project.register_forward_hook(lambda *_: calls.append(len(calls)))
        return {}

    frozen = replace(PLAIN, learns=("fusion",), epochs=3)
    train(corpus, tmp_path / "run", frozen, judge, cache=tmp_path / "cache")
    assert calls == []


def test_sides_are_taken_from_other_checkpoints(corpus, tmp_path):
    alone = replace(MODEL, words=None, width=16)
    torch.manual_seed(7)
    trained = EmotionModel(alone)
    checkpoint.save(trained, None, tmp_path / "voice", card="# Voice\n")
    late = replace(MODEL, fusion=FusionConfig(kind="late", pooling="mean"))
    recipe = replace(PLAIN, model=late, start={"voice": str(tmp_path / "voice")})
    starts = begin.checkpoints(recipe)
    model = begin.fill(begin.empty(begin.shaped(recipe, starts)), starts, [])
    taken = weights(model)
    for name, value in starts["voice"].model.state_dict().items():
        name = name.replace("fusion.joined.heads", "fusion.heads.voice")
        assert taken[name].equal(value), name
    other = replace(recipe, model=replace(late, width=8))
    with pytest.raises(CannotTrain, match=r"voice_in\.weight"):
        begin.fill(begin.empty(begin.shaped(other, starts)), starts, [])
    with pytest.raises(CannotTrain, match="has no words"):
        begin.checkpoints(replace(PLAIN, start={"words": str(tmp_path / "voice")}))


def test_a_body_is_measured_against_the_training_side(corpus, tmp_path):
    samples, sounds, _ = corpus
    samples = [replace(each, body={"ecg": each.audio}) for each in samples]
    rng = np.random.default_rng(0)
    for each in samples:
        measured = rng.normal(3.0, 2.0, len(FEATURES)).astype(np.float32)
        measured[1], measured[2] = 5.0, np.nan  # never moves, never measured
        sounds.bodies["ravdess", each.id] = measured
    bodies = [sounds.body(each) for each in samples]
    config = replace(MODEL, voice=None, words=None, body=DenseBody(width=8, features=len(FEATURES)))
    recipe = replace(PLAIN, model=replace(config, combinations=("body",)))
    model = begin.fill(begin.empty(recipe), {}, bodies)
    assert np.allclose(model.body.middle, np.nanmean([[0.0] * len(FEATURES), *bodies], 0), atol=0.3)
    assert model.body.spread[1] == model.body.spread[2] == 1
    assert 1.5 < model.body.spread[0] < 2.5
    batch = (feed := Feed(recipe, samples, sounds, None)).make(feed.epoch(0)[0])
    assert batch.inputs.body.shape == (4, len(FEATURES))
    assert not batch.inputs.n_samples.any()
    assert (model(batch.inputs).combination == 3).all()
    few = replace(recipe, model=replace(recipe.model, body=DenseBody(width=8, features=3)))
    with pytest.raises(CannotTrain, match=r"model\.body\.features"):
        begin.fill(begin.empty(few), {}, bodies)


def test_sixteen_clips_can_be_learnt_by_heart(corpus, tmp_path):
    samples, sounds, _ = corpus
    voice = replace(STILL, words=None, combinations=("voice",))
    recipe = replace(PLAIN, model=voice, batch={"spoken": 16}, epochs=40, rate=1e-2, clip=5.0)
    model = train(corpus, tmp_path / "run", recipe, keep_the_last, n=16)
    rows = [of_sides(each, ("voice",)) for each in samples[:16]]
    assert len({row.label for row in rows}) > 2
    said = say(model, None, sounds, rows)
    assert (said.logits.argmax(1) == [row.label for row in rows]).all()


def test_a_model_that_says_no_number_ends_the_run_and_what_was_saved_stays(corpus, tmp_path):
    samples, sounds, tokenizer = corpus
    rows = [of_sides(each, ("voice",)) for each in samples[:4]]

    def ask(model, stage):
        return {"made": float(say(model, tokenizer, sounds, rows).logits.mean())}

    calm = replace(PLAIN, batch={"spoken": 32}, epochs=2, warmup=0.0)
    with pytest.raises(fit.Stopped):
        train(corpus, tmp_path, calm, ask, stop_after=1)
    # Its one step is fine, and only what it leads to is not.
    wild = replace(calm, rate=1e20, epochs=2, schedule="constant")
    with pytest.raises(CannotTrain, match="not a number"):
        train(corpus, tmp_path, wild, ask, resume=True)
    kept = place_in(tmp_path)
    assert (kept.epoch, kept.total) == (1, 1)  # the end of the epoch before
    train(corpus, tmp_path, calm, ask, resume=True)


def test_a_log_whose_last_line_was_cut_off_is_gone_on_with(corpus, tmp_path):
    with pytest.raises(fit.Stopped):
        train(corpus, tmp_path, PLAIN, stop_after=1)
    (tmp_path / "log.jsonl").write_text('{"epoch": 1, "sco')
    train(corpus, tmp_path, PLAIN, resume=True)
    assert [line["epoch"] for line in log_of(tmp_path)] == [1, 2]


def test_the_end_of_memory_is_one_clear_sentence():
    said = pytest.raises(CannotTrain, match="Out of memory in a batch of voice")
    with said, clear_about_memory("voice"):
        torch.empty(10**15)
