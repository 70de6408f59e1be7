"""How many wrong labels the annotator's desk finds: some of a corpus are made wrong on purpose.

    pip install opensmile
    python -m train.results.review --data ravdess=DIR --data emotiontts=DIR \
        [--probabilities FILE] [--seed 0]

A tenth of the labels is replaced by another one of the corpus, by the seed. Printed is the share of
those that lie in the first tenth of the queue, where chance would find a tenth. The desk goes by
the model that ships, or by its twin for speakers who taught the one alone, beside what the other
speakers' labels teach; and by these alone where the speaker taught both. Below: of clips of either
kind; by the model as it is, which its own speakers flatter; by eGeMAPS functionals, each beside
what is usual of its speaker, and a logistic regression that is asked about speakers it was not
taught by; and by a table of probabilities (id, p_LABEL…), as `predictions.csv` of a run holds them.
Beside each stands cleanlab alone on the same probabilities. Last, three simulated raters of
different care, and the care that was found.
"""

import argparse
import sys
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
from emotion.review.jury import Jury, with_twin
from emotion.review.listen import listen
from emotion.review.opinion import Rating
from emotion.review.probabilities import read_probabilities
from emotion.review.quality import Quality
from emotion.review.rows import winner
from emotion.review.store import Project
from emotion.review.suspicion import judge, opinions
from train.commands import folders
from train.corpora import Sample, read
from train.errors import run_script
from train.prepare import CACHE, gather
from train.results.five_lines import Functionals, beside_speakers

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
        heard: What the model that ships, or its twin, has heard in each.
        known: Those of speakers who taught the one that heard them.
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
    jury = Jury(with_twin(Analyzer.load()))
    for name, given_folder in folders(options.data).items():
        folder = given_folder.resolve()  # a project's clips lie at whole paths
        samples = [each for each in read(name, folder) if each.audio and each.label]
        measured = Functionals(options.cache, gather({name: folder}, options.cache))
        functionals = beside_speakers(measured.of(samples), samples)
        # Of these models alone: what another has heard in them is no answer of theirs.
        digests = "-".join(each.digest for each in jury.models)
        kept = options.cache / f"{name}-{digests}.review"
        rng = np.random.default_rng(options.seed)
        _tell(name, samples, functionals, jury, kept, given, rng)


def _tell(
    name: str,
    samples: Sequence[Sample],
    functionals: np.ndarray,
    jury: Jury,
    kept: Path,
    given: Shares,
    rng: np.random.Generator,
) -> None:
    plain = [_entry(each) for each in samples]
    trial = Trial(
        _flipped(plain, rng),
        {each.id: each.label or "" for each in plain},
        _heard(plain, jury, kept),
        frozenset(each.id for each in plain if jury.taught(each)),
    )
    print(f"\n## {name}\n\n{HEAD}")
    new = frozenset(each.id for each in plain) - trial.known
    _row("the desk", trial)
    _row("of these, speakers new to the model", trial, among=new)
    _row("of these, speakers who taught it", trial, among=trial.known)
    said = {each: one.probabilities for each, one in trial.heard.items() if one.probabilities}
    _row("the model as it is", trial, said)
    speakers = [each.speaker for each in samples]
    _row("eGeMAPS, out of fold", trial, _out_of_fold(trial.entries, functionals, speakers))
    _row("given", trial, given)
    _raters(replace(trial, entries=_rated(plain, rng)), functionals, speakers)


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


def _heard(entries: Sequence[Entry], jury: Jury, path: Path) -> dict[str, Heard]:
    """What the models hear, kept so that they listen once."""
    with Project(path) as project:
        source = project.clips.begin("corpus", "corpus", (), len(entries), Reach(Path("/")))
        if not source.done:
            project.clips.add(source, list(enumerate(entries, 1)), [], len(entries))
        for _ in tqdm(listen(project, jury.models), desc="listening", unit="chunk"):
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


def _row(
    name: str, trial: Trial, shares: Shares | None = None, among: frozenset[str] | None = None
) -> None:
    """Prints how many of the wrong ones come first by the queue and by cleanlab alone.

    Args:
        name: Whose probabilities they are.
        trial: The corpus.
        shares: Probabilities from elsewhere, instead of the desk's; clips without are left out.
        among: The clips that are counted, in the order that all of them have; None for all.
    """
    entries = [each for each in trial.entries if shares is None or each.id in shares]
    counted = [each for each in entries if among is None or each.id in among]
    wrong = trial.wrong(counted)
    if not wrong:
        return
    judged, _ = judge(entries, trial.heard, shares, trial.known)
    queue = sorted(judged, key=lambda each: -judged[each].doubt)
    orders = [
        [each for each in order if among is None or each in among]
        for order in (queue, _by_cleanlab(entries, trial, shares))
    ]
    found = " | ".join(f"{_share(order, wrong):.2f}" for order in orders)
    print(f"| {name} | {len(counted)} | {len(wrong)} | {found} |", flush=True)


def _by_cleanlab(entries: Sequence[Entry], trial: Trial, shares: Shares | None) -> list[str]:
    """The clips in the order of cleanlab's label quality, by the same probabilities."""
    _, said = opinions(entries, trial.heard, shares or {}, trial.known)
    known = [each for each in entries if each.id in said]
    names = [label for label in LABELS if any(each.label == label for each in known)]
    columns = [LABELS.index(each) for each in names]
    chances = np.array([said[each.id][columns] for each in known]) + 1e-6
    labels = np.array([names.index(each.label or "") for each in known])
    scores = get_label_quality_scores(labels, chances / chances.sum(1, keepdims=True))
    return [known[index].id for index in np.argsort(scores, kind="stable")]


def _share(order: Sequence[str], wrong: set[str]) -> float:
    """The share of the wrong ones among the first tenth."""
    return len(wrong.intersection(order[: round(FIRST * len(order))])) / len(wrong)


def _raters(trial: Trial, functionals: np.ndarray, speakers: Sequence[str]) -> None:
    labelled = [each for each in trial.entries if each.label]
    wrong = trial.wrong(labelled)
    print("\nThree raters. Wrong by majority or level:", len(trial.wrong(trial.entries)))
    for name, shares in (
        ("the desk", {}),
        ("eGeMAPS, out of fold", _out_of_fold(trial.entries, functionals, speakers)),
    ):
        judged, quality = judge(trial.entries, trial.heard, shares, trial.known)
        queue = sorted((each.id for each in labelled), key=lambda each: -judged[each].doubt)
        print(f"{name}: {_share(queue, wrong):.2f} of {len(wrong)} wrong; {_care(quality)}")


def _care(quality: Quality) -> str:
    ranked = sorted(quality.raters.items(), key=lambda each: -each[1].quality)
    return ", ".join(f"{who} {each.quality:.3f} (is {CARE[who]})" for who, each in ranked)


if __name__ == "__main__":
    sys.exit(run_script(main))
