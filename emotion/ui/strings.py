"""Every word of the page, in Korean and in English."""

from pathlib import Path

from emotion.audio import LONGEST
from emotion.errors import MESSAGES, BadInput

LANGUAGES = {"ko": "한국어", "en": "English"}

TEXT: dict[str, dict[str, str]] = {
    "ko": {
        "title": "말과 목소리의 감정",
        "lead": "한마디 들려주세요. 말에 담긴 감정과 목소리에 담긴 감정을 따로, 또 함께 읽고 "
        "무엇이 그렇게 들렸는지 보여 드립니다.",
        "language": "페이지 언어",
        "analyze_tab": "분석",
        "live_tab": "실시간",
        "about_tab": "읽는 법",
        "live": "말하는 동안 듣기",
        "live_hint": "시작을 누르고 말하세요. 마지막 30초를 들으며 0.5초마다 읽습니다.",
        "live_start": "시작",
        "live_stop": "멈춤",
        "live_wait": "기다리는 중",
        "live_before": "아직 듣지 않습니다",
        "live_silent": "아무도 말하지 않습니다",
        "live_both": "말과 목소리",
        "live_voice": "목소리만",
        "live_rolling": "지난 30초",
        "live_clipped": "소리가 너무 커서 잘립니다. 마이크에서 조금 떨어져 말하세요.",
        "live_lost": "연결이 느려 소리 일부가 오지 않았습니다. 그 부분은 읽지 못했습니다.",
        "live_refused": "브라우저가 마이크를 허락하지 않았습니다. 주소창 옆에서 마이크를 허락하고 "
        "다시 시작하세요.",
        "live_no_device": "마이크를 열 수 없습니다. 마이크를 꽂거나, 마이크를 쓰고 있는 다른 "
        "프로그램을 닫고 다시 시작하세요.",
        "live_insecure": "브라우저는 https 주소나 이 컴퓨터의 localhost에서만 마이크를 내줍니다. "
        "그런 주소로 여세요.",
        "voice_step": "목소리",
        "upload": "파일 올리기",
        "record": "녹음하기",
        "audio": "목소리 녹음 또는 파일",
        "voice_hint": f"녹음하거나 파일을 놓으세요. {LONGEST:.0f}초까지 듣습니다.",
        "words_step": "말",
        "words": "무슨 말을 했나요?",
        "placeholder": "비워 두면 목소리를 듣고 받아 적습니다. 직접 적어도 됩니다.",
        "voice_alone": "말은 빼고 목소리만 듣기",
        "spoken": "말한 언어",
        "spoken_auto": "자동",
        "spoken_ko": "한국어",
        "spoken_en": "영어",
        "go": "분석하기",
        "examples": "예시",
        "examples_hint": "기계가 합성한 목소리입니다. 누르면 바로 분석합니다.",
        "welcome_title": "아직 들은 것이 없습니다",
        "able_voice_words_both": "글만 적어도, 목소리만 있어도 됩니다.",
        "able_voice_both": "이 모델에는 목소리가 있어야 합니다. 말은 있으면 함께 읽습니다.",
        "able_words_both": "이 모델에는 말이 있어야 합니다. 목소리는 있으면 함께 듣습니다.",
        "able_voice_words": "이 모델은 목소리나 말 가운데 하나만 읽습니다.",
        "able_both": "이 모델에는 목소리와 말이 다 있어야 합니다.",
        "able_voice": "이 모델은 목소리만 듣습니다. 말의 뜻은 읽지 않습니다.",
        "able_words": "이 모델은 말만 읽습니다. 목소리는 받아 적기만 합니다.",
        "able_none": "이 모델에는 몸의 신호가 있어야 합니다. 몸 탭에서 주세요.",
        "result": "결과",
        "valence": "쾌·불쾌",
        "arousal": "각성",
        "together": "함께",
        "voice": "목소리만",
        "only_words": "말만",
        "only_body": "몸의 신호만",
        "sides": "따로, 또 함께",
        "bars": "감정마다의 확률",
        "bars_hint": "막대는 함께 들은 결과, 표시는 따로 들은 결과입니다.",
        "plane": "감정의 자리",
        "plane_summary": "쾌·불쾌 {valence}, 각성 {arousal}. "
        "오른쪽일수록 유쾌하고 위일수록 흥분한 감정입니다.",
        "moments": "어느 말이 어느 순간을 보았나",
        "moments_voice": "목소리의 흐름",
        "words_to_voice_hint": "위는 목소리, 아래는 낱말마다 목소리의 어느 순간에 눈길을 "
        "주었는지입니다. 진할수록 많이 보았습니다.",
        "voice_to_words_hint": "위는 목소리, 아래는 목소리의 순간마다 어느 낱말에 눈길을 "
        "주었는지입니다. 진할수록 많이 보았습니다.",
        "frames_hint": "테두리는 그 낱말을 말한 때입니다.",
        "moments_voice_hint": "파형과 말소리 구간, 높낮이와 크기입니다. "
        "낱말과 순간의 눈길은 말과 목소리가 다 있을 때 보입니다.",
        "moments_apart_hint": "파형과 말소리 구간, 높낮이와 크기입니다. "
        "이 모델은 낱말과 순간을 서로 견주지 않아, 눈길 지도가 없습니다.",
        "words_focus_hint": "선은 낱말마다 기우는 순간이고, 띠는 그 너비입니다.",
        "voice_focus_hint": "선은 순간마다 기우는 낱말이고, 띠는 그 너비입니다.",
        "moments_summary": "목소리 {seconds:.1f}초. 가장 센 눈길: {pairs}.",
        "pair": "“{word}” → {second:.1f}초",
        "moments_even": "이번에는 눈길이 거의 고르게 퍼져 있어, 지도에서 읽을 것이 적습니다.",
        "direction": "방향",
        "words_to_voice": "말 → 목소리",
        "voice_to_words": "목소리 → 말",
        "layer": "층",
        "head": "헤드",
        "mean": "평균",
        "occlusion": "정말 그것 때문일까?",
        "occlusion_hint": "눈길은 증거가 아닙니다. 낱말을 하나씩, 목소리를 0.25초씩 지워 보며 "
        "확률이 얼마나 주는지 확인합니다.",
        "occlusion_go": "하나씩 지워 확인하기",
        "occlusion_words": "말",
        "occlusion_voice": "목소리",
        "occlusion_summary": "빼면 가장 많이 줄어드는 것: {part}, {loss}.",
        "loss": "{label} 확률을 {points:.1f}%p 잃음",
        "occlusion_none": "무엇을 지워도 {label} 확률이 줄지 않았습니다.",
        "details": "내려받기와 자세한 값",
        "json": "JSON 내려받기",
        "csv": "CSV 내려받기",
        "table": "표로 보기",
        "emotion": "감정",
        "times": "걸린 시간",
        "time": "{stage} {seconds}초",
        "decode": "소리 풀기",
        "speech": "말소리 찾기",
        "transcribe": "받아 적기",
        "model": "감정 읽기",
        "fetch": "받아쓰기 모델 내려받기 (처음 한 번만)",
        "occluding": "하나씩 지우는 중",
        "truncated": f"처음 {LONGEST:.0f}초만 들었습니다. 그 뒤는 잘렸습니다.",
        "broken": "예상하지 못한 문제가 생겼습니다. 다시 해 보고, 계속되면 알려 주세요.",
        "gone": "오래되어 결과를 지웠습니다. 다시 분석해 주세요.",
        "privacy": "목소리는 저장하지 않습니다. 이 페이지를 떠나면 지워집니다.",
        "privacy_desk": "다른 탭에 준 목소리는 저장하지 않고, 이 페이지를 떠나면 지웁니다. 검수에 "
        "가져온 것과 거기서 정한 것은 이 컴퓨터의 작업 폴더에 남습니다.",
        "checkpoint": "모델: {name}",
    },
    "en": {
        "title": "What the voice and the words feel",
        "lead": "Say something. The feeling in the words and the feeling in the voice are read "
        "apart and together, and you see what made it sound that way.",
        "language": "Language of the page",
        "analyze_tab": "Analyze",
        "live_tab": "Live",
        "about_tab": "How to read it",
        "live": "Listen while you speak",
        "live_hint": "Press Start and speak. The last 30 seconds are kept, and read every "
        "half second.",
        "live_start": "Start",
        "live_stop": "Stop",
        "live_wait": "Waiting",
        "live_before": "Not listening yet",
        "live_silent": "Nobody speaks",
        "live_both": "Words and voice",
        "live_voice": "Voice alone",
        "live_rolling": "The last 30 seconds",
        "live_clipped": "The sound is too loud and is cut off. Speak a little further from the "
        "microphone.",
        "live_lost": "Some of the sound did not arrive, as on a slow line: that part was not read.",
        "live_refused": "The browser was not allowed to use the microphone. Allow it beside the "
        "address, and start again.",
        "live_no_device": "The microphone cannot be opened. Plug one in, or close the program that "
        "uses it, and start again.",
        "live_insecure": "Browsers give the microphone only to https addresses and to localhost. "
        "Open the page by such an address.",
        "voice_step": "Voice",
        "upload": "Upload a file",
        "record": "Record",
        "audio": "Record a voice or choose a file",
        "voice_hint": f"Record, or drop a file. Up to {LONGEST:.0f} seconds are heard.",
        "words_step": "Words",
        "words": "What was said?",
        "placeholder": "Leave this empty and the words are written down from the voice. "
        "Or type them.",
        "voice_alone": "Leave the words out: the voice alone",
        "spoken": "Language spoken",
        "spoken_auto": "Auto",
        "spoken_ko": "Korean",
        "spoken_en": "English",
        "go": "Analyze",
        "examples": "Examples",
        "examples_hint": "These voices are synthetic. One press analyzes them.",
        "welcome_title": "Nothing heard yet",
        "able_voice_words_both": "Words without a voice work, and so does a voice without words.",
        "able_voice_both": "This model needs a voice; if there are words, it reads them as well.",
        "able_words_both": "This model needs words; if there is a voice, it hears it as well.",
        "able_voice_words": "This model takes either a voice or words, not both at once.",
        "able_both": "This model needs both a voice and its words.",
        "able_voice": "This model hears the voice alone. It does not read words.",
        "able_words": "This model reads words alone. A voice is only written down.",
        "able_none": "This model needs signals of the body: give them in the Body tab.",
        "result": "Result",
        "valence": "valence",
        "arousal": "arousal",
        "together": "Together",
        "voice": "Voice alone",
        "only_words": "Words alone",
        "only_body": "Body alone",
        "sides": "Apart and together",
        "bars": "Probability of each emotion",
        "bars_hint": "The bars are both together, the marks each side alone.",
        "plane": "Where it lies",
        "plane_summary": "Valence {valence}, arousal {arousal}. "
        "Pleasant is to the right, excited is up.",
        "moments": "Which words met which moments",
        "moments_voice": "The voice over time",
        "words_to_voice_hint": "Above is the voice; below, how much each word looked at each "
        "moment of it: the stronger the colour, the more.",
        "voice_to_words_hint": "Above is the voice; below, how much each moment looked at each "
        "word: the stronger the colour, the more.",
        "frames_hint": "The frames are when a word was said.",
        "moments_voice_hint": "Waveform with speech, pitch and loudness. What words and moments "
        "make of each other shows where both are there.",
        "moments_apart_hint": "Waveform with speech, pitch and loudness. This model does not weigh "
        "words and moments against each other, so there is no map of attention.",
        "words_focus_hint": "The line is the moment that each word leans to, the band how widely.",
        "voice_focus_hint": "The line is the word that each moment leans to, the band how widely.",
        "moments_summary": "A voice of {seconds:.1f} seconds. Strongest: {pairs}.",
        "pair": "“{word}” → {second:.1f} s",
        "moments_even": "This time attention is spread almost evenly, so the map says little.",
        "direction": "Direction",
        "words_to_voice": "Words → voice",
        "voice_to_words": "Voice → words",
        "layer": "Layer",
        "head": "Head",
        "mean": "Mean",
        "occlusion": "Was it really that?",
        "occlusion_hint": "Attention is not proof. Take away one word at a time, then a quarter "
        "second of the voice at a time, and see how much the probability falls.",
        "occlusion_go": "Check by taking away",
        "occlusion_words": "Words",
        "occlusion_voice": "Voice",
        "occlusion_summary": "What cost most: {part}, {loss}.",
        "loss": "{label} fell by {points:.1f} points",
        "occlusion_none": "Whatever was taken away, {label} did not fall.",
        "details": "Download and details",
        "json": "Download JSON",
        "csv": "Download CSV",
        "table": "As a table",
        "emotion": "Emotion",
        "times": "Time taken",
        "time": "{stage} {seconds} s",
        "decode": "Decode",
        "speech": "Find speech",
        "transcribe": "Write down",
        "model": "Read the emotion",
        "fetch": "Fetching the speech recognizer, once",
        "occluding": "Taking away one at a time",
        "truncated": f"Only the first {LONGEST:.0f} seconds were heard; the rest was cut off.",
        "broken": "Something unexpected went wrong. Try again, and tell us if it happens twice.",
        "gone": "The result has expired. Please analyze again.",
        "privacy": "Voices are not kept. They are deleted when you leave this page.",
        "privacy_desk": "Voices given to the other tabs are not kept: they are deleted when you "
        "leave this page. What is brought into Review, and decided there, stays in the desk's "
        "folder on this computer.",
        "checkpoint": "Model: {name}",
    },
}

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

