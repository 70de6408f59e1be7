"""Encoders of transformers, of voice and of words; hub.py finds their first weights."""

import contextvars
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.audio_utils import mel_filter_bank

from emotion.model.config import Pretrained
from emotion.model.inputs import PADDING
from emotion.model.prosody import prosody
from emotion.model.states import States, lengths_to_mask
from emotion.model.wave import standardized

RATE = 16_000  # samples a second
STANDARDIZE = "standardize"  # beside an encoder's configuration: whether it wants unit deviation
WHISPER_FFT, WHISPER_HOP = 400, 160  # samples of a frame, and between frames
PROSODY_HOP = 320  # samples between what is measured of pitch and loudness: 20 ms
N_PROSODY = 3  # pitch, whether there is any, loudness

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


class SpeechEncoder(Layers):
    """wav2vec 2.0, HuBERT or WavLM: convolutions on the waveform, then a transformer.

    The convolutions stay as they are, as is usual. One clip's states do not depend on the others of
    its batch, also where the first convolution's norm is taken over time.
    """

    def __init__(self, settings: Pretrained, dropout: float) -> None:
        super().__init__(settings)
        self.standardize = settings.architecture.get(STANDARDIZE, True)
        config = self.encoder.config
        self.stride, self.field = 1, 1  # samples from state to state, and seen by one
        for kernel, stride in zip(config.conv_kernel, config.conv_stride, strict=True):
            self.field += (kernel - 1) * self.stride
            self.stride *= stride
        self.prosody = Prosody(self.width) if settings.prosody else None

    def frozen(self) -> list[nn.Module]:
        """The convolutions."""
        return [self.encoder.feature_extractor]

    def forward(self, samples: Tensor, n_samples: Tensor) -> States:
        """Encodes `[batch, n]` samples, of which `n_samples` `[batch]` are real."""
        present = n_samples > 0
        n_samples = torch.where(present, n_samples.clamp(min=self.field), 0)
        samples = F.pad(samples, (0, max(0, self.field - samples.shape[1])))
        n_states = torch.where(
            present, self.encoder._get_feat_extract_output_lengths(n_samples), 0
        ).long()
        heard = standardized(samples, n_samples) if self.standardize else samples
        features = self._convolve(heard, n_samples)
        mask = lengths_to_mask(n_states, features.shape[1])
        values = self.mixed(lambda: self._transform(features, _somewhere(mask)))
        if self.prosody:
            values = values + self.prosody(samples, n_samples, values.shape[1], self.stride)
        return States(values, mask, _clock(mask, self.stride, self.field))

    def _convolve(self, samples: Tensor, n_samples: Tensor) -> Tensor:
        x = samples[:, None]
        for layer in self.encoder.feature_extractor.conv_layers:
            norm = getattr(layer, "layer_norm", None)
            if isinstance(norm, nn.GroupNorm):
                x = layer.conv(x)
                real = (n_samples - layer.conv.kernel_size[0]) // layer.conv.stride[0] + 1
                x = layer.activation(_over_real(x, real.clamp(min=0), norm))
            else:
                x = layer(x)
        return x.transpose(1, 2)

    def _transform(self, features: Tensor, mask: Tensor) -> Tensor:
        projected = self.encoder.feature_projection(features)
        hidden = projected[0] if isinstance(projected, tuple) else projected
        return self.encoder.encoder(hidden.clone(), attention_mask=mask)[0]


