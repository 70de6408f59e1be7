"""How the page is to be read, and what its examples are called, in Korean and in English."""

STEPS = {
    "ko": (
        "목소리를 녹음하거나 파일을 고르세요.",
        "말은 저절로 받아 적히고, 틀린 곳은 고칠 수 있습니다.",
        "감정과 그 까닭을 살펴보세요.",
    ),
    "en": (
        "Record your voice or choose a file.",
        "The words are written down for you; correct what was misheard.",
        "See the emotion, and why.",
    ),
}

# Each a heading and a paragraph.
ABOUT = {
    "ko": (
        (
            "무엇을 하나요",
            "목소리의 소리결과 말의 뜻을 서로 견주어 감정마다의 확률과, 쾌·불쾌와 각성의 "
            "자리를 짐작합니다. ‘함께’는 둘을 같이 들은 결과이고, ‘목소리만’과 ‘말만’은 "
            "같은 모델이 한쪽만 받았을 때의 결과입니다.",
        ),
        (
            "탭마다 하는 일",
            "‘분석’은 한마디를 자세히 봅니다. 목소리가 하는 일과, 말이나 목소리가 달랐다면 "
            "어땠을지도 나옵니다. ‘긴 녹음’은 회의나 통화를 처음부터 끝까지 발화마다 읽고, "
            "‘실시간’은 말하는 동안 0.5초마다 읽습니다. ‘몸’은 심전도와 피부전도, 피부 온도를 "
            "목소리 아래 그리고, ‘견주기’는 한 소리를 여러 모델에 들려줍니다.",
        ),
        (
            "쾌·불쾌와 각성",
            "쾌·불쾌는 −1(불쾌)에서 +1(유쾌)까지, 각성은 −1(차분)에서 +1(흥분)까지입니다. "
            "분노와 두려움은 불쾌하고 흥분한 감정, 슬픔은 불쾌하고 차분한 감정, 기쁨은 유쾌하고 "
            "흥분한 감정입니다.",
        ),
        (
            "눈길 지도를 읽는 법",
            "모델은 낱말마다 목소리의 어느 순간을 볼지, 순간마다 어느 낱말을 볼지 "
            "몫을 나눕니다. 칸이 진할수록 몫이 큽니다. 많이 보았다고 해서 그것이 까닭이라는 "
            "뜻은 아닙니다. 그래서 바로 아래에 하나씩 지워 보는 확인이 있습니다.",
        ),
        (
            "믿어도 되나요",
            "함께 제공되는 모델은 연기한 목소리와 짧은 글로 배운 작은 모델입니다. 사람의 "
            "속마음을 알지 못하며, 의료·채용·평가에 쓰면 안 됩니다. 사람들의 의견이 갈리는 "
            "곳에서는 모델도 틀립니다.",
        ),
        (
            "내 목소리는 어디로 가나요",
            "이 프로그램이 돌고 있는 컴퓨터에서만 다루며, 페이지를 닫으면 지웁니다. "
            "기록도 통계도 남기지 않습니다.",
        ),
        (
            "라벨을 검수하려면",
            "자기 컴퓨터에서 python app.py --desk 폴더로 열면 검수 탭이 생깁니다. 가져온 클립과 "
            "거기서 정한 것은 그 폴더에 남고, 폴더를 지우면 없어집니다.",
        ),
    ),
    "en": (
        (
            "What it does",
            "It weighs the sound of the voice against the meaning of the words, and estimates "
            "the probability of each emotion and a place between unpleasant and pleasant, "
            "calm and excited. “Together” is what both say; “voice alone” and “words alone” "
            "are the same model given one side only.",
        ),
        (
            "What each tab is for",
            "Analyze looks closely at one clip: also at what its voice does, and at what would "
            "be had it been said otherwise. Timeline goes through a meeting or a call, utterance "
            "by utterance. Live reads while you speak, every half second. Body draws ECG, skin "
            "conductance and temperature under the voice. Compare lets several models hear the "
            "same clip.",
        ),
        (
            "Valence and arousal",
            "Valence goes from −1, unpleasant, to +1, pleasant; arousal from −1, calm, to +1, "
            "excited. Anger and fear are unpleasant and excited, sadness is unpleasant and calm, "
            "joy pleasant and excited.",
        ),
        (
            "How to read the heatmap",
            "For each word the model shares out its attention over the moments of the voice, "
            "and for each moment over the words. The stronger the colour, the larger the share. "
            "That something was looked at does not make it the reason, which is why the check "
            "right below takes each part away.",
        ),
        (
            "Can I trust it?",
            "The model that comes with this program is small, and learned from acted voices "
            "and short texts. It does not know what anyone feels inside, and must not be used "
            "in medicine, hiring or assessment. Where people disagree, it errs too.",
        ),
        (
            "Where does my voice go?",
            "It is handled on the computer that runs this program, and deleted when you close "
            "the page. No history and no statistics are kept.",
        ),
        (
            "To review labels",
            "Opened as python app.py --desk FOLDER on a machine of your own, the page has a Review "
            "tab for that. Clips that are brought in there, and what is decided of them, stay in "
            "that folder until it is deleted.",
        ),
    ),
}

# What each example is, by its file; one without an entry is called by its words.
EXAMPLE_NAMES = {
    "ko": {
        "ko-glad.ogg": "한국어 · 기쁜 말, 들뜬 목소리",
        "ko-cross.ogg": "한국어 · 화난 말, 센 목소리",
        "ko-afraid.ogg": "한국어 · 무서운 말, 여린 목소리",
        "en-glad.ogg": "영어 · 기쁜 말, 들뜬 목소리",
        "en-low.ogg": "영어 · 슬픈 말, 가라앉은 목소리",
        "en-dry.ogg": "영어 · 기쁜 말, 밋밋한 목소리",
    },
    "en": {
        "ko-glad.ogg": "Korean · glad words, lively voice",
        "ko-cross.ogg": "Korean · angry words, loud voice",
        "ko-afraid.ogg": "Korean · frightened words, thin voice",
        "en-glad.ogg": "English · glad words, lively voice",
        "en-low.ogg": "English · sad words, low voice",
        "en-dry.ogg": "English · glad words, flat voice",
    },
}
