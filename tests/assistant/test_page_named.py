"""The page of a quote stands wherever the quote does."""

from dataclasses import replace

from assistant.exporting.items import place_of
from assistant.markdown import to_markdown
from assistant.references import reference
from assistant.types import Answer, Citation, DocumentInfo, Quote, Statement
from assistant.web.cards import quote_card

TEXT = "The lock was opened in 1911. It was closed again in 1950."
DOCUMENT = DocumentInfo("d" * 16, "The lock", ("Ann Lee",), None, "1951", "lock.pdf", "e" * 64)
CITATION = Citation(1, Quote.slice(TEXT, 0, 28), DOCUMENT, f"{DOCUMENT.id}:0-57", "pages iv–v")


def test_it_is_named():
    answer = Answer(
        *("?", "The lock was opened in 1911. [1]", "answered", None),
        (Statement("The lock was opened in 1911.", (1,), 1.0),),
        (CITATION,),
    )
    assert place_of(CITATION) == "lock.pdf, pages iv–v, characters 0–28"
    assert " · pages iv–v · characters 0–28" in quote_card(CITATION, "t1")
    assert "lock.pdf, pages iv–v, characters 0–28" in to_markdown(answer)
    assert "lock.pdf, pages iv–v, characters 0–28" in reference(CITATION)
    assert "pages = {iv--v}" in reference(CITATION, "bibtex")


def test_it_is_left_out_where_there_is_none():
    bare = replace(CITATION, place=None)
    assert place_of(bare) == "lock.pdf, characters 0–28"
    assert "pages" not in quote_card(bare, "t1")


def test_it_is_no_markup():
    hostile = replace(CITATION, place="page <script>")
    assert "<script>" not in quote_card(hostile, "t1")