class WhisperEncoder(Layers):
    """Whisper's encoder, which always sees 30 seconds; of a longer clip, the first ones."""

    bank: Tensor
    window: Tensor

    def __init__(self, settings: Pretrained, dropout: float) -> None:
        super().__init__(settings)
        config = self.encoder.config
        self.n_samples = config.max_source_positions * 2 * WHISPER_HOP
        bank = mel_filter_bank(
            *(1 + WHISPER_FFT // 2, config.num_mel_bins, 0.0, RATE / 2, RATE),
            norm="slaney",
            mel_scale="slaney",
        )
        self.register_buffer("bank", torch.tensor(bank, dtype=torch.float32), persistent=False)
        self.register_buffer("window", torch.hann_window(WHISPER_FFT), persistent=False)
        self.prosody = Prosody(self.width) if settings.prosody else None

    def forward(self, samples: Tensor, n_samples: Tensor) -> States:
        """Encodes `[batch, n]` samples, of which `n_samples` `[batch]` are real."""
        n_samples = n_samples.clamp(max=self.n_samples)
        with torch.no_grad(), torch.autocast(samples.device.type, enabled=False):
            frames = self._frames(samples, n_samples)
        stride = 2 * WHISPER_HOP
        n_states = (n_samples + stride - 1) // stride
        most = max(1, int(n_states.max()))
        values = self.mixed(lambda: self.encoder(frames)[0])[:, :most]
        mask = lengths_to_mask(n_states, most)
        if self.prosody:
            values = values + self.prosody(samples, n_samples, most, stride)
        return States(values, mask, _clock(mask, stride, stride))

    def _frames(self, samples: Tensor, n_samples: Tensor) -> Tensor:
        """Its log-mel spectrogram, `[batch, mels, frames]`."""
        samples = samples[:, : self.n_samples].float()
        samples = samples * lengths_to_mask(n_samples, samples.shape[1])
        samples = F.pad(samples, (0, self.n_samples - samples.shape[1]))
        spectrum = torch.stft(
            samples, WHISPER_FFT, WHISPER_HOP, window=self.window, return_complex=True
        )
        power = spectrum[..., :-1].abs().square()
        log = (self.bank.T @ power).clamp(min=1e-10).log10()
        log = log.maximum(log.amax((1, 2), keepdim=True) - 8)
        return (log + 4) / 4


class TextEncoder(Layers):
    """BERT, RoBERTa, ELECTRA: tokens in, states out; those of no word are masked at last."""

    def __init__(self, settings: Pretrained, dropout: float) -> None:
        super().__init__(settings)
        self.vocabulary = self.encoder.config.vocab_size

    def forward(self, tokens: Tensor, words: Tensor) -> States:
        """Encodes `[batch, n_tokens]`; `words` names the word of each token, see inputs."""
        mask = _somewhere(words != PADDING)
        values = self.mixed(lambda: self.encoder(input_ids=tokens, attention_mask=mask.long())[0])
        span = words[..., None].expand(*words.shape, 2).float()
        return States(values, words >= 0, span)


class Prosody(nn.Module):
    """Pitch and loudness, joined to learnt states."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(N_PROSODY, width)

    def forward(self, samples: Tensor, n_samples: Tensor, n_states: int, stride: int) -> Tensor:
        """What is to be added to `n_states` states, each `stride` samples after the one before."""
        with torch.no_grad(), torch.autocast(samples.device.type, enabled=False):
            found = prosody(samples, n_samples, PROSODY_HOP).transpose(1, 2)
            if stride != PROSODY_HOP:
                found = F.interpolate(found, scale_factor=PROSODY_HOP / stride, mode="linear")
            found = F.pad(found, (0, max(0, n_states - found.shape[2])))[..., :n_states]
        return self.dense(found.transpose(1, 2))


def speech_encoder(settings: Pretrained, dropout: float) -> Layers:
    """The voice's encoder of whichever architecture."""
    whisper = settings.architecture.get("model_type") == "whisper"
    return (WhisperEncoder if whisper else SpeechEncoder)(settings, dropout)


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
    if config.model_type == "whisper":
        return InnerWhisper(config)
    model = AutoModel.from_config(config)
    for head in ("pooler", "adapter"):
        if hasattr(model, head):
            setattr(model, head, None)
    if hasattr(model, "masked_spec_embed"):
        del model.masked_spec_embed  # would never learn
    return model


def _keep(module: nn.Module, inputs: Any, output: Any) -> None:  # noqa: ANN401
    kept = _LAYERS.get(None)
    if kept is not None:
        kept.append(output[0] if isinstance(output, tuple) else output)


def _over_real(x: Tensor, n_real: Tensor, norm: nn.GroupNorm) -> Tensor:
    """A group norm of `[batch, channels, time]` whose statistics are over the real places alone."""
    mask = lengths_to_mask(n_real, x.shape[2])[:, None]
    count = n_real.clamp(min=1)[:, None, None]
    whole = torch.where(mask, x.float(), 0.0)
    mean = whole.sum(2, keepdim=True) / count
    variance = torch.where(mask, whole - mean, 0.0).square().sum(2, keepdim=True) / count
    x = (x.float() - mean) * (variance + norm.eps).rsqrt()
    return x * norm.weight[:, None] + norm.bias[:, None]


def _somewhere(mask: Tensor) -> Tensor:
    """A mask under which each row has a place to look at, as attention needs."""
    first = torch.zeros_like(mask)
    first[:, 0] = True
    return mask | (first & ~mask.any(1, keepdim=True))


def _clock(mask: Tensor, stride: int, field: int) -> Tensor:
    # A state is said to be where the middle of what it sees is, and as long as a stride.
    start = torch.arange(mask.shape[1], device=mask.device) * stride + (field - stride) / 2
    span = torch.stack([start, start + stride], -1) / RATE
    return span.expand(len(mask), -1, 2)
