"""A collection of any size out of the shipped briefs' own sentences, the same for the same seed."""

import random
import re
from pathlib import Path

BRIEFS = Path(__file__).parents[1] / "eval/datasets/briefs/documents"
PARAGRAPHS, SENTENCES = 12, 5
"""Of each document, and of each paragraph."""


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
    return [f"What is said of {' '.join(each[-6:])}?" for each in words]
