"""What may come in: nothing but what the page itself sends."""

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request

import pytest

from emotion.ui.desk import EXAMPLES

pytestmark = pytest.mark.browser


def answer(address, data=None, headers=None):
    request = urllib.request.Request(address, data, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as reply:
            return reply.status, reply.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def send(address, content):
    return answer(address, json.dumps(content).encode(), {"Content-Type": "application/json"})


def test_nobody_gets_around_the_queue(app):
    config = json.loads(answer(app + "config")[1])
    functions = [function for function in config["dependencies"] if function["backend_fn"]]
    assert len(functions) > 5
    ways = ["run/predict", "api/predict", "call/predict", "call/v2/predict"]
    for function in functions:
        assert function["queue"] is not False
        body = {"data": [None] * len(function["inputs"]), "fn_index": function["id"]}
        for way in [*ways, f"run/{function['api_name']}", f"call/{function['api_name']}"]:
            code, text = send(app + "gradio_api/" + way, body)
            assert code == 404, (way, function["id"], text)


@pytest.mark.parametrize("door", ["process_recording", "vibe-edit", "component_server"])
def test_the_doors_that_the_page_does_not_use_are_shut(app, door):
    assert send(app + "gradio_api/" + door, {})[0] == 404


def test_of_the_examples_only_the_clips_are_served(app):
    place = app + "gradio_api/file=" + str(EXAMPLES)
    assert answer(f"{place}/ko-glad.ogg")[0] == 200
    assert answer(f"{place}/make.py")[0] == 403
    assert answer(f"{place}/examples.json")[0] == 403


@pytest.mark.parametrize("kind", ["audio", "file"])
def test_an_address_is_not_fetched_in_place_of_an_upload(app, served, kind):
    config = json.loads(answer(app + "config")[1])
    kinds = {part["id"]: part["type"] for part in config["components"]}
    listen = next(
        function
        for function in config["dependencies"]
        if [kinds[part] for part in function["inputs"]] == ["state", kind]
    )
    address = "http://example.com/voice.wav"
    sound = {"path": address, "url": address, "meta": {"_type": "gradio.FileData"}}
    body = {"data": [None, sound], "fn_index": listen["id"], "session_hash": f"stranger{kind}"}
    assert send(app + "gradio_api/queue/join", body)[0] == 200
    _, events = answer(app + "gradio_api/queue/data?session_hash=stranger" + kind)
    assert '"success":false' in events
    assert "Only uploads are taken." in events


def test_an_upload_that_is_too_large_is_refused(app):
    body = b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.wav"\r\n\r\n'
    body += bytes(201 * 2**20) + b"\r\n--x--\r\n"
    code, _ = answer(
        app + "gradio_api/upload", body, {"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert code == 413


@pytest.mark.parametrize("path", ["/etc/passwd", "app.py", "assets/../app.py", "tests/conftest.py"])
def test_no_other_file_is_served(app, path):
    assert answer(app + "gradio_api/file=" + path)[0] in (403, 404)


@pytest.mark.parametrize(
    "path", ["monitoring", "gradio_api/runs", "gradio_api/mcp/sse", "gradio_api/mcp/messages"]
)
def test_nothing_is_offered_that_nobody_needs(app, path):
    code, text = answer(app + path)
    assert code in (403, 404), text


def test_a_tool_is_not_sent_more_than_memory_holds(app):
    # Its length alone is said: who is refused at once may find the door shut while still sending.
    door = http.client.HTTPConnection(urllib.parse.urlsplit(app).netloc, timeout=30)
    door.putrequest("POST", "/gradio_api/mcp/")
    door.putheader("Content-Type", "application/json")
    door.putheader("Content-Length", "50000001")
    door.endheaders()
    assert door.getresponse().status == 413
    door.close()
