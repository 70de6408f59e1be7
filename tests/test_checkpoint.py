import json
import pickle  # noqa: TID251 - to make the file that must not be opened
import shutil
from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file, save_file

from emotion import checkpoint
from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.model import EmotionModel, ModelConfig, collate
from emotion.model.config import FusionConfig, GramWords
from emotion.model.folder import FILES, HELD_OUT
from emotion.model.grams import Grams
from emotion.review.jury import with_twin
from tests import hubs
from tests.conftest import small_model, voice

BUCKETS = 70_000


@pytest.fixture
def copy(small_checkpoint, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(small_checkpoint, folder)
    return folder


def test_what_is_saved_is_what_is_loaded(model, tokenizer, tmp_path):
    split = {"note": "By hand.", "sources": {}}
    checkpoint.save(model, tokenizer, tmp_path / "new", "# A card\n", split)
    again = checkpoint.load(tmp_path / "new")
    row = (voice(1.0), tokenizer.encode(["행복해"]))
    with torch.inference_mode():
        before, after = model(collate([row])), again.model(collate([row]))
    # Half precision on disk, and so about three digits.
    assert torch.allclose(before.logits, after.logits, atol=0.05)
    assert again.model.config == model.config
    assert again.split == split
    assert {path.name for path in (tmp_path / "new").iterdir()} == set(FILES)


def test_a_model_of_grams_needs_no_tokenizers_file(model, tmp_path):
    words = GramWords(buckets=50, vector=4, width=16, layers=1, heads=2)
    torch.manual_seed(0)
    mine = EmotionModel(replace(model.config, words=words)).eval()
    checkpoint.save(mine, Grams(50), tmp_path / "grams", card="# Grams\n")
    assert not (tmp_path / "grams" / "tokenizer.json").exists()
    again = checkpoint.load(tmp_path / "grams")
    read = again.tokenizer.encode(["행복해", "happy!"])
    assert read == Grams(50).encode(["행복해", "happy!"])
    with torch.inference_mode():
        assert again.model(collate([(None, read)])).logits.isfinite().all()


def heavy_model():
    """A model of a little more than 9 MB, and so of two files."""
    torch.manual_seed(0)
    shape = {"voice": None, "words": GramWords(buckets=BUCKETS), "combinations": ("words",)}
    return EmotionModel(ModelConfig(**shape, fusion=FusionConfig(kind="concat"))).eval()


def test_a_heavier_model_is_laid_in_files_that_a_repository_takes(tokenizer, tmp_path):
    model = heavy_model()
    checkpoint.save(model, Grams(BUCKETS), tmp_path, card="# Heavy\n")
    sizes = [path.stat().st_size for path in tmp_path.glob("*.safetensors")]
    assert len(sizes) == 2
    assert max(sizes) < 10_000_000
    again = checkpoint.load(tmp_path).model.state_dict()
    for name, value in model.state_dict().items():
        assert torch.equal(again[name], value.half().float()), name
    # A lighter one in the same folder leaves none of them behind.
    checkpoint.save(small_model(tokenizer), tokenizer, tmp_path, card="# Light\n")
    assert [path.name for path in tmp_path.glob("model*")] == ["model.safetensors"]
    assert checkpoint.load(tmp_path).tokenizer.size == tokenizer.size


def test_an_index_names_only_files_beside_it(tmp_path):
    checkpoint.save(heavy_model(), Grams(BUCKETS), tmp_path / "heavy", card="# Heavy\n")
    index = tmp_path / "heavy" / "model.safetensors.index.json"
    facts = json.loads(index.read_text())
    some = next(iter(facts["weight_map"]))
    (tmp_path / "other.safetensors").write_bytes(b"")
    facts["weight_map"][some] = "../other.safetensors"
    index.write_text(json.dumps(facts))
    with pytest.raises(BadInput, match="no file beside it"):
        checkpoint.load(tmp_path / "heavy")


@pytest.mark.parametrize("change", ["missing", "extra", "misshapen"])
def test_a_tensor_that_does_not_fit_is_refused_by_name(copy, change):
    weights = load_file(copy / "model.safetensors")
    if change == "missing":
        del weights["fusion.joined.heads.label.weight"]
    elif change == "extra":
        weights["fusion.joined.heads.label.again"] = torch.zeros(1)
    else:
        weights["fusion.joined.heads.label.weight"] = torch.zeros(3, 3)
    save_file(weights, copy / "model.safetensors")
    with pytest.raises(BadInput, match=r"heads.label.*train it anew"):
        checkpoint.load(copy)


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_damaged_file_is_one_clear_line(copy, file):
    whole = (copy / file).read_bytes()
    (copy / file).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput) as problem:
        checkpoint.load(copy)
    assert problem.value.code == "broken_checkpoint"
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("heads", [0, 7])
def test_sizes_that_do_not_fit_each_other_are_one_clear_line(copy, heads):
    config = json.loads((copy / "config.json").read_text())
    config["voice"]["heads"] = heads
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(BadInput) as problem:
        checkpoint.load(copy)
    assert problem.value.code == "broken_checkpoint"


