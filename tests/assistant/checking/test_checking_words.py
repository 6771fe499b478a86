"""Quotations, denials, opposites, roles, hedges, joining, words, markup and attributions."""

import base64

import pytest
from cited_documents import CUTLER, DOE

from assistant.checking import Quoted, check_statement

TANKS = "Russia sold 40 tanks to Armenia in 2019, the ministry in Yerevan noted."


@pytest.mark.parametrize("marks", ["“{}”", '"{}"', "«{}»", "„{}“", "‘{}’", "``{}''", "“{}"])
def test_fabricated_quotation_is_caught(failed, marks):
    false = marks.format("Russia gladly sold 40 tanks")
    assert "quotations" in failed(f"The ministry noted {false}", TANKS)


def test_quotation_becomes_the_programs_own_slice():
    quote = Quoted("It wrote of “far-\nreaching” plans[3] and left.", CUTLER)
    checked = check_statement("It \"wrote of 'far- reaching' plans and left,\" he noted.", [quote])
    assert checked.text.startswith("It “wrote of “far- reaching” plans and left”, he")


def test_quotation_with_words_left_out_is_of_one_quote_in_order(failed):
    assert "quotations" not in failed("It noted “Russia sold … to Armenia in 2019”.", TANKS)
    assert "quotations" in failed("It noted “to Armenia in 2019 … Russia sold 40 tanks”.", TANKS)


def test_term_that_is_not_verbatim_loses_its_marks():
    checked = check_statement("Russia sold “battle tanks” to Armenia.", [Quoted(TANKS, CUTLER)])
    assert "“" not in checked.text
    assert "quotations" not in [check.name for check in checked.failed]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Russia did not sell tanks.", TANKS),
        ("Russia sold tanks.", "Russia did not sell tanks."),
        ("Russia never sold tanks.", TANKS),
        ("It met until 1978.", "It was not until 1978 that it met."),
    ],
)
def test_negation_caught(failed, text, quote):
    assert "negation" in failed(text, quote)


def test_negation_not_fired(failed):
    assert "negation" not in failed("Russia didn't sell tanks.", "Russia never did sell tanks.")
    assert "negation" not in failed("It met in 1978.", "It was not until 1978 that it met.")


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Russia bought 40 tanks.", TANKS),
        ("Russia buys 40 tanks.", TANKS),
        ("The deal was illegal.", "The deal was legal."),
        ("Exports fell in May.", "Exports rose in May, while imports fell in June."),
    ],
)
def test_opposites_caught(failed, text, quote):
    assert "opposites" in failed(text, quote)


def test_opposites_not_fired(failed):
    quote = "Exports rose in May, while imports fell in June."
    assert "opposites" not in failed("Imports fell in June.", quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Armenia attacked Russia.", "Russia attacked Armenia."),
        ("Russia was attacked by Armenia.", "Armenia was attacked by Russia."),
        ("Russia was attacked by Armenia.", "Russia attacked Armenia in May."),
        ("It flew from Baku to Yerevan.", "It flew from Yerevan to Baku."),
    ],
)
def test_roles_caught(failed, text, quote):
    assert "roles" in failed(text, quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Armenia was attacked by Russia.", "Russia attacked Armenia."),
        ("Russia attacked Armenia.", "Armenia was attacked in May by Russia."),
        ("Armenia borders Iran.", "Iran borders Armenia."),
        ("In May Russia attacked.", "Russia attacked in May."),
    ],
)
def test_roles_not_fired(failed, text, quote):
    assert "roles" not in failed(text, quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Russia sold tanks.", "Russia may have sold tanks."),
        ("Russia sold tanks.", "Russia allegedly sold tanks."),
        ("Russia sells tanks.", "Russia plans to sell tanks."),
        ("Russia sold tanks.", "If Russia sold tanks, it would earn."),
        ("Russia sold tanks.", "Critics claimed that Russia sold tanks."),
        ("All tanks were sold.", "Tanks were sold."),
    ],
)
def test_hedges_caught(failed, text, quote):
    assert "hedges" in failed(text, quote)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("Russia sold tanks.", "Russia sold tanks, and Iran might protest loudly."),
        ("Russia might have sold tanks.", "Russia may have sold tanks."),
        ("Russia sold tanks.", "Russia may have sold tanks. Later Russia sold more tanks."),
    ],
)
def test_hedges_not_fired(failed, text, quote):
    assert "hedges" not in failed(text, quote)


