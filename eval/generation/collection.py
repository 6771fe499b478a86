"""The documents that cases are proposed for: their sentences, names and words."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from eval.generation.lexicon import STARTERS, TITLES
from eval.generation.mentions import Casing, Mention, find_names
from eval.generation.names import Names
from eval.generation.wording import is_whole, plain_text, stem, without_asides, word_set, words_of
from eval.types import GoldSpan
from index.blocks import find_blocks
from index.errors import InputError, SourceError
from index.markup import LIST_ITEM
from index.sources import find_files, read_document
from index.types import Document, DocumentInfo, FailedFile, Passage

_ENGLISH = word_set(
    """the of and to in is was that for with as by on are from a an has have had it its at this
    which not be been were or their his her they he she we no over into than also but who will
    would can more"""
)
_ENGLISH_SHARE = 0.2
"""English prose has about two fifths; German, French, Spanish and Dutch have less than a tenth."""


@dataclass(frozen=True, slots=True, eq=False)
class Quotable:
    """A sentence of a document, with what is needed to ask about it."""

    doc: str
    """Path relative to the documents folder, with `/`."""
    info: DocumentInfo
    number: int
    """Its place among the document's sentences, from 0."""
    start: int
    end: int
    text: str
    plain: str
    """As running text: no line breaks, footnote marks or emphasis."""
    bare: str
    """As `plain`, without what stands in brackets."""
    fit: bool
    """Whether it is a whole sentence of running text that can be asked about."""

    @property
    def gold(self) -> GoldSpan:
        """The sentence as gold evidence."""
        return GoldSpan(self.doc, self.text, self.start, self.end)


