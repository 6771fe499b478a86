import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from eval import evaluate
from eval.gate import checks
from eval.junit import checks_to_junit, to_junit
from index.errors import ModelError

SUITE_ATTRIBUTES = {
    *("name", "package", "id", "hostname", "timestamp"),
    *("tests", "failures", "errors", "skipped", "time"),
}


def check_schema(text):
    """The main constraints of JUnit.xsd by Windy Road, which is the stricter of the common two."""
    root = ET.fromstring(text)
    assert (root.tag, root.attrib) == ("testsuites", {})
    for number, suite in enumerate(root):
        assert suite.tag == "testsuite"
        assert set(suite.attrib) == SUITE_ATTRIBUTES
        assert suite.get("name")
        assert suite.get("package")
        assert suite.get("id") == str(number)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp"))
        first, *tests, out, err = suite
        assert (first.tag, out.tag, err.tag) == ("properties", "system-out", "system-err")
        assert all(set(each.attrib) == {"name", "value"} for each in first)
        assert suite.get("tests") == str(len(tests))
        assert suite.get("failures") == str(len(suite.findall("testcase/failure")))
        assert suite.get("errors") == str(len(suite.findall("testcase/error")))
        assert Decimal(suite.get("time")) == sum(Decimal(test.get("time")) for test in tests)
        for test in tests:
            assert test.tag == "testcase"
            assert set(test.attrib) == {"name", "classname", "time"}
            assert test.get("name") == " ".join(test.get("name").split())  # xs:token
            assert len(test) <= 1
            for outcome in test:
                assert outcome.tag in ("failure", "error")
                assert set(outcome.attrib) == {"type", "message"}
    return root


def outcomes(root):
    """By test name: None, or the tag and type of what is in it."""
    return {
        test.get("name").split()[0]: (test[0].tag, test[0].get("type")) if len(test) else None
        for test in root.iter("testcase")
    }


def failure(root):
    (found,) = root.iter("failure")
    return found


@pytest.fixture
def report(dataset, oracle):
    return evaluate(dataset, oracle)


def test_a_perfect_run(report):
    root = check_schema(to_junit(report))
    names = ["fact", "conflict", "followup", "unanswerable"]
    assert [suite.get("name") for suite in root] == names
    assert {test.get("classname") for test in root.iter("testcase")} == {
        f"waters.{name}" for name in names
    }
    assert outcomes(root) == dict.fromkeys(("c-1", "c-2", "c-3", "c-4"))
    first = root.find("testsuite/testcase")
    assert first.attrib == {
        "name": "c-1 How long is the Arpa?",
        "classname": "waters.fact",
        "time": "0.250",
    }
    assert root.find("testsuite").get("timestamp") == report.created[:19]


def test_a_report_writes_it(report):
    assert report.to_junit() == to_junit(report)


def test_false_refusals(dataset, abstainer):
    root = check_schema(to_junit(evaluate(dataset, abstainer)))
    refused = ("failure", "false_refusal")
    assert outcomes(root) == {"c-1": refused, "c-2": refused, "c-3": refused, "c-4": None}
    text = root.find("testsuite/testcase/failure").text
    assert "Question: How long is the Arpa?\nAnswer: I cannot tell.\n" in text
    assert "evidence_recall 0.000: the system abstained on an answerable case" in text
    assert "false_refusal_rate 1.000" in text


def test_a_missed_abstention(dataset, make_oracle, records):
    class Rash(make_oracle):
        def __call__(self, question, /, *, history):
            question = "How long is the Arpa?" if "deep" in question else question
            return super().__call__(question, history=history)

    root = check_schema(to_junit(evaluate(dataset, Rash(dataset))))
    assert outcomes(root) == {
        **dict.fromkeys(("c-1", "c-2", "c-3")),
        "c-4": ("failure", "missed_abstention"),
    }
    assert failure(root).get("message") == "answered where it should have abstained"


def test_a_wrong_answer(dataset, make_oracle):
    class Wrong(make_oracle):
        def spans(self, case):
            return [("rivers.txt", 0, 8)] if case.id == "c-3" else super().spans(case)

    root = check_schema(to_junit(evaluate(dataset, Wrong(dataset))))
    assert outcomes(root)["c-3"] == ("failure", "wrong_answer")
    assert failure(root).get("message").startswith("answered wrongly: 0 of 1 evidence groups")


