"""Figures and sentences: what a reader would see wrong."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from emotion import acoustics, figures
from emotion.analysis import Analysis, Prediction
from emotion.attention import Attention
from emotion.audio import RATE, Clip
from emotion.explain import Occlusion, occlude
from emotion.labels import BY_NAME, EMOTIONS, LABELS
from emotion.speech import Region
from emotion.transcript import Transcript, Word

SPOKEN = ("정말", "너무", "정말", "좋아")


def prediction(label, share=0.7, second=None, valence=0.3, arousal=-0.2):
    rest = (1 - share) / (len(LABELS) - 1)
    shares = dict.fromkeys(LABELS, rest) | {label: share}
    if second:
        shares = dict.fromkeys(LABELS, 0.0) | {label: share, second: 1 - share}
    return Prediction(shares, valence, arousal)


def analysis(words=SPOKEN, seconds=2.0, timed=True, labels=("happy", "sad", "happy")):
    """Both sides, with an attention in which no two cells of no two heads are alike."""
    rng = np.random.default_rng(0)
    n_frames = max(round(seconds * 25), 2)
    edges = np.linspace(0, seconds, n_frames + 1)
    each = seconds / len(words)
    said = tuple(
        Word(word, row * each, (row + 0.9) * each) if timed else Word(word)
        for row, word in enumerate(words)
    )
    to_voice = rng.random((2, 3, len(words), n_frames))
    to_words = rng.random((2, 3, n_frames, len(words)))
    samples = np.sin(2 * np.pi * 150 * np.arange(round(seconds * RATE)) / RATE) * 0.5
    both, voice, text = (prediction(label) for label in labels)
    return Analysis(
        source="made",
        prediction=both,
        alone={"voice": voice, "words": text},
        sides=("voice", "words"),
        attention=Attention(
            tuple(words),
            np.stack([edges[:-1], edges[1:]], 1),
            to_voice / to_voice.sum(-1, keepdims=True),
            to_words / to_words.sum(-1, keepdims=True),
        ),
        clip=Clip(samples.astype(np.float32), "made"),
        regions=(Region(0.1 * seconds, 0.9 * seconds),),
        transcript=Transcript(said, "ko", "whisper"),
    )


def voice_alone(label="sad"):
    whole = analysis()
    found = prediction(label)
    given = {"sides": ("voice",), "attention": None, "transcript": None}
    return replace(whole, prediction=found, alone={"voice": found}, **given)


def words_alone(label="happy"):
    found = prediction(label)
    given = {"sides": ("words",), "attention": None, "clip": None, "regions": ()}
    return replace(analysis(), prediction=found, alone={"words": found}, **given)


def draw(found, **view):
    curves = acoustics.curves(found.clip) if found.clip else None
    return figures.moments(found, curves, view=figures.View(**view))


def heatmap(figure):
    (found,) = [trace for trace in figure.data if trace.type == "heatmap"]
    return found


@pytest.mark.parametrize("language", ["ko", "en"])
def test_bars_stand_beside_their_own_emotion(language):
    found = analysis()
    figure = figures.bars(found, language)
    names = [name.strip() for name in figure.layout.yaxis.ticktext]
    by_name = {figures.name(label, language): label for label in LABELS}
    assert sorted(names) == sorted(by_name)
    together, voice, words = figure.data
    for row, name in enumerate(names):
        label = by_name[name]
        assert together.x[row] == found.prediction.probabilities[label]
        assert voice.x[row] == found.alone["voice"].probabilities[label]
        assert words.x[row] == found.alone["words"].probabilities[label]
        assert together.marker.color[row] == BY_NAME[label].color
    # The likeliest is at the top, where the axis runs from high to low.
    assert list(together.x) == sorted(together.x, reverse=True)
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1]


def test_one_side_alone_is_not_compared_with_itself():
    assert len(figures.bars(voice_alone()).data) == 1
    assert len(figures.plane(words_alone()).data) == 2  # the places, and this one


def test_the_plane_has_the_emotions_the_utterance_and_both_sides():
    found = replace(
        analysis(),
        prediction=prediction("happy", valence=0.4, arousal=0.6),
        alone={
            "voice": prediction("sad", valence=-0.5, arousal=-0.1),
            "words": prediction("happy", valence=0.9, arousal=0.2),
        },
    )
    figure = figures.plane(found, "ko")
    places = figure.data[0]
    assert list(zip(places.text, places.x, places.y, strict=True)) == [
        (emotion.korean, emotion.valence, emotion.arousal) for emotion in EMOTIONS
    ]
    points = {trace.name: (trace.x[0], trace.y[0]) for trace in figure.data if trace.name}
    assert points == {"함께": (0.4, 0.6), "목소리": (-0.5, -0.1), "말": (0.9, 0.2)}


@pytest.mark.parametrize("language", ["ko", "en"])
def test_no_two_names_on_the_plane_cover_each_other_on_a_phone(language):
    places = figures.plane(None, language, tuple(BY_NAME)).data[0]
    right, down = 300 / 2.24, 260 / 2.24  # pixels for one unit, 390 pixels wide
    boxes = []
    for text, x, y, where in zip(places.text, places.x, places.y, places.textposition, strict=True):
        width = 12 * sum(1 if "가" <= letter <= "힣" else 0.6 for letter in text)
        vertical, horizontal = where.split()
        left = x * right + {"left": -width - 6, "center": -width / 2, "right": 6}[horizontal]
        top = -y * down + {"top": -22, "middle": -8, "bottom": 6}[vertical]
        boxes.append((left, top, left + width, top + 16))
    for one, other in [(a, b) for i, a in enumerate(boxes) for b in boxes[i + 1 :]]:
        apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        assert apart, (one, other)
    assert all(-1.12 * right < box[0] and box[2] < 1.12 * right for box in boxes)


@pytest.mark.parametrize(("arousal", "where"), [(0.47, "top center"), (0.6, "bottom center")])
def test_the_point_of_the_utterance_does_not_cover_a_name(arousal, where):
    near = replace(analysis(), prediction=prediction("happy", valence=0.85, arousal=arousal))
    places = figures.plane(near, "en").data[0]
    assert dict(zip(places.text, places.textposition, strict=True))["happy"] == where


def test_everything_about_time_lies_on_one_axis():
    figure = draw(analysis(seconds=3))
    assert {trace.xaxis for trace in figure.data} == {None}
    assert list(figure.layout.xaxis.range) == [0, 3]
    spans = [figure.layout[axis].domain for axis in ("yaxis", *(f"yaxis{n}" for n in range(2, 6)))]
    for upper, lower in itertools.pairwise(spans):
        assert upper[0] > lower[1]  # waveform, pitch, loudness, words, heatmap: from the top down


@pytest.mark.parametrize("direction", figures.DIRECTIONS)
def test_a_cell_is_this_word_at_this_moment(direction):
    found = analysis()
    cells = heatmap(draw(found, direction=direction))
    weights = getattr(found.attention, direction).mean((0, 1))
    expected = weights if direction == "words_to_voice" else weights.T
    assert np.allclose(cells.z, expected, atol=1e-6)
    assert np.allclose(cells.x, np.append(found.attention.frames[:, 0], 2.0))


def test_layer_and_head_choose_one_map():
    found = analysis()
    weights = found.attention.words_to_voice
    assert np.allclose(heatmap(draw(found, layer=1, head=2)).z, weights[1, 2], atol=1e-6)
    assert np.allclose(heatmap(draw(found, layer=0)).z, weights[0].mean(0), atol=1e-6)
    assert np.allclose(heatmap(draw(found, head=1)).z, weights[:, 1].mean(0), atol=1e-6)


def test_words_run_down_in_reading_order_and_a_repeated_word_keeps_its_row():
    figure = draw(analysis())
    axis = figure.layout.yaxis5
    assert [name.strip() for name in axis.ticktext] == list(SPOKEN)
    assert len(set(heatmap(figure).y)) == 4
    assert axis.range[0] > axis.range[1]


def test_words_are_framed_and_written_where_they_were_said():
    found = analysis()
    figure = draw(found)
    frames = [shape for shape in figure.layout.shapes if shape.yref == "y5"]
    assert [(shape.x0, shape.x1) for shape in frames] == [
        (word.start, word.end) for word in found.transcript.words
    ]
    assert [(shape.y0 + shape.y1) / 2 for shape in frames] == [0, 1, 2, 3]
    (lane,) = [trace for trace in figure.data if trace.type == "bar"]
    assert list(lane.text) == list(SPOKEN)
    assert list(lane.base) == [word.start for word in found.transcript.words]


def test_speech_is_shaded_where_it_was_found():
    figure = draw(analysis(seconds=2.0))
    shaded = [shape for shape in figure.layout.shapes if shape.fillcolor]
    assert [(shape.x0, shape.x1) for shape in shaded] == [(0.2, 1.8)]


@pytest.mark.parametrize(
    ("n_words", "seconds", "timed"),
    [(1, 0.5, True), (60, 30.0, True), (60, 30.0, False), (1, 30.0, True), (12, 0.5, False)],
)
def test_short_and_long_utterances_can_be_read(n_words, seconds, timed):
    figure = draw(analysis(words=["말하자면"] * n_words, seconds=seconds, timed=timed))
    axis = figure.layout.yaxis5
    plot = figure.layout.height - figure.layout.margin.t - figure.layout.margin.b
    row = (axis.domain[1] - axis.domain[0]) * plot / n_words
    assert row >= 1.4 * axis.tickfont.size  # or the labels would touch
    assert figure.layout.height < 1600
    assert len(figure.to_json()) < 3_000_000


def test_long_words_are_cut_beside_the_map_and_whole_on_it():
    figure = draw(analysis(words=["안녕하세요반갑습니다여러분", "네"]))
    assert figure.layout.yaxis5.ticktext[0].strip() == "안녕하세요반갑습…"
    assert heatmap(figure).y[0] == "안녕하세요반갑습니다여러분"


def test_a_voice_without_pitch_or_sound_is_drawn():
    silence = replace(voice_alone(), clip=Clip(np.zeros(RATE, np.float32), "silence"))
    figure = draw(silence)
    assert "none found" in " ".join(note.text for note in figure.layout.annotations)
    for trace in figure.data:
        assert np.isfinite(np.asarray(trace.y, dtype=float)).any() or trace.yaxis == "y2"


def test_without_a_voice_a_sentence_stands_where_the_moments_were():
    (note,) = draw(words_alone()).layout.annotations
    assert note.text == "There is no voice to draw."


def test_occlusion_shows_each_loss_at_its_place():
    found = analysis()
    lost = Occlusion(
        "happy",
        (0.3, -0.1, 0.0, 0.05),
        ((0.0, 0.25, 0.1), (0.25, 0.5, -0.2), (0.5, 0.6, 0.0)),
        0.8,
        None,
    )
    words, word_attention, moments, moment_attention = figures.occlusion(found, lost).data
    assert list(words.x) == list(lost.words)
    assert [row.rstrip("\u200b") for row in words.y] == list(SPOKEN)
    assert np.isclose(np.sum(word_attention.x), 1)
    assert list(moments.x) == [0.125, 0.375, 0.55]
    assert list(moments.y) == [0.1, -0.2, 0.0]
    assert len(moment_attention.y) == 3
    assert words.marker.color[0] != words.marker.color[1]  # a loss and a gain


def test_occlusion_of_the_real_model_can_be_drawn(analyzer):
    samples = np.random.default_rng(0).normal(0, 0.1, RATE).astype(np.float32)
    for given in (
        ((RATE, samples), None),
        (None, "나 지금 너무 행복해"),
        ((RATE, samples), "행복해"),
    ):
        found = analyzer.analyze(*given, words=given[1] is not None)
        lost = occlude(analyzer, found)
        figure = figures.occlusion(found, lost, "ko")
        assert len(figure.data) == (4 if given[0] and given[1] else 1)


@pytest.mark.parametrize(
    ("labels", "korean", "english"),
    [
        (
            ("happy", "sad", "happy"),
            "말은 기쁘지만, 목소리는 그렇지 않습니다. 목소리에서는 슬픔이 느껴집니다.",
            "The words are happy, the voice is not: it sounds sad.",
        ),
        (
            ("angry", "fear", "angry"),
            "말은 화가 났지만, 목소리는 그렇지 않습니다. 목소리에서는 두려움이 느껴집니다.",
            "The words are angry, the voice is not: it sounds afraid.",
        ),
        (
            ("sad", "sad", "sad"),
            "말과 목소리가 서로 같은 감정을 가리킵니다.",
            "The words and the voice agree.",
        ),
        (
            ("fear", "disgust", "neutral"),
            "말은 담담하지만, 목소리는 그렇지 않습니다. 목소리에서는 혐오가 느껴집니다. "
            "둘을 함께 들으면 두려움 쪽으로 읽힙니다.",
            "The words are calm and even, the voice is not: it sounds disgusted. "
            "Together they are read as afraid.",
        ),
    ],
)
def test_the_verdict_names_a_disagreement_only_where_there_is_one(labels, korean, english):
    found = analysis(labels=labels)
    assert figures.agreement(found, "ko") == korean
    assert figures.agreement(found, "en") == english
    assert figures.verdict(found, "en").endswith(english)


def test_two_sides_that_nearly_agree_are_not_said_to_disagree():
    close = {
        "voice": prediction("sad", 0.55, second="fear"),
        "words": prediction("fear", 0.55, second="sad"),
    }
    said = figures.agreement(replace(analysis(), alone=close), "en")
    assert "is not" not in said
    assert "neither strongly" in said


def test_the_verdict_of_one_side_says_which():
    assert figures.verdict(voice_alone()).endswith("Only the voice was heard.")
    assert figures.verdict(words_alone(), "ko").endswith("글만 읽었습니다.")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (prediction("happy", 0.9), "Clearly happy."),
        (prediction("happy", 0.5), "Probably happy."),
        (prediction("happy", 0.52, second="sad"), "Hard to tell: happy or sad."),
        (prediction("happy", 0.25), "Hard to tell: happy or neutral."),
    ],
)
def test_confidence_is_said_in_words(found, said):
    assert figures.confidence(found) == said


@pytest.mark.parametrize(
    ("rho", "said"),
    [(0.8, "also mattered"), (0.4, "only in part"), (0.0, "hardly"), (-0.7, "against")],
)
def test_agreement_is_said_in_words_and_in_a_number(rho, said):
    sentence = figures.occlusion_agreement(rho)
    assert said in sentence
    assert f"{rho:.2f}" in sentence
    assert "nobody can say" in figures.occlusion_agreement(None)


def test_a_small_share_is_not_called_nothing():
    assert [figures.percent(share) for share in (0, 0.001, 0.006, 0.5, 1)] == [
        "0%", "<1%", "1%", "50%", "100%",
    ]  # fmt: skip


def with_focus(found, layers=2):
    """The same with a focus in each layer, none of them like another."""
    seen = found.attention
    n_words, n_frames = len(seen.words), len(seen.frames)
    words = np.empty((layers, n_words, 2))
    words[..., 0] = np.linspace(0.2, 1.6, n_words) / np.arange(1, layers + 1)[:, None]
    words[..., 1] = 0.1
    voice = np.empty((layers, n_frames, 2))
    voice[..., 0] = np.linspace(0, n_words - 1, n_frames)
    voice[..., 1] = 0.5
    voice[:, :3] = np.nan  # silence before the first word
    return replace(found, attention=replace(seen, words_focus=words, voice_focus=voice))


def focus_traces(figure):
    """The bands and the lines over the heatmap, and the axis that they stand on."""
    over = [trace for trace in figure.data if trace.yaxis == "y6"]
    bands = [trace for trace in over if trace.fill]
    return bands, [trace for trace in over if not trace.fill], figure.layout.yaxis6


@pytest.mark.parametrize("layer", [None, 1])
def test_the_focus_is_a_line_through_the_words_centres_in_a_band(layer):
    found = with_focus(analysis())
    bands, lines, axis = focus_traces(draw(found, layer=layer))
    shown = found.attention.words_focus if layer is None else found.attention.words_focus[1:]
    assert len(lines) == len(bands) == len(shown)
    for line, band, focus in zip(lines, bands, shown, strict=True):
        at = dict(zip(line.y, line.x, strict=True))
        assert [at[row] for row in range(4)] == pytest.approx(focus[:, 0], abs=1e-6)
        for row in range(4):
            edges = sorted(x for x, y in zip(band.x, band.y, strict=True) if y == row)
            assert edges == pytest.approx([focus[row, 0] - 0.1, focus[row, 0] + 0.1], abs=1e-6)
    assert axis.overlaying == "y5"
    assert axis.range == (3.5, -0.5)  # the first word at the top, as on the axis below it


def test_the_focus_of_moments_runs_along_the_seconds_that_are_heard():
    found = with_focus(analysis())
    _, (line, _), _ = focus_traces(draw(found, direction="voice_to_words"))
    heard = found.attention.frames.mean(1)[3:]
    assert line.x == pytest.approx(heard, abs=1e-6)
    assert line.y == pytest.approx(found.attention.voice_focus[0, 3:, 0], abs=1e-6)


def test_a_single_word_has_a_band_as_well():
    (band,), _, _ = focus_traces(draw(with_focus(analysis(words=("네",)), layers=1)))
    assert max(band.y) - min(band.y) == 1


def test_no_focus_no_curve():
    figure = draw(analysis())
    assert not [trace for trace in figure.data if trace.yaxis == "y6"]
    assert figures.focus_curves(analysis().attention) is None


FOUR = ("neutral", "happy", "angry", "sad")
EIGHT = (*LABELS, "calm")


@pytest.mark.parametrize("labels", [FOUR, EIGHT])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_figures_show_the_labels_that_the_model_has(labels, language):
    whole = analysis()
    shares = {
        label: (index + 1) / sum(range(len(labels) + 1)) for index, label in enumerate(labels)
    }
    said = Prediction(shares, 0.1, 0.2)
    found = replace(whole, prediction=said, alone=dict.fromkeys(("voice", "words"), said))
    bars = figures.bars(found, language)
    names = [name.strip() for name in bars.layout.yaxis.ticktext]
    assert names == [figures.name(label, language) for label in reversed(labels)]
    for figure in (figures.plane(found, language), figures.plane(None, language, labels)):
        assert set(figure.data[0].text) == set(names)
    assert figures.name(labels[-1], language) in figures.confidence(said, language)
    assert figures.agreement(found, language)


@pytest.mark.parametrize("label", BY_NAME)
def test_every_label_that_a_model_may_have_can_be_said_to_be_felt(label):
    other = "sad" if label != "sad" else "happy"
    theirs = Prediction({other: 0.9, label: 0.1}, 0.0, 0.0)
    mine = Prediction({label: 0.9, other: 0.1}, 0.0, 0.0)
    for language, (words, voice) in itertools.product(
        ("ko", "en"), ((mine, theirs), (theirs, mine))
    ):
        found = replace(analysis(), alone={"voice": voice, "words": words})
        assert "is not" in figures.agreement(found, "en")
        assert figures.agreement(found, language)


def test_the_body_alone_is_marked_beside_the_others():
    whole = analysis()
    alone = {**whole.alone, "body": prediction("fear")}
    found = replace(whole, alone=alone, sides=("voice", "words", "body"))
    assert len(figures.bars(found).data) == 4
    named = {trace.name for trace in figures.plane(found).data if trace.name}
    assert named == {"together", "voice", "words", "body"}
    only = replace(words_alone(), alone={"body": alone["body"]}, sides=("body",), transcript=None)
    assert figures.agreement(only).startswith("Only the signals of the body")
