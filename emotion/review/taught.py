"""Whether a model was taught by the very speakers whose labels it is asked about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from emotion.review.clips import Entry

TEACHING = ("train", "dev")  # the second set its temperatures and chose its best epoch
NAMED = 5  # speakers that are told of

SAY = {
    "ko": {
        True: "클립 {n}개의 화자({speakers})에게서 모델이 배웠습니다: {how}.",
        False: "클립 {n}개의 화자({speakers})에게서 모델이 배웠을 수 있습니다(corpus 열이 있으면 "
        "가려집니다): {how}.",
        "nobody": "이름 없음",
        "spared": "그들에게서 배우지 않은 모델로 판단한 것 {n}개",
        "others": "모델 없이 다른 화자들의 라벨만으로 판단한 것 {n}개",
        "given": "주어진 확률로 판단한 것 {n}개",
        "low": "달리 판단할 것이 없어 의심 점수가 너무 낮은 것 {n}개(교차 검증으로 얻은 확률을 "
        "주세요)",
    },
    "en": {
        True: "The speakers of {n} clips ({speakers}) taught the model: {how}.",
        False: "The speakers of {n} clips ({speakers}) may have taught the model (a column corpus "
        "would tell): {how}.",
        "nobody": "of no name",
        "spared": "{n} are judged by a model that they did not teach",
        "others": "{n} are judged without it, by the other speakers' labels alone",
        "given": "{n} are judged by the probabilities that were given",
        "low": "the doubts of {n} are too low, as there is nothing else to judge them by (give "
        "out-of-fold probabilities)",
    },
}


@dataclass(frozen=True)
class Teachers:
    """Who taught a model, by what its checkpoint knows of them.

    Attributes:
        corpora: Their names, by the corpus.
    """

    corpora: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, split: Mapping[str, Any]) -> "Teachers":
        """Those of a checkpoint's split.json; nobody where it has none."""
        found: dict[str, set[str]] = {}
        for source, sides in split.get("sources", {}).items():
            for side in TEACHING:
                if sides[side].get("rows", 1):
                    corpus = found.setdefault(source.partition("/")[0], set())
                    corpus.update(sides[side]["speakers"])
        return cls({corpus: frozenset(speakers) for corpus, speakers in found.items()})

    def include(self, entry: Entry) -> bool:
        """Whether a clip's speaker is one of them, or may be, for all that its row says."""
        if not entry.corpus:
            return any(entry.speaker in speakers for speakers in self.corpora.values())
        known = self.corpora.get(entry.corpus.casefold())
        return known is not None and (not entry.speaker or entry.speaker in known)


@dataclass(frozen=True)
class Taught:
    """What became of the clips whose speakers taught a model.

    Attributes:
        speakers: Who they are.
        sure: Whether it is known that they are the same people, because rows name the corpus.
        spared: How many were judged by another model, which they did not teach.
        others: How many by what the other speakers' labels teach, and by no model.
        given: How many by probabilities from elsewhere.
        low: How many by the very model, for want of anything else.
    """

    speakers: tuple[str, ...] = ()
    sure: bool = True
    spared: int = 0
    others: int = 0
    given: int = 0
    low: int = 0

    def sentence(self, language: str = "en") -> str:
        """What a reader has to know of it; empty where nobody taught the model."""
        say = SAY[language]
        counts = {key: getattr(self, key) for key in ("spared", "others", "given", "low")}
        n = sum(counts.values())
        if not n:
            return ""
        how = ", ".join(say[key].format(n=count) for key, count in counts.items() if count)
        more = ", …" if len(self.speakers) > NAMED else ""
        named = ", ".join(each or say["nobody"] for each in self.speakers[:NAMED]) + more
        return say[self.sure].format(n=n, speakers=named, how=how)
