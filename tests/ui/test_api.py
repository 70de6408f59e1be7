"""What programs may ask the real app for: by Gradio's client, and by an MCP client."""

import asyncio
import base64
import csv
import json
import runpy
import threading
import zipfile

import gradio as gr
import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.labels import LABELS
from emotion.transcribe import Transcriber
from emotion.ui.api import Api
from emotion.ui.offer import offer
from tests.conftest import voice, write_wav
from tests.test_biosignals import heart
from tests.ui import driving

NAMES = {"/analyze", "/occlude", "/whatif", "/compare", "/timeline", "/score", "/body"}
FILES = {"audio", "recording", "manifest", "signals"}


@pytest.fixture(scope="module")
def app(tmp_path_factory, small_checkpoint, classifier):
    """The real app around a small model, for programs alone: no browser is needed."""
    folder = tmp_path_factory.mktemp("programs")
    settings = {"EMOTION_CHECKPOINT": str(small_checkpoint), "EMOTION_WHISPER": driving.whisper()}
    settings["EMOTION_COMPARE"] = f"{classifier} somewhere-else"
    with driving.served(folder, **settings) as address:
        yield address


@pytest.fixture(scope="module")
def client(app):
    return Client(app, verbose=False, analytics_enabled=False, httpx_kwargs={"timeout": 600})


@pytest.fixture
def clip(tmp_path):
    return write_wav(tmp_path / "나의 목소리.wav", voice(1.0))


