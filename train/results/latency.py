"""How long a checkpoint takes for an utterance, beside `mmi` at the papers' size.

    python -m train.results.latency
    python -m train.results.latency assets/default --times 50 --threads 2

Five seconds of voice and ten words, one utterance at a time, the two models in turns, so that what
else the machine does slows both. What is timed is what the page waits for: the tokens, the
judgement with attention, and each side alone.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import torch

from emotion import checkpoint
from emotion.model import EmotionModel, Inputs, collate
from train.results.speed import published, utterance

SECONDS, N_WORDS = 5.0, 10
SENTENCE = "I really did not think that you would come tonight"


def medians(name: str, times: int) -> tuple[float, float]:
    """Seconds that a checkpoint and the published shape take, the middle of several."""
    theirs, heard = published().eval(), utterance(SECONDS, N_WORDS, np.random.default_rng(0))
    loaded = checkpoint.load(name)
    read = loaded.tokenizer
    assert read is not None  # a model of words has one

    pairs: list[tuple[EmotionModel, Callable[[], Inputs]]] = [
        (loaded.model, lambda: collate([heard._replace(words=read.encode(SENTENCE.split()))])),
        (theirs, lambda: collate([heard])),
    ]
    spent: list[list[float]] = [[], []]
    for turn in range(times + 1):
        for (model, inputs), mine in zip(pairs, spent, strict=True):
            began = time.perf_counter()
            judge(model, inputs())
            if turn:  # what is done only once is not counted
                mine.append(time.perf_counter() - began)
    return statistics.median(spent[0]), statistics.median(spent[1])


@torch.inference_mode()
def judge(model: EmotionModel, inputs: Inputs) -> None:
    """What the page asks of a model: both sides with attention, and each alone."""
    sides = model.encode(inputs)
    model.probabilities(model.fuse(sides, attention=True))
    for side in ("voice", "words"):
        model.probabilities(model.fuse(sides.only(side)))


def main() -> None:
    """Measures both and prints them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint", nargs="?", default="default")
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    ours, theirs = medians(options.checkpoint, options.times)
    print(f"{options.checkpoint}: {ours * 1e3:.1f} ms, median of {options.times}")
    print(f"mmi at the papers' size: {theirs * 1e3:.1f} ms")
    print(f"a {theirs / ours:.0f}th of the time")


if __name__ == "__main__":
    main()
