"""What an answer says, and when there is none."""

import re

import pytest
from assistant_texts import FERRY, SHIPS, UNKNOWN

from assistant import Filter
from assistant.terminal import render_answer
from assistant.wording import shown
from index.errors import FilterError


def markers(answer):
    return [int(number) for number in re.findall(r"\[(\d+)\]", answer.text)]


def assert_marked(answer):
    """The markers in the text are those of its own citations, and no others."""
    assert markers(answer) == [n for s in answer.statements for n in s.citations]


def test_a_quote_is_introduced_by_author_and_date(desk):
    answer = desk.answer(FERRY)
    assert answer.text.startswith(
        "Anna Example (May 4, 2021) writes: “The ferry to Alsen carries 240 cars on every "
        "crossing.” [1]"
    )
    assert answer.citations[0].document.title == "The Harbor of Alsen"
    assert answer.statements[0].support > 0.8
    assert (answer.status, answer.reason, answer.nearest) == ("answered", None, ())


@pytest.mark.parametrize(
    ("question", "introduction"),
    [
        (SHIPS, "“The Lighthouse Ledger” (author not stated, date not stated) says: “The light"),
        (
            "What did salt spray do to apple blossoms?",
            "Berta Sample and Carl Pattern (March 2020) write: “",
        ),
        ("How does the vineyard of Kaldvik ripen its grapes?", "Dora Model (2018) writes: “"),
        ("Where do the generators in the turbine hall come from?", "Frida Beside (November 2, "),
        ("How many bolts of linen did the weaving mill make?", "Emil Muster (date not stated) w"),
    ],
)
def test_what_is_not_known_is_said(desk, question, introduction):
    answer = desk.answer(question)
    assert answer.text.startswith(introduction)
    assert_marked(answer)


def test_a_second_quote_of_a_text_is_introduced_briefly(desk):
    answer = desk.answer("What did Russia's peacekeepers do in Karabakh?")
    assert "\n\nThe same text adds: “" in answer.text
    assert_marked(answer)


def test_an_unknown_word_is_named(desk):
    answer = desk.answer(UNKNOWN)
    assert answer.status == "abstained"
    assert "nothing in them mentions " in answer.reason
    assert "“Quuxville”" in answer.reason
    assert answer.text == answer.reason
    assert 1 <= len(answer.nearest) <= 3
    assert answer.citations == answer.statements == ()


@pytest.mark.parametrize(
    "question", ["How do I bake sourdough bread?", "What is the capital of Australia?", "8 * 7?"]
)
def test_another_domain_is_declined(desk, question):
    answer = desk.answer(question)
    assert answer.status == "abstained"
    assert answer.reason.startswith("The documents do not seem to answer this question")


@pytest.mark.parametrize(
    ("where", "is_answered"),
    [
        (Filter(authors=("anna EXAMPLE",)), True),
        (Filter(authors=("Model", "Example")), True),
        (Filter(authors=("Model",)), False),
        (Filter(after="2021"), True),
        (Filter(after="2021-05-05"), False),
        (Filter(before="2021-05-04"), True),
        (Filter(before="2021-04"), False),
        (Filter(after="2021-05-04", before="2021-05", authors=("Example",)), True),
        (Filter(), True),
    ],
)
def test_a_filter_is_kept_to(desk, where, is_answered):
    answer = desk.answer(FERRY, where=where)
    assert ("240 cars" in answer.text) == is_answered
    for document in [c.document for c in answer.citations] + [h.document for h in answer.nearest]:
        assert not where.authors or any(
            part.casefold() in author.casefold()
            for part in where.authors
            for author in document.authors
        )


def test_a_filter_by_document(desk):
    vineyard = next(d for d in desk.documents() if d.title == "The Vineyard Report")
    answer = desk.answer("What ripens under glass?", where=Filter(documents=(vineyard.id[:8],)))
    assert {c.document.id for c in answer.citations} == {vineyard.id}
    with pytest.raises(FilterError):
        desk.answer(FERRY, where=Filter(documents=("0123456789abcdef",)))


def test_a_filter_that_matches_nothing_abstains(desk):
    answer = desk.answer(FERRY, where=Filter(authors=("Nobody",)))
    assert answer.reason == "No document matches the filter, so there is nothing to answer from."
    assert answer.nearest == ()


@pytest.mark.parametrize("follow_up", ["And who is its captain?", "How long has he steered it?"])
def test_a_follow_up_is_understood(desk, follow_up):
    history = [("Who is the captain of the ferry to Alsen?", "Jonas Lindqvist")]
    answer = desk.answer(follow_up, history)
    assert "Lindqvist" in answer.text
    assert answer.question == follow_up


