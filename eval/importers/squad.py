"""SQuAD as a dataset.

P. Rajpurkar et al., SQuAD: 100,000+ Questions for Machine Comprehension of Text, EMNLP 2016, and
P. Rajpurkar et al., Know What You Don't Know: Unanswerable Questions for SQuAD, ACL 2018.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from urllib.parse import unquote

from eval.errors import ImportDataError
from eval.importers.fields import check_count
from eval.importers.naming import file_names
from eval.importers.sampling import sample_halves
from eval.importers.squad_files import Article, Question, read_articles
from eval.importers.texts import cleaned, compose, trimmed
from eval.importers.types import Imported
from eval.importers.writer import Draft
from eval.types import Case, GoldSpan

WRONG_START = "answers whose answer_start does not hold their text"
NO_ANSWER = "answerable questions without a usable answer"
NO_QUESTION = "questions without text"


def import_squad(
    path: str | Path,
    out: str | Path,
    *,
    limit: int | None = None,
    articles: Sequence[str] = (),
    seed: int = 0,
) -> Imported:
    """Make a dataset of a SQuAD 1.1 or 2.0 JSON file.

    Each article is one document: its title as front matter, its paragraphs with a blank line
    between them. The distinct answers to a question are the alternatives of one evidence group,
    each with the span of the answer itself: whatever quotes the sentence overlaps it. They are also
    the spellings of one fact, and the article is the case's source. An impossible question becomes
    a case of the category `unanswerable`.

    An answer that does not stand at its `answer_start` is skipped and counted, and nothing is
    guessed; so is an answerable question that is left without an answer.

    Args:
        path: the file.
        out: the folder to make; there is none yet, or it is empty.
        limit: how many questions to keep, half of them impossible as far as there are. Articles
            are kept whole.
        articles: titles of the articles to keep, with `_` or spaces; all if empty.
        seed: decides which questions are kept.

    Raises:
        ImportDataError: the file has another form, names no such article, or `out` is taken.
    """
    check_count("limit", limit)
    options = {"limit": limit, "articles": list(articles), "seed": seed}
    draft = Draft("squad", Path(path), Path(out), options)
    chosen = _chosen(read_articles(draft.source), articles, draft.source)
    names = _names(chosen)
    cases = [
        case
        for article, name in zip(chosen, names, strict=True)
        for case in _cases(article, name, draft)
    ]
    draft.cases = sample_halves(cases, limit, Random(f"squad:{seed}"))
    return draft.write()


def _chosen(articles: list[Article], titles: Sequence[str], path: Path) -> list[Article]:
    wanted = {_readable(title).casefold(): title for title in titles}
    found = [article for article in articles if _readable(article.title).casefold() in wanted]
    known = {_readable(article.title).casefold() for article in found}
    missing = [title for key, title in wanted.items() if key not in known]
    if missing:
        titles_there = ", ".join(article.title for article in articles[:40])
        raise ImportDataError(
            f"{path}: expected an article {', '.join(missing)}, found {titles_there}"
            f"{', ...' if len(articles) > 40 else ''}. Name one of these."
        )
    return found if titles else articles


def _names(articles: Sequence[Article]) -> list[str]:
    """A file name for each article; titles that occur twice are told apart by a number."""
    keys: dict[str, None] = {}
    for article in articles:
        key = title = article.title or "untitled"
        number = 1
        while key in keys:
            number += 1
            key = f"{title} ({number})"
        keys[key] = None
    names = file_names(keys)
    return [names[key] for key in keys]


def _cases(article: Article, name: str, draft: Draft) -> Iterator[Case]:
    body, starts = "", []
    for paragraph in article.paragraphs:
        starts.append(len(body))
        body += cleaned(paragraph.context) + "\n\n"
    text, offset = compose(_readable(article.title), body.rstrip("\n") + "\n")
    if not draft.add_document(name, text):
        return
    for paragraph, start in zip(article.paragraphs, starts, strict=True):
        for question in paragraph.questions:
            if not question.text.strip():
                draft.skipped[NO_QUESTION] += 1
                continue
            spans = _spans(question, paragraph.context, name, offset + start, draft)
            if spans or question.is_impossible:
                yield _case(question, spans, name)
            else:
                draft.skipped[NO_ANSWER] += 1


def _spans(
    question: Question, context: str, name: str, offset: int, draft: Draft
) -> tuple[GoldSpan, ...]:
    """The distinct answers as spans of the document whose text has the paragraph at `offset`."""
    spans = []
    for answer, begin in question.answers:
        first, last = trimmed(answer)
        held = context[begin : begin + len(answer)] if begin >= 0 else ""
        if first == last or held != answer:
            draft.skipped[WRONG_START] += 1
            continue
        quote = cleaned(answer[first:last])
        start = offset + len(cleaned(context[: begin + first]))
        spans.append(GoldSpan(name, quote, start, start + len(quote)))
    return tuple(dict.fromkeys(spans))


def _case(question: Question, spans: tuple[GoldSpan, ...], name: str) -> Case:
    return Case(
        id=question.id,
        category="fact" if spans else "unanswerable",
        question=question.text.strip(),
        evidence=(spans,) if spans else (),
        facts=(tuple(dict.fromkeys(span.quote for span in spans)),) if spans else (),
        sources=(name,) if spans else (),
    )


def _readable(title: str) -> str:
    """A title as people write it: SQuAD has it as a part of Wikipedia's addresses."""
    return " ".join(unquote(title).replace("_", " ").split())
