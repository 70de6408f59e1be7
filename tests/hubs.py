"""A hub on this machine, of one folder, for the hub's real client."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

COMMIT = "0123456789" * 4


@contextmanager
def hub(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Serves a folder as the only model of a hub; its address, and the files asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            path = folder / self.path.partition(f"/resolve/{COMMIT}/")[2]
            if not path.is_file():
                return self._say(404, b"", "")
            content = path.read_bytes()
            self._say(200, content, sha1(content).hexdigest())

        def do_GET(self) -> None:
            if "/api/models/" not in self.path:
                asked.append(self.path.partition(f"/resolve/{COMMIT}/")[2])
                return self.do_HEAD()
            facts: object = {"id": "somebody/model", "sha": COMMIT, "siblings": []}
            if "/tree/" in self.path:
                facts = [
                    {"type": "file", "path": path.relative_to(folder).as_posix(),
                     "size": path.stat().st_size, "oid": sha1(path.read_bytes()).hexdigest()}
                    for path in sorted(folder.rglob("*")) if path.is_file()
                ]  # fmt: skip
            self._say(200, json.dumps(facts).encode(), "")

        def _say(self, code: int, content: bytes, tag: str) -> None:
            self.send_response(code)
            headers = {"Content-Length": len(content), "X-Repo-Commit": COMMIT, "ETag": f'"{tag}"'}
            for name, value in headers.items():
                self.send_header(name, str(value))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
