"""How much of what is said its citations bear out together: ALCE's citation recall."""

from eval.entailment import Entails
from eval.scorers.base import Outcome, Score, Scorer, not_answered
from eval.scorers.entailed import is_entailed


def alce_recall_by(entails: Entails) -> Scorer:
    """ALCE's citation recall with this judge of entailment.

    T. Gao et al., Enabling Large Language Models to Generate Text with Citations, EMNLP 2023
    (arXiv 2305.14627), section 4: a statement counts where it has citations, and all of them
    together entail it. The premise is what the sources really say at the cited spans, under the
    documents' own titles, authors and dates.
    """

    def alce_recall(outcome: Outcome) -> Score:
        """Share of the answer's statements that their citations, taken together, entail.

        Scored on answered cases, whatever the right answer.
        """
        if missing := not_answered(outcome):
            return missing
        if not outcome.statements:
            return Score(0.0, "the answer states nothing")
        unsupported = [s for s in outcome.statements if not is_entailed(outcome, s, entails)]
        total = len(outcome.statements)
        rest = f"; not: “{unsupported[0].text:.80}”" if unsupported else ""
        return Score.share(total - len(unsupported), total, f"statements entailed{rest}")

    return alce_recall
