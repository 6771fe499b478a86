"""A quote with its reference, ready to be pasted: as plain text, Markdown or BibTeX.

Only what is known of a document is stated: a field that is not known is left out, or said to be
unknown, and never guessed.

    from assistant.references import reference

    for citation in answer.citations:
        print(reference(citation, "bibtex"))
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Literal, get_args

from assistant.markdown import escaped
from assistant.types import Citation, DocumentInfo
from assistant.wording import date_of
from index.errors import InputError
from index.types import source_name

Style = Literal["plain", "markdown", "bibtex"]
STYLES: tuple[Style, ...] = get_args(Style)

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""The names of BibTeX's own macros."""
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # `\{` would count as an open brace
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    **{character: f"\\{character}" for character in "$&#_%"},
}
_BIBTEX = str.maketrans(_SPECIAL)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SMALL = "a an the of and or in for on at by to from with is are was were"
_SMALL_WORDS = frozenset(_SMALL.split())


def reference(citation: Citation, style: Style = "plain", address: str | None = None) -> str:
    """A quote with its reference.

    Args:
        citation: of the quote.
        style: `plain` and `markdown` give the quote and a line that says where it is from;
            `bibtex` gives an entry for a bibliography, the quote in its note.
        address: of the document on the web, see `assistant.addresses`; it is left out by default.

    Raises:
        InputError: there is no such style.
    """
    if style not in STYLES:
        raise InputError(
            f"Expected a style of reference ({', '.join(STYLES)}), found {style!r}. Choose one."
        )
    return {"plain": plain, "markdown": markdown, "bibtex": bibtex}[style](citation, address)


def plain(citation: Citation, address: str | None = None) -> str:
    """The quote, unchanged, with its reference on the next line."""
    where = f". {address}" if address else ""
    return f"“{citation.quote.text}”\n— {_source(citation)}{where}"


def markdown(citation: Citation, address: str | None = None) -> str:
    """The quote as a block quote with its reference below; nothing in it acts as Markdown."""
    lines = [escaped(line) for line in citation.quote.text.split("\n")]
    quoted = "\n".join(f"> {line}".rstrip() for line in lines)
    where = f". <{address}>" if address else ""
    return f"{quoted}\n>\n> — {escaped(_source(citation))}{where}"


def bibtex(citation: Citation, address: str | None = None) -> str:
    """An entry for BibTeX or BibLaTeX. Its key is the same for all quotes of one document."""
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(citation, address))
    return f"@misc{{{_key(citation.document)},\n{fields}}}"


def file_name(document: DocumentInfo) -> str:
    """The last part of the document's source."""
    return source_name(document.source)


def _source(citation: Citation) -> str:
    document, quote = citation.document, citation.quote
    authors = ", ".join(document.authors) or "author not stated"
    published = ", ".join(filter(None, (document.publisher, date_of(document))))
    places = (file_name(document), citation.place, f"characters {quote.start}–{quote.end}")
    place = ", ".join(filter(None, places))
    return _in_line(f"{authors}: {document.name} ({published}). {place}")


def _fields(citation: Citation, address: str | None) -> Iterator[tuple[str, str]]:
    """What is known, in the order people write it."""
    document, quote = citation.document, citation.quote
    if document.authors:
        yield "author", f"{{{' and '.join(map(_author, document.authors))}}}"
    if document.title:
        yield "title", f"{{{{{tex(document.title)}}}}}"  # twice: its capitals stay
    if document.publisher:
        yield "publisher", f"{{{tex(document.publisher)}}}"
    if document.published:
        year, *rest = document.published.split("-")
        yield "year", f"{{{year}}}"
        if rest:
            yield "month", _MONTHS[int(rest[0]) - 1]
        if len(rest) == 2:
            yield "day", f"{{{int(rest[1])}}}"
    yield "howpublished", f"{{{tex(file_name(document))}}}"
    if address:
        yield "url", f"{{{address}}}"  # BibLaTeX and the package url read it as it is
    if citation.place and citation.place.startswith("page"):
        yield "pages", f"{{{tex(citation.place.partition(' ')[2]).replace('–', '--')}}}"
    place = f"Characters {quote.start}--{quote.end}"
    yield "note", f"{{{place}: ``{tex(quote.text)}''}}"


def tex(text: str) -> str:
    """A text in one line that TeX prints as it is."""
    return _in_line(text).translate(_BIBTEX)


def _author(name: str) -> str:
    """One name; in braces where BibTeX would read it as several, or as turned around."""
    written = tex(name)
    is_several = re.search(r"\band\b|\bothers\b", written, re.I) is not None
    return f"{{{written}}}" if is_several or "," in written else written


def _key(document: DocumentInfo) -> str:
    """`sarkis2026arms-1a2b3c4d`: the last part keeps documents apart."""
    name = _letters(document.authors[0]).split()[-1:] if document.authors else []
    words = [word for word in _letters(document.title or "").split() if word not in _SMALL_WORDS]
    year = (document.published or "")[:4]
    about = "".join([*(part[:30] for part in name), year, *(word[:30] for word in words[:1])])
    return "-".join(filter(None, (about, document.id[:8])))


def _letters(text: str) -> str:
    """The words of a text in plain small letters: keys hold no others."""
    decomposed = unicodedata.normalize("NFKD", text).lower()
    bare = "".join(each for each in decomposed if not unicodedata.combining(each))
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


def _in_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())
