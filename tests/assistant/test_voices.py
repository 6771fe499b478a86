"""Whose words a question asks for, and which document it is about."""

import pytest

from assistant.about import about_document
from assistant.voices import asked_author
from index import DocumentInfo


def document(name, title, *authors):
    return DocumentInfo(name * 16, title, authors, None, None, f"{name}.txt", name * 64)


HARBOR = document("a", "The Harbor and Its Pilots", "Ada van Loon")
CANALS = document("b", "Two Canals: A Reckoning", "Bo Lind")
MILLS = document("c", "Mills of the North", "Bo Lind", "Cy Öz")
DOCUMENTS = [HARBOR, CANALS, MILLS]


@pytest.mark.parametrize(
    ("question", "author"),
    [
        ("What does Ada van Loon say about pilots?", "Ada van Loon"),
        ("What does Loon think of the harbor?", "Ada van Loon"),
        ("According to Öz, who owns the mills?", "Cy Öz"),
        ("What is Lind's view of canals?", "Bo Lind"),
        ("Lind argues what?", "Bo Lind"),
        ("When was the article by Loon published?", "Ada van Loon"),
        ("Did Lind own a mill?", None),
        ("Who met Ada van Loon?", None),
        ("What does Lindgren say about pilots?", None),
        ("What do Lind and Loon say about pilots?", None),
        ("Who says that the canals silt up?", None),
    ],
)
def test_asked_author(question, author):
    assert asked_author(question, DOCUMENTS) == author


@pytest.mark.parametrize(
    ("question", "field", "found"),
    [
        ("Who wrote the article about the harbor and its pilots?", "authors", HARBOR),
        ('Who wrote "Two Canals"?', "authors", CANALS),
        ("When was the text Mills of the North published?", "published", MILLS),
        ("When was the article by Loon published?", "published", HARBOR),
        ("When was the article by Lind published?", None, None),
        ("Who wrote to the harbor pilots?", None, None),
        ("When were the canals dug?", None, None),
        ('Who wrote "The Sea"?', None, None),
    ],
)
def test_about_document(question, field, found):
    about = about_document(question, DOCUMENTS)
    assert (about and about.field, about and about.document) == (field, found)
