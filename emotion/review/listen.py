"""Every clip of a project is heard once: by one model and both its sides, and as mere sound."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from emotion import audio as hearing
from emotion.analysis import Utterance
from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.model import Row
from emotion.review import twins
from emotion.review.heard import Heard, clipped
from emotion.review.jury import Jury
from emotion.review.learned import features
from emotion.review.step import Step
from emotion.review.store import Project
from emotion.score import CHUNK, one_ahead
from emotion.speech import speech_regions
from emotion.transcript import typed


@dataclass(frozen=True)
class _Chunk:
    """Clips that one model hears together."""

    model: Analyzer
    names: Sequence[str]


@dataclass(frozen=True)
class _Ready:
    """A clip that is decoded and measured, and what the model is asked: together, then alone."""

    heard: Heard
    rows: dict[str, Row]


def listen(
    project: Project, models: Sequence[Analyzer], transcribe: bool = False
) -> Iterator[Step]:
    """Has each clip heard that was not, by the model that is to judge it, and tells how far it is.

    Whoever stops to ask keeps what was heard, and asking anew goes on there.

    Args:
        project: Whose clips.
        models: Each clip is judged by the first that its speaker did not teach, see Jury.
        transcribe: Whether Whisper hears the words too, to hold them against the given ones.
    """
    transcribe = transcribe and models[0].transcriber.here
    jury = Jury(models)
    judges = {each.id: jury.judge(each) for each in project.clips}
    names = project.heard.lacking({id: each.digest for id, each in judges.items()}, transcribe)
    done = len(project.clips) - len(names)
    yield Step("listen", done, len(project.clips))

    def ready(chunk: _Chunk) -> list[_Ready]:
        return [_ready(project, chunk.model, name, transcribe) for name in chunk.names]

    for chunk, made in one_ahead(ready, _chunks(names, judges)):
        project.heard.add(dict(zip(chunk.names, _judged(chunk.model, made), strict=True)))
        done += len(chunk.names)
        yield Step("listen", done, len(project.clips))


def _chunks(names: Sequence[str], judges: Mapping[str, Analyzer]) -> Iterator[_Chunk]:
    """The clips of one model after those of another, a few at a time."""
    for model in dict.fromkeys(judges.values()):
        mine = [name for name in names if judges[name] is model]
        for start in range(0, len(mine), CHUNK):
            yield _Chunk(model, mine[start : start + CHUNK])


def _ready(project: Project, analyzer: Analyzer, name: str, transcribe: bool) -> _Ready:
    entry = project.clips[name]
    heard = Heard(analyzer.name, analyzer.digest, transcribe)
    clip = None
    try:
        path = project.clips.path(name)
        if path:
            clip = hearing.load(path)
            heard = _measured(heard, clip, analyzer, transcribe and bool(entry.text))
        return _Ready(heard, _rows(analyzer, Utterance(clip, typed(entry.text))))
    except BadInput as problem:
        return _Ready(replace(heard, fault=problem), {})


def _measured(heard: Heard, clip: hearing.Clip, analyzer: Analyzer, transcribe: bool) -> Heard:
    regions = speech_regions(clip)
    words = analyzer.transcriber.transcribe(clip, regions).text if transcribe else None
    return replace(
        heard,
        seconds=clip.seconds,
        speech=sum(region.end - region.start for region in regions),
        clipped=clipped(clip),
        exact=twins.exact(clip),
        print=twins.fingerprint(clip),
        features=features(clip).tobytes(),
        words=words,
    )


def _rows(analyzer: Analyzer, utterance: Utterance) -> dict[str, Row]:
    whole = analyzer.row(utterance)
    rows = {"together": whole}
    if (
        whole.voice is not None
        and whole.words
        and {"voice", "words"} <= {*analyzer.model.config.able}
    ):
        rows |= {"voice": Row(whole.voice, None, None), "words": Row(None, whole.words, None)}
    return rows


def _judged(analyzer: Analyzer, made: Sequence[_Ready]) -> Iterator[Heard]:
    predictions = iter(analyzer.predict_rows([row for each in made for row in each.rows.values()]))
    for each in made:
        found = {side: next(predictions) for side in each.rows}
        whole = found.pop("together", None)
        yield (
            each.heard
            if whole is None
            else replace(
                each.heard,
                probabilities=whole.probabilities,
                alone={side: said.probabilities for side, said in found.items()},
                valence=whole.valence,
                arousal=whole.arousal,
            )
        )
