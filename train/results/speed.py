"""How fast `mmi` trains at the papers' size, beside the way its kind is usually trained.

    python -m train.results.speed
    python -m train.results.speed --steps 2 --threads 2  # 17 GB, minutes

Both take steps with one model of the shapes of wav2vec2-base and RoBERTa-base, with random weights,
on the same made clips of 2 to 20 seconds, 8 a step, in turns, so that what else the machine does
slows both. The reference takes clips as they come, pads them to the longest of their batch, and
computes attention one matrix at a time, all in float32. Ours sorts clips by length as training
does, and computes attention fused, on a GPU in bfloat16.
"""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional as F

from emotion.checkpoint import best_device
from emotion.model import EmotionModel, Encoded, ModelConfig, Row, collate
from emotion.model.config import FusionConfig, Pretrained
from train.batches import POOL, by_length

RATE = 16_000
SHORTEST, LONGEST = 2.0, 20.0  # seconds
WORDS_A_SECOND = 3.0
VOCABULARY = 50_000
BATCH = 8


@dataclass(frozen=True)
class Way:
    """A way to train.

    Attributes:
        name: What it is called.
        attention: "eager", by whole matrices, or "sdpa", fused.
        half: Whether a GPU computes in bfloat16.
    """

    name: str
    attention: str
    half: bool


REFERENCE, OURS = Way("reference", "eager", half=False), Way("ours", "sdpa", half=True)


def published() -> EmotionModel:
    """`mmi` at the papers' size, with random weights."""
    torch.manual_seed(0)
    # Attention by whole matrices keeps two more of them for its dropout; without, 24 GB do.
    speech = {"model_type": "wav2vec2", "attention_dropout": 0.0}
    config = ModelConfig(
        voice=Pretrained(architecture=speech),
        words=Pretrained(architecture={"model_type": "roberta"}),
        fusion=FusionConfig(heads=12, pooling="mean"),
        width=768,
        dropout=0.3,
    )
    return EmotionModel(config)


class Bench:
    """A model and its optimizer, for steps of either way."""

    def __init__(self) -> None:
        self.device = best_device()
        self.model = published().to(self.device).train()
        self.optimizer = torch.optim.AdamW(self.model.parameters(), 5e-5)

    def seconds(self, rows: Sequence[Row], way: Way) -> float:
        """Takes a step; returns how long it took."""
        for side in (self.model.voice, self.model.words):
            side.encoder.set_attn_implementation(way.attention)
        began = self._now()
        half = way.half and self.device.type == "cuda"
        with torch.autocast(self.device.type, torch.bfloat16, enabled=half):
            output = self.model(collate(rows).to(self.device), attention=way is REFERENCE)
        truth = torch.arange(len(rows), device=self.device) % output.logits.shape[1]
        self.optimizer.zero_grad()
        F.cross_entropy(output.logits, truth).backward()
        self.optimizer.step()
        return self._now() - began

    def _now(self) -> float:
        if self.device.type == "cuda":
            torch.cuda.synchronize()
        return time.monotonic()


def made(n: int) -> list[Row]:
    """Utterances of evenly spread lengths, in no order."""
    rng = np.random.default_rng(0)
    lengths = rng.permutation(np.linspace(SHORTEST, LONGEST, n))
    return [utterance(seconds, round(seconds * WORDS_A_SECOND), rng) for seconds in lengths]


def utterance(seconds: float, n_words: int, rng: np.random.Generator) -> Row:
    """Noise of a length, with words of a token each."""
    tokens = tuple(int(each) for each in rng.integers(10, VOCABULARY, n_words))
    voice = rng.normal(0, 0.1, round(seconds * RATE)).astype(np.float32)
    return Row(voice, Encoded(tokens, tuple(range(n_words))))


def n_samples(row: Row) -> float:
    """How long an utterance is."""
    return 0 if row.voice is None else len(row.voice)


def main() -> None:
    """Measures both and prints them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=4, help=f"of each way, at most {POOL}")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    pool = list(by_length(made(POOL * BATCH), BATCH, n_samples, POOL))
    places = (np.arange(options.steps) + 0.5) * POOL / options.steps
    ours = [pool[int(place)] for place in places]
    clips = [row for rows in ours for row in rows]
    order = np.random.default_rng(1).permutation(len(clips))
    reference = [
        [clips[i] for i in order[start :: options.steps]] for start in range(options.steps)
    ]
    bench, spent = Bench(), {REFERENCE: 0.0, OURS: 0.0}
    bench.seconds(ours[0], OURS)  # what is done only once is not counted
    for pair in zip(reference, ours, strict=True):
        for way, rows in zip(spent, pair, strict=True):
            spent[way] += bench.seconds(rows, way)
            padded = len(rows) * max(map(n_samples, rows)) / RATE
            print(f"{way.name}: {padded:.0f} padded seconds, {spent[way]:.1f} s so far", flush=True)
    for way, seconds in spent.items():
        print(f"{way.name}: {len(clips) / seconds:.3f} clips a second on {bench.device.type}")
    print(f"{spent[REFERENCE] / spent[OURS]:.2f} times as fast")


if __name__ == "__main__":
    main()
