from dataclasses import replace

import numpy as np
import pytest
import torch

from emotion.labels import LABELS
from emotion.model import Tokenizer
from tests.train import corpora as made
from train import augment, nothing
from train.batches import Draw, Feed, by_length
from train.corpora import Notes, Sample, read
from train.errors import CannotTrain
from train.pairs import Pairs
from train.recipe import Recipe
from train.rows import of_both, of_sides, place_of
from train.sounds import prepare

RECIPE = Recipe(
    voice={"ravdess": 1.0},
    words={"kote": 2.0, "va_kor": 1.0},
    pairs={"agreeing": 1.0, "voice_decides": 1.0},
    plain_text=("ravdess",),
    steps={"voice": 4, "words": 4, "pairs": 4},
    batch={"voice": 6, "words": 6, "pairs": 6},
    drop_side=0.3,
)


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpora")
    corpora = {
        "ravdess": read("ravdess", made.make_ravdess(folder / "ravdess")),
        "kote": read("kote", made.make_kote(folder / "kote")),
        "va_kor": read("va_kor", made.make_va_kor(folder / "va_kor")),
    }
    samples = [sample for members in corpora.values() for sample in members]
    sounds = prepare(corpora, folder / "cache", Notes())
    tokenizer = Tokenizer.train([sample.text for sample in samples if sample.text], 200)
    return Feed(RECIPE, samples, sounds, tokenizer)


def test_an_epoch_is_the_same_again_and_the_next_is_another(feed):
    assert feed.epoch(3) == feed.epoch(3)
    assert feed.epoch(3) != feed.epoch(4)
    one, again = (feed.make(feed.epoch(3)[0]) for _ in range(2))
    assert one.inputs.samples.equal(again.inputs.samples)
    assert one.inputs.tokens.equal(again.inputs.tokens)


def test_each_batch_is_of_one_kind(feed):
    draws = feed.epoch(0)
    assert sorted(draw.kind for draw in draws) == sorted(["voice", "words", "pairs"] * 4)
    for draw in draws:
        batch = feed.make(draw)
        voiced, worded = batch.inputs.n_samples > 0, (batch.inputs.words >= 0).any(1)
        assert (voiced | worded).all()
        if draw.kind != "pairs":
            assert voiced.all() == (draw.kind == "voice")
            assert worded.all() == (draw.kind == "words")


def test_pairs_lose_either_side_at_times_but_never_both(feed):
    batches = [feed.make(draw) for n in range(5) for draw in feed.epoch(n) if draw.kind == "pairs"]
    voiced = np.concatenate([batch.inputs.n_samples.numpy() > 0 for batch in batches])
    worded = np.concatenate([(batch.inputs.words >= 0).any(1).numpy() for batch in batches])
    assert (voiced | worded).all()
    assert 0 < (~voiced).mean() < 0.5
    assert 0 < (~worded).mean() < 0.5


def test_padding_stays_small():
    rng = np.random.default_rng(0)
    lengths = rng.integers(1, 100, 960)
    rows = [
        of_sides(Sample(str(i), "kote", text="가" * n), ("words",)) for i, n in enumerate(lengths)
    ]
    batches = list(by_length(rows, 16, lambda row: len(row.text), 12))
    assert sum(map(len, batches)) == 960
    real = sum(len(row.text) for batch in batches for row in batch)
    padded = sum(len(batch) * max(len(row.text) for row in batch) for batch in batches)
    assert real / padded > 0.85


def joinable():
    """Voices and texts of three feelings."""
    labels = ("neutral", "angry", "sad")
    places = {
        each: dict(zip(("valence", "arousal"), place_of(each), strict=True)) for each in labels
    }
    voices = [Sample(f"v{each}", "ravdess", label=each, **places[each]) for each in labels]
    texts = [
        Sample(f"{each}{i}", "kote", text=f"{each} {i}", label=each)
        for each in labels
        for i in range(20)
    ]
    return voices, texts


