"""Several models on the same clip: ours, and any audio classification model of transformers."""

import json
import pickle  # noqa: TID251 - to make the file that must not be opened
import shutil

import gradio as gr
import pytest
import torch
from transformers import pipeline

from emotion import checkpoint, figures
from emotion.__main__ import main
from emotion.analyze import Analyzer
from emotion.compare import Comparison, Said, compare
from emotion.errors import BadInput
from emotion.labels import known
from emotion.shelf import Shelf
from emotion.transcribe import Transcriber
from emotion.ui.alternatives import Alternatives
from emotion.ui.offer import offer
from emotion.ui.page import Page
from tests.conftest import CLIPS, clip, small_classifier, small_model, voice, write_wav

WORDS = "I am so happy to see you"


@pytest.fixture
def copy(classifier, tmp_path):
    return shutil.copytree(classifier, tmp_path / "copy")


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """The hub's real client, sent to a port of this machine where nothing listens."""
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))


def why(name, shelf=None, **settings):
    found = compare(shelf or Shelf(device="cpu"), [str(name)], clip(0.5), words=False, **settings)
    return found.failed.get(str(name))


@pytest.mark.parametrize(
    ("spelling", "label"),
    [
        ("neu", "neutral"), ("Hap", "happy"), ("fearful", "fear"), ("Anger", "angry"),
        ("행복", "happy"), ("joy", "happy"), ("calm", "neutral"), (" sadness ", "sad"),
        ("LABEL_0", None), ("0", None), ("01", None), ("bored", None),
    ],
)  # fmt: skip
def test_what_anybody_calls_an_emotion_is_one_of_the_seven_or_none(spelling, label):
    assert known(spelling) == label


def test_ours_and_another_say_what_they_say_alone(analyzer, small_checkpoint, classifier, tmp_path):
    names = [str(small_checkpoint), str(classifier)]
    found = compare(Shelf(device="cpu"), names, clip(1.0), WORDS)
    mine, other = found.said
    alone = analyzer.analyze(clip(1.0), WORDS).prediction
    assert mine.probabilities == pytest.approx(alone.probabilities, abs=1e-5)
    assert (mine.valence, mine.sides) == (
        pytest.approx(alone.valence, abs=1e-5),
        ("voice", "words"),
    )
    assert (other.valence, other.sides) == (None, ("voice",))
    # As transformers itself says it.
    asked = pipeline("audio-classification", model=str(classifier), device="cpu", top_k=None)
    theirs = {each["label"]: each["score"] for each in asked(clip(1.0).samples)}
    assert other.own == pytest.approx(theirs, abs=1e-5)
    assert other.probabilities == {
        "neutral": other.own["neu"], "happy": other.own["hap"], "angry": other.own["ang"],
        "other": other.own["Bored"],
    }  # fmt: skip
    assert found.labels[-1] == "other"
    assert all(each.size > 1000 and each.seconds > 0 for each in found.said)


def test_a_model_hears_samples_at_its_own_rate(tmp_path):
    folder = small_classifier(tmp_path / "phone", rate=8000)
    found = compare(Shelf(device="cpu"), [str(folder)], clip(1.0), words=False).said[0]
    asked = pipeline("audio-classification", model=str(folder), device="cpu", top_k=None)
    sent = {"raw": clip(1.0).samples, "sampling_rate": 16000}
    theirs = {each["label"]: each["score"] for each in asked(sent)}
    assert found.own == pytest.approx(theirs, abs=0.02)


def test_labels_that_stand_for_themselves_sum_to_one(tmp_path):
    folder = small_classifier(tmp_path / "many", problem_type="multi_label_classification")
    found = compare(Shelf(device="cpu"), [str(folder)], clip(1.0), words=False).said[0]
    assert sum(found.probabilities.values()) == pytest.approx(1)


def said(name, **probabilities):
    return Said(name, probabilities, probabilities, ("voice",), 1, 0.1)


