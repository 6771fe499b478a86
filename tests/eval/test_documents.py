import pytest

from eval.documents import DatasetDocuments


@pytest.fixture
def documents(tmp_path):
    for name in ("x.txt", "a/x.txt", "b/a/x.txt", "only.txt"):
        path = tmp_path / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("same text" if name != "b/a/x.txt" else "another", encoding="utf-8")
    return DatasetDocuments(tmp_path / "documents")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("/elsewhere/only.txt", "only.txt"),
        ("C:\\docs\\only.txt", "only.txt"),
        ("file:///some%20where/only.txt", "only.txt"),
        ("/d/documents/x.txt", "x.txt"),
        ("/d/documents/a/x.txt", "a/x.txt"),
        ("documents/b/a/x.txt", "b/a/x.txt"),
        ("b/a/x.txt", "b/a/x.txt"),
        ("/d/other.txt", None),
        ("", None),
    ],
)
def test_locate(documents, source, name):
    assert documents.locate(source) == name


def test_twins_are_one_document(documents):
    assert documents.are_same("x.txt", "a/x.txt")
    assert not documents.are_same("x.txt", "b/a/x.txt")


def test_names(documents):
    assert documents.names == ("a/x.txt", "b/a/x.txt", "only.txt", "x.txt")
    assert "x.txt" in documents
    assert "y.txt" not in documents