def test_an_unknown_setting_is_refused(copy):
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "wings": 2}))
    with pytest.raises(BadInput, match="wings"):
        checkpoint.load(copy)


def test_pickled_weights_are_never_opened(copy, tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    (copy / "model.safetensors").write_bytes(pickle.dumps(Trap()))
    with pytest.raises(BadInput):
        checkpoint.load(copy)
    assert not (tmp_path / "sprung").exists()


def test_an_unknown_name_says_what_names_there_are():
    with pytest.raises(BadInput) as problem:
        checkpoint.load("no-such-model")
    assert problem.value.code == "unknown_checkpoint"


def test_a_hub_that_cannot_be_reached_is_said_to_be(monkeypatch, tmp_path):
    """The hub's real client, sent to a port of this machine where nothing listens."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(BadInput) as problem:
        checkpoint.load("somebody/some-model")
    assert problem.value.code == "hub_unreachable"


@pytest.fixture
def hub(monkeypatch, tmp_path, small_checkpoint):
    """A hub of one model with a twin, asked by its real client; its folder, and what was asked."""
    folder = tmp_path / "model"
    shutil.copytree(small_checkpoint, folder)
    shutil.copytree(small_checkpoint, folder / HELD_OUT)
    (folder / HELD_OUT / "README.md").write_text("# The twin\n")
    (folder / HELD_OUT / "more.bin").write_bytes(b"nobody needs it")
    with hubs.hub(folder) as (address, asked):
        template = address + "/{repo_id}/resolve/{revision}/{filename}"
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
        monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", template)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
        yield folder, asked


def test_a_twin_comes_from_the_hub_where_it_is_asked_for_and_in_the_models_version(hub):
    _, asked = hub
    found = checkpoint.load("somebody/model")
    assert set(asked) == {path.name for path in found.folder.iterdir()} <= set(FILES)
    asked.clear()
    twin = checkpoint.twin(found.folder, "somebody/model")
    assert twin == found.folder / HELD_OUT
    assert checkpoint.load_folder(twin, "twin").model.config == found.model.config
    assert asked == [f"{HELD_OUT}/README.md"]  # nothing else in it differs
    assert not (twin / "more.bin").exists()
    asked.clear()
    models = with_twin(Analyzer.load("somebody/model", "cpu"))
    assert [each.name for each in models] == ["somebody/model", f"somebody/model/{HELD_OUT}"]
    assert asked == []


def test_a_hubs_model_without_a_twin_and_one_whose_hub_is_gone_go_without(hub, monkeypatch, caplog):
    folder, _ = hub
    found = checkpoint.load("somebody/model")
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    nowhere = "http://127.0.0.1:9/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr("huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE", nowhere)
    assert checkpoint.twin(found.folder, "somebody/model") is None
    assert "The twin of somebody/model could not be fetched" in caplog.text
    assert checkpoint.twin(folder, "somebody/model") == folder / HELD_OUT  # no hub is asked for it
    shutil.rmtree(folder / HELD_OUT)
    assert checkpoint.twin(folder, str(folder)) is None
