"""What the Timeline tab says, in Korean and in English."""

from emotion.errors import BadInput
from emotion.ui.strings import notice as said_elsewhere

TIMELINE: dict[str, dict[str, str]] = {
    "ko": {
        "tab": "긴 녹음",
        "step": "긴 녹음",
        "hint": "회의, 통화, 드라마처럼 긴 소리나 영상 파일을 놓으세요. 길이에는 끝이 없고, 크기는 "
        "200MB까지입니다. 16kHz WAV로 한 시간 반, 128kbps MP3로 세 시간쯤입니다.",
        "file": "긴 소리나 영상 파일",
        "voice_alone": "말은 빼고 목소리만 듣기 (훨씬 빠름)",
        "go": "처음부터 끝까지 듣기",
        "stop": "멈추기 · 들은 데까지는 남습니다",
        "welcome": "아직 들은 녹음이 없습니다",
        "welcome_hint": "말한 때마다 감정을 짚어 한 줄기로 그리고, 표로 적고, 자막이나 주석 파일로 "
        "내려받게 합니다. 듣는 동안에도 결과가 나타납니다.",
        "reading": "{clock}까지 들음 · 발화 {n}개",
        "done": "끝까지 들었습니다: {clock}, 발화 {n}개.",
        "stopped": "{clock}에서 멈췄습니다. 그때까지 들은 발화 {n}개가 남아 있습니다.",
        "broke_off": "{clock}까지만 들었습니다. 그때까지 들은 발화 {n}개가 남아 있습니다.",
        "stopping": "지금 듣던 대목까지 마치고 멈춥니다.",
        "withdrawn": "차례가 오기 전에 멈췄습니다. 들은 것은 없습니다.",
        "waiting": "차례를 기다리거나 첫 대목을 듣는 중입니다.",
        "course": "감정의 흐름",
        "course_hint": "위는 감정마다의 확률을 쌓은 것, 가운데는 쾌·불쾌와 각성, 아래는 모델이 "
        "얼마나 확신하는지입니다. 빈 곳은 아무도 말하지 않은 때입니다.",
        "table": "발화",
        "table_hint": "줄을 고르면 그 발화가 들립니다.",
        "start": "처음",
        "end": "끝",
        "words": "말",
        "label": "감정",
        "share": "확률",
        "player": "고른 발화",
        "open": "분석에서 열기",
        "downloads": "내려받기",
        "downloads_hint": "CSV와 JSON은 모든 값, SRT와 VTT는 감정이 붙은 자막, TextGrid는 Praat, "
        "eaf는 ELAN에서 엽니다.",
        "downloads_later": "다 듣거나 멈추면 내려받을 수 있습니다.",
        "gone": "오래되어 결과를 지웠습니다. 다시 들려주세요.",
        "no_file": "들을 파일이 없습니다. 긴 소리나 영상 파일을 놓으세요.",
        "unlabeled": "말 없음",
    },
    "en": {
        "tab": "Timeline",
        "step": "A long recording",
        "hint": "Drop a meeting, a call or a drama, as sound or video. There is no limit to its "
        "length, and of its size 200 MB: an hour and a half as WAV at 16 kHz, about three hours "
        "as MP3 at 128 kbps.",
        "file": "A long sound or video file",
        "voice_alone": "Leave the words out: the voice alone (much faster)",
        "go": "Listen from beginning to end",
        "stop": "Stop, and keep what was heard",
        "welcome": "No recording heard yet",
        "welcome_hint": "Each utterance is judged, drawn as one course, listed in a table, and "
        "written as subtitles or annotations. Results show while it still listens.",
        "reading": "Heard up to {clock} · {n} utterances",
        "done": "Heard to the end: {clock}, {n} utterances.",
        "stopped": "Stopped at {clock}. The {n} utterances heard until then are kept.",
        "broke_off": "Heard up to {clock} only. The {n} utterances heard until then are kept.",
        "stopping": "Stopping as soon as the present stretch is done.",
        "withdrawn": "Stopped before its turn came: nothing of it was heard.",
        "waiting": "Waiting for its turn, or hearing the first stretch.",
        "course": "Emotions over time",
        "course_hint": "Above, the probability of each emotion, stacked; in the middle valence and "
        "arousal; below, how sure the model is. Where nothing is drawn, nobody spoke.",
        "table": "Utterances",
        "table_hint": "Choose a row to hear it.",
        "start": "start",
        "end": "end",
        "words": "words",
        "label": "emotion",
        "share": "probability",
        "player": "The chosen utterance",
        "open": "Open in Analyze",
        "downloads": "Download",
        "downloads_hint": "CSV and JSON hold every value, SRT and VTT are subtitles with emotions, "
        "Praat opens TextGrid, ELAN opens eaf.",
        "downloads_later": "There is something to download once it has ended or was stopped.",
        "gone": "The result has expired. Please listen again.",
        "no_file": "There is nothing to hear. Drop a long sound or video file.",
        "unlabeled": "no words",
    },
}

# Said of a recording, where another sentence would speak of typing words.
NOTICES = {
    "ko": {
        "whisper_unreachable": "받아쓰기 모델을 여기서는 가져올 수 없어, 말 없이 목소리만 "
        "들었습니다.",
        "whisper_unknown": "정해 둔 받아쓰기 모델이 없어, 말 없이 목소리만 들었습니다.",
        "whisper_broken": "받아쓰기 모델을 불러올 수 없어, 말 없이 목소리만 들었습니다.",
        "cannot_without": "이 모델이 판단할 수 없는 발화는 빠졌습니다. 말이 들리지 않은 곳입니다.",
    },
    "en": {
        "whisper_unreachable": "The speech recognizer cannot be fetched from here: there are no "
        "words, and the voice alone was judged.",
        "whisper_unknown": "The speech recognizer that was set does not exist: there are no words, "
        "and the voice alone was judged.",
        "whisper_broken": "The speech recognizer cannot be loaded: there are no words, and the "
        "voice alone was judged.",
        "cannot_without": "Utterances in which no words were heard are left out: this model cannot "
        "judge them.",
    },
}


def notice(problem: BadInput, language: str) -> str:
    """What is missing in a timeline, in the page's language."""
    return NOTICES[language].get(problem.code) or said_elsewhere(problem, language)
