"""What all encoders of transformers have in common, and those of words.

Those of voices are in speech.py; hub.py finds the first weights of all.
"""

import contextvars
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from emotion.model.config import Pretrained
from emotion.model.inputs import PADDING
from emotion.model.states import States

STANDARDIZE = "standardize"  # beside an encoder's configuration: whether it wants unit deviation

# What each layer said in the forward pass under way; a hook of the layer appends to it. Several
# visitors may be heard at once, each in a thread of his own.
_LAYERS: contextvars.ContextVar[list[Tensor] | None] = contextvars.ContextVar("_LAYERS")


class Layers(nn.Module):
    """An encoder of transformers, with what all of them have in common.

    Attributes:
        encoder: The encoder.
        width: Of its states.
    """

    encoder: Any

    def __init__(self, settings: Pretrained) -> None:
        super().__init__()
        if not settings.architecture:
            raise ValueError("a pretrained encoder has no architecture: it comes from its source")
        self.encoder = built(settings.architecture)
        self.width = self.encoder.config.hidden_size
        self.trained = settings.trained
        if not 0 <= (self.trained or 0) <= len(self.blocks):
            raise ValueError(f"{self.trained} layers cannot be trained of {len(self.blocks)}")
        self.shares = nn.Parameter(torch.zeros(len(self.blocks))) if settings.mix else None
        if settings.mix:
            for block in self.blocks:
                block.register_forward_hook(_keep)
        for module in self.frozen():
            module.requires_grad_(False)
        if self.trained is not None:
            self.encoder.requires_grad_(False)
            for module in self.learning():
                module.requires_grad_(True)

    @property
    def blocks(self) -> nn.ModuleList:
        """The encoder's transformer layers."""
        inner = getattr(self.encoder, "encoder", self.encoder)
        return inner.layers if hasattr(inner, "layers") else inner.layer

    def frozen(self) -> list[nn.Module]:
        """What never learns."""
        return []

    def learning(self) -> list[nn.Module]:
        """What learns where not everything does: the last layers."""
        return list(self.blocks[len(self.blocks) - (self.trained or 0) :])

    def train(self, mode: bool = True) -> "Layers":
        """Training leaves what is frozen as it is in use, without dropout."""
        super().train(mode)
        if self.trained is not None:
            self.encoder.eval()
            for module in self.learning():
                module.train(mode)
        for module in self.frozen():
            module.eval()
        return self

    def mixed(self, run: Callable[[], Tensor]) -> Tensor:
        """The last states of a forward pass, or the learnt mix of what all layers said."""
        if self.shares is None:
            return run()
        token = _LAYERS.set([])
        try:
            last = run()
            kept = _LAYERS.get() or []
        finally:
            _LAYERS.reset(token)
        # The last layer's states come with whatever norm the encoder ends in.
        layers = torch.stack([*kept[:-1], last])
        return torch.einsum("l,lbtw->btw", self.shares.softmax(0).to(layers.dtype), layers)


class TextEncoder(Layers):
    """BERT, RoBERTa, ELECTRA: tokens in, states out; those of no word are masked at last."""

    def __init__(self, settings: Pretrained, dropout: float) -> None:
        super().__init__(settings)
        self.vocabulary = self.encoder.config.vocab_size

    def forward(self, tokens: Tensor, words: Tensor) -> States:
        """Encodes `[batch, n_tokens]`; `words` names the word of each token, see inputs."""
        mask = somewhere(words != PADDING)
        values = self.mixed(lambda: self.encoder(input_ids=tokens, attention_mask=mask.long())[0])
        span = words[..., None].expand(*words.shape, 2).float()
        return States(values, words >= 0, span)


def built(architecture: dict[str, Any]) -> Any:  # noqa: ANN401 (any class of transformers)
    """An encoder with random weights."""
    # Imported here, for it takes half a second that a model of our own does not need.
    from transformers import AutoConfig, AutoModel
    from transformers.models.whisper.modeling_whisper import WhisperEncoder as InnerWhisper

    values = {name: value for name, value in architecture.items() if name != STANDARDIZE}
    config: Any = AutoConfig.for_model(**values)
    # Layers left out at random and stretches hidden at random are not what the papers state, and
    # the second fails for short clips.
    config.layerdrop = config.encoder_layerdrop = 0.0
    config.apply_spec_augment = False
    config.add_adapter = False  # it would make the clock coarser
    # Another's may name a program of the hub that computes attention; none is run.
    config._attn_implementation = None
    if config.model_type == "whisper":
        return InnerWhisper(config)
    # Whatever the weights of its source were stored as.
    model = AutoModel.from_config(config, dtype=torch.float32)
    for head in ("pooler", "adapter"):
        if hasattr(model, head):
            setattr(model, head, None)
    if hasattr(model, "masked_spec_embed"):
        del model.masked_spec_embed  # would never learn
    return model


def somewhere(mask: Tensor) -> Tensor:
    """A mask under which each row has a place to look at, as attention needs."""
    first = torch.zeros_like(mask)
    first[:, 0] = True
    return mask | (first & ~mask.any(1, keepdim=True))


def _keep(module: nn.Module, inputs: Any, output: Any) -> None:  # noqa: ANN401
    kept = _LAYERS.get(None)
    if kept is not None:
        kept.append(output[0] if isinstance(output, tuple) else output)