def test_what_is_joined_follows_the_rule(feed):
    rng = np.random.default_rng(0)
    pairs = Pairs(*joinable(), plain=[], real=[])
    for way, heard, read_ in (
        ("agreeing", None, None),
        ("voice_decides", None, "neutral"),
        ("words_decide", "neutral", None),
    ):
        for _ in range(20):
            row = pairs.draw(way, rng)
            label = ("neutral", "happy", "surprise", "angry", "sad", "disgust", "fear")[row.label]
            assert row.voice.label == (heard or label)
            assert row.text.split()[0] == (read_ or label)
    assert pairs.draw("as_spoken", rng) is None


def test_a_side_of_a_pair_is_mistaken_as_often_as_asked():
    rng = np.random.default_rng(0)
    pairs = Pairs(*joinable(), plain=[], real=[], mistaken=0.3)
    drawn = [pairs.draw("agreeing", rng) for _ in range(500)]
    labels = [LABELS[row.label] for row in drawn]
    for seems in ([row.voice.label for row in drawn], [row.text.split()[0] for row in drawn]):
        wrong = np.mean([one != other for one, other in zip(seems, labels, strict=True)])
        assert wrong == pytest.approx(0.3, abs=0.05)
    # Valence and arousal go with the label, and not with what a mistaken voice seems to be.
    assert {row.affect for row, name in zip(drawn, labels, strict=True) if name == "sad"} == {
        place_of("sad")
    }


def test_a_changed_voice_stays_a_voice():
    rng = np.random.default_rng(0)
    voice = np.sin(np.arange(5 * 16_000) / 20).astype(np.float32)
    for _ in range(30):
        changed = augment.change(voice, 2.0, rng)
        assert changed.dtype == np.float32
        assert 0 < len(changed) <= 2 * 16_000
        assert np.isfinite(changed).all()
    for hard in (np.zeros(100, np.float32), np.zeros(16_000, np.float32), voice[:161]):
        assert np.isfinite(augment.change(hard, 2.0, rng)).all()


def test_noise_is_as_loud_as_asked():
    rng = np.random.default_rng(0)
    voice = np.sin(np.arange(16_000) / 20)
    added = augment.noise(voice, 10, rng) - voice
    assert 10 * np.log10(np.mean(voice**2) / np.mean(added**2)) == pytest.approx(10, abs=0.1)


def test_mixing_shares_voices_and_labels(feed):
    rows = feed.sources.members["voice"]["ravdess"]
    two = next((a, b) for a in rows for b in rows if a.label != b.label)
    batch = feed.make(Draw("voice", two * 20, (0,)))
    assert np.allclose(batch.shares.sum(1), 1)
    mixed = batch.shares[(batch.shares > 0).sum(1) == 2]
    assert len(mixed)
    assert (mixed.max(1).values >= 0.6).all()


def test_rows_know_what_is_unknown():
    row = of_sides(Sample("a", "emotiontts"), ("voice",))
    assert row.shares is None
    assert row.label is None
    assert np.isnan(row.affect).all()


