"""The seven emotions: names, colours, places on the plane, and how each corpus spells them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Emotion:
    """One of the seven, or of those that a model may know beside them.

    Attributes:
        name: The label used in files and in the code.
        korean: Its name on the Korean page.
        english: Its name on the English page.
        color: Its colour in every figure.
        valence: Where it lies between unpleasant (-1) and pleasant (1).
        arousal: Where it lies between calm (-1) and excited (1).
    """

    name: str
    korean: str
    english: str
    color: str
    valence: float
    arousal: float


# Places: Russell and Mehrabian, "Evidence for a three-factor theory of emotions" (1977), their
# means for happy, surprised, angry, sad, disgusted and fearful; neutral is the middle.
# Colours: apart in lightness as well as hue, so that they stay apart for colour-blind readers.
EMOTIONS = (
    Emotion("neutral", "중립", "neutral", "#8a8f98", 0.00, 0.00),
    Emotion("happy", "기쁨", "happy", "#e6a700", 0.81, 0.51),
    Emotion("surprise", "놀람", "surprised", "#d65f9e", 0.40, 0.67),
    Emotion("angry", "분노", "angry", "#d1372c", -0.51, 0.59),
    Emotion("sad", "슬픔", "sad", "#2f6fb7", -0.63, -0.27),
    Emotion("disgust", "혐오", "disgusted", "#5b8c3a", -0.60, 0.35),
    Emotion("fear", "두려움", "afraid", "#7b4fb5", -0.64, 0.60),
)
# Known to models trained with a corpus's own labels; its place is that of "relaxed".
EXTRAS = (Emotion("calm", "차분함", "calm", "#35a7b5", 0.68, -0.46),)
BY_NAME = {emotion.name: emotion for emotion in (*EMOTIONS, *EXTRAS)}
LABELS = tuple(emotion.name for emotion in EMOTIONS)

KEMDY = {**{label: label for label in LABELS}, "disqust": "disgust"}  # a typo of KEMDy20
# One line a corpus: its own spelling, then ours.
ALIASES: dict[str, dict[str, str]] = {
    "ravdess": {
        "01": "neutral",
        "02": "neutral",  # calm
        "03": "happy",
        "04": "sad",
        "05": "angry",
        "06": "fear",
        "07": "disgust",
        "08": "surprise",
    },
    "kemdy19": KEMDY,
    "kemdy20": KEMDY,
    "iemocap": {
        "neu": "neutral",
        "hap": "happy",
        "exc": "happy",  # excited
        "sad": "sad",
        "ang": "angry",
        "sur": "surprise",
        "fea": "fear",
        "dis": "disgust",
        # A rater writes them out.
        "neutral": "neutral",
        "neutral state": "neutral",
        "happiness": "happy",
        "excited": "happy",
        "sadness": "sad",
        "anger": "angry",
        "surprise": "surprise",
        "fear": "fear",
        "disgust": "disgust",
    },
    # In lower case; the corpus writes them in mixed case.
    "aihub": {
        "neutral": "neutral",
        "happy": "happy",
        "happiness": "happy",
        "surprise": "surprise",
        "angry": "angry",
        "anger": "angry",
        "sad": "sad",
        "sadness": "sad",
        "disgust": "disgust",
        "fear": "fear",
    },
    "nemo": {
        "neutral": "neutral",
        "happiness": "happy",
        "surprised": "surprise",
        "anger": "angry",
        "sadness": "sad",
        "fear": "fear",
    },
    # The first digit of the file number; the corpus's own README swaps the last two.
    "emotiontts": {"0": "neutral", "1": "happy", "2": "sad", "3": "angry"},
    "goemotions": {
        "neutral": "neutral",
        "joy": "happy",
        "surprise": "surprise",
        "anger": "angry",
        "sadness": "sad",
        "disgust": "disgust",
        "fear": "fear",
    },
    "kote": {
        "없음": "neutral",
        "감동/감탄": "happy",
        "즐거움/신남": "happy",
        "행복": "happy",
        "기쁨": "happy",
        "흐뭇함(귀여움/예쁨)": "happy",
        "놀람": "surprise",
        "경악": "surprise",
        "신기함/관심": "surprise",
        "화남/분노": "angry",
        "짜증": "angry",
        "불평/불만": "angry",
        "슬픔": "sad",
        "절망": "sad",
        "서러움": "sad",
        "안타까움/실망": "sad",
        "역겨움/징그러움": "disgust",
        "증오/혐오": "disgust",
        "공포/무서움": "fear",
        "불안/걱정": "fear",
    },
}

# What a manifest of one's own may say, in any case; each label also stands for itself.
SPELLINGS = {
    **{emotion.name: emotion.name for emotion in EMOTIONS},
    **{emotion.korean: emotion.name for emotion in EMOTIONS},
    **{emotion.english: emotion.name for emotion in EMOTIONS},
    "calm": "neutral",
    "happiness": "happy",
    "joy": "happy",
    "행복": "happy",
    "anger": "angry",
    "sadness": "sad",
    "fearful": "fear",
    "공포": "fear",
    "disgusted": "disgust",
    "surprised": "surprise",
}

OTHER = "other"  # whatever a model calls what is none of the seven


def known(spelling: str) -> str | None:
    """Which of the seven a model of anyone's means by its label; None where none is known."""
    said = spelling.strip().lower()
    return SPELLINGS.get(said) or _WORDS.get(said)


# What corpora call them in words; a number means another emotion in each.
_WORDS = {
    said.lower(): label
    for spellings in ALIASES.values()
    for said, label in spellings.items()
    if not said.isdigit()
}


def from_five(rating: float) -> float:
    """Maps a rating of 1 to 5 to -1 to 1."""
    return (rating - 3) / 2


def to_five(value: float) -> float:
    """Maps a value of -1 to 1 back to 1 to 5."""
    return value * 2 + 3
