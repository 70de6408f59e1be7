"""What every encoder of ours keeps: padding is invisible, states have a clock, nothing is lost."""

import numpy as np
import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from emotion import checkpoint
from emotion.errors import BadInput
from emotion.model import EmotionModel, ModelConfig, Row, collate
from emotion.model.config import (
    CompactVoice,
    CompactWords,
    FusionConfig,
    GramWords,
    ShortTermVoice,
    WaveVoice,
    WordVectors,
)
from emotion.model.grams import Grams
from emotion.model.vectors import most_frequent, read_vectors, tokenizer_of, write_vectors
from emotion.model.words import SPOKEN_OF
from tests.conftest import TEXTS, voice

VOICES = {
    "compact": CompactVoice(width=16, layers=1, heads=2, channels=4, mels=20),
    "cnn": WaveVoice(width=16, channels=4),
    "normed": CompactVoice(width=16, layers=1, heads=2, channels=4, mels=20, norms=True),
    "short_term": ShortTermVoice(width=16, layers=2),
}
WORDS = {
    "compact": CompactWords(vocabulary=60, width=16, layers=1, heads=2),
    "vectors": WordVectors(vocabulary=60, dimensions=6, width=16),
    "grams": GramWords(buckets=60, vector=8, width=16, layers=1, heads=2),
}
SECONDS_A_STATE = {"compact": 0.08, "normed": 0.08, "cnn": 0.04, "short_term": 0.1}
CLOSE = 1e-5


def made(pooling="moments", **sides):
    torch.manual_seed(1)
    config = ModelConfig(
        **{"voice": None, "words": None, **sides},
        fusion=FusionConfig(kind="concat", pooling=pooling),
        width=16,
    )
    model = EmotionModel(config).eval()
    for name, parameter in model.named_parameters():
        if ".label." in name:
            parameter.data *= 10
    return model


@pytest.fixture
def known():
    return tokenizer_of(most_frequent(TEXTS, 59))


def run(model, rows):
    with torch.inference_mode():
        return model(collate(rows))


@pytest.mark.parametrize("kind", VOICES)
def test_a_voice_means_the_same_alone_and_in_a_batch(kind):
    model = made(voice=VOICES[kind])
    rows = [Row(voice(seconds, seed)) for seed, seconds in enumerate((0.31, 2.2, 0.1, 1.07))]
    together = run(model, rows).logits
    for index, row in enumerate(rows):
        assert torch.allclose(run(model, [row]).logits[0], together[index], atol=CLOSE)
    assert torch.pdist(together).min() > 20 * CLOSE


@pytest.mark.parametrize("kind", VOICES)
def test_what_stands_behind_a_voice_is_never_heard(kind):
    model = made(voice=VOICES[kind])
    rows = [Row(voice(0.33)), Row(voice(1.5, 1))]
    clean, spoiled = collate(rows), collate(rows)
    for index, n in enumerate(spoiled.n_samples):
        spoiled.samples[index, n:] = 5.0
    with torch.inference_mode():
        assert torch.allclose(model(clean).logits, model(spoiled).logits, atol=CLOSE)


@pytest.mark.parametrize("kind", VOICES)
def test_a_voices_states_have_a_clock(kind):
    states = run(made(voice=VOICES[kind]), [Row(voice(1.93)), Row(voice(3.0, 1))]).sides.voice
    for row, seconds in enumerate((1.93, 3.0)):
        span = states.span[row][states.mask[row]]
        assert torch.allclose(span[1:, 0], span[:-1, 1])
        assert torch.allclose(span[:, 1] - span[:, 0], torch.tensor(SECONDS_A_STATE[kind]))
        assert span[-1, 1].item() == pytest.approx(seconds, abs=SECONDS_A_STATE[kind])


@pytest.mark.parametrize("kind", VOICES)
def test_the_shortest_voice_and_silence_are_finite(kind):
    rows = [Row(np.zeros(16_000, np.float32)), Row(voice(0.1)), Row(np.ones(400, np.float32))]
    output = run(made(voice=VOICES[kind]), rows)
    assert output.logits.isfinite().all()
    assert output.combination.tolist() == [0, 0, 0]


