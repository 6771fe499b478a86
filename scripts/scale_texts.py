"""Collections of any size out of real sentences, and vectors for them that cost next to nothing.

To embed 100,000 passages and their sentences takes two cores hours. The stand-in model has real
vectors of all sentences the documents are composed of; a text's vector is the mean of those of its
sentences, with seeded noise, normalized. Names and numbers, which are varied, do not count for it.
"""

import hashlib
import json
import os
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from bench_corpus import BRIEFS, questions
from numpy.typing import NDArray

if TYPE_CHECKING:
    from index.embedding import Embedder

PARAGRAPHS, SENTENCES = 50, 3
"""Of each document, and of each paragraph: about a passage."""
NOISE = 0.3
"""Length of what is added to a mean of vectors."""
DIMENSION = 384
_BREAK = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+\b")
_NUMBER = re.compile(r"\d+")
_PLAIN = re.compile(r"\b[a-z]+\b")


@dataclass(frozen=True, slots=True)
class Texts:
    """What documents are composed of, by subject, and questions about it."""

    subjects: dict[str, list[str]]
    """Sentences by the subject of the article they are from."""
    questions: list[str]

    @property
    def sentences(self) -> list[str]:
        """All of them, in order."""
        return [each for sentences in self.subjects.values() for each in sentences]


def real_texts(count: int = 200, seed: int = 1) -> Texts:
    """Sentences of the SQuAD file that `VERBATIM_SQUAD` names, or else of the shipped briefs.

    Args:
        count: how many questions.
        seed: of their choice.
    """
    file = os.environ.get("VERBATIM_SQUAD")
    if file is None:
        briefs = sorted(BRIEFS.glob("*.md"))
        subjects = {path.stem: _sentences(path.read_text(encoding="utf-8")) for path in briefs}
        return Texts(subjects, questions(count, seed))
    articles = json.loads(Path(file).read_text(encoding="utf-8"))["data"]
    subjects = {
        article["title"].replace("_", " "): _sentences(
            "\n".join(paragraph["context"] for paragraph in article["paragraphs"])
        )
        for article in articles
    }
    asked = [
        each["question"]
        for article in articles
        for paragraph in article["paragraphs"]
        for each in paragraph["qas"]
    ]
    return Texts(subjects, random.Random(seed).sample(asked, count))


def write_collection(folder: Path, passages: int, texts: Texts, seed: int = 1) -> int:
    """Write documents of about 50 passages each; the same for the same seed.

    Returns:
        How many bytes they have.
    """
    chance = random.Random(seed)
    names = sorted({name for each in texts.sentences for name in _NAME.findall(each)})
    subjects, size = sorted(texts.subjects), 0
    for number in range(passages // PARAGRAPHS):
        subject = chance.choice(subjects)
        blocks = [f"# {subject}, part {number}"]
        for _ in range(PARAGRAPHS):
            told = chance.choices(texts.subjects[subject], k=SENTENCES)
            blocks.append(" ".join(_varied(each, names, chance) for each in told))
        path = folder / f"{number // 100:03d}" / f"{number:06d}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        size += path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    return size


class StandIn:
    """Vectors of texts that were composed of known sentences."""

    def __init__(self, file: Path) -> None:
        with np.load(file) as found:
            self.vectors: NDArray[np.float32] = found["vectors"]
            self.questions: NDArray[np.float32] = found["questions"]
            self._rows = {key: row for row, key in enumerate(found["keys"].tolist())}

    @classmethod
    def make(cls, file: Path, texts: Texts) -> None:
        """Have the real model make the vectors, and keep them in a file."""
        from index.embedding import load_embedder

        embedder = load_embedder()
        sentences = {_key(each): each for each in texts.sentences}
        np.savez(
            file,
            keys=np.array(list(sentences)),
            vectors=embedder.encode(list(sentences.values())),
            questions=np.stack([embedder.encode_query(each) for each in texts.questions]),
        )

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """Vectors of shape (len(texts), dimension), not normalized."""
        return np.stack([self._encode(text) for text in texts])

    def embedder(self) -> "Embedder":
        """A model for `build` and `Index`."""
        from index.embedding import Embedder

        return Embedder(
            self.encode,
            name="stand-in",
            fingerprint='{"model": "stand-in"}',
            dimension=DIMENSION,
        )

    def _encode(self, text: str) -> NDArray[np.float32]:
        digest = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())
        parts = [self._rows.get(_key(part)) for part in _sentences(text, 1)]
        known = [row for row in parts if row is not None] or [digest % len(self.vectors)]
        mean: NDArray[Any] = self.vectors[known].mean(axis=0)
        noise = np.random.default_rng(digest).standard_normal(DIMENSION, dtype=np.float32)
        whole: NDArray[np.float32] = mean / np.linalg.norm(mean) + noise * (
            NOISE / np.sqrt(DIMENSION)
        )
        return whole


def _sentences(text: str, least: int = 30) -> list[str]:
    found = [part for line in text.splitlines() for part in _BREAK.split(line)]
    return [part for part in found if least <= len(part) < 400 and part[0].isalpha()]


def _key(sentence: str) -> str:
    return " ".join(_PLAIN.findall(sentence))


def _varied(sentence: str, names: list[str], chance: random.Random) -> str:
    """The same with other numbers, and every other name replaced."""

    def number(found: re.Match[str]) -> str:
        return str(chance.randrange(1, 10)) + "".join(
            str(chance.randrange(10)) for _ in found[0][1:]
        )

    def name(found: re.Match[str]) -> str:
        return chance.choice(names) if chance.random() < 0.5 else found[0]

    return _NAME.sub(name, _NUMBER.sub(number, sentence))
