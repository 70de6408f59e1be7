"""Encoders of voices from transformers."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from transformers.audio_utils import mel_filter_bank

from emotion.model.config import Pretrained
from emotion.model.pretrained import STANDARDIZE, Layers, somewhere
from emotion.model.prosody import NAMES, prosody
from emotion.model.states import States, lengths_to_mask
from emotion.model.wave import standardized

RATE = 16_000  # samples a second
WHISPER_FFT, WHISPER_HOP = 400, 160  # samples of a frame, and between frames


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
        heard, n_heard = self._heard(samples, n_samples)
        n_states = self.encoder._get_feat_extract_output_lengths(n_heard)
        n_states = torch.where(n_samples > 0, n_states, 0).long()
        features = self._convolve(heard, n_heard)
        mask = lengths_to_mask(n_states, features.shape[1])
        values = self.mixed(lambda: self._transform(features, somewhere(mask)))
        if self.prosody:
            values = values + self.prosody(samples, n_samples, values.shape[1], self.stride)
        return States(values, mask, _clock(mask, self.stride, self.field))

    def _heard(self, samples: Tensor, n_samples: Tensor) -> tuple[Tensor, Tensor]:
        """Samples as the encoder was taught with them; zeros fill a clip too short for a state."""
        if self.standardize:
            heard = standardized(samples, n_samples)
        else:
            heard = torch.where(lengths_to_mask(n_samples, samples.shape[1]), samples, 0.0)
        short = max(0, self.field - samples.shape[1])
        n_heard = torch.where(n_samples > 0, n_samples.clamp(min=self.field), 0)
        return F.pad(heard, (0, short)), n_heard

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
    """Whisper's encoder, which always sees 30 seconds; a longer clip is read in such windows."""

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
        windows, n_heard = self._windows(samples, n_samples)
        real = somewhere((n_heard > 0)[None])[0]
        with torch.no_grad(), torch.autocast(samples.device.type, enabled=False):
            frames = self._frames(windows[real], n_heard[real])
        found = self.mixed(lambda: self.encoder(frames)[0])
        values = found.new_zeros(len(windows), *found.shape[1:])
        values[real] = found
        stride = 2 * WHISPER_HOP
        n_states = (n_samples + stride - 1) // stride
        most = max(1, int(n_states.max()))
        values = values.unflatten(0, (len(samples), -1)).flatten(1, 2)[:, :most]
        mask = lengths_to_mask(n_states, most)
        if self.prosody:
            values = values + self.prosody(samples, n_samples, most, stride)
        return States(values, mask, _clock(mask, stride, stride))

    def _windows(self, samples: Tensor, n_samples: Tensor) -> tuple[Tensor, Tensor]:
        """Clips cut into windows `[batch * windows, n]`, and how much of each is real."""
        n_windows = max(1, -(-int(n_samples.max()) // self.n_samples))
        samples = F.pad(samples, (0, n_windows * self.n_samples - samples.shape[1]))
        begins = torch.arange(n_windows, device=samples.device) * self.n_samples
        left = (n_samples[:, None] - begins).clamp(0, self.n_samples)
        return samples.unflatten(1, (n_windows, -1)).flatten(0, 1), left.flatten()

    def _frames(self, samples: Tensor, n_samples: Tensor) -> Tensor:
        """Its log-mel spectrogram, `[batch, mels, frames]`."""
        mask = lengths_to_mask(n_samples, samples.shape[1])
        samples = torch.where(mask, samples.float(), 0.0)
        spectrum = torch.stft(
            samples, WHISPER_FFT, WHISPER_HOP, window=self.window, return_complex=True
        )
        power = spectrum[..., :-1].abs().square()
        log = (self.bank.T @ power).clamp(min=1e-10).log10()
        log = log.maximum(log.amax((1, 2), keepdim=True) - 8)
        return (log + 4) / 4


class Prosody(nn.Module):
    """Pitch and loudness, joined to learnt states."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.dense = nn.Linear(len(NAMES), width)

    def forward(self, samples: Tensor, n_samples: Tensor, n_states: int, stride: int) -> Tensor:
        """What is to be added to `n_states` states, each `stride` samples after the one before."""
        with torch.no_grad(), torch.autocast(samples.device.type, enabled=False):
            found = prosody(samples, n_samples, stride)
            found = F.pad(found, (0, 0, 0, n_states - found.shape[1]))
        return self.dense(found)


def speech_encoder(settings: Pretrained, dropout: float) -> Layers:
    """The voice's encoder of whichever architecture."""
    whisper = settings.architecture.get("model_type") == "whisper"
    return (WhisperEncoder if whisper else SpeechEncoder)(settings, dropout)


def _over_real(x: Tensor, n_real: Tensor, norm: nn.GroupNorm) -> Tensor:
    """A group norm of `[batch, channels, time]` whose statistics are over the real places alone.

    Row by row, for a mask would take several times the memory of what is large as it is.
    """
    rows = []
    for row, n in zip(x, n_real.tolist(), strict=True):
        row = row.float()
        variance, mean = torch.var_mean(row[:, : max(1, n)], 1, keepdim=True, correction=0)
        scale = norm.weight[:, None] * (variance + norm.eps).rsqrt()
        rows.append(torch.addcmul(norm.bias[:, None] - mean * scale, row, scale))
    return torch.stack(rows)


def _clock(mask: Tensor, stride: int, field: int) -> Tensor:
    # A state is said to be where the middle of what it sees is, and as long as a stride.
    start = torch.arange(mask.shape[1], device=mask.device) * stride + (field - stride) / 2
    span = torch.stack([start, start + stride], -1) / RATE
    return span.expand(len(mask), -1, 2)
