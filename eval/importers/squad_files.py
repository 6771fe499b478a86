"""Reading SQuAD JSON: its form is checked, its texts are taken as they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import ImportDataError
from eval.importers.fields import objects, string
from eval.importers.files import at, read_json
from eval.problems import Complain, Problems, shown


@dataclass(frozen=True, slots=True)
class Question:
    """One question on a paragraph."""

    id: str
    text: str
    answers: tuple[tuple[str, int], ...]
    """Texts, and where each is said to start in the paragraph. Empty if it is impossible."""
    is_impossible: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its questions."""

    context: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """An article with its paragraphs."""

    title: str
    """Empty where the file names none."""
    paragraphs: tuple[Paragraph, ...]


def read_articles(path: Path) -> list[Article]:
    """Read a SQuAD 1.1 or 2.0 file.

    Raises:
        ImportDataError: listing what is wrong with the whole file, with the place of each.
    """
    problems = Problems(path)
    form = _read_form(path)
    articles = []
    for place, article in enumerate(objects(form, "data", problems.add)):
        articles.append(_article(article, f"data[{place}]", problems))
    _check_ids(articles, problems)
    problems.raise_any(ImportDataError)
    return articles


def _read_form(path: Path) -> Mapping[str, Any]:
    form = read_json(path)
    if isinstance(form, dict):
        return form
    raise ImportDataError(
        f'{path}: expected an object with "data", found {shown(form)}. Pass a SQuAD JSON file.'
    )


def _article(form: dict[str, Any], where: str, problems: Problems) -> Article:
    complain = at(where, problems)
    paragraphs = tuple(
        _paragraph(paragraph, f"{where}.paragraphs[{place}]", problems)
        for place, paragraph in enumerate(objects(form, "paragraphs", complain))
    )
    title = (string(form, "title", complain) or "") if form.get("title") is not None else ""
    return Article(title, paragraphs)


def _paragraph(form: dict[str, Any], where: str, problems: Problems) -> Paragraph:
    complain = at(where, problems)
    context = string(form, "context", complain) or ""
    questions = tuple(
        _question(question, at(f"{where}.qas[{place}]", problems))
        for place, question in enumerate(objects(form, "qas", complain))
    )
    return Paragraph(context, questions)


def _question(form: dict[str, Any], complain: Complain) -> Question:
    is_impossible = form.get("is_impossible", False)
    if not isinstance(is_impossible, bool):
        complain(
            f"expected 'is_impossible' to be true or false, found {shown(is_impossible)}. "
            "Correct it, or leave it out in SQuAD 1.1."
        )
        is_impossible = False
    key = string(form, "id", complain) or ""
    if not key.strip():
        complain("expected 'id' to be a non-empty string. Give each question an id of its own.")
    return Question(
        id=key,
        text=string(form, "question", complain) or "",
        answers=() if is_impossible else _answers(form, complain),
        is_impossible=is_impossible,
    )


def _answers(form: dict[str, Any], complain: Complain) -> tuple[tuple[str, int], ...]:
    answers = []
    for answer in objects(form, "answers", complain):
        text, start = string(answer, "text", complain), answer.get("answer_start")
        if type(start) is not int:
            complain(f"expected 'answer_start' to be an integer, found {shown(start)}. Correct it.")
        elif text is not None:
            answers.append((text, start))
    return tuple(answers)


def _check_ids(articles: list[Article], problems: Problems) -> None:
    known: set[str] = set()
    for article in articles:
        for question in (question for part in article.paragraphs for question in part.questions):
            if question.id in known and question.id:
                problems.add(
                    f"expected a new id, found {shown(question.id)} again. Give each question an "
                    "id of its own."
                )
            known.add(question.id)
