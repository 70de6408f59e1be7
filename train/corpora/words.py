"""Written feelings: KOTE, GoEmotions, EmoBank, NSMC and VA-KOR."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from emotion.labels import ALIASES, from_five
from train.corpora.sample import Notes, Sample
from train.corpora.tables import number, records, rows, share
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
GOEMOTIONS_LABELS = "labels.txt"


def kote(folder: Path, notes: Notes) -> list[Sample]:
    """Reads KOTE: every `*.tsv` of id, text, numbers of feelings.

    A row has a label when its feelings touch exactly one of our seven, and votes when they touch
    any: the share of its feelings that belong to each.
    """
    files = sorted(folder.glob("*.tsv"))
    if not files:
        raise CannotTrain(f"{folder} holds no .tsv file: is this the folder of KOTE?")
    return [
        sample
        for path in files
        for row in rows(path, "\t", notes)
        if (sample := _kote_sample(path, row, notes)) is not None
    ]


def _kote_sample(path: Path, row: list[str], notes: Notes) -> Sample | None:
    names = _named(row[2] if len(row) == 3 else "", KOTE_FEELINGS)
    if names is None:
        notes.leave(f"{path.name} {row[0]}", "not an id, a text and the numbers of feelings")
        return None
    touched = Counter(ALIASES["kote"][name] for name in names if name in ALIASES["kote"])
    return Sample(
        id=f"{path.stem}-{row[0]}",
        corpus="kote",
        text=row[1].strip(),
        label=next(iter(touched)) if len(touched) == 1 else None,
        votes=share(touched),
        part=path.stem,
        language="ko",
    )


def goemotions(folder: Path, notes: Notes) -> list[Sample]:
    """Reads GoEmotions in Ekman's grouping: `train.tsv`, `dev.tsv`, and the names in labels.txt."""
    if not (folder / GOEMOTIONS_LABELS).is_file():
        raise CannotTrain(f"{folder / GOEMOTIONS_LABELS} does not exist: is this GoEmotions?")
    labels = (folder / GOEMOTIONS_LABELS).read_text(encoding="utf-8-sig").split()
    samples = []
    for part in ("train", "dev"):
        for text, numbers, name in rows(folder / f"{part}.tsv", "\t", notes, quoted=False):
            names = _named(numbers, labels)
            if names is None:
                notes.leave(f"{part}.tsv {name}", f"{numbers!r} are not numbers of labels")
                continue
            chosen = Counter(ALIASES["goemotions"][each] for each in names)
            samples.append(
                Sample(
                    id=name,
                    corpus="goemotions",
                    text=text.strip(),
                    label=next(iter(chosen)) if len(chosen) == 1 else None,
                    votes=share(chosen),
                    part=part,
                    language="en",
                )
            )
    return samples


def emobank(folder: Path, notes: Notes) -> list[Sample]:
    """Reads EmoBank: `emobank.csv` with valence and arousal of 1 to 5."""
    samples = []
    for row in records(folder / "emobank.csv", ",", notes):
        valence, arousal = number(row["V"], row["id"], notes), number(row["A"], row["id"], notes)
        if valence is not None and arousal is not None:
            samples.append(
                Sample(
                    id=row["id"],
                    corpus="emobank",
                    text=row["text"].strip(),
                    valence=from_five(valence),
                    arousal=from_five(arousal),
                    part=row["split"],
                    language="en",
                )
            )
    return samples


def nsmc(folder: Path, notes: Notes) -> list[Sample]:
    """Reads NSMC: `ratings.tsv.gz` with film reviews and their ratings of 1 to 10 as valence."""
    samples = []
    table = rows(folder / "ratings.tsv.gz", "\t", notes, quoted=False)
    next(table, None)
    for name, text, rating in table:
        stars = number(rating, name, notes)
        if stars is None or not text.strip():
            continue
        samples.append(
            Sample(
                id=name,
                corpus="nsmc",
                text=text.strip(),
                valence=(stars - 5.5) / 4.5,
                language="ko",
            )
        )
    return samples


def va_kor(folder: Path, notes: Notes) -> list[Sample]:
    """Reads VA-KOR: `VA_KOR_annot.csv` with words and their valence and arousal of -3 to 3."""
    samples = []
    for index, row in enumerate(records(folder / "VA_KOR_annot.csv", ",", notes)):
        valence = number(row["V"], row["word"], notes)
        arousal = number(row["A"], row["word"], notes)
        if valence is not None and arousal is not None:
            samples.append(
                Sample(
                    id=f"{index}-{row['word']}",
                    corpus="va_kor",
                    text=row["word"].strip(),
                    valence=valence / 3,
                    arousal=arousal / 3,
                    language="ko",
                )
            )
    return samples


def _named(numbers: str, names: Sequence[str]) -> list[str] | None:
    """The names that comma-separated numbers stand for; None if they stand for none."""
    try:
        chosen = [int(each) for each in numbers.split(",")]
    except ValueError:
        return None
    if not all(0 <= each < len(names) for each in chosen):
        return None
    return [names[each] for each in chosen]
