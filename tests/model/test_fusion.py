"""The MMI block against the published equations, written out one row and one head at a time."""

import numpy as np
import torch

from emotion.model.config import FusionConfig, ModelConfig
from emotion.model.fusion import MMI
from emotion.model.states import States

WIDTH, HEADS = 8, 2


def test_mmi_equals_the_equations_written_out():
    torch.manual_seed(3)
    config = ModelConfig(fusion=FusionConfig(layers=1, heads=HEADS), width=WIDTH, dropout=0.5)
    block = MMI(config).eval().double()
    for parameter in block.parameters():
        parameter.data += 0.3 * torch.randn_like(parameter)
    voice = _states(batch=2, size=5, real=(5, 3))
    words = _states(batch=2, size=4, real=(2, 4))
    with torch.inference_mode():
        fused_voice, fused_words, weights = block.meet(voice, words, weights=True)
    parts = {name: value.numpy() for name, value in block.state_dict().items()}
    for row in range(2):
        a = voice.values[row][voice.mask[row]].numpy()
        t = words.values[row][words.mask[row]].numpy()
        p, to_words = _block(parts, "voice_over_words", a, t)
        r, through = _block(parts, "words_over_mixed", t, p)
        q, direct = _block(parts, "words_over_voice", t, a)
        g = 1 / (1 + np.exp(-_linear(parts, "gate", np.hstack([r, q]))))
        expected = _linear(parts, "join", np.hstack([r, g * q]))
        assert np.allclose(fused_voice.values[row][voice.mask[row]], p)
        assert np.allclose(fused_words.values[row][words.mask[row]], expected)
        seen = weights.words_to_voice[row].numpy()[..., : len(t), : len(a)]
        assert np.allclose(seen, [direct, through])
        assert np.allclose(weights.voice_to_words[row, 0].numpy()[:, : len(a), : len(t)], to_words)


def _states(batch: int, size: int, real: tuple[int, ...]) -> States:
    values = torch.randn(batch, size, WIDTH, dtype=torch.float64)
    mask = torch.arange(size) < torch.tensor(real)[:, None]
    return States(values, mask, torch.zeros(batch, size, 2))


def _linear(parts, name, x):
    return x @ parts[f"{name}.weight"].T + parts[f"{name}.bias"]


def _norm(parts, name, x):
    standard = (x - x.mean(1, keepdims=True)) / np.sqrt(x.var(1, keepdims=True) + 1e-5)
    return standard * parts[f"{name}.weight"] + parts[f"{name}.bias"]


def _block(parts, encoder, query, context):
    name = f"{encoder}.blocks.0"
    q, k, v = (
        _linear(parts, f"{name}.attention.{part}", x)
        for part, x in (("query", query), ("key", context), ("value", context))
    )
    size = WIDTH // HEADS
    mixed, shares = [], []
    for head in range(HEADS):
        cut = slice(head * size, (head + 1) * size)
        score = np.exp(q[:, cut] @ k[:, cut].T / np.sqrt(size))
        shares.append(score / score.sum(1, keepdims=True))
        mixed.append(shares[-1] @ v[:, cut])
    attended = _linear(parts, f"{name}.attention.output", np.hstack(mixed))
    x = _norm(parts, f"{name}.attention_norm", query + attended)
    inner = _linear(parts, f"{name}.feed_forward.inner", x)
    inner = torch.nn.functional.gelu(torch.from_numpy(inner)).numpy()
    inner = _linear(parts, f"{name}.feed_forward.outer", inner)
    return _norm(parts, f"{name}.forward_norm", x + inner), np.array(shares)
