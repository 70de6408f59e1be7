"""Written feelings: KOTE, GoEmotions, EmoBank, NSMC and VA-KOR."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from emotion.labels import ALIASES, from_five
from train.corpora.sample import Notes, Sample
from train.corpora.tables import TSV, UTF_8, Form, decoded, number, records, share
from train.errors import CannotTrain

# KOTE numbers its feelings in this order.
KOTE_FEELINGS = tuple(
    """
    불평/불만 환영/호의 감동/감탄 지긋지긋 고마움 슬픔 화남/분노 존경 기대감 우쭐댐/무시함
    안타까움/실망 비장함 의심/불신 뿌듯함 편안/쾌적 신기함/관심 아껴주는 부끄러움 공포/무서움
    절망 한심함 역겨움/징그러움 짜증 어이없음 없음 패배/자기혐오 귀찮음 힘듦/지침 즐거움/신남
    깨달음 죄책감 증오/혐오 흐뭇함(귀여움/예쁨) 당황/난처 경악 부담/안_내킴 서러움 재미없음
    불쌍함/연민 놀람 행복 불안/걱정 기쁨 안심/신뢰
    """.split()  # noqa: SIM905 (44 quoted names are harder to check against the corpus)
)
KOTE_COLUMNS = ("id", "text", "feelings")
GOEMOTIONS_LABELS = "labels.txt"
GOEMOTIONS_COLUMNS = ("text", "labels", "id")
GOEMOTIONS_FORM = Form("\t", quoted=False, encodings=UTF_8)


def kote(folder: Path, notes: Notes) -> list[Sample]:
    """Reads KOTE: every `*.tsv` of id, text, numbers of feelings.

    A row has a label when its feelings touch exactly one of our seven, and votes when they touch
    any: the share of its feelings that belong to each.
    """
    files = sorted(path for path in folder.glob("*.tsv") if not path.name.startswith("."))
    if not files:
        raise CannotTrain(f"{folder} holds no .tsv file: is this the folder of KOTE?")
    return [
        sample
        for path in files
        for where, row in records(path, KOTE_COLUMNS, notes, TSV, headed=False)
        if (sample := _kote_sample(path.stem, row, where, notes)) is not None
    ]


def _kote_sample(part: str, row: Mapping[str, str], where: str, notes: Notes) -> Sample | None:
    names = _named(row["feelings"], KOTE_FEELINGS)
    if names is None:
        notes.leave(where, f"{row['feelings']!r} are not numbers of feelings")
        return None
    touched = Counter(ALIASES["kote"][name] for name in names if name in ALIASES["kote"])
    return Sample(
        id=f"{part}-{row['id']}",
        corpus="kote",
        text=row["text"],
        label=next(iter(touched)) if len(touched) == 1 else None,
        votes=share(touched),
        part=part,
        language="ko",
    )


def goemotions(folder: Path, notes: Notes) -> list[Sample]:
    """Reads GoEmotions in Ekman's grouping: `train.tsv`, `dev.tsv`, and the names in labels.txt."""
    labels = _ekman(folder / GOEMOTIONS_LABELS)
    samples = []
    for part in ("train", "dev"):
        table = records(
            folder / f"{part}.tsv", GOEMOTIONS_COLUMNS, notes, GOEMOTIONS_FORM, headed=False
        )
        for where, row in table:
            names = _named(row["labels"], labels)
            if names is None:
                notes.leave(where, f"{row['labels']!r} are not numbers of labels")
                continue
            chosen = Counter(ALIASES["goemotions"][each] for each in names)
            samples.append(
                Sample(
                    id=row["id"],
                    corpus="goemotions",
                    text=row["text"],
                    label=next(iter(chosen)) if len(chosen) == 1 else None,
                    votes=share(chosen),
                    part=part,
                    language="en",
                )
            )
    return samples


def _ekman(path: Path) -> list[str]:
    """The names by their numbers; with any other names, every number would mean something else."""
    labels = decoded(path).split()
    if sorted(labels) != sorted(ALIASES["goemotions"]):
        raise CannotTrain(
            f"{path} names {', '.join(labels) or 'nothing'}, and not each of Ekman's once: "
            f"{', '.join(ALIASES['goemotions'])}."
        )
    return labels


def emobank(folder: Path, notes: Notes) -> list[Sample]:
    """Reads EmoBank: `emobank.csv` with valence and arousal of 1 to 5."""
    samples = []
    columns = ("id", "split", "V", "A", "text")
    for where, row in records(folder / "emobank.csv", columns, notes, Form(encodings=UTF_8)):
        place = _place(row, 1, 5, where, notes)
        if place:
            samples.append(
                Sample(
                    id=row["id"],
                    corpus="emobank",
                    text=row["text"],
                    valence=from_five(place[0]),
                    arousal=from_five(place[1]),
                    part=row["split"],
                    language="en",
                )
            )
    return samples


def nsmc(folder: Path, notes: Notes) -> list[Sample]:
    """Reads NSMC: `ratings.tsv.gz` with film reviews and their ratings of 1 to 10 as valence."""
    samples = []
    columns, form = ("id", "document", "rating"), Form("\t", quoted=False)
    for where, row in records(folder / "ratings.tsv.gz", columns, notes, form):
        stars = number(row["rating"], 1, 10, where, notes)
        if stars is not None:
            samples.append(
                Sample(
                    id=row["id"],
                    corpus="nsmc",
                    text=row["document"],
                    valence=(stars - 5.5) / 4.5,
                    language="ko",
                )
            )
    return samples


def va_kor(folder: Path, notes: Notes) -> list[Sample]:
    """Reads VA-KOR: `VA_KOR_annot.csv` with words and their valence and arousal of -3 to 3."""
    samples = []
    table = records(folder / "VA_KOR_annot.csv", ("word", "V", "A"), notes)
    for index, (where, row) in enumerate(table):
        place = _place(row, -3, 3, where, notes)
        if place:
            samples.append(
                Sample(
                    id=f"{index}-{row['word']}",
                    corpus="va_kor",
                    text=row["word"],
                    valence=place[0] / 3,
                    arousal=place[1] / 3,
                    language="ko",
                )
            )
    return samples


def _place(
    row: Mapping[str, str], least: float, most: float, where: str, notes: Notes
) -> tuple[float, float] | None:
    """Valence and arousal, as they are written; None and a note where one is not known."""
    valence = number(row["V"], least, most, where, notes)
    if valence is None:
        return None
    arousal = number(row["A"], least, most, where, notes)
    return None if arousal is None else (valence, arousal)


def _named(numbers: str, names: Sequence[str]) -> list[str] | None:
    """The names that comma-separated numbers stand for; None if they stand for none."""
    try:
        chosen = [int(each) for each in numbers.split(",")]
    except ValueError:
        return None
    if not all(0 <= each < len(names) for each in chosen):
        return None
    return [names[each] for each in chosen]