def test_where_they_differ():
    one = said("a", neutral=0.5, sad=0.5)
    two = said("b", neutral=0.5, sad=0.1, angry=0.4)
    three = said("c", sad=0.0, other=1.0)
    found = Comparison("a clip", (one, two, three))
    assert found.labels == ("neutral", "angry", "sad", "other")
    shares = {(first, second): share for first, second, share in found.apart}
    assert shares == {
        ("a", "b"): pytest.approx(0.4),
        ("a", "c"): pytest.approx(1),
        ("b", "c"): pytest.approx(1),
    }
    # Nobody can differ about what only one of them knows.
    label, least, most = found.widest
    assert (label, least.name, most.name) == ("sad", "c", "a")
    assert Comparison("a clip", (one,)).widest is None


@pytest.mark.parametrize(("language", "name"), [("ko", "그 밖"), ("en", "other")])
def test_an_emotion_that_a_model_does_not_know_has_no_bar(language, name):
    one, two = said("a", neutral=0.5, sad=0.5), said("b", sad=0.2, other=0.8)
    figure = figures.compared(Comparison("a clip", (one, two)), language)
    assert [text.strip() for text in figure.layout.yaxis.ticktext][-1] == name
    assert [list(bars.x) for bars in figure.data] == [[0.5, 0.5], [0.2, 0.8]]
    # Bars of one emotion stand in its row, one below the other.
    assert [[round(row) for row in bars.y] for bars in figure.data] == [[0, 1], [1, 2]]
    assert figure.data[0].y[1] < figure.data[1].y[0]
    assert figure.data[0].marker.color != figure.data[1].marker.color


