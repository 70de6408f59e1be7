"""The default model's card, written from the run that made it; other runs have run_card's."""

from collections import Counter

from emotion.model import EmotionModel
from emotion.model.folder import HELD_OUT
from train import run_card
from train.recipe import Recipe
from train.report import Report
from train.run_card import CORPORA, ROWS_HEAD
from train.splits import SIDES, Split

FRONT = """---
license: cc-by-nc-sa-4.0
language: [ko, en]
pipeline_tag: audio-classification
tags: [speech-emotion-recognition, text-classification, valence-arousal]
---
"""


def write(
    model: EmotionModel,
    split: Split,
    recipe: Recipe,
    report: Report,
    command: str,
) -> str:
    """Writes the card.

    Args:
        model: The finished model.
        split: What it was trained, developed and tested on.
        recipe: How.
        report: Its figures on the test side, the plain systems' beside them.
        command: What made it.
    """
    if any(part.steps.get("spoken") for part in recipe.parts()):
        return run_card.write(model, split, recipe, report, command)
    parts = (
        FRONT + f"# The default model\n\n{recipe.about}",
        _what(model),
        _data(split, recipe),
        _figures(model, report, HELD_OUT if recipe.held_out else ""),
        LIMITS,
        f"## How it was made\n\n```\n{command}\n```\n\n{_how(recipe)}",
    )
    return "\n\n".join(parts) + "\n"


def _what(model: EmotionModel) -> str:
    n_weights = sum(each.numel() for each in model.parameters())
    kept = sum(each.numel() for each in model.state_dict().values())
    return f"""## What it is

It takes a voice, words, or both, and gives probabilities of seven emotions \
({", ".join(model.config.labels)}) and a place on the plane of valence and arousal. It has \
{n_weights / 1e6:.1f} million weights, {kept * 2 / 1e6:.1f} MB in half precision, and was \
trained from nothing: no weights of others are in it. Five seconds of voice and ten words take it \
35 ms on two CPU cores, a 19th of what a model of the papers' size takes \
(`python -m train.results.latency`).

For: trying out, teaching and research on how voice and words speak to each other. Not for: \
judging people at work, at school, at a border, in court or in care; lie detection; any use that \
is not agreed to by who speaks. The weights carry CC BY-NC-SA 4.0 because their data do; the \
code's licence is its own."""


def _data(split: Split, recipe: Recipe) -> str:
    counts = {side: Counter(each.source for each in getattr(split, side)) for side in SIDES}
    used = {*recipe.voice, *recipe.words, *recipe.plain_text}
    lines = []
    for source in sorted({name for each in counts.values() for name in each} & used):
        title, licence = CORPORA.get(source.split("/")[0], (source, ""))
        part = f", {source.split('/')[1]}" if "/" in source else ""
        rows = [counts[side][source] for side in SIDES]
        rows[0] = min(rows[0], recipe.most_rows.get(source, rows[0]))
        lines.append(f"| {title}{part} | {' | '.join(map(str, rows))} | {licence} |")
    speakers = "; ".join(
        f"{side}: {', '.join(sorted(names))}"
        for side in SIDES
        if (
            names := {
                f"{each.source.split('/')[-1]} {each.speaker}"
                for each in getattr(split, side)
                if each.source in recipe.voice
            }
        )
    )
    return "\n".join([DATA_HEAD, *lines, DATA_FOOT.format(speakers=speakers)])


DATA_HEAD = f"## Data\n\n{ROWS_HEAD}"
DATA_FOOT = """
No speaker is on two sides, nor is any sentence of the `emotional-to-emotional` part, whose \
sentences give the emotion away, nor any text of the written corpora. The emotions of acted voices \
are what the actor was asked for, not what listeners heard.

Speakers — {speakers}.

**Valence and arousal are not measured for voices.** EmoBank and VA-KOR were rated by people; an \
NSMC review's stars stand for its valence; an acted voice is given its emotion's place on \
the plane (Russell & Mehrabian 1977), for RAVDESS scaled by the actor's intensity. KOTE's 44 \
feelings are grouped into ours; a row whose feelings touch several of ours teaches each of them \
in part, and is not tested on."""


