"""Documents that do not answer.

After noise robustness in J. Chen, H. Lin, X. Han and L. Sun, Benchmarking Large Language Models in
Retrieval-Augmented Generation (RGB), AAAI 2024, arXiv:2309.01431: noisy documents are relevant to
the question and hold nothing of the answer. RGB's noise ratio is the share of noise among the
documents given to a model; a ratio R here, of noise documents to gold documents, is a share of
R / (1 + R) there, if all were retrieved.
"""

import math
from collections.abc import Iterable
from pathlib import Path
from random import Random

from eval.errors import VariantError
from eval.variants.changes import Changes, Options
from eval.variants.collection import Collection
from eval.variants.invented import invented_document
from eval.variants.matching import padded_words, states_any
from eval.variants.types import Plant
from index.canonical import canonical_text
from index.errors import SourceError
from index.sources import find_files

_UNITS = 5
"""How many paragraphs or sentences a recombined document has."""


def add_noise(collection: Collection, rng: Random, options: Options) -> Changes:
    """Noise documents, `ratio` for each document that holds gold.

    Without `noise`, each is recombined at random from what the dataset's own documents say beside
    the gold: it is about the same subjects, in the same words.

    Args:
        collection: the source dataset's documents.
        rng: decides which documents, or which paragraphs.
        options: `ratio`, and where to take the noise from.

    Raises:
        VariantError: there is nothing to make noise of.
        InputError: the place to take noise from holds no documents.
    """
    changes = Changes(collection)
    put_noise(changes, rng, options, math.ceil(options.ratio * len(collection.with_gold)))
    return changes


def put_noise(changes: Changes, rng: Random, options: Options, count: int) -> None:
    """Add so many noise documents; raises as `add_noise`."""
    if options.noise is None:
        _recombine(changes, rng, count)
    else:
        _take(changes, rng, options.noise, count)


def _recombine(changes: Changes, rng: Random, count: int) -> None:
    collection = changes.collection
    units = sorted(
        {
            " ".join(collection.text(name)[start:end].split())
            for name in collection.readable
            for start, end in collection.units(name)
        }
    )
    if not units:
        raise VariantError(
            f"{collection.dataset.documents}: expected text beside the gold to make noise of, "
            "found none. Pass a folder of other documents as noise."
        )
    for number in range(1, count + 1):
        chosen = rng.sample(units, min(_UNITS, len(units)))
        title = f"Collected notes {number}"
        text = invented_document(rng, title, chosen, collection.words)
        name = f"variant-noise-{number:04}.md"
        changes.add(name, text)
        changes.plants.append(Plant(name, 0, len(text), text, (), "recombined"))


def _take(changes: Changes, rng: Random, folder: Path, count: int) -> None:
    documents = folder / "documents" if (folder / "documents").is_dir() else folder
    files = find_files([documents])
    rng.shuffle(files)
    for number, (path, text) in enumerate(_without_gold(changes.collection, files), start=1):
        if number > count:
            return
        name = f"variant-noise-{number:04}{path.suffix}"
        changes.copy(name, path)
        changes.plants.append(Plant(name, 0, len(text), text, (), "taken"))
    if not changes.copied:
        raise VariantError(
            f"{folder}: expected documents without the gold quotes, found none. Name another "
            "folder."
        )


def _without_gold(collection: Collection, files: Iterable[Path]) -> Iterable[tuple[Path, str]]:
    """The files that can be read and that do not state a gold quote word by word."""
    quotes = [
        span.quote for case in collection.dataset.cases for group in case.evidence for span in group
    ]
    for path in files:
        try:
            text = canonical_text(path)
        except SourceError:
            continue
        if not states_any(padded_words(text), quotes):
            yield path, text
