"""Signals of a body for the tests of the page."""

from pathlib import Path

import numpy as np

from tests.test_biosignals import heart
from tests.ui.driving import ANSWER, Visitor

RATE = 250


def write_table(path: Path, seconds: float = 30.0) -> Path:
    """Writes an ECG of some 74 beats a minute, and an EDA and a temperature of 5 Hz beside it."""
    rng = np.random.default_rng(0)
    ecg = heart(0.81 + 0.05 * rng.standard_normal(round(seconds / 0.81)), RATE)
    rows = ["time,ECG,GSR (uS),skin temperature"]
    for n, beat in enumerate(ecg):
        t = n / RATE
        slow = f"{4 + np.sin(t / 3) + t / 20:.3f},{33.5 - t / 100:.3f}" if n % 50 == 0 else ","
        rows.append(f"{t:.3f},{beat:.4f},{slow}")
    path.write_text("\n".join(rows))
    return path


def give(visitor: Visitor, name: str, *paths: Path) -> None:
    """Gives files to the Body tab: its "files" or its "voice"."""
    visitor.page.set_input_files(f"#body_{name} input[type=file]", list(paths))
    visitor.page.wait_for_selector(f"#body_{name} .file-preview", timeout=ANSWER)
