"""Measure the checks of a model's statements on statements of known truth.

Usage: VERBATIM_SQUAD=dev-v2.0.json python scripts/check_the_checks.py [--tune] [--show KIND]
What is measured is told in docs/checks.md. SQuAD 2.0 is read from the file that VERBATIM_SQUAD
names; the project does not hold it.
"""

import argparse
import json
import os
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random

from false_statements import false_statements
from true_statements import Example, Place, true_statements

from assistant.checking import Checked, Quoted, check_statement
from index.embedding import Embedder, load_embedder
from index.segmentation import find_sentences

BRIEFS = Path(__file__).parents[1] / "eval/datasets/briefs/documents"
SEED = 11
SHORTEST, LONGEST = 8, 45
"""Words of the sentences that statements are made of."""


def main() -> None:
    """Print, for each kind of statement, how many pass and which checks stop the others."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--tune", action="store_true", help="the articles for choosing thresholds")
    parser.add_argument("--per-kind", type=int, default=300, help="statements of a kind, at most")
    parser.add_argument(
        "--show", default="", help="print those of this kind that are judged wrongly"
    )
    parser.add_argument("--no-meaning", action="store_true", help="leave out embeddings")
    options = parser.parse_args()
    squad = os.environ.get("VERBATIM_SQUAD", "")
    if not Path(squad).is_file():
        sys.exit(f"VERBATIM_SQUAD: expected the file dev-v2.0.json of SQuAD 2.0, found {squad!r}.")
    articles = [*_articles(json.loads(Path(squad).read_text())["data"]), *_briefs()]
    articles = articles[0::2] if options.tune else articles[1::2]
    examples = _examples(articles, options.per_kind)
    embedder = None if options.no_meaning else load_embedder()
    results = [(example, _check(example, embedder)) for example in examples]
    _show(results, options.show) if options.show else _report(results)


def _articles(data: Sequence[Mapping[str, object]]) -> Iterator[list[Place]]:
    for article in data:
        places = []
        for paragraph in article["paragraphs"]:  # type: ignore[attr-defined]
            asked = [
                (qa["question"], qa["answers"][0]["text"], qa["answers"][0]["answer_start"])
                for qa in paragraph["qas"]
                if qa["answers"]
            ]
            places += _places(paragraph["context"], asked)
        yield places


def _briefs() -> Iterator[list[Place]]:
    for path in sorted(BRIEFS.glob("*.md")):
        body = path.read_text(encoding="utf-8").split("---\n", 2)[-1]
        paragraphs = [" ".join(part.split()) for part in body.split("\n\n") if part[:1].isalpha()]
        yield [place for paragraph in paragraphs for place in _places(paragraph, [])]


def _places(paragraph: str, asked: Sequence[tuple[str, str, int]]) -> list[Place]:
    places, before = [], ""
    for start, end in find_sentences(paragraph, 0, len(paragraph)):
        sentence = paragraph[start:end]
        if SHORTEST <= len(sentence.split()) <= LONGEST and sentence[-1] == ".":
            inside = tuple((q, a) for q, a, position in asked if start <= position < end)
            places.append(Place(sentence, before, paragraph, inside))
        before = sentence
    return places


def _examples(articles: Sequence[Sequence[Place]], most: int) -> list[Example]:
    """Statements of each kind, spread over the articles, `most` of a kind at most."""
    rng = Random(SEED)
    found: dict[str, list[Example]] = defaultdict(list)
    for number, article in enumerate(articles):
        others = [place for i, other in enumerate(articles) if i != number for place in other]
        for place in article:
            near = [p.sentence for p in article if p.paragraph == place.paragraph and p != place]
            made = [*true_statements(place, rng)]
            made += false_statements(place, rng.choice(others), near, rng)
            for example in made:
                found[example.kind].append(example)
    kept = {kind: rng.sample(some, min(most, len(some))) for kind, some in found.items()}
    return [example for some in kept.values() for example in some]


def _check(example: Example, embedder: Embedder | None) -> Checked:
    documents = [*example.documents, *[example.documents[-1]] * len(example.quotes)]
    quoted = [
        Quoted(text, document, example.context)
        for text, document in zip(example.quotes, documents, strict=False)
    ]

    def similarity(statement: str, texts: Sequence[str]) -> list[float]:
        assert embedder is not None
        vectors = embedder.encode([statement, *texts])
        return [float(cosine) for cosine in vectors[1:] @ vectors[0]]

    return check_statement(
        example.statement,
        quoted,
        question=example.question,
        similarity=similarity if embedder else None,
    )


def _report(results: Sequence[tuple[Example, Checked]]) -> None:
    by_kind: dict[tuple[bool, str], list[Checked]] = defaultdict(list)
    for example, checked in results:
        by_kind[not example.is_true, example.kind].append(checked)
    print("| Kind | Statements | Passed | Stopped | Checks that stop them |")
    print("| --- | ---: | ---: | ---: | --- |")
    for (is_false, kind), some in sorted(by_kind.items(), key=lambda item: item[0][0]):
        passed = sum(checked.passed for checked in some)
        stops = Counter(check.name for checked in some for check in checked.failed)
        words = ", ".join(f"{name} {count}" for name, count in stops.most_common(5))
        sign = "false" if is_false else "true"
        share = passed / len(some)
        print(f"| {sign}: {kind} | {len(some)} | {share:.3f} | {1 - share:.3f} | {words} |")


def _show(results: Sequence[tuple[Example, Checked]], kind: str) -> None:
    for example, checked in results:
        if example.kind == kind and checked.passed != example.is_true:
            reasons = "; ".join(f"{check.name}: {check.reason}" for check in checked.failed)
            print(f"- {example.statement}\n  FROM {' | '.join(example.quotes)}\n  {reasons}")


if __name__ == "__main__":
    main()
