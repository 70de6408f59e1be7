"""What is usual of women's and men's voices when nothing is felt, for the page's cues.

    python -m train.typical --data ravdess=DIR --data nemo=DIR --data emotiontts=DIR \
        > emotion/cues/typical.json

Neutral clips of known sex give the voices; plain readings give how many syllables of words are said
a second in a language. Every speaker counts the same, however many clips there are.
"""

import argparse
import json
from collections.abc import Iterable, Sequence

import numpy as np
from tqdm import tqdm

from emotion.audio import load
from emotion.cues import NAMES, Measures, measure
from emotion.cues.measures import LITTLE, MEDIAN, MOST
from emotion.cues.reference import SEXES
from emotion.speech import speech_regions
from emotion.transcript import typed
from train.commands import folders
from train.corpora import Sample, read

A_SPEAKER = 12  # clips at most
DIGITS = 2
LANGUAGES = ("ko", "en")  # whose syllables can be counted in words
# Microphones and distances differ: how loud a voice is tells nothing from one room to another.
COMPARED = tuple(name for name in NAMES if name != "intensity")

Heard = list[tuple[Sample, Measures]]


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", action="append", required=True, metavar="CORPUS=DIR")
    given = folders(parser.parse_args().data)
    samples = [each for name, folder in given.items() for each in read(name, folder)]
    print(json.dumps(table(samples), indent=1))


def table(samples: Iterable[Sample]) -> dict[str, object]:
    """What `emotion/cues/typical.json` holds."""
    plain = [each for each in samples if each.audio and _is_plain(each)]
    heard = [(each, _measured(each)) for each in tqdm(_some(plain), desc="measuring", unit="clip")]
    worded = [(each, found) for each, found in heard if found.rate_by in LANGUAGES]
    by_sound = [(each, _measured(each, words=False)) for each, _ in heard if each.sex]
    return {
        "made_by": "python -m train.typical",
        "from": sorted({each.corpus for each, _ in heard}),
        "voices": {sex: _voices([one for one in by_sound if one[0].sex == sex]) for sex in SEXES},
        "rates": {
            language: _spread([one for one in worded if one[1].rate_by == language], "rate")
            for language in LANGUAGES
        },
    }


def _is_plain(sample: Sample) -> bool:
    """Whether nothing is felt: acted as neutral, or read aloud; calm is a feeling of its own."""
    if sample.label:
        return sample.label == "neutral" and not sample.fine and bool(sample.sex)
    return sample.part in ("main", "personality")


def _some(samples: Sequence[Sample]) -> list[Sample]:
    """Clips of each speaker, evenly from all there are."""
    of: dict[tuple[str, str], list[Sample]] = {}
    for sample in samples:
        of.setdefault((sample.corpus, sample.speaker), []).append(sample)
    return [
        mine[place]
        for mine in of.values()
        for place in np.linspace(0, len(mine) - 1, min(A_SPEAKER, len(mine))).round().astype(int)
    ]


def _measured(sample: Sample, words: bool = True) -> Measures:
    assert sample.audio
    clip = load(sample.audio)
    text = typed(sample.text, sample.language) if words and sample.language in LANGUAGES else None
    return measure(clip, speech_regions(clip), text)


def _voices(heard: Heard) -> dict[str, object]:
    return {
        "clips": len(heard),
        "speakers": len({(each.corpus, each.speaker) for each, _ in heard}),
        "measures": {name: _spread(heard, name) for name in COMPARED},
    }


def _spread(heard: Heard, name: str) -> list[float]:
    """The outer tenths and the middle, with every speaker counting the same."""
    known = [(each, getattr(found, name)) for each, found in heard]
    known = [(each, value) for each, value in known if value is not None]
    speakers = [(each.corpus, each.speaker) for each, _ in known]
    weights = [1 / speakers.count(speaker) for speaker in speakers]
    values = [value for _, value in known]
    at = (LITTLE, MEDIAN, MOST)
    found = np.quantile(values, at, weights=weights, method="inverted_cdf")
    return [round(float(value), DIGITS) for value in found]


if __name__ == "__main__":
    main()
