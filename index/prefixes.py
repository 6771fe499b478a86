"""What a model's makers ask to be put before a question and before a passage.

A model's own configuration is asked first (`prompts` in `config_sentence_transformers.json`). Many
older models say it on their model cards only; those are known here by name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SEARCHING = "Represent this sentence for searching relevant passages: "
_SEARCHING_CHINESE = "为这个句子生成表示以用于检索相关文章："
_INSTRUCTING = (
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: "
)


@dataclass(frozen=True, slots=True)
class Prefixes:
    """Texts that a model is given before others; empty for none."""

    query: str = ""
    passage: str = ""
    """For sentences, too: they are parts of passages."""


NO_PREFIXES = Prefixes()
_ON_MODEL_CARDS = (
    (r"\be5\b.*\binstruct\b", Prefixes(query=_INSTRUCTING)),
    (r"\be5\b", Prefixes("query: ", "passage: ")),
    (r"\bbge-(?:small|base|large)-en\b", Prefixes(query=_SEARCHING)),
    (r"\bbge-(?:small|base|large)-zh\b", Prefixes(query=_SEARCHING_CHINESE)),
    (r"\bmxbai-embed\b", Prefixes(query=_SEARCHING)),
    (r"\barctic-embed\b.*-v2\b", Prefixes(query="query: ")),
    (r"\barctic-embed\b", Prefixes(query=_SEARCHING)),
    (r"\bnomic-embed-text\b", Prefixes("search_query: ", "search_document: ")),
)
"""Patterns of names; the first that fits counts. BGE-M3, GTE and the rest ask for nothing."""


def prefixes_of(
    name: str, prompts: Mapping[str, str | None], default_prompt: str | None = None
) -> Prefixes:
    """The prefixes to use a model with.

    Args:
        name: of the model, or of its folder.
        prompts: from its configuration, by what they are for. Libraries write empty ones where
            nobody has named any, so that these say nothing.
        default_prompt: the key of the prompt that its configuration wants before any text.
    """
    query = prompts.get("query") or ""
    passage = next(filter(None, map(prompts.get, ("document", "passage", "corpus"))), "")
    if query or passage:
        return Prefixes(query, passage)
    if default_prompt and (any_text := prompts.get(default_prompt)):
        return Prefixes(any_text, any_text)
    known = name.lower().replace("_", "-")
    return next(
        (found for pattern, found in _ON_MODEL_CARDS if re.search(pattern, known)), NO_PREFIXES
    )
