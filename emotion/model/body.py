"""The encoder of what was measured of the body: one state for an utterance."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from emotion.model.config import DenseBody
from emotion.model.states import States, nothing


class DenseEncoder(nn.Module):
    """Three dense layers over the measurements and over which of them there are."""

    middle: Tensor
    spread: Tensor

    def __init__(self, config: DenseBody, dropout: float) -> None:
        super().__init__()
        self.width = config.width
        self.features = config.features
        # Of the training side, so that a second and a degree weigh alike.
        self.register_buffer("middle", torch.zeros(config.features))
        self.register_buffer("spread", torch.ones(config.features))
        sizes = (2 * config.features, config.width, config.width, config.width)
        self.layers = nn.ModuleList(nn.Linear(n_in, n_out) for n_in, n_out in pairwise(sizes))
        self.dropout = nn.Dropout(dropout)

    def forward(self, body: Tensor) -> States:
        """Encodes `[batch, features]` with NaN where nothing was measured."""
        known = ~body.isnan()
        if not known.any():
            return nothing(body, self.width)
        if body.shape[1] != self.features:
            raise ValueError(f"{body.shape[1]} measurements for a model of {self.features}")
        standard = ((body - self.middle) / self.spread).nan_to_num(0.0)
        values = torch.cat([standard, known.to(standard.dtype)], -1)
        for layer in self.layers:
            values = self.dropout(F.relu(layer(values)))
        span = torch.zeros(len(body), 1, 2, device=body.device)
        return States(values[:, None], known.any(1, keepdim=True), span)


ENCODERS = {"dense": DenseEncoder}
