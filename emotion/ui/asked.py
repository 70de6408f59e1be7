"""What all named endpoints share: how they are asked, and how they say what is wrong."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gradio as gr

from emotion.errors import BadInput
from emotion.ui.strings import TEXT, fault

LANGUAGES = ("auto", "ko", "en")
PUBLIC = {"api_visibility": "public"}

log = logging.getLogger(__name__)
Found = dict[str, Any]


def spoken(language: str) -> str | None:
    """The language spoken; None to find out."""
    return None if language == "auto" else language


def several(choices: list[str], value: list[str], label: str) -> gr.Dropdown:
    """Some of several; None from programs that name every argument and leave this one out."""
    return gr.Dropdown(choices, value=value, label=label, multiselect=True)


@contextmanager
def answered() -> Iterator[None]:
    """Turns what is wrong into a sentence for whoever has asked."""
    try:
        yield
    except BadInput as wrong:
        raise gr.Error(fault(wrong.code, wrong.facts, "en"), print_exception=False) from wrong
    except Exception as error:
        log.exception("A program's question could not be answered.")
        raise gr.Error(TEXT["en"]["broken"], print_exception=False) from error
