"""How many wrong labels the annotator's desk finds: some of a corpus are made wrong on purpose.

    pip install opensmile
    python -m train.results.review --data ravdess=DIR --data emotiontts=DIR \
        [--probabilities FILE] [--seed 0]

A tenth of the labels is replaced by another one of the corpus, by the seed. Printed is the share of
those that lie in the first tenth of the queue, where chance would find a tenth: by the model that
ships, with and without the speakers who taught it, beside what the corpus' other labels teach; by
eGeMAPS functionals, each beside what is usual of its speaker, and a logistic regression that is
asked about speakers it was not taught by; and by a table of probabilities (id, p_LABEL…), as
`predictions.csv` of a run holds them. Beside each stands cleanlab alone on the same probabilities.
Below, three simulated raters of different care, and the care that was found.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from cleanlab.rank import get_label_quality_scores
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from emotion.analyze import Analyzer
from emotion.labels import LABELS
from emotion.manifest import Reach
from emotion.review.clips import Entry
from emotion.review.heard import Heard
from emotion.review.learned import learned
from emotion.review.listen import listen
from emotion.review.opinion import Rating
from emotion.review.probabilities import read_probabilities
from emotion.review.quality import Quality, folded
from emotion.review.rows import winner
from emotion.review.store import Project
from emotion.review.suspicion import judge
from emotion.review.taught import taught
from train.commands import folders
from train.corpora import Sample, read
from train.prepare import CACHE, gather
from train.results.five_lines import Functionals

FLIPPED = FIRST = 0.1
FOLDS = 5
CARE = {"careful": 0.95, "usual": 0.85, "careless": 0.7}  # how often each is right
HEAD = "| probabilities | clips | wrong | queue | cleanlab alone |\n|---|---|---|---|---|"

Shares = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Trial:
    """A corpus with some labels made wrong.

    Attributes:
        entries: Its clips, as an annotator gets them.
        truth: What each is, by id.
        heard: What the model that ships has heard in each.
        known: Those of speakers who taught it.
    """

    entries: Sequence[Entry]
    truth: Mapping[str, str]
    heard: Mapping[str, Heard]
    known: frozenset[str]

    def wrong(self, entries: Iterable[Entry]) -> set[str]:
        """The clips whose label is not what they are."""
        return {each.id for each in entries if each.label != self.truth[each.id]}


def main() -> None:
    """Prints the figures of each corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", action="append", required=True, metavar="CORPUS=DIR")
    parser.add_argument("--probabilities", type=Path, metavar="FILE", help="a CSV: id, p_LABEL…")
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    given = read_probabilities(options.probabilities) if options.probabilities else {}
    analyzer = Analyzer.load("default/held-out")  # what ships has been taught all of these labels
    for name, given_folder in folders(options.data).items():
        folder = given_folder.resolve()  # a project's clips lie at whole paths
        samples = [each for each in read(name, folder) if each.audio and each.label]
        measured = Functionals(options.cache, gather({name: folder}, options.cache))
        functionals = _beside_speakers(measured.of_samples(samples), samples)
        # Of this model alone: what another has heard in them is no answer of its own.
        kept = options.cache / f"{name}-{analyzer.digest}.review"
        rng = np.random.default_rng(options.seed)
        _tell(name, samples, functionals, analyzer, kept, given, rng)


def _tell(
    name: str,
    samples: Sequence[Sample],
    functionals: np.ndarray,
    analyzer: Analyzer,
    kept: Path,
    given: Shares,
    rng: np.random.Generator,
) -> None:
    plain = [_entry(each) for each in samples]
    trial = Trial(
        _flipped(plain, rng),
        {each.id: each.label or "" for each in plain},
        _heard(plain, analyzer, kept),
        taught(plain, analyzer.split).clips,
    )
    print(f"\n## {name}\n\n{HEAD}")
    said = {each: one.probabilities for each, one in trial.heard.items() if one.probabilities}
    _row("the model that ships", trial, said, own=True)
    others = {name: each for name, each in said.items() if name not in trial.known}
    _row("the same, speakers it does not know", trial, others, own=True)
    speakers = [each.speaker for each in samples]
    here = learned(trial.entries, trial.heard)
    alone = {name: dict(zip(LABELS, row.tolist(), strict=True)) for name, row in here.items()}
    _row("the other labels alone, out of fold", trial, alone)
    _row("eGeMAPS, out of fold", trial, _out_of_fold(trial.entries, functionals, speakers))
    _row("given", trial, given)
    _raters(replace(trial, entries=_rated(plain, rng)), functionals, speakers)


def _beside_speakers(functionals: np.ndarray, samples: Sequence[Sample]) -> np.ndarray:
    """Each clip's functionals beside those that are usual of its speaker."""
    speakers = np.array([each.speaker for each in samples])
    beside = np.zeros_like(functionals)
    for speaker in set(speakers):
        own = functionals[speakers == speaker]
        beside[speakers == speaker] = (own - own.mean(0)) / (own.std(0) + 1e-6)
    return beside


