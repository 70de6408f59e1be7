"""What unusual voices are a sign of, learnt from some speakers and asked of another."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from emotion.labels import LABELS
from emotion.model import ModelConfig
from emotion.model.config import FusionConfig
from emotion.model.usual import Usual, measures
from tests.model.test_usual import buzz
from train import augment, begin, learning, memory, nothing, usual
from train.corpora import Sample
from train.questions import Question, of_known
from train.recipe import Recipe
from train.rows import of_sides

RAISED = {"neutral": 0.0, "happy": 3.0, "sad": -3.0}  # semitones above what is usual
PITCHES = {"low": 90.0, "middle": 130.0, "high": 190.0, "new": 160.0}


class Voices:
    """Sounds in memory."""

    def __init__(self, heard):
        self.heard = heard
        self.known = {}

    def __contains__(self, sample):
        return sample.id in self.heard

    def __getitem__(self, sample):
        return self.heard[sample.id]

    def measures(self, sample):
        if sample.id not in self.known:
            self.known[sample.id] = measures(self.heard[sample.id])
        return self.known[sample.id]


@pytest.fixture(scope="module")
def told():
    """Speakers who raise their voice as they are glad, and lower it as they are sad."""
    chance, samples, heard = np.random.default_rng(0), [], {}
    for speaker, pitch in PITCHES.items():
        for number in range(12):
            label = list(RAISED)[number % 3]
            name = f"{speaker}-{number}"
            far = RAISED[label] + 0.3 * chance.standard_normal()
            heard[name] = buzz(pitch * 2 ** (far / 12), 0.6)
            samples.append(Sample(name, "ravdess", "x.wav", label=label, speaker=speaker))
    return samples, Voices(heard)


def learnt(samples, sounds, empty=0.0):
    found = Usual()
    usual.learn(found, samples, sounds, {"ravdess": 1.0}, empty)
    return found


@pytest.mark.parametrize("labels", [tuple(RAISED), ("happy", "sad")])
def test_a_raised_voice_is_told_from_a_high_one(told, labels):
    samples, sounds = told
    samples = [each for each in samples if each.label in labels]
    taught = [each for each in samples if each.speaker != "new"]
    found = learnt(taught, sounds)
    new = [each for each in samples if each.speaker == "new"]
    known = usual.speakers(new, sounds)
    far = np.array([usual.unusual(each, known) for each in new])
    said = found.beside(found.from_speaker(torch.from_numpy(far))).numpy()
    gladder = said[:, LABELS.index("happy")] - said[:, LABELS.index("sad")]
    of = {label: gladder[[each.label == label for each in new]] for label in labels}
    if "neutral" in of:
        assert of["happy"].min() > of["neutral"].max() > of["neutral"].min() > of["sad"].max()
    assert of["happy"].min() > of["sad"].max()
    assert not found.beside.weight[[label not in labels for label in LABELS]].any()


def test_where_nothing_is_to_be_learnt_nothing_is_said(told):
    samples, sounds = told
    for few in ([], [each for each in samples if each.label == "sad"]):
        assert not any(each.any() for each in learnt(few, sounds).alone.parameters())
    for few in ([], samples[:3], [each for each in samples if each.label == "sad"]):
        assert not any(each.any() for each in learnt(few, sounds).beside.parameters())


def test_what_nobody_spoke_is_hardly_a_sign_of_anything(told):
    samples, sounds = told
    rng = np.random.default_rng(5)
    made = torch.from_numpy(np.stack([measures(nothing.sound(2.0, rng)) for _ in range(40)]))

    def surest(empty):
        said = learnt(samples, sounds, empty).of_strangers(made)
        return said[:, [LABELS.index(each) for each in RAISED]].softmax(1).amax(1).mean()

    assert surest(0.2) < min(0.5, surest(0.0))


def test_what_a_stranger_does_is_a_sign_too(told):
    """Of somebody who was never heard: here the pace of it, which is his own and nobody else's."""
    samples, _ = told
    heard = {
        each.id: np.tile(np.pad(buzz(140.0, 0.6), (0, 1600)), 1 + 2 * (each.label == "happy"))
        for each in samples
    }
    taught = [each for each in samples if each.speaker != "new"]
    found = learnt(taught, Voices(heard))
    for each in samples:
        if each.speaker == "new":
            [said] = found.of_strangers(torch.from_numpy(measures(heard[each.id]))[None])
            happy = said[LABELS.index("happy")]
            assert (happy > said[LABELS.index("sad")]) == (each.label == "happy")


