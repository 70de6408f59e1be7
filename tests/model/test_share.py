"""Models that go to a hub and come from one: by the hub's own client, from folders alone."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from emotion import checkpoint
from emotion.analyze import Analyzer
from emotion.errors import BadInput
from emotion.model import EmotionModel, ModelConfig
from emotion.model.config import CompactVoice, GramWords
from tests.conftest import small_model


def grams():
    torch.manual_seed(0)
    voice = CompactVoice(width=16, layers=1, heads=2, channels=8, mels=24)
    return EmotionModel(ModelConfig(voice=voice, words=GramWords(buckets=50, width=16), width=16))


def test_what_is_saved_for_a_hub_opens_with_its_card_its_words_and_the_same_answers(
    small_checkpoint, analyzer, tmp_path
):
    loaded = EmotionModel.from_pretrained(small_checkpoint)
    assert not loaded.training
    loaded.save_pretrained(tmp_path / "again")
    again = Analyzer.load(tmp_path / "again", device="cpu").analyze(text="너무 행복해")
    assert again.prediction == analyzer.analyze(text="너무 행복해").prediction
    for name in ("README.md", "tokenizer.json", "config.json"):
        assert (tmp_path / "again" / name).read_bytes() == (small_checkpoint / name).read_bytes()


def test_what_any_checkpoint_gave_can_be_shared(small_checkpoint, tmp_path):
    checkpoint.load(small_checkpoint).model.save_pretrained(tmp_path / "shared")
    assert checkpoint.load(tmp_path / "shared").tokenizer is not None


def test_a_model_without_a_card_gets_one_and_one_without_its_tokenizer_is_refused(
    tokenizer, tmp_path
):
    grams().save_pretrained(tmp_path / "grams")
    card = (tmp_path / "grams" / "README.md").read_text("utf-8")
    assert "speech-emotion-recognition" in card
    assert checkpoint.load(tmp_path / "grams").model.config.words.kind == "grams"
    with pytest.raises(ValueError, match="has no tokenizer"):
        small_model(tokenizer).save_pretrained(tmp_path / "words")


def spoil_a_tensor(folder):
    weights = load_file(folder / "model.safetensors")
    weights.pop(next(iter(weights)))
    save_file(weights, folder / "model.safetensors")


def spoil_a_setting(folder):
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"strange": 1}))


def leave_a_pickle(folder):
    (folder / "model.safetensors").unlink()
    torch.save(Opened(folder), folder / "pytorch_model.bin")


def cut_the_settings(folder):
    (folder / "config.json").write_text('{"system":')


class Opened:
    """Says in its folder that somebody has unpickled it."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return (self.folder / "unpickled").touch, ()


@pytest.mark.parametrize(
    "spoil", [spoil_a_tensor, spoil_a_setting, leave_a_pickle, cut_the_settings]
)
def test_a_folder_that_does_not_fit_is_one_sentence(tmp_path, spoil):
    folder = tmp_path / "model"
    grams().save_pretrained(folder)
    spoil(folder)
    with pytest.raises(BadInput, match="cannot be loaded") as refused:
        EmotionModel.from_pretrained(folder)
    assert "\n" not in str(refused.value)
    assert not (folder / "unpickled").exists()


def test_a_hub_that_cannot_be_reached_is_one_sentence(monkeypatch, tmp_path):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(BadInput, match="its hub cannot be reached"):
        EmotionModel.from_pretrained("nobody/nothing", cache_dir=tmp_path)