@pytest.fixture
def bundle(tmp_path, clip):
    """A zip of a table, its clips, and a way out of it."""
    rows = [
        {"id": "1", "audio": "clips/하나.wav", "text": "너무 행복해"},
        {"id": "2", "audio": "", "text": "leave me alone"},
        {"id": "3", "audio": str(clip), "text": ""},
        {"id": "4", "audio": "../../../../../../etc/passwd", "text": ""},
    ]
    with (tmp_path / "m.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ["id", "audio", "text"])
        table.writeheader()
        table.writerows(rows)
    with zipfile.ZipFile(tmp_path / "batch.zip", "w") as made:
        made.write(tmp_path / "m.csv", "batch/m.csv")
        made.write(clip, "batch/clips/하나.wav")
        made.writestr("__MACOSX/batch/._m.csv", b"a system's own")
    return tmp_path / "batch.zip"


def sums_to_one(said):
    return set(said["probabilities"]) == set(LABELS) and sum(
        said["probabilities"].values()
    ) == pytest.approx(1, abs=1e-4)


def test_a_program_sees_the_names_with_their_types_and_no_event_of_the_page(client):
    offered = client.view_api(return_format="dict", print_info=False)
    assert offered["unnamed_endpoints"] == {}
    assert set(offered["named_endpoints"]) == NAMES
    for endpoint in offered["named_endpoints"].values():
        assert len(endpoint["description"]) > 30
        for each in endpoint["parameters"]:
            assert len(each["python_type"]["description"]) > 10, each["parameter_name"]
    types = {
        each["parameter_name"]: each["python_type"]["type"]
        for each in offered["named_endpoints"]["/analyze"]["parameters"]
    }
    assert types["words"] == "bool"
    assert types["text"] == "str"
    assert types["language"] == "Literal['auto', 'ko', 'en']"


def test_a_clip_with_words_a_clip_alone_and_words_alone_are_analyzed(client, clip):
    both = client.predict(handle_file(clip), text="너무 행복해", api_name="/analyze")
    assert set(both["alone"]) == {"voice", "words"}
    assert both["attention"]["words"] == ["너무", "행복해"]
    alone = client.predict(handle_file(clip), words=False, api_name="/analyze")
    assert (set(alone["alone"]), alone["transcript"]) == ({"voice"}, None)
    men = client.predict(handle_file(clip), words=False, against="male", api_name="/analyze")
    assert men["cues"]["reference"]["kind"] == "male"
    assert (men["cues"]["reference"]["guessed"], men["label"]) == (False, alone["label"])
    words = client.predict(text="leave me alone", api_name="/analyze")
    assert set(words["alone"]) == {"words"}
    assert all(sums_to_one(said) for said in (both, alone, words))


def test_what_is_lost_without_each_word_is_told(client, clip):
    found = client.predict(handle_file(clip), text="너무 행복해", api_name="/occlude")
    lost = found["occlusion"]
    assert [word["text"] for word in lost["words"]] == ["너무", "행복해"]
    assert [moment["start"] for moment in lost["moments"]] == [0.0, 0.25, 0.5, 0.75]
    assert lost["label"] == found["label"]
    assert any(part["lost"] != 0 for part in [*lost["words"], *lost["moments"]])


def test_what_would_be_felt_with_something_changed_is_told(client, clip):
    given = {"text": "너무 행복해", "instead": "너무 화나", "pitch": 3}
    found = client.predict(handle_file(clip), **given, api_name="/whatif")
    assert found["changes"]["pitch"] == 3
    assert found["after"]["alone"]["voice"] != found["before"]["alone"]["voice"]
    assert sum(found["difference"][label] for label in LABELS) == pytest.approx(0, abs=1e-4)
    assert any(found["difference"].values())
    silent = {"mute_end": 10, "api_name": "/whatif"}
    assert client.predict(handle_file(clip), **silent)["after"]["notice"]


def test_models_are_compared_and_one_that_is_not_there_stops_no_other(client, clip):
    found = client.predict(handle_file(clip), models=None, words=False, api_name="/compare")
    mine, other = found["models"]
    assert sums_to_one(mine)
    assert set(other["probabilities"]) == {"neutral", "happy", "angry", "other"}
    assert found["failed"].keys() == {"somewhere-else"}
    assert (
        found["apart"][0]["models"]
        == [mine["model"], other["model"]]
        == [mine["model"], "four-emotions"]
    )


def test_variables_say_what_may_be_compared_where_there_are_no_arguments(
    monkeypatch, small_checkpoint
):
    """As in a Space, which starts app.py without any."""
    given = {"CHECKPOINT": str(small_checkpoint), "ANY_OF_THE_HUB": "1", "GIGABYTES": "0.5"}
    for name, value in given.items():
        monkeypatch.setenv(f"EMOTION_{name}", value)
    monkeypatch.delenv("GRADIO_SERVER_PORT", raising=False)
    beside = runpy.run_path(str(driving.ROOT / "app.py"), run_name="space")["beside"]
    assert beside.any_of_the_hub
    assert beside.shelf.limit == 500_000_000
    monkeypatch.setenv("EMOTION_ANY_OF_THE_HUB", "0")
    closed = runpy.run_path(str(driving.ROOT / "app.py"), run_name="space")["beside"]
    assert not closed.any_of_the_hub


def test_a_long_recording_is_told_of_stretch_by_stretch(client, clips):
    given = {"words": False, "formats": ["srt", "TextGrid"], "api_name": "/timeline"}
    told = list(client.submit(handle_file(clips["ko_happy"]), **given))
    assert told[-1]["whole"]
    spoken = told[-1]["utterances"]
    assert spoken
    assert all(0 <= one["start"] < one["end"] <= told[-1]["seconds"] for one in spoken)
    assert told[-1]["files"].keys() == {"srt", "TextGrid"}
    assert told[-1]["files"]["srt"].count(" --> ") == len(spoken)
    assert told[-1]["files"]["TextGrid"].startswith("File type")
    given |= {"formats": None}  # as who names every argument leaves one out
    assert client.predict(handle_file(clips["ko_happy"]), **given)["files"] == {}


class Patient(Transcriber):
    """Hears nothing before it is allowed to."""

    def __init__(self):
        super().__init__()
        self.asked, self.allowed = threading.Event(), threading.Event()

    def transcribe(self, clip, regions, language=None):
        self.asked.set()
        assert self.allowed.wait(600)
        raise BadInput("no_speech")


def test_who_cancels_waits_for_no_stretch_to_be_heard(small_checkpoint, clips):
    heard = Patient()
    slow = Analyzer.load(small_checkpoint, device="cpu", transcriber=heard)
    with gr.Blocks():
        api = Api(slow, offer(slow))

    async def cancelled():
        hearing = asyncio.ensure_future(anext(api.timeline(str(clips["ko_happy"]))))
        assert await asyncio.to_thread(heard.asked.wait, 600)
        hearing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hearing
        heard.allowed.set()

    asyncio.run(cancelled())


def test_a_zip_is_scored_and_no_row_leads_out_of_it(client, bundle):
    found = client.predict(handle_file(bundle), api_name="/score")
    assert (found["rows"], found["failed"]) == (4, 2)
    first, second, away, up = found["results"]
    assert (first["id"], first["error"]) == ("1", None)
    assert (away["notice"], up["notice"]) == (None, None)
    assert sum(first[f"p_{label}"] for label in LABELS) == pytest.approx(1, abs=1e-4)
    assert second["predicted"] in LABELS
    assert away["error"] == "나의 목소리.wav does not exist. Check the path."
    assert up["error"] == "passwd does not exist. Check the path."
    assert away["p_happy"] is None


def test_while_voices_become_known_a_program_is_told_so(clips, tmp_path):
    knowing = Analyzer.load(device="cpu")
    with gr.Blocks():
        api = Api(knowing, offer(knowing))
    clip, told = next(iter(clips.values())), []
    with zipfile.ZipFile(tmp_path / "rows.zip", "w") as zipped:
        zipped.write(clip, clip.name)
        zipped.writestr("rows.csv", f"audio,speaker\n{clip.name},kim\n{clip.name},\n")
    api.score(str(tmp_path / "rows.zip"), progress=lambda *far, **more: told.append((*far, more)))
    assert told == [
        ((1, 1), {"desc": "Getting to know voices", "unit": "clips"}),
        ((2, 2), {"unit": "rows"}),
    ]


def test_a_table_of_texts_is_scored_as_it_is(client, tmp_path):
    table = tmp_path / "texts.csv"
    table.write_text("text,audio\n너무 행복해,\n,app.py\n", encoding="utf-8")
    job = client.submit(handle_file(table), api_name="/score")
    found = job.result()
    assert [bool(row["error"]) for row in found["results"]] == [False, True]
    assert found["notices"] == []


def test_what_holds_for_all_rows_is_told_once(client, tmp_path):
    with zipfile.ZipFile(tmp_path / "rows.zip", "w") as zipped:
        beats = [f"{n / 50},{n % 40 == 0:d}" for n in range(500)]
        zipped.writestr("b/ecg.txt", "\n".join(["time,ecg", *beats]))
        zipped.writestr("rows.csv", "text,body\nhello,b/ecg.txt\nhello,b/ecg.txt\n")
    found = client.predict(handle_file(tmp_path / "rows.zip"), api_name="/score")
    assert found["failed"] == 0
    [said] = found["notices"]
    assert said.startswith("This model takes no signals of the body")


def test_a_body_is_measured_beside_a_voice(client, clip, tmp_path):
    table = tmp_path / "body.csv"
    rows = [f"{n / 250},{beat:.4f},{33 + n / 2500}" for n, beat in enumerate(heart([0.8, 0.8]))]
    table.write_text("t,심전도,HEAT\n" + "\n".join(rows), encoding="utf-8")
    given = {"columns": "temperature=HEAT", "offset": 1.0, "api_name": "/body"}
    found = client.predict(handle_file(table), handle_file(clip), **given)
    assert found["signals"]["ecg"] == {
        "column": "심전도",
        "rate": 250,
        "start": 0,
        "seconds": 0.996,
    }
    assert found["beats"] == pytest.approx([0.4], abs=0.02)
    assert found["features"]["temperature_slope"] == pytest.approx(0.1, rel=1e-3)
    assert found["analysis"] is None
    assert "takes no signals of the body" in found["notices"][0]
    # What is not told may be left empty in either way.
    same = client.predict(handle_file(table), rates=None, segment=None, unit=None, **given)
    assert same["signals"]["ecg"]["column"] == "심전도"


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("/body", {"signals": "text.csv"}, "names no ECG, EDA"),
        ("/analyze", {}, "There is nothing to read"),
        ("/analyze", {"text": "so " * 1000}, "has [23],[09]+ letters, and up to 2,000 are read"),
        ("/compare", {"text": "so " * 1000}, "has [23],[09]+ letters, and up to 2,000 are read"),
        ("/whatif", {"text": "so", "instead": "so " * 1000}, "up to 2,000 are read"),
        ("/analyze", {"language": "xx", "text": "a"}, "xx"),
        ("/analyze", {"audio": "text.csv"}, "a file as handle_file"),
        ("/whatif", {"text": "a", "pitch": "abc"}, "a number as a number"),
        ("/whatif", {"text": "a", "pitch": None}, "a number as a number"),
        ("/whatif", {"text": "a", "pitch": 2}, "There is no voice"),
        ("/compare", {"text": "a", "hub": "somebody/some-model"}, "is not offered here"),
        ("/timeline", {"recording": "text.csv"}, "is not an audio or video file"),
        ("/score", {"manifest": "text.csv"}, "names neither a column audio nor a column text"),
        ("/score", {"manifest": "cut.zip"}, "cut.zip cannot be unpacked"),
        ("/score", {"manifest": "false.zip"}, "false.zip cannot be unpacked: it is no zip"),
        ("/score", {"manifest": "nothing.zip"}, "nothing.zip cannot be unpacked: it is empty"),
        ("/body", {"signals": "false.zip"}, "false.zip cannot be unpacked: it is no zip"),
        ("/body", {"signals": "head.csv"}, "head.csv is no recording: it has fewer than two rows"),
    ],
)
def test_what_is_wrong_is_one_sentence(client, tmp_path, bundle, name, given, said):
    (tmp_path / "text.csv").write_text("a,b\n1,2\n")
    (tmp_path / "head.csv").write_text("time,ecg,eda\n")
    (tmp_path / "false.zip").write_text("a,b\n1,2\n")
    (tmp_path / "nothing.zip").write_bytes(b"")
    (tmp_path / "cut.zip").write_bytes(bundle.read_bytes().replace(b"PK\x03\x04", b"PK\x03\x00"))
    sent = {
        key: handle_file(tmp_path / value) if key in FILES and name != "/analyze" else value
        for key, value in given.items()
    }
    with pytest.raises(AppError, match=said) as refused:
        client.predict(**sent, api_name=name)
    assert "Traceback" not in str(refused.value)


