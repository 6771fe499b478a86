"""A quote, and the check of one name."""

import pytest

from assistant.checking import Quoted, check_statement
from index import DocumentInfo

CUTLER = DocumentInfo(
    "a" * 16,
    "A study of arms",
    ("Robert M. Cutler",),
    "Eurasia Weekly",
    "2023-10-31",
    "a.md",
    "a" * 64,
)
DOE = DocumentInfo("d" * 16, "Notes", ("Jane Doe",), None, None, "d.md", "d" * 64)


@pytest.fixture(scope="session")
def failed():
    """The names of the checks that a statement fails, given its quotes."""

    def failed(text, *quotes, document=CUTLER, context="", **options):
        quoted = [
            quote if isinstance(quote, Quoted) else Quoted(quote, document, context)
            for quote in quotes
        ]
        return [check.name for check in check_statement(text, quoted, **options).failed]

    return failed
