"""Asking a dataset's questions and scoring the answers."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from eval.answers import check_answer, outcome_of
from eval.bootstrap import Estimate, estimate
from eval.documents import DatasetDocuments
from eval.errors import AnswersError
from eval.problems import Complain, listed
from eval.report import CaseResult, Report
from eval.scorers import SCORERS
from eval.types import Case, Dataset
from index.errors import VerbatimError

if TYPE_CHECKING:
    from assistant.types import Answer


class AnswerFunction(Protocol):
    """Anything that answers as `Assistant.answer` does."""

    def __call__(self, question: str, /, *, history: list[tuple[str, str]]) -> "Answer":
        """Answer a question, given the earlier questions and answers of the conversation."""
        ...


def evaluate(
    dataset: Dataset, answer_function: AnswerFunction, *, progress: bool = False
) -> Report:
    """Ask all questions of a dataset, one after another, and score the answers.

    A `VerbatimError` on one case is recorded as that case's failure, and the run goes on.

    Args:
        dataset: from `load_dataset`.
        answer_function: for example the `answer` method of an `Assistant`.
        progress: whether to show a progress bar on stderr, where that is a terminal.
    """
    answers: dict[str, Mapping[str, Any]] = {}
    errors: dict[str, str] = {}
    for case in _shown_progress(dataset.cases, progress):
        try:
            answer = answer_function(case.question, history=list(case.history))
        except VerbatimError as error:
            errors[case.id] = f"{type(error).__name__}: {error}"
        else:
            answers[case.id] = answer.to_dict()
    return score_answers(dataset, answers, errors=errors)


def score_answers(
    dataset: Dataset,
    answers: Mapping[str, Mapping[str, Any]],
    *,
    errors: Mapping[str, str] | None = None,
) -> Report:
    """Score answers in the form of `Answer.to_dict()`, made here or elsewhere.

    Args:
        dataset: from `load_dataset`.
        answers: by case id.
        errors: messages of the cases on which the system failed, by case id. Each case is either
            answered or failed.

    Raises:
        AnswersError: an answer is missing, is to no case of the dataset, or has another form.
    """
    errors = errors or {}
    _check(dataset, answers, errors)
    documents = DatasetDocuments(dataset.documents)
    results = tuple(
        _score_case(case, answers.get(case.id), errors.get(case.id), documents)
        for case in dataset.cases
    )
    models = sorted({str(answer["model"]) for answer in answers.values() if answer.get("model")})
    return Report(
        dataset=dataset.name,
        model=", ".join(models) or "unknown",
        summary=_summarize(results),
        by_category={
            category: _summarize(result for result in results if result.category == category)
            for category, count in dataset.count_by_category().items()
            if count
        },
        cases=results,
    )


def _score_case(
    case: Case,
    answer: Mapping[str, Any] | None,
    error: str | None,
    documents: DatasetDocuments,
) -> CaseResult:
    outcome = outcome_of(case, answer, documents)
    scores = {name: scorer(outcome) for name, scorer in SCORERS.items()}
    return CaseResult(case.id, case.category, answer, error, scores)


def _summarize(results: Iterable[CaseResult]) -> dict[str, Estimate]:
    scores = [result.scores for result in results]
    return {name: estimate(by_name[name] for by_name in scores) for name in SCORERS}


def _check(
    dataset: Dataset, answers: Mapping[str, Mapping[str, Any]], errors: Mapping[str, str]
) -> None:
    messages: list[str] = []
    ids = {case.id for case in dataset.cases}
    for key in sorted((answers.keys() | errors.keys()) - ids):
        messages.append(f"{key}: expected a case of {dataset.name}, found no such id. Remove it.")
    for key in sorted(answers.keys() & errors.keys()):
        messages.append(f"{key}: expected an answer or an error, found both. Remove one.")
    for key in sorted(ids - answers.keys() - errors.keys()):
        messages.append(f"{key}: expected an answer, found none. Add it, or its error.")
    for key, answer in answers.items():
        check_answer(answer, _prefixing(key, messages))
    if messages:
        raise AnswersError(listed(messages))


def _prefixing(key: str, messages: list[str]) -> Complain:
    return lambda message: messages.append(f"{key}: {message}")


def _shown_progress(cases: tuple[Case, ...], progress: bool) -> Iterable[Case]:
    if not progress:
        return cases
    from tqdm import tqdm

    return tqdm(cases, desc="Answering", unit="case", disable=None)