FAULTS = {
    "en": {
        **MESSAGES,
        "missing_file": "{name} is no longer here. Record or upload it again.",
        # What is wrong with a model's files is nobody's but the operator's.
        "broken_checkpoint": "The model {name} cannot be loaded.",
        "no_judgement": "The model {name} cannot judge this clip.",
    },
    "ko": {
        "no_input": "읽을 것이 없습니다. 녹음하거나, 파일을 고르거나, 말을 적어 주세요.",
        "missing_file": "{name} 파일이 더는 없습니다. 다시 녹음하거나 다시 올려 주세요.",
        "unreadable_file": "{name} 파일을 열 수 없습니다. 다른 파일을 골라 주세요.",
        "empty_file": "{name} 파일이 비어 있습니다. 다시 녹음하거나 다른 파일을 골라 주세요.",
        "not_media": "{name}은(는) 읽을 수 있는 소리나 영상 파일이 아닙니다. WAV, FLAC, MP3, OGG, "
        "M4A, WebM, MP4 가운데에서 골라 주세요.",
        "no_audio_stream": "{name}에는 소리가 없습니다. 소리가 든 파일을 골라 주세요.",
        "no_samples": "{name}에서 소리를 꺼낼 수 없습니다. 중간에 잘렸을 수 있으니 다시 녹음하거나 "
        "다시 내보내 주세요.",
        "too_short": "{name}의 길이가 {milliseconds}밀리초뿐입니다. 적어도 {least}밀리초가 "
        "필요합니다.",
        "bad_rate": "표본율 {rate}Hz는 쓸 수 없습니다. {least}~{most}Hz로 주세요.",
        "bad_samples": "이 소리 값은 쓸 수 없습니다. 채널마다 숫자 한 줄을 주세요.",
        "whisper_unreachable": "받아쓰기 모델({size})을 여기서는 가져올 수 없습니다. 한 말을 적어 "
        "주거나, 목소리만으로 계속하세요.",
        "whisper_unknown": "{size}라는 받아쓰기 모델이 없습니다. {choices} 가운데 하나나 Whisper "
        "체크포인트의 경로를 주세요.",
        "whisper_broken": "받아쓰기 모델 {size}을(를) 불러올 수 없습니다. 한 말을 적어 주거나, "
        "목소리만으로 계속하세요.",
        "no_speech": "이 소리에서 말소리를 찾지 못해, 받아 적을 말이 없습니다.",
        "silent_recording": "{name}에는 말하는 사람이 없습니다. 처음부터 끝까지 말소리를 찾지 "
        "못했습니다.",
        "damaged_recording": "{name}의 일부가 손상되어 듣지 못하고 건너뛰었습니다.",
        "unknown_ending": "{name}: 쓸 수 없는 형식입니다. {choices} 가운데 하나로 끝나야 합니다.",
        "words_absent": "받아쓰기 모델이 아직 이 컴퓨터에 없어 목소리만 듣습니다. 분석 탭에서 말이 "
        "든 소리를 한 번 분석하면 받아 옵니다.",
        "words_behind": "말하는 속도만큼 빨리 받아 적지 못해, 이제부터 목소리만 듣습니다.",
        "unsure": "모델이 아는 것과 달라 두드러진 감정이 없습니다. 결과를 크게 믿지 마세요.",
        "words_cut": "모델이 한 번에 읽을 수 있는 것보다 말이 많아, 마지막 부분은 읽지 않았습니다.",
        "words_unread": "이 모델은 목소리만 들어, 말은 읽지 않았습니다.",
        "voice_unheard": "이 모델은 말만 읽어, 어떻게 말했는지는 판단하지 않았습니다.",
        "unknown_checkpoint": "{name}이라는 모델이 없습니다. config.json이 든 폴더도, 함께 "
        "제공되는 모델의 이름도 아닙니다.",
        "hub_unreachable": "모델 {name}이(가) 이 컴퓨터에 없고 허브에도 닿을 수 없습니다. 폴더를 "
        "주거나, 이름을 빼고 함께 제공되는 모델을 쓰세요.",
        "broken_checkpoint": "{name}의 모델을 불러올 수 없습니다.",
        "large_model": "모델 {name}의 크기는 {size}GB인데, 견주는 모델은 모두 합해 {limit}GB까지만 "
        "올려 둡니다.",
        "no_judgement": "모델 {name}은(는) 이 소리를 판단하지 못합니다.",
        "no_models": "견줄 모델을 골라 주세요.",
        "many_models": "한 번에 견줄 수 있는 모델은 {most}개까지입니다. 덜 골라 주세요.",
        "not_offered": "모델 {name}은(는) 여기서 쓸 수 없습니다. 보이는 것 가운데에서 골라 주세요.",
        "no_graph": "{name} 모델은 ONNX로 내보낼 수 없습니다.",
        "cannot_without": "이 모델({name})에 필요한 것: {needs}. 주신 것: {given}.",
        "no_voice": "바꿀 목소리가 없습니다. 목소리를 들려주세요.",
        "bad_change": "이만큼은 바꿀 수 없습니다. {least}에서 {most}까지 됩니다.",
        "mute_outside": "목소리는 {seconds}초에 끝나, {start}초에서 {end}초까지는 지울 것이 "
        "없습니다.",
        "bad_mute": "{start}초에서 {end}초까지라는 구간은 없습니다.",
        "bad_manifest": "{name}을(를) 표로 읽을 수 없습니다.",
        "bad_probabilities": "{name}에 확률이 없습니다. id 열과 {columns} 가운데 둘 이상의 열이 "
        "있어야 합니다.",
        "bad_probability": "{name} {line}째 줄이 확률이 아닙니다. 0에서 1까지의 수를 적되 모두 0일 "
        "수는 없습니다.",
        "strange_probabilities": "{name}의 id 열에 이 프로젝트의 클립이 하나도 없습니다. 클립의 "
        "이름을 적어 주세요.",
        "bad_bundle": "{name}을(를) 풀 수 없습니다.",
        "large_bundle": "{name}에 든 것이 너무 많습니다. 파일 {files}개, 풀어서 {gigabytes}GB "
        "까지입니다. 나누어 주세요.",
        "climbing_bundle": "{name}을(를) 받지 않았습니다. 안에 든 {member}의 경로가 "
        "풀리는 폴더 밖을 가리킵니다.",
        "bomb_bundle": "{name}을(를) 받지 않았습니다. 안에 든 {member}이(가) 풀면 {times}배로 "
        "커집니다.",
        "large_member": "{name}을(를) 받지 않았습니다. 안에 든 {member}이(가) {gigabytes}GB인데, "
        "파일 하나는 {most}GB까지입니다.",
        "no_room": "{name}을(를) 풀려면 {gigabytes}GB가 필요한데 디스크에 자리가 없습니다.",
        "bad_project": "{name}을(를) 프로젝트로 쓸 수 없습니다.",
        "newer_project": "{name}은(는) 더 새로운 프로그램이 만든 프로젝트입니다(표 버전 {theirs}, "
        "이 프로그램은 {ours}까지). 프로그램을 새로 받아 주세요.",
        "unknown_clip": "이 프로젝트에 {clip}이라는 클립이 없습니다.",
        "clip_taken": "{clip}은(는) 다른 사람이 보고 있거나 이미 정했습니다. 다음 것을 보세요.",
        "decided_already": "{clip}은(는) 이미 정했습니다(다른 창에서 했을 수 있습니다). 아무것도 "
        "바꾸지 않았습니다.",
        "no_new_label": "라벨을 하나 이상 고르거나, 있는 라벨을 그대로 두세요.",
        "no_label_to_keep": "{clip}에는 그대로 둘 라벨이 없습니다. 하나 고르세요.",
        "unknown_user": "{who}님은 여기서 일할 수 없습니다. 이 페이지를 돌리는 사람에게 "
        "물어보세요.",
        "not_lead": "조정자만 할 수 있습니다.",
        "bad_users": "{name}을(를) 사용자 목록으로 쓸 수 없습니다.",
        "users_without_desk": "--users FILE은 작업 폴더에서 일할 사람입니다. --desk FOLDER도 적어 "
        "주세요.",
        "open_desk": "--desk FOLDER만으로는 이 주소에 닿는 누구나 프로젝트를 봅니다. --users "
        "FILE로 로그인할 사람을 적거나 127.0.0.1에서만 여세요.",
        "bad_user": "{who}님을 등록할 수 없습니다.",
        "unknown_project": "{name}이라는 프로젝트가 없습니다.",
        "bad_project_name": "프로젝트를 {name}(이)라고 부를 수 없습니다. 글자, 숫자, 빈칸, -, _로 "
        "{most}자까지 쓰세요.",
        "outside_desk": "{name}은(는) 이 작업 폴더 안에 없습니다. 그 안에 넣거나 링크하세요.",
        "bringing": "지금 {name}에 다른 작업을 가져오고 있습니다. 기다리거나 멈추세요.",
        "no_work": "가져올 것이 없습니다. 파일이나 서버에 있는 것을 고르세요.",
        "bad_decision": "그렇게 정할 수 없습니다.",
        "nothing_to_undo": "되돌릴 것이 없습니다.",
        "not_adjudicator": "{who}님은 여기서 다툼을 정하는 사람이 아닙니다.",
        "bad_settings": "프로젝트를 그렇게 설정할 수 없습니다.",
        "row_empty": "이 줄에는 목소리도 말도 없습니다.",
        "row_twice": "{name}이라는 클립이 이미 있습니다.",
        "row_label": "{value}은(는) 일곱 감정 가운데 하나가 아니어서, 없는 것으로 읽었습니다.",
        "row_number": "{value}은(는) {least}에서 {most} 사이의 수가 아니어서, 없는 것으로 "
        "읽었습니다.",
        "bad_signals": "{name}을(를) 생체 신호의 표로 읽을 수 없습니다.",
        "no_body": "몸의 신호가 없습니다. CSV 하나나 한 세션의 파일들을 골라 주세요.",
        "large_signals": "{name} 파일이 너무 큽니다. 생체 신호는 {megabytes}MB까지 읽습니다. "
        "잘라 내거나, 신호와 시간의 열만 남겨 주세요.",
        "empty_signals": "{name} 파일이 비어 있어, 생체 신호가 없습니다.",
        "no_signals": "{name}의 열({columns}) 가운데 심전도, 피부전도, 온도의 이름이 없습니다. "
        "어느 열이 무엇인지 골라 주세요.",
        "unknown_column": "{name}에 {column} 열이 없습니다. 있는 열: {columns}.",
        "bad_time": "{name}: {row}행의 시간 {cell}은(는) 숫자도 날짜와 시각도 아닙니다.",
        "falling_time": "{name}: {row}행에서 시간이 거꾸로 갑니다. 시간 순서로 정렬해 주세요.",
        "no_rate": "{name}에 시간 열이 없어 {column}을(를) 얼마나 자주 쟀는지 알 수 없습니다. "
        "1초에 몇 번 쟀는지 적어 주세요.",
        "few_values": "{name}: {column} 열에 숫자가 거의 없습니다.",
        "signals_apart": "생체 신호가 {hours}시간이나 떨어져 있습니다. 한 번에 한 기록만 주세요.",
        "signals_elsewhere": "목소리가 들리는 동안 잰 것이 없습니다. 신호는 {begin}초부터 "
        "{end}초까지이고 목소리는 {offset}초에 시작합니다. 그 초를 바꿔 주세요.",
        "unknown_order": "{name}: 첫 행에 열 이름이 없고, KEMDy 파일의 순서도 아닙니다. 첫 행에 열 "
        "이름을 적어 주세요.",
        "no_signal_file": "{name}은(는) 시간과 값의 표도, 시작과 빈도와 값이 든 한 열도 아닙니다.",
        "unknown_segment": "생체 신호에 {segment} 구간이 없습니다.",
        "bad_telling": "{said}: 알아들을 수 없습니다. 열은 ecg=HEART, time=t처럼, 빈도는 250이나 "
        "ecg=250, eda=4처럼 적어 주세요.",
        "time_column": "{column} 열은 시간입니다. 신호가 든 다른 열을 고르거나, 시간이 든 열을 "
        "골라 주세요.",
        "odd_values": "{column} 열의 값은 피부에서 나올 수 없습니다. 가운데 값이 {middle}인데, "
        "{least}~{most}{unit}이어야 합니다. 그 열과 단위가 맞는지 보아 주세요.",
        "cells_missing": "{column} 열에서 {n}칸은 숫자가 아니어서 빠진 값으로 보았습니다.",
        "no_measures": "신호가 너무 짧거나 끊겨 있어 몸에서 잴 수 있는 것이 없습니다.",
        "body_unread": "이 모델은 몸의 신호를 받지 않아, 감정은 판단하지 않고 그림과 잰 값만 보여 "
        "드립니다.",
        "bad_vectors": "{name}을(를) 단어 벡터로 읽을 수 없습니다.",
        "bad_output": "{name}을(를) 쓸 수 없습니다.",
        "no_portaudio": "이 컴퓨터의 마이크를 쓸 수 없습니다. PortAudio를 설치하고 다시 해 주세요.",
        "no_microphone": "이 컴퓨터에는 마이크가 없습니다. 마이크를 꽂고 다시 해 주세요.",
        "no_default_device": "시스템에 정해 둔 마이크가 없습니다. 마이크의 이름을 주세요.",
        "unknown_device": "{name}이라는 마이크가 없습니다.",
        "bad_device": "마이크 {name}을(를) 쓸 수 없습니다.",
        "body_for_several": "한 몸의 신호가 여러 소리의 것일 수는 없습니다. 소리를 하나만 주세요.",
        "text_for_several": "한 글이 여러 소리의 말일 수는 없습니다. 소리를 하나만 주세요.",
    },
}

