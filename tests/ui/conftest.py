import os

import pytest

from emotion import audio
from tests import browser as finding
from tests.ui import driving
from tests.ui.sounds import as_microphone

NEEDED = "EMOTION_NEED_ALL"


@pytest.fixture(scope="session")
def playwright():
    """What starts browsers; there may be only one of it in a process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(clips, tmp_path_factory, playwright):
    """A Chromium whose microphone hears the Korean clip, first once and later for longer."""
    path = finding.find()
    if path is None:
        if os.environ.get(NEEDED):
            pytest.fail(f"There is no Chromium or Chrome, and {NEEDED} asks for one.")
        pytest.skip("There is no Chromium or Chrome on this machine.")
    microphone = tmp_path_factory.mktemp("microphone") / "microphone.wav"
    as_microphone(audio.load(clips["ko_happy"]), microphone)
    chromium = driving.open_browser(playwright, path, microphone)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """The real app, once for all tests: its address, and where its visitors' files lie."""
    folder = tmp_path_factory.mktemp("app")
    with driving.served(folder, EMOTION_WHISPER=driving.whisper()) as address:
        yield address, folder


@pytest.fixture
def app(served):
    return served[0]


@pytest.fixture(scope="session")
def offline(tmp_path_factory):
    """The app on a machine that has no Whisper and cannot fetch one."""
    folder = tmp_path_factory.mktemp("offline")
    with driving.served(folder, **driving.no_whisper(folder / "cache")) as address:
        yield address, folder


@pytest.fixture(scope="session")
def windows(browser):
    """One window for each language, width and theme: what it has fetched, it keeps."""
    opened = {}
    yield opened
    for window in opened.values():
        window.close()


@pytest.fixture(scope="session")
def open_page(browser, served, windows):
    """Opens a page, as a visitor of this language, width and theme; elsewhere with an address."""

    def open_page(address=served[0], language="en-US", width=1280, theme="light"):
        settings = (language, width, theme)
        if settings not in windows:
            windows[settings] = driving.open_window(browser, *settings)
        return driving.Visitor(windows[settings], address)

    return open_page


@pytest.fixture
def visitor(open_page):
    """Opens pages; each must have asked nobody but the app."""
    opened = []

    def visit(**settings):
        opened.append(open_page(**settings))
        return opened[-1]

    yield visit
    for one in opened:
        one.leave()
    assert [url for one in opened for url in one.strange_requests] == []
