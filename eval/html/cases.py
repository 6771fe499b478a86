"""Cases as the report shows them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote as url_quote

from eval.html import answers
from eval.html.answer_text import Run
from eval.html.case_scores import (
    LONGEST_NOTE,
    ScoreRow,
    mean_merit,
    score_rows,
    unscored,
    values,
)
from eval.html.quotes import Excerpt, QuoteView, Sources
from eval.html.verdicts import BAD, LABELS, UNDECLINED, Outcome
from eval.html.wording import list_of, mapping_of, number_of, shortened, text_of
from eval.scorers import Metric
from eval.types import Case


@dataclass(frozen=True, slots=True)
class Missed:
    """A group of gold evidence that no quote overlaps."""

    number: int
    spans: tuple[Excerpt, ...]
    """Any one of them would have met the group."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a case is told apart and found by."""

    label: str
    """The verdict in words."""
    is_inexact: bool
    change: str
    """`better` or `worse` than in the baseline, or nothing."""
    is_bad: bool
    tokens: str
    """All of it as the verdict filter reads it."""


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case."""

    key: int
    """Its place in the report, from 1: makes ids of its parts."""
    id: str
    anchor: str
    """Its id on the page."""
    href: str
    category: str
    question: str
    history: tuple[tuple[str, str], ...]
    outcome: Outcome
    marks: Marks
    error: str
    reason: str
    """Of an abstention."""
    paragraphs: tuple[list[Run], ...]
    quotes: tuple[QuoteView, ...]
    referenced: frozenset[int]
    """Places of the quotes that the text has markers for."""
    missed: tuple[Missed, ...]
    nearest: tuple[answers.Nearest, ...]
    facts: tuple[str, ...]
    """What the answer must state."""
    notes: tuple[str, ...]
    scores: tuple[ScoreRow, ...]
    unscored: list[tuple[str, str]]
    """Reasons, and the scores they hold for."""
    values: str
    """Its scores as the filter reads them."""
    merit: float
    """The mean of its headline scores, 1 at best."""


class CaseBuilder:
    """Makes the views of one report's cases."""

    def __init__(self, metrics: Sequence[Metric], sources: Sources) -> None:
        self._metrics = metrics
        self._sources = sources
        self._anchors: set[str] = set()

    def view(
        self,
        key: int,
        case: Mapping[str, Any],
        gold: Case | None,
        outcome: Outcome,
        before: Outcome | None,
    ) -> CaseView:
        """The view of one case.

        Args:
            key: its place in the report, from 1.
            case: in the form of a report's `cases`.
            gold: the same case of the dataset, if it is known.
            outcome: its verdict.
            before: its verdict in the baseline, if it is there.
        """
        answer, scores = mapping_of(case.get("answer")), mapping_of(case.get("scores"))
        quotes = self._quotes(answer, gold)
        anchor = self._anchor(str(case.get("id")))
        text = answers.text_runs(answer, quotes)
        return CaseView(
            key=key,
            id=str(case.get("id")),
            anchor=anchor,
            href="#" + url_quote(anchor, safe="", errors="replace"),
            category=text_of(case.get("category")),
            question=shortened(text_of(case.get("question"))),
            history=tuple(answers.turns(case.get("history"))),
            outcome=outcome,
            marks=_marks(outcome, before, _is_inexact(scores, quotes)),
            error=shortened(text_of(case.get("error")), LONGEST_NOTE),
            reason=answers.reason(answer),
            paragraphs=text,
            quotes=quotes,
            referenced=frozenset(run.place for runs in text for run in runs if run.place),
            missed=tuple(self._missed(quotes, gold)),
            nearest=tuple(answers.nearest(answer)),
            facts=tuple(" or ".join(spellings) for spellings in gold.facts) if gold else (),
            notes=tuple(answers.notes(answer)),
            scores=tuple(score_rows(self._metrics, scores)),
            unscored=unscored(self._metrics, scores),
            values=values(self._metrics, scores),
            merit=mean_merit(self._metrics, scores),
        )

    def _anchor(self, case_id: str) -> str:
        """A case's id as an id of the page: no white space, no `~`, which begins the page's own."""
        plain = "-".join(case_id.replace("~", "-").split()) or "case"
        anchor, number = plain, 2
        while anchor in self._anchors:
            anchor, number = f"{plain}-{number}", number + 1
        self._anchors.add(anchor)
        return anchor

    def _quotes(self, answer: Mapping[str, Any], gold: Case | None) -> tuple[QuoteView, ...]:
        evidence = gold.evidence if gold else ()
        return tuple(
            self._sources.quote(mapping_of(citation), place, evidence)
            for place, citation in enumerate(list_of(answer.get("citations")), start=1)
        )

    def _missed(self, quotes: Iterable[QuoteView], gold: Case | None) -> Iterator[Missed]:
        met = {group for quote in quotes for group in quote.gold}
        for number, group in enumerate(gold.evidence if gold else (), start=1):
            if number not in met:
                spans = (self._sources.gold(span) for span in group)
                yield Missed(number, tuple(span for span in spans if span))


def _is_inexact(scores: Mapping[str, Any], quotes: Iterable[QuoteView]) -> bool:
    exactness = number_of(mapping_of(scores.get("quote_exactness")).get("value"))
    return (exactness is not None and exactness < 1) or any(q.state == "wrong" for q in quotes)


def _marks(outcome: Outcome, before: Outcome | None, is_inexact: bool) -> Marks:
    is_wrong = outcome.verdict in BAD
    change = ""
    if before is not None and is_wrong is not (before.verdict in BAD):
        change = "worse" if is_wrong else "better"
    is_undeclined = outcome.verdict == "wrong" and outcome.is_answerable is False
    flags = (UNDECLINED if is_undeclined else "", "inexact" if is_inexact else "", change)
    return Marks(
        label=LABELS[outcome.verdict],
        is_inexact=is_inexact,
        change=change,
        is_bad=is_wrong or is_inexact,
        tokens=" ".join(filter(None, (outcome.verdict, *flags))),
    )
