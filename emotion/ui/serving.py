"""How the page is served: what is taken in, how many wait, and how it ends."""

import signal
import sys
import time
from contextlib import suppress

import gradio as gr
from starlette.middleware import Middleware

from emotion.analyze import Analyzer
from emotion.review.office import Office
from emotion.ui import arenas
from emotion.ui.address import chosen_port
from emotion.ui.desk import EXAMPLES, examples
from emotion.ui.door import Door, asked, say_what_does_not_fit, take_paths_only, take_uploads_only
from emotion.ui.offer import Offer
from emotion.ui.page import Page
from emotion.ui.theme import STYLES, theme
from emotion.ui.tools import keep_and_tell
from emotion.ui.visit import prepare
from emotion.ui.warm import warm_up

LARGEST = "200mb"  # of an upload: an hour and a half of speech as WAV, far more in other formats
WAITING = 30  # visitors in the queue; more are asked to come back
# Seconds that the first page has to be asked for and to be drawn before the model is warmed up,
# which would slow it down.
SOON, DRAWING = 5, 2
VISITORS = 200  # whose clip and results are in memory; the one longest away is forgotten first


def build(
    analyzer: Analyzer,
    beside: Offer | None = None,
    office: Office | None = None,
    quick: Analyzer | None = None,
) -> Page:
    """The page around one model.

    Args:
        analyzer: The model.
        beside: Those that may be compared with it.
        office: An operator's desk.
        quick: The same model for Live, where this one has to borrow a GPU first.
    """
    prepare()
    # Played where they lie, instead of as a copy for each visitor.
    gr.set_static_paths([EXAMPLES / each["file"] for each in examples()])
    take_uploads_only()
    take_paths_only()
    say_what_does_not_fit()
    keep_and_tell()
    return Page(analyzer, beside, office, quick)


def launch(page: Page) -> None:
    """Serves the page to this machine, or to where GRADIO_SERVER_NAME and _PORT say."""
    # Whoever stops a service says so by this; without it, nothing would be tidied up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    arenas.keep_small()
    users = page.office.users if page.office else None
    page.blocks.queue(api_open=False, max_size=WAITING, default_concurrency_limit=4)
    _, own, _ = page.blocks.launch(
        server_port=chosen_port(),
        app_kwargs={
            "middleware": [Middleware(Door, login=users is not None, desk=bool(page.office))]
        },
        auth=asked(users) if users else None,  # type: ignore[arg-type] # it takes coroutines too
        theme=theme(),
        css_paths=STYLES,
        share=False,
        show_error=False,
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=users is None,  # its tools know of no login
        enable_monitoring=False,
        footer_links=[],
        max_file_size=LARGEST,
        state_session_capacity=VISITORS,
        quiet=True,
        prevent_thread_lock=True,
    )
    print(f"The page is on {own} until Ctrl-C is pressed here.", flush=True)
    with suppress(KeyboardInterrupt):
        if page.opened.wait(SOON):
            time.sleep(DRAWING)
        warm_up(page.quick)  # which borrows nothing
        page.blocks.block_thread()
