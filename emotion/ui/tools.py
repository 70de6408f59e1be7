"""The endpoints as MCP tools: what goes into one and comes out of it, as this page keeps it.

Gradio leaves a file that is sent as text where nobody deletes it, and writes what was found as
Python would print it.
"""

import json
from typing import Any

from gradio.mcp import GradioMCPServer
from gradio.processing_utils import save_base64_to_cache
from gradio.utils import get_upload_folder
from mcp.types import TextContent

_ADDRESSED = GradioMCPServer.convert_strings_to_filedata


def keep_and_tell() -> None:
    """Lets tools take files as uploads are taken, and answer in JSON."""
    for ours, theirs in ((_taken, _ADDRESSED), (_told, GradioMCPServer.postprocess_output_data)):
        setattr(GradioMCPServer, theirs.__name__, ours)


def _taken(
    server: GradioMCPServer, given: dict[str, Any], places: list[list[str | int]]
) -> dict[str, Any]:
    """What a tool is given, with the files among it as uploads."""
    kept = {name: _kept(server, each) if [name] in places else each for name, each in given.items()}
    return _ADDRESSED(server, kept, places)


def _kept(server: GradioMCPServer, file: object) -> object:
    """The address of a file that was sent as a data address."""
    if not isinstance(file, str) or not file.startswith("data:"):
        return file
    path = save_base64_to_cache(file, get_upload_folder())
    server.blocks.upload_file_set.add(path)  # whatever is there is deleted after a while
    return f"{server.local_url}gradio_api/file={path}"


def _told(server: GradioMCPServer, found: list[Any], root_url: str) -> list[TextContent]:
    """What was found, as JSON."""
    return [TextContent(type="text", text=json.dumps(each, ensure_ascii=False)) for each in found]
