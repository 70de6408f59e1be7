"""What all the page says, in Korean and in English, and what it says of a fault."""

from pathlib import Path

from emotion.audio import LONGEST
from emotion.errors import BadInput
from emotion.ui.faults_text import FAULTS, NOTICES, SIDES

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
