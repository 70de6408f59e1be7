"""Names of clips as a Mac or a Windows spells them, in tables and in zips."""

import csv
import json
import zipfile
from unicodedata import normalize

import pytest

from emotion.bundle import unpacked
from emotion.errors import BadInput
from emotion.manifest import Reach
from emotion.review import Project
from emotion.review.bring import bring
from emotion.score import score
from tests.conftest import voice, write_wav

WHOLE, PARTS = (normalize(form, "클립/첫 목소리.wav") for form in ("NFC", "NFD"))


@pytest.fixture
def clip(tmp_path):
    return write_wav(tmp_path / "clip.wav", voice(0.3))


@pytest.fixture
def project(tmp_path):
    with Project(tmp_path / "work.review") as project:
        yield project


def zipped(path, files):
    """A zip of names in bytes that does not say what they are encoded in."""
    with zipfile.ZipFile(path, "w") as bundle:
        for i, (name, data) in enumerate(files.items()):
            bundle.writestr(f"{i}".rjust(len(name), "?"), data)
    data = path.read_bytes()
    for i, name in enumerate(files):
        data = data.replace(f"{i}".rjust(len(name), "?").encode(), name)
    path.write_bytes(data)
    return path


def errors(analyzer, manifest, within=None):
    output = manifest.with_name("scored.csv")
    score(analyzer, manifest, output, within=within)
    with output.open(encoding="utf-8-sig", newline="") as file:
        return [row["error"] for row in csv.DictReader(file)]


@pytest.mark.parametrize("name", [WHOLE.encode(), PARTS.encode(), WHOLE.encode("cp949")])
def test_names_in_a_zip_that_says_no_encoding_are_korean(tmp_path, clip, name):
    with unpacked(zipped(tmp_path / "b.zip", {name: clip.read_bytes()})) as manifest:
        assert manifest.read_text(encoding="utf-8").split("\n")[1].strip() == WHOLE
        assert Reach(manifest.parent, manifest.parent).path(WHOLE).is_file()


def test_a_zip_of_another_code_page_is_unpacked_all_the_same(tmp_path, clip):
    with unpacked(zipped(tmp_path / "b.zip", {b"\x81.wav": clip.read_bytes()})) as manifest:
        assert "ü.wav" in manifest.read_text(encoding="utf-8")


@pytest.mark.parametrize("cell", [WHOLE, PARTS])
@pytest.mark.parametrize("name", [WHOLE, PARTS])
def test_a_macs_zip_is_scored_and_brought_in(tmp_path, clip, project, analyzer, cell, name):
    files = {name.encode(): clip.read_bytes(), b"m.csv": f"id,audio\n1,{cell}\n".encode()}
    bundle = zipped(tmp_path / "b.zip", files)
    with unpacked(bundle) as manifest:
        assert errors(analyzer, manifest, manifest.parent) == [""]
    list(bring(project, bundle))
    assert project.clips.path("1").read_bytes() == clip.read_bytes()


def test_a_zip_without_a_table_is_brought_in_by_names_that_one_can_type(tmp_path, clip, project):
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as bundle:  # which says that it is in UTF-8
        bundle.write(clip, PARTS)
    list(bring(project, tmp_path / "b.zip"))
    assert [each.id for each in project.clips] == [WHOLE]
    assert project.clips.path(WHOLE).is_file()


@pytest.mark.parametrize(
    ("there", "cell"),
    [
        (WHOLE, PARTS),
        (PARTS, WHOLE),
        ("clips/a.wav", "clips\\a.wav"),
        (PARTS, WHOLE.replace("/", "\\")),
        ("clips\\a.wav", "clips\\a.wav"),
    ],
)
def test_a_table_finds_its_clips_as_another_system_spells_them(
    tmp_path, clip, project, analyzer, there, cell
):
    place = tmp_path / "corpus" / there
    place.parent.mkdir(parents=True)
    clip.rename(place)
    (tmp_path / "corpus/m.csv").write_text(f"id,audio\n1,{cell}\n", encoding="utf-8")
    assert errors(analyzer, tmp_path / "corpus/m.csv") == [""]
    list(bring(project, tmp_path / "corpus/m.csv", tmp_path / "corpus"))
    served = f"/data/local-files/?d={cell}"
    tasks = [{"data": {"id": "2", "audio": served}}]
    (tmp_path / "corpus/tasks.json").write_text(json.dumps(tasks), encoding="utf-8")
    list(bring(project, tmp_path / "corpus/tasks.json"))
    assert [project.clips.path(name) for name in "12"] == [place, place]


@pytest.mark.parametrize("cell", ["..\\clip.wav", "a\\..\\..\\clip.wav", "..\\..\\x", "\\clip.wav"])
def test_no_spelling_leads_out(tmp_path, clip, cell):
    folder = tmp_path / "sent"
    (folder / "a").mkdir(parents=True)
    with pytest.raises(BadInput, match="does not exist"):
        Reach(folder, folder).path(cell)


def test_a_name_that_is_nowhere_stays_as_it_was_written(tmp_path):
    for name in ("gone\\a.wav", PARTS, "가" * 200):
        assert Reach(tmp_path, tmp_path).path(name) == tmp_path / name
