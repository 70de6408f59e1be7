"""What all figures share: colours, letters, rows one above the other, and the words on them."""

from collections.abc import Sequence
from html import escape
from itertools import accumulate
from typing import Any

import plotly.graph_objects as go

from emotion.labels import BY_NAME

INK = "#747a85"  # text and marks: about as far from white as from black
LINE = "rgba(128,135,147,0.28)"
PAPER = "#ffffff"
GROUND = "rgba(128,135,147,0.07)"
ACCENT = "#139486"
TINT = "rgba(19,148,134,{})"  # the accent, for an opacity to be filled in
WARM = "#c4703d"  # what stands out from the accent
AFFECT_COLORS = {"valence": ACCENT, "arousal": WARM}
WARM_TINT = "rgba(196,112,61,{})"  # the same, for an opacity to be filled in
LONGEST_NAME = 9  # letters of a word beside its row; the whole word shows on hover
FONT = (
    "'IBM Plex Sans', Pretendard, 'Apple SD Gothic Neo', 'Noto Sans KR', 'Noto Sans CJK KR', "
    "'Malgun Gothic', NanumBarunGothic, NanumGothic, sans-serif"
)
Span = tuple[float, float]  # lower and upper end of a row, as shares of the figure

SAY = {
    "ko": {
        "together": "함께",
        "voice": "목소리",
        "words": "말",
        "body": "몸",
        "unpleasant": "불쾌",
        "pleasant": "유쾌",
        "calm": "차분",
        "excited": "흥분",
        "valence": "쾌·불쾌",
        "arousal": "각성",
        "wave": "파형 · 칠한 곳은 말소리",
        "pitch": "높낮이 (Hz)",
        "no_pitch": "높낮이 · 찾지 못함",
        "loudness": "크기 (dB)",
        "said": "말",
        "no_times": "말 · 언제 말했는지 알 수 없음",
        "no_clip": "목소리가 없어 그릴 것이 없습니다.",
        "words_to_voice": "낱말 하나가 각 순간에 준 눈길의 몫",
        "voice_to_words": "한 순간이 각 낱말에 준 눈길의 몫",
        "second": "초",
        "leans": "기우는 곳",
        "lost": "잃는 확률",
        "received": "받은 눈길",
        "moments": "0.25초를 없앨 때 잃는 확률",
        "moments_received": "그 순간이 받은 눈길",
        "course": "감정의 흐름 · 쌓은 확률",
        "confidence": "가장 그럴듯한 감정의 확률",
        "nobody": "아직 말소리가 없습니다.",
        "shares": "감정마다의 확률 · 빈 곳은 아무도 말하지 않은 때",
        "curves": "쾌·불쾌와 각성",
        "before": "원래",
        "after": "바꾸면",
        "other": "그 밖",
        "ecg": "심전도 · 박동을 찾지 못함",
        "ecg_marked": "심전도 · 동그라미는 R 봉우리 {n}개",
        "ecg_dense": "심전도 · R 봉우리 {n}개, 너무 촘촘해 하나씩 표시하지 않음",
        "eda": "피부전도 (µS)",
        "temperature": "피부 온도 (°C)",
        "ibi": "박동 사이의 시간 (초)",
    },
    "en": {
        "together": "together",
        "voice": "voice",
        "words": "words",
        "body": "body",
        "unpleasant": "unpleasant",
        "pleasant": "pleasant",
        "calm": "calm",
        "excited": "excited",
        "valence": "valence",
        "arousal": "arousal",
        "wave": "waveform · shaded where there is speech",
        "pitch": "pitch (Hz)",
        "no_pitch": "pitch · none found",
        "loudness": "loudness (dB)",
        "said": "words",
        "no_times": "words · nobody knows when they were said",
        "no_clip": "There is no voice to draw.",
        "words_to_voice": "share of a word's attention that a moment gets",
        "voice_to_words": "share of a moment's attention that a word gets",
        "second": " s",
        "leans": "leans to",
        "lost": "probability lost",
        "received": "attention received",
        "moments": "probability lost without a quarter second",
        "moments_received": "attention that this moment received",
        "course": "emotions over time · probabilities stacked",
        "confidence": "probability of the likeliest emotion",
        "nobody": "Nobody has spoken yet.",
        "shares": "probabilities · empty where nobody speaks",
        "curves": "valence and arousal",
        "before": "as it is",
        "after": "changed",
        "other": "other",
        "ecg": "ECG · no beats found",
        "ecg_marked": "ECG · circles are R peaks, {n} of them",
        "ecg_dense": "ECG · {n} R peaks, too close to mark each",
        "eda": "skin conductance (µS)",
        "temperature": "skin temperature (°C)",
        "ibi": "time between beats (s)",
    },
}


