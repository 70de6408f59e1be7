"""What runs of letters are signs of: linear models, found before the rest of a model learns.

Of a corpus of a few thousand rows they recall more on new ones than attention does, beside which
they then speak (see results/default.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
import torch

from emotion.labels import LABELS
from emotion.model import EmotionModel
from emotion.model.config import GramWords
from emotion.model.grams import Grams
from emotion.model.words import Signs
from train.corpora.sample import Sample
from train.linear import of_labels
from train.plans import grouped
from train.recipe import Recipe
from train.rows import affect_of, shares_of

LEAST_MET = 2  # a run of letters met once is a sign of nothing
FEWEST = 20.0  # rows of a label; a rarer one does not count for more
PLAIN = 0.05  # what a text without a feeling counts for beside a comment; see results/default.md
CALM = [PLAIN * (name == "neutral") for name in LABELS]
FREEDOM = 2.0  # of what is a sign of a label, as scikit-learn's C
PASSES = 100  # at most, over texts with labels
PARTS = 5  # of the texts, one of which tells how much the signs found in the others may say
LEAST_ASKED = 20  # texts of one label that it takes for that
RATINGS_READ = 2_000_000  # at least, in as many passes over rated texts as that takes
LEAST_PASSES = 8
LABELS_COUNT = 0.1  # what signs of a label count for beside a run of letters, to find ratings

Features = Any  # scipy.sparse.csr_matrix


def begin(model: EmotionModel, samples: Sequence[Sample], recipe: Recipe) -> None:
    """Gives a fresh model its signs, if it has any, from its recipe's corpora of words."""
    settings = model.config.words
    if not isinstance(settings, GramWords) or not settings.signs:
        return
    named = {source for part in recipe.parts() for source in part.words}
    taught = [each for each in samples if each.source in named and each.text]
    calm = {name for part in recipe.parts() for name in part.plain_text}
    plain = [each for each in samples if each.source in calm and each.text]
    learn(model.words.signs, taught, settings, plain)