@pytest.mark.parametrize("kind", VOICES)
def test_half_size_floats_will_do(kind):
    model, rows = made(voice=VOICES[kind]), [Row(voice(1.0)), Row(voice(0.4, 1))]
    whole = run(model, rows).logits
    with torch.autocast("cpu", torch.bfloat16):
        half = run(model, rows).logits
    assert half.dtype == torch.float32
    assert torch.allclose(whole, half, atol=0.3)


@pytest.mark.parametrize("kind", WORDS)
def test_words_mean_the_same_alone_and_in_a_batch(kind, known):
    model = made(words=WORDS[kind])
    rows = [Row(words=known.encode(text.split())) for text in TEXTS]
    together = run(model, rows).logits
    for index, row in enumerate(rows):
        assert torch.allclose(run(model, [row]).logits[0], together[index], atol=CLOSE)
    spoiled = collate(rows)
    spoiled.tokens[spoiled.words < 0] = 7
    with torch.inference_mode():
        assert torch.allclose(model(spoiled).logits, together, atol=CLOSE)


def test_the_last_states_of_both_directions_have_read_every_word(known):
    model = made("ends", words=WORDS["vectors"])
    texts = ["so happy to see you", "you happy to see you", "so happy to see me"]
    rows = [Row(words=known.encode(text.split())) for text in texts]
    logits = run(model, rows).logits
    assert torch.pdist(logits).min() > 1e-4


def test_a_word_has_one_token_however_it_is_written(known):
    words = most_frequent(TEXTS, 59)
    plain = known.encode(words[:3]).tokens
    assert plain == (1, 2, 3)
    assert known.encode([f"“{word.upper()}!”" for word in words[:3]]).tokens == plain
    assert known.encode(["…", "unheard-of"]).tokens == (0, 0)
    assert known.encode(["…", words[0]]).words == (0, 1)


def test_vectors_of_a_file_are_the_embeddings_first_rows(tmp_path):
    table = np.arange(12, dtype=np.float32).reshape(2, 6)
    write_vectors(tmp_path / "vectors.txt", ["happy", "슬퍼"], table)
    settings = WordVectors(source=str(tmp_path / "vectors.txt"), width=16)
    words, vectors = read_vectors(settings.source)
    model = made(words=WordVectors(vocabulary=3, dimensions=6, width=16))
    model.words.take(vectors)
    tokens = tokenizer_of(words).encode(["슬퍼", "Happy", "neither"]).tokens
    read = model.words.embedding.weight[list(tokens)]
    assert np.allclose(read[:2].detach(), table[::-1])
    assert read[2].abs().max() > 0


def test_a_model_of_vectors_comes_back_from_its_folder(tmp_path, known):
    model = made(words=WORDS["vectors"], voice=VOICES["short_term"])
    checkpoint.save(model, known, tmp_path, card="# Recurrent\n")
    again = checkpoint.load(tmp_path)
    row = Row(voice(0.7), again.tokenizer.encode(["so", "happy"]))
    assert torch.allclose(run(model, [row]).logits, run(again.model, [row]).logits, atol=0.05)
    known.save(tmp_path / "tokenizer.json")
    tokenizer_of([f"word{number}" for number in range(100)]).save(tmp_path / "tokenizer.json")
    with pytest.raises(BadInput, match="more tokens"):
        checkpoint.load(tmp_path)


def with_signs(trust=(0.5, 0.5, 0.5, 0.5)):
    """A small model whose words have signs that say something."""
    torch.manual_seed(1)
    words = GramWords("grams", 20, 8, 16, 1, 2, signs=40, trust=trust)
    voices = CompactVoice(width=16, layers=1, heads=2, channels=4, mels=20)
    fused = FusionConfig(kind="beside")
    model = EmotionModel(ModelConfig(voice=voices, words=words, fusion=fused, width=16)).eval()
    torch.nn.init.normal_(model.words.signs.table)
    return model


def read(text, sound=None):
    return Row(sound, Grams(20, 40).encode(text.split()))