def _entry(sample: Sample) -> Entry:
    return Entry(
        sample.id, str(sample.audio), sample.text, sample.label,
        speaker=sample.speaker, corpus=sample.corpus,
    )  # fmt: skip


def _flipped(entries: Sequence[Entry], rng: np.random.Generator) -> list[Entry]:
    chosen = set(rng.choice(len(entries), round(FLIPPED * len(entries)), replace=False))
    names = sorted({each.label for each in entries if each.label})
    return [
        replace(each, label=_another(each.label, names, rng)) if index in chosen else each
        for index, each in enumerate(entries)
    ]


def _another(label: str | None, names: Sequence[str], rng: np.random.Generator) -> str:
    return str(rng.choice([name for name in names if name != label]))


def _rated(entries: Sequence[Entry], rng: np.random.Generator) -> list[Entry]:
    """The same clips as three raters would label them, with the label that most gave."""
    names = sorted({each.label for each in entries if each.label})
    found = []
    for each in entries:
        said = {
            who: each.label if rng.random() < care else _another(each.label, names, rng)
            for who, care in CARE.items()
        }
        raters = {who: Rating((label or "",)) for who, label in said.items()}
        votes = Counter(label for one in raters.values() for label in one.labels)
        found.append(replace(each, label=winner(votes), raters=raters))
    return found


def _heard(entries: Sequence[Entry], analyzer: Analyzer, path: Path) -> dict[str, Heard]:
    """What the model hears, kept so that it listens once."""
    with Project(path) as project:
        source = project.clips.begin("corpus", "corpus", (), len(entries), Reach(Path("/")))
        if not source.done:
            project.clips.add(source, list(enumerate(entries, 1)), [], len(entries))
        for _ in tqdm(listen(project, analyzer), desc="listening", unit="chunk"):
            pass
        return project.heard.all()


def _out_of_fold(
    entries: Sequence[Entry], functionals: np.ndarray, speakers: Sequence[str]
) -> Shares:
    """What a model says that was taught the labels as they are given, of speakers new to it."""
    labels = np.array([each.label or "" for each in entries])
    shares: dict[str, dict[str, float]] = {}
    folds = GroupKFold(min(FOLDS, len(set(speakers))))
    for mine, other in folds.split(functionals, labels, speakers):
        mine = mine[labels[mine] != ""]
        machine = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1_000))
        machine.fit(functionals[mine], labels[mine])
        for index, row in zip(other, machine.predict_proba(functionals[other]), strict=True):
            shares[entries[index].id] = dict(zip(machine.classes_, row.tolist(), strict=True))
    return shares


def _row(name: str, trial: Trial, shares: Shares, own: bool = False) -> None:
    """Prints how many of the wrong ones come first by the queue and by cleanlab alone.

    Args:
        name: Whose probabilities they are.
        trial: The corpus.
        shares: The probabilities; clips without are left out.
        own: Whether they are the model's, which the desk holds beside what the labels here teach.
    """
    entries = [each for each in trial.entries if each.id in shares]
    wrong = trial.wrong(entries)
    if not wrong:
        return
    judged, _ = judge(entries, trial.heard, None if own else shares)
    queue = sorted(judged, key=lambda each: -judged[each].doubt)
    names = [label for label in LABELS if any(each.label == label for each in entries)]
    columns = [LABELS.index(each) for each in names]
    chances = np.array([folded(shares[each.id])[columns] for each in entries]) + 1e-6
    labels = np.array([names.index(each.label or "") for each in entries])
    scores = get_label_quality_scores(labels, chances / chances.sum(1, keepdims=True))
    alone = [entries[index].id for index in np.argsort(scores, kind="stable")]
    found = " | ".join(f"{_share(order, wrong):.2f}" for order in (queue, alone))
    print(f"| {name} | {len(entries)} | {len(wrong)} | {found} |", flush=True)


def _share(order: Sequence[str], wrong: set[str]) -> float:
    """The share of the wrong ones among the first tenth."""
    return len(wrong.intersection(order[: round(FIRST * len(order))])) / len(wrong)


def _raters(trial: Trial, functionals: np.ndarray, speakers: Sequence[str]) -> None:
    labelled = [each for each in trial.entries if each.label]
    wrong = trial.wrong(labelled)
    print("\nThree raters. Wrong by majority or level:", len(trial.wrong(trial.entries)))
    for name, shares in (
        ("the model that ships", {}),
        ("eGeMAPS, out of fold", _out_of_fold(trial.entries, functionals, speakers)),
    ):
        judged, quality = judge(trial.entries, trial.heard, shares)
        queue = sorted((each.id for each in labelled), key=lambda each: -judged[each].doubt)
        print(f"{name}: {_share(queue, wrong):.2f} of {len(wrong)} wrong; {_care(quality)}")


def _care(quality: Quality) -> str:
    ranked = sorted(quality.raters.items(), key=lambda each: -each[1].quality)
    return ", ".join(f"{who} {each.quality:.3f} (is {CARE[who]})" for who, each in ranked)


if __name__ == "__main__":
    main()
