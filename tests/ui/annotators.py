"""Annotators without a browser: what the page would send, and what it is answered."""

import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

import httpx

from emotion.ui.review.scripts import PRESS

PATIENCE = 120  # seconds that a busy machine may need to answer
CLIP, SAID = re.compile(r"data-clip='([^']*)'"), re.compile(r"data-said='1'")


class Annotator:
    """Somebody at the desk of a running app.

    Attributes:
        clip: What lies before them; None where nothing does.
        message: What they were told last.
    """

    def __init__(self, address: str, name: str = "", password: str = "") -> None:
        self.http = httpx.Client(base_url=address, timeout=PATIENCE)
        if name:
            self.http.post(
                "login", data={"username": name, "password": password}
            ).raise_for_status()
        config = self.http.get("config").raise_for_status().json()
        self._session = secrets.token_hex(8)
        self._names = {
            part["id"]: part["props"].get("elem_id") or "" for part in config["components"]
        }
        self._values = {
            self._names[part["id"]]: part["props"].get("value") for part in config["components"]
        }
        self._events = {
            (self._names.get(target, ""), event): each
            for each in config["dependencies"]
            for target, event in each["targets"]
            if each["backend_fn"]
        }
        self.clip: str | None = None
        self.message = ""
        self._arrive(config["dependencies"])

    def _arrive(self, events: list[dict[str, Any]]) -> None:
        """What the page asks for as it opens: the projects that may be chosen."""
        self._values["language"] = "en"
        for event in events:
            parts = {self._names.get(each, "") for each in event["outputs"]}
            if event["targets"][0][1] == "load" and "review_project" in parts:
                self._ask(event)

    def open(self, project: str, **way: object) -> None:
        """Chooses a project, and how to go through it."""
        self._values |= {f"review_{name}": value for name, value in way.items()}
        self._values["review_project"] = project
        self.do("project", "input")

    def decide(self, what: str, labels: tuple[str, ...] = (), note: str = "", **given: Any) -> None:
        """Presses a button about the clip that is seen."""
        seen = {"what": what, "clip": self.clip, "place": None, "labels": list(labels)}
        pressed = {"data": [None, seen | {"note": note} | given, "en"]}
        address = f"gradio_api/run/{PRESS}"
        answer = self.http.post(address, json=pressed | {"session_hash": self._session})
        _, turn = answer.raise_for_status().json()["data"]
        self._see(turn)

    def do(self, name: str, event: str = "click") -> dict[str, Any]:
        """Has an event of a component of the tab happen, and gives what has changed.

        Raises:
            httpx.HTTPError: The app is gone.
        """
        found = self._ask(self._events[f"review_{name}", event])
        self._see(found.get("review_turn"))
        return found

    def past_the_queue(self, name: str) -> int:
        """Asks for an event by the address of decisions; the answer's status."""
        asked = {"data": [], "fn_index": self._events[f"review_{name}", "click"]["id"]}
        return self.http.post(f"gradio_api/run/{PRESS}", json=asked).status_code

    def _see(self, turn: dict[str, Any] | None) -> None:
        pieces = (turn or {}).get("pieces", {})
        if "sight" in pieces:
            self.clip = match[1] if (match := CLIP.search(pieces["sight"])) else None
        self.message = pieces.get("message", self.message)

    def _ask(self, event: Mapping[str, Any]) -> dict[str, Any]:
        data = [self._values.get(self._names[each]) for each in event["inputs"]]
        asked = {"data": data, "fn_index": event["id"], "session_hash": self._session}
        joined = self.http.post("gradio_api/queue/join", json=asked).raise_for_status().json()
        where = {"session_hash": self._session}
        with self.http.stream("GET", "gradio_api/queue/data", params=where) as lines:
            for line in lines.iter_lines():
                told = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                done = told.get("msg") == "process_completed"
                if done and told["event_id"] == joined["event_id"]:
                    assert told["success"], told
                    return self._found(event, told["output"]["data"])
        raise httpx.RemoteProtocolError("The app has not answered.")

    def _found(self, event: Mapping[str, Any], data: list[Any]) -> dict[str, Any]:
        named = (self._names.get(each, "") for each in event["outputs"])
        return dict(zip(named, data, strict=True))
