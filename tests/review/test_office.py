"""What can be reached from the page: the projects of its own folder, and nothing else."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from emotion.errors import BadInput
from emotion.review import Decision
from emotion.review.bring import bring
from emotion.review.office import Office, desk
from emotion.review.seat import Way
from emotion.review.users import Users
from tests.conftest import voice, write_wav


@pytest.fixture
def office(tmp_path):
    users = Users(tmp_path / "users.json")
    users.put("kim", "correct horse", "adjudicator")
    users.put("lee", "correct horse")
    office = Office(tmp_path / "desk", users)
    yield office
    office.close()


def test_only_projects_of_the_folder_are_opened(office, tmp_path):
    other = Office(tmp_path / "other")
    other.begin("secret")
    other.close()
    office.begin("ours")
    assert office.names() == ["ours"]
    for name in ("../other/secret", str(tmp_path / "other" / "secret"), "theirs", "", None):
        with pytest.raises(BadInput, match="no project called"):
            office.project(name)
    for name in ("../up", "a/b", ".hidden", "", " ", "x" * 61):
        with pytest.raises(BadInput, match="cannot be called"):
            office.begin(name)


def test_nothing_outside_of_the_folder_is_brought_in(office, tmp_path):
    (office.folder / "corpus").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (office.folder / "linked").symlink_to(tmp_path / "elsewhere")  # as the operator means it
    assert office.works() == ["corpus", "linked"]
    assert office.place("corpus") == office.folder / "corpus"
    for name in ("..", ".", "", "../elsewhere", str(tmp_path), "corpus/../../elsewhere"):
        with pytest.raises(BadInput, match="not in the folder"):
            office.place(name)
    # Nor is what a stranger sent read as if the operator had put it there.
    office.begin("ours")
    for name in (".brought", "ours.review", "ours.review.clips/x"):
        with pytest.raises(BadInput, match="not in the folder"):
            office.place(name)


def test_a_table_that_was_sent_reaches_the_folder_and_no_further(office, tmp_path):
    for folder in (office.folder / "corpus", tmp_path):
        folder.mkdir(exist_ok=True)
        write_wav(folder / "a.wav", voice(0.5))
    table = tmp_path / "sent.csv"
    up = tmp_path / "a.wav"
    table.write_text(f"id,audio\n1,corpus/a.wav\n2,../a.wav\n3,{up}\n")
    project = office.project(office.begin("ours"))
    list(bring(project, office.take(table), office.folder))
    assert [each.id for each in project.clips] == ["1"]
    assert [fault.problem.code for fault in project.clips.faults()] == ["missing_file"] * 2


def test_a_table_that_was_sent_reaches_what_is_linked_into_the_folder_and_nothing_beside(
    office, tmp_path
):
    corpus = tmp_path / "disk" / "corpus"
    corpus.mkdir(parents=True)
    for place in (corpus, corpus.parent):
        write_wav(place / "a.wav", voice(0.5))
    (office.folder / "linked").symlink_to(corpus)
    (office.folder / "round").symlink_to("round")
    table = tmp_path / "sent.csv"
    lines = ("linked/a.wav", "linked/../a.wav", "linked/../../disk/a.wav", "round/a.wav")
    table.write_text("audio\n" + "\n".join(lines) + "\n")
    project = office.project(office.begin("ours"))
    list(bring(project, office.take(table), office.folder))
    assert [each.id for each in project.clips] == ["linked/a.wav"]
    assert project.clips.path("linked/a.wav").samefile(corpus / "a.wav")
    assert [fault.problem.code for fault in project.clips.faults()] == ["missing_file"] * 3


def test_an_upload_is_kept_once_and_others_of_its_name_beside_it(office, tmp_path):
    (tmp_path / "sent.csv").write_text("one")
    first = office.take(tmp_path / "sent.csv")
    assert office.take(tmp_path / "sent.csv") == first
    (tmp_path / "sent.csv").write_text("two")
    assert office.take(tmp_path / "sent.csv").name == "sent-2.csv"


def test_uploads_of_one_name_that_come_at_once_are_not_taken_for_each_other(
    office, tmp_path, monkeypatch
):
    copy = shutil.copyfile
    monkeypatch.setattr(shutil, "copyfile", lambda *both: (copy(*both), time.sleep(0.1)))
    uploads = [tmp_path / f"{n}" / "sent.csv" for n in range(4)]
    for n, upload in enumerate(uploads):
        upload.parent.mkdir()
        upload.write_text(str(n))
    with ThreadPoolExecutor(4) as pool:
        kept = list(pool.map(office.take, uploads))
    assert [path.read_text() for path in kept] == ["0", "1", "2", "3"]


def test_what_the_disk_says_against_a_folder_or_an_upload_is_one_sentence(office, tmp_path):
    with pytest.raises(BadInput, match=r"gone\.csv does not exist"):
        office.take(tmp_path / "gone.csv")
    with pytest.raises(BadInput, match="cannot be opened: file name too long"):
        office.place("x" * 300)
    (tmp_path / "sent.csv").write_text("text\nyes\n")
    shutil.rmtree(office.folder)
    office.folder.touch()  # as where a disk is not mounted any more
    with pytest.raises(BadInput, match=r"sent\.csv cannot be written: not a directory"):
        office.take(tmp_path / "sent.csv")
    with pytest.raises(BadInput, match="desk cannot be opened: not a directory"):
        office.works()
    with pytest.raises(BadInput, match="no project called"):
        office.project("ours")


def test_who_may_do_what(office):
    assert office.who("lee") == "lee"
    for login in ("nobody", None, ""):
        with pytest.raises(BadInput, match="may not work here"):
            office.who(login)
    office.lead("kim")
    office.allow("kim", Way("conflicts"))
    office.allow("lee", Way("doubt"))
    with pytest.raises(BadInput, match="Only adjudicators"):
        office.lead("lee")
    with pytest.raises(BadInput, match="Only adjudicators"):
        office.allow("lee", Way("conflicts"))
    office.users.remove("lee")  # while they are logged in
    with pytest.raises(BadInput, match="may not work here"):
        office.who("lee")


def test_where_nobody_leads_any_more_nobody_settles(office):
    name = office.begin("ours")
    assert office.project(name).settings.adjudicators == ("kim",)
    office.users.put("kim", "correct horse")
    project = office.project(name)
    with pytest.raises(BadInput, match="kim is none of those"):
        project.log.settle("kim", "c1", Decision("unclear"))
    office.users.put("lee", "correct horse", "adjudicator")
    assert office.project(name).settings.adjudicators == ("lee",)


def test_a_desk_is_not_opened_to_a_whole_network(tmp_path):
    folder, users = str(tmp_path / "desk"), Users(tmp_path / "users.json")
    assert desk(None, None, alone=False) is None
    assert desk(folder, None, alone=True)
    with pytest.raises(BadInput, match="--users FILE"):
        desk(folder, None, alone=False)
    users.put("lee", "correct horse")
    with pytest.raises(BadInput, match="names no adjudicator"):
        desk(folder, str(users.path), alone=False)
    users.put("kim", "correct horse", "adjudicator")
    assert desk(folder, str(users.path), alone=False)
