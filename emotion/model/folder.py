"""A model's folder: its settings, its weights, and the small files that lie beside them."""

import json
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor, nn

from emotion.model.config import CompactWords, ModelConfig, Pretrained, WordVectors, to_dict
from emotion.model.settings import from_dict

CONFIG, WEIGHTS = "config.json", "model.safetensors"
TOKENIZER, CARD, SPLIT = "tokenizer.json", "README.md", "split.json"
BESIDE = (TOKENIZER, CARD, SPLIT)  # texts that go along wherever a model goes
HELD_OUT = "held-out"  # in a model's folder: its twin, taught without some of its speakers
FILES = (CONFIG, WEIGHTS, *BESIDE)
INDEX = f"{WEIGHTS}.index.json"  # says which weight is in which of several files
WANTED = (*FILES, INDEX, "model-*.safetensors")  # of what a hub has
# Many a git host without a large-file store takes files of at most 10 MB. What is heavier than a
# few of them needs such a store in any case, and on a hub its client takes care of that.
PART, LIGHT = "9MB", 50_000_000


def settings(folder: Path) -> ModelConfig:
    """What the model in a folder is made of; unknown or unfit settings are a ValueError."""
    return from_dict(json.loads((folder / CONFIG).read_text(encoding="utf-8")), ModelConfig)


def texts(folder: Path) -> dict[str, str]:
    """The small files beside a model, by their names."""
    there = [name for name in BESIDE if (folder / name).is_file()]
    return {name: (folder / name).read_text(encoding="utf-8") for name in there}


def take_weights(model: nn.Module, folder: Path) -> None:
    """Gives a model the weights of a folder, strictly: none missing, left over or misshapen."""
    weights = _read(folder)
    model.load_state_dict({key: value.float() for key, value in weights.items()}, strict=True)


def write(model: nn.Module, config: ModelConfig, beside: dict[str, str], folder: Path) -> None:
    """Writes a model's folder; the weights in half precision."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(to_dict(config), indent=2, ensure_ascii=False)
    (folder / CONFIG).write_text(text + "\n", encoding="utf-8")
    for name, content in beside.items():
        (folder / name).write_text(content, encoding="utf-8")
    weights = {name: value.half().contiguous() for name, value in model.state_dict().items()}
    # Imported here because reading, which is all that most do, needs no hub.
    from huggingface_hub import save_torch_state_dict

    size = sum(each.nbytes for each in weights.values())
    save_torch_state_dict(weights, folder, max_shard_size=PART if size < LIGHT else size)


def is_whole(folder: Path) -> bool:
    """Whether a model was written to its end: its weights come last."""
    return any((folder / name).is_file() for name in (WEIGHTS, INDEX))


def _read(folder: Path) -> dict[str, Tensor]:
    if not (folder / INDEX).is_file():
        return load_file(folder / WEIGHTS)
    parts = json.loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"]
    found: dict[str, Tensor] = {}
    for name in sorted(set(parts.values())):
        if Path(name).name != name or not name.endswith(".safetensors"):
            raise ValueError(f"{INDEX} names {name}, which is no file beside it")
        found |= load_file(folder / name)
    return found


def check_reader(config: ModelConfig, beside: dict[str, str]) -> None:
    """Raises ValueError where what reads the model's words would be left behind."""
    kept = isinstance(config.words, CompactWords | Pretrained | WordVectors)
    if kept and TOKENIZER not in beside:
        raise ValueError(
            "this model reads words and has no tokenizer: write it with emotion.checkpoint.save, "
            "or load it from its folder"
        )