def test_a_full_pass_shows_each_utterance_once_with_all_it_has(feed):
    recipe = replace(RECIPE, steps={"spoken": "all"}, batch={"spoken": 5}, accumulate=3)
    samples = [row.voice for row in feed.sources.members["voice"]["ravdess"]]
    samples += [Sample("mute", "other", text="no voice at all", label="sad")]
    samples += [Sample("odd", "other", text="no label either")]
    spoken = Feed(recipe, samples, feed.sounds, feed.tokenizer)
    steps = [draw for step in spoken.steps(0) for draw in step]
    shown = [row for draw in steps for row in draw.rows]
    assert len(steps) == -(-len(shown) // 5)
    assert len(spoken.steps(0)) == spoken.n_steps == -(-len(steps) // 3)
    ids = sorted(row.voice.id if row.voice else "mute" for row in shown)
    assert ids == sorted(sample.id for sample in samples if sample.label)
    assert all(row.text for row in shown)
    assert spoken.epoch(0) != spoken.epoch(1)
    # A model for both sides at once has no use for what has only one.
    model = replace(recipe.model, combinations=("both",))
    both = Feed(replace(recipe, model=model), samples, feed.sounds, feed.tokenizer)
    assert list(both.sources.members["spoken"]) == ["ravdess"]


def test_what_is_not_to_be_changed_is_read_as_it_is(feed):
    still = replace(RECIPE, steps={"spoken": 1}, augment=False, drop_word=0, drop_side=0)
    row = of_both(feed.sources.members["voice"]["ravdess"][0].voice)
    spoken = Feed(still, [row.voice], feed.sounds, feed.tokenizer)
    batch = spoken.make(Draw("spoken", (row,), (0,)))
    assert np.array_equal(batch.inputs.samples[0], feed.sounds[row.voice])
    assert tuple(batch.inputs.tokens[0]) == feed.tokenizer.encode(row.text.split()).tokens


def test_long_batches_are_cut_where_padding_would_exceed_its_bound(feed):
    bounded = replace(RECIPE, padded_seconds=2.0, batch={**RECIPE.batch, "voice": 40})
    bounded = Feed(
        bounded,
        [row.voice for row in feed.sources.members["voice"]["ravdess"]],
        feed.sounds,
        feed.tokenizer,
    )
    draw = Draw("voice", tuple(feed.sources.members["voice"]["ravdess"]), (0,))
    parts = bounded.bounded(draw)
    assert sorted(row.voice.id for part in parts for row in part.rows) == sorted(
        row.voice.id for row in draw.rows
    )
    for part in parts:
        assert len(part.rows) * max(map(bounded.seconds, part.rows)) <= 2.0


def test_what_has_nothing_to_teach_is_refused_before_it_is_trained_on(feed):
    unknown = [Sample(str(index), "kote", text="글") for index in range(3)]
    recipe = replace(RECIPE, steps={"spoken": "all"}, batch={"spoken": 2})
    with pytest.raises(CannotTrain, match=r"No utterance on the training side has a feeling"):
        Feed(recipe, unknown, feed.sounds, feed.tokenizer)


def test_a_models_own_labels_are_what_it_is_taught():
    calm = Sample("c", "ravdess", label="neutral", fine="calm")
    assert of_sides(calm, ("voice",)).label == 0
    assert of_sides(calm, ("voice",), ("neutral", "calm")).label == 1
    split = Sample("s", "x", label="sad", votes={"sad": 0.6, "fear": 0.2, "happy": 0.2})
    assert of_sides(split, (), ("happy", "sad")).shares == (0.0, 1.0)
    assert of_sides(split, (), ("happy", "sad"), soft=True).shares == pytest.approx((0.25, 0.75))
    assert of_sides(split, (), ("angry", "neutral")).shares is None


def test_what_nobody_spoke_or_wrote_is_taught_as_any_label_alike(feed):
    recipe = replace(RECIPE, nothing=0.5, mix=0.0)
    noisy = Feed(recipe, [], feed.sounds, feed.tokenizer)
    noisy.sources = feed.sources
    for kind in ("voice", "words"):
        batches = [noisy.make(draw) for draw in noisy.epoch(0) if draw.kind == kind]
        shares = torch.cat([batch.shares for batch in batches])
        prior = torch.cat([batch.prior for batch in batches])
        affect = torch.cat([batch.affect for batch in batches])
        even = (shares - 1 / 7).abs().amax(1) < 1e-6
        assert 0.2 < even.float().mean() < 0.8
        assert affect[even].isnan().all()
        # The loss adds the prior: only an even one leaves an even answer.
        assert torch.allclose(prior[even], torch.tensor(1 / 7))


@pytest.mark.parametrize("seconds", [0.05, 3.0])
def test_sounds_of_nothing_are_sounds_of_any_loudness(seconds):
    rng = np.random.default_rng(0)
    made = [nothing.sound(seconds, rng) for _ in range(50)]
    assert {len(sound) for sound in made} == {int(seconds * 16_000)}
    peaks = np.array([np.abs(sound).max() for sound in made])
    assert np.isfinite(peaks).all()
    assert peaks.max() <= 1
    assert np.median(peaks) < 0.2