class Collection:
    """Documents read for proposing cases."""

    def __init__(
        self,
        documents: Iterable[tuple[str, Document, list[Passage]]],
        failed: Iterable[FailedFile] = (),
    ) -> None:
        self.infos: dict[str, DocumentInfo] = {}
        self.passages: dict[str, list[Passage]] = {}
        self.texts: dict[str, str] = {}
        self.foreign: list[str] = []
        """Documents that are not in English, which the templates leave alone."""
        self.failed = tuple(failed)
        self.words: set[str] = set()
        """Every word of the documents and of their metadata, in lower case."""
        seen: set[str] = set()
        sentences: list[Quotable] = []
        for doc, document, passages in documents:
            if document.info.id in seen:
                continue  # the same text twice is one document
            seen.add(document.info.id)
            self._note_words(document)
            self.infos[doc] = document.info
            self.passages[doc] = passages
            self.texts[doc] = document.text
            if _is_english(document, passages):
                sentences.extend(_quotables(doc, document, passages))
            else:
                self.foreign.append(doc)
        self.sentences = tuple(sentences)
        self._casing = Casing(sentence.plain for sentence in self.sentences)

    def _note_words(self, document: Document) -> None:
        info = document.info
        metadata = " ".join((info.title or "", *info.authors, info.publisher or ""))
        self.words.update(words_of(f"{document.text} {metadata}"))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words."""
        return frozenset(part for word in self.words for part in _word_stems(word))

    @cached_property
    def mentions(self) -> dict[Quotable, list[Mention]]:
        """The names in each sentence."""
        return {each: find_names(each.plain, self._casing) for each in self.sentences}

    @cached_property
    def names(self) -> Names:
        """The names of all sentences."""
        authors = {author for info in self.infos.values() for author in info.authors}
        found = ((each.plain, self.mentions[each]) for each in self.sentences)
        return Names(found, authors, self._casing)

    @cached_property
    def by_name(self) -> dict[str, list[Quotable]]:
        """The sentences that have a name, people under their full names."""
        found: dict[str, list[Quotable]] = defaultdict(list)
        for sentence in self.sentences:
            names = {self.names.full_name(mention.name) for mention in self.mentions[sentence]}
            for name in sorted(names):
                found[name].append(sentence)
        return dict(found)

    @cached_property
    def _by_word(self) -> dict[str, list[Quotable]]:
        found: dict[str, list[Quotable]] = defaultdict(list)
        for sentence in self.sentences:
            for word in set(words_of(sentence.plain)):
                found[word].append(sentence)
        return found

    def stating(self, value: str, near: Iterable[str]) -> list[Quotable]:
        """The sentences that have a value and at least one of some words or names.

        Args:
            value: a number, a date or a name.
            near: what is asked about; empty: the value alone is enough.
        """
        words = words_of(value)
        if not words:
            return []
        rarest = min((self._by_word.get(word, []) for word in words), key=len)
        pattern = re.compile(rf"(?<![\w.,]){re.escape(value)}(?!\w|[.,]\d)", re.I)
        wanted = [set(words_of(each)) for each in near]
        return [
            sentence
            for sentence in rarest
            if pattern.search(sentence.plain)
            and (not wanted or any(each <= set(words_of(sentence.plain)) for each in wanted))
        ]

    def after(self, sentence: Quotable) -> Quotable | None:
        """The sentence after this one in its document, or None."""
        place = self._places[sentence] + 1
        following = self.sentences[place] if place < len(self.sentences) else None
        return following if following and following.doc == sentence.doc else None

    @cached_property
    def _places(self) -> dict[Quotable, int]:
        return {sentence: place for place, sentence in enumerate(self.sentences)}

    def find_names(self, text: str) -> list[Mention]:
        """The names in a part of a sentence."""
        return find_names(text, self._casing)

    def begins_with_name(self, text: str) -> bool:
        """Whether a part of a sentence begins with a name."""
        return any(mention.start == 0 for mention in self.find_names(text))

    def lower_first(self, text: str) -> str | None:
        """A text for use inside a sentence: its first letter small, unless it begins a name.

        Of a first word that the collection has nowhere else, nobody knows: None.
        """
        first = re.match(r"[\w’'-]+", text)
        word = re.sub(r"['’]s?$", "", first[0]) if first else ""
        if word in TITLES:
            return text
        if word.lower() in STARTERS or (self._casing.is_small(word) and not word[1:2].isupper()):
            return text[0].lower() + text[1:]
        is_name = self.begins_with_name(text)
        return text if is_name or word[1:2].isupper() or word[:1].isdigit() else None


def read_collection(folder: str | Path) -> Collection:
    """Read all documents under a folder.

    Raises:
        InputError: there is no such folder, or nothing in it that can be read as a document.
    """
    base = Path(folder).absolute()
    documents, failed = [], []
    for path in find_files([folder]):
        name = path.relative_to(base).as_posix() if base.is_dir() else path.name
        try:
            documents.append((name, *read_document(path)))
        except SourceError as error:
            failed.append(FailedFile(name, str(error).removeprefix(f"{path}: ")))
    if not documents:
        reasons = "\n  ".join(f"{each.source}: {each.reason}" for each in failed[:5])
        raise InputError(
            f"Expected documents under {folder}, found {len(failed)} that cannot be read:\n  "
            f"{reasons}\nMend them or name another folder."
        )
    return Collection(documents, failed)


def _word_stems(word: str) -> set[str]:
    """The stems of a word and of the parts of a compound ("film-festival")."""
    return {stem(part) for part in (word, *re.split(r"[-–’']", word)) if part}


def _is_english(document: Document, passages: list[Passage]) -> bool:
    """Whether a document is in English: as it states, else by the share of common words."""
    if document.info.language:
        return document.info.language.lower().startswith("en")
    body = " ".join(passage.text for passage in passages if passage.label == "body")
    words = words_of(body[:20_000])
    return sum(word in _ENGLISH for word in words) >= _ENGLISH_SHARE * len(words)


def _quotables(doc: str, document: Document, passages: list[Passage]) -> Iterable[Quotable]:
    lists = _list_spans(document.text)
    body = [s for passage in passages if passage.label == "body" for s in passage.sentences]
    for number, sentence in enumerate(body):
        plain = plain_text(sentence.text)
        in_list = any(start <= sentence.start < end for start, end in lists)
        yield Quotable(
            doc=doc,
            info=document.info,
            number=number,
            start=sentence.start,
            end=sentence.end,
            text=sentence.text,
            plain=plain,
            bare=without_asides(plain),
            fit=bool(plain) and not in_list and is_whole(plain),
        )


def _list_spans(text: str) -> list[tuple[int, int]]:
    blocks = find_blocks(text)
    return [(b.start, b.end) for b in blocks if LIST_ITEM.match(text[b.start : b.end])]