def test_joining(failed):
    quotes = ("Tesla was born in Smiljan.", "Edison moved to Menlo Park.")
    assert "joining" in failed("Tesla moved to Menlo Park.", *quotes)
    assert "joining" not in failed("Tesla was born there, and Edison moved to Menlo Park.", *quotes)
    leaning = (quotes[0], "He moved to Menlo Park.")
    assert "joining" not in failed("Tesla moved to Menlo Park.", *leaning)


@pytest.mark.parametrize(
    "text",
    [
        "Banks lent farmers money.",
        "Panzer wurden verkauft.",
        "Танки были проданы.",
        base64.b64encode(TANKS.encode()).decode(),
        TANKS[::-1],
        "Yes.",
        "It is.",
        "Russia sold 40 tanks to Armenia in 2019, the ministry in Yerevan noted with bitter tears.",
    ],
)
def test_words_caught(failed, text):
    assert "words" in failed(text, TANKS)


def test_words_not_fired(failed):
    assert "words" not in failed("Forty tanks were sold to Armenians; Russia sells.", TANKS)


@pytest.mark.parametrize(
    "addition",
    ["https://example.org", "[more](x)", "![](x.png)", "a@b.org", "<img src=x>", "`rm`", "&lt;",
     "www.example", "example.com/a", "[a][b]", "javascript:alert"],
)  # fmt: skip
def test_markup(failed, addition):
    assert "markup" in failed(f"Russia sold 40 tanks {addition}", TANKS)
    assert "markup" not in failed(f"Russia sold {addition}", f"Russia sold {addition}")


@pytest.mark.parametrize(
    "text",
    [
        "Cutler writes (October 31, 2023) that Russia sold 40 tanks to Armenia.",
        "According to Robert M. Cutler (2023), Russia sold 40 tanks to Armenia.",
        "Robert M. Cutler (Eurasia Weekly, October 2023): Russia sold 40 tanks to Armenia.",
        "The author says that Russia sold 40 tanks to Armenia.",
        "Russia sold 40 tanks to Armenia, Cutler notes.",
    ],
)
def test_author_and_date_stand_for_the_document(failed, text):
    assert failed(text, TANKS) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jane Doe writes that Russia sold 40 tanks to Armenia.", "names"),
        ("Cutler writes (October 30, 2023) that Russia sold 40 tanks.", "dates"),
        ("In October 2023 Russia sold 40 tanks to Armenia.", "dates"),
        ("Russia and Cutler sold 40 tanks to Armenia.", "names"),
    ],
)
def test_author_and_date_bear_nothing_else_out(failed, text, name):
    assert name in failed(text, TANKS)


def test_one_authors_words_in_anothers_mouth(failed):
    quoted = [Quoted(TANKS, CUTLER), Quoted("Trade grew fast.", DOE)]
    assert failed("Doe writes that Russia sold 40 tanks to Armenia.", *quoted) != []
    assert (
        failed("Cutler writes that Russia sold 40 tanks, while Doe writes trade grew.", *quoted)
        == []
    )


def test_support_is_of_words_meaning_or_entailment():
    quoted = [Quoted(TANKS, CUTLER)]
    text = "Russia sold 40 tanks to Armenia."
    assert check_statement(text, quoted).support == 1
    assert check_statement(text, quoted, similarity=lambda s, t: [0.6]).support == pytest.approx(
        0.8
    )
    entailed = check_statement(text, quoted, entailment=lambda premise, statement: 0.9)
    assert (entailed.passed, entailed.support) == (True, 0.9)


def test_meaning_and_entailment_caught(failed):
    text = "Russia sold 40 tanks to Armenia."
    assert failed(text, TANKS, similarity=lambda s, t: [0.1]) == ["meaning"]
    assert failed(text, TANKS, entailment=lambda premise, statement: 0.1) == ["entailment"]


def test_no_quote_bears_nothing_out():
    assert not check_statement("Russia sold tanks.", []).passed
    assert not check_statement("", [Quoted(TANKS, CUTLER)]).passed
