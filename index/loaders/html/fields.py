"""What a page states about itself: JSON-LD, citation and Dublin Core meta, OpenGraph, title.

Only what is stated counts: no date is taken from an address or from the text, and the date of a
change is not the date of publication.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from index.dates import normalize_date
from index.loaders.html.tree import Element, words
from index.web_address import web_address

_JSON_CHARACTERS = 1_000_000
_JSON_NODES = 5_000
_ARTICLES = re.compile(
    r"(?:\w*Article|BlogPosting|Report|Book|Chapter|CreativeWork|WebPage|Thesis|Legislation|Recipe"
    r"|\w*Posting|HowTo|Dataset|Review)$"
)
_TITLES = (
    "citation_title", "dc.title", "dcterms.title", "og:title", "twitter:title", "title"
)  # fmt: skip
_AUTHORS = (
    *("citation_author", "dc.creator", "dcterms.creator", "dc.contributor.author"),
    *("author", "article:author", "parsely-author", "sailthru.author", "byl"),
)
_PUBLISHERS = (
    *("citation_journal_title", "citation_publisher", "dc.publisher", "dcterms.publisher"),
    *("og:site_name", "publisher", "application-name"),
)
_DATES = (
    *(
        "citation_publication_date",
        "citation_online_date",
        "citation_date",
        "article:published_time",
    ),
    *("dc.date.issued", "dcterms.issued", "dcterms.date", "dc.date", "datepublished", "pubdate"),
    *("parsely-pub-date", "publish_date", "publication_date", "date"),
)
_JUNK_TITLE = re.compile(
    r"(?:untitled(?: document| page)?|new page|home ?page|home|index|document|title|page \d+"
    r"|microsoft word - .*|.*\.(?:html?|xhtml|docx?|pdf|php|aspx?))$",
    re.I,
)
_JUNK_AUTHOR = re.compile(
    r"(?:https?://.*|@.*|.*@.*|admin(?:istrator)?|user|author|editor|staff|root|wordpress|by|unknown"
    r"|anonymous|none|null)$",
    re.I,
)
_TITLED = ("h1", "h2", "h3", "div", "p", "td", "b", "font")
"""What a page may show its title in; its logo is a link."""
_SEPARATOR = re.compile(r"(?:\s+[|·•»–—-]|\s*:)\s+")


def fields_of(root: Element) -> dict[str, Any]:
    """The fields by the names that front matter uses; those that are not stated are missing."""
    meta = _meta(root)
    article = _article(root)
    publisher = _publisher(article) or _first(meta, _PUBLISHERS)
    fields = {
        "title": _title(root, meta, article, publisher),
        "authors": _authors(article) or _people(meta),
        "publisher": publisher,
        "published": _date(article.get("datePublished")) or _published(meta),
        "language": _language(root, meta),
        "url": _address(root, meta, article),
    }
    return {name: value for name, value in fields.items() if value}


def clean_title(text: str) -> str | None:
    """A title as it is stated, or None for one that a program made up."""
    title = " ".join(text.split())
    return None if not title or _JUNK_TITLE.match(title) or len(title) > 500 else title


def _meta(root: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for element in root.iter("meta"):
        content = " ".join(element.get("content", "").split())
        for attribute in ("name", "property", "itemprop"):
            name = element.get(attribute, "").strip().casefold()
            if name and content:
                found.setdefault(name, []).append(content)
    return found


def _first(meta: Mapping[str, list[str]], names: tuple[str, ...]) -> str | None:
    return next((meta[name][0] for name in names if name in meta), None)


def _title(
    root: Element, meta: Mapping[str, list[str]], article: Mapping[str, Any], publisher: str | None
) -> str | None:
    stated = [_text(article.get("headline")), *(meta.get(name, [""])[0] for name in _TITLES)]
    for text in stated:
        title = clean_title(text or "")
        if title:
            return _without_site(title, publisher, root)
    for element in root.iter("title"):
        title = clean_title(element.text_content())
        if title:
            return _without_site(title, publisher, root)
    return None


def _without_site(title: str, publisher: str | None, root: Element) -> str:
    """`Headline | The Site` as `Headline`, where what the page shows or its publisher says so."""
    titled = (each for each in root.iter(*_TITLED) if each.find(".//a") is None)
    texts = (each.text_content() for each in titled if len(each) < 4)
    shown = {" ".join(text.split()).casefold() for text in texts if len(text) <= 2 * len(title)}
    for match in reversed(list(_SEPARATOR.finditer(title))):
        head, tail = title[: match.start()], title[match.end() :]
        if publisher is not None and publisher.casefold() in (head.casefold(), tail.casefold()):
            return head if tail.casefold() == publisher.casefold() else tail
        is_head, is_tail = head.casefold() in shown, tail.casefold() in shown
        if is_head != is_tail:
            return head if is_head else tail
    return title


def _people(meta: Mapping[str, list[str]]) -> list[str] | str | None:
    for name in _AUTHORS:
        people = [text for text in meta.get(name, []) if not _JUNK_AUTHOR.match(text)]
        if len(people) > 1:
            return list(dict.fromkeys(map(upright, people)))
        if people:
            return upright(people[0])
    return None


def upright(name: str) -> str:
    """`Doe, Jane` as `Jane Doe`: pages of journals and directories of mail write the first."""
    family, comma, given = name.removeprefix("By ").partition(", ")
    is_inverted = comma and "," not in given and given and len(given.split()) <= 3
    return f"{given} {family}" if is_inverted and len(family.split()) <= 2 else name


def _published(meta: Mapping[str, list[str]]) -> str | None:
    return next(
        (date for name in _DATES for text in meta.get(name, []) if (date := _date(text))), None
    )


def _date(value: object) -> str | None:
    """An ISO date; times are cut off, and what no date is stays unknown."""
    text = value.strip() if isinstance(value, str) else ""
    match = re.match(r"(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?!\d)", text)
    if match:
        return normalize_date("-".join(part.zfill(2) for part in match.groups() if part))
    return normalize_date(text) if text else None


def _language(root: Element, meta: Mapping[str, list[str]]) -> str | None:
    stated = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    stated = stated or root.get("xml:lang") or _first(meta, ("dc.language", "content-language"))
    text = (stated or "").strip()
    return text if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}", text) else None


def _address(
    root: Element, meta: Mapping[str, list[str]], article: Mapping[str, Any]
) -> str | None:
    """Where the page says that it is; an address without a host says nothing."""
    links = [
        link.get("href")
        for link in root.iter("link")
        if "canonical" in words(link.get("rel", "").casefold())
    ]
    page = article.get("mainEntityOfPage")
    page = page.get("@id") if isinstance(page, Mapping) else page
    stated = [*links, *meta.get("og:url", []), article.get("url"), page, article.get("@id")]
    return next((address for each in stated if (address := web_address(each))), None)


def _article(root: Element) -> Mapping[str, Any]:
    """The thing that JSON-LD says the page is about: the first one with a headline."""
    things = [thing for text in _json_texts(root) for thing in _things(text)]
    named = [thing for thing in things if thing.get("headline")]
    return (named or things or [{}])[0]


def _json_texts(root: Element) -> Iterator[str]:
    for script in root.iter("script"):
        kind = script.get("type", "").partition(";")[0].strip().casefold()
        text = script.text or ""
        if kind == "application/ld+json" and len(text) <= _JSON_CHARACTERS:
            yield text


def _things(text: str) -> list[Mapping[str, Any]]:
    try:
        value = json.loads(
            text.strip().removeprefix("//<![CDATA[").removesuffix("//]]>"), strict=False
        )
    except (ValueError, RecursionError):
        return []
    found: list[Mapping[str, Any]] = []
    waiting, seen = [value], 0
    while waiting and seen < _JSON_NODES:
        node, seen = waiting.pop(0), seen + 1
        if isinstance(node, list):
            waiting = [*node[:_JSON_NODES], *waiting]
        elif isinstance(node, dict):
            kinds = node.get("@type")
            kinds = kinds if isinstance(kinds, list) else [kinds]
            if any(isinstance(kind, str) and _ARTICLES.match(kind) for kind in kinds):
                found.append(node)
            waiting += [node[key] for key in ("@graph", "mainEntity") if key in node]
    return found


def _authors(article: Mapping[str, Any]) -> list[str]:
    people = article.get("author") or article.get("creator")
    people = people if isinstance(people, list) else [people]
    names = [_name(person) for person in people]
    return list(dict.fromkeys(name for name in names if name and not _JUNK_AUTHOR.match(name)))


def _publisher(article: Mapping[str, Any]) -> str | None:
    publisher = article.get("publisher")
    return _name(publisher[0] if isinstance(publisher, list) and publisher else publisher)


def _name(value: object) -> str | None:
    return _text(value.get("name") if isinstance(value, Mapping) else value)


def _text(value: object) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    text = " ".join(value.split()) if isinstance(value, str) else ""
    return text or None
