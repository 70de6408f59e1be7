"""What the Compare tab says, in Korean and in English."""

COMPARE: dict[str, dict[str, str]] = {
    "ko": {
        "tab": "견주기",
        "step": "같은 소리, 여러 모델",
        "hint": "한 소리를 여러 모델에 들려주고, 무엇이 어떻게 다른지 나란히 봅니다.",
        "audio": "목소리 녹음 또는 파일",
        "words": "무슨 말을 했나요?",
        "placeholder": "비워 두면 말을 읽는 모델이 있을 때 받아 적습니다.",
        "voice_alone": "말은 빼고 목소리만 듣기",
        "models": "모델",
        "hub": "허브에 있는 다른 모델 (이름을 띄어 쓰기)",
        "hub_hint": "소유자/이름",
        "only": "지금은 모델이 하나뿐입니다. 이 페이지를 띄울 때 app.py --compare로 다른 모델을 "
        "더할 수 있습니다.",
        "go": "견주어 보기",
        "welcome": "아직 견준 것이 없습니다",
        "welcome_hint": "목소리를 들려주고 모델을 고르세요. 모델마다의 확률, 서로 다른 곳, 걸린 "
        "시간과 크기가 나옵니다.",
        "loading": "{name} 모델을 올리는 중",
        "asking": "{name}에 묻는 중",
        "agree": "모두 같은 대답입니다: {label}.",
        "disagree": "모델마다 다르게 듣습니다.",
        "single": "대답은 {label}입니다.",
        "none": "대답한 모델이 없습니다.",
        "widest": "가장 크게 갈리는 것은 {label}: {most} {high}, {least} {low}.",
        "figure": "모델마다의 확률",
        "figure_hint": "막대가 없는 감정은 그 모델이 모르는 감정입니다. ‘그 밖’은 일곱 감정에 들지 "
        "않는 이름을 모두 더한 것입니다.",
        "apart": "서로 얼마나 다른가",
        "apart_hint": "두 모델이 서로 다른 감정에 준 확률의 몫입니다. 0%면 똑같고 100%면 겹치는 "
        "것이 없습니다.",
        "table": "표로 보기",
        "emotion": "감정",
        "own": "{name} 스스로 붙인 이름",
        "size": "{megabytes} MB",
        "took": "판단 {seconds:.2f}초",
        "loaded": "올리기 {seconds:.1f}초",
        "there": "이미 올라 있음",
        "sides_voice": "목소리만 들음",
        "sides_words": "말만 읽음",
        "sides_both": "목소리와 말",
        "heard": "읽은 말",
    },
    "en": {
        "tab": "Compare",
        "step": "One clip, several models",
        "hint": "Several models hear the same clip, and you see side by side where they differ.",
        "audio": "Record a voice or choose a file",
        "words": "What was said?",
        "placeholder": "Leave this empty and it is written down, if a model reads words.",
        "voice_alone": "Leave the words out: the voice alone",
        "models": "Models",
        "hub": "Other models of the hub (names with spaces between)",
        "hub_hint": "owner/name",
        "only": "There is one model here. Whoever started this page can set others beside it with "
        "app.py --compare.",
        "go": "Compare",
        "welcome": "Nothing compared yet",
        "welcome_hint": "Give a voice and choose models. You get the probabilities of each, where "
        "they differ, and the time and size of each.",
        "loading": "Loading {name}",
        "asking": "Asking {name}",
        "agree": "All of them say {label}.",
        "disagree": "They hear it differently.",
        "single": "It says {label}.",
        "none": "No model could answer.",
        "widest": "They differ most on {label}: {most} {high}, {least} {low}.",
        "figure": "Probabilities of each model",
        "figure_hint": "An emotion without a bar is one that this model does not know. “Other” is "
        "all that a model calls by a name of none of the seven.",
        "apart": "How far apart they are",
        "apart_hint": "The share of the probability that two models give to different emotions: "
        "with 0% they say the same, with 100% nothing in common.",
        "table": "As a table",
        "emotion": "Emotion",
        "own": "What {name} itself calls them",
        "size": "{megabytes} MB",
        "took": "judged in {seconds:.2f} s",
        "loaded": "loaded in {seconds:.1f} s",
        "there": "loaded before",
        "sides_voice": "heard the voice alone",
        "sides_words": "read the words alone",
        "sides_both": "voice and words",
        "heard": "Words read",
    },
}

# Said to a visitor, where another sentence would speak of folders.
FAILURES = {
    "ko": {
        "hub_unreachable": "모델 {name}은(는) 이 컴퓨터에 없고, 지금은 허브에도 닿을 수 없습니다.",
        "unknown_checkpoint": "{name}이라는 모델이 없습니다.",
        "cannot_without": "모델 {name}은(는) 지금 주신 것만으로는 판단하지 못합니다.",
    },
    "en": {
        "hub_unreachable": "The model {name} is not on this machine, and its hub cannot be reached "
        "now.",
        "unknown_checkpoint": "No model is called {name}.",
        "cannot_without": "The model {name} cannot judge what was given.",
    },
}
