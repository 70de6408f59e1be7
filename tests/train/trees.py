"""Makes small trees in the layouts of corpora that need an agreement, with the traps they carry."""

import csv
import itertools
from datetime import datetime, timedelta

import numpy as np
from scipy.io import wavfile

from tests.train.corpora import write_clip

SEGMENTS = ("script01_F001", "script01_M001", "script01_F002", "script01_M002", "impro03_F001")
OWN = {"F": ("neutral", "happy", "sad"), "M": ("angry", "surprise", "disgust")}
HEARD = "fear"  # what the raters say of whoever listens
MARKED = "b/ 네 n/그래요* c/ 정말+  좋네요 l/"
INSIDE, OUTSIDE = 1.5, 0.5  # seconds of a body signal in a segment, and after it
RATES = {"ECG": 250, "EDA": 4, "TEMP": 4}


def rows_in(path, rows, encoding="utf-8"):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)


def long_clip(path, seconds=25):
    """A clip whose header says how long it is, at a rate that keeps it small."""
    path.parent.mkdir(parents=True, exist_ok=True)
    wavfile.write(path, 100, np.zeros(100 * seconds, np.int16))


def ratings(emotion, n=10, other="neutral"):
    """Ten raters of whom seven agree."""
    each = [(emotion if rater < 7 else other, 4, 2) for rater in range(n)]
    return [cell for three in each for cell in three]


def make_kemdy19(folder, sessions=("01", "02", "03", "04", "05")):
    """Traps: see the rows that are changed below."""
    for session in sessions:
        for sex in "FM":
            rows = [_kemdy19_row(session, name, sex) for name in SEGMENTS]
            heads = [["Numb", "Wav", "", "ECG"], ["", "Start", "End"]]
            rows_in(folder / f"annotation/Session{session}_{sex}_res.csv", heads + rows)
            mine = [f"Sess{session}_{name}" for name in SEGMENTS if name.split("_")[1][0] == sex]
            for kind in RATES:
                write_body(folder, kind, session, sex, mine)
        for name in SEGMENTS:
            _kemdy19_clip(folder, session, name)
    _spoil_kemdy19(folder)
    return folder


def _kemdy19_row(session, name, sex):
    letter, number = name.split("_")[1][0], int(name[-1])
    emotion = OWN[letter][number] if letter == sex else HEARD
    segment = f"Sess{session}_{name}"
    if segment in ("Sess01_script01_F002", "Sess01_script01_M002") and sex == "F":
        emotion = "neutral;happy"  # a tie: for its speaker, and for its listener
    spans = ["0.1", "0.9"] * 4
    if segment == "Sess01_impro03_F001":
        spans[4:] = [""] * 4  # neither EDA nor temperature
    return ["1", *spans, segment, emotion, "2", "4", *ratings(emotion.split(";")[0])]


def _kemdy19_clip(folder, session, name):
    home = folder / f"wav/Session{session}/Sess{session}_{name.split('_')[0]}"
    write_clip(home / f"Sess{session}_{name}.wav", seconds=0.1)
    text = home / f"Sess{session}_{name}.txt"
    text.write_text(MARKED + "\n", encoding="utf-8")


def _spoil_kemdy19(folder):
    wav = folder / "wav/Session02/Sess02_script01"
    (wav / "Sess02_script01_F001.txt").unlink()
    long_clip(wav / "Sess02_script01_M001.wav")
    write_clip(wav / "Sess02_script01_F099.wav", seconds=0.1)  # that nobody rated
    (folder / "TEMP/Session02/Original/Sess02M.csv").unlink()
    path = folder / "annotation/Session03_F_res.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if "Sess03_impro03_F001" not in line]  # only its listener's row
    path.write_text("\n".join([*kept, "9,,,,,,,,,Sess03_script01_F003,joyful,3,3"]) + "\n")


def value_of(kind, index):
    """What a body signal is at its n-th value: up and down, as no clock goes."""
    return round(30 + np.sin(index * 0.7 + len(kind)), 5)


