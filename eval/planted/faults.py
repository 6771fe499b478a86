"""The faults, each with the scores that catch it."""

import re
from collections.abc import Callable

from assistant.claims import dates_in, numbers_in
from assistant.wording import shown
from eval.planted.plants import Fault, Form, Ground
from eval.types import Case

_NEGATION = re.compile(r"\s(?:not|never|no longer)\b|n[’']t\b|\bno (?=\w)|(?<=\bcan)not\b")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LONG_WORD = re.compile(r"\b[a-z]{6,}\b")
_MANY = 12


def always_abstains(answer: Form, case: Case, ground: Ground) -> None:
    """Declines, whatever is asked."""
    answer.update(status="abstained", text="I cannot tell.", reason="I cannot tell.")
    answer.update(citations=[], statements=[], confidence=0.0)


def always_answers(answer: Form, case: Case, ground: Ground) -> None:
    """Answers a question without an answer by some sentence of the collection."""
    if case.is_answerable:
        return
    citation = ground.cite_sentence(1, ground.other_passage(set()))
    text = f"{_introduced(citation)} [1]"
    answer.update(status="answered", text=text, reason=None, citations=[citation], confidence=1.0)


def cites_everything(answer: Form, case: Case, ground: Ground) -> None:
    """Cites a dozen further passages that were retrieved."""
    taken = {citation["passage_id"] for citation in answer["citations"]}
    first = len(answer["citations"]) + 1
    for number in range(first, first + _MANY):
        passage = ground.other_passage(taken)
        taken.add(passage.id)
        citation = ground.cite_sentence(number, passage)
        answer["citations"].append(citation)
        answer["retrieved"].append(passage.id)
        answer["text"] += f"\n\n{_introduced(citation)} [{number}]"


def quotes_whole_documents(answer: Form, case: Case, ground: Ground) -> None:
    """Quotes the whole document, so that something in it will fit."""
    for citation in answer["citations"]:
        doc = ground.oracle.documents.locate(citation["document"]["source"]) or ""
        whole = ground.oracle.documents.text(doc)
        _replace(answer, citation, whole)
        citation["quote"].update(start=0, end=len(whole), prefix="", suffix="")


def changes_a_word(answer: Form, case: Case, ground: Ground) -> None:
    """Retypes its quotes with one word changed."""
    _retype(answer, lambda text: _LONG_WORD.sub("elephants", text, count=1))


def drops_a_negation(answer: Form, case: Case, ground: Ground) -> None:
    """Retypes its quotes without a negation."""
    _retype(answer, lambda text: _NEGATION.sub("", text, count=1))


def changes_a_year(answer: Form, case: Case, ground: Ground) -> None:
    """Retypes its quotes with another year."""
    _retype(answer, lambda text: _YEAR.sub(lambda year: str(int(year[0]) - 7), text, count=1))


def stitches_sentences(answer: Form, case: Case, ground: Ground) -> None:
    """Joins a sentence of another place to its quote."""
    for citation in answer["citations"]:
        other = ground.other_passage({citation["passage_id"]}).sentences[0].text
        _replace(answer, citation, f"{citation['quote']['text']} {other}")


def cites_the_wrong_place(answer: Form, case: Case, ground: Ground) -> None:
    """Says what is right, and cites something else for it."""
    taken = {citation["passage_id"] for citation in answer["citations"]}
    taken |= {ground.oracle.passage(s.doc, s.start).id for group in case.evidence for s in group}
    for place, citation in enumerate(answer["citations"]):
        passage = ground.other_passage(taken)
        answer["citations"][place] = ground.cite_sentence(citation["number"], passage)
        answer["retrieved"].append(passage.id)


def names_the_wrong_author(answer: Form, case: Case, ground: Ground) -> None:
    """Gives its quotes to someone else."""
    for citation in answer["citations"]:
        authors = citation["document"]["authors"]
        others = [name for name in ground.oracle.documents.authors if name not in authors]
        if others and authors:
            wrong = ground.chance.choice(others)
            for author in authors:
                answer["text"] = answer["text"].replace(f"{author} (", f"{wrong} (")
            citation["document"]["authors"] = [wrong]


def answers_from_memory(answer: Form, case: Case, ground: Ground) -> None:
    """Says what is right, and cites nothing."""
    facts = "; ".join(fact[0] for fact in case.facts)
    said = facts or "; ".join(shown(citation["quote"]["text"]) for citation in answer["citations"])
    answer.update(text=f"It is known: {said}.", citations=[], statements=[])


def tells_one_side(answer: Form, case: Case, ground: Ground) -> None:
    """Quotes the first of several sides, and leaves the others out."""
    del answer["citations"][1:]
    answer["text"] = answer["text"].partition("\n\n")[0]


