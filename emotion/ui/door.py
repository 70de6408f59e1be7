"""What may come in: Gradio opens more doors than this page uses, and they are kept shut."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import gradio as gr
from gradio.blocks import Block, BlockFunction
from gradio.data_classes import FileData, ListFiles
from gradio.utils import get_upload_folder
from gradio_client.utils import is_http_url_like
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from emotion.review.users import Users
from emotion.ui.review.scripts import PRESS

# All that the page itself posts to. Gradio has further ones, some of which work on what they are
# sent at once, past the queue and its limits.
POSTS = ("/queue/join", "/upload", "/cancel", "/reset")
# What is being recorded, of somebody whose turn in the queue it already is.
STREAMS = re.compile(r"/stream/[0-9a-f]{32}(/close)?$")
# What an MCP client posts to. Its older way, by two addresses, is shut.
TOOLS, OLD_TOOLS = "/gradio_api/mcp", ("/gradio_api/mcp/sse", "/gradio_api/mcp/messages")
LARGEST_CALL = 50_000_000  # bytes of a tool's call, which is held whole: a clip within it as text
FILE = "/gradio_api/file="  # in the address of an upload


class Door:
    """Refuses whatever is sent to an address that the page does not use."""

    def __init__(self, app: ASGIApp, login: bool = False, desk: bool = False) -> None:
        """Stands before an app.

        Args:
            app: The app.
            login: Whether visitors have to log in.
            desk: Whether there is a desk, where decisions go past the queue.
        """
        self.app = app
        self.posts = (*POSTS, *["/login"] * login, *[f"/run/{PRESS}"] * desk)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers that there is nothing."""
        sends = scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS")
        path = scope.get("path", "").rstrip("/")
        if sends and path.endswith(TOOLS) and not _fits(scope):
            await PlainTextResponse("That is too large.", 413)(scope, receive, send)
        elif path.endswith(OLD_TOOLS) or (sends and not self._used(path)):
            await PlainTextResponse("This page does not use that.", 404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _used(self, path: str) -> bool:
        return path.endswith((*self.posts, TOOLS)) or bool(STREAMS.search(path))


def _fits(scope: Scope) -> bool:
    """Whether a request says how large it is, and may be that large."""
    said = dict(scope["headers"]).get(b"content-length", b"")
    return said.isdigit() and int(said) <= LARGEST_CALL


def asked(users: Users) -> Callable[[str, str], Awaitable[bool]]:
    """Whether somebody may come in; a guess is hashed beside what the page does meanwhile."""

    async def right(name: str, password: str) -> bool:
        return await asyncio.to_thread(users.right, name, password)

    return right


def take_uploads_only() -> None:
    """Refuses an address where an upload belongs: Gradio would fetch it, whatever its size."""
    for kind in (gr.Audio, gr.File):
        setattr(kind, Block.async_move_resource_to_block_cache.__name__, _move)


async def _move(part: Block, path: str | None) -> str | None:
    if path and is_http_url_like(str(path)):
        return _uploaded(str(path))
    return await Block.async_move_resource_to_block_cache(part, path)


def _uploaded(address: str) -> str:
    """The path of an upload that is named by the address it can be heard at."""
    path = Path(unquote(address.partition(FILE)[2])).resolve()
    if path.is_file() and Path(get_upload_folder()).resolve() in path.parents:
        return str(path)
    raise gr.Error("Only uploads are taken.", print_exception=False)


def say_what_does_not_fit() -> None:
    """Answers a program that gives something of another kind with a sentence, as all else."""
    setattr(gr.Blocks, _READ.__name__, _read)


_READ = gr.Blocks.preprocess_data


async def _read(page: gr.Blocks, asked: BlockFunction, *given: Any, **how: Any) -> Any:  # noqa: ANN401 - Gradio's own
    try:
        return await _READ(page, asked, *given, **how)
    except gr.Error as said:
        said.print_exception = False  # for who asks, and no fault of the page's
        raise
    except Exception as error:
        if asked.api_visibility != "public":
            raise
        sentence = (
            f"What /{asked.api_name} was given is not of the kinds that it takes: a file as "
            "handle_file(path), a number as a number. See view_api()."
        )
        raise gr.Error(sentence, print_exception=False) from error


def take_paths_only() -> None:
    """Hands over a file's path alone: Gradio leaves an empty file of another name at each look."""
    setattr(gr.File, gr.File.preprocess.__name__, _path)


def _path(part: gr.File, payload: ListFiles | FileData | None) -> str | list[str] | None:
    if isinstance(payload, ListFiles):
        return [file.path for file in payload.root]
    return payload.path if payload else None
