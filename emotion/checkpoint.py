"""Names to weights: a model that ships with this program, a folder, or a hub's id."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from emotion.errors import BadInput
from emotion.model import EmotionModel, ModelConfig, Reader, Tokenizer
from emotion.model.config import GramWords, to_dict
from emotion.model.grams import Grams
from emotion.model.settings import from_dict

SHIPPED = Path(__file__).parent.parent / "assets"
SPLIT = "split.json"
WEIGHTS = "model.safetensors"
INDEX = f"{WEIGHTS}.index.json"  # says which weight is in which of several files
FILES = ("config.json", WEIGHTS, "tokenizer.json", "README.md", SPLIT)
# A repository without a large-file store takes files of at most 10 MB. What is heavier than a few
# of them needs such a store in any case.
PART, LIGHT = "9MB", 50_000_000


# What PyTorch raises for settings or weights that do not fit each other, or cannot be at all.
MISFITS = (ValueError, KeyError, TypeError, RuntimeError, AssertionError, ArithmeticError)


@dataclass(frozen=True)
class Checkpoint:
    """A model ready to be used, its tokenizer, and what it is called.

    Attributes:
        model: The model.
        tokenizer: What reads its words; None for a model that reads none.
        name: What it is called.
        split: Who taught it and who tested it, see train/taught.py; empty where nobody knows.
    """

    model: EmotionModel
    tokenizer: Reader | None
    name: str
    split: dict[str, Any] = field(default_factory=dict)


def save(
    model: EmotionModel,
    tokenizer: Reader | None,
    folder: str | Path,
    card: str,
    split: Mapping[str, Any] | None = None,
) -> None:
    """Writes a checkpoint folder; the weights in half precision."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    config = json.dumps(to_dict(model.config), indent=2, ensure_ascii=False)
    (folder / "config.json").write_text(config + "\n", encoding="utf-8")
    (folder / "README.md").write_text(card, encoding="utf-8")
    if split:
        text = json.dumps(split, indent=1, ensure_ascii=False)
        (folder / SPLIT).write_text(text + "\n", encoding="utf-8")
    if isinstance(tokenizer, Tokenizer):  # another reader needs no file
        tokenizer.save(folder / "tokenizer.json")
    weights = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    _write_weights(weights, folder)


def load(name: str | Path = "default") -> Checkpoint:
    """Finds and loads a checkpoint, strictly.

    Args:
        name: The name of a shipped one, a folder, or a hub's `owner/name`.

    Raises:
        BadInput: There is none of this name, or a tensor is missing, left over or misshapen.
    """
    folder = _find(str(name))
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        model = EmotionModel(from_dict(config, ModelConfig))
        tokenizer = _tokenizer(model, folder)
        weights = _read_weights(folder)
        model.load_state_dict({key: value.float() for key, value in weights.items()}, strict=True)
        split = _split(folder)
    except (OSError, SafetensorError, *MISFITS) as error:
        raise BadInput("broken_checkpoint", name=name, reason=_one_line(error)) from error
    return Checkpoint(model.eval(), tokenizer, str(name), split)


def _tokenizer(model: EmotionModel, folder: Path) -> Reader | None:
    settings = model.config.words
    if settings is None:
        return None
    if isinstance(settings, GramWords):
        return Grams(settings.buckets)
    tokenizer = Tokenizer.load(folder / "tokenizer.json")
    if tokenizer.size > model.words.vocabulary:
        raise ValueError("its tokenizer knows more tokens than its model")
    return tokenizer


def is_whole(folder: Path) -> bool:
    """Whether a checkpoint was written to its end: its weights come last."""
    return any((folder / name).is_file() for name in (WEIGHTS, INDEX))


def _write_weights(weights: dict[str, Tensor], folder: Path) -> None:
    # Imported here because reading, which is all that most do, needs no hub.
    from huggingface_hub import save_torch_state_dict

    size = sum(each.nbytes for each in weights.values())
    save_torch_state_dict(weights, folder, max_shard_size=PART if size < LIGHT else size)


def _read_weights(folder: Path) -> dict[str, Tensor]:
    if not (folder / INDEX).is_file():
        return load_file(folder / WEIGHTS)
    parts = json.loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"]
    found: dict[str, Tensor] = {}
    for name in sorted(set(parts.values())):
        if Path(name).name != name or not name.endswith(".safetensors"):
            raise ValueError(f"{INDEX} names {name}, which is no file beside it")
        found |= load_file(folder / name)
    return found


def _split(folder: Path) -> dict[str, Any]:
    path = folder / SPLIT
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _find(name: str) -> Path:
    for folder in (SHIPPED / name, Path(name)):
        if (folder / "config.json").is_file():
            return folder
    if name.count("/") == 1 and not Path(name).exists() and not name.startswith((".", "/")):
        return _fetch(name)
    raise BadInput("unknown_checkpoint", name=name)


def _fetch(name: str) -> Path:
    # Imported here because a shipped model or a folder needs no hub.
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError

    try:
        return Path(snapshot_download(name, allow_patterns=[*FILES, "model*.safetensors*"]))
    except (HFValidationError, RepositoryNotFoundError) as error:
        raise BadInput("unknown_checkpoint", name=name) from error
    except Exception as error:
        # The hub's client raises many kinds where there is no network; each means the same here.
        raise BadInput("hub_unreachable", name=name) from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]


def best_device() -> torch.device:
    """The GPU if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