@pytest.mark.parametrize("name", ["/analyze", "/occlude", "/timeline", "/score", "/body"])
@pytest.mark.parametrize("path", ["/etc/passwd", "http://127.0.0.1:9/voice.wav"])
def test_nothing_but_an_upload_is_read(app, name, path):
    if name in ("/occlude", "/score", "/body") and path.startswith("http"):
        return  # the same two components
    # What uploads the client's own files is left out, so that the server is asked for its own.
    stranger = Client(app, verbose=False, analytics_enabled=False, httpx_kwargs={"timeout": 600})
    endpoint = stranger.endpoints[stranger._infer_fn_index(name, None)]
    endpoint._upload_file = lambda f, data_index: f
    with pytest.raises(AppError):
        stranger.predict({"path": path, "meta": {"_type": "gradio.FileData"}}, api_name=name)


def with_tools(app, ask):
    """What an MCP client finds out with the app's tools."""

    async def go():
        async with (
            streamable_http_client(app + "gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await ask(session)

    return asyncio.run(go())


def told(answer):
    assert not answer.isError, answer.content
    return json.loads(answer.content[0].text)


def test_the_same_are_tools_that_say_what_they_take(app):
    listed = with_tools(app, lambda session: session.list_tools()).tools
    tools = {tool.name: tool for tool in listed}
    assert {f"/{name}" for name in tools} == NAMES
    for tool in tools.values():
        assert len(tool.description) > 60
        assert "upload_file_to_gradio" not in tool.description
        for name, kind in tool.inputSchema["properties"].items():
            assert kind["description"], (tool.name, name)
            assert "http" not in kind.get("format", "")
            if name in FILES:
                assert "data: address" in kind["description"], (tool.name, name)
    assert tools["analyze"].inputSchema["properties"]["language"]["enum"] == ["auto", "ko", "en"]
    assert "required" not in tools["analyze"].inputSchema


def test_tools_answer_in_json_for_words_and_for_a_clip_in_either_way(app, client, clip):
    held = f"data:audio/wav;base64,{base64.b64encode(clip.read_bytes()).decode()}"
    uploaded = client.predict(handle_file(clip), words=False, api_name="/analyze")
    path = client.endpoints[0]._upload_file(handle_file(clip), 0)["path"]
    address = f"{app}gradio_api/file={path}"

    async def ask(session):
        given = ({"text": "너무 행복해"}, *({"audio": a, "words": False} for a in (held, address)))
        return [told(await session.call_tool("analyze", each)) for each in given]

    words, sent, linked = with_tools(app, ask)
    assert words["transcript"]["text"] == "너무 행복해"
    assert words["attention"] is None
    assert sent["probabilities"] == linked["probabilities"] == uploaded["probabilities"]


def test_a_tool_tells_how_far_it_is_and_what_is_wrong(app, client, bundle):
    path = client.endpoints[0]._upload_file(handle_file(bundle), 0)["path"]
    steps = []

    async def heard(progress, total, message):
        steps.append(message)

    async def ask(session):
        table = {"manifest": f"{app}gradio_api/file={path}"}
        scored = await session.call_tool("score", table, progress_callback=heard)
        wrong = await session.call_tool("analyze", {})
        refused = await session.call_tool("analyze", {"audio": "http://127.0.0.1:9/a.wav"})
        broken = await session.call_tool("analyze", {"audio": "data:audio/wav;base64,!!!!"})
        return told(scored), wrong, refused, broken

    scored, wrong, refused, broken = with_tools(app, ask)
    assert broken.isError
    assert "This is no file. A file is given as" in broken.content[0].text
    assert (scored["rows"], scored["failed"]) == (4, 2)
    assert steps
    assert wrong.isError
    assert "There is nothing to read" in wrong.content[0].text
    assert refused.isError
    assert "Only uploads are taken." in refused.content[0].text
