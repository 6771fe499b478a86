"""Whether what is shown of a chat model's text passed the assistant's checks."""

from assistant.details import Drafted
from eval.scorers.base import Outcome, Score
from eval.scorers.drafts import drafted


def checks_passed_rate(outcome: Outcome) -> Score:
    """Share of the sentences shown of a chat model's that pass every check; 1 is the promise.

    A sentence that was not checked has not passed. This is what the assistant says of its own
    checks: the other scores of statements read the sources again.

    Scored on answers that show a sentence of a chat model's; a sentence weighs as much in any
    answer.
    """
    if unscored := drafted(outcome):
        return unscored
    assert outcome.details is not None
    shown = [draft for draft in outcome.details.drafts if draft.outcome in ("shown", "repaired")]
    if not shown:
        return Score.unscored("no sentence of the chat model is shown")
    faults = [fault for draft in shown if (fault := _fault(draft))]
    rest = f"; {'; '.join(faults)}" if faults else ""
    passed, total = len(shown) - len(faults), len(shown)
    return Score(passed / total, f"{passed} of {total} pass every check{rest}", weight=total)


def _fault(draft: Drafted) -> str:
    if not draft.checks:
        return f"not checked: “{draft.text:.80}”"
    failed = [check.name for check in draft.checks if not check.passed]
    return f"{', '.join(failed)} of “{draft.text:.80}”" if failed else ""
