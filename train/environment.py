"""On what and by what a model was made, so that somebody can make it again."""

import json
import platform
import shlex
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import torch

from train import parallel
from train.files import write_text

FILE = "environment.json"
LIBRARIES = ("torch", "transformers", "tokenizers", "safetensors", "numpy", "scipy", "scikit-learn")
HOME = Path(__file__).parent.parent


def write(folder: Path, device: torch.device) -> None:
    """Adds this start of a run to those before it."""
    path = folder / FILE
    starts = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    starts.append(describe(device))
    write_text(path, json.dumps(starts, ensure_ascii=False, indent=1) + "\n")


def command(verb: str, file: Path, data: Sequence[str], *more: str) -> str:
    """A command for others to give, with the corpora's folders left to them."""
    named = [part for each in data for part in ("--data", each.partition("=")[0] + "=DIR")]
    return shlex.join(["python", "-m", "train", verb, str(file), *named, *more])


def describe(device: torch.device) -> dict[str, Any]:
    """The versions, the device, the commit and the command of this process."""
    on_gpu = device.type == "cuda"
    return {
        "began": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": shlex.join(["python", "-m", "train", *sys.argv[1:]]),
        "commit": _commit(),
        "python": platform.python_version(),
        "system": platform.platform(),
        "versions": {name: metadata.version(name) for name in LIBRARIES},
        "device": torch.cuda.get_device_name(device) if on_gpu else platform.machine(),
        "cuda": torch.version.cuda if on_gpu else None,
        "processes": parallel.size(),
        "threads": torch.get_num_threads(),
    }


def _commit() -> str | None:
    """The commit of this program, marked where files differ from it; None without git."""
    command = ["git", "-C", str(HOME), "describe", "--always", "--dirty", "--abbrev=40"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() or None