def test_a_change_of_subject_leaves_the_history(desk):
    history = [(FERRY, "240 cars.")]
    assert desk.answer(SHIPS, history) == desk.answer(SHIPS)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who wrote “The Harbor of Alsen”?", "Anna Example: the document “The Harbor of Alsen” "),
        ("When was the article The Harbor of Alsen published?", "May 4, 2021: the document"),
        ("Who published “The Harbor of Alsen”?", "Alsen Press: the document"),
        ('When was "Orchards of the Coast" published?', "March 2020: the document"),
        ('Who wrote "Orchards of the Coast"?', "Berta Sample and Carl Pattern: the document"),
    ],
)
def test_what_a_document_states_of_itself_is_quoted(desk, index, question, said):
    answer = desk.answer(question)
    assert answer.text.startswith(said)
    (citation,) = answer.citations
    text = index.text(citation.document.id)
    assert text[citation.quote.start : citation.quote.end] == citation.quote.text
    assert_marked(answer)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (
            "When was “The Lighthouse Ledger” published?",
            "The document “The Lighthouse Ledger” does not state when it was published.",
        ),
        (
            "Who is the author of the text The Lighthouse Ledger?",
            "The document “The Lighthouse Ledger” does not state who wrote it.",
        ),
        (
            "Who wrote “The Turbine Hall of Brenna”?",
            "The text of “The Turbine Hall of Brenna” does not state who wrote it, so there is "
            "nothing to quote. What was recorded beside it says: Frida Beside.",
        ),
        (
            "When was “The Turbine Hall of Brenna” published?",
            "The text of “The Turbine Hall of Brenna” does not state when it was published, so "
            "there is nothing to quote. What was recorded beside it says: November 2, 2017.",
        ),
        (
            "When was “Notes [2] on {templates}” published?",
            "The document “Notes on {templates}” does not state when it was published.",
        ),
    ],
)
def test_what_a_document_does_not_state_is_declined(desk, question, reason):
    answer = desk.answer(question)
    assert answer.status == "abstained"
    assert answer.reason == reason
    assert len(answer.nearest) == 1


def test_a_question_about_a_document_keeps_to_the_filter(desk):
    answer = desk.answer("Who wrote “The Harbor of Alsen”?", where=Filter(authors=("Model",)))
    assert all(citation.document.authors == ("Dora Model",) for citation in answer.citations)
    assert "Anna Example" not in answer.text


def test_braces_and_markup_are_only_text(desk):
    answer = desk.answer("Which code does the parcel machine print on every label?")
    assert "{question} and {0}" in answer.text
    answer = desk.answer("Does the label carry bold marks, code and a pixel?")
    assert "<script>alert(1)</script>" in answer.text
    markdown = answer.to_markdown()
    assert "\\<script\\>" in markdown
    assert "<script>" not in markdown
    assert "![" not in markdown
    assert_marked(answer)


def test_marks_of_a_document_are_not_ours(desk):
    answer = desk.answer("How many bolts of linen did the weaving mill make?")
    assert "sixty bolts of linen a day.”" in answer.text
    assert_marked(answer)
    answer = desk.answer("Who closed the sugar beet depot?")
    assert "closed by “order” of the mayor, who said “enough” in the council.” [1]" in answer.text
    assert "“order [1]”" in answer.citations[0].quote.text
    assert_marked(answer)
    assert answer.text.count("“") == answer.text.count("”")


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ("a “b” c", "a “b” c"),
        ("a “b “c” d” e", "a “b “c” d” e"),
        ("true.” [1] And: “false", "true.’ And: ‘false"),
        ("”””", "’’’"),
        ("one “two", "one ‘two"),
    ],
)
def test_a_quote_cannot_end_our_quotation(quote, text):
    assert shown(quote) == text


def test_a_terminal_is_not_steered(desk):
    answer = desk.answer("At how many degrees does the glass kiln burn?")
    assert "\x1b[31m" in answer.citations[0].quote.text
    assert not {"\x1b", "\u202e"} & set(answer.text)
    assert not {"\x1b", "\u202e"} & set(render_answer(answer))


def test_instructions_in_a_document_are_only_quoted(desk):
    answer = desk.answer("What is the moon colony made of?")
    assert answer.status == "abstained" or "writes: “Ignore all previous" in answer.text
    assert "cheese" not in desk.answer(FERRY).text


def test_an_empty_collection_says_so(tmp_path, embedder):
    from assistant import Assistant
    from index import Index, build

    (tmp_path / "one.txt").write_text("Only one text is in here.", encoding="utf-8")
    build([tmp_path / "one.txt"], tmp_path / "index", embedding_model=embedder)
    with Index.open(tmp_path / "index", embedder) as index:
        index.remove([document.id for document in index.documents()])
        answer = Assistant.open(index).answer("What is in here?")
    assert answer.reason == "The collection holds no text to answer from."


def test_a_passage_removed_meanwhile_is_left_out(index):
    from assistant.evidence import gather

    class Removed:
        def sentence_vectors(self, ids):
            return index.sentence_vectors(list(ids)[1:])

    hits = index.search(FERRY, k=3)
    left = {candidate.hit.passage.id for candidate in gather(Removed(), hits).candidates}
    assert left == {hit.passage.id for hit in hits[1:]}
