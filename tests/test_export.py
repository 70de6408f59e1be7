"""Every file that a timeline is written as, read back by a program that is not ours."""

import csv
import io
import itertools
import json
from dataclasses import replace

import pympi
import pytest
import srt as subrip
import webvtt
from praatio import textgrid as praat
from textgrid import TextGrid

from emotion.__main__ import main
from emotion.analysis import Prediction
from emotion.errors import BadInput
from emotion.export import FORMATS, format_of, place
from emotion.labels import LABELS
from emotion.timeline import Spoken, Timeline
from emotion.transcript import Word
from tests.conftest import voice, write_wav


def felt(label, share=0.58):
    rest = (1 - share) / (len(LABELS) - 1)
    shares = {name: share if name == label else rest for name in LABELS}
    return Prediction(shares, -0.25, 0.5)


def words(*timed):
    return tuple(Word(*one) for one in timed)


@pytest.fixture
def timeline():
    """Four utterances: plain, with everything that needs care in it, without words, at the end."""
    hard = words(
        ('"너무"', 62.0, 62.4), ("<행복>", 62.4, 62.4), ("a&b", 62.4, 62.4), ("-->", 62.4, 64)
    )
    spoken = [
        Spoken(0.5, 2.25, words(("I", 0.5, 0.7), ("am", 0.9, 1.1)), "en", felt("happy")),
        Spoken(62.0, 64.0, hard, "ko", felt("angry", 0.911)),
        Spoken(64.0, 64.5, (), "", felt("neutral")),
        Spoken(3661.0, 3662.0, words(("끝\n에", 3661.2, 3661.9)), "ko", felt("sad")),
    ]
    return Timeline("회의 1.mp3", "default", LABELS, 3662.0, 1.0, spoken, [], True)


SPANS = [(0.5, 2.25), (62.0, 64.0), (64.0, 64.5), (3661.0, 3662.0)]
TEXTS = ["I am", '"너무" <행복> a&b -->', "", "끝 에"]
FELT = ["happy", "angry", "neutral", "sad"]


def written(timeline, tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    path.write_text(FORMATS[ending](timeline), encoding="utf-8", newline="")
    return path


def test_csv_holds_every_value(timeline):
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](timeline))))
    assert [(float(row["start"]), float(row["end"])) for row in rows] == SPANS
    assert [row["predicted"] for row in rows] == FELT
    assert rows[1]["text"] == TEXTS[1]
    assert float(rows[1]["p_angry"]) == float(rows[1]["confidence"]) == 0.911
    assert sum(float(rows[0][f"p_{label}"]) for label in LABELS) == pytest.approx(1, abs=1e-5)
    assert (float(rows[0]["valence"]), float(rows[0]["arousal"])) == (-0.25, 0.5)


def test_json_holds_every_value_and_word(timeline):
    timeline.notices.append(BadInput("damaged_recording", name="a.mp3"))
    found = json.loads(FORMATS["json"](timeline))
    assert (found["source"], found["seconds"], found["whole"]) == ("회의 1.mp3", 3662.0, True)
    assert "a.mp3 are damaged" in found["notices"][0]
    assert found["labels"] == list(LABELS)
    one = found["utterances"][0]
    assert one["words"] == [
        {"text": "I", "start": 0.5, "end": 0.7},
        {"text": "am", "start": 0.9, "end": 1.1},
    ]
    assert (one["predicted"], one["language"], one["valence"]) == ("happy", "en", -0.25)


def test_subrip_is_read_by_a_reader_of_subrip(timeline):
    cues = list(subrip.parse(FORMATS["srt"](timeline)))
    assert [(cue.start.total_seconds(), cue.end.total_seconds()) for cue in cues] == SPANS
    assert [cue.index for cue in cues] == [1, 2, 3, 4]
    assert cues[0].content == "[happy 58%] I am"
    assert cues[1].content == f"[angry 91%] {TEXTS[1]}"
    assert cues[2].content == "[neutral 58%]"


