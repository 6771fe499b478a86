"""Whose words a quote reports, and how its introduction says so."""

import pytest

from assistant.grounding import cite
from assistant.reported import has_unnamed_speaker, may_report, reported
from assistant.wording import statement_text
from eval.statements import statements_of, without_quotations
from index import Document, DocumentInfo

TEXT = "The guild of Tarn met often. In the end Marlow spoke, and so did Ida Quill of Tarn."
AUTHORS = ("Bo Lind", "Cy van Öz")


@pytest.mark.parametrize(
    ("quote", "name"),
    [
        ("Marlow said that the mill would close.", "Marlow"),
        ("In May 2019 Ida Quill told reporters that the mill would close.", "Ida Quill"),
        ("According to the ministry, the mill closed.", "the ministry"),
        ("The mill closed, according to the Tarn Institute (TI).", "the Tarn Institute"),
        ("According to the venerable Tarn Institute, the mill closed.", "Tarn Institute"),
        ("“The mill is doomed,” said Ida Quill.", "Ida Quill"),
        ("The mill, Marlow notes, is doomed.", "Marlow"),
        ("In the words of Ida Quill, the mill is a ruin.", "Ida Quill"),
        ("In Quill's view, the mill is a ruin.", "Quill"),
        ("Ida Quill, the miller's daughter, argues that it is a ruin.", "Ida Quill"),
        ("Thus, the speaker of the Tarn council Ida Quill stated that it stands.", "Ida Quill"),
        ("Ida Quill said that it would close. She added that it was time.", "Ida Quill"),
        ("Ida Quill owned the mill. She said that it would close.", "Ida Quill"),
        ("Marlow says, by contrast, that the mill stands.", "Marlow"),
    ],
)
def test_who_is_reported(quote, name):
    found = reported(quote, f"{TEXT} {quote}", AUTHORS)
    assert found is not None
    assert found.name == name == quote[found.start : found.end]


@pytest.mark.parametrize(
    "quote",
    [
        "The mill closed in 2019.",
        "Critics said that the mill would close.",
        "Most Tarnians say that the mill is a ruin.",
        "It is said that the mill is a ruin.",
        "He said that the mill would close.",
        "The Mill Act states that no mill may close.",
        "According to legend, the mill is a ruin.",
        "According to Article 5, the mill may not close.",
        "Ida Quill, who said that the mill would close, left in May.",
        "Marlow said goodbye to the mill.",
        "Marlow did not say that the mill would close.",
        "Marlow said that the mill would close, but it still stands.",
        "Marlow said that it would close, and Ida Quill said that it would stand.",
        "The mill was sold (“a pity,” Marlow said), and its owner left.",
        "Although the mill was sold, Marlow says that it was worth nothing.",
        "The mill was sold. Marlow said that it was worth nothing.",
        "Tarn refused the offer of Marlow. He said that it came late.",
        "Lind says that the mill is a ruin.",
        "According to Cy van Öz, the mill is a ruin.",
        "",
    ],
)
def test_nobody_is_reported(quote):
    assert reported(quote, f"{TEXT} {quote}", AUTHORS) is None


def test_a_namesake_of_the_author_is_someone_else():
    assert reported("Ada Lind says that it stands.", TEXT, ("Bo Lind",)) is not None
    assert reported("B. Lind says that it stands.", TEXT, ("Bo Lind",)) is None


@pytest.mark.parametrize(
    ("quote", "is_quoted"),
    [
        ("Ida Quill said: “It is a sorry old ruin.”", True),
        ("Ida Quill said that the mill was a ruin.", False),
        ("Ida Quill said that the “old mill” was a ruin.", False),
        ("Ida Quill said that “The Mill on the Hill” was a fine book.", False),
    ],
)
def test_words_in_quotation_marks_are_told_from_titles(quote, is_quoted):
    found = reported(quote, TEXT, ())
    assert found is not None
    assert found.is_quoted is is_quoted


def test_an_unnamed_speaker_is_seen():
    assert has_unnamed_speaker("From the start, he argues, the mill was doomed.")
    assert not has_unnamed_speaker("From the start, Marlow argues, the mill was doomed.")


@pytest.mark.parametrize(
    ("quote", "may"),
    [
        ("The mill is doomed.", False),
        ("Marlow holds the mill to be doomed.", True),
        ("He holds the mill to be doomed.", True),
        ("It is, in his own view, doomed.", True),
        ("Nobody thinks that it stands.", True),
    ],
)
def test_what_may_be_someone_elses_words(quote, may):
    assert may_report(quote, TEXT) is may


def introduced(quote, authors, asked=None, again=False):
    document = DocumentInfo("a" * 16, "Why the Mill?", authors, None, "2020-05", "m.txt", "a" * 64)
    text = f"{quote} {TEXT}"
    citation = cite(1, Document(document, text, ()), 0, len(quote), "p")
    return statement_text(citation, citation if again else None, text, asked)


SAID = "The guild says that the mill closed. Marlow said that it was time."
PLAIN = "The mill closed because its wheel broke."


@pytest.mark.parametrize(
    ("quote", "authors", "asked", "again", "introduction"),
    [
        (PLAIN, ("Bo Lind",), None, False, "Bo Lind (May 2020) writes"),
        (PLAIN, ("Bo Lind",), "author", False, "Bo Lind (May 2020) says so"),
        (PLAIN, ("Bo Lind", "Cy Öz"), "author", False, "Bo Lind and Cy Öz (May 2020) say so"),
        (PLAIN, ("Bo Lind",), "document", False, "Bo Lind (May 2020), in “Why the Mill?” itself"),
        (PLAIN, ("Bo Lind",), "author", True, "The same text adds"),
        (PLAIN, (), "author", False, "“Why the Mill?” (author not stated, May 2020) says"),
        ("It is, he says, so.", ("Bo Lind",), "author", False, "Bo Lind (May 2020) writes"),
        (
            "According to the ministry, it closed.",
            ("Bo Lind",),
            "author",
            False,
            "The ministry, as reported by Bo Lind (May 2020)",
        ),
        (
            "Marlow said: “It was a good time for all.”",
            ("Bo Lind", "Cy Öz"),
            None,
            False,
            "Marlow, quoted by Bo Lind and Cy Öz (May 2020)",
        ),
        (
            "Marlow said that it was time.",
            (),
            None,
            False,
            "Marlow, as reported in “Why the Mill?” (author not stated, May 2020)",
        ),
        (
            "Marlow said that it was time.",
            ("Bo Lind",),
            None,
            True,
            "Marlow, as reported in the same text",
        ),
    ],
)
def test_the_introduction_names_the_voice(quote, authors, asked, again, introduction):
    text = introduced(quote, authors, asked, again)
    assert text == f"{introduction}: “{quote}”"
    (statement,) = statements_of(f"{text} [1]")
    assert statement.citations == (1,)
    if authors and not again:
        assert authors[0] in without_quotations(statement.text)
