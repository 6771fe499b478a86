"""Whose words a question asks for, and which document it is about."""

import pytest

from assistant.about import about_document
from assistant.voices import asked_author, asked_authors, asked_source, asks_which_author
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
        ("Does Loon mention pilots?", "Ada van Loon"),
        ("In Loon's opinion, who owns the harbor?", "Ada van Loon"),
        ("What are the views expressed by Öz?", None),
        ("Which canal was dug by Lind?", None),
        ("What about the mills, and what does Loon say?", "Ada van Loon"),
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
        ("Who wrote Mills of the North?", "authors", MILLS),
        ("who wrote two canals a reckoning", "authors", CANALS),
        ("When was The Harbor and Its Pilots published?", "published", HARBOR),
        ("When was the article on canals published?", "published", CANALS),
        ("When was the article on ships published?", None, None),
        ("When was the treaty on canals published?", None, None),
        ("Who wrote to Mills of the North?", None, None),
        ("Who wrote to the president in 2018?", None, None),
    ],
)
def test_about_document(question, field, found):
    about = about_document(question, DOCUMENTS)
    assert (about and about.field, about and about.document) == (field, found)


NAMESAKES = [*DOCUMENTS, document("d", "Locks", "Eva Lind")]


@pytest.mark.parametrize(
    ("question", "authors"),
    [
        ("What do Lind and Loon say about pilots?", ("Bo Lind", "Ada van Loon")),
        ("Compare Öz with Loon.", ("Cy Öz", "Ada van Loon")),
        ("How do Loon's and Öz's views differ?", ("Ada van Loon", "Cy Öz")),
        ("Are canals safe, according to Loon and to Öz?", ("Ada van Loon", "Cy Öz")),
        ("What do Loon, Öz and Lind say?", ("Ada van Loon", "Cy Öz", "Bo Lind")),
        ("What does Loon say about Öz?", ("Ada van Loon",)),
        ("Where did Loon and Öz meet?", ()),
        ("Who met Loon?", ()),
    ],
)
def test_asked_authors(question, authors):
    assert asked_authors(question, DOCUMENTS) == authors


@pytest.mark.parametrize(
    ("question", "authors"),
    [
        ("What does Lind say about locks?", {"Bo Lind", "Eva Lind"}),
        ("What does Eva Lind say about locks?", {"Eva Lind"}),
        ("What does Ann Lind say about locks?", {"Bo Lind", "Eva Lind"}),
    ],
)
def test_namesakes(question, authors):
    assert set(asked_authors(question, NAMESAKES)) == authors
    assert (asked_author(question, NAMESAKES) is None) == (len(authors) > 1)


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("Which author argues that canals silt up?", "author"),
        ("Who among the authors predicts a flood?", "author"),
        ("Which of the authors warns of silt?", "author"),
        ("Who says that canals silt up?", "author"),
        ("Which article mentions the flood?", "document"),
        ("Whose article quotes a pilot?", "document"),
        ("Which author is described as a pilot?", None),
        ("Which TFEU article defines canals?", None),
        ("Who said that canals silt up?", None),
        ("Who calls at the harbor?", None),
        ("What do canals carry?", None),
    ],
)
def test_asked_source(question, source):
    assert asked_source(question) == source
    assert asks_which_author(question) == (source == "author")