# What a model may be given, by its name in config.COMBINATIONS.
SIDES = {
    "ko": {
        "or": " 또는 ",
        "voice": "목소리",
        "words": "말",
        "both": "목소리와 말",
        "body": "몸의 신호",
        "voice+body": "목소리와 몸의 신호",
        "words+body": "말과 몸의 신호",
        "all": "목소리와 말과 몸의 신호",
    },
    "en": {
        "or": ", or ",
        "voice": "a voice alone",
        "words": "words alone",
        "both": "a voice and its words",
        "body": "signals of the body alone",
        "voice+body": "a voice and signals of the body",
        "words+body": "words and signals of the body",
        "all": "a voice, its words and signals of the body",
    },
}

# Said of a result that is already there; no word of the path or size, which a visitor cannot set.
NOTICES = {
    "ko": {
        "whisper_unreachable": "받아쓰기 모델을 여기서는 가져올 수 없습니다. 한 말을 적어 주거나, "
        "목소리만으로 계속하세요. 지금은 목소리만 들은 결과입니다.",
        "whisper_unknown": "정해 둔 받아쓰기 모델이 없습니다. 한 말을 적어 주거나, 목소리만으로 "
        "계속하세요. 지금은 목소리만 들은 결과입니다.",
        "whisper_broken": "받아쓰기 모델을 불러올 수 없습니다. 한 말을 적어 주거나, 목소리만으로 "
        "계속하세요. 지금은 목소리만 들은 결과입니다.",
    },
    "en": {
        "whisper_unreachable": "The speech recognizer cannot be fetched from here. Type what was "
        "said, or go on with the voice alone, which is what you see now.",
        "whisper_unknown": "The speech recognizer that was set does not exist. Type what was said, "
        "or go on with the voice alone, which is what you see now.",
        "whisper_broken": "The speech recognizer cannot be loaded. Type what was said, or go on "
        "with the voice alone, which is what you see now.",
    },
}


