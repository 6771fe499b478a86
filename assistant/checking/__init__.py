"""Whether what a chat model wrote is borne out by the quotes it cites; see docs/checks.md."""

from assistant.checking.check import check_statement
from assistant.checking.meaning import entailment_by
from assistant.checking.types import Checked, Entailment, Quoted, Similarity

__all__ = ["Checked", "Entailment", "Quoted", "Similarity", "check_statement", "entailment_by"]