def write_body(folder, kind, session, sex, segments, order=None):
    """A session's file; in session 02 its fields stand in the other order."""
    rate = RATES[kind]
    order = order or ("time_first" if session == "02" else "value_first")
    rows = []
    for segment in segments:
        for inside in (True, False):
            lacks = kind != "ECG" and segment == "Sess01_impro03_F001"
            tail = [segment] if inside and not lacks else []
            for _ in range(int((INSIDE if inside else OUTSIDE) * rate)):
                rows.append([*_fields(order, kind, len(rows), rate), *tail])
    rows_in(folder / f"{kind}/Session{session}/Original/Sess{session}{sex}.csv", rows, "cp949")


def _fields(order, kind, index, rate):
    value = value_of(kind, index)
    moment = datetime(2019, 5, 14, 10) + timedelta(seconds=index / rate)
    time = f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03}"
    return {
        "value_first": [value, 0, time],
        "time_first": [time, value, index],
        "count_first": [f"{index / rate:.3f}", value, time],
        "backwards": [value, 0, f"{datetime(2019, 5, 14) - timedelta(seconds=index)}"],
        "no_date": [value, 0, index],
        "swapped": [0, time, value],
    }[order]


def make_kemdy20(folder, sessions=("01", "02", "03", "04", "05")):
    """Traps: cp949 transcripts, the typo, a tie, no file of heart beats for one speaker."""
    for at, session in enumerate(sessions):
        users = (f"User{2 * at + 1:03}F", f"User{2 * at + 2:03}M")
        emotions = ("neutral", "disqust", "neutral;happy", "neutral")
        rows = []
        for user, (number, emotion) in itertools.product(users, enumerate(emotions, 1)):
            segment = f"Sess{session}_script01_{user}_{number:03}"
            rows.append(
                [1, 0.1, 0.9, segment, emotion, 3, 3, *ratings(emotion.split(";")[0], other="sad")]
            )
            home = folder / f"wav/Session{session}"
            write_clip(home / f"{segment}.wav", seconds=0.1)
            (home / f"{segment}.txt").write_bytes(f"c/ 안녕하세요 {number}\n".encode("cp949"))
        rows_in(folder / f"annotation/Sess{session}_eval.csv", [["Numb"], ["", "Start"], *rows])
        for user in users:
            _kemdy20_body(folder, session, user)
    (folder / "IBI/Session01/Sess01_script01_User001F.csv").unlink()
    return folder


def _kemdy20_body(folder, session, user):
    stem = f"Sess{session}_script01_{user}"
    start = datetime(2020, 5, 14, 10)
    for kind in ("EDA", "TEMP"):
        rows = [["1589450400"], ["4.000"]]  # when it begins, and how fast it is
        for index in range(24):
            moment = f"{start + timedelta(seconds=index / 4)}"
            tail = [f"{stem}_001"] if 4 <= index < 16 else []
            rows.append([value_of(kind, index), moment, *tail])
        rows_in(folder / f"{kind}/Session{session}/{stem}.csv", rows)
    beats = [["1589450400", "IBI"]]
    for index in range(6):
        moment = f"{start + timedelta(seconds=0.8 * (index + 1))}"
        tail = [f"{stem}_001"] if 1 <= index < 5 else []
        beats.append([0.8 * (index + 1), 0.8 + index / 100, moment, *tail])
    rows_in(folder / f"IBI/Session{session}/{stem}.csv", beats)


IEMOCAP_ROWS = (
    ("F000", "neu", "Neutral state", "Excuse me. [LAUGHTER]"),
    ("M000", "exc", "Excited", "Do you have your forms?"),
    ("F001", "hap", "Happiness", "Yeah."),
    ("M001", "fru", "Frustration", "Let me see them."),
    ("F002", "xxx", "Other", "Is there a problem?"),
    ("M002", "ang", "Anger", "Who told you?"),
    ("F003", "sad", "Sadness", "Everything."),
    ("M003", "sur", "Surprise", "What?"),
)


