"""A model as an ONNX graph, for programs that have no PyTorch."""

import contextlib
import io
import json
import logging
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from emotion.errors import BadInput
from emotion.model import EmotionModel, Inputs, Row, collate
from emotion.model.config import CompactVoice, CompactWords, GramWords, ModelConfig
from emotion.model.mel import RATE

INPUTS = ("samples", "n_samples", "tokens", "words")
OUTPUTS = ("probabilities", "affect")
OPSET = 20
EXAMPLE = (2, RATE, 7)  # rows, samples and tokens of what the graph is drawn with


class Graph(nn.Module):
    """What the graph computes: calibrated probabilities, and valence and arousal.

    A voice that is absent has no real samples, and words that are absent no real tokens, as in
    emotion.model.inputs.collate.
    """

    def __init__(self, model: EmotionModel) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, samples: Tensor, n_samples: Tensor, tokens: Tensor, words: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Judges a batch; the arguments are those of emotion.model.Inputs."""
        unknown = samples.new_full((samples.shape[0], 1), float("nan"))
        output = self.model(Inputs(samples, n_samples, tokens, words, unknown, unknown))
        return self.model.probabilities(output), output.affect


def graph(model: EmotionModel, name: str) -> bytes:
    """A model's graph in ONNX, its labels among its metadata.

    Args:
        model: A model of our own encoders, ready to be asked.
        name: What it is called.

    Raises:
        BadInput: It has an encoder, or a side, that this cannot draw.
    """
    _refuse(model.config, name)
    example = _example(model.config)
    with _quiet():
        program = torch.export.export(
            Graph(model).eval(),
            example,
            dynamic_shapes=_sizes(),
            prefer_deferred_runtime_asserts_over_guards=True,
        )
        drawn = torch.onnx.export(
            program,
            dynamo=True,
            optimize=False,  # which takes the 1e-10 before a logarithm for nothing
            verbose=False,
            opset_version=OPSET,
            input_names=INPUTS,
            output_names=OUTPUTS,
        )
    assert drawn is not None  # with dynamo, there is always a program
    content = drawn.model_proto
    for key, value in (
        ("labels", json.dumps(model.config.labels)),
        ("combinations", json.dumps(model.config.able)),
        ("rate", str(RATE)),
    ):
        content.metadata_props.add(key=key, value=value)
    return content.SerializeToString()


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without what torch says about torch and about what is not installed, though nothing is wrong.

    Of its log only the exporter's own is silenced: where drawing fails, it raises.
    """
    log = logging.getLogger("torch.onnx")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(level)


def feed(rows: Sequence[Row]) -> dict[str, object]:
    """What an ONNX runtime is given for utterances, by the names of the graph's inputs."""
    inputs = collate(rows)
    return {name: getattr(inputs, name).numpy() for name in INPUTS}


def _refuse(config: ModelConfig, name: str) -> None:
    known = (CompactVoice, CompactWords, GramWords, type(None))
    if config.body or not isinstance(config.voice, known) or not isinstance(config.words, known):
        raise BadInput("no_graph", name=Path(name).name)


def _example(config: ModelConfig) -> tuple[Tensor, ...]:
    n_rows, n_samples, n_tokens = EXAMPLE
    words = torch.arange(n_tokens).expand(n_rows, -1).clone()
    words[0, -1] = -1  # padding
    return (
        torch.randn(n_rows, n_samples) * 0.1,
        torch.tensor([n_samples, n_samples // 2]),
        torch.zeros(n_rows, n_tokens, dtype=torch.long),
        words,
    )


def _sizes() -> tuple[dict[int, object], ...]:
    """Which sizes may be others than the example's: rows, samples, tokens."""
    any_size = torch.export.Dim.DYNAMIC
    both = {0: any_size, 1: any_size}
    return both, {0: any_size}, both, both
