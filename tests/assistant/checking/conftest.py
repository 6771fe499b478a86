"""A quote, and the check of one name."""

import pytest
from cited_documents import CUTLER

from assistant.checking import Quoted, check_statement


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
