"""What a Space reads of this repository: the head of the README, and the two lists of packages."""

import re
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
COLORS = {"red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"}


@pytest.fixture
def head():
    return yaml.safe_load((ROOT / "README.md").read_text("utf-8").split("---\n")[1])


def test_a_space_runs_this_app_with_the_gradio_that_it_was_tested_with(head):
    assert head["sdk"] == "gradio"
    assert (ROOT / head["app_file"]).is_file()
    assert head["sdk_version"] == version("gradio")
    least = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text())[1]
    assert head["python_version"] == least
    assert {head["colorFrom"], head["colorTo"]} <= COLORS
    assert len(head["short_description"]) <= 60


def test_the_lists_of_packages_hold_what_pip_and_apt_take():
    for name in (ROOT / "packages.txt").read_text().split("\n"):
        assert re.fullmatch(r"[a-z0-9.+-]*", name)
    assert "gradio[mcp]" in (ROOT / "requirements.txt").read_text()
