"""Makes small corpora in their own layouts, with the traps that the real ones carry."""

import gzip
import itertools

import numpy as np
from scipy.io import wavfile

RATE = 16_000
BOM = "\ufeff"


def write_clip(path, pitch=150.0, seconds=0.5):
    """A buzz that stands in for a voice."""
    path.parent.mkdir(parents=True, exist_ok=True)
    time = np.arange(int(seconds * RATE)) / RATE
    buzz = sum(np.sin(2 * np.pi * pitch * k * time) / k for k in (1, 2, 3, 4))
    wavfile.write(path, RATE, (buzz * 6000).astype(np.int16))


def make_ravdess(folder, actors=range(1, 13), emotions=("01", "02", "03", "05")):
    for actor, (index, emotion) in itertools.product(actors, enumerate(emotions)):
        for intensity in ("01",) if emotion == "01" else ("01", "02"):
            name = f"03-01-{emotion}-{intensity}-01-01-{actor:02}.wav"
            seconds = 0.3 + 0.05 * index + 0.01 * actor
            write_clip(folder / f"Actor_{actor:02}" / name, 100 + 60 * index + actor, seconds)
    return folder


def make_nemo(folder, rows):
    lines = ["file_id\temotion\traw_text\tnormalized_text\tspeaker_id\tgender\tage"]
    for speaker, emotion, number in rows:
        stem = f"{speaker}_{emotion}_{number}"
        lines.append(
            f"{stem}.wav\t{emotion}\t„Zdanie {number}”.\tzdanie {number}\t{speaker}\tmale\t24"
        )
        write_clip(folder / "samples" / f"{stem}.wav")
    (folder / "data.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def make_emotiontts(folder):
    for part, speakers, sentences in (
        ("plain-to-emotional", ("ema", "emb", "emc"), range(1, 3)),
        ("emotional-to-emotional", ("nea", "neb", "nec", "ned", "nee"), range(1, 5)),
    ):
        for speaker, emotion, sentence in itertools.product(speakers, range(4), sentences):
            home = folder / "Emotional" / part / speaker
            stem = f"{speaker}00{emotion}{sentence:02}"
            write_clip(home / "wav" / f"{stem}.wav", 100 + 50 * emotion)
            about = sentence if part == "plain-to-emotional" else f"{emotion} {sentence}"
            text = home / "transcript" / f"{stem}.txt"
            text.parent.mkdir(exist_ok=True)
            text.write_text(f"{BOM}문장 {about}.\n", encoding="utf-8")
    return folder


def make_kote(folder, n=60):
    folder.mkdir(parents=True, exist_ok=True)
    # 42 기쁨, 6 화남/분노, 5 슬픔, 24 없음, 43 안심/신뢰 (none of our seven)
    kinds = [
        ("너무 기쁜 날", "42"),
        ("정말 화가 난다", "6,22"),
        ("슬픈 영화", "5"),
        ("그렇다", "24"),
    ]
    rows = [f"{i}\t{kinds[i % 4][0]} {i}\t{kinds[i % 4][1]}" for i in range(n)]
    rows += [
        '900\t"그는 ""좋다""고\n했다"\t42,43',
        "901\t반반\t42,5",
        "902\t번호가 없다\t",
        "903\t짧다",
    ]
    (folder / "val.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def make_goemotions(folder, more=0):
    folder.mkdir(parents=True, exist_ok=True)
    names = ["anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise"]
    (folder / "labels.txt").write_text("\n".join(names), encoding="utf-8")
    train = ['She said "hello\t4\ta1', "Both at once\t3,6\ta2", "I hate it\t0\ta3", "Bad\t9\ta4"]
    train += [f"So {n} times {each}\t{n % 7}\tm{n}" for n, each in enumerate(names * more)]
    (folder / "train.tsv").write_text("\n".join(train) + "\n", encoding="utf-8")
    asked = ["I am so glad\t3\tb1"]
    asked += [f"{each} {n} times\t{n % 7}\tn{n}" for n, each in enumerate(names * more)]
    (folder / "dev.tsv").write_text("\n".join(asked) + "\n", encoding="utf-8")
    return folder


def make_emobank(folder):
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        "id,split,V,A,D,text",
        '1,train,5.0,1.0,3,"He said, ""so"""',
        "2,dev,3.0,4.0,3,Well",
        "3,train,none,3.0,3,Odd",
    ]
    (folder / "emobank.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def make_nsmc(folder):
    folder.mkdir(parents=True, exist_ok=True)
    lines = ["id\tdocument\trating", '1\t"정말 좋다\t10', "2\t별로\t1", "3\t\t5"]
    with gzip.open(folder / "ratings.tsv.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return folder


def make_va_kor(folder, n=30):
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f'민,말{i},{i % 7 - 3},{(i * 2) % 7 - 3},"첫 줄\n둘째 줄"' for i in range(n)]
    text = BOM + "\r\n".join(["source,word,V,A,def", *rows]) + "\r\n"
    (folder / "VA_KOR_annot.csv").write_bytes(text.encode())
    return folder
