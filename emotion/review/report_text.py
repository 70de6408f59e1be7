"""What a report says, in Korean and English."""

TEXT = {
    "ko": {
        "title": "라벨 검토: {name}",
        "about": "클립 {clips}개, 라벨이 있는 것 {labelled}개, 평가자 {raters}명. "
        "모델 {checkpoint} ({hash}).",
        "given": "클립 {n}개의 확률은 표로 주어진 것입니다.",
        "likely": "틀렸을 법한 라벨 {n}개({share}).",
        "doubts": "의심",
        "doubt": "의심 점수",
        "reasons": "까닭",
        "agreement": "평가자들의 일치",
        "no_raters": "평가자가 둘이 안 되어 일치를 잴 것이 없습니다.",
        "alpha": "크리펜도르프 알파: 라벨 {labels}, 쾌·불쾌 {valence}, 각성 {arousal}. "
        "플라이스 카파 {fleiss}(클립 {n_fleiss}개). 둘 이상이 라벨을 준 클립 {n_clips}개.",
        "classes": "감정마다의 알파",
        "sessions": "세션마다의 알파",
        "pairs": "둘씩의 코헨 카파",
        "means": "남들과의 평균 카파",
        "without": "그 사람을 뺀 알파",
        "model": "주어진 라벨과 모델",
        "label": "라벨",
        "predicted": "모델",
        "consensus": "평가자와 합의(CROWDLAB)",
        "quality": "라벨의 질",
        "worst": "질 {quality}, 합의와 같은 몫 {agreement}, 클립 {n}개, 가장 자주 어긋난 "
        "감정 {worst}",
        "rater": "평가자 {who}",
        "together": "합의",
        "decided": "정한 것",
        "settled": "{clips}개 가운데 {settled}개를 정했습니다. 그대로 {keep}, 고침 {relabel}, "
        "알 수 없음 {unclear}, 다툼 {conflict}.",
        "nothing": "아직 아무도 정하지 않았습니다.",
        "old": "전",
        "new": "후",
        "after": "검토자들의 알파 {after}(전의 평가자들 {before}). 모델과 같은 라벨의 몫: "
        "전 {was}, 후 {now}.",
        "blind": "모델을 가리고 정한 {n}건 가운데 모델과 같은 것 {share}, 보고 정한 {m}건 가운데 "
        "{seen}.",
        "first": "가장 의심스러운 {n}개",
        "clip": "클립",
        "why": "까닭",
        "faults": "쓸 수 없던 줄",
        "line": "{name} {line}째 줄: {problem}",
        "none": "–",
    },
    "en": {
        "title": "Labels reviewed: {name}",
        "about": "{clips} clips, {labelled} of them labelled, {raters} raters. Model {checkpoint} "
        "({hash}).",
        "given": "The probabilities of {n} clips were given as a table.",
        "likely": "{n} labels are likely wrong ({share}).",
        "doubts": "Doubts",
        "doubt": "doubt",
        "reasons": "reasons",
        "agreement": "Agreement among raters",
        "no_raters": "There are not two raters, so there is no agreement to measure.",
        "alpha": "Krippendorff's alpha: labels {labels}, valence {valence}, arousal {arousal}. "
        "Fleiss' kappa {fleiss} ({n_fleiss} clips). {n_clips} clips have two labels or more.",
        "classes": "Alpha of each emotion",
        "sessions": "Alpha of each session",
        "pairs": "Cohen's kappa of each two",
        "means": "Mean kappa with the others",
        "without": "Alpha without this rater",
        "model": "Given labels against the model's",
        "label": "labelled",
        "predicted": "model",
        "consensus": "Raters against the consensus (CROWDLAB)",
        "quality": "Quality of labels",
        "worst": "quality {quality}, share that is the consensus {agreement}, {n} clips, most "
        "often apart in {worst}",
        "rater": "rater {who}",
        "together": "consensus",
        "decided": "What was decided",
        "settled": "{settled} of {clips} are settled. Kept {keep}, relabelled {relabel}, unclear "
        "{unclear}, in conflict {conflict}.",
        "nothing": "Nobody has decided anything yet.",
        "old": "before",
        "new": "after",
        "after": "Alpha of the annotators {after} (of the raters before {before}). Share of labels "
        "that are the model's: {was} before, {now} after.",
        "blind": "Of {n} decided with the model hidden, {share} agree with it; of {m} decided with "
        "it in sight, {seen}.",
        "first": "The {n} most doubtful",
        "clip": "clip",
        "why": "why",
        "faults": "Rows that could not be used",
        "line": "{name}, row {line}: {problem}",
        "none": "–",
    },
}
