"""Speaks the demo's example clips with espeak-ng, a synthesizer; no person is heard in them.

From the root of the repository, with espeak-ng installed:

    python -m assets.examples.make
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from emotion.audio import RATE, load

HERE = Path(__file__).parent
BITS = 32_000  # a second; four seconds of Opus make 16 kB


@dataclass(frozen=True)
class Line:
    """What is said, and how."""

    name: str
    text: str
    language: str
    note: str
    words_a_minute: int
    pitch: int  # 0 to 99
    spread: str  # how much wider than usual the pitch wanders
    amplitude: int  # 0 to 200


LINES = [
    Line(
        "en-glad",
        "I got the job! I can't believe it, this is the best day of my life!",
        "en",
        "Glad words in a high, lively, quick voice.",
        *(190, 75, "+60%", 120),
    ),
    Line(
        "en-low",
        "She left this morning, and the house is so quiet now.",
        "en",
        "Sad words in a low, slow, quiet voice.",
        *(120, 25, "-40%", 60),
    ),
    Line(
        "en-dry",
        "Oh, great. What a wonderful surprise. I am so happy.",
        "en",
        "Glad words in a flat, low voice: words and voice do not agree.",
        *(125, 15, "-90%", 70),
    ),
    Line(
        "ko-glad",
        "드디어 합격했어요! 정말 너무 기뻐요!",
        "ko",
        "Glad words in a high, lively voice.",
        *(180, 75, "+60%", 120),
    ),
    Line(
        "ko-cross",
        "왜 자꾸 거짓말을 해요? 이제 정말 화가 나요!",
        "ko",
        "Angry words in a loud, quick voice.",
        *(210, 45, "+80%", 190),
    ),
    Line(
        "ko-afraid",
        "밖에서 이상한 소리가 들려요. 혼자 있기 너무 무서워요.",
        "ko",
        "Frightened words in a quiet, high voice.",
        *(150, 65, "-20%", 50),
    ),
]


def main() -> None:
    """Writes the six clips and the list of them."""
    listed = []
    for line in LINES:
        file = f"{line.name}.ogg"
        write(HERE / file, speak(line))
        note = f"{line.note} Synthetic: spoken by espeak-ng."
        listed.append({"file": file, "text": line.text, "language": line.language, "note": note})
    text = json.dumps(listed, ensure_ascii=False, indent=2)
    (HERE / "examples.json").write_text(text + "\n", encoding="utf-8")


def speak(line: Line) -> np.ndarray:
    """Has espeak-ng say a line; mono samples at RATE."""
    options = ["-v", line.language, "-s", str(line.words_a_minute), "-p", str(line.pitch)]
    speech = f'<speak><prosody range="{line.spread}">{line.text}</prosody></speak>'
    command = ["espeak-ng", "-m", *options, "-a", str(line.amplitude), "--stdout", speech]
    spoken = subprocess.run(command, check=True, capture_output=True)
    return load(spoken.stdout).samples


def write(path: Path, samples: np.ndarray) -> None:
    """Encodes samples as Opus in Ogg, the same bytes each time."""
    with av.open(path, "w", container_options={"fflags": "+bitexact"}) as container:
        stream = container.add_stream("libopus", rate=RATE, layout="mono")
        stream.bit_rate = BITS
        frame = av.AudioFrame.from_ndarray(samples[None], "flt", "mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


if __name__ == "__main__":
    main()
