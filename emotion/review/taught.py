"""Whether a model was taught by the very speakers whose labels it is asked about."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from emotion.review.clips import Entry

TEACHING = ("train", "dev")  # the second set its temperatures and chose its best epoch
NAMED = 5  # speakers that are told of

SAY = {
    "ko": {
        True: "이 모델은 클립 {n}개의 화자({speakers})에게서 배웠습니다. 이 클립들의 의심 점수는 "
        "너무 낮습니다. 교차 검증으로 얻은 확률을 --probabilities로 주세요.",
        False: "이 모델은 같은 이름의 화자({speakers})에게서 배웠습니다. 같은 사람이라면 클립 "
        "{n}개의 의심 점수가 너무 낮습니다.",
    },
    "en": {
        True: "The model was taught by the speakers of {n} clips ({speakers}): their doubts are "
        "too low. Give out-of-fold probabilities with --probabilities.",
        False: "The model was taught by speakers of the same names ({speakers}): if they are the "
        "same people, the doubts of {n} clips are too low.",
    },
}


@dataclass(frozen=True)
class Taught:
    """The clips of speakers who taught a model.

    Attributes:
        clips: Their ids.
        speakers: Who.
        sure: Whether it is known that they are the same people, because the corpus is named.
    """

    clips: frozenset[str] = frozenset()
    speakers: tuple[str, ...] = ()
    sure: bool = True

    def sentence(self, language: str = "en") -> str:
        """What a reader has to know of it; empty where nobody taught it."""
        if not self.clips:
            return ""
        more = ", …" if len(self.speakers) > NAMED else ""
        named = ", ".join(self.speakers[:NAMED]) + more
        return SAY[language][self.sure].format(n=len(self.clips), speakers=named)


def taught(entries: Iterable[Entry], split: Mapping[str, Any]) -> Taught:
    """Which clips are of speakers who taught a model, by what its checkpoint knows of them."""
    sources: dict[str, set[str]] = {}
    for source, sides in split.get("sources", {}).items():
        corpus = source.partition("/")[0]
        for side in TEACHING:
            sources.setdefault(corpus, set()).update(sides[side]["speakers"])
    everybody = {speaker for speakers in sources.values() for speaker in speakers}
    found = [
        each
        for each in entries
        if each.speaker in (sources.get(each.corpus, ()) if each.corpus else everybody)
    ]
    speakers = tuple(sorted({each.speaker for each in found}))
    return Taught(frozenset(each.id for each in found), speakers, all(e.corpus for e in found))
