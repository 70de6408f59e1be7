"""What the page says around a change of a voice and its words, in Korean and in English."""

WHATIF: dict[str, dict[str, str]] = {
    "ko": {
        "title": "만약 이랬다면?",
        "hint": "말을 고치거나 목소리를 바꾸면, 확률이 어떻게 달라지는지 바로 보여 드립니다. 원래 "
        "결과는 그대로 남습니다. 높낮이를 바꾸면 소리도 거칠어집니다.",
        "hint_words": "말을 고치면, 확률이 어떻게 달라지는지 바로 보여 드립니다. 원래 결과는 "
        "그대로 남습니다.",
        "words": "이렇게 말했다면",
        "start": "소리 없음, 여기부터 (초)",
        "end": "소리 없음, 여기까지 (초)",
        "pitch": "높낮이 (반음)",
        "loudness": "크기 (dB)",
        "reset": "원래대로",
        "hear": "바꾼 목소리 듣기",
        "voice": "바꾼 목소리",
        "figure": "바꾸기 전과 후",
        "together": "함께",
        "only_voice": "목소리만",
        "only_words": "말만",
        "only_body": "몸의 신호만",
        "went": "{before} → {after}",
        "nothing": "아직 바꾼 것이 없어 결과도 그대로입니다.",
        "no_end": "아직 바꾼 것이 없습니다. 소리를 없앨 곳의 끝을 시작보다 뒤로 옮기세요.",
        "same": "이 모델에는 아무 차이가 없습니다. 소리의 크기처럼 모델이 듣지 않는 것도 있습니다.",
        "unmoved": "그대로",
        "most": "가장 크게 달라진 것: {label} {points:+.0f}%p.",
    },
    "en": {
        "title": "What if?",
        "hint": "Change the words or the voice, and see at once what that does to every "
        "probability. The result above stays. Another pitch also makes the voice rougher.",
        "hint_words": "Change the words, and see at once what that does to every probability. The "
        "result above stays.",
        "words": "Had it been said like this",
        "start": "Silence from (s)",
        "end": "Silence to (s)",
        "pitch": "Pitch (semitones)",
        "loudness": "Loudness (dB)",
        "reset": "Back to how it was",
        "hear": "Hear the changed voice",
        "voice": "The changed voice",
        "figure": "Before and after the change",
        "together": "Together",
        "only_voice": "Voice alone",
        "only_words": "Words alone",
        "only_body": "Body alone",
        "went": "{before} → {after}",
        "nothing": "Nothing is changed yet, so the result is as it was.",
        "no_end": "Nothing is changed yet: let the silence end after it begins.",
        "same": "This makes no difference to this model. Some things it does not hear, loudness "
        "among them.",
        "unmoved": "the same",
        "most": "What changed most: {label} by {points:+.0f} points.",
    },
}
