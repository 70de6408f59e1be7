"""Acted voices: RAVDESS, nEMO and the Korean emotional speech of emotiontts."""

import re
from pathlib import Path

from emotion.labels import ALIASES, BY_NAME
from train.corpora.sample import Notes, Sample
from train.corpora.tables import UTF_8, Form, clips, decoded, records
from train.errors import CannotTrain

RAVDESS_NAME = re.compile(r"03-01-(0[1-8])-(0[12])-(0[12])-0[12]-(\d\d)")
RAVDESS_TEXTS = {"01": "Kids are talking by the door", "02": "Dogs are sitting by the door"}
RAVDESS_CALM = "02"
# What an actor's plain intensity counts for, against 1 for the strong one.
PLAIN = 0.7

NEMO_COLUMNS = ("file_id", "emotion", "raw_text", "normalized_text", "speaker_id", "gender")

EMOTIONTTS_NAME = re.compile(r"([a-z]{3})\d*?(\d)(\d\d)")
EMOTIONTTS_PARTS = {
    "plain-to-emotional": "Emotional/plain-to-emotional",
    "emotional-to-emotional": "Emotional/emotional-to-emotional",
    "main": "Main",
    "personality": "Personality",
}


def ravdess(folder: Path, notes: Notes) -> list[Sample]:
    """Reads RAVDESS speech: `Actor_NN/03-01-EE-II-SS-RR-AA.wav`; calm counts as neutral."""
    samples = []
    for path in clips(folder):
        match = RAVDESS_NAME.fullmatch(path.stem)
        if match is None:
            notes.leave(path.name, "not the name of a RAVDESS speech clip")
            continue
        label = ALIASES["ravdess"][match[1]]
        emotion, strength = BY_NAME[label], 1.0 if match[2] == "02" else PLAIN
        samples.append(
            Sample(
                id=path.stem,
                corpus="ravdess",
                audio=path,
                text=RAVDESS_TEXTS[match[3]],
                label=label,
                valence=emotion.valence * strength,
                arousal=emotion.arousal * strength,
                fine="calm" if match[1] == RAVDESS_CALM else "",
                strength=strength,
                speaker=match[4],
                sex="male" if int(match[4]) % 2 else "female",
                sentence=match[3],
                language="en",
            )
        )
    return samples


def nemo(folder: Path, notes: Notes) -> list[Sample]:
    """Reads nEMO: `data.tsv` and `samples/SPEAKER_emotion_N.wav`."""
    heard = {path.stem: path for path in clips(folder / "samples")}
    samples = []
    form = Form("\t", encodings=UTF_8)
    for _, row in records(folder / "data.tsv", NEMO_COLUMNS, notes, form):
        stem = Path(row["file_id"]).stem
        label = ALIASES["nemo"].get(row["emotion"])
        if label is None:
            notes.leave(stem, f"{row['emotion']!r} is not an emotion of nEMO")
        elif stem not in heard:
            notes.leave(stem, "its clip is missing")
        else:
            samples.append(
                Sample(
                    id=stem,
                    corpus="nemo",
                    audio=heard[stem],
                    text=row["raw_text"],
                    label=label,
                    valence=BY_NAME[label].valence,
                    arousal=BY_NAME[label].arousal,
                    speaker=row["speaker_id"],
                    sex=row["gender"],
                    sentence=row["normalized_text"],
                    language="pl",
                )
            )
    return samples


def emotiontts(folder: Path, notes: Notes) -> list[Sample]:
    """Reads emotiontts: four parts of `SPEAKER/{wav,transcript}`, two of them emotional.

    The first digit of a file's number is its emotion; the corpus's own README swaps the last two.
    """
    samples = []
    for part, place in EMOTIONTTS_PARTS.items():
        if not (folder / place).is_dir():
            notes.lack(place, "this part")
            continue
        for path in clips(folder / place):
            sample = _emotiontts_sample(path, part, notes)
            if sample is not None:
                samples.append(sample)
    if not samples:
        raise CannotTrain(f"{folder} holds no clip of emotiontts: is this the folder?")
    return samples


def _emotiontts_sample(path: Path, part: str, notes: Notes) -> Sample | None:
    match = EMOTIONTTS_NAME.fullmatch(path.stem)
    if match is None:
        notes.leave(path.name, "not the name of an emotiontts clip")
        return None
    label = ALIASES["emotiontts"].get(match[2]) if part.endswith("emotional") else None
    if part.endswith("emotional") and label is None:
        notes.lack(path.stem, f"an emotion: {match[2]} stands for none of the four")
    return Sample(
        id=path.stem,
        corpus="emotiontts",
        audio=path,
        text=_transcript(path, notes),
        label=label,
        valence=BY_NAME[label].valence if label else None,
        arousal=BY_NAME[label].arousal if label else None,
        speaker=match[1],
        sentence=match[2] + match[3] if part == "emotional-to-emotional" else match[3],
        part=part,
        language="ko",
    )


def _transcript(path: Path, notes: Notes) -> str:
    transcript = path.parent.parent / "transcript" / f"{path.stem}.txt"
    if not transcript.is_file():
        notes.lack(path.stem, "its transcript")
        return ""
    try:
        return decoded(transcript).strip()
    except CannotTrain as error:
        notes.lack(path.stem, f"its transcript: {error}")
        return ""
