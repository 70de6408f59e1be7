"""Finds a Chromium for the tests of the page, or installs one."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE = 600  # seconds for an installation


def find() -> str | None:
    """The path of a system Chromium or Chrome, or of Playwright's own."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    return _playwrights_own()


def install() -> str | None:
    """Installs one with apt where we are root, else Playwright's; None where neither works."""
    for command in _ways():
        print("No browser found; trying:", " ".join(command), file=sys.stderr, flush=True)
        try:
            subprocess.run(command, check=True, timeout=PATIENCE, stdout=sys.stderr)
        except (OSError, subprocess.SubprocessError) as error:
            print(error, file=sys.stderr)
        if path := find():
            return path
    return None


def _ways() -> list[list[str]]:
    playwright = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if os.geteuid() or not shutil.which("apt-get"):
        return playwright
    # fonts-nanum, because a page whose Korean is boxes cannot be judged.
    packages = ["apt-get", "install", "--yes", "--quiet", "chromium", "fonts-nanum"]
    return [["apt-get", "update", "--quiet"], packages, *playwright]


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None
