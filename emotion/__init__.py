"""Hears a person speak, and shows what the voice and the words feel, together and apart."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emotion.analysis import Analysis
    from emotion.analyze import Analyzer

__all__ = ["Analysis", "Analyzer"]


def __getattr__(name: str) -> object:
    # Late, because torch takes seconds and not every part of the package needs it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from emotion import analyze

    return getattr(analyze, name)