def fault(code: str, facts: dict[str, object], language: str) -> str:
    """What went wrong, in the page's language."""
    if code == "cannot_without":
        facts = _of_model(facts, language)
    return FAULTS[language][code].format(**facts)


def _of_model(facts: dict[str, object], language: str) -> dict[str, object]:
    """A model's name without the path it lies at, and the sides it needs as people call them."""
    sides = SIDES[language]
    needs = [sides.get(name, name) for name in str(facts["needs"]).split(" or ")]
    return {
        "name": Path(str(facts["name"])).name,
        "needs": sides["or"].join(needs),
        "given": sides.get(str(facts["given"]), facts["given"]),
    }


def notice(problem: BadInput, language: str) -> str:
    """Why a result is less than was asked for, in the page's language."""
    said = NOTICES[language].get(problem.code)
    return said or fault(problem.code, problem.facts, language)


def preferred(accept_language: str) -> str:
    """The page's first language: the browser's favourite of Korean and English, else English.

    Args:
        accept_language: The header that the browser sends, as "ko-KR,ko;q=0.9,en;q=0.8".
    """
    ranked = []
    for part in accept_language.split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            ranked.append((-float(weight or 1), tag.split("-")[0].lower()))
        except ValueError:
            continue
    return next((tag for _, tag in sorted(ranked) if tag in LANGUAGES), "en")
