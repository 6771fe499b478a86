"""Collections of any size, of the briefs' sentences or SQuAD's contexts; a seed gives the same."""

import json
import os
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BRIEFS = Path(__file__).parents[1] / "eval/datasets/briefs/documents"
PARAGRAPHS, SENTENCES = 12, 5
"""Of each document, and of each paragraph."""
CONTEXTS = 4
"""Of SQuAD in each document, at most."""


@dataclass(frozen=True, slots=True)
class Case:
    """A question, and what a passage that answers it has in it."""

    question: str
    answer: str
    """As it stands in a file, with some of the words around it."""


def write_corpus(folder: Path, documents: int, seed: int = 1) -> list[Path]:
    """Write documents of some 1,000 words each.

    Every paragraph has a number in it that no other has, so that none is a copy of another.

    Args:
        folder: where to; made where it is not.
        documents: how many.
        seed: another one gives other documents.
    """
    chance = random.Random(seed)
    sentences = _sentences()
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(documents):
        blocks = [f"# Report {number} on {chance.choice(sentences).split('.')[0][:60]}"]
        for paragraph in range(PARAGRAPHS):
            told = [chance.choice(sentences) for _ in range(SENTENCES)]
            blocks.append(" ".join([*told, f"It is kept as item {number * 100 + paragraph}."]))
        paths.append(folder / f"{number:06d}.md")
        paths[-1].write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    return paths


def _sentences() -> list[str]:
    found = []
    for path in sorted(BRIEFS.glob("*.md")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and line[0].isalpha():
                found += re.split(r"(?<=[.!?]) (?=[A-Z])", line)
    return [sentence for sentence in found if 30 < len(sentence) < 400]


def questions(count: int, seed: int = 1) -> list[str]:
    """Questions of some words of the same sentences."""
    chance = random.Random(seed)
    sentences = _sentences()
    words = [chance.choice(sentences).rstrip(".!?").split() for _ in range(count)]
    return [_asked(each[-6:]) for each in words]


def write_answered(
    folder: Path, documents: int, cases: int, seed: int = 1
) -> tuple[list[Path], list[Case]]:
    """Write documents, and say what can be asked about them.

    They have contexts of the SQuAD file that `VERBATIM_SQUAD` names, no two of them alike; where
    there are more documents than contexts, these come again with a sentence of their own. Where
    it is not set, they are those of `write_corpus`.

    Args:
        folder: where to; made where it is not.
        documents: how many.
        cases: how many questions.
        seed: of the choice of questions, and of the documents of `write_corpus`.
    """
    chance, file = random.Random(seed), os.environ.get("VERBATIM_SQUAD")
    if file is None:
        paths = write_corpus(folder, documents, seed)
        known = [Case(_asked(each[-6:]), " ".join(each[-6:])) for each in _words(paths)]
    else:
        pieces = _pieces(Path(file))
        known = [case for each in pieces[:documents] for case in each.cases]
        folder.mkdir(parents=True, exist_ok=True)
        paths = [_write(folder, pieces[n % len(pieces)], n, len(pieces)) for n in range(documents)]
    return paths, chance.sample(known, min(cases, len(known)))


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some contexts of one article."""

    title: str
    contexts: list[str]
    cases: list[Case]


def _pieces(file: Path) -> list[_Piece]:
    found = []
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for start in range(0, len(article["paragraphs"]), CONTEXTS):
            told = article["paragraphs"][start : start + CONTEXTS]
            cases = [
                Case(question["question"].strip(), _around(each["context"], answer))
                for each in told
                for question in each["qas"]
                for answer in question["answers"][:1]
            ]
            contexts = [each["context"].strip() for each in told]
            found.append(_Piece(f"{article['title']}-{start:03d}", contexts, cases))
    return found


def _around(context: str, answer: dict[str, str | int]) -> str:
    """An answer, which may be one short word, with what is beside it in its sentence.

    More would not be in one passage where passages end between sentences.
    """
    start, text = int(answer["answer_start"]), str(answer["text"])
    before = context[:start].rsplit(". ", 1)[-1][-20:]
    after = context[start + len(text) :].split(". ", 1)[0][:20]
    return (before + text + after).strip()


def _write(folder: Path, piece: _Piece, number: int, pieces: int) -> Path:
    more = f" It is kept as item {number}" if number >= pieces else ""
    blocks = [f"{each}{more and f'{more}, {at}.'}" for at, each in enumerate(piece.contexts)]
    path = folder / f"{number:05d}-{piece.title}.txt"
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    return path


def _words(paths: Sequence[Path]) -> list[list[str]]:
    """Of the sentences that these files have."""
    whole = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    return [each.rstrip(".!?").split() for each in _sentences() if each in whole]


def _asked(words: Sequence[str]) -> str:
    return f"What is said of {' '.join(words)}?"
