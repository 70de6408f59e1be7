"""Names to weights: a model that ships with this program, a folder, or a hub's id."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from emotion.errors import BadInput
from emotion.model import EmotionModel, Reader, Tokenizer
from emotion.model.config import GramWords
from emotion.model.folder import (
    CARD,
    CONFIG,
    HELD_OUT,
    SPLIT,
    TOKENIZER,
    WANTED,
    write,
)
from emotion.model.grams import Grams

SNAPSHOTS = "snapshots"  # where a hub's client keeps each version of a model, by its commit
EXTRACTOR = "preprocessor_config.json"  # how a model of transformers wants its samples
SHIPPED = Path(__file__).parent.parent / "assets"

# What PyTorch raises for settings or weights that do not fit each other, or cannot be at all.
MISFITS = (ValueError, KeyError, TypeError, RuntimeError, AssertionError, ArithmeticError)


log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checkpoint:
    """A model ready to be used, its tokenizer, and what it is called.

    Attributes:
        model: The model.
        tokenizer: What reads its words; None for a model that reads none.
        name: What it is called.
        split: Who taught it and who tested it, see train/taught.py; empty where nobody knows.
        folder: Where it lies.
    """

    model: EmotionModel
    tokenizer: Reader | None
    name: str
    split: dict[str, Any] = field(default_factory=dict)
    folder: Path | None = None


def save(
    model: EmotionModel,
    tokenizer: Reader | None,
    folder: str | Path,
    card: str,
    split: Mapping[str, Any] | None = None,
) -> None:
    """Writes a checkpoint folder; the weights in half precision."""
    beside = {CARD: card}
    if split:
        beside[SPLIT] = json.dumps(split, indent=1, ensure_ascii=False) + "\n"
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(tokenizer, Tokenizer):  # another reader needs no file
        tokenizer.save(folder / TOKENIZER)
    write(model, model.config, beside, folder)


def load(name: str | Path = "default") -> Checkpoint:
    """Finds and loads a checkpoint, strictly.

    Args:
        name: The name of a shipped one, a folder, or a hub's `owner/name`.

    Raises:
        BadInput: There is none of this name, or a tensor is missing, left over or misshapen.
    """
    return load_folder(find(str(name)), str(name))


def load_folder(folder: Path, name: str) -> Checkpoint:
    """Loads a checkpoint whose folder is known, strictly.

    Raises:
        BadInput: A tensor is missing, left over or misshapen, or a file is damaged.
    """
    try:
        model = EmotionModel.from_folder(folder)
        tokenizer = _tokenizer(model, folder)
        split = json.loads(model.beside.get(SPLIT, "{}"))
    except (OSError, SafetensorError, *MISFITS) as error:
        raise BadInput("broken_checkpoint", name=name, reason=_one_line(error)) from error
    return Checkpoint(model, tokenizer, name, split, folder)


def _tokenizer(model: EmotionModel, folder: Path) -> Reader | None:
    words = model.config.words
    if words is None:
        return None
    if isinstance(words, GramWords):
        return Grams(words.buckets, words.signs)
    tokenizer = Tokenizer.load(folder / TOKENIZER)
    if tokenizer.size > model.words.vocabulary:
        raise ValueError("its tokenizer knows more tokens than its model")
    return tokenizer


def find(name: str, most: int | None = None) -> Path:
    """The folder of a shipped model, of one on this machine, or of one that a hub has.

    Args:
        name: Which.
        most: Bytes of weights, above which nothing is fetched.

    Raises:
        BadInput: There is none of this name.
    """
    try:
        for folder in (SHIPPED / name, Path(name)):
            if (folder / CONFIG).is_file():
                return folder
        of_a_hub = name.count("/") == 1 and not Path(name).exists()
    except OSError:  # as of a name longer than a disk knows
        of_a_hub = False
    if of_a_hub and not name.startswith((".", "/")):
        return fetch(name, most)
    raise BadInput("unknown_checkpoint", name=name)


def fetch(name: str, most: int | None = None) -> Path:
    """The folder of a model that a hub has, wherever on this machine it lies.

    Args:
        name: Its `owner/name`, and never a path.
        most: Bytes of weights, above which nothing is fetched.

    Raises:
        BadInput: There is none of this name, it is too large, or the hub cannot be reached.
    """
    # Imported here because a shipped model or a folder needs no hub.
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, RepositoryNotFoundError
    from huggingface_hub.utils import validate_repo_id

    try:
        validate_repo_id(name)
        if most is not None:
            _refuse_large(name, most)
        return Path(snapshot_download(name, allow_patterns=[*WANTED, EXTRACTOR]))
    except BadInput:
        raise
    except (HFValidationError, RepositoryNotFoundError) as error:
        raise BadInput("unknown_checkpoint", name=name) from error
    except Exception as error:
        # The hub's client raises many kinds where there is no network; each means the same here.
        raise BadInput("hub_unreachable", name=name) from error


def twin(folder: Path, name: str) -> Path | None:
    """The folder of a checkpoint's twin, taught without some of its speakers; None without one.

    Args:
        folder: Where the checkpoint lies; a twin of the same version is fetched if a hub has one.
        name: What it is called.
    """
    if folder.parent.name == SNAPSHOTS:
        _fetch_twin(name, folder.name)
    found = folder / HELD_OUT
    return found if (found / CONFIG).is_file() else None


def _fetch_twin(name: str, version: str) -> None:
    from huggingface_hub import snapshot_download

    wanted = [f"{HELD_OUT}/{each}" for each in WANTED]
    try:
        snapshot_download(name, revision=version, allow_patterns=wanted)
    except Exception as error:
        # As where there is no network: the model is here, and does without.
        log.warning("The twin of %s could not be fetched: %s", name, _one_line(error))


def _refuse_large(name: str, most: int) -> None:
    """Raises BadInput for a model whose files are larger than all that may be held."""
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import LocalEntryNotFoundError

    try:
        snapshot_download(name, allow_patterns=[*WANTED, EXTRACTOR], local_files_only=True)
        return  # it is here already
    except LocalEntryNotFoundError:
        facts = HfApi().model_info(name, files_metadata=True)
    size = sum(
        each.size or 0
        for each in facts.siblings or ()
        if any(fnmatch(each.rfilename, wanted) for wanted in WANTED)
    )
    if size > most:
        raise too_large(name, size, most)


def too_large(name: str, size: int, limit: int) -> BadInput:
    """That a model is larger than all that may be held."""
    facts = {"size": f"{size / 1e9:.3g}", "limit": f"{limit / 1e9:.3g}"}
    return BadInput("large_model", name=name, **facts)


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300].rstrip(".")


def digest(model: EmotionModel) -> str:
    """What tells a model's weights from all others, wherever they lie."""
    found = hashlib.sha256(repr(model.config).encode())
    for name, tensor in sorted(model.state_dict().items()):
        found.update(name.encode())
        found.update(tensor.detach().float().cpu().numpy().tobytes())
    return found.hexdigest()[:16]


def best_device() -> torch.device:
    """The GPU if there is one, else the CPU."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")
