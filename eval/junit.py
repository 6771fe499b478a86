"""A report as JUnit XML, which most CI services show as test results.

One test suite a category, one test a case. A test fails where the case is wrong:

- `false_refusal`: the system abstained, and the documents hold the answer,
- `missed_abstention`: it answered where it should have abstained,
- `wrong_answer`: it does not state every wanted fact or, where there are none, does not cite every
  evidence group,
- `inexact_quote`: a quote is not what its source says, however right the answer is.

Where several are true the first is the failure's type, and its text has all. An error is a case on
which the system failed. JUnit XML has no official schema; the form keeps to the stricter of the two
common ones (Apache Ant's, as the schema of Windy Road has it; the other is Jenkins xUnit's).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from eval.gate import Check
from eval.metric_names import is_better_high, is_share
from eval.report import CaseResult, Report

_INVALID = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even as a reference."""
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
_SHOWN = 1_000
"""Code points of an answer that a failure shows."""


def to_junit(report: Report) -> str:
    """The cases of a report as the tests of a JUnit XML document."""
    root = ET.Element("testsuites")
    for category in dict.fromkeys(case.category for case in report.cases):
        suite = _suite(root, category, report)
        for case in report.cases:
            if case.category == category:
                _case(suite, case, f"{report.dataset}.{category}")
        _count(suite)
    return _written(root)


def checks_to_junit(checks: Iterable[Check], report: Report) -> str:
    """What a gate looked at as the tests of a JUnit XML document.

    A case that is wrong fails no test here, only a limit that is not met does: a build is then as
    green as its gate.
    """
    root = ET.Element("testsuites")
    suite = _suite(root, "gate", report)
    for check in checks:
        name = f"{check.name} {check.wanted}"
        test = _test(suite, name, f"{report.dataset}.gate", 0.0)
        if not check.is_met:
            _put(test, "failure", "limit", str(check), str(check))
    _count(suite)
    return _written(root)


def _suite(root: ET.Element, name: str, report: Report) -> ET.Element:
    suite = ET.SubElement(
        root,
        "testsuite",
        name=_token(name),
        package=_token(report.dataset),
        id=str(len(root)),
        hostname="localhost",
        timestamp=_timestamp(report.created),
    )
    properties = ET.SubElement(suite, "properties")
    for key, value in (("dataset", report.dataset), ("model", report.model)):
        ET.SubElement(properties, "property", name=key, value=_valid(value))
    return suite


def _case(suite: ET.Element, case: CaseResult, classname: str) -> None:
    test = _test(suite, f"{case.id} {case.question}", classname, case.seconds or 0.0)
    if case.error is not None:
        kind, colon, _ = case.error.partition(": ")
        kind = kind if colon and kind.isidentifier() else "failed"
        _put(test, "error", kind, case.error, case.error)
        return
    faults = faults_of(case)
    if faults:
        kind, message = faults[0]
        _put(test, "failure", kind, message, _explanation(case, faults))


def faults_of(case: CaseResult) -> list[tuple[str, str]]:
    """What is wrong with an answer, as pairs of a type and a message, the gravest first.

    The case's own scores say what should have been: its gold evidence is not in a report.
    """
    values = {name: score.value for name, score in case.scores.items()}
    faults = []
    if values.get("false_refusal_rate"):
        faults.append(("false_refusal", "abstained, and the documents hold the answer"))
    if values.get("abstention_recall") == 0:
        faults.append(("missed_abstention", "answered where it should have abstained"))
    elif case.right is False and (lack := _lack(case)):
        faults.append(("wrong_answer", f"answered wrongly: {lack}"))
    exact = values.get("quote_exactness")
    if exact is not None and exact < 1:
        faults.append(("inexact_quote", case.scores["quote_exactness"].explanation))
    return faults


def _lack(case: CaseResult) -> str:
    """What a wrong answer lacks; nothing where only its quotes make it wrong."""
    for name in ("facts_recall", "evidence_recall"):
        score = case.scores.get(name)
        if score is not None and score.value is not None:
            return score.explanation if score.value < 1 else ""
    return "neither its facts nor its evidence was scored"


def _explanation(case: CaseResult, faults: Sequence[tuple[str, str]]) -> str:
    """What a person needs to judge the failure: the faults, the answer, the scores that are low."""
    answer = str((case.answer or {}).get("text") or "")
    shortened = answer if len(answer) <= _SHOWN else f"{answer[:_SHOWN]} ..."
    low = [
        f"{name} {score.value:.3f}: {score.explanation}"
        for name, score in case.scores.items()
        if score.value is not None
        and is_share(name)
        and (score.value < 1 if is_better_high(name) else score.value > 0)
    ]
    lines = [f"{kind}: {message}" for kind, message in faults]
    return "\n".join([*lines, "", f"Question: {case.question}", f"Answer: {shortened}", "", *low])


def _test(suite: ET.Element, name: str, classname: str, seconds: float) -> ET.Element:
    return ET.SubElement(
        suite,
        "testcase",
        name=_token(name),
        classname=_token(classname),
        time=f"{seconds:.3f}",
    )


def _put(test: ET.Element, tag: str, kind: str, message: str, text: str) -> None:
    element = ET.SubElement(test, tag, type=_token(kind), message=_token(message))
    element.text = _valid(text)


def _count(suite: ET.Element) -> None:
    """Finish a suite: how many tests it has and how they ended."""
    tests = suite.findall("testcase")
    seconds = sum(float(test.attrib["time"]) for test in tests)
    suite.set("tests", str(len(tests)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
    suite.set("skipped", "0")
    suite.set("time", f"{seconds:.3f}")
    for stream in ("system-out", "system-err"):
        ET.SubElement(suite, stream)


def _written(root: ET.Element) -> str:
    ET.indent(root)
    return f"{_DECLARATION}\n{ET.tostring(root, encoding='unicode')}\n"


def _timestamp(created: str) -> str:
    """In UTC without an offset, which the schema does not allow; of a time unknown, 1970."""
    try:
        moment = datetime.fromisoformat(created)
    except (TypeError, ValueError):
        moment = datetime.fromtimestamp(0, UTC)
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _token(text: str) -> str:
    """Text for an attribute, on one line."""
    return " ".join(_valid(text).split())


def _valid(text: str) -> str:
    """Text with the characters that XML cannot hold as escapes a person can read."""
    return _INVALID.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
