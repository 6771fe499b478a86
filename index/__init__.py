"""From files to documents, passages and an index that can be searched.

    from index import Index, build

    report = build(["docs/"], "my.index")
    hits = Index.open("my.index").search("Who supplied the arms?")

`Index` and `build` are loaded when first used, for the stores behind them take long to import.
"""

from typing import TYPE_CHECKING

from index.canonical import canonical_text
from index.errors import VerbatimError
from index.types import (
    BuildReport,
    Document,
    DocumentInfo,
    Filter,
    Hit,
    Passage,
    Sentence,
)

if TYPE_CHECKING:
    from index.collection import Index
    from index.indexing import build
    from index.layout import Layout

__all__ = [
    "BuildReport",
    "Document",
    "DocumentInfo",
    "Filter",
    "Hit",
    "Index",
    "Layout",
    "Passage",
    "Sentence",
    "VerbatimError",
    "build",
    "canonical_text",
]

_LAZY = {"Index": "index.collection", "Layout": "index.layout", "build": "index.indexing"}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
