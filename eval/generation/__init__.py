"""Proposing cases for a collection of documents, for a person to accept or drop."""

from eval.generation.proposal import Proposal, Proposals
from eval.generation.proposing import propose

__all__ = ["Proposal", "Proposals", "propose"]