def with_a_changed_quote(dataset, oracle):
    def answer(question, *, history):
        found = oracle(question, history=history)
        if "long is the" not in question:
            return found
        first = found.citations[0]
        changed = replace(first, quote=replace(first.quote, text="129 km long"))
        return replace(found, citations=(changed,))

    return evaluate(dataset, answer)


def test_an_inexact_quote(dataset, oracle):
    root = check_schema(to_junit(with_a_changed_quote(dataset, oracle)))
    assert outcomes(root) == {
        "c-1": ("failure", "inexact_quote"),
        **dict.fromkeys(("c-2", "c-3", "c-4")),
    }
    assert "the source says something else there" in failure(root).get("message")


def test_all_faults_of_a_case_are_in_the_text(dataset, make_oracle):
    class Terse(make_oracle):
        def __call__(self, question, /, *, history):
            found = super().__call__(question, history=history)
            return replace(found, text="It is long [1].") if found.citations else found

    root = check_schema(to_junit(with_a_changed_quote(dataset, Terse(dataset))))
    found = root.find("testsuite/testcase/failure")
    assert found.get("type") == "wrong_answer"
    assert found.text.startswith("wrong_answer: answered wrongly: 0 of 1 facts stated")
    assert "\ninexact_quote: 0 of 1 quotes exact" in found.text


def test_a_failed_case_is_an_error(dataset, oracle):
    def answer(question, *, history):
        if "deep" in question:
            raise ModelError("The model is away:\nno route.")
        return oracle(question, history=history)

    root = check_schema(to_junit(evaluate(dataset, answer)))
    assert outcomes(root)["c-4"] == ("error", "ModelError")
    (error,) = root.iter("error")
    assert error.get("message") == "ModelError: The model is away: no route."
    assert error.text == "ModelError: The model is away:\nno route."


def test_an_error_of_another_form(report):
    case = replace(report.cases[0], answer=None, error="No route: it rained.")
    root = check_schema(to_junit(replace(report, cases=(case,))))
    assert outcomes(root) == {"c-1": ("error", "failed")}


@pytest.mark.parametrize(
    "character", ["\0", "\x1b", "\ud800", "\uffff", "\x0b", "<", "&", '"', "]]>"]
)
def test_any_character_can_be_written(report, character):
    case = replace(report.cases[0], question=f"a{character}b\nc", answer=None, error=character)
    text = to_junit(replace(report, dataset=f"d{character}", cases=(case,)))
    root = check_schema(text.encode("utf-8"))
    shown = f"\\u{ord(character):04x}" if character in "\0\x1b\ud800\uffff\x0b" else character
    assert root.find("testsuite/testcase").get("name") == f"c-1 a{shown}b c"
    assert root.find("testsuite/testcase/error").text == shown


def test_other_characters_stay(report):
    question = "\u0111\u0585 \U0001f30a caf\u0065\u0301 \u201cquote\u201d?"
    case = replace(report.cases[0], question=question)
    root = check_schema(to_junit(replace(report, cases=(case,))))
    assert root.find("testsuite/testcase").get("name") == f"c-1 {question}"


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2026-11-25T10:00:00+02:00", "2026-11-25T08:00:00"),
        ("2026-11-25T10:00:00.123456", "2026-11-25T10:00:00"),
        ("", "1970-01-01T00:00:00"),
    ],
)
def test_timestamps(report, created, expected):
    root = check_schema(to_junit(replace(report, created=created)))
    assert root.find("testsuite").get("timestamp") == expected


def test_no_cases(report):
    assert len(check_schema(to_junit(replace(report, cases=())))) == 0


def test_a_gate(dataset, abstainer):
    report = evaluate(dataset, abstainer)
    found = checks(report, {"evidence_recall": 0.8}, {"false_refusal_rate": 1})
    root = check_schema(checks_to_junit(found, report))
    (suite,) = root
    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert suite.find("testcase[2]").get("name") == "evidence_recall at least 0.8"
    assert failure(root).text == "evidence_recall: expected at least 0.8, found 0 (n = 3)"
