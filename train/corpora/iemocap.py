"""IEMOCAP: English actors in pairs, scripted and improvised, with words."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from emotion.labels import ALIASES
from train.corpora.sample import Notes, Rating, Sample
from train.corpora.tables import clips, decoded, five, share
from train.errors import CannotTrain

FOUR = ("neutral", "angry", "sad", "happy")  # what is published on; excited is joined to happy
NO_MAJORITY = "xxx"
LISTENER = "E"  # how a rater is called who was not one of the two who spoke

# [6.2901 - 8.2357]	Ses01F_impro01_F000	neu	[2.5000, 2.5000, 2.5000]
HEAD = re.compile(
    r"\[[\d. -]+\]\s+(Ses(\d\d)[FM]_\w+_([FM])\w+)\s+(\w+)\s+\[([^],]*),([^],]*),[^],]*\]"
)
CATEGORY = re.compile(r"C-(\w+):\s*(.*?)\s*\(.*")  # C-E2:	Happiness; Excited;	()
ATTRIBUTE = re.compile(r"A-(\w+):\s*(.*?)\s*\(.*")  # A-E3:	val 3; act 2; dom  2;	()
LINE = re.compile(r"(Ses\w+) \[[\d. -]+\]: ?(.*)")  # Ses01F_impro01_F000 [006.2-008.2]: Words.
MARKS = re.compile(r"\[[A-Z]+\]")  # [LAUGHTER]
FINE = {"exc": "excited", "fru": "frustrated"}


@dataclass
class Rated:
    """An utterance of EmoEvaluation: its own line, and its raters' by their name."""

    head: re.Match[str]
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    places: dict[str, dict[str, str]] = field(default_factory=dict)


def iemocap(folder: Path, notes: Notes) -> list[Sample]:
    """Reads IEMOCAP's four published classes, excited joined to happy."""
    return [each for each in _read(folder, notes, four=True) if each.label in FOUR]


def iemocap_all(folder: Path, notes: Notes) -> list[Sample]:
    """Reads all of IEMOCAP; what is none of the seven has no label, only votes."""
    return _read(folder, notes, four=False)


def _read(folder: Path, notes: Notes, four: bool) -> list[Sample]:
    files = [
        path
        for path in sorted(folder.glob("Session*/dialog/EmoEvaluation/*.txt"))
        if not path.name.startswith(".")  # macOS leaves ._ files beside them
    ]
    if not files:
        raise CannotTrain(
            f"{folder} holds no Session1/dialog/EmoEvaluation: is this the folder of IEMOCAP?"
        )
    rated = [each for path in files for each in _rated(path, notes)]
    words = _words(folder)
    voices = {path.stem: path for path in clips(folder)}
    samples = []
    for each in rated:
        name = each.head[1]
        if name not in words:
            notes.lack(name, "words")
        if name in voices:
            samples.append(_sample(each, voices[name], words.get(name, ""), notes))
        else:
            notes.leave(name, "its voice is missing")
    _count(rated, samples, four, notes)
    return samples


def _rated(path: Path, notes: Notes) -> Iterator[Rated]:
    found: Rated | None = None
    for number, line in enumerate(decoded(path).splitlines(), 1):
        where = f"{path.name}:{number}"
        if line.startswith("["):
            if found:
                yield found
            head = HEAD.match(line)
            found = Rated(head) if head else None
            if not head:
                notes.leave(where, "not a time, an utterance, its emotion and three ratings")
        elif found and (match := CATEGORY.match(line)):
            found.labels[match[1]] = _labels(match[2])
        elif found and (match := ATTRIBUTE.match(line)):
            found.places[match[1]] = dict(re.findall(r"(val|act)\s+([\d.]+)", match[2]))
        elif found and line.startswith(("C-", "A-")):
            notes.lack(where, "what a rater said, in a line that can be read")
    if found:
        yield found


def _labels(text: str) -> tuple[str, ...]:
    named = (ALIASES["iemocap"].get(each.strip().lower()) for each in text.split(";"))
    return tuple(dict.fromkeys(name for name in named if name))


def _words(folder: Path) -> dict[str, str]:
    return {
        match[1]: " ".join(MARKS.sub(" ", match[2]).split())
        for path in sorted(folder.glob("Session*/dialog/transcriptions/*.txt"))
        if not path.name.startswith(".")
        for line in decoded(path).splitlines()
        if (match := LINE.match(line.strip()))
    }


def _sample(each: Rated, voice: Path, words: str, notes: Notes) -> Sample:
    name, session, sex, emotion, *place = each.head.groups()
    valence, arousal = (five(part.strip(), name, notes) for part in place)
    raters = _raters(each, notes)
    # Those who spoke judge themselves too, but have no part in the majority.
    heard = [rater for rater in raters if rater.rater.startswith(LISTENER)]
    chosen = Counter(label for rater in heard for label in rater.labels)
    return Sample(
        id=name,
        corpus="iemocap",
        audio=voice,
        text=words,
        label=ALIASES["iemocap"].get(emotion),
        votes=share(chosen),
        valence=valence,
        arousal=arousal,
        raters=raters,
        fine=FINE.get(emotion, ""),
        # The letter at the front says whose face was filmed; the last one says who speaks.
        speaker=f"Ses{session}{sex}",
        sex="female" if sex == "F" else "male",
        session=session,
        language="en",
    )


def _raters(each: Rated, notes: Notes) -> tuple[Rating, ...]:
    def place(rater: str, what: str) -> float | None:
        return five(each.places.get(rater, {}).get(what, ""), f"{each.head[1]} {rater}", notes)

    names = sorted({*each.labels, *each.places})
    return tuple(
        Rating(each.labels.get(name, ()), place(name, "val"), place(name, "act"), rater=name)
        for name in names
    )


def _count(rated: list[Rated], samples: list[Sample], four: bool, notes: Notes) -> None:
    written: Mapping[str, str] = {each.head[1]: each.head[4] for each in rated}
    notes.count("rated utterances", len(rated))
    notes.count("with a voice", len(samples))
    if not four:
        return
    samples = [each for each in samples if written[each.id] != NO_MAJORITY]
    notes.count("with a majority", len(samples))
    samples = [each for each in samples if each.label]
    notes.count("of the seven", len(samples))
    notes.count("of the four", sum(each.label in FOUR for each in samples))
    joined = sum(each.fine == "excited" for each in samples)
    notes.find(f"{joined} excited utterances are joined to happy.")
