"""On what and by what a model was made, so that somebody can make it again."""

import json
import platform
import shlex
import subprocess
import sys
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import torch

from train import parallel

FILE = "environment.json"
LIBRARIES = ("torch", "transformers", "tokenizers", "safetensors", "numpy", "scipy", "scikit-learn")
HOME = Path(__file__).parent.parent


def write(folder: Path, device: torch.device) -> None:
    """Adds this start of a run to those before it."""
    path = folder / FILE
    starts = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    starts.append(describe(device))
    path.write_text(json.dumps(starts, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


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
