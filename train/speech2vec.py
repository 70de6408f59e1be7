"""Vectors of words learnt from how they sound and what stands beside them.

    python -m train speech2vec --words WORDS.csv --out vectors.txt
    python -m train speech2vec --data ravdess=DIR --out vectors.txt

As Chung and Glass (2018) do: an encoder reads the MFCC of a spoken word into one vector, from which
a decoder tells the MFCC of each of its neighbours. A word's vector is the mean over all times that
it was said. Theirs were trained by plain gradient descent for 500 epochs; Adam gets there in fewer.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence
from tqdm import trange

from emotion.checkpoint import best_device
from emotion.errors import BadInput
from emotion.model.states import lengths_to_mask
from emotion.model.vectors import write_vectors
from train.corpora import Notes
from train.errors import CannotTrain
from train.word_times import Spoken, hear_times, read_times

RATE = 16_000  # samples a second
HOP = RATE // 100  # samples from one frame to the next
N_CEPSTRA = 13
MEL = {"n_fft": 512, "win_length": RATE // 40, "hop_length": HOP, "n_mels": 40}
SHORTEST, LONGEST = 3, 150  # frames of a word; what is shorter is left out, what is longer is cut
DIMENSIONS = 50  # of a vector
HIDDEN = 128  # width of the recurrent layers
BATCH = 64  # pairs a step
POOL = 50  # batches that are sorted by length together
SPEED = 1e-3  # Adam's
STEEPEST = 1.0  # norm that gradients are clipped to
ODD_SHOWN = 20


@dataclass(frozen=True)
class Speech:
    """All words that were said, clip by clip in the order in which they were.

    Attributes:
        frames: The MFCC of each, `[frames, N_CEPSTRA]`.
        words: What each is.
        clips: Which clip each is from, `[words]`.
    """

    frames: list[Tensor]
    words: list[str]
    clips: np.ndarray

    def pairs(self, window: int) -> np.ndarray:
        """Each word with each one at most `window` places away in its clip, `[pairs, 2]`."""
        first = np.arange(len(self.words))
        found = []
        for step in range(1, window + 1):
            left, right = first[:-step], first[step:]
            beside = self.clips[left] == self.clips[right]
            found += [np.stack([left, right], 1)[beside], np.stack([right, left], 1)[beside]]
        return np.concatenate(found)


class Speech2Vec(nn.Module):
    """The encoder of a spoken word, and the decoder of its neighbours."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(N_CEPSTRA, HIDDEN, batch_first=True, bidirectional=True)
        self.vector = nn.Linear(2 * HIDDEN, DIMENSIONS)
        self.decoder = nn.LSTM(DIMENSIONS, HIDDEN, batch_first=True)
        self.cepstra = nn.Linear(HIDDEN, N_CEPSTRA)

    def encode(self, words: list[Tensor]) -> Tensor:
        """The vectors of spoken words, `[n, DIMENSIONS]`."""
        padded, lengths = _padded(words)
        packed = pack_padded_sequence(padded, lengths.cpu(), True, enforce_sorted=False)
        _, (last, _) = self.encoder(packed)
        return self.vector(torch.cat([last[0], last[1]], -1))

    def forward(self, words: list[Tensor], neighbours: list[Tensor]) -> Tensor:
        """The mean squared error of what each word tells of its neighbour."""
        target, lengths = _padded(neighbours)
        vectors = self.encode(words)
        # The same vector at each frame, and no frame before it: all that is known must be in it.
        told, _ = self.decoder(vectors[:, None].expand(-1, target.shape[1], -1))
        real = lengths_to_mask(lengths, target.shape[1])
        return (self.cepstra(told) - target)[real].square().mean()


def run(options: argparse.Namespace, folders: Mapping[str, Path]) -> None:
    """Trains on a table of word times, which Whisper makes of the folders if there is none."""
    if not options.words and not folders:
        raise CannotTrain("Give the words' times by --words WORDS.csv, or a corpus by --data.")
    torch.set_num_threads(options.threads)
    notes = Notes()
    table = options.words or options.out.with_suffix(".words.csv")
    if folders and not table.is_file():
        hear_times(folders, table, notes)
    speech = cut(read_times(table, notes), notes)
    for where, why in notes.odd[:ODD_SHOWN]:
        print(f"left out: {where}: {why}", file=sys.stderr)
    model = train(speech, options.window, options.epochs, options.seed)
    words, vectors = averaged(model, speech)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    write_vectors(options.out, words, vectors)
    print(f"{options.out}: {len(words)} words, said {len(speech.words)} times")


