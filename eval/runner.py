"""Asking a dataset's questions and scoring the answers."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

from eval.answers import check_answer, outcome_of
from eval.calibration import Told, bins, risk_coverage
from eval.documents import DatasetDocuments
from eval.entailment import Entails, lexical_entails
from eval.errors import AnswersError
from eval.problems import Complain, listed
from eval.report import CaseResult, Report
from eval.rightness import is_right
from eval.scorers import K, Scorer, build_scorers
from eval.summary import summarize, summarize_run
from eval.types import Case, Dataset
from eval.version import version
from index.errors import VerbatimError

if TYPE_CHECKING:
    from assistant.types import Answer

Answers = Mapping[str, Mapping[str, Any]]
"""Answers in the form of `Answer.to_dict()`, by case id."""

Record = Callable[[str, Mapping[str, Any] | None, str | None], None]
"""Takes a case id with its answer or its error, as soon as there is one."""


class AnswerFunction(Protocol):
    """Anything that answers as `Assistant.answer` does."""

    def __call__(self, question: str, /, *, history: list[tuple[str, str]]) -> "Answer":
        """Answer a question, given the earlier questions and answers of the conversation."""
        ...


def evaluate(
    dataset: Dataset,
    answer_function: AnswerFunction,
    *,
    progress: bool = False,
    jobs: int = 1,
    known: Answers | None = None,
    record: Record | None = None,
    k: int = K,
    entails: Entails = lexical_entails,
    system: Mapping[str, Any] | None = None,
) -> Report:
    """Ask all questions of a dataset and score the answers.

    A `VerbatimError` on one case is recorded as that case's failure, and the run goes on.

    Args:
        dataset: from `load_dataset`.
        answer_function: for example the `answer` method of an `Assistant`.
        progress: whether to show a progress bar on stderr, where that is a terminal.
        jobs: how many questions are asked at a time, each in a thread of its own; the function must
            be safe for that (an `Assistant` is). Latencies then hold the others' work too.
        known: answers that are there already, by case id; those questions are not asked.
        record: called with each new answer or error, one at a time.
        k: how many passages the scores of retrieval look at.
        entails: the judge behind ALCE's two scores.
        system: options that the answers depend on, for the report.
    """
    answers = dict(known or {})
    errors: dict[str, str] = {}
    open_cases = [case for case in dataset.cases if case.id not in answers]
    asked = _asked(answer_function, open_cases, jobs)
    for case, answer, error in _shown_progress(asked, len(open_cases), progress):
        if answer is not None:
            answers[case.id] = answer
        else:
            errors[case.id] = error
        if record is not None:
            record(case.id, answer, error or None)
    return score_answers(dataset, answers, errors=errors, k=k, entails=entails, system=system)


Asked = tuple[Case, Mapping[str, Any] | None, str]
"""A case with its answer, or with how the system failed."""


def _asked(answer_function: AnswerFunction, cases: list[Case], jobs: int) -> Iterator[Asked]:
    def ask(case: Case) -> Asked:
        started = time.perf_counter()
        try:
            answer = answer_function(case.question, history=list(case.history)).to_dict()
        except VerbatimError as error:
            return case, None, f"{type(error).__name__}: {error}"
        if (answer.get("timings") or {}).get("total") is None:
            answer["timings"] = {"total": round(time.perf_counter() - started, 4)}
        return case, answer, ""

    if jobs <= 1:
        yield from map(ask, cases)
        return
    with ThreadPoolExecutor(jobs) as pool:
        try:
            yield from pool.map(ask, cases)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def score_answers(
    dataset: Dataset,
    answers: Answers,
    *,
    errors: Mapping[str, str] | None = None,
    k: int = K,
    entails: Entails = lexical_entails,
    system: Mapping[str, Any] | None = None,
) -> Report:
    """Score answers in the form of `Answer.to_dict()`, made here or elsewhere.

    Args:
        dataset: from `load_dataset`.
        answers: by case id.
        errors: messages of the cases on which the system failed, by case id. Each case is either
            answered or failed.
        k: how many passages the scores of retrieval look at.
        entails: the judge behind ALCE's two scores.
        system: options that the answers depend on, for the report.

    Raises:
        AnswersError: an answer is missing, is to no case of the dataset, or has another form.
    """
    errors = errors or {}
    _check(dataset, answers, errors)
    documents = DatasetDocuments(dataset.documents)
    scorers = build_scorers(k, entails)
    results = tuple(
        _score_case(case, answers.get(case.id), errors.get(case.id), documents, scorers)
        for case in dataset.cases
    )
    told = [
        Told(result.confidence, result.right, case.is_answerable)
        for case, result in zip(dataset.cases, results, strict=True)
        if result.confidence is not None
    ]
    models = sorted({str(answer["model"]) for answer in answers.values() if answer.get("model")})
    return Report(
        dataset=dataset.name,
        model=", ".join(models) or "unknown",
        summary=summarize(results, scorers) | summarize_run(results, told),
        by_category={
            category: summarize([each for each in results if each.category == category], scorers)
            for category, count in dataset.count_by_category().items()
            if count
        },
        cases=results,
        calibration=bins(told) or None,
        risk_coverage=risk_coverage(told) or None,
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version(),
        k=k,
        system=system,
    )


def _score_case(
    case: Case,
    answer: Mapping[str, Any] | None,
    error: str | None,
    documents: DatasetDocuments,
    scorers: Mapping[str, Scorer],
) -> CaseResult:
    outcome = outcome_of(case, answer, documents)
    scores = {name: scorer(outcome) for name, scorer in scorers.items()}
    return CaseResult(
        id=case.id,
        category=case.category,
        question=case.question,
        history=case.history,
        answer=answer,
        error=error,
        right=is_right(outcome, scores),
        scores=scores,
    )


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


def _shown_progress(asked: Iterable[Asked], total: int, progress: bool) -> Iterable[Asked]:
    if not progress:
        return asked
    from tqdm import tqdm

    return tqdm(asked, total=total, desc="Answering", unit="case", disable=None)
