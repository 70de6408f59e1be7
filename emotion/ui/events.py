"""How the page's events take turns: those that ask the model, and those that change the page."""

from typing import Any

# One voice at a time, so that two cores answer each visitor soon instead of all late.
MODEL: dict[str, Any] = {
    "concurrency_limit": 1,
    "concurrency_id": "model",
    "api_visibility": "private",
}
# One change of the page after the other: what was asked for last is what stays. A press while the
# one before is under way waits for it, where Gradio would drop it.
PAGE: dict[str, Any] = {
    "concurrency_limit": 1,
    "concurrency_id": "page",
    "trigger_mode": "always_last",
    "show_progress": "hidden",
    "api_visibility": "private",
}