def misreads_a_number(answer: Form, case: Case, ground: Ground) -> None:
    """Quotes exactly, and then sums it up with another number."""
    if any(numbers_in(citation["quote"]["text"]) for citation in answer["citations"]):
        answer["text"] += "\n\nThe figure comes to 88,017 [1]."


def brings_in_a_stranger(answer: Form, case: Case, ground: Ground) -> None:
    """Quotes exactly, and then credits someone whom the sources do not name."""
    answer["text"] += "\n\nIt was confirmed by Leopold Quarrington [1]."


def says_another_date(answer: Form, case: Case, ground: Ground) -> None:
    """Quotes exactly, and then dates it otherwise."""
    if any(dates_in(citation["quote"]["text"]) for citation in answer["citations"]):
        answer["text"] += "\n\nAll of this happened in March 1971 [1]."


def quotes_what_was_not_retrieved(answer: Form, case: Case, ground: Ground) -> None:
    """Quotes passages that its search did not find."""
    cited = {citation["passage_id"] for citation in answer["citations"]}
    answer["retrieved"] = [found for found in answer["retrieved"] if found not in cited]


def ranks_the_best_last(answer: Form, case: Case, ground: Ground) -> None:
    """Finds the evidence, and ranks it behind all else."""
    answer["retrieved"].reverse()


def is_never_sure(answer: Form, case: Case, ground: Ground) -> None:
    """Gives every answer, right or wrong, the same confidence."""
    answer["confidence"] = 0.5


def _introduced(citation: Form) -> str:
    authors = citation["document"]["authors"]
    return f"{' and '.join(authors) or 'A document'}: “{shown(citation['quote']['text'])}”"


def _retype(answer: Form, change: Callable[[str], str]) -> None:
    for citation in answer["citations"]:
        _replace(answer, citation, change(citation["quote"]["text"]))


def _replace(answer: Form, citation: Form, text: str) -> None:
    """Put another text where a quote was, in the citation and in the answer's words."""
    quote = citation["quote"]
    answer["text"] = answer["text"].replace(shown(quote["text"]), shown(text))
    quote["text"] = text


FAULTS = (
    Fault("always_abstains", "declines every question",
          ("false_refusal_rate", "evidence_recall", "abstention_precision"), always_abstains),
    Fault("always_answers", "answers every question",
          ("abstention_recall",), always_answers, on_unanswerable=True),
    Fault("cites_everything", "cites whatever was retrieved",
          ("citation_precision", "source_precision"), cites_everything),
    Fault("quotes_whole_documents", "quotes whole documents",
          ("citation_token_precision",), quotes_whole_documents),
    Fault("changes_a_word", "retypes quotes with one word changed",
          ("quote_exactness", "support"), changes_a_word),
    Fault("drops_a_negation", "retypes quotes without their negation",
          ("quote_exactness", "negation_containment"), drops_a_negation),
    Fault("changes_a_year", "retypes quotes with another year",
          ("quote_exactness", "date_containment"), changes_a_year),
    Fault("stitches_sentences", "joins two sentences into one quote",
          ("quote_exactness", "support"), stitches_sentences),
    Fault("cites_the_wrong_place", "gives the right answer with the wrong citation",
          ("citation_precision", "evidence_recall", "support", "alce_recall"),
          cites_the_wrong_place),
    Fault("names_the_wrong_author", "gives a right quote to the wrong author",
          ("attribution_accuracy",), names_the_wrong_author),
    Fault("answers_from_memory", "gives the right answer without a citation",
          ("cited_rate", "evidence_recall", "alce_recall"), answers_from_memory),
    Fault("tells_one_side", "cites one side of a conflict",
          ("conflict_coverage", "evidence_recall"), tells_one_side),
    Fault("misreads_a_number", "quotes exactly and states another number",
          ("number_containment", "alce_recall"), misreads_a_number),
    Fault("brings_in_a_stranger", "quotes exactly and states another name",
          ("name_containment", "alce_recall"), brings_in_a_stranger),
    Fault("says_another_date", "quotes exactly and states another date",
          ("date_containment", "temporal_accuracy"), says_another_date),
    Fault("quotes_what_was_not_retrieved", "quotes passages that its search did not find",
          ("quote_validity", "recall_at_5", "token_recall_at_5"), quotes_what_was_not_retrieved),
    Fault("ranks_the_best_last", "ranks evidence behind all else",
          ("mrr", "ndcg_at_5"), ranks_the_best_last),
    Fault("is_never_sure", "gives every answer the same confidence",
          ("ece", "answerability_auc"), is_never_sure, on_unanswerable=True),
)  # fmt: skip
"""Every fault a score is known to catch; `tests/eval/test_planted.py` holds them to it."""
