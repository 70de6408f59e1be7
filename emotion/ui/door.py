"""What may come in: Gradio opens more doors than this page uses, and they are kept shut."""

import re

import gradio as gr
from gradio.blocks import Block
from gradio.data_classes import FileData, ListFiles
from gradio_client.utils import is_http_url_like
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

# All that the page itself posts to. Gradio has further ones, some of which work on what they are
# sent at once, past the queue and its limits.
POSTS = ("/queue/join", "/upload", "/cancel", "/reset")
# What is being recorded, of somebody whose turn in the queue it already is.
STREAMS = re.compile(r"/stream/[0-9a-f]{32}(/close)?$")


class Door:
    """Refuses whatever is sent to an address that the page does not use."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lets a request through, or answers that there is nothing."""
        sends = scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS")
        path = scope["path"].rstrip("/")
        if sends and not (path.endswith(POSTS) or STREAMS.search(path)):
            await PlainTextResponse("This page does not use that.", 404)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


def take_uploads_only() -> None:
    """Refuses an address where an upload belongs: Gradio would fetch it, whatever its size."""
    for kind in (gr.Audio, gr.File):
        setattr(kind, Block.async_move_resource_to_block_cache.__name__, _move)


async def _move(part: Block, path: str | None) -> str | None:
    if path and is_http_url_like(str(path)):
        raise gr.Error("Only uploads are taken.", print_exception=False)
    return await Block.async_move_resource_to_block_cache(part, path)


def take_paths_only() -> None:
    """Hands over a file's path alone: Gradio leaves an empty file of another name at each look."""
    setattr(gr.File, gr.File.preprocess.__name__, _path)


def _path(part: gr.File, payload: ListFiles | FileData | None) -> str | list[str] | None:
    if isinstance(payload, ListFiles):
        return [file.path for file in payload.root]
    return payload.path if payload else None