def test_webvtt_is_read_by_a_reader_of_webvtt(timeline, tmp_path):
    read = webvtt.read(str(written(timeline, tmp_path, "vtt")))
    assert [(cue.start, cue.end) for cue in read.captions] == [
        ("00:00:00.500", "00:00:02.250"),
        ("00:01:02.000", "00:01:04.000"),
        ("00:01:04.000", "00:01:04.500"),
        ("01:01:01.000", "01:01:02.000"),
    ]
    assert read.captions[0].text == "[happy 58%] I am"
    assert read.captions[1].raw_text == (
        '<c.angry>[angry 91%]</c> "너무" &lt;행복&gt; a&amp;b --&gt;'
    )
    assert "::cue(.happy)" in read.styles[0].text


def test_praat_is_read_by_two_readers_of_textgrids(timeline, tmp_path):
    path = written(timeline, tmp_path, "TextGrid")
    grid = praat.openTextgrid(str(path), includeEmptyIntervals=False, reportingMode="error")
    assert grid.tierNames == ("utterance", "word", "emotion", "confidence", "valence", "arousal")
    assert [(one.start, one.end, one.label) for one in grid.getTier("emotion").entries] == [
        (*span, label) for span, label in zip(SPANS, FELT, strict=True)
    ]
    said = grid.getTier("utterance").entries
    assert [one.label for one in said] == [text for text in TEXTS if text]
    spoken = grid.getTier("word").entries
    assert [one.label for one in spoken] == ["I", "am", '"너무"', "<행복>", "a&b", "-->", "끝 에"]
    assert all(one.end > one.start for one in spoken)
    assert [one.label for one in grid.getTier("valence").entries] == ["-0.250"] * 4
    other = TextGrid.fromFile(str(path))
    assert other.maxTime == 3662.0
    for tier in other:  # time has no holes
        assert tier[0].minTime == 0
        assert all(a.maxTime == b.minTime for a, b in itertools.pairwise(tier))
        assert tier[-1].maxTime == 3662.0


def test_elan_is_read_by_a_reader_of_elan_documents(timeline, tmp_path):
    document = pympi.Eaf(str(written(timeline, tmp_path, "eaf")))
    milliseconds = [(round(start * 1000), round(end * 1000)) for start, end in SPANS]
    said = sorted(document.get_annotation_data_for_tier("utterance"))
    assert [one[:3] for one in said] == [
        (*span, text) for span, text in zip(milliseconds, TEXTS, strict=True)
    ]
    feelings = sorted(document.get_ref_annotation_data_for_tier("emotion"))
    assert [one[2] for one in feelings] == FELT
    assert [one[:2] for one in feelings] == milliseconds
    assert [one[3] for one in feelings] == TEXTS  # each belongs to its utterance
    spoken = sorted(document.get_annotation_data_for_tier("word"))
    assert [one[2] for one in spoken] == ["I", "am", '"너무"', "<행복>", "a&b", "-->", "끝 에"]
    for start, end, *_ in spoken:
        assert end > start
        assert any(first <= start and end <= last for first, last in milliseconds)
    media = document.get_linked_files()[0]
    assert media["RELATIVE_MEDIA_URL"] == "./회의 1.mp3"
    assert media["MIME_TYPE"] == "audio/mpeg"
    assert document.get_parameters_for_tier("word")["PARENT_REF"] == "utterance"


@pytest.mark.parametrize("ending", FORMATS)
def test_nothing_heard_is_a_valid_file_too(tmp_path, ending):
    path = written(Timeline("silence.wav", "default", LABELS, 0.0), tmp_path, ending)
    text = path.read_text(encoding="utf-8")
    if ending == "TextGrid":
        assert len(praat.openTextgrid(str(path), includeEmptyIntervals=True).tierNames) == 6
    elif ending == "eaf":
        assert pympi.Eaf(str(path)).get_annotation_data_for_tier("utterance") == []
    elif ending == "vtt":
        assert len(webvtt.read(str(path)).captions) == 0
    elif ending == "srt":
        assert list(subrip.parse(text)) == []
    elif ending == "json":
        assert json.loads(text)["utterances"] == []
    else:
        assert len(text.splitlines()) == 1


def test_the_format_is_that_of_the_ending():
    assert format_of("a/b.textgrid") is FORMATS["TextGrid"]
    assert format_of("B.SRT") is FORMATS["srt"]
    with pytest.raises(BadInput, match=r"out\.docx ends in no format .* csv, json, srt, vtt"):
        format_of("out.docx")


