"""Follow-up questions made to stand alone by rules."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Retrieved
from assistant.contextualize import contextualize, leans_on_history
from assistant.contextualize.answers import plain_text, said_nothing, voices_of
from assistant.contextualize.mentions import mentions
from eval import load_dataset
from prompts import load, names

BRIEFS = Path(__file__).parents[2] / "eval" / "datasets" / "briefs"
QUOTED = (
    "Ann Holm (May 2, 2020) writes: “It is a fiction.” [1]\n\nThe same text adds: “Few mourn.” [2]"
)

WORDS = """
    and he it its they their there that then why how many what does did is was in 2016 the year
    before after Holm's Holm Odense Fyn's route of to call ? . , “ ” [1] (May) writes: who else if
    gets the British ones those same
"""
words = st.sampled_from(WORDS.split())
texts = st.one_of(
    st.lists(words, max_size=25).map(" ".join), st.text(max_size=60), st.just("It " * 700)
)
histories = st.lists(st.tuples(texts, texts), max_size=7)


def standalone(question, *history, people=()):
    return contextualize(question, history, people)[1]


@pytest.mark.parametrize(
    ("asked", "answer", "question", "whole"),
    [
        ("When was Harbor Hall built?", "1901.", "Who built it?", "Who built Harbor Hall?"),
        ("Who built Harbor Hall?", "Ida Berg.", "When did she die?", "When did Ida Berg die?"),
        ("What does Holm say of the ferry?", "", "Why does she say so?", "Why does Holm say so?"),
        ("Who ruled the Normans?", "", "What was their faith?", "What was the Normans' faith?"),
        ("How big is Alsen?", "", "Who lives there?", "Who lives in Alsen?"),
        ("What does Holm want?", "", "Who met her?", "Who met Holm?"),
        ("What is Fyn's harvest?", "", "Is it getting better?", "Is Fyn's harvest getting better?"),
        ("What does Holm want?", "", "What is her plan?", "What is Holm's plan?"),
        (
            "Where did Holm meet Berg?",
            "They met in Odense.",
            "Who was there?",
            "Who was in Odense?",
        ),
        ("What do Holm and Berg want?", "", "Did they win?", "Did Holm and Berg win?"),
        ("What is the ferry made of?", "", "What is its name?", "What is the ferry's name?"),
        (
            "What is the Sund route?",
            "",
            "Tell me more about it.",
            "Tell me more about the Sund route.",
        ),
        (
            "What does Holm say about Danish trade?",
            "",
            "Had Berg seen it?",
            "Had Berg seen Danish trade?",
        ),
        (
            "What does Holm call the treaty of 1997?",
            QUOTED,
            "Why did she call it that?",
            "Why did Holm call the treaty of 1997 that?",
        ),
        ("What is the alliance worth?", QUOTED, "Why does she say so?", "Why does Holm say so?"),
        (
            "What does the ministry call the route through Fyn?",
            "",
            "What does Germany call it?",
            "What does Germany call the route through Fyn?",
        ),
    ],
)
def test_a_pronoun_gives_way_to_its_antecedent(asked, answer, question, whole):
    assert contextualize(question, [(asked, answer)]) == ("", whole)


@pytest.mark.parametrize(
    ("asked", "question", "whole"),
    [
        ("What does Holm say about NATO?", "And Berg?", "What does Berg say about NATO?"),
        ("What does Holm say about the EU?", "And NATO?", "What does Holm say about NATO?"),
        ("What is Holm's forecast?", "And Berg's?", "What is Berg's forecast?"),
        ("How much gas does France buy?", "What about Japan?", "How much gas does Japan buy?"),
        ("When did Alsen join Denmark?", "And in Fyn?", "When did Alsen join Denmark in Fyn?"),
        ("Who fished in Alsen?", "And in Fyn?", "Who fished in Fyn?"),
        ("What was sold in 2024?", "And the year before?", "What was sold in 2023?"),
        ("What was sold in 2024?", "And the following year?", "What was sold in 2025?"),
        ("What was sold in 2024?", "In 2016?", "What was sold in 2016?"),
        ("What was sold in May of 2000?", "And in May 2002?", "What was sold in May 2002?"),
        ("What was Fyn's 1901 harvest?", "And in 1939?", "What was Fyn's 1939 harvest?"),
        ("Who led the party?", "And in 2016?", "Who led the party in 2016?"),
        ("How many men were there in 1995?", "And today?", "How many men were there today?"),
        ("Did Berg resign?", "Why?", "Why did Berg resign?"),
        ("When did Berg resign?", "Where?", "Where did Berg resign?"),
        ("What does Holm call it?", "Why?", "What does Holm call it, and why?"),
        ("Were there ferries?", "How many?", "Were there ferries, and how many?"),
        ("How many men did Fyn send?", "How many ships?", "How many ships did Fyn send?"),
        ("Who sells arms?", "Who else?", "Who else sells arms?"),
        (
            "Who is to guard the road if Fyn has its way?",
            "And if Alsen gets its way?",
            "Who is to guard the road if Alsen gets its way?",
        ),
    ],
)
def test_a_fragment_takes_its_place_in_the_question_before(asked, question, whole):
    assert contextualize(question, [(asked, "Yes.")]) == ("", whole)


def test_the_topic_may_be_two_turns_back():
    history = [
        ("How large was Fyn's share of the catch by then?", "Ten percent."),
        ("Does Alsen protest?", "No."),
    ]
    question = "And how high was it from 2011 to 2020?"
    assert standalone(question, *history) == (
        "How high was Fyn's share of the catch from 2011 to 2020?"
    )
    history = [("What does Holm say?", "A lot."), ("How large is Japan?", "Large.")]
    assert standalone("Where did she live?", *history) == "Where did Holm live?"


def test_what_a_pronoun_stood_for_goes_on_being_spoken_of():
    history = [
        ("What was Holm's role in the fleet?", "Captain."),
        ("And what was her rank in Odense?", "None."),
        ("And Berg?", "Berg was a cook."),
    ]
    assert standalone("What was her rank?", *history[:2]) == "What was Holm's rank?"
    assert standalone("What was his pay?", *history) == "What was Berg's pay?"


def test_what_is_no_author_takes_no_authors_place():
    asked = ("What does Holm say about Fyn's harvest?", "")
    authors = ["Ann Holm", "Ida Berg"]
    assert standalone("What about Alsen?", asked, people=authors) == (
        "What does Holm say about Alsen's harvest?"
    )
    assert standalone("And Berg?", asked, people=authors) == (
        "What does Berg say about Fyn's harvest?"
    )


def test_authors_are_known_to_be_persons():
    asked = ("Which ports does Fyn praise?", "None.")
    assert standalone("Why does he say so?", asked, ("Does Lund object?", "")) == (
        "Why does Lund say so?"
    )
    first = ("How does Lund see Fyn?", "Darkly.")
    assert standalone("When did she write?", first, asked, people=["Ann Lund"]) == (
        "When did Lund write?"
    )


@pytest.mark.parametrize(
    ("question", "earlier"),
    [
        ("And France?", "Who sold arms?"),
        ("What about gas?", "Who sold arms?"),
        ("Why did he do that?", "Who sold arms?"),
        ("What were the reasons?", "Who sold arms?"),
        ("What was the result?", "Who sold arms?"),
        ("Which of those were old?", "Who sold arms?"),
        ("Does Holm agree?", "Who sold arms?"),
        ("More details, please", "Who sold arms?"),
        ("Who else says so?", "Who sold arms?"),
        ("Is this true today?", "Who sold arms?"),
    ],
)
def test_where_no_rule_is_sure_the_question_before_is_searched_too(question, earlier):
    history = [("How many ships came?", "214"), ("Who sold arms?", "Many did.")]
    assert contextualize(question, history) == (earlier, f"{earlier} {question}")
    assert contextualize(question, ()) == ("", question)


def test_a_follow_up_of_a_follow_up_leads_to_the_subject():
    history = [("Who sold arms?", "Many did."), ("And France?", "No.")]
    assert contextualize("And India?", history) == (
        "Who sold arms? And France?",
        "Who sold arms? And France? And India?",
    )


@pytest.mark.parametrize(
    "question",
    [
        "Who guards the border of Alsen today?",
        "Did Holm resign when she had lost?",
        "Who stated he wanted Fyn to vanish?",
        "Who asked Holm to sail with him?",
        "What did Holm predict, and did it come true?",
        "What does Holm recommend to Alsen, and what does she ask of Fyn?",
        "What do islanders use to feed them in winter?",
        "How is it possible to reach Alsen?",
        "How many bridges are there?",
        "What did Fyn do about its harbor?",
        "Who invented the loom?",
        "How long is one term of the mayor?",
        "What was built at the same time as the mill?",
        "Which ships did those who fled Alsen take?",
        "Whose view is it, as Holm tells it, that Alsen won?",
    ],
)
def test_history_does_not_leak_into_what_stands_alone(question):
    history = [("What does Berg say about the Sund bridge?", QUOTED)]
    assert contextualize(question, history) == ("", question)
    assert not leans_on_history(question)


@pytest.mark.parametrize(
    ("introduction", "speaker", "voices"),
    [
        ("Ann Holm (May 2, 2020) writes", "", ["Holm"]),
        ("Later, Ann Holm (2021) says so", "", ["Holm"]),
        ("Ann Holm and Ida Berg (date not stated) write", "", ["Berg"]),
        ("The same text adds", "", []),
        ("“Mills” (author not stated, 2020) says", "", []),
        ("Lund, quoted by Ann Holm (2020)", "Lund: ", ["Holm"]),
        ("Lund, as reported in the same text", "Lund: ", []),
        ("Lund, quoted in “Mills” (author not stated, 2020)", "Lund: ", []),
    ],
)
def test_answers_lose_what_introduces_their_quotes(introduction, speaker, voices):
    answer = f"{introduction}: “It sank.”"
    assert plain_text(f"{answer} [1]\n\n{answer} [12]") == "\n\n".join([f"{speaker}“It sank.”"] * 2)
    assert voices_of(f"{answer} [1]") == voices


@pytest.mark.parametrize("name", ["quote", "quote_several", "quote_again", "quote_anonymous"])
def test_the_introductions_are_those_of_the_templates(name):
    template = load(name)
    values = dict.fromkeys(template.variables - {"quote"}, "Holm")
    assert plain_text(template.render(quote="It sank.", **values)) == "“It sank.”"


def test_what_others_write_before_a_quote_stays():
    told = "The mayor said: “It sank.”"
    assert plain_text(told) == told
    assert voices_of(told) == []


def test_an_abstention_leaves_its_question_to_lead_on_from(desk):
    asked = "How many zeppelins did Quetzalcoatl charter in 1931?"
    history = [("Who built Harbor Hall in 1901?", "Ida Berg."), (asked, desk.answer(asked).text)]
    assert standalone("And the year before?", *history) == (
        "How many zeppelins did Quetzalcoatl charter in 1930?"
    )


def test_an_abstention_names_nothing(desk):
    answer = desk.answer("Which zeppelin did Quetzalcoatl charter to Valparaiso?")
    assert answer.status == "abstained"
    assert said_nothing(answer.text)
    assert standalone("Where did he live?", ("Who flew?", answer.text)) == (
        "Who flew? Where did he live?"
    )


@pytest.mark.parametrize("name", [name for name in names() if name.startswith("abstain_")])
def test_every_abstention_is_known_as_one(name):
    template = load(name)
    assert said_nothing(template.render(**dict.fromkeys(template.variables, "“The Sund” (2)")))
    assert not said_nothing("The documents seem to answer it: “It sank.”")


def test_kinds_are_told_by_what_stands_beside():
    kinds = {
        mention.text: mention.kind
        for mention in mentions(
            "According to Holm, did General Berg meet the Normans in Odense, and why did the Court"
            " of Justice and NATO call France's ministers to the route through Fyn?"
        )
        if " and " not in mention.text
    }
    assert kinds == {
        "Holm": "person",
        "General Berg": "person",
        "the Normans": "several",
        "Odense": "place",
        "the Court of Justice": "thing",
        "NATO": "thing",
        "France": "place",
        "France's ministers": "several",
        "the route through Fyn": "thing",
        "Fyn": "open",
    }


def test_the_standalone_question_is_shown(desk):
    history = [("What does Anna Example write about?", "The harbor of Alsen.")]
    shown = next(iter(desk.stream("And where was she born?", history=history)))
    assert isinstance(shown, Retrieved)
    assert shown.question == "Where was Anna Example born?"


@settings(max_examples=150, deadline=None)
@given(texts, histories)
def test_any_conversation_gives_a_bounded_question(question, history):
    found = contextualize(question, history)
    assert found == contextualize(question, history)
    earlier, whole = found
    assert len(whole) <= len(question) + 2_000
    assert whole == f"{earlier} {question}".strip() or not earlier
    assert contextualize(question, ()) == ("", question)


@settings(max_examples=150, deadline=None)
@given(texts, histories)
def test_what_stands_alone_is_left_as_it_is(question, history):
    if leans_on_history(question):
        return
    assert contextualize(question, history) == ("", question)


HOSTILE = ("it ", "Aa ", "the ", "X (", "how much ", "1901 ", "is it, ", "(", " ", "Ann, quoted ")


@pytest.mark.parametrize("part", HOSTILE)
def test_a_long_text_is_neither_rewritten_nor_slow(part):
    text = part * (4_000 // len(part))
    history = [("Who built Harbor Hall?", text), (text, f"{text}: “x”")] * 5
    started = time.perf_counter()
    assert standalone(text, *history) == text
    assert standalone("Who built it?", *history)
    assert standalone(text[:1_000].strip(), *history).endswith(text[:1_000].strip())
    assert time.perf_counter() - started < 5  # a tenth of a second; hours, if it were exponential


def test_no_shipped_question_takes_over_what_it_does_not_need():
    cases = load_dataset(BRIEFS).cases
    alone = [case.question for case in cases if not case.history]
    history = [("What does Berg say about the Sund bridge?", QUOTED)]
    assert len(alone) > 100
    assert [question for question in alone if standalone(question, *history) != question] == []


def test_a_letter_that_reads_as_an_article_is_a_phrase_like_others():
    question = "Which town's name begins with the letter 'A'?"
    assert contextualize(question, [("Who sells tea?", "Holm does.")]) == ("", question)


STRANGE = st.lists(
    st.sampled_from(
        [
            *("the", "a", "A", "'A'", "it", "He", "And", "Fyn's", "its", "1999?", "year", "before"),
            *(
                "of",
                "”",
                "“",
                "’s",
                "...",
                "?",
                "\n",
                "(2020)",
                "[1]",
                "who",
                "in",
                "What about",
                "",
            ),
        ]
    ),
    max_size=9,
).map(" ".join)


@given(STRANGE, STRANGE, STRANGE)
def test_no_text_is_too_strange(question, earlier, answer):
    _, standalone = contextualize(question, [(earlier, answer), (answer, earlier)], {"Anna Fyn"})
    assert standalone or not question.strip()
