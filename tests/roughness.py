"""How much rougher a voice gets by another pitch: its harmonics to noise before and after.

    python -m tests.roughness

Prints a Markdown table of the example clips and those of the tests, in dB; "-" stands where no
pitch is found any more, so that there are no harmonics to measure.
"""

from pathlib import Path

from emotion.audio import Clip, load
from emotion.cues.measures import measure
from emotion.speech import speech_regions
from emotion.whatif import Changes, changed_voice

ROOT = Path(__file__).parent.parent
SEMITONES = (0, -12, -3, 3, 12)


def main() -> None:
    """Prints the table."""
    print(f"| clip | {' | '.join(f'{each:+d}' if each else 'as it is' for each in SEMITONES)} |")
    print("|---" * (len(SEMITONES) + 1) + "|")
    for folder in ("assets/examples/*.ogg", "tests/clips/*.wav"):
        for path in sorted(ROOT.glob(folder)):
            clip = load(path)
            found = (_harmonicity(changed_voice(clip, Changes(pitch=each))) for each in SEMITONES)
            print(f"| {path.name} | {' | '.join(found)} |")


def _harmonicity(clip: Clip | None) -> str:
    assert clip
    found = measure(clip, speech_regions(clip), None).harmonicity
    return "-" if found is None else f"{found:.1f}"


if __name__ == "__main__":
    main()