def test_what_was_there_stays_until_the_new_file_is_whole(tmp_path):
    path = tmp_path / "out.csv"
    path.write_text("before")
    with pytest.raises(UnicodeEncodeError), place(path) as scratch:
        scratch.write_text("half of \udcff", encoding="utf-8")
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]
    assert path.read_text() == "before"
    with place(path) as scratch:
        scratch.write_text("after")
    assert path.read_text() == "after"
    for nowhere in (tmp_path, tmp_path / "no" / "out.csv"):
        with pytest.raises(BadInput), place(nowhere):
            pytest.fail("It would have listened for an hour first.")


# On the command line


@pytest.fixture
def run(small_checkpoint, monkeypatch):
    monkeypatch.setenv("EMOTION_WHISPER", "/nowhere/whisper.pt")

    def run(*arguments):
        return main(["timeline", *map(str, arguments), "--checkpoint", str(small_checkpoint)])

    return run


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    from tests.test_timeline import spoken

    samples, _ = spoken(0.5, "en_happy", 20.0, "ko_angry", 20.0, "en_angry", 0.5)
    return write_wav(tmp_path_factory.mktemp("recording") / "three.wav", samples)


def test_the_command_prints_each_utterance(run, recording, capsys):
    assert run(recording, "--no-words") == 0
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 3
    assert out.splitlines()[0].startswith("0:00.")
    assert err.splitlines() == ["3 utterances in 0:45"]


def test_the_command_does_not_write_over_the_recording(run, recording, capsys, tmp_path):
    named_so = tmp_path / "talk.csv"
    named_so.write_bytes(recording.read_bytes())
    assert run(named_so, "-o", named_so) == 2
    assert "it is the recording itself" in capsys.readouterr().err
    assert named_so.read_bytes() == recording.read_bytes()


def test_the_command_goes_on_without_words_and_writes_the_format_of_the_ending(
    run, recording, capsys, tmp_path
):
    assert run(recording, "-o", tmp_path / "out.eaf") == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "no speech recognizer called /nowhere/whisper.pt" in err
    document = pympi.Eaf(str(tmp_path / "out.eaf"))
    assert len(document.get_annotation_data_for_tier("utterance")) == 3


def test_a_table_opens_in_a_spreadsheet_as_text(run, recording, timeline, tmp_path):
    assert run(recording, "-o", tmp_path / "out.csv", "--no-words") == 0
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbfstart,end,text")
    timeline.spoken[0] = replace(timeline.spoken[0], words=words(("=1+1", 0.5, 0.7)))
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](timeline))))
    assert rows[0]["text"] == "'=1+1"


@pytest.mark.parametrize(
    ("audio", "output"),
    [("three.wav", "out.docx"), ("nowhere.wav", "out.csv"), ("three.wav", "no/out.csv")],
)
def test_what_cannot_be_done_is_one_line_and_leaves_no_file(
    run, recording, capsys, tmp_path, audio, output
):
    assert run(recording.with_name(audio), "-o", tmp_path / output, "--no-words") == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert list(tmp_path.iterdir()) == []


def test_what_was_heard_until_ctrl_c_is_written(run, recording, capsys, tmp_path, monkeypatch):
    from emotion import timeline

    follow = timeline.follow

    def interrupted(*arguments, **settings):
        yield next(follow(*arguments, **settings))
        raise KeyboardInterrupt

    monkeypatch.setattr(timeline, "follow", interrupted)
    assert run(recording, "-o", tmp_path / "out.json", "--no-words") == 130
    found = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert found["whole"] is False
    assert len(found["utterances"]) == 2
    assert "not heard to its end" in capsys.readouterr().err


def test_what_was_there_stays_where_nothing_was_heard_until_ctrl_c(
    run, recording, capsys, tmp_path, monkeypatch
):
    from emotion import timeline

    def interrupted(*arguments, **settings):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(timeline, "follow", interrupted)
    out = tmp_path / "out.eaf"
    out.write_text("an hour's work")
    assert run(recording, "-o", out, "--no-words") == 130
    assert out.read_text() == "an hour's work"
    said = capsys.readouterr().err
    assert said == f"Stopped before anything was heard: {out} was not written.\n"


def test_a_voice_without_speech_is_said(run, tmp_path, capsys):
    assert run(write_wav(tmp_path / "buzz.wav", 0.01 * voice(2.0)), "--no-words") == 0
    assert "Nobody speaks in buzz.wav" in capsys.readouterr().err
