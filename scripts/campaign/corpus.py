"""The documents of a campaign, and a model that costs nothing: the same words are near."""

import random
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from index.embedding import Embedder

DIMENSION = 64
TOWNS = ("Aldermoor", "Brightwater", "Coldharbor", "Duskfield", "Elmstead", "Foxhollow")
WORKS = ("brewery", "sawmill", "tannery", "ferry", "granary", "quarry", "chapel", "dairy")
DONE = ("was rebuilt", "was sold", "was flooded", "was measured", "was closed")


def encode(texts: list[str]) -> NDArray[np.float32]:
    """Vectors of shape (texts, DIMENSION), by the words alone."""
    vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
    for row, text in zip(vectors, texts, strict=True):
        for word in text.lower().split():
            code = crc32(word.strip(".,?#").encode())
            row[code % DIMENSION] += 1 if code & 1024 else -1
        row[0] += 0.01
    return vectors


def embedder() -> Embedder:
    """The stand-in model."""
    return Embedder(encode, name="words", fingerprint='{"model": "words"}', dimension=DIMENSION)


def take_place_of_models() -> None:
    """Have the stand-in opened in this process, whatever model an index names."""
    from index import collection, indexing

    indexing.load_embedder = collection.load_recorded = lambda *_: embedder()  # type: ignore[attr-defined]


def name_of(number: int) -> str:
    """What the document with this number is about: the works of a town."""
    return f"{TOWNS[number % len(TOWNS)]} {WORKS[number // len(TOWNS) % len(WORKS)]} {number}"


def path_of(folder: Path, number: int) -> Path:
    """Where the document with this number is."""
    return folder / f"works-{number:03d}.md"


def write(folder: Path, number: int, version: int, paragraphs: int = 6) -> Path:
    """Write a document; another version has another height in it, and other paragraphs."""
    chance = random.Random(number * 1_000_003 + version)
    name = name_of(number)
    blocks = [
        f"# The {name}",
        f"The {name} stands {height(number, version)} meters above the sea.",
    ]
    for block in range(paragraphs):
        mark = f"mark{number}v{version}b{block}"
        lines = [
            f"Its {chance.choice(WORKS)} {mark}n{line} {chance.choice(DONE)} in "
            f"{chance.randint(1500, 1990)}."
            for line in range(6)
        ]
        blocks.append(" ".join(lines))
    folder.mkdir(parents=True, exist_ok=True)
    path = path_of(folder, number)
    path.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
    return path


def height(number: int, version: int) -> int:
    """What the document says the height is: told from every other one."""
    return 10_000 + number * 1_000 + version % 1_000


def question(number: int) -> str:
    """What is asked of a document."""
    return f"How many meters above the sea stands the {name_of(number)}?"