def own(model, *rows):
    """Lets the runs of letters of some texts own the places of their signs."""
    signs = model.words.signs
    for row in rows:
        tokens = torch.tensor(row.words.tokens)
        signs.owner[tokens % len(signs.table)] = (tokens // len(signs.table)).to(torch.uint8)


def test_signs_speak_beside_the_states_and_are_blind_to_padding():
    model, rows = with_signs(), [read(text) for text in TEXTS[:4]]
    own(model, *rows)
    together = run(model, rows)
    for index, row in enumerate(rows):
        assert torch.allclose(run(model, [row]).logits[0], together.logits[index], atol=CLOSE)
    silent = run(model, [Row(voice(0.5))]).logits
    torch.nn.init.ones_(model.words.signs.table)
    assert (run(model, rows).logits - together.logits).abs().max() > 0.1
    assert (run(model, rows).affect - together.affect).abs().max() > 0.1
    # A voice without words has no signs.
    assert torch.allclose(run(model, [Row(voice(0.5))]).logits, silent)


def test_signs_are_trusted_by_script():
    model = with_signs(trust=(0.0, 0.0, 1.0, 1.0))
    rows = [read("so happy"), read("so 행복해")]
    own(model, *rows)
    before = run(model, rows)
    torch.nn.init.normal_(model.words.signs.table)
    after = run(model, rows)
    for old, new in ((before.logits, after.logits), (before.affect, after.affect)):
        assert torch.equal(old[0], new[0])
        assert not torch.allclose(old[1], new[1], atol=0.01)
    # Where they alone are believed, what attention finds does not matter.
    torch.nn.init.normal_(model.words.embedding.weight)
    assert torch.allclose(run(model, rows).logits[1], after.logits[1], atol=CLOSE)


def test_who_laughs_longer_says_the_same():
    model = with_signs(trust=(1.0, 1.0, 1.0, 1.0))
    rows = [read("행복 해 ㅋㅋ"), read("행복 해 ㅋㅋ ㅋㅋ 행복 ㅋㅋ ㅋㅋ")]
    own(model, *rows)
    once, often = run(model, rows).logits
    assert torch.allclose(once, often, atol=CLOSE)
    assert not torch.allclose(once, run(model, [read("행복 해")]).logits[0], atol=0.01)


def test_long_texts_take_no_room_that_grows_with_their_square():
    signs, most = with_signs().words.signs, []

    class Sizes(TorchDispatchMode):
        def __torch_dispatch__(self, func, types, args=(), kwargs=None):
            made = func(*args, **(kwargs or {}))
            most.append(made.numel() if isinstance(made, torch.Tensor) else 0)
            return made

    tokens = torch.randint(0, 40, (2, 4000))
    with torch.inference_mode(), Sizes():
        signs(tokens, torch.arange(4000).expand(2, -1) // 40, 100)
    assert max(most) <= tokens.numel() * SPOKEN_OF


def test_signs_are_silent_while_attention_learns():
    model, row = with_signs(), read("so happy")
    inputs = collate([row])
    model.train()
    assert model.words(inputs.tokens, inputs.words).said is None
    model.eval()
    assert model.words(inputs.tokens, inputs.words).said is not None


def test_the_voice_looks_sooner_at_what_is_a_sign():
    model, row = with_signs(), read("the day was wonderful", voice(1.0))
    model.words.signs.table.zero_()
    even = looked_at(model, row)
    token = row.words.tokens[row.words.words.index(3)]
    model.words.signs.table[token % 40, 0] = 20
    assert torch.allclose(looked_at(model, row), even, atol=CLOSE)  # the place is another's
    model.words.signs.owner[token % 40] = token // 40
    led = looked_at(model, row)
    assert led[3] > even[3] + 0.1


def looked_at(model, row):
    """How much of the voice's attention each word receives."""
    with torch.inference_mode():
        output = model(collate([row]), attention=True)
    return output.weights.voice_to_words[0].mean((0, 1))[output.sides.voice.mask[0]].mean(0)


def test_signs_of_other_labels_or_another_number_are_refused():
    with pytest.raises(ValueError, match="twice the buckets"):
        GramWords(buckets=20, signs=30)
    with pytest.raises(ValueError, match="fewer than 8,388,608"):
        GramWords(buckets=2**21, signs=2**24)
    with pytest.raises(ValueError, match="four shares"):
        GramWords(buckets=20, signs=40, trust=(0.5, 0.5, 2.0, 0.5))
    signs = GramWords(buckets=20, signs=40)
    with pytest.raises(ValueError, match="seven labels"):
        ModelConfig(words=signs, labels=("happy", "sad"), fusion=FusionConfig(kind="beside"))
    with pytest.raises(ValueError, match="judges sides apart"):
        ModelConfig(words=signs, fusion=FusionConfig(kind="mmi"))