def test_models_are_loaded_once_and_the_longest_unused_makes_room(tmp_path, classifier):
    names = [str(classifier), *(str(small_classifier(tmp_path / name)) for name in "ab")]
    with Shelf(device="cpu").taken(names[0]) as (held, there):
        size = held.size
        assert not there
    shelf = Shelf(limit=2 * size + size // 2, device="cpu")
    first = {}
    for name in (names[0], names[1], names[0], names[2]):
        with shelf.taken(name) as (held, there):
            assert shelf.size <= shelf.limit
            assert there == (name in first)
            assert first.setdefault(name, held.judge) is held.judge
    assert shelf.names == [names[0], names[2]]
    with shelf.taken(names[1]) as (held, there):
        assert not there
    assert shelf.names == [names[2], names[1]]


def test_the_pages_own_model_is_not_loaded_again(analyzer, classifier):
    shelf = Shelf(analyzer, device="cpu")
    with shelf.taken(analyzer.name) as (held, there):
        assert held.judge is analyzer
        assert there
    assert shelf.names == []


def test_one_that_is_larger_than_all_that_may_be_held_is_refused(classifier, small_checkpoint):
    shelf = Shelf(limit=20_000, device="cpu")
    found = compare(shelf, [str(small_checkpoint), str(classifier)], clip(0.5), words=False)
    assert [each.name for each in found.said] == [str(classifier)]
    assert found.failed[str(small_checkpoint)].code == "large_model"
    assert shelf.names == [str(classifier)]


def test_settings_that_ask_for_more_than_is_stored_are_refused_before_it_is_made(copy):
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"intermediate_size": 10**10}))
    problem = why(copy)
    assert problem.code == "large_model"


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "preprocessor_config.json"])
def test_a_damaged_file_is_one_line_and_the_others_go_on(copy, classifier, file):
    whole = (copy / file).read_bytes()
    (copy / file).write_bytes(whole[: len(whole) // 2])
    found = compare(Shelf(device="cpu"), [str(copy), str(classifier)], clip(0.5), words=False)
    assert found.failed[str(copy)].code == "broken_checkpoint"
    assert "\n" not in str(found.failed[str(copy)])
    assert len(found.said) == 1


class Trap:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (open, (self.path, "w"))


def test_pickled_weights_are_never_opened(copy, tmp_path):
    (copy / "model.safetensors").unlink()
    (copy / "pytorch_model.bin").write_bytes(pickle.dumps(Trap(str(tmp_path / "sprung"))))
    assert "no safetensors" in str(why(copy))
    assert not (tmp_path / "sprung").exists()


def test_a_program_that_a_model_brings_is_never_run(copy, tmp_path):
    (copy / "theirs.py").write_text(f"open({str(tmp_path / 'sprung')!r}, 'w')\n")
    for name, key in (
        ("config.json", "AutoConfig"),
        ("preprocessor_config.json", "AutoFeatureExtractor"),
    ):
        facts = json.loads((copy / name).read_text())
        also = {"AutoModelForAudioClassification": "theirs.Theirs", key: "theirs.Theirs"}
        (copy / name).write_text(json.dumps(facts | {"auto_map": also}))
    why(copy)
    assert not (tmp_path / "sprung").exists()


def test_what_chooses_among_no_labels_is_refused(tmp_path, copy):
    from transformers import BertConfig, BertModel, Wav2Vec2Config, Wav2Vec2Model

    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1}
    BertModel(BertConfig(**sizes, intermediate_size=8, vocab_size=20)).save_pretrained(
        tmp_path / "b"
    )
    assert "no sound by bert" in str(why(tmp_path / "b"))
    # Without a head it would answer at random.
    config = Wav2Vec2Config.from_pretrained(copy)
    Wav2Vec2Model(config).save_pretrained(copy)
    assert "it lacks classifier" in str(why(copy))


def test_a_hub_out_of_reach_is_one_line_and_the_others_go_on(nowhere, classifier):
    names = ["somebody/some-model", str(classifier), "no-such-model"]
    found = compare(Shelf(device="cpu"), names, clip(0.5), words=False)
    assert {name: problem.code for name, problem in found.failed.items()} == {
        "somebody/some-model": "hub_unreachable",
        "no-such-model": "unknown_checkpoint",
    }
    assert [each.name for each in found.said] == [str(classifier)]


def test_a_name_of_the_hub_is_never_a_folder_of_this_machine(nowhere, classifier, monkeypatch):
    monkeypatch.chdir(classifier.parents[1])
    name = "/".join(classifier.parts[-2:])
    found = compare(
        Shelf(device="cpu"), [], clip(0.5), words=False, of_a_hub=[name, "../x", "/etc"]
    )
    assert not found.said
    codes = {each: problem.code for each, problem in found.failed.items()}
    assert codes == {
        name: "hub_unreachable",
        "../x": "unknown_checkpoint",
        "/etc": "unknown_checkpoint",
    }


def test_words_are_heard_once_for_all(tokenizer, small_checkpoint, tmp_path):
    """With a recognizer that is not there: only the first model tells of it."""
    again = tmp_path / "again"
    checkpoint.save(small_model(tokenizer), tokenizer, again, card="# Again\n")
    shelf = Shelf(device="cpu", transcriber=Transcriber("nobody"))
    shelf_names = [str(small_checkpoint), str(again)]
    from emotion import audio
    from tests.conftest import CLIPS

    found = compare(shelf, shelf_names, audio.load(CLIPS / "ko_happy.wav"))
    first, second = found.said
    assert first.notice.code == "whisper_unknown"
    assert second.notice is None or second.notice.code == "unsure"
    assert first.probabilities == pytest.approx(second.probabilities)


def test_visitors_reach_only_what_is_offered(analyzer, classifier, nowhere):
    offered = offer(analyzer, [str(classifier), str(classifier.parent / "x" / "four-emotions")])
    assert list(offered.names)[1:] == ["four-emotions", "four-emotions (2)"]
    for chosen, hub in (([str(classifier)], ""), (["four-emotions"], "a/b"), (["../x"], "")):
        with pytest.raises(BadInput) as problem:
            offered.compare(chosen, hub, None, "hello")
        assert problem.value.code == "not_offered"
    with pytest.raises(BadInput, match="nothing to compare"):
        offered.compare([], "", None, "hello")
    found = offered.compare(list(offered.names), "", None, WORDS, words=True)
    told = str(found) + "".join(map(str, found.failed.values()))
    assert str(classifier.parent) not in told  # where it lies is nobody's business
    assert set(found.failed) == {"four-emotions", "four-emotions (2)"}
    free = offer(analyzer, any_of_the_hub=True)
    assert free.compare([], "somebody/some-model", None, "hello").failed["somebody/some-model"]
    # Named as a hub's, though it stands there to be chosen.
    [said] = free.compare([], f"{analyzer.name},", None, "hello").said
    assert said.name == next(iter(free.names))


def test_programs_are_not_told_where_a_broken_model_lies(analyzer, classifier, tmp_path):
    deaf = shutil.copytree(classifier, tmp_path / "secret" / "deaf")
    (deaf / "preprocessor_config.json").unlink()
    with gr.Blocks():
        tab = Alternatives(analyzer, offer(analyzer, [str(deaf)]))
    found = tab.compare(str(CLIPS / "en_happy.wav"), ["deaf"], words=False)
    assert found["failed"].keys() == {"deaf"}
    assert "secret" not in str(found)


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        ("ko", "four-emotions 모델을 올리는 중", "four-emotions에 묻는 중"),
        ("en", "Loading four-emotions", "Asking four-emotions"),
    ],
)
def test_the_page_says_which_model_it_loads_and_which_it_asks(
    analyzer, classifier, language, first, then
):
    tab = Page(analyzer, offer(analyzer, [str(classifier)], device="cpu")).compare
    own, other = tab.offer.names
    for said in (first, then):
        told = []
        tab.compare(
            str(CLIPS / "en_happy.wav"), WORDS, False, [own, other], "", language,
            lambda share, desc, told=told: told.append((share, desc)),
        )  # fmt: skip
        assert [share for share, _ in told] == [0.25, 0.75]
        assert own in told[0][1]
        assert told[1][1] == said


