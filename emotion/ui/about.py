"""The tab that says what the page does, how to read it, and what it cannot do."""

from typing import Any

import gradio as gr

from emotion.ui import parts


class AboutTab:
    """One page of text."""

    def __init__(self, first: str) -> None:
        with gr.Column(elem_classes="card"):
            self.body = gr.HTML(parts.about(first), elem_id="about")

    def speak(self, language: str) -> dict[Any, Any]:
        """The text in the page's language."""
        return {self.body: parts.about(language)}
