"""Whether an answer about a time is about that time."""

from assistant.claims import dates_in, unborne_dates
from eval.scorers.base import Outcome, Score, answer_missing


def temporal_accuracy(outcome: Outcome) -> Score:
    """Dates wanted and rightly stated, over dates wanted or wrongly stated.

    Wanted are the dates in the case's facts (of each fact any spelling). Wrongly stated are dates
    that neither the cited sources, nor their publication dates, nor the question name. Scored on
    cases of the category `temporal` with a date wanted or stated; an abstention or a failure
    scores 0 where a date is wanted.
    """
    if outcome.case.category != "temporal" or not outcome.case.is_answerable:
        return Score.unscored("the case is not about a time")
    wanted = [fact for fact in outcome.case.facts if any(dates_in(text) for text in fact)]
    if missing := answer_missing(outcome):
        return missing if wanted else Score.unscored("no date is wanted")
    wrong = _unborne(outcome)
    met = [fact for fact in wanted if _is_stated(fact, outcome.text)]
    total = len(wanted) + len(wrong)
    if not total:
        return Score.unscored("no date is wanted, and none is wrong")
    rest = f"; wrong: {', '.join(wrong)}" if wrong else ""
    return Score(len(met) / total, f"{len(met)} of {len(wanted)} wanted dates stated{rest}")


def _unborne(outcome: Outcome) -> list[str]:
    wrong: dict[str, None] = {}
    for statement in outcome.statements:
        quotes = outcome.cited_by(statement)
        premises = (outcome.premise(quotes), outcome.about(quotes), outcome.case.question)
        unborne = unborne_dates(statement.text, "\n".join(premises))
        wrong.update((claim.text, None) for claim in unborne)
    return list(wrong)


def _is_stated(fact: tuple[str, ...], text: str) -> bool:
    return any(dates_in(spelling) and not unborne_dates(spelling, text) for spelling in fact)