@torch.no_grad()
def learn(
    signs: Signs, samples: Sequence[Sample], settings: GramWords, plain: Sequence[Sample] = ()
) -> None:
    """Finds what runs of letters are signs of, and writes it into what asks for it.

    What each corpus tells by itself, of texts in its own script alone, and without a bias, which
    would speak of texts in the other as well. Ratings are told by what other corpora's labels
    say of a text too.

    Args:
        signs: It.
        samples: Texts with labels or ratings.
        settings: How large the table is.
        plain: Texts that say nothing of a feeling, which corpora of comments hardly have; they
            stand beside what has labels in their language.
    """
    reader = Grams(settings.buckets, settings.signs)
    table = np.zeros((settings.signs, len(LABELS) + 2))
    owner = np.zeros(settings.signs, np.uint8)
    for korean in (False, True):
        mine = slice(len(table) // 2, None) if korean else slice(len(table) // 2)
        calm = {each.text for each in plain if korean == (each.language == "ko")}
        own = [each for each in samples if korean == (each.language == "ko")]
        corpora = grouped(own, lambda each: each.source).values()
        taught = [_taught(members, sorted(calm), reader) for members in corpora]
        owner[mine] = owners([each.runs for each in taught], settings.signs)[mine]
        read = [_corpus(each, owner, mine) for each in taught]
        labels = [_label_signs(each) for each in read]
        n_rated = [np.isfinite(each.rated).sum(0) for each in read]
        for number, corpus in enumerate(read):
            others = sum(labels[:number] + labels[number + 1 :], np.zeros_like(labels[number]))
            by_run, by_label = _rating_signs(corpus, others)
            # What a label is worth is told once, by corpora of many ratings before all.
            share = n_rated[number] / np.maximum(sum(n_rated), 1)
            table[mine, len(LABELS) :] += by_run + share * by_label
        table[mine, : len(LABELS)] = sum(labels)
    signs.table.copy_(torch.from_numpy(table.astype(np.float32)))
    signs.owner.copy_(torch.from_numpy(owner))


class Runs(NamedTuple):
    """The different runs of letters of some texts, one text after another.

    Attributes:
        tokens: Their numbers, see grams.Grams.
        lengths: How many each text has.
    """

    tokens: np.ndarray
    lengths: np.ndarray


def runs_of(texts: Sequence[str], reader: Grams) -> Runs:
    """Reads texts."""
    tokens = [np.unique(reader.encode(text.split()).tokens).astype(np.int32) for text in texts]
    lengths = np.array([len(each) for each in tokens], int)
    return Runs(np.concatenate([np.zeros(0, np.int32), *tokens]), lengths)


def owners(corpora: Sequence[Runs], size: int) -> np.ndarray:
    """The mark of the run that each place belongs to, of those that share it, `[size]`.

    It is the one in most texts, where each corpus counts alike, with the plain texts that stand
    beside it: the runs of half a million reviews would leave no place to those of a few thousand
    comments.
    """
    met: list[np.ndarray] = []
    shares: list[np.ndarray] = []
    for runs in corpora:
        tokens, times = np.unique(runs.tokens, return_counts=True)
        often = times >= LEAST_MET
        met.append(tokens[often])
        shares.append(times[often] / len(runs.lengths))
    tokens, which = np.unique(np.concatenate([np.zeros(0, np.int32), *met]), return_inverse=True)
    shares_of = np.bincount(which, np.concatenate([np.zeros(0), *shares]), len(tokens))
    rising = np.argsort(shares_of, kind="stable")
    found = np.zeros(size, np.uint8)
    found[tokens[rising] % size] = tokens[rising] // size  # where several lie, the last stays
    return found


class _Taught(NamedTuple):
    """One corpus' texts: their runs, what is meant by them, and how they are rated."""

    runs: Runs
    shares: np.ndarray
    rated: np.ndarray


@dataclass(frozen=True)
class _Corpus:
    """One corpus' texts as features.

    Attributes:
        counts: Which runs each text has, the texts that say nothing of a feeling last.
        weight: What each run counts for.
        shares: How much each label is meant by each text, all zero where unknown.
        rated: Valence and arousal, NaN where unknown, of the corpus' own texts.
    """

    counts: Features
    weight: np.ndarray
    shares: np.ndarray
    rated: np.ndarray

    @property
    def features(self) -> Features:
        """Each text's runs by what they count for."""
        return (self.counts @ scipy.sparse.diags(self.weight)).tocsr()


def _taught(members: Sequence[Sample], calm: list[str], reader: Grams) -> _Taught:
    shares = np.array([shares_of(each) or (0.0,) * len(LABELS) for each in members])
    if np.count_nonzero(shares.sum(0)) > 1:
        shares = np.concatenate([shares, np.tile(CALM, (len(calm), 1))])
    else:
        calm, shares = [], np.zeros_like(shares)
    runs = runs_of([*(each.text for each in members), *calm], reader)
    return _Taught(runs, shares, np.array([affect_of(each) for each in members]))


def _corpus(taught: _Taught, owner: np.ndarray, mine: slice) -> _Corpus:
    counts = counted(taught.runs, owner)[:, mine]
    return _Corpus(counts, rareness(counts), taught.shares, taught.rated)


def _label_signs(corpus: _Corpus) -> np.ndarray:
    """What a corpus' runs are signs of, `[runs, labels]`; zeros where it tells no labels apart."""
    if not corpus.shares.any():
        return np.zeros((len(corpus.weight), len(LABELS)))
    features = corpus.features
    found = _labels(features, corpus.shares) / _heat(features, corpus.shares)
    return corpus.weight[:, None] * found


def _rating_signs(corpus: _Corpus, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How a corpus' runs are rated by themselves, and by what they are signs of, `[runs, 2]` each.

    Args:
        corpus: It.
        labels: What other corpora's runs are signs of, `[runs, labels]`: so a few thousand ratings
            tell of a text whose words are rare among them too.
    """
    by_run, by_label = np.zeros((2, len(corpus.weight), 2))
    said = scipy.sparse.csr_matrix(LABELS_COUNT * (corpus.counts @ labels), dtype=np.float32)
    features = scipy.sparse.hstack([corpus.features, said], "csr")[: len(corpus.rated)]
    for column in range(2):
        if not np.isnan(corpus.rated[:, column]).all():
            found = _rating(features, corpus.rated[:, column])
            by_run[:, column] = corpus.weight * found[: len(by_run)]
            by_label[:, column] = LABELS_COUNT * labels @ found[len(by_run) :]
    return by_run, by_label


def counted(runs: Runs, owner: np.ndarray) -> Features:
    """Which places each text's runs own, each over the root of how many, `[texts, places]`."""
    places = runs.tokens % len(owner)
    known = owner[places] == runs.tokens // len(owner)
    all_ends = np.concatenate([[0], runs.lengths.cumsum()])
    ends = np.concatenate([[0], known.cumsum()])[all_ends]
    lengths = np.diff(ends)
    values = np.repeat(1 / np.sqrt(np.maximum(lengths, 1)), lengths).astype(np.float32)
    shape = len(lengths), len(owner)
    return scipy.sparse.csr_matrix((values, places[known], ends), shape=shape)


def rareness(counts: Features) -> np.ndarray:
    """What each run counts for: a rare one for more, and texts have about one size, `[size]`."""
    met = np.bincount(counts.indices, minlength=counts.shape[1])
    weight = np.log((1 + counts.shape[0]) / (1 + met)) + 1
    weight[met < LEAST_MET] = 0
    scaled = counts @ scipy.sparse.diags(weight)
    return (weight / np.sqrt(scaled.power(2).sum(1).mean())).astype(np.float32)


def _labels(features: Features, shares: np.ndarray) -> np.ndarray:
    from sklearn.linear_model import LogisticRegression

    rows, labels = np.nonzero(shares)
    met = shares.sum(0)
    # Every label counts alike, as in the loss that the rest of the model learns by.
    weight = (shares * met.sum() / len(met) / np.maximum(met, FEWEST))[rows, labels]
    model = LogisticRegression(C=FREEDOM, max_iter=PASSES, fit_intercept=False)
    model.fit(features[rows], labels, sample_weight=weight)
    return of_labels(model)[0]


def _heat(features: Features, shares: np.ndarray) -> float:
    """How far they say too much, or too little, of rows that they were not found in.

    Of those of one label, as are asked about: of rows that raters give several, signs are found
    that hardly say anything.
    """
    from train.measures import best_temperature

    held = np.arange(len(shares)) % PARTS == 0
    asked = held & (shares.max(1) == 1)
    if asked.sum() < LEAST_ASKED or np.count_nonzero(shares[~held].sum(0)) < 2:
        return 1.0
    said = features[asked] @ _labels(features[~held], shares[~held])
    return best_temperature(said, shares[asked].argmax(1))


def _rating(features: Features, rated: np.ndarray) -> np.ndarray:
    """Weights whose sum's hyperbolic tangent is the rating: a logistic model of it as a chance."""
    from sklearn.linear_model import SGDClassifier

    known = ~np.isnan(rated)
    high, texts = (1 + rated[known]) / 2, features[known]
    # As much of it low as high, as in the rest: most reviews praise.
    share = np.clip(high.mean(), 0.05, 0.95)
    weight = np.concatenate([high / share, (1 - high) / (1 - share)])
    truth = np.repeat([True, False], len(high))
    passes = max(LEAST_PASSES, -(-RATINGS_READ // len(truth)))
    model = SGDClassifier(
        "log_loss",
        alpha=1 / len(truth),
        fit_intercept=False,
        max_iter=passes,
        tol=None,
        average=passes * len(truth) // 2,  # of the second half: the first finds its way
        random_state=0,
    )
    model.fit(scipy.sparse.vstack([texts, texts], "csr"), truth, sample_weight=weight)
    return model.coef_[0] / 2
