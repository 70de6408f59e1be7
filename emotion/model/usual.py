"""How far a voice is from how its speaker usually sounds, or else everybody, and what that tells.

What a voice is by nature, and where it was recorded, moves every measure more than a feeling does.
Beside other clips of the same speaker both fall away: what is left is what is unusual today. Of
somebody who was never heard before, what is unusual among all who were is told.
"""

import functools
from collections.abc import Hashable

import numpy as np
import torch
from torch import Tensor, nn

from emotion.labels import LABELS
from emotion.model.manner import N_MEASURES, SHORTEST, Manner

FEWEST = 3  # clips that tell how somebody usually sounds; fewer tell what was said in them
FARTHEST = 5.0  # deviations; what is farther is no voice that taught


@torch.no_grad()
def measures(samples: np.ndarray) -> np.ndarray:
    """What is measured of a clip; NaN where there is nothing to measure, `[N_MEASURES]`."""
    if len(samples) < SHORTEST:
        return np.full(N_MEASURES, np.nan, np.float32)
    batch, n_samples = torch.from_numpy(samples)[None], torch.tensor([len(samples)])
    return _manner()(batch, n_samples)[0].numpy()


class Speakers:
    """What was measured of clips, by who speaks in them."""

    def __init__(self) -> None:
        self._clips: dict[tuple[Hashable, Hashable], np.ndarray] = {}
        self._sums: dict[Hashable, np.ndarray] = {}  # of what was measured, and how often it was

    def add(self, speaker: Hashable, clip: Hashable, measured: np.ndarray) -> None:
        """Adds what was measured of a clip of somebody's, once, if anything was."""
        known = ~np.isnan(measured)
        if known.any() and (speaker, clip) not in self._clips:
            self._clips[speaker, clip] = measured
            sums = self._sums.setdefault(speaker, np.zeros((2, N_MEASURES)))
            sums += np.where(known, measured, 0.0), known

    def unusual(self, speaker: Hashable, clip: Hashable) -> np.ndarray | None:
        """How far a clip is from its speaker's others; None where there are too few of them.

        NaN where the clip or the others have no pitch.
        """
        mine = self._clips.get((speaker, clip))
        if mine is None:
            return None
        known = ~np.isnan(mine)
        total, n = self._sums[speaker] - (np.where(known, mine, 0.0), known)
        if n.max() < FEWEST:
            return None
        return np.where(n < FEWEST, np.nan, mine - total / np.maximum(n, 1)).astype(np.float32)


class Usual(nn.Module):
    """What it is a sign of that a voice is unusual: two linear models.

    One is of how far it is from its speaker's others, where these are known, and one of how far
    from everybody. They are found before anything else learns (train.usual), and stay as they are.

    Attributes:
        mean: Of each measure, over all voices that taught.
        spread: Its deviation among them.
        alone: What is said of somebody who is not known.
        beside: What is said beside a speaker's other clips.
    """

    def __init__(self) -> None:
        super().__init__()
        self.manner = Manner()
        self.mean = nn.Parameter(torch.zeros(N_MEASURES))
        self.spread = nn.Parameter(torch.ones(N_MEASURES))
        self.alone = nn.Linear(N_MEASURES, len(LABELS))
        self.beside = nn.Linear(N_MEASURES, len(LABELS))
        for each in self.parameters():
            each.requires_grad_(False)
        for each in (*self.alone.parameters(), *self.beside.parameters()):
            each.zero_()

    def forward(self, samples: Tensor, n_samples: Tensor, unusual: Tensor) -> Tensor:
        """What is added to the logits of each label, `[batch, labels]`.

        Args:
            samples: `[batch, n]`.
            n_samples: How many of them are real, `[batch]`.
            unusual: How far each measure is from the speaker's usual; NaN where that is not known,
                `[batch, N_MEASURES]`, or `[batch, 1]` where it is known of no row.
        """
        if unusual.shape[1] != N_MEASURES:
            return self.of_strangers(self.manner(samples, n_samples))
        known = ~unusual.isnan().all(1, keepdim=True)
        beside = self.beside(self.from_speaker(unusual))
        if known.all():
            return beside  # and nothing has to be measured again
        strange = self.of_strangers(self.manner(samples, n_samples))
        return torch.where(known, beside, strange)

    def of_strangers(self, measured: Tensor) -> Tensor:
        """What is said of speakers who are not known, and nothing where nothing was measured."""
        nothing = measured.isnan().all(1, keepdim=True)
        return self.alone(self.from_everybody(measured)).masked_fill(nothing, 0.0)

    def from_everybody(self, measured: Tensor) -> Tensor:
        """How far what was measured is from what is usual of everybody, in deviations."""
        return _near((measured - self.mean) / self.spread)

    def from_speaker(self, unusual: Tensor) -> Tensor:
        """The same of what is told of a speaker's others."""
        return _near(unusual / self.spread)


def _near(deviations: Tensor) -> Tensor:
    """What could not be measured is as usual, and nothing is farther than voices that taught."""
    return deviations.nan_to_num(0.0).clamp(-FARTHEST, FARTHEST)


@functools.cache
def _manner() -> Manner:
    return Manner()
