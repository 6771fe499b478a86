from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.web.site import Site, SiteOptions, folder_name, user_of
from index import build
from index.embedding import DEFAULT_MODEL, load_embedder
from index.indexing import make_empty

BRIEF = Path(__file__).parents[3] / "eval/datasets/briefs/documents/01-arms-supplies.md"


@pytest.fixture(scope="module")
def empty_desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site") / "empty.index"
    make_empty(folder, load_embedder(DEFAULT_MODEL))
    with Assistant.open(folder) as desk:
        yield desk


@pytest.fixture
def private(empty_desk, tmp_path):
    options = SiteOptions(data=tmp_path, index=tmp_path / "shared", private_libraries=True)
    site = Site(empty_desk, options)
    yield site
    site.close()


def test_an_empty_library_says_so(private):
    desk = private.desk("anna")
    assert desk.documents() == desk.search("arms") == desk.example_questions() == []
    assert desk.answer("Who supplied the arms?").text == (
        "The collection holds no text to answer from."
    )


def test_each_user_has_a_library_of_their_own(private, tmp_path):
    anna, ben = private.desk("anna"), private.desk("ben")
    folder = private.index_folder("anna")
    assert folder == tmp_path / "users" / "anna" / "verbatim.index"
    build([BRIEF], folder)
    assert [document.source for document in anna.documents()] == [str(BRIEF)]
    assert anna.search("arms")
    assert ben.documents() == ben.search("arms") == private.desk().documents() == []
    assert private.desk("anna") is anna


def test_a_library_is_opened_once_by_many(private):
    with ThreadPoolExecutor(8) as pool:
        desks = list(pool.map(private.desk, ["carl"] * 8))
    assert len(set(map(id, desks))) == 1


def test_a_closed_site_opens_no_library(empty_desk, tmp_path):
    site = Site(empty_desk, SiteOptions(data=tmp_path, private_libraries=True))
    site.desk("anna")
    site.close()
    with pytest.raises(RuntimeError, match="ending"):
        site.desk("anna")
    assert empty_desk.documents() == []  # still open: it is the caller's


def test_where_things_are_kept(empty_desk, tmp_path, private):
    shared = Site(empty_desk, SiteOptions(data=tmp_path, index=tmp_path / "shared"))
    assert shared.desk("anna") is empty_desk
    assert shared.index_folder("anna") == tmp_path / "shared"
    assert shared.files_folder("anna") == tmp_path / "files"
    assert shared.data_folder("anna") == tmp_path / "users" / "anna"
    assert shared.data_folder() == tmp_path
    assert private.files_folder("anna") == tmp_path / "users" / "anna" / "files"
    assert private.index_folder() is None
    assert private.files_folder() is None


def test_nothing_is_kept_without_a_place(empty_desk, tmp_path):
    bare = Site(empty_desk)
    assert bare.index_folder() is bare.files_folder("anna") is bare.data_folder("anna") is None
    shown = Site(empty_desk, SiteOptions(data=tmp_path, index=tmp_path / "i", read_only=True))
    assert shown.index_folder() is shown.files_folder() is None
    assert shown.data_folder() == tmp_path


def test_no_name_leads_to_another_folder():
    names = ["anna", "anna.b", "a@b.c", ".", "..", "../anna", ".anna", "%2E", "a/b", "a\\b", "\0"]
    folders = [folder_name(name) for name in names]
    assert len(set(folders)) == len(names)
    for folder in folders:
        assert Path(folder).name == folder
        assert not folder.startswith(".")
        assert "\\" not in folder
        assert "\0" not in folder
    with pytest.raises(ValueError, match="found none"):
        folder_name("")


def test_who_is_signed_in():
    assert user_of({"verbatim.user": "anna"}) == "anna"
    assert user_of({}) is user_of({"verbatim.user": None}) is None
