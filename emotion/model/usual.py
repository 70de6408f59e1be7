"""How far a voice is from how its speaker usually sounds, and what that is a sign of.

What a voice is by nature, and where it was recorded, moves every measure more than a feeling does.
Beside other clips of the same speaker both fall away: what is left is what is unusual today.
"""

import functools
from collections.abc import Hashable

import numpy as np
import torch
from torch import Tensor, nn

from emotion.labels import LABELS
from emotion.model.mel import HOP, PACE, LogMel
from emotion.model.prosody import measure

MELS = 80
GROUP = 5  # bands that are taken together
LEAST_VOICED = 4  # frames with a pitch, below which a clip has none worth measuring
N_MEASURES = 3 * MELS // GROUP + 6
SHORTEST = 10 * HOP  # samples; in fewer nothing moves
FEWEST = 3  # clips that tell how somebody usually sounds; fewer tell what was said in them
OCTAVE = 12.0  # semitones


@torch.no_grad()
def measures(samples: np.ndarray) -> np.ndarray:
    """What is measured of a clip; NaN where there is no pitch, `[N_MEASURES]`.

    Of each group of bands its level against all others, how far it moves and how fast; of the
    pitch where it lies, its range, deviation and steps, and how much of the clip has one. Neither
    loudness nor length: the one is the microphone's, the other the sentence's.
    """
    loudest = np.abs(samples).max(initial=0.0)
    if len(samples) < SHORTEST or not loudest:
        return np.full(N_MEASURES, np.nan, np.float32)
    batch, n_samples = torch.from_numpy(samples / loudest)[None], torch.tensor([len(samples)])
    frames, heard = _log_mel().frames(batch, n_samples)
    frames = frames[heard]
    change = frames[PACE:] - frames[:-PACE]
    mean = frames.mean(0)
    bands = torch.stack([mean - mean.mean(), frames.std(0), change.std(0)])
    pitch, _ = measure(batch, n_samples, HOP)
    grouped = bands.unflatten(1, (-1, GROUP)).mean(2).flatten()
    found = _of_pitch(pitch[0, : heard.shape[1]][heard[0]].numpy())
    return np.concatenate([grouped.numpy(), found]).astype(np.float32)


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
    """What it is a sign of that a voice is unlike its speaker's others: a linear model.

    It is found before anything else learns (train.usual), stays as it is, and says nothing of a
    clip whose speaker is not known.
    """

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Parameter(torch.zeros(N_MEASURES, len(LABELS)), requires_grad=False)
        self.bias = nn.Parameter(torch.zeros(len(LABELS)), requires_grad=False)

    def forward(self, unusual: Tensor) -> Tensor | None:
        """What is added to the logits of each label, `[batch, labels]`; None for nothing.

        Args:
            unusual: How far each measure is from the speaker's usual; NaN where that is not known,
                `[batch, N_MEASURES]`, or `[batch, 1]` where it is known of no row.
        """
        if unusual.shape[1] != N_MEASURES:
            return None
        known = ~unusual.isnan().all(1)
        said = unusual.nan_to_num(0.0) @ self.table + self.bias
        return torch.where(known[:, None], said, 0.0)


def _of_pitch(pitch: np.ndarray) -> np.ndarray:
    voiced = pitch[~np.isnan(pitch)]
    share = len(voiced) / len(pitch)
    if len(voiced) < LEAST_VOICED:
        return np.array([*[np.nan] * 5, share])
    semitones = OCTAVE * np.log2(voiced)
    low, middle, high = np.percentile(semitones, (10, 50, 90))
    return np.array([low, middle, high, semitones.std(), np.abs(np.diff(semitones)).mean(), share])


@functools.cache
def _log_mel() -> LogMel:
    return LogMel(MELS)
