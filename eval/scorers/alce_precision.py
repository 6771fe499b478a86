"""How many citations their statements need: ALCE's citation precision."""

from eval.entailment import Entails
from eval.scorers.base import CitedQuote, Outcome, Score, Scorer, not_answered
from eval.scorers.entailed import is_entailed
from eval.statements import CitedStatement


def alce_precision_by(entails: Entails) -> Scorer:
    """ALCE's citation precision with this judge of entailment.

    T. Gao et al., arXiv 2305.14627, section 4: a citation is irrelevant where it does not entail
    its statement alone and the statement's other citations entail it without it. It is precise
    where its statement is entailed by all its citations together and it is not irrelevant.
    """

    def alce_precision(outcome: Outcome) -> Score:
        """Share of the citations in statements that are precise.

        Scored on answered cases in which some statement cites a quote.
        """
        if missing := not_answered(outcome):
            return missing
        pairs = [(s, q) for s in outcome.statements for q in outcome.cited_by(s)]
        if not pairs:
            return Score.unscored("no statement cites a quote")
        off = [quote for statement, quote in pairs if not is_precise(outcome, statement, quote)]
        rest = f"; imprecise: {', '.join(map(str, off))}" if off else ""
        return Score.share(len(pairs) - len(off), len(pairs), f"citations precise{rest}")

    def is_precise(outcome: Outcome, statement: CitedStatement, quote: CitedQuote) -> bool:
        if not is_entailed(outcome, statement, entails):
            return False
        others = [other for other in outcome.cited_by(statement) if other is not quote]
        return (
            not others
            or is_entailed(outcome, statement, entails, [quote])
            or not is_entailed(outcome, statement, entails, others)
        )

    return alce_precision
