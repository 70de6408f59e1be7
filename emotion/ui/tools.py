"""The endpoints as MCP tools: what goes into one and comes out of it, as this page keeps it.

Gradio leaves a file that is sent as text where nobody deletes it, writes what was found as Python
would print it, and says of files what is refused here.
"""

import binascii
import json
from typing import Any

import gradio as gr
from gradio.data_classes import APIInfo
from gradio.mcp import GradioMCPServer
from gradio.processing_utils import save_base64_to_cache
from gradio.utils import get_function_description, get_upload_folder
from mcp.types import TextContent

_ADDRESSED = GradioMCPServer.convert_strings_to_filedata
_SIMPLIFIED = GradioMCPServer.simplify_filedata_schema
_DESCRIBED = gr.Blocks.get_api_info
FILES = (
    "A file is given as a data: address (data:audio/wav;base64,...), 50 MB in all, or as the "
    "address of an upload to this page. No other address and no path is read."
)


def keep_and_tell() -> None:
    """Lets tools take files as uploads are taken, say so, and answer in JSON."""
    for ours, theirs in (
        (_taken, _ADDRESSED),
        (_said, _SIMPLIFIED),
        (_told, GradioMCPServer.postprocess_output_data),
    ):
        setattr(GradioMCPServer, theirs.__name__, ours)
    # Of each tool that takes a file; Gradio's own tells of a tool that this page has not.
    setattr(GradioMCPServer, "_file_data_tool_description", f" {FILES}")  # noqa: B010
    setattr(gr.Blocks, _DESCRIBED.__name__, _described)


def _described(blocks: gr.Blocks, all_endpoints: bool = False, page: str | None = None) -> APIInfo:
    """What programs are told of the endpoints, with what each docstring says of the parameters."""
    told = _DESCRIBED(blocks, all_endpoints, page)
    for endpoint in blocks.fns.values():
        known = told["named_endpoints"].get(f"/{endpoint.api_name}")
        if endpoint.fn and known:
            _, said, _ = get_function_description(endpoint.fn)
            for each in known["parameters"]:
                each["python_type"]["description"] = said.get(each["parameter_name"], "")
    return told


def _said(server: GradioMCPServer, schema: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """What a tool takes, with how a file is given."""
    simple, places = _SIMPLIFIED(server, schema)
    for place in places:
        kind = simple["properties"][place[0]]
        kind |= {"format": "uri", "description": f"{kind.get('description', '')} {FILES}".strip()}
    return simple, places


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
    path = save_base64_to_cache(_whole(file), get_upload_folder())
    server.blocks.upload_file_set.add(path)  # whatever is there is deleted after a while
    return f"{server.local_url}gradio_api/file={path}"


def _whole(address: str) -> str:
    """A data address without line breaks; what is no base64 would be left out of the file."""
    begin, _, sent = address.partition(",")
    sent = "".join(sent.split())
    try:
        if not sent or not begin.endswith(";base64"):
            raise ValueError
        binascii.a2b_base64(sent, strict_mode=True)
    except ValueError as error:
        raise ValueError(f"This is no file. {FILES}") from error
    return f"{begin},{sent}"


def _told(server: GradioMCPServer, found: list[Any], root_url: str) -> list[TextContent]:
    """What was found, as JSON."""
    return [TextContent(type="text", text=json.dumps(each, ensure_ascii=False)) for each in found]
