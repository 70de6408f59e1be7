"""What the shipped checkpoint says of a few clips and sentences, as it was when it was made.

    python -m tests.default_cases

writes it anew, after a training; `tests/test_default.py` holds the checkpoint to it.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

from emotion.analysis import Analysis
from emotion.analyze import Analyzer
from emotion.audio import RATE, Clip

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "assets" / "examples"
STORED = Path(__file__).parent / "default_cases.json"
SENTENCES = {
    "ko": (
        "오늘 정말 행복한 하루였어요",
        "너무 슬퍼서 아무것도 못 하겠어",
        "왜 자꾸 거짓말을 해요? 정말 화가 나요!",
        "무서워서 혼자 못 자겠어",
        "회의는 세 시에 시작합니다",
    ),
    "en": (
        "I am so happy for you, congratulations!",
        "I miss her so much, it hurts every day",
        "This makes me furious, how dare you",
        "I am scared of walking home alone",
        "The meeting starts at three",
    ),
}


def sides_of(name: str) -> dict[str, Any]:
    """What is given to the analyzer for a case, by its name."""
    kind, _, rest = name.partition(": ")
    if kind == "words":
        return {"text": rest}
    if kind == "noise":
        return {"audio": noise(), "text": ""}
    facts = {each["file"]: each for each in json.loads((EXAMPLES / "examples.json").read_text())}
    text = facts[rest]["text"] if kind == "both" else ""
    return {"audio": EXAMPLES / rest, "text": text}


def noise() -> Clip:
    """Two seconds that nobody spoke."""
    samples = np.random.default_rng(0).normal(0, 0.1, 2 * RATE).astype(np.float32)
    return Clip(samples, RATE, "noise")


def names() -> list[str]:
    """Every case: both sides, the voice alone, words alone in two languages, and noise."""
    clips = sorted(path.name for path in EXAMPLES.glob("*.ogg"))
    typed = [f"words: {text}" for language in SENTENCES for text in SENTENCES[language]]
    return [f"{kind}: {clip}" for kind in ("both", "voice") for clip in clips] + typed + ["noise: "]


def analyzed(analyzer: Analyzer, name: str) -> Analysis:
    """What is found of a case."""
    return analyzer.analyze(**sides_of(name))


def main() -> None:
    """Writes what the checkpoint says now."""
    analyzer, found = Analyzer.load(), {}
    for name in names():
        said = analyzed(analyzer, name).prediction
        figures = {**said.probabilities, "valence": said.valence, "arousal": said.arousal}
        found[name] = {key: round(value, 6) for key, value in figures.items()}
    STORED.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
