import pytest

from index import build
from index.errors import InputError, SourceError
from index.sidecars import edit, sidecar, sidecar_of, stated
from index.sources import read_document, read_info

BODY = "The old bridge was closed in the spring, and the council sent for a mason. He came in June."
TEXT = f"---\ntitle: A Bridge\nauthor: Jane Doe\ndate: 2021-03-03\n---\n{BODY}\n"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "bridge.md"
    path.write_text(TEXT)
    return path


def test_edited_fields_are_known_by_the_user(path):
    edit(path, {"title": "The Bridge: a story", "authors": ["Doe, Jane", "null & void"]})
    info = read_info(path)
    assert (info.title, info.authors) == ("The Bridge: a story", ("Doe, Jane", "null & void"))
    assert dict(info.found) == {"title": "user", "authors": "user", "published": "front_matter"}
    assert path.read_text() == TEXT


def test_a_field_can_be_edited_to_be_unknown(path):
    edit(path, {"published": None, "title": "T"})
    info = read_info(path)
    assert (info.published, info.title) == (None, "T")
    assert dict(info.found)["published"] == "user"


def test_an_edit_divides_no_text_anew(path):
    blocks = ("# A Bridge", "By Jane Doe", "March 3, 2021", BODY, BODY, "© 2021 River Institute")
    path.write_text("\n\n".join(blocks))
    before, passages = read_document(path)
    assert {"byline", "body"} <= {passage.label for passage in passages}
    edit(path, {"title": "T", "authors": ["John Roe"], "published": None, "publisher": "P"})
    after, again = read_document(path)
    assert again == passages
    assert (after.info.authors, after.info.published) == (("John Roe",), None)
    assert {"title", "authors", "published"} <= {name for name, _ in before.byline}
    assert after.byline == ()  # the text states nothing of what is known now
    edit(path, {"authors": ["Jane Doe"]})
    assert [name for name, _ in read_document(path)[0].byline] == ["authors"]


def test_what_else_a_sidecar_states_stays_and_is_not_the_users(path):
    sidecar(path).write_text("# by hand\ntitle: By hand\nlanguage: no\nshelf: {row: 4}\n")
    edit(path, {"publisher": "River House"})
    assert stated(path) == {
        "publisher": "River House",
        "title": "By hand",
        "language": "no",
        "shelf": {"row": "4"},
        "edited": ["publisher"],
    }
    found = dict(read_info(path).found)
    assert (found["publisher"], found["title"], found["language"]) == ("user", "sidecar", "sidecar")
    edit(path, {"title": "By me"})
    assert stated(path)["edited"] == ["publisher", "title"]
    assert read_info(path).publisher == "River House"


def test_a_sidecar_of_the_name_without_suffix_is_taken_over(path, tmp_path):
    shared = tmp_path / "bridge.meta.yaml"
    shared.write_text("publisher: River House\n")
    edit(path, {"title": "T"})
    assert sidecar_of(path) == sidecar(path)
    assert (read_info(path).title, read_info(path).publisher) == ("T", "River House")
    assert shared.read_text() == "publisher: River House\n"


@pytest.mark.parametrize("listed", ["title", "{title: x}", "[[title], {title: 1}, 4]", "[shelf]"])
def test_odd_lists_of_what_was_edited(path, listed):
    sidecar(path).write_text(f"title: By hand\nedited: {listed}\n")
    assert dict(read_info(path).found)["title"] == "sidecar"
    edit(path, {"published": "2020"})
    assert read_info(path).published == "2020"


def test_a_sidecar_that_cannot_be_written(tmp_path):
    path = tmp_path / ("x" * 250 + ".md")
    path.write_text(TEXT)
    with pytest.raises(InputError, match="expected a file that can be written beside"):
        edit(path, {"title": "T"})
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_that_is_taken_is_left_alone(path, tmp_path):
    sidecar(path).mkdir()
    with pytest.raises(InputError, match="cannot be"):
        edit(path, {"title": "T"})
    assert sorted(tmp_path.iterdir()) == [path, sidecar(path)]


def test_a_broken_sidecar_is_not_written_over(path):
    sidecar(path).write_text("title: [open")
    with pytest.raises(SourceError, match="expected YAML"):
        edit(path, {"title": "T"})
    assert sidecar(path).read_text() == "title: [open"


def test_an_edit_is_indexed_although_the_file_is_unchanged(path, tmp_path, embedder):
    build([path], tmp_path / "index", embedding_model=embedder)
    edit(path, {"title": "T"})
    report = build([path], tmp_path / "index", embedding_model=embedder)
    assert report.changed == (str(path),)