def name(label: str, language: str) -> str:
    """What an emotion is called on the page."""
    return BY_NAME[label].korean if language == "ko" else BY_NAME[label].english


def percent(share: float) -> str:
    """A share between 0 and 1 as people say it."""
    return "<1%" if 0 < share < 0.005 else f"{share:.0%}"


def signed(value: float) -> str:
    """A value between -1 and 1 with its sign; nothing has none."""
    return f"{value:+.2f}" if abs(value) >= 0.005 else "0.00"


def blank(height: int, **margin: int) -> go.Figure:
    """A figure with nothing on it yet, as wide as its place and `height` pixels high."""
    figure = go.Figure()
    figure.update_layout(
        template=None,
        height=height,
        margin=margin,
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor=GROUND,
        font={"family": FONT, "size": 12, "color": INK},
        dragmode=False,
        hoverlabel={"font": {"family": FONT, "size": 13}},
        legend={
            "orientation": "h", "xref": "container", "x": 0, "xanchor": "left",
            "yref": "container", "y": 1, "yanchor": "top", "font": {"size": 11},
        },
        xaxis=axis(),
        yaxis=axis(),
    )  # fmt: skip
    return figure


def sentence(text: str) -> go.Figure:
    """A figure that has only something to say."""
    figure = blank(80, l=0, r=0, t=0, b=0)
    figure.update_layout(xaxis_visible=False, yaxis_visible=False)
    figure.add_annotation(text=text, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False)
    return figure


def axis(**settings: object) -> dict[str, Any]:
    """An axis that stays where it is, so that a thumb can scroll over it."""
    lines = {"gridcolor": LINE, "zerolinecolor": LINE, "zeroline": False, "ticks": ""}
    return {**lines, "fixedrange": True, "tickfont": {"size": 11}, **settings}


def seconds_axis(language: str, **settings: object) -> dict[str, Any]:
    """An axis of seconds."""
    return axis(ticksuffix=SAY[language]["second"], nticks=7, **settings)


def words_axis(rows: Sequence[str], names: Sequence[str], span: Span) -> dict[str, Any]:
    """An axis of words, the first at the top."""
    return axis(
        domain=span,
        type="category",
        range=[len(rows) - 0.5, -0.5],
        tickvals=list(rows),
        ticktext=list(names),
        tickfont={"size": 12 if len(rows) <= 20 else 11},
        automargin=True,
        showgrid=False,
    )


def title(figure: go.Figure, text: str, top: float, x: float = 0) -> None:
    """Writes what a row shows, above its upper left corner."""
    figure.add_annotation(
        text=text, x=x, y=top, xref="paper", yref="paper", xanchor="left", yanchor="bottom",
        yshift=2, showarrow=False, font={"size": 12},
    )  # fmt: skip


def stack(heights: Sequence[int], gap: int) -> tuple[int, list[Span]]:
    """The pixels that rows need from the top down, and the share of them that each spans."""
    total = sum(heights) + gap * (len(heights) - 1)
    ends = list(accumulate(height + gap for height in heights))
    return total, [
        (1 - (end - gap) / total, 1 - (end - gap - height) / total)
        for end, height in zip(ends, heights, strict=True)
    ]


def words_height(n_words: int) -> int:
    """Pixels for a row a word: generous for a few, close for many."""
    return n_words * (30 if n_words <= 8 else 24 if n_words <= 20 else 18)


def as_rows(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """A row's key for each word, and what to print beside it.

    Plotly merges rows of one key, so a word that comes again carries invisible spaces.
    """
    seen: dict[str, int] = {}
    keys = []
    for word in words:
        seen[word] = seen.get(word, 0) + 1
        keys.append(escape(word, quote=False) + "\u200b" * (seen[word] - 1))
    short = [w if len(w) <= LONGEST_NAME else w[: LONGEST_NAME - 1] + "…" for w in words]
    return keys, [escape(word, quote=False) + " " for word in short]