def _figures(model: EmotionModel, report: Report, held_out: str) -> str:
    heat = ", ".join(f"{name} {value:.2f}" for name, value in model.config.temperatures.items())
    where = f"the folder `{held_out}`" if held_out else "this folder"
    return f"""## Figures

On the test side, with the very weights of {where}. The model chooses among \
all seven emotions everywhere, also where a corpus has fewer. UAR is the mean recall of the \
emotions that occur, r is Pearson's. Intervals are bootstrapped, each emotion's rows drawn among \
themselves; where words alone are judged, texts are drawn, since a sentence that several people \
spoke is one question there; how many texts stand behind n is told where they are fewer. Intervals \
do not show how much other speakers or sentences would differ; an emotion with a handful of rows \
sways its UAR, and one with a single row or text adds nothing to the interval's width. \
The baseline: for words, character n-grams and a linear model; for voice, mean and deviation of \
the log-mel spectrum and a linear model; each trained on all rows of that corpus's training side \
that hold what is asked, and on no others, and so knowing which corpus it is asked about. "Joined" \
pairs are a voice of one corpus with words of another, labelled by the rule under "How it was \
made"; they are no natural speech.

{report.page()}

Temperatures, fitted on the development side: {heat}. Probabilities are made for emotions that \
are all equally likely; in talk that is mostly neutral, it says neutral too rarely."""


LIMITS = """## Limits

- Acted voices of some thirty speakers taught it; real feelings are weaker and mixed. Polish \
actors taught it half of what it knows of voices, Korean ones little. It recalls men's voices less \
well than women's.
- An echoing room or a telephone costs it up to a third of what it recalls, and leaves it too sure.
- Its words were learnt from comments and reviews. Irony, long texts, dialects and other languages \
are beyond it, and so is "not": "I'm not angry at all" is angry to it.
- KOTE has next to no rows of disgust and few of fear alone: in Korean words these two are weak.
- Several speakers at once were not taught: the probabilities may be sure and wrong there. Noise, \
music, silence and random letters were, as made by `train/nothing.py`, to be like nothing; what is \
stranger than those may still be taken for a feeling.
- Voices of another language than these three, and of children, were not tested.
- Much was tried while it was made, and the test side asked eighteen times; what for, and what was \
decided by it, is told in `train/results/default.md`."""


def _how(recipe: Recipe) -> str:
    ways = ", ".join(f"{name} {share:g}" for name, share in recipe.pairs.items())
    mixed = "mixed with another, " if any(part.mix for part in recipe.parts()) else ""
    nothing = (
        f" {recipe.nothing:.0%} of the voices and of the texts are sounds that nobody spoke and "
        "letters that nobody wrote, with every label as likely."
        if recipe.nothing
        else ""
    )
    kept = "last epoch" if recipe.held_out else "epoch that was best on the development side"
    usual = (
        " Beside that, linear models of pitch, harmonics, level, cepstra and pace over the whole "
        "clip, found before in clips as they are and, counting for less, with an echo, a "
        "telephone's band or noise, tell what is unusual: of its speaker, where other clips of "
        "theirs are known, or else among everybody."
        if recipe.model.knows_usual
        else ""
    )
    signs = (
        " Linear models of runs of letters, found before as well, speak beside what attention "
        "learns of words."
        if getattr(recipe.model.words, "signs", 0)
        else ""
    )
    mistaken = (
        f" In {recipe.mistaken:.0%} of the joined pairs a voice, and in as many a text that is not "
        "plain speech, is of another feeling, as a stranger's would seem to be."
        if recipe.mistaken
        else ""
    )
    dropped = " Either side is dropped at random." if _pairs_lose_sides(recipe) else ""
    return f"""On CPU, from the corpora's own folders, seed {recipe.seed}; {_stages(recipe)}; of \
each stage the averaged weights of the {kept}. Voices are \
cropped, sped up or slowed, darkened or brightened, {mixed}and given noise.{usual}{signs} \
Fixed and neutral sentences teach the words no more than that plain talk is \
neutral.{nothing} Pairs ({ways}): \
`as_spoken` are real; the others are joined across corpora, and the side that feels something \
decides: both of one feeling, or words of no feeling (then the voice's), or a voice of no feeling \
(then the words').{mistaken}{dropped}"""


def _stages(recipe: Recipe) -> str:
    """What is taught in turn, and for how long."""
    said = []
    for part in recipe.parts():
        counts = " and ".join(f"{n} of {kind}" for kind, n in part.steps.items() if n)
        learns = f", in which {' and '.join(part.learns)} learns" if recipe.stages else ""
        said.append(f"{part.epochs} epochs of batches ({counts}){learns}")
    return "; then ".join(said)


def _pairs_lose_sides(recipe: Recipe) -> bool:
    return any(part.drop_side and part.steps.get("pairs") for part in recipe.parts())