def make_iemocap(folder, sessions=range(1, 6)):
    """Traps: the first letter is not the speaker's, what a Mac leaves, lines of no utterance."""
    for session in sessions:
        home, name = folder / f"Session{session}", f"Ses0{session}M_impro01"
        rated, spoken = ["% [START_TIME - END_TIME] TURN_NAME EMOTION [V, A, D]", ""], []
        for at, (turn, emotion, rater, words) in enumerate(IEMOCAP_ROWS):
            span = f"{at}.2901 - {at}.9000"
            rated += [
                f"[{span}]\t{name}_{turn}\t{emotion}\t[2.5000, 4.0000, 3.0000]",
                f"C-E2:\t{rater};\t()",
                "C-E3:\tNeutral; Sadness;\t()",
                "C-E4:\tOther;\t(bored)",
                "C-F1:\tAnger;\t()",
                "A-E2:\tval 2; act 4; dom  3;\t()",
                "A-E3:\tval 3; act 4; dom  3;\t(tired; act 1)",
                "",
            ]
            spoken.append(f"{name}_{turn} [00{at}.2901-00{at}.9000]: {words}")
            write_clip(home / f"sentences/wav/{name}/{name}_{turn}.wav", seconds=0.1)
        spoken.append("M: (unclear)")
        for part, lines in (("EmoEvaluation", rated), ("transcriptions", spoken)):
            place = home / "dialog" / part / f"{name}.txt"
            place.parent.mkdir(parents=True)
            place.write_text("\n".join(lines) + "\n", encoding="utf-8")
            (place.parent / f"._{name}.txt").write_bytes(b"\x00\x05\x16\x07\xff\xfe")
    return folder


AIHUB_HEAD = ["wav_id", "발화문", "상황"] + [
    cell for rater in range(1, 6) for cell in (f"{rater}번 감정", f"{rater}번 감정세기")
]
AIHUB_ROWS = {
    # wav_id: the situation, and five votes with their intensities
    "a1": ("anger", "Angry 1 angry 1 Anger 2 Neutral 0 Neutral 0"),
    "a2": ("sad", "Sadness 2 sadness 2 Happiness 1 happiness 1 HAPPINESS 1"),
    "a3": ("neutral", "Neutral 0 Neutral 0 Neutral 0 Neutral 0 Neutral 0"),
    "a4": ("fear", "Fear 2 Fear 2 Disgust 1 Disgust 1 Surprise 1"),
    "a5": ("happiness", "Happiness 1 Happiness 1 Sadness 1 Sadness 1 Neutral 0"),
    "a6": ("anger", "Angry 1 Angry 1 Angry 3 Angry 1 bored 1"),
}


def make_aihub(folder):
    """Traps: cp949, a space that comes and goes, mixed case, a row twice, a missing clip."""
    tables = {
        "4차년도": ("a1", "a2"),
        "5차년도": ("a3", "a4"),
        "5차년도_2차": ("a5", "a6", "a1", "a9"),
    }
    for table, names in tables.items():
        head = [*AIHUB_HEAD, "나이", "성별"]
        if table != "4차년도":
            head[head.index("4번 감정세기")] = "4번감정세기"
        rows = []
        for name in names:
            situation, votes = AIHUB_ROWS.get(name, AIHUB_ROWS["a3"])
            rows.append([name, f"{name}, 뭐라고", situation, *votes.split(), 30, "female"])
        rows_in(folder / f"{table}.csv", [head, *rows], "cp949")
    for name in AIHUB_ROWS:
        write_clip(folder / "audio" / f"{name}.wav", seconds=0.1)
    return folder


def make_manifest(path, rows, encoding="utf-8-sig"):
    """A table of one's own, and a clip for every row that names one."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[row.get(name, "") for name in columns] for row in rows]
    rows_in(path, [columns, *cells], encoding)
    for row in rows:
        if row.get("audio", "").endswith(".wav") and not row["audio"].startswith("gone"):
            write_clip(path.parent / row["audio"], seconds=0.1)
    return path
