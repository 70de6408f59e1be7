"""The card of a model that was trained on corpora as they are, as the papers do."""

from collections import Counter
from pathlib import Path
from typing import Any

from emotion.model import EmotionModel
from train.questions import ACTED
from train.recipe import Recipe
from train.report import Report
from train.splits import SIDES, Split

# What each corpus is, who made it, and under which licence, for the card.
CORPORA = {
    "ravdess": ("RAVDESS, English actors (Livingstone & Russo 2018)", "CC BY-NC-SA 4.0"),
    "nemo": ("nEMO, Polish actors (Christop 2024)", "CC BY-NC-SA 4.0"),
    "emotiontts": ("emotiontts open database, Korean actors", "research, not commercial"),
    "goemotions": ("GoEmotions, English comments (Demszky et al. 2020)", "Apache-2.0"),
    "kote": ("KOTE, Korean comments (Jeon et al. 2022)", "MIT"),
    "emobank": ("EmoBank, English sentences (Buechel & Hahn 2017)", "CC BY-SA 4.0"),
    "nsmc": ("NSMC, Korean film reviews with ratings", "CC0"),
    "va_kor": ("VA-KOR, Korean words with valence and arousal, and its sources", "MIT"),
}
ROWS_HEAD = """| corpus | train | development | test | licence |
|---|---|---|---|---|"""
FRONT = """---
license: other
pipeline_tag: audio-classification
tags: [speech-emotion-recognition]
---
"""


def write(model: EmotionModel, split: Split, recipe: Recipe, report: Report, command: str) -> str:
    """Writes the card; see train.card."""
    config = model.config
    n_weights = sum(each.numel() for each in model.parameters())
    encoders = "\n".join(f"- {side}: {_encoder(getattr(config, side))}" for side in config.sides)
    heat = ", ".join(f"{name} {config.temperatures[name]:.2f}" for name in config.able)
    return f"""{FRONT}# {config.system}

{recipe.about}

It is shown {" or ".join(config.able)}, and tells {", ".join(config.labels)} apart. \
{n_weights:,} weights:

{encoders}
- how they meet: {config.fusion.kind}

## Data

{_rows(split)}

Who may use these weights is decided by the corpora's agreements and by the encoders it began with.

## Figures

On the test side, with the very weights of this folder; intervals are bootstrapped over each \
emotion's utterances, where words alone are judged over its different texts, and say nothing of \
how much other speakers would differ. The baseline is a linear model of character n-grams or of \
the mean log-mel spectrum, trained on the same corpus.

{report.page()}

Temperatures, fitted on the development side where it has enough rows: {heat}.

## Limits

{_limits(split)}

## How it was made

```
{command}
```
"""


def _encoder(settings: Any) -> str:  # noqa: ANN401 (whichever dataclass a side has)
    source = getattr(settings, "source", "")
    if Path(source).exists():
        source = Path(source).name  # where it lay on this machine tells others nothing
    return f"{settings.kind}, begun from {source}" if source else settings.kind


def _rows(split: Split) -> str:
    counts = {side: Counter(each.source for each in getattr(split, side)) for side in SIDES}
    lines = []
    for source in sorted({name for each in counts.values() for name in each}):
        licence = CORPORA.get(source.split("/")[0], ("", "as agreed with its owner"))[1]
        rows = " | ".join(str(counts[side][source]) for side in SIDES)
        lines.append(f"| {source} | {rows} | {licence} |")
    return "\n".join([ROWS_HEAD, *lines])


def _limits(split: Split) -> str:
    sources = {each.source for each in (*split.train, *split.test)}
    acted = sorted(sources & {*ACTED})
    tested = {(each.corpus, each.speaker) for each in split.test if each.speaker}
    said = [
        "- It knows the speakers, the language and the situations of its corpora, and its "
        "probabilities mean what they say there.",
        "- Not for judging people at work, at school, at a border, in court or in care.",
    ]
    if acted:
        said.append(f"- Acted: {', '.join(acted)}. Real feelings are weaker and mixed.")
    if tested:
        said.append(f"- Tested on {len(tested)} speakers.")
    return "\n".join(said)
