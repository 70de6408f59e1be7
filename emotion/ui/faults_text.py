"""What the page says of what went wrong, in Korean and in English."""

from emotion.errors import MESSAGES

FAULTS = {
    "en": {
        **MESSAGES,
        "missing_file": "{name} is no longer here. Record or upload it again.",
        # What is wrong with a model's files is nobody's but the operator's.
        "broken_checkpoint": "The model {name} cannot be loaded: it is damaged, or another version "
        "of this program made it. Choose another.",
        "no_judgement": "The model {name} cannot judge this clip.",
    },
    "ko": {
        "no_input": "읽을 것이 없습니다. 녹음하거나, 파일을 고르거나, 말을 적어 주세요.",
        "long_text": "글이 {n}자입니다. {most}자까지 읽습니다. 한 번에 한 마디씩 적어 주세요.",
        "missing_file": "{name} 파일이 더는 없습니다. 다시 녹음하거나 다시 올려 주세요.",
        "unreadable_file": "{name} 파일을 열 수 없습니다. 다른 파일을 골라 주세요.",
        "empty_file": "{name} 파일이 비어 있습니다. 다시 녹음하거나 다른 파일을 골라 주세요.",
        "not_media": "{name}은(는) 읽을 수 있는 소리나 영상 파일이 아닙니다. WAV, AIFF, FLAC, "
        "MP3, AAC, M4A, OGG, MP4, MOV, MKV, WebM 가운데에서 골라 주세요.",
        "no_audio_stream": "{name}에는 소리가 없습니다. 소리가 든 파일을 골라 주세요.",
        "no_samples": "{name}에서 소리를 꺼낼 수 없습니다. 중간에 잘렸을 수 있으니 다시 녹음하거나 "
        "다시 내보내 주세요.",
        "too_short": "{name}의 길이가 {milliseconds}밀리초뿐입니다. 적어도 {least}밀리초가 "
        "필요합니다.",
        "bad_rate": "표본율 {rate}Hz는 쓸 수 없습니다. {least}~{most}Hz로 주세요.",
        "bad_samples": "이 소리 값은 쓸 수 없습니다. 채널마다 숫자 한 줄을 주세요.",
        "bad_unusual": "목소리가 그 사람의 다른 소리와 얼마나 다른지는 숫자 {wanted}개로 주어야 "
        "하는데, 주어진 것은 {shape} 모양입니다. emotion.model.usual.Speakers로 구해 주세요.",
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
        "no_words": "글에 낱말이 없고 숫자나 기호뿐입니다. 결과를 크게 믿지 마세요.",
        "words_unknown": "낱말 대부분이 모델이 배운 적 없는 것이라, 모르는 언어일 수 있습니다. "
        "결과를 크게 믿지 마세요.",
        "words_cut": "모델이 한 번에 읽을 수 있는 것보다 말이 많아, 마지막 부분은 읽지 않았습니다.",
        "words_unread": "이 모델은 목소리만 들어, 말은 읽지 않았습니다.",
        "voice_unheard": "이 모델은 말만 읽어, 어떻게 말했는지는 판단하지 않았습니다.",
        "unknown_checkpoint": "{name}이라는 모델이 없습니다. config.json이 든 폴더도, 함께 "
        "제공되는 모델의 이름도 아닙니다.",
        "hub_unreachable": "모델 {name}이(가) 이 컴퓨터에 없고 허브에도 닿을 수 없습니다. 폴더를 "
        "주거나, 이름을 빼고 함께 제공되는 모델을 쓰세요.",
        "broken_checkpoint": "{name}의 모델을 불러올 수 없습니다. 손상되었거나 이 프로그램의 다른 "
        "버전이 만든 것이니 다른 모델을 고르세요.",
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
        "columns_twice": "{name}에 {columns}(이)라는 열이 둘 있습니다. 하나의 이름을 바꿔 주세요.",
        "spreadsheet": "{name}은(는) 스프레드시트 파일입니다. CSV(UTF-8)로 저장해 주세요.",
        "no_columns": "{name}의 첫 줄에 audio, text, body 가운데 어느 열도 없습니다. 소리 파일의 "
        "열은 audio, 말의 열은 text, 몸의 신호 표의 열은 body라고 적어 주세요.",
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
        "row_labels": "{value}은(는) 라벨이 여럿이라, 없는 것으로 읽었습니다. 하나만 적거나, "
        "여럿은 평가자의 열(label_이름)에 적어 주세요.",
        "row_id": "클립을 {name}(이)라고 부를 수 없습니다. 줄바꿈이나 제어 문자, 알 수 없는 "
        "인코딩의 글자가 들어 있습니다. 다른 id를 적어 주세요.",
        "row_number": "{value}은(는) {least}에서 {most} 사이의 수가 아니어서, 없는 것으로 "
        "읽었습니다.",
        "bad_signals": "{name}을(를) 생체 신호의 표로 읽을 수 없습니다.",
        "no_body": "몸의 신호가 없습니다. CSV 하나나 한 세션의 파일들을 골라 주세요.",
        "large_signals": "{name} 파일이 너무 큽니다. 생체 신호는 {megabytes}MB까지 읽습니다. "
        "잘라 내거나, 신호와 시간의 열만 남겨 주세요.",
        "empty_signals": "{name} 파일이 비어 있어, 생체 신호가 없습니다.",
        "few_rows": "{name}에 값이 두 줄도 없어 기록이라 할 수 없습니다. 몇 초라도 잰 기록을 골라 "
        "주세요.",
        "no_names": "{name}의 값 위에 열 이름이 없습니다. 열마다 이름을 적은 행을 넣어 주세요.",
        "no_signals": "{name}의 열({columns}) 가운데 심전도, 피부전도, 온도, 박동 간격의 이름이 "
        "없습니다. 어느 열이 무엇인지 골라 주세요.",
        "wide_rows": "{name}: 이름보다 칸이 많은 행이 {n}개입니다({row}행부터). 열마다 이름을 "
        "적고, 소수점은 점으로, 쉼표가 든 글은 따옴표로 묶어 주세요.",
        "no_measured": "{name}은(는) 손목밴드가 곁들여 쓰는 것(가속도, 맥파, 심박수, 표시)이라 "
        "여기서 재는 신호가 아닙니다. EDA.csv, TEMP.csv, IBI.csv나 zip 전체를 주세요.",
        "unknown_column": "{name}에 {column} 열이 없습니다. 있는 열: {columns}.",
        "bad_time": "{name}: {row}행의 시간 {cell}은(는) 숫자도 날짜와 시각도 아닙니다. "
        "초로 적거나 14:02:00.250, 2026-05-03 14:02:00.250처럼 적어 주세요.",
        "falling_time": "{name}: {row}행에서 시간이 거꾸로 갑니다. 시간 순서로 정렬해 주세요.",
        "standing_time": "{name}: 모든 행의 시간이 같습니다. 그 열을 빼고, "
        "1초에 몇 행인지 적어 주세요.",
        "fast_time": "{name}: 시간대로라면 {column}을(를) 1초에 {rate}번 잰 것이 됩니다. 시간의 "
        "단위를 알려 주세요({units}).",
        "guessed_unit": "{name}의 시간을 {unit} 단위로 읽었습니다. 열 이름에 단위가 없으니, "
        "틀렸으면 시간의 단위를 골라 주세요.",
        "no_rate": "{name}에 시간 열이 없어 {column}을(를) 얼마나 자주 쟀는지 알 수 없습니다. "
        "1초에 몇 번 쟀는지 적거나, 시간이 든 열(time=)을 알려 주세요.",
        "few_values": "{name}: {column} 열에 숫자가 거의 없습니다.",
        "signals_apart": "생체 신호가 {hours}시간이나 떨어져 있습니다. 한 번에 한 기록만 주세요.",
        "signals_elsewhere": "목소리가 들리는 동안 잰 것이 없습니다. 신호는 {begin}초부터 "
        "{end}초까지이고 목소리는 {offset}초에 시작합니다. 그 초를 바꿔 주세요.",
        "unknown_order": "{name}: 첫 행에 열 이름이 없고, KEMDy 파일의 순서도 아닙니다. 첫 행에 열 "
        "이름을 적어 주세요.",
        "no_signal_file": "{name}은(는) 시간과 값의 표도, 시작과 빈도와 값이 든 한 열도 아닙니다.",
        "unknown_segment": "생체 신호에 {segment} 구간이 없습니다.",
        "unknown_unit": "{said}은(는) 모르는 시간 단위입니다. {units} 가운데 하나를 적어 주세요.",
        "bad_telling": "{said}: 알아들을 수 없습니다. 열은 ecg=HEART, time=t처럼, 빈도는 250이나 "
        "ecg=250, eda=4처럼 한 번씩만 적어 주세요.",
        "time_column": "{column} 열은 시간입니다. 신호가 든 다른 열을 고르거나, 시간이 든 열을 "
        "골라 주세요.",
        "odd_values": "{column} 열의 값은 피부에서 나올 수 없습니다. 가운데 값이 {middle}인데, "
        "{least}~{most}{unit}이어야 합니다. 그 열과 단위가 맞는지 보아 주세요.",
        "odd_part": "{column} 열의 {share}%는 피부에서 나올 수 없는 값입니다(그 가운데 값 "
        "{middle}). {least}~{most}{unit}이어야 합니다. 센서가 재지 못한 칸은 비워 주세요.",
        "several_columns": "{column} 열로 읽었습니다. {others}도 맞을 수 있으니, 틀렸으면 어느 "
        "열이 무엇인지 골라 주세요.",
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
        "body_options": "{options}: 몸의 신호에 관한 것입니다. --body로 신호를 주거나 빼 주세요.",
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
