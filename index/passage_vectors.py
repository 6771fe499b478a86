"""What the model is given of a document, and how the vectors of its passages come of that.

A mean-pooling model's vector of a text is the mean over its tokens. So is a passage's, of those of
its sentences and of its title and heading, which are embedded by themselves: that the tokens of one
sentence do not see those of another changes no score by more than chance does (docs/evaluation.md),
and the model reads each text once instead of twice.
"""

from collections.abc import Sequence

import numpy as np

from index.canonical import matching_text
from index.embedding import OF_SENTENCES, Vectors, embedding_text, head_of
from index.records import EmbeddedDocument, Source
from index.types import Document, Passage


def texts_of(document: Document, passages: Sequence[Passage], text_version: int) -> list[str]:
    """What the model is given, the sentences last.

    Args:
        document: the document.
        passages: all of it.
        text_version: `index.embedding.WHOLE` or `OF_SENTENCES`.
    """
    sentences = [matching_text(each.text) for part in passages for each in part.sentences]
    if text_version != OF_SENTENCES:
        return [embedding_text(document, passage) for passage in passages] + sentences
    heads = [head_of(document.info, passage) for passage in passages if passage.sentences]
    bare = [embedding_text(document, passage) for passage in passages if not passage.sentences]
    return [*dict.fromkeys([*filter(None, heads), *bare]), *sentences]


def embedded_of(
    document: Document,
    passages: Sequence[Passage],
    source: Source,
    texts: Sequence[str],
    encoded: Vectors,
    text_version: int,
) -> EmbeddedDocument:
    """A document with the vectors that belong to it.

    Args:
        document: the document.
        passages: all of it.
        source: its file.
        texts: what `texts_of` gives for it.
        encoded: their vectors, shape (texts, dimension), each row of length 1.
        text_version: `index.embedding.WHOLE` or `OF_SENTENCES`.
    """
    ends = np.cumsum([len(each.sentences) for each in passages])
    others = len(texts) - int(ends[-1])
    sentences = np.split(encoded[others:], ends[:-1])
    if text_version == OF_SENTENCES:
        own = dict(zip(texts[:others], encoded, strict=False))
        vectors = np.stack(
            [
                _passage_vector(document, passage, rows, own)
                for passage, rows in zip(passages, sentences, strict=True)
            ]
        )
    else:
        vectors = encoded[:others]
    return EmbeddedDocument(
        document=document,
        passages=list(passages),
        vectors=vectors,
        sentence_vectors=[rows.astype(np.float16) for rows in sentences],
        source=source,
    )


def _passage_vector(
    document: Document, passage: Passage, sentences: Vectors, own: dict[str, Vectors]
) -> Vectors:
    if not passage.sentences:
        return own[embedding_text(document, passage)]
    weights = np.array([len(each.text) for each in passage.sentences], dtype=np.float32)
    total: Vectors = weights @ sentences
    if head := head_of(document.info, passage):
        total = total + len(head) * own[head]
    length = np.linalg.norm(total)
    return total / length if length > 0 else sentences[0]
