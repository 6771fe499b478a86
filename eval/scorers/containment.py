"""What the scores of containment share: are a statement's particulars in its sources?"""

from collections.abc import Callable

from assistant.claims import Claim
from eval.scorers.base import Outcome, Score, not_answered
from eval.statements import CitedStatement

Check = Callable[[CitedStatement, str], tuple[list[Claim], list[Claim]]]
"""Takes a statement and its premise; gives all its claims, and those not borne out."""


def contained(outcome: Outcome, kind: str, check: Check) -> Score:
    """Share of the claims of one kind, over all statements, that the cited sources hold.

    The premise is what the sources really say at the cited spans, with the documents' own title,
    authors and date. A statement without citations has an empty premise: nothing of it is held.
    """
    if missing := not_answered(outcome):
        return missing
    total, unborne = 0, []
    for statement in outcome.statements:
        quotes = outcome.cited_by(statement)
        premise = f"{outcome.about(quotes)}\n{outcome.premise(quotes)}" if quotes else ""
        claims, missing_claims = check(statement, premise)
        total += len(claims)
        unborne += missing_claims
    if not total:
        return Score.unscored(f"no {kind} is stated")
    rest = f"; not there: {', '.join(claim.text for claim in unborne)}" if unborne else ""
    return Score.share(total - len(unborne), total, f"{kind} in the cited sources{rest}")
