"""What the page says around a voice's cues, in Korean and in English."""

CUES: dict[str, dict[str, str]] = {
    "ko": {
        "title": "목소리가 하는 일",
        "hint": "감정을 읽는 모델과 상관없이 소리만 잰 값입니다.",
        "against": "무엇과 견줄까요",
        "auto": "높낮이가 가까운 쪽",
        "female": "여성",
        "male": "남성",
        "beside_guessed_female": "감정을 싣지 않은 여성 목소리 {n}개와 견줍니다. 높낮이가 남성보다 "
        "여성 쪽에 가까워서일 뿐이니, 틀렸으면 골라 주세요.",
        "beside_guessed_male": "감정을 싣지 않은 남성 목소리 {n}개와 견줍니다. 높낮이가 여성보다 "
        "남성 쪽에 가까워서일 뿐이니, 틀렸으면 골라 주세요.",
        "beside_female": "감정을 싣지 않은 여성 목소리 {n}개와 견줍니다.",
        "beside_male": "감정을 싣지 않은 남성 목소리 {n}개와 견줍니다.",
        "beside_recording": "이 녹음의 다른 발화 {n}개와 견줍니다. 말하는 사람은 "
        "가리지 않았습니다.",
        "nothing": "목소리를 잴 수 없습니다. 말소리가 없거나 {least}초보다 짧습니다.",
        "measure": "재는 것",
        "here": "이 목소리",
        "usual": "보통의 범위 (열에\u00a0여덟)",
        "loudness": "세기는 마이크와 거리에 달려 있어, 같은 녹음 안에서만 견줍니다.",
        "fits": "이런 목소리와 어울린다고들 하는 감정",
        "fits_hint": "감정이 실린 목소리의 경향을 정리한 표(Murray와 Arnott, 1993)와 한 줄씩 견준 "
        "것입니다. 판정이 아니라 따져 볼 거리입니다. 표는 연기한 영어 목소리의 평균이고, 표의 말을 "
        "어느 값으로 읽을지는 저희가 정했습니다. 발음의 또렷함은 재지 않습니다. 표에는 중립과 "
        "놀람이 없습니다.",
        "count": "맞음 {n_for} · 어긋남 {n_against}",
        "for": "맞음",
        "versus": "어긋남",
        "said": "{row} ({said})",
        "none": "–",
    },
    "en": {
        "title": "What the voice does",
        "hint": "Measured from the sound alone, apart from the model that reads the emotion.",
        "against": "Set against",
        "auto": "the nearer pitch",
        "female": "women",
        "male": "men",
        "beside_guessed_female": "Set against {n} clips of women with no emotion in them, only "
        "because the pitch is nearer to women's than to men's. If that is wrong, choose.",
        "beside_guessed_male": "Set against {n} clips of men with no emotion in them, only because "
        "the pitch is nearer to men's than to women's. If that is wrong, choose.",
        "beside_female": "Set against {n} clips of women with no emotion in them.",
        "beside_male": "Set against {n} clips of men with no emotion in them.",
        "beside_recording": "Set against the other {n} utterances of this recording. Speakers "
        "are not told apart.",
        "nothing": "This voice is not measurable: there is no speech in it, or less than {least} "
        "seconds.",
        "measure": "Measure",
        "here": "This voice",
        "usual": "Usual range (8\u00a0in\u00a010)",
        "loudness": "Intensity depends on the microphone and the distance: it is set against the "
        "same recording only.",
        "fits": "Emotions that such a voice is said to fit",
        "fits_hint": "Row by row beside a table of how emotional voices tend to sound (Murray and "
        "Arnott, 1993). No verdict, but evidence to argue with: the table is an average of acted "
        "English voices, and which of our numbers its words mean is our reading. How clearly one "
        "articulates is not measured. The table has neither neutral nor surprise.",
        "count": "{n_for} for · {n_against} against",
        "for": "For",
        "versus": "Against",
        "said": "{row} ({said})",
        "none": "–",
    },
}
