"""What every tab has: components by their names, each labelled in the page's language."""

from collections.abc import Callable
from typing import Any, TypeVar

import gradio as gr
from gradio.blocks import Block

Made = TypeVar("Made", bound=Block)
Updates = dict[Block, Any]
Said = dict[str, dict[str, Any]]  # what each component says, by its name


class Board:
    """The components of a tab.

    Attributes:
        parts: The components by their names.
    """

    def __init__(self, said: Callable[[str], Said], first: str, prefix: str = "") -> None:
        """Begins with none.

        Args:
            said: What each component says in a language.
            first: The page's language at first.
            prefix: What the components' names in the page begin with.
        """
        self.parts: dict[str, Any] = {}  # Gradio gives components their events as it runs
        self._said, self._at_first, self._prefix = said, said(first), prefix

    @property
    def shown(self) -> list[Block]:
        """Everything that a result or a language changes."""
        return list(self.parts.values())

    def speak(self, language: str) -> Updates:
        """Every label in the page's language."""
        said = self._said(language).items()
        return {self.parts[name]: gr.update(**new) for name, new in said if name in self.parts}

    def _make(self, kind: Callable[..., Made], name: str, **settings: object) -> Made:
        said = self._at_first.get(name, {})
        self.parts[name] = made = kind(**{**said, **settings}, elem_id=f"{self._prefix}{name}")
        return made