def test_the_command_prints_a_table_or_json(small_checkpoint, classifier, tmp_path, capsys):
    sound = write_wav(tmp_path / "a.wav", voice(1.0))
    names = ["--checkpoint", str(small_checkpoint), "--checkpoint", str(classifier)]
    assert main(["compare", str(sound), "--text", WORDS, *names, "--json"]) == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert [each["model"] for each in told["models"]] == names[1::2]
    assert 0 < told["apart"][0]["share"] <= 1
    assert err == ""
    assert main(["compare", str(sound), "--no-words", *names, "--checkpoint", "nobody"]) == 2
    out, err = capsys.readouterr()
    assert "[2]" in out
    assert "No model is called nobody" in err
    assert err.count("\n") == 1
    assert main(["compare", str(tmp_path / "none.wav"), *names]) == 2
    assert main(["compare", *names]) == 2
    assert main(["compare", "--text", WORDS, *names[:2]]) == 0  # words alone, where they are read


def test_the_command_says_why_no_words_were_read(small_checkpoint, capsys, monkeypatch):
    monkeypatch.setenv("EMOTION_WHISPER", "/nowhere/whisper.pt")
    sound = str(CLIPS / "en_happy.wav")
    assert main(["compare", sound, "--checkpoint", str(small_checkpoint)]) == 0
    out, err = capsys.readouterr()
    assert "[1]" in out
    assert err.startswith(f"{small_checkpoint}: There is no speech recognizer called /nowhere")


@pytest.mark.parametrize("said", ["nan", "inf", "-1", "0", "1e300", "much"])
def test_no_size_is_one_sentence(said, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["compare", "a.wav", "--checkpoint", "default", "--gigabytes", said])
    assert ended.value.code == 2
    assert f"--gigabytes: {said} is no size" in capsys.readouterr().err


def test_a_model_may_be_named_twice(analyzer, small_checkpoint):
    shelf = Shelf(Analyzer.load(small_checkpoint, device="cpu"), device="cpu")
    names = [str(small_checkpoint)] * 2
    assert len(compare(shelf, names, clip(0.5), words=False).said) == 1
    assert torch.is_tensor(next(shelf.own.model.parameters()))