ELSEWHERE = {
    "in noise": lambda voice, rng: augment.noise(voice, 15, rng),
    "by telephone": lambda voice, _: augment.band(voice, 300, 3400),
    "in a hall": lambda voice, rng: augment.room(voice, 0.7, rng),
}


@pytest.mark.parametrize("changed", ELSEWHERE.values(), ids=list(ELSEWHERE))
def test_where_it_was_recorded_is_no_sign_of_a_feeling(changed):
    rng = np.random.default_rng(0)
    samples = [
        Sample(str(n), "ravdess", "x.wav", label=("happy", "sad")[n % 2], speaker=str(n))
        for n in range(80)
    ]
    raised = [1.5 if each.label == "happy" else 1 / 1.5 for each in samples]
    heard = {
        each.id: buzz(130 * high * 2 ** (rng.standard_normal() / 12), 0.6)
        for each, high in zip(samples, raised, strict=True)
    }
    found = learnt(samples[:50], Voices(heard))
    new = [changed(heard[each.id], rng).astype(np.float32) for each in samples[50:]]
    said = found.of_strangers(torch.from_numpy(np.stack([measures(each) for each in new])))
    gladder = (said[:, LABELS.index("happy")] > said[:, LABELS.index("sad")]).numpy()
    right = gladder == [each.label == "happy" for each in samples[50:]]
    assert right.mean() > 0.75


def test_a_speaker_is_moved_to_one_room_and_strangers_to_many(monkeypatch):
    rooms = []

    def room(heard, seconds, rng):
        rooms.append(seconds)
        return heard

    monkeypatch.setattr(augment, "room", room)
    samples = [
        Sample(f"{speaker}{n}", "ravdess", "x.wav", label=("happy", "sad")[n % 2], speaker=speaker)
        for speaker in "abcd"
        for n in range(6)
    ]
    learnt(samples, Voices({each.id: buzz(150.0, 0.6) for each in samples}))
    times = sorted(rooms.count(each) for each in set(rooms))
    assert len(times) > 8
    assert times[0] == 1  # of clips that are heard by themselves
    assert times[-1] == 6  # of a speaker's clips beside each other


def test_a_clip_of_nothing_is_no_voice():
    samples = [
        Sample(str(n), "ravdess", "x.wav", label=("happy", "sad")[n % 2], speaker="kim")
        for n in range(8)
    ]
    heard = {each.id: buzz(100.0 + 10 * int(each.id), 0.6) for each in samples}
    found = learnt(samples[:6], Voices(heard))
    heard |= {"6": np.zeros(0, np.float32), "7": np.zeros(400, np.float32)}
    with_nothing = learnt(samples, Voices(heard))
    for name, value in found.state_dict().items():
        assert torch.equal(value, with_nothing.state_dict()[name]), name


def test_a_clip_without_a_speaker_is_nobodys(told):
    samples, sounds = told
    nameless = [Sample(each.id, each.corpus, each.audio, label=each.label) for each in samples]
    assert usual.unusual(nameless[0], usual.speakers(nameless, sounds)) is None


def test_only_labels_of_voices_alone_are_asked_with_the_speaker_known(told):
    samples, _ = told
    rows = [of_sides(each, ("voice",)) for each in samples]
    asked = [(Question("a", "ravdess", side), rows) for side in ("voice", "both")]
    asked.append((Question("b", "ravdess", "voice", "affect"), rows))
    [(question, known)] = of_known(asked)
    assert question.name == "a, speaker known"
    assert all(row.known for row in known)


@pytest.mark.parametrize(("fusion", "says"), [("concat", False), ("late", True)])
def test_a_voice_taken_from_elsewhere_brings_along_what_it_knows(fusion, says):
    config = ModelConfig(words=None, fusion=FusionConfig(kind=fusion), combinations=("voice",))
    recipe = Recipe("Begun elsewhere.", steps={"spoken": "all"}, model=config)
    recipe = replace(recipe, start={"voice": "default"}, learns=("fusion",))
    starts = begin.checkpoints(recipe)
    # The default's own width, which a recipe has to name.
    recipe = replace(recipe, model=replace(config, width=starts["voice"].model.config.width))
    shaped = begin.shaped(recipe, starts)
    model = begin.fill(begin.empty(shaped), starts, [])
    usual.begin(model, [], Voices({}), shaped)
    assert model.config.knows_usual == says
    if says:
        taken = starts["voice"].model.voice.usual
        assert torch.equal(model.voice.usual.beside.weight, taken.beside.weight)
        learning.freeze(model, ("fusion",), learning.open_weights(model))
        assert not memory._keepable(model.voice)  # what it says beside its states would be lost
