"""Why a clip is doubtful: each reason with a number, and as a sentence in Korean and English."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from emotion.errors import BadInput
from emotion.labels import BY_NAME

# What each says; the facts are named in braces, and label names are put in the reader's language.
SAY = {
    "ko": {
        "label_here": "라벨은 {label}인데 모델과 여기 다른 라벨들을 함께 보면 {other}에 {share}, "
        "{label}에는 {own}입니다.",
        "label_others": "라벨은 {label}인데 여기 다른 화자들의 라벨에서 배우면 {other}에 {share}, "
        "{label}에는 {own}입니다.",
        "label_given": "라벨은 {label}인데 주어진 확률은 {other}에 {share}, {label}에 {own}입니다.",
        "label": "라벨은 {label}인데 모델은 {other}에 {share}, {label}에는 {own}를 줍니다.",
        "consensus": "모두 합쳐 보면 {other}입니다({share}). 라벨은 {label}입니다.",
        "raters": "평가자들의 {share}가 라벨({label})과 다르게 들었습니다.",
        "sides": "목소리는 {voice}, 말은 {words} 쪽입니다(차이 {share}).",
        "place": "평가된 쾌·불쾌와 각성의 자리가 {label}보다 {other}에 가깝습니다(거리 {number}).",
        "heard_place": "모델이 들은 쾌·불쾌와 각성의 자리가 {label}보다 {other}에 가깝습니다"
        "(거리 {number}).",
        "same": "{clip}과(와) 표본 하나까지 같은 소리입니다.",
        "same_other": "{clip}과(와) 같은 소리인데 그 라벨은 {other}입니다.",
        "near": "{clip}과(와) 거의 같은 소리입니다(닮음 {share}).",
        "near_other": "{clip}과(와) 거의 같은 소리인데(닮음 {share}) 그 라벨은 {other}입니다.",
        "silent": "말소리가 거의 없습니다({number}초).",
        "clipped": "소리가 너무 커서 표본의 {share}가 잘렸습니다.",
        "words": "받아쓰기와 주어진 말의 글자 {share}가 다릅니다: “{heard}”",
        "unheard": "들을 수 없습니다: {problem}",
        "unknown": "모델이 모르는 라벨({label})이라 판단하지 못했습니다.",
        "unlabelled": "라벨이 없거나 평가자들의 표가 갈렸습니다. "
        "가장 그럴듯한 것은 {other}({share})입니다.",
        "level": "평가자들의 표가 갈렸습니다. 모두 합쳐 보면 {other}입니다({share}).",
    },
    "en": {
        "label_here": "It is labelled {label}, but the model and the other labels here together "
        "give {other} {share} and {label} {own}.",
        "label_others": "It is labelled {label}, but what the other speakers' labels teach gives "
        "{other} {share} and {label} {own}.",
        "label_given": "It is labelled {label}, but the probabilities that were given say {other} "
        "{share} and {label} {own}.",
        "label": "It is labelled {label}, but the model gives {other} {share} and {label} {own}.",
        "consensus": "All in all it is rather {other} ({share}); it is labelled {label}.",
        "raters": "{share} of the raters heard something else than its label, {label}.",
        "sides": "The voice says {voice} and the words say {words} (apart by {share}).",
        "place": "Its rated valence and arousal lie nearer to {other} than to {label} "
        "({number} away).",
        "heard_place": "The valence and arousal that the model hears lie nearer to {other} than "
        "to {label} ({number} away).",
        "same": "It is the same sound as {clip}, sample for sample.",
        "same_other": "It is the same sound as {clip}, which is labelled {other}.",
        "near": "It is nearly the same sound as {clip} ({share} alike).",
        "near_other": "It is nearly the same sound as {clip} ({share} alike), which is labelled "
        "{other}.",
        "silent": "There is hardly any speech in it ({number} s).",
        "clipped": "It was too loud: {share} of its samples are cut off.",
        "words": "{share} of the letters heard differ from the words given: “{heard}”",
        "unheard": "It cannot be heard: {problem}",
        "unknown": "The model does not know {label}, so it has not judged this.",
        "unlabelled": "It has no label, or its raters are level. Likeliest is {other} ({share}).",
        "level": "Its raters are level. All in all it is rather {other} ({share}).",
    },
}
# What is said of the label itself, whose quality counts in full.
OWN = (
    "label",
    "label_here",
    "label_others",
    "label_given",
    "consensus",
    "level",
    "unlabelled",
    "unknown",
)
# How much of a doubt each other reason can make by itself, of 1.
WEIGHTS = {
    "raters": 0.2,
    "sides": 0.1,
    "place": 0.3,
    "heard_place": 0.05,
    "same": 0.1,
    "same_other": 0.9,
    "near": 0.05,
    "near_other": 0.5,
    "silent": 0.3,
    "clipped": 0.1,
    "words": 0.2,
    "unheard": 0.3,
}
LABELLED = ("label", "other", "voice", "words")  # facts that are labels
SHARED = ("share", "own")  # facts that are shares


@dataclass(frozen=True)
class Reason:
    """One thing that speaks against a clip or its label.

    Attributes:
        code: Which, a key of SAY.
        number: How strongly: a share, a distance or seconds, as its sentence says.
        weight: How much of it there is, 0 to 1.
        facts: What the sentence names.
    """

    code: str
    number: float
    weight: float = 1.0
    facts: Mapping[str, object] = field(default_factory=dict)

    def sentence(self, language: str = "en") -> str:
        """The reason, to be read."""
        facts = {name: _said(name, fact, language) for name, fact in self.facts.items()}
        return SAY[language][self.code].format(number=f"{self.number:.2f}", **facts)


def strength(reason: Reason) -> float:
    """How much a reason matters beside others."""
    return reason.number if reason.code in OWN else doubt(0, [reason])


def doubt(base: float, reasons: list[Reason]) -> float:
    """All doubts as one, 0 to 1: that of the label itself, and a little more for each reason."""
    sure = 1 - base
    for each in reasons:
        sure *= 1 - WEIGHTS.get(each.code, 0.0) * min(max(each.weight, 0.0), 1.0)
    return 1 - sure


def _said(name: str, fact: object, language: str) -> object:
    if name in LABELLED and fact in BY_NAME:
        emotion = BY_NAME[str(fact)]
        return emotion.korean if language == "ko" else emotion.english
    if name in SHARED and isinstance(fact, float):
        return f"{fact:.0%}"
    return str(fact) if isinstance(fact, BadInput) else fact
