"""From a folder of documents to proposals."""

from collections import Counter
from collections.abc import Collection as AnyCollection
from math import ceil
from pathlib import Path
from random import Random

from eval.generation.choosing import choose
from eval.generation.collection import Collection, read_collection
from eval.generation.modelled import propose_by_model
from eval.generation.proposal import Proposal, Proposals
from eval.generation.templates import (
    absent,
    compound,
    conflicts,
    general,
    leaning,
    other_voice,
    sentences,
    voices,
)
from eval.generation.templates.base import Family, Material
from eval.generation.voices import voices_of
from index.errors import InputError

_SHARE_OF_MODEL = 0.6
"""Of the proposals, at most; the templates know what no single passage shows."""

FAMILIES: tuple[Family, ...] = (
    sentences.propose,
    voices.propose,
    compound.propose,
    leaning.propose,
    other_voice.propose,
    conflicts.propose,
    absent.propose,
    general.propose,
)


def propose(
    documents_folder: str | Path,
    *,
    count: int,
    seed: int = 0,
    model: object = None,
    known: AnyCollection[str] = (),
) -> Proposals:
    """Propose cases for the documents of a folder.

    Args:
        documents_folder: searched for documents, with its subfolders.
        count: how many to propose, at most.
        seed: the same seed and documents give the same proposals.
        model: a chat model that asks about passages, beside the templates: anything with
            LangChain's `invoke`, or a function from a prompt to a text. None: the templates alone.
        known: ids that are not to be proposed again.

    Raises:
        InputError: the folder, `count` or the model is unusable, or the folder has no documents.
        ModelUnavailableError: a chat model was named, instead of passed.
        ModelError: the model failed.
    """
    check_count(count)
    refuse_name(model)
    collection = read_collection(documents_folder)
    random = Random(seed)
    found = gather(collection, random)
    rejected: Counter[str] = Counter()
    if model is not None:
        wanted = ceil(_SHARE_OF_MODEL * count)
        asked, rejected = propose_by_model(collection, model, wanted, random)
        found += asked
    return Proposals(
        tuple(choose((p for p in found if p.id not in known), count, random)),
        documents=len(collection.infos),
        failed=collection.failed,
        foreign=tuple(collection.foreign),
        rejected=tuple(rejected.most_common()),
    )


def gather(collection: Collection, random: Random) -> list[Proposal]:
    """Everything that the templates propose, good and bad, in no order."""
    asked = {sentence: sentences.ask(collection, sentence) for sentence in collection.sentences}
    material = Material(collection, asked, voices_of(collection), random)
    return [proposal for family in FAMILIES for proposal in family(material)]


def check_count(count: int) -> None:
    """See that a number of proposals is one.

    Raises:
        InputError: it is less than 1.
    """
    if count < 1:
        raise InputError(f"Expected a count from 1, found {count}. Ask for one proposal or more.")


def refuse_name(model: object) -> None:
    """Say that this release opens no chat model by its name.

    Raises:
        ModelUnavailableError: the model is a name.
    """
    from assistant.errors import ModelUnavailableError

    if isinstance(model, str):
        raise ModelUnavailableError(
            f"Expected no model, and got {model!r}: this release opens no chat models by name. "
            "Leave the model out, or pass one from a script: "
            "eval.generation.propose(documents, count=60, model=...)."
        )