def cut(times: Mapping[Path, list[Spoken]], notes: Notes) -> Speech:
    """The MFCC of every word, each coefficient to zero mean and unit deviation over all."""
    # Imported here because only this needs them.
    from torchaudio.transforms import MFCC

    from emotion.audio import load

    cepstra = MFCC(RATE, N_CEPSTRA, melkwargs=MEL)
    frames, words, clips = [], [], []
    for index, (audio, spoken) in enumerate(times.items()):
        try:
            samples = load(str(audio), longest=spoken[-1].end + 1).samples
        except BadInput as error:
            notes.leave(audio.name, str(error))
            continue
        found = cepstra(torch.tensor(np.pad(samples, (0, MEL["n_fft"])))).T
        for each in spoken:
            mine = found[round(each.start * RATE / HOP) : round(each.end * RATE / HOP)][:LONGEST]
            if len(mine) >= SHORTEST:
                frames.append(mine)
                words.append(each.word)
                clips.append(index)
            else:
                notes.leave(audio.name, f"{each.word!r} is too short, or behind the clip's end")
    if not frames:
        raise CannotTrain("There is no word to learn from: see what was left out.")
    together = torch.cat(frames)
    mean, deviation = together.mean(0), together.std(0) + 1e-3
    return Speech([(each - mean) / deviation for each in frames], words, np.array(clips))


def train(speech: Speech, window: int, epochs: int, seed: int) -> Speech2Vec:
    """Learns to tell each word's neighbours from it; the same each time on the same machine."""
    if window < 1 or epochs < 1:
        raise CannotTrain("--window and --epochs have to be 1 or more.")
    pairs = speech.pairs(window)
    if not len(pairs):
        raise CannotTrain("No clip holds two words, so no word has a neighbour to learn from.")
    torch.manual_seed(seed)
    device = best_device()
    frames = [each.to(device) for each in speech.frames]
    model = Speech2Vec().to(device)
    optimizer = torch.optim.Adam(model.parameters(), SPEED)
    shuffler = np.random.default_rng(seed)
    progress = trange(epochs, desc="speech2vec", unit="epoch")
    for _ in progress:
        losses = []
        for batch in _batches(pairs, speech, shuffler):
            loss = model([frames[word] for word in batch[:, 0]], [frames[n] for n in batch[:, 1]])
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), STEEPEST)
            optimizer.step()
            losses.append(loss.detach())
        error = float(torch.stack(losses).mean())
        if not np.isfinite(error):
            raise CannotTrain("The error is not a number: are there sounds in these clips?")
        progress.set_postfix(error=f"{error:.3f}")
    return model


@torch.no_grad()
def averaged(model: Speech2Vec, speech: Speech) -> tuple[list[str], np.ndarray]:
    """Each word's mean vector, the words said most often first."""
    device = next(model.parameters()).device
    parts = range(0, len(speech.frames), BATCH)
    said = [
        model.encode([each.to(device) for each in speech.frames[start : start + BATCH]]).cpu()
        for start in parts
    ]
    words, place, counts = np.unique(speech.words, return_inverse=True, return_counts=True)
    sums = np.zeros((len(words), said[0].shape[1]))
    np.add.at(sums, place, torch.cat(said).double().numpy())
    order = np.argsort(-counts, kind="stable")
    return words[order].tolist(), (sums / counts[:, None])[order]


def _batches(
    pairs: np.ndarray, speech: Speech, shuffler: np.random.Generator
) -> Iterator[np.ndarray]:
    """All pairs once, in batches of neighbours of about the same length."""
    lengths = np.array([len(each) for each in speech.frames])
    shuffled = shuffler.permutation(pairs)
    for start in range(0, len(shuffled), POOL * BATCH):
        pool = shuffled[start : start + POOL * BATCH]
        pool = pool[np.argsort(lengths[pool[:, 1]], kind="stable")]
        starts = range(0, len(pool), BATCH)
        for first in shuffler.permutation(starts):
            yield pool[first : first + BATCH]


def _padded(words: list[Tensor]) -> tuple[Tensor, Tensor]:
    lengths = torch.tensor([len(each) for each in words], device=words[0].device)
    return pad_sequence(words, batch_first=True), lengths
