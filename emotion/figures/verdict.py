"""What was found, in plain words: how sure it is, who disagrees, and whether attention fits."""

from emotion.analysis import Analysis, Prediction
from emotion.figures.canvas import name

STRONG, WEAK = 0.75, 0.35  # probability from which it is sure, below which it cannot tell
CLOSE = 0.08  # of a second emotion behind the first, at which it cannot tell either
WELL, PARTLY = 0.6, 0.3  # rank correlation from which attention fits what mattered
# Of the words, and of the voice: "the words are …, the voice is not: it sounds …".
FEEL = {
    "ko": {
        "neutral": ("담담하지만", "담담함이"),
        "happy": ("기쁘지만", "기쁨이"),
        "surprise": ("놀라지만", "놀람이"),
        "angry": ("화가 났지만", "분노가"),
        "sad": ("슬프지만", "슬픔이"),
        "disgust": ("싫어하지만", "혐오가"),
        "fear": ("두려워하지만", "두려움이"),
        "calm": ("차분하지만", "차분함이"),
    },
    "en": {
        "neutral": ("calm and even", "calm and even"),
        "happy": ("happy", "happy"),
        "surprise": ("surprised", "surprised"),
        "angry": ("angry", "angry"),
        "sad": ("sad", "sad"),
        "disgust": ("disgusted", "disgusted"),
        "fear": ("afraid", "afraid"),
        "calm": ("calm", "calm"),
    },
}
SENTENCES = {
    "ko": {
        "sure": "확실히 {best}에 가깝습니다.",
        "probable": "아마 {best}인 듯합니다.",
        "torn": "{best}인지 {next}인지 뚜렷하지 않습니다.",
        "agree": "말과 목소리가 서로 같은 감정을 가리킵니다.",
        "apart": "말은 {words}, 목소리는 그렇지 않습니다. 목소리에서는 {voice} 느껴집니다.",
        "lean": "말은 {words} 쪽, 목소리는 {voice} 쪽으로 조금 다르게 기웁니다.",
        "third": "둘을 함께 들으면 {best} 쪽으로 읽힙니다.",
        "voice": "목소리만 들었습니다.",
        "words": "글만 읽었습니다.",
        "body": "몸의 신호만 읽었습니다.",
    },
    "en": {
        "sure": "Clearly {best}.",
        "probable": "Probably {best}.",
        "torn": "Hard to tell: {best} or {next}.",
        "agree": "The words and the voice agree.",
        "apart": "The words are {words}, the voice is not: it sounds {voice}.",
        "lean": "The words lean to {words}, the voice to {voice}, though neither strongly.",
        "third": "Together they are read as {best}.",
        "voice": "Only the voice was heard.",
        "words": "Only the words were read.",
        "body": "Only the signals of the body were read.",
    },
}
AGREEMENT: dict[str, dict[str | None, str]] = {
    "ko": {
        None: "비교할 것이 너무 적어, 눈길과 맞는지 말할 수 없습니다.",
        "well": "눈길이 많이 간 곳을 빼면 확률도 많이 줄었습니다 (순위 상관 {rho:.2f}).",
        "partly": "눈길은 실제 영향과 어느 정도만 맞습니다 (순위 상관 {rho:.2f}).",
        "hardly": "눈길은 실제 영향과 거의 맞지 않습니다 (순위 상관 {rho:.2f}). "
        "지도를 까닭으로 읽지 마세요.",
        "against": "눈길은 실제 영향과 거꾸로 갑니다 (순위 상관 {rho:.2f}). "
        "지도를 까닭으로 읽지 마세요.",
    },
    "en": {
        None: "Too little to compare, so nobody can say whether attention agrees.",
        "well": "What got more attention also mattered more (rank correlation {rho:.2f}).",
        "partly": "Attention fits what mattered only in part (rank correlation {rho:.2f}).",
        "hardly": "Attention hardly fits what mattered (rank correlation {rho:.2f}): do not read "
        "the heatmap as the reason.",
        "against": "Attention runs against what mattered (rank correlation {rho:.2f}): do not "
        "read the heatmap as the reason.",
    },
}


def verdict(analysis: Analysis, language: str = "en") -> str:
    """How sure it is, and whether the words and the voice agree, in plain words.

    Args:
        analysis: What was found.
        language: "ko" or "en".
    """
    return f"{confidence(analysis.prediction, language)} {agreement(analysis, language)}".strip()


def confidence(found: Prediction, language: str = "en") -> str:
    """How sure a prediction is, in plain words."""
    best, after = sorted(found.probabilities, key=lambda label: -found.probabilities[label])[:2]
    first, second = found.probabilities[best], found.probabilities[after]
    kind = "torn" if first < WEAK or first - second < CLOSE else "probable"
    kind = "sure" if first >= STRONG else kind
    return SENTENCES[language][kind].format(best=name(best, language), next=name(after, language))


def agreement(analysis: Analysis, language: str = "en") -> str:
    """Whether the words and the voice say the same, and if not, what each says."""
    say, alone = SENTENCES[language], analysis.alone
    if len(analysis.sides) == 1:
        return say[analysis.sides[0]]
    if not {"voice", "words"} <= set(alone):
        return ""
    voice, words, both = alone["voice"].label, alone["words"].label, analysis.prediction.label
    third = "" if both in (voice, words) else " " + say["third"].format(best=name(both, language))
    if voice == words:
        return say["agree"] + third
    if not _apart(alone["voice"], alone["words"]):
        names = {"words": name(words, language), "voice": name(voice, language)}
        return say["lean"].format(**names) + third
    feel = FEEL[language]
    return say["apart"].format(words=feel[words][0], voice=feel[voice][1]) + third


def occlusion_agreement(rho: float | None, language: str = "en") -> str:
    """What the agreement of attention with occlusion means, in plain words.

    Args:
        rho: Spearman's rank correlation, or None where there was too little to compare.
        language: "ko" or "en".
    """
    if rho is None:
        return AGREEMENT[language][None]
    kind = "well" if rho >= WELL else "partly" if rho >= PARTLY else "hardly"
    return AGREEMENT[language][kind if rho > -PARTLY else "against"].format(rho=rho)


def _apart(voice: Prediction, words: Prediction) -> bool:
    """Whether each side finds the other's emotion less than half as likely as its own."""
    v, w = voice.label, words.label
    return (
        voice.probabilities[w] < voice.probabilities[v] / 2
        and words.probabilities[v] < words.probabilities[w] / 2
    )
